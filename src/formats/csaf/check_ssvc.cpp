// SPDX-License-Identifier: Apache-2.0
// Tests of CSAF 2.1 about selections of SSVC decision points.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/csaf/check.hpp"
#include "formats/lists.hpp"
#include "versions/semver.hpp"

namespace lockstep::formats::csaf {
namespace {

template <typename Look>
void each_ssvc(const View& view, Look look) {
  for (const Json& vulnerability : view.vulnerabilities)
    for (const Score& score : view.scores_of(vulnerability))
      if (const Json& ssvc = (*score.content)["ssvc_v2"]; ssvc.is_object())
        look(vulnerability, ssvc);
}

template <typename Look>
void each_selection(const View& view, Look look) {
  each_ssvc(view, [&](const Json&, const Json& ssvc) {
    for (const Json& selection : ssvc["selections"].items())
      look(selection);
  });
}

/// "ssvc//.example.test#x": the base is what stands before the first slash, its name what stands
/// before the fragment of the base.
struct NameSpace {
  std::string_view whole;
  std::string_view base;
  std::string_view name;
  bool has_extension = false;
};

NameSpace name_space_of(const Json& selection) {
  const std::string_view whole = text(selection["namespace"]);
  const std::string_view base = whole.substr(0, whole.find('/'));
  return {whole, base, base.substr(0, base.find('#')), base.size() < whole.size()};
}

/// Source: SSVC, namespaces: registered ones, and those that are kept for examples and tests.
bool is_registered(const NameSpace& space) {
  constexpr std::array<std::string_view, 5> registered = {"basic", "cisa", "cvss", "nist", "ssvc"};
  return std::ranges::find(registered, space.name) != registered.end();
}

bool is_for_examples(const NameSpace& space) {
  return space.name == "example" || space.name == "test";
}

bool is_forbidden(const NameSpace& space) {
  return space.name == "invalid" || space.name == "x_invalid" ||
         space.name.starts_with("x_invalid.");
}

bool is_unregistered(const NameSpace& space) {
  return !space.whole.empty() && !is_registered(space) && !is_for_examples(space);
}

std::vector<const DecisionPoint*> points_of(std::string_view base, std::string_view key) {
  std::vector<const DecisionPoint*> found;
  for (const DecisionPoint& point : decision_points())
    if (point.name_space == base && point.key == key) found.push_back(&point);
  return found;
}

/// How much of a selection the list can judge: all; all but names, where an extension translates;
/// the order of known values, where the selection is of a newer version than the list.
enum class Judged { all, keys, order };

/// The values must be of the point, in its order.
void check_values(const Json& selection,
                  const DecisionPoint& point,
                  Judged judged,
                  Findings& findings) {
  std::size_t next = 0;
  for (const Json& value : selection["values"].items()) {
    const auto found = std::ranges::find(point.values, text(value["key"]),
                                         &decltype(point.values)::value_type::first);
    if (found == point.values.end()) {
      if (judged == Judged::order) continue;
      findings.add(value, fmt::format("expected a value of {} {}, found '{}'", point.key,
                                      point.version, quotable(text(value["key"]))));
      continue;
    }
    const auto place = static_cast<std::size_t>(found - point.values.begin());
    if (place < next)
      findings.add(value, fmt::format("expected the values of {} {} in their order, found '{}' too "
                                      "late",
                                      point.key, point.version, found->first));
    next = std::max(next, place + 1);
    if (judged == Judged::all && value["name"].is_string() && text(value["name"]) != found->second)
      findings.add(value["name"],
                   fmt::format("expected the name '{}' of the value {}, found '{}'", found->second,
                               found->first, quotable(text(value["name"]))));
  }
  if (judged == Judged::all && selection["name"].is_string() &&
      text(selection["name"]) != point.name)
    findings.add(selection["name"],
                 fmt::format("expected the name '{}' of {} {}, found '{}'", point.name, point.key,
                             point.version, quotable(text(selection["name"]))));
}

/// The point of the newest version; null for an empty list.
const DecisionPoint* newest_of(const std::vector<const DecisionPoint*>& points) {
  const auto newest = std::ranges::max_element(points, [](const auto* a, const auto* b) {
    return std::is_lt(versions::compare_semver(a->version, b->version));
  });
  return newest == points.end() ? nullptr : *newest;
}

void unregistered_base(const View& view, Findings& findings) {
  each_selection(view, [&](const Json& selection) {
    const NameSpace space = name_space_of(selection);
    if (is_unregistered(space))
      findings.add(selection["namespace"],
                   fmt::format("expected a registered namespace, found '{}', whose decision points "
                               "readers may not know",
                               quotable(space.base)));
  });
}

void extended_namespace(const View& view, Findings& findings) {
  each_selection(view, [&](const Json& selection) {
    const NameSpace space = name_space_of(selection);
    if (space.has_extension && !is_for_examples(space))
      findings.add(
          selection["namespace"],
          fmt::format("expected a namespace without extension, found '{}'", quotable(space.whole)));
  });
}

}  // namespace

void invalid_ssvc(const View& view, Findings& findings) {
  for (const BrokenRule& rule : view.schema.broken)
    if (owner_of(rule.pointer) == SchemaOwner::ssvc) findings.add(*rule.at, rule.message);
}

void ssvc_targets(const View& view, Findings& findings) {
  each_ssvc(view, [&](const Json& vulnerability, const Json& ssvc) {
    Ids known = {text(vulnerability["cve"])};
    for (const Json& id : vulnerability["ids"].items())
      known.insert(text(id["text"]));
    const std::string_view document = text(view.tracking["id"]);
    for (const Json& target : ssvc["target_ids"].items()) {
      const std::string_view id = text(target);
      if (id == document && view.vulnerabilities.size() > 1)
        findings.add(target,
                     "expected an id of the vulnerability, found that of the document, "
                     "which has more than one");
      else if (!known.contains(id) && id != document)
        findings.add(target, fmt::format("expected the CVE or an id of the vulnerability, found "
                                         "'{}'",
                                         quotable(id)));
    }
  });
}

void ssvc_points(const View& view, Findings& findings) {
  each_selection(view, [&](const Json& selection) {
    const NameSpace space = name_space_of(selection);
    if (is_forbidden(space))
      return findings.add(selection["namespace"],
                          "expected a namespace that may be used, found one "
                          "that SSVC reserves as invalid");
    if (!is_registered(space)) return;
    const auto points = points_of(space.base, text(selection["key"]));
    const auto point =
        std::ranges::find(points, text(selection["version"]), &DecisionPoint::version);
    const DecisionPoint* newest = newest_of(points);
    if (point != points.end())
      check_values(selection, **point, space.has_extension ? Judged::keys : Judged::all, findings);
    else if (newest != nullptr &&
             std::is_gt(versions::compare_semver(text(selection["version"]), newest->version)))
      check_values(selection, *newest, Judged::order, findings);
    else
      findings.add(selection,
                   fmt::format("expected a decision point of {}, found '{}' in version '{}'",
                               quotable(space.base), quotable(text(selection["key"])),
                               quotable(text(selection["version"]))));
  });
}

void ssvc_unknown_namespace(const View& view, Findings& findings) {
  unregistered_base(view, findings);
}

void ssvc_unregistered_clear(const View& view, Findings& findings) {
  if (view.label == "CLEAR") unregistered_base(view, findings);
}

void ssvc_extension_clear(const View& view, Findings& findings) {
  if (view.label == "CLEAR") extended_namespace(view, findings);
}

void ssvc_without_resource(const View& view, Findings& findings) {
  each_ssvc(view, [&](const Json&, const Json& ssvc) {
    for (const Json& selection : ssvc["selections"].items()) {
      const NameSpace space = name_space_of(selection);
      const bool is_known =
          is_for_examples(space) || (is_registered(space) && !space.has_extension);
      const auto& resources = ssvc["decision_point_resources"].items();
      const bool is_explained = std::ranges::any_of(resources, [&](const Json& resource) {
        return text(resource["summary"]).find(space.whole) != std::string_view::npos;
      });
      if (!is_known && !is_explained)
        findings.add(selection["namespace"].is_null() ? selection : selection["namespace"],
                     fmt::format("expected a decision point resource that names '{}', found none",
                                 quotable(space.whole)));
    }
  });
}

// GAP(6.3.13): the list does not say since when a version is there, so the newest one is wanted
// whatever the timestamp says.
void ssvc_old_point(const View& view, Findings& findings) {
  each_selection(view, [&](const Json& selection) {
    const NameSpace space = name_space_of(selection);
    if (!is_registered(space)) return;
    const DecisionPoint* newest = newest_of(points_of(space.base, text(selection["key"])));
    if (newest != nullptr && text(selection["version"]) != newest->version)
      findings.add(selection, fmt::format("expected {} {}, the newest version, found '{}'",
                                          quotable(text(selection["key"])), newest->version,
                                          quotable(text(selection["version"]))));
  });
}

void ssvc_unregistered_not_clear(const View& view, Findings& findings) {
  if (view.label != "CLEAR") unregistered_base(view, findings);
}

void ssvc_extension_not_clear(const View& view, Findings& findings) {
  if (view.label != "CLEAR") extended_namespace(view, findings);
}

}  // namespace lockstep::formats::csaf
