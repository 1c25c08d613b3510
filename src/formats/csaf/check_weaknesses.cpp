// SPDX-License-Identifier: Apache-2.0
// Tests about the Common Weakness Enumeration. Version 2.0 names one weakness without an edition,
// version 2.1 any number, each with its edition.
#include <algorithm>
#include <chrono>
#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/csaf/check.hpp"
#include "formats/lists.hpp"

namespace lockstep::formats::csaf {
namespace {

/// Calls `look` with each weakness of 2.1 that its edition has.
template <typename Look>
void each_known(const View& view, Look look) {
  for (const Json& vulnerability : view.vulnerabilities)
    for (const Json& node : vulnerability["cwes"].items())
      if (const auto weakness = weakness_in(text(node["id"]), text(node["version"])))
        look(node, *weakness);
}

/// Of any edition, since 2.0 does not say which one is meant.
void check_unversioned(const Json& node, Findings& findings) {
  const auto names = names_of_weakness(text(node["id"]));
  if (names.empty())
    return findings.add(node, fmt::format("expected a weakness of CWE up to {}, found '{}'",
                                          newest_cwe_edition(), quotable(text(node["id"]))));
  if (std::ranges::find(names, text(node["name"])) == names.end())
    findings.add(node["name"].is_null() ? node : node["name"],
                 fmt::format("expected the name \"{}\" for {}, found '{}'", names.front(),
                             quotable(text(node["id"])), quotable(text(node["name"]), 200)));
}

void check_versioned(const Json& node, Findings& findings) {
  const std::string_view edition = text(node["version"]);
  if (!has_cwe_edition(edition))
    return findings.add(node, fmt::format("expected an edition of CWE up to {}, found '{}'",
                                          newest_cwe_edition(), quotable(edition)));
  const auto weakness = weakness_in(text(node["id"]), edition);
  if (!weakness)
    return findings.add(node, fmt::format("expected a weakness of CWE {}, found '{}'",
                                          quotable(edition), quotable(text(node["id"]))));
  if (weakness->name != text(node["name"]))
    findings.add(node["name"].is_null() ? node : node["name"],
                 fmt::format("expected the name \"{}\" for {} in CWE {}, found '{}'",
                             weakness->name, quotable(text(node["id"])), quotable(edition),
                             quotable(text(node["name"]), 200)));
}

}  // namespace

void invalid_weakness(const View& view, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities) {
    if (view.is_2_1()) {
      for (const Json& node : vulnerability["cwes"].items())
        check_versioned(node, findings);
    } else if (vulnerability["cwe"].is_object()) {
      check_unversioned(vulnerability["cwe"], findings);
    }
  }
}

void deprecated_weakness(const View& view, Findings& findings) {
  each_known(view, [&](const Json& node, const Weakness& weakness) {
    if (weakness.is_deprecated)
      findings.add(node,
                   fmt::format("expected a weakness in use, found {}, which CWE {} deprecates",
                               text(node["id"]), text(node["version"])));
  });
}

void old_cwe_edition(const View& view, Findings& findings) {
  const auto released = parse_moment(text(view.tracking["current_release_date"]));
  if (!released) return;
  const std::string day = to_text(std::chrono::floor<std::chrono::days>(released->second));
  const std::string_view newest = cwe_edition_on(day);
  if (newest.empty()) return;
  for (const Json& vulnerability : view.vulnerabilities)
    for (const Json& node : vulnerability["cwes"].items())
      if (text(node["version"]) != newest)
        findings.add(node, fmt::format("expected CWE {}, the newest edition on {}, found '{}'",
                                       newest, day, quotable(text(node["version"]))));
}

void discouraged_weakness(const View& view, Findings& findings) {
  each_known(view, [&](const Json& node, const Weakness& weakness) {
    const bool is_refused = weakness.mapping == Weakness::Mapping::discouraged ||
                            weakness.mapping == Weakness::Mapping::prohibited;
    if (is_refused)
      findings.add(node, fmt::format("expected a weakness to which vulnerabilities may be mapped, "
                                     "found {}, for which CWE {} does not allow it",
                                     text(node["id"]), text(node["version"])));
  });
}

void reviewed_weakness(const View& view, Findings& findings) {
  each_known(view, [&](const Json& node, const Weakness& weakness) {
    if (weakness.mapping == Weakness::Mapping::review)
      findings.add(node, fmt::format("expected a weakness to which vulnerabilities may be mapped "
                                     "without review, found {}",
                                     text(node["id"])));
  });
}

void missing_weakness(const View& view, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities)
    if (vulnerability[view.is_2_1() ? "cwes" : "cwe"].is_null())
      findings.add(vulnerability, "expected a CWE of the vulnerability, found none");
}

}  // namespace lockstep::formats::csaf
