// SPDX-License-Identifier: Apache-2.0
// Tests about the category of the document, and what the profiles of the standard ask of it.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/csaf/check.hpp"

namespace lockstep::formats::csaf {
namespace {

constexpr std::array<std::string_view, 8> profiles = {
    "csaf_base",
    "csaf_informational_advisory",
    "csaf_security_advisory",
    "csaf_security_incident_response",
    "csaf_vex",
    // Since version 2.1:
    "csaf_deprecated_security_advisory",
    "csaf_superseded",
    "csaf_withdrawn",
};

std::span<const std::string_view> profiles_of(Version version) {
  return std::span(profiles).first(version == Version::v2_0 ? 5 : profiles.size());
}

/// Dashes, hyphens, minus signs, low lines and blanks of Unicode, as UTF-8.
constexpr std::array<std::string_view, 59> separators = {"-",
                                                         "_",
                                                         " ",
                                                         "\t",
                                                         "\n",
                                                         "\r",
                                                         "\v",
                                                         "\f",
                                                         "\xC2\x85",
                                                         "\xC2\xA0",
                                                         "\xC2\xAD",
                                                         "\xD6\x8A",
                                                         "\xD6\xBE",
                                                         "\xE1\x90\x80",
                                                         "\xE1\x9A\x80",
                                                         "\xE1\xA0\x86",
                                                         "\xE1\xA0\x8E",
                                                         "\xE2\x80\x80",
                                                         "\xE2\x80\x81",
                                                         "\xE2\x80\x82",
                                                         "\xE2\x80\x83",
                                                         "\xE2\x80\x84",
                                                         "\xE2\x80\x85",
                                                         "\xE2\x80\x86",
                                                         "\xE2\x80\x87",
                                                         "\xE2\x80\x88",
                                                         "\xE2\x80\x89",
                                                         "\xE2\x80\x8A",
                                                         "\xE2\x80\x8B",
                                                         "\xE2\x80\x90",
                                                         "\xE2\x80\x91",
                                                         "\xE2\x80\x92",
                                                         "\xE2\x80\x93",
                                                         "\xE2\x80\x94",
                                                         "\xE2\x80\x95",
                                                         "\xE2\x80\xA8",
                                                         "\xE2\x80\xA9",
                                                         "\xE2\x80\xAF",
                                                         "\xE2\x80\xBF",
                                                         "\xE2\x81\x80",
                                                         "\xE2\x81\x83",
                                                         "\xE2\x81\x94",
                                                         "\xE2\x81\x9F",
                                                         "\xE2\x88\x92",
                                                         "\xE2\xB8\x9A",
                                                         "\xE2\xB8\xBA",
                                                         "\xE2\xB8\xBB",
                                                         "\xE3\x80\x80",
                                                         "\xE3\x80\x9C",
                                                         "\xE3\x80\xB0",
                                                         "\xEF\xB8\xB1",
                                                         "\xEF\xB8\xB2",
                                                         "\xEF\xB8\xB3",
                                                         "\xEF\xB8\xB4",
                                                         "\xEF\xB9\x8D",
                                                         "\xEF\xB9\x98",
                                                         "\xEF\xB9\xA3",
                                                         "\xEF\xBC\x8D",
                                                         "\xEF\xBC\xBF"};

/// Combining low lines, and further forms.
constexpr std::array<std::string_view, 8> more_separators = {
    "\xCC\xB2",     "\xCC\xB3",     "\xEF\xB9\x8E", "\xEF\xB9\x8F",
    "\xE2\xB9\x80", "\xE3\x82\xA0", "\xEF\xBB\xBF", "\xE2\xB8\x97"};

/// The word in lower case without any separator, by which categories are compared.
std::string bare(std::string_view word) {
  constexpr std::size_t longest = 4096;
  word = word.substr(0, longest);
  std::string kept;
  const auto is_next = [&](std::string_view separator) { return word.starts_with(separator); };
  while (!word.empty()) {
    const auto first = std::ranges::find_if(separators, is_next);
    const auto further = std::ranges::find_if(more_separators, is_next);
    if (first != separators.end()) {
      word.remove_prefix(first->size());
    } else if (further != more_separators.end()) {
      word.remove_prefix(further->size());
    } else {
      kept += word.front();
      word.remove_prefix(1);
    }
  }
  return lower_case(kept);
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

bool is_advisory_or_vex(const View& view) {
  return is_one_of(view.category,
                   {"csaf_security_advisory", "csaf_vex", "csaf_deprecated_security_advisory"});
}

bool is_notice(const View& view) {
  return is_one_of(view.category,
                   {"csaf_informational_advisory", "csaf_security_incident_response"});
}

/// Products for which one of the items says something.
Ids covered_by(const View& view, const Json& items, std::string_view category = "") {
  Ids covered;
  for (const Json& item : items.items())
    if (category.empty() || text(item["category"]) == category)
      for (const std::string_view id : view.products_of(item))
        covered.insert(id);
  return covered;
}

}  // namespace

void prohibited_category(const View& view, Findings& findings) {
  const auto known = profiles_of(view.version);
  const Json& node = view.document["category"];
  if (!node.is_string() || std::ranges::find(known, view.category) != known.end()) return;
  const std::string word = bare(view.category);
  // Only the other profiles count: what is like csaf_base alone may be a category.
  const bool is_profile = std::ranges::any_of(known, [&](std::string_view profile) {
    return profile != "csaf_base" && (word == bare(profile) || word == bare(profile.substr(5)));
  });
  const bool is_reserved = lower_case(view.category).starts_with("csaf_");
  if (is_profile || is_reserved)
    findings.add(node, fmt::format("expected a profile as the standard writes it, or a category "
                                   "that is like none of them and does not begin with csaf_, found "
                                   "'{}'",
                                   quotable(view.category)));
}

void profile_notes(const View& view, Findings& findings) {
  if (!is_notice(view)) return;
  const Json& notes = view.document["notes"];
  const bool has_one = std::ranges::any_of(notes.items(), [](const Json& note) {
    return is_one_of(text(note["category"]), {"description", "details", "general", "summary"});
  });
  if (!has_one)
    findings.add(notes.is_null() ? view.document : notes,
                 "expected a note of the category description, details, general or summary, found "
                 "none");
}

// A reference without a category is external.
void profile_references(const View& view, Findings& findings) {
  if (!is_notice(view)) return;
  const Json& references = view.document["references"];
  const bool has_one = std::ranges::any_of(references.items(), [](const Json& reference) {
    return reference.find("category") == nullptr || text(reference["category"]) == "external";
  });
  if (!has_one)
    findings.add(references.is_null() ? view.document : references,
                 "expected a reference of the category external, found none");
}

void profile_no_vulnerabilities(const View& view, Findings& findings) {
  const bool is_meant = is_one_of(
      view.category, {"csaf_informational_advisory", "csaf_withdrawn", "csaf_superseded"});
  if (const Json* node = view.root.find("vulnerabilities"); node != nullptr && is_meant)
    findings.add(*node,
                 fmt::format("expected no 'vulnerabilities' in a document of the category {}",
                             view.category));
}

void profile_tree(const View& view, Findings& findings) {
  if (is_advisory_or_vex(view) && view.root.find("product_tree") == nullptr)
    findings.add(view.root, "expected 'product_tree', found nothing");
}

void profile_vulnerability_notes(const View& view, Findings& findings) {
  if (!is_advisory_or_vex(view)) return;
  for (const Json& vulnerability : view.vulnerabilities)
    if (vulnerability.find("notes") == nullptr)
      findings.add(vulnerability, "expected 'notes' of the vulnerability, found nothing");
}

void profile_status(const View& view, Findings& findings) {
  if (!is_one_of(view.category, {"csaf_security_advisory", "csaf_deprecated_security_advisory"}))
    return;
  for (const Json& vulnerability : view.vulnerabilities)
    if (vulnerability.find("product_status") == nullptr)
      findings.add(vulnerability, "expected 'product_status' of the vulnerability, found nothing");
}

void profile_vex_status(const View& view, Findings& findings) {
  if (view.category != "csaf_vex") return;
  for (const Json& vulnerability : view.vulnerabilities) {
    const Json& status = vulnerability["product_status"];
    const bool has_one = std::ranges::any_of(status.members(), [](const auto& member) {
      return is_one_of(member.first,
                       {"fixed", "known_affected", "known_not_affected", "under_investigation"});
    });
    if (!has_one)
      findings.add(status.is_null() ? vulnerability : status,
                   "expected fixed, known_affected, known_not_affected or under_investigation in "
                   "'product_status', found none of them");
  }
}

void profile_ids(const View& view, Findings& findings) {
  if (view.category != "csaf_vex") return;
  for (const Json& vulnerability : view.vulnerabilities) {
    if (vulnerability.find("cve") != nullptr) continue;
    const Json* ids = vulnerability.find("ids");
    if (ids == nullptr) {
      findings.add(vulnerability, "expected 'cve' or 'ids' of the vulnerability, found neither");
      continue;
    }
    const bool all_are_limited = std::ranges::all_of(ids->items(), [](const Json& id) {
      return id.find("product_ids") != nullptr || id.find("group_ids") != nullptr;
    });
    if (!view.is_2_1() || !all_are_limited) continue;
    const Ids named = covered_by(view, *ids);
    for (const StatusKey& row : status_keys())
      for (const Json& node : vulnerability["product_status"][row.key].items())
        if (!named.contains(text(node)))
          findings.add(node, fmt::format("expected an id of the vulnerability for '{}', found none",
                                         quotable(text(node))));
  }
}

void profile_impact(const View& view, Findings& findings) {
  if (view.category != "csaf_vex") return;
  for (const Json& vulnerability : view.vulnerabilities) {
    Ids covered = covered_by(view, vulnerability["flags"]);
    covered.merge(covered_by(view, vulnerability["threats"], "impact"));
    for (const Json& node : vulnerability["product_status"]["known_not_affected"].items())
      if (!covered.contains(text(node)))
        findings.add(node, fmt::format("expected a flag or a threat of the category impact for "
                                       "'{}', found neither",
                                       quotable(text(node))));
  }
}

void profile_action(const View& view, Findings& findings) {
  if (view.category != "csaf_vex") return;
  for (const Json& vulnerability : view.vulnerabilities) {
    const Ids covered = covered_by(view, vulnerability["remediations"]);
    for (const Json& node : vulnerability["product_status"]["known_affected"].items())
      if (!covered.contains(text(node)))
        findings.add(
            node, fmt::format("expected a remediation for '{}', found none", quotable(text(node))));
  }
}

void profile_vulnerabilities(const View& view, Findings& findings) {
  if (is_advisory_or_vex(view) && view.root.find("vulnerabilities") == nullptr)
    findings.add(view.root, "expected 'vulnerabilities', found nothing");
}

void deprecated_profile(const View& view, Findings& findings) {
  if (view.category.starts_with("csaf_deprecated_"))
    findings.add(view.document["category"],
                 fmt::format("expected a profile in use, found '{}'", quotable(view.category)));
}

}  // namespace lockstep::formats::csaf
