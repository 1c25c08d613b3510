// SPDX-License-Identifier: Apache-2.0
// Tests about the version of the document and its history. Revisions are looked at in the order of
// their dates, all time zones being one time.
#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "base/text.hpp"
#include "formats/csaf/check.hpp"
#include "versions/text.hpp"

namespace lockstep::formats::csaf {
namespace {

const Json& number_node(const Revision& revision) {
  const Json& number = (*revision.node)["number"];
  return number.is_null() ? *revision.node : number;
}

bool is_zero(std::string_view number) {
  return document_version(number).major == "0";
}

/// Whether `next` is the number after `before`, both in digits of any length.
bool follows(std::string_view before, std::string_view next) {
  std::string sum(before);
  for (auto digit = sum.rbegin(); digit != sum.rend(); ++digit) {
    if (*digit != '9') {
      ++*digit;
      return sum == next;
    }
    *digit = '0';
  }
  return "1" + sum == next;
}

std::string_view without_build(std::string_view number) {
  return number.substr(0, number.find('+'));
}

}  // namespace

void unsorted_revisions(const View& view, Findings& findings) {
  for (std::size_t i = 1; i < view.revisions.size(); ++i)
    if (std::is_gt(
            compare_document_versions(view.revisions[i - 1].number, view.revisions[i].number)))
      findings.add(
          number_node(view.revisions[i]),
          fmt::format("expected a number after '{}', which has an earlier date, found '{}'",
                      quotable(view.revisions[i - 1].number), quotable(view.revisions[i].number)));
}

void latest_version(const View& view, Findings& findings) {
  if (view.revisions.empty()) return;
  std::string_view version = without_build(text(view.tracking["version"]));
  std::string_view newest = without_build(view.revisions.back().number);
  if (view.status == "draft") {
    version = document_version(version).core;
    newest = document_version(newest).core;
  }
  if (version != newest)
    findings.add(view.tracking["version"].is_null() ? view.tracking : view.tracking["version"],
                 fmt::format("expected '{}', the number of the newest revision, found '{}'",
                             quotable(newest), quotable(version)));
}

void status_of_draft(const View& view, Findings& findings) {
  const std::string_view number = text(view.tracking["version"]);
  const bool must_be_draft = is_zero(number) || !document_version(number).pre_release.empty();
  if (must_be_draft && view.status != "draft")
    findings.add(view.tracking["status"].is_null() ? view.tracking : view.tracking["status"],
                 fmt::format("expected the status draft of version '{}', found '{}'",
                             quotable(number), quotable(view.status)));
}

void released_zero(const View& view, Findings& findings) {
  if (!view.is_final_or_interim()) return;
  for (const Revision& revision : view.revisions)
    if (is_zero(revision.number))
      findings.add(number_node(revision),
                   fmt::format("expected released versions only, the status being {}, found '{}'",
                               view.status, quotable(revision.number)));
}

void pre_release_revision(const View& view, Findings& findings) {
  for (const Revision& revision : view.revisions)
    if (!document_version(revision.number).pre_release.empty())
      findings.add(number_node(revision), fmt::format("expected a number without a pre-release "
                                                      "part, found '{}'",
                                                      quotable(revision.number)));
}

void pre_release_version(const View& view, Findings& findings) {
  const std::string_view number = text(view.tracking["version"]);
  if (view.is_final_or_interim() && !document_version(number).pre_release.empty())
    findings.add(view.tracking["version"],
                 fmt::format("expected a version without a pre-release part, the status being {}, "
                             "found '{}'",
                             view.status, quotable(number)));
}

void missing_revision(const View& view, Findings& findings) {
  std::string_view before;
  for (const Revision& revision : view.revisions) {
    if (revision.number.empty()) {
      findings.add(number_node(revision), "expected a number of the revision, found none");
      continue;
    }
    const std::string_view major = document_version(revision.number).major;
    if (!versions::is_number(major)) continue;
    if (before.empty() && major != "0" && major != "1")
      findings.add(number_node(revision), fmt::format("expected the first revision to be 0 or 1, "
                                                      "found '{}'",
                                                      quotable(revision.number)));
    const bool is_further = std::is_gt(versions::compare_numbers(major, before));
    if (!before.empty() && is_further && !follows(before, major))
      findings.add(number_node(revision),
                   fmt::format("expected the version after {} in the history, found '{}'; one is "
                               "missing",
                               before, quotable(revision.number)));
    if (before.empty() || is_further) before = major;
  }
}

void repeated_revision(const View& view, Findings& findings) {
  Ids seen;
  for (const Json& node : view.tracking["revision_history"].items())
    if (node["number"].is_string() && !seen.insert(text(node["number"])).second)
      findings.add(node["number"], fmt::format("expected each version once, found '{}' again",
                                               quotable(text(node["number"]))));
}

void mixed_versioning(const View& view, Findings& findings) {
  const std::string_view version = text(view.tracking["version"]);
  const bool is_semantic = document_version(version).is_semantic;
  for (const Json& node : view.tracking["revision_history"].items()) {
    const std::string_view number = text(node["number"]);
    if (!version.empty() && !number.empty() && document_version(number).is_semantic != is_semantic)
      findings.add(
          node["number"],
          fmt::format("expected a number as of {} versioning like the document's version "
                      "'{}', found '{}'",
                      is_semantic ? "semantic" : "integer", quotable(version), quotable(number)));
  }
}

void build_metadata(const View& view, Findings& findings) {
  for (const Json& node : view.tracking["revision_history"].items())
    if (document_version(text(node["number"])).has_build)
      findings.add(node["number"], fmt::format("expected a number without build metadata, found "
                                               "'{}'",
                                               quotable(text(node["number"]))));
}

void old_initial_date(const View& view, Findings& findings) {
  const auto initial = parse_moment(text(view.tracking["initial_release_date"]));
  const auto oldest = std::ranges::find_if(
      view.revisions, [](const Revision& revision) { return revision.date.has_value(); });
  if (initial && oldest != view.revisions.end() && *initial < *oldest->date)
    findings.add(view.tracking["initial_release_date"],
                 fmt::format("expected a date not before {}, the oldest revision, found {}",
                             quotable(text((*oldest->node)["date"])),
                             quotable(text(view.tracking["initial_release_date"]))));
}

void old_current_date(const View& view, Findings& findings) {
  const auto current = parse_moment(text(view.tracking["current_release_date"]));
  const auto newest = view.newest_revision();
  if (current && newest && *current < *newest)
    findings.add(view.tracking["current_release_date"],
                 fmt::format("expected a date not before {}, the newest revision, found {}",
                             quotable(text((*view.revisions.back().node)["date"])),
                             quotable(text(view.tracking["current_release_date"]))));
}

void same_revision_dates(const View& view, Findings& findings) {
  for (std::size_t i = 1; i < view.revisions.size(); ++i)
    if (view.revisions[i].date && view.revisions[i].date == view.revisions[i - 1].date)
      findings.add((*view.revisions[i].node)["date"],
                   fmt::format("expected a time of its own for each revision, found {} again",
                               quotable(text((*view.revisions[i].node)["date"]))));
}

}  // namespace lockstep::formats::csaf
