// SPDX-License-Identifier: Apache-2.0
// Tests about the document as a whole, and about single members of its vulnerabilities.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>
#include <tuple>

#include "base/text.hpp"
#include "formats/csaf/check.hpp"
#include "formats/csaf/file_name.hpp"
#include "formats/csaf/unknown_keys.hpp"
#include "formats/schema_texts.hpp"

namespace lockstep::formats::csaf {
namespace {

/// Registered systems of vulnerability ids (RVISC of 2026-02-06) and the form of their ids.
struct IdSystem {
  std::string_view name;
  const char* pattern;
};

constexpr std::array id_systems = {
    IdSystem{"https://github.com/oasis-tcs/csaf", "^#[1-9]\\d*$"},
    IdSystem{"https://euvd.enisa.europa.eu", "^EUVD-[1-9][0-9]{3}-[0-9]{4,}$"},
};

const IdSystem* system_of(const Json& id) {
  const auto found = std::ranges::find(id_systems, text(id["system_name"]), &IdSystem::name);
  return found == id_systems.end() ? nullptr : &*found;
}

template <typename Look>
void each_id(const View& view, Look look) {
  for (const Json& vulnerability : view.vulnerabilities)
    for (const Json& id : vulnerability["ids"].items())
      look(id);
}

void unsorted_below(const Json& value, Findings& findings) {
  const auto& members = value.members();
  for (std::size_t i = 1; i < members.size(); ++i)
    if (members[i].first < members[i - 1].first) {
      findings.add(members[i].second,
                   fmt::format("expected keys in the order of the alphabet, found '{}' after '{}'",
                               quotable(members[i].first), quotable(members[i - 1].first)));
      break;
    }
  for (const auto& member : members)
    unsorted_below(member.second, findings);
  for (const Json& element : value.items())
    unsorted_below(element, findings);
}

/// Whether no server can ever answer: names below .invalid are never given out (RFC 6761, 6.4).
bool cannot_resolve(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return false;
  std::string_view host = url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#:"));
  return lower_case(host).ends_with(".invalid");
}

void check_url(const Json& node, Findings& findings) {
  if (cannot_resolve(text(node)))
    findings.add(node, fmt::format("expected a URL that a server can answer, found '{}'",
                                   quotable(text(node))));
}

/// Every URL of the document but those of references to itself.
void check_urls_below(const Json& value, Findings& findings) {
  const bool is_self = text(value["category"]) == "self";
  for (const auto& [key, member] : value.members()) {
    const bool is_url = key == "url" || key == "namespace" || key == "uri";
    if (is_url && !is_self) check_url(member, findings);
    if (key == "urls" || key == "sbom_urls")
      for (const Json& url : member.items())
        check_url(url, findings);
    check_urls_below(member, findings);
  }
  for (const Json& element : value.items())
    check_urls_below(element, findings);
}

void check_self_references(const Json& list, Findings& findings) {
  for (const Json& reference : list.items())
    if (text(reference["category"]) == "self") check_url(reference["url"], findings);
}

}  // namespace

void dead_reference(const View& view, Findings& findings) {
  check_urls_below(view.root, findings);
}

void dead_self_reference(const View& view, Findings& findings) {
  check_self_references(view.document["references"], findings);
  for (const Json& vulnerability : view.vulnerabilities)
    check_self_references(vulnerability["references"], findings);
}

void repeated_cve(const View& view, Findings& findings) {
  Ids seen;
  for (const Json& vulnerability : view.vulnerabilities)
    if (vulnerability["cve"].is_string() && !seen.insert(text(vulnerability["cve"])).second)
      findings.add(vulnerability["cve"],
                   fmt::format("expected one vulnerability for each CVE, found "
                               "'{}' again",
                               quotable(text(vulnerability["cve"]))));
}

void repeated_involvement(const View& view, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities) {
    // The moment counts, not how it is written; what is no moment counts as it is written.
    std::set<std::tuple<std::string_view, std::optional<Moment>, std::string_view>> seen;
    for (const Json& node : vulnerability["involvements"].items()) {
      const auto date = parse_moment(text(node["date"]));
      const std::string_view written = date ? "" : text(node["date"]);
      if (!seen.emplace(text(node["party"]), date, written).second)
        findings.add(node, fmt::format("expected one entry of the party '{}' for each date, found "
                                       "another",
                                       quotable(text(node["party"]))));
    }
  }
}

void missing_label(const View& view, Findings& findings) {
  constexpr std::array<std::string_view, 4> labels = {"AMBER", "GREEN", "RED", "WHITE"};
  if (std::ranges::find(labels, view.label) == labels.end())
    findings.add(view.document,
                 "expected a label of the Traffic Light Protocol "
                 "(distribution/tlp/label), found none");
}

void missing_canonical_url(const View& view, Findings& findings) {
  const std::string name = file_name(text(view.tracking["id"]));
  const auto is_canonical = [&](const Json& reference) {
    const std::string_view url = text(reference["url"]);
    return text(reference["category"]) == "self" && url.starts_with("https://") &&
           url.ends_with("/" + name);
  };
  const Json& references = view.document["references"];
  if (std::ranges::none_of(references.items(), is_canonical))
    findings.add(references.is_null() ? view.document : references,
                 fmt::format("expected a reference of the category self whose url begins with "
                             "https:// and ends with '{}', found none",
                             quotable(name)));
}

void unsorted_keys(const View& view, Findings& findings) {
  unsorted_below(view.root, findings);
}

void cve_among_ids(const View& view, Findings& findings) {
  each_id(view, [&](const Json& id) {
    if (is_cve(text(id["text"])))
      findings.add(id, fmt::format("expected '{}' under 'cve', found it among the ids",
                                   quotable(text(id["text"]))));
  });
}

void additional_properties(const View& view, Findings& findings) {
  for (const UnknownKey& one : unknown_keys(view.root, view.is_2_1() ? "csaf-2.1" : "csaf-2.0"))
    findings.add(*one.at,
                 fmt::format("expected keys of the standard, found '{}'", quotable(one.key)));
}

void id_in_title(const View& view, Findings& findings) {
  const std::string_view id = text(view.tracking["id"]);
  const Json& title = view.document["title"];
  if (!id.empty() && text(title).find(id) != std::string_view::npos)
    findings.add(title, fmt::format("expected a title without the document's id, found '{}' in it",
                                    quotable(id)));
}

void undated_involvement(const View& view, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities)
    for (const Json& node : vulnerability["involvements"].items())
      if (node.find("date") == nullptr)
        findings.add(node, "expected 'date' of the involvement, found nothing");
}

void missing_cve(const View& view, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities)
    if (vulnerability.find("cve") == nullptr)
      findings.add(vulnerability, "expected 'cve' of the vulnerability, found nothing");
}

void unregistered_id_system(const View& view, Findings& findings) {
  each_id(view, [&](const Json& id) {
    if (system_of(id) == nullptr)
      findings.add(id, fmt::format("expected a registered system of vulnerability ids, found '{}'",
                                   quotable(text(id["system_name"]))));
  });
}

void text_of_id_system(const View& view, Findings& findings) {
  each_id(view, [&](const Json& id) {
    const IdSystem* system = system_of(id);
    if (system == nullptr) return;
    const std::string written(text(id["text"]));
    if (!Pattern(system->pattern).matches(written))
      findings.add(id["text"].is_null() ? id : id["text"],
                   fmt::format("expected an id of the form {} of {}, found '{}'", system->pattern,
                               system->name, quotable(written)));
  });
}

}  // namespace lockstep::formats::csaf
