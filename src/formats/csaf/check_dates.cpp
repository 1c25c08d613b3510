// SPDX-License-Identifier: Apache-2.0
// Tests of CSAF 2.1 about dates: their form, and which may not lie after others.
#include <chrono>
#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/csaf/check.hpp"

namespace lockstep::formats::csaf {
namespace {

/// CSAF 2.1, section 2.3: RFC 3339 with upper case letters and without leap seconds.
bool is_date(std::string_view written) {
  const auto moment = parse_moment(written);
  return moment && !moment->is_leap && written[10] == 'T' && written.back() != 'z';
}

void check_date(const Json& node, Findings& findings) {
  if (node.is_string() && !is_date(text(node)))
    findings.add(node, fmt::format("expected a time such as 2026-09-11T10:00:00Z, without leap "
                                   "seconds, found '{}'",
                                   quotable(text(node))));
}

void check_not_after_revisions(const View& view, const Json& node, Findings& findings) {
  const auto date = parse_moment(text(node));
  const auto newest = view.newest_revision();
  if (date && newest && *newest < *date)
    findings.add(node, fmt::format("expected a time not after {}, the newest revision, found {}",
                                   quotable(text((*view.revisions.back().node)["date"])),
                                   quotable(text(node))));
}

/// The timestamps of one kind of metric in a vulnerability.
std::vector<const Json*> timestamps(const View& view,
                                    const Json& vulnerability,
                                    std::string_view metric) {
  std::vector<const Json*> found;
  for (const Score& score : view.scores_of(vulnerability))
    if (const Json& node = (*score.content)[metric]["timestamp"]; node.is_string())
      found.push_back(&node);
  return found;
}

void late_metric(const View& view, std::string_view metric, Findings& findings) {
  if (!view.is_final_or_interim()) return;
  for (const Json& vulnerability : view.vulnerabilities)
    for (const Json* node : timestamps(view, vulnerability, metric))
      check_not_after_revisions(view, *node, findings);
}

}  // namespace

void invalid_dates(const View& view, Findings& findings) {
  check_date(view.tracking["current_release_date"], findings);
  check_date(view.tracking["generator"]["date"], findings);
  check_date(view.tracking["initial_release_date"], findings);
  for (const Json& revision : view.tracking["revision_history"].items())
    check_date(revision["date"], findings);
  for (const Json& vulnerability : view.vulnerabilities) {
    check_date(vulnerability["disclosure_date"], findings);
    check_date(vulnerability["discovery_date"], findings);
    for (const char* list :
         {"first_known_exploitation_dates", "flags", "involvements", "remediations", "threats"})
      for (const Json& item : vulnerability[list].items()) {
        check_date(item["date"], findings);
        check_date(item["exploitation_date"], findings);
      }
    for (const char* metric : {"epss", "ssvc_v2"})
      for (const Json* node : timestamps(view, vulnerability, metric))
        check_date(*node, findings);
  }
}

void late_disclosure(const View& view, Findings& findings) {
  if (view.label != "CLEAR" || !view.is_final_or_interim()) return;
  for (const Json& vulnerability : view.vulnerabilities)
    check_not_after_revisions(view, vulnerability["disclosure_date"], findings);
}

void late_ssvc(const View& view, Findings& findings) {
  late_metric(view, "ssvc_v2", findings);
}

void late_epss(const View& view, Findings& findings) {
  late_metric(view, "epss", findings);
}

void late_exploitation(const View& view, Findings& findings) {
  if (!view.is_final_or_interim()) return;
  for (const Json& vulnerability : view.vulnerabilities)
    for (const Json& item : vulnerability["first_known_exploitation_dates"].items()) {
      check_not_after_revisions(view, item["date"], findings);
      check_not_after_revisions(view, item["exploitation_date"], findings);
    }
}

void exploitation_after_report(const View& view, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities)
    for (const Json& item : vulnerability["first_known_exploitation_dates"].items()) {
      const auto exploited = parse_moment(text(item["exploitation_date"]));
      const auto reported = parse_moment(text(item["date"]));
      if (exploited && reported && *reported < *exploited)
        findings.add(
            item["exploitation_date"],
            fmt::format("expected a time not after {}, the date of the same item, found {}",
                        quotable(text(item["date"])), quotable(text(item["exploitation_date"]))));
    }
}

void disclosure_after_revisions(const View& view, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities) {
    const auto date = parse_moment(text(vulnerability["disclosure_date"]));
    if (date && date->second <= view.now)
      check_not_after_revisions(view, vulnerability["disclosure_date"], findings);
  }
}

// The youngest of a vulnerability counts.
void old_epss(const View& view, Findings& findings) {
  constexpr std::chrono::days oldest{15};
  const auto newest = view.newest_revision();
  if (!view.is_final_or_interim() || !newest) return;
  for (const Json& vulnerability : view.vulnerabilities) {
    const Json* youngest = nullptr;
    for (const Json* node : timestamps(view, vulnerability, "epss"))
      if (youngest == nullptr || parse_moment(text(*youngest)) < parse_moment(text(*node)))
        youngest = node;
    const auto date = youngest == nullptr ? std::nullopt : parse_moment(text(*youngest));
    if (!date) continue;
    const Moment limit{date->second + oldest, date->is_leap, date->fraction};
    if (limit < *newest)
      findings.add(*youngest, fmt::format("expected an EPSS of the last 15 days before {}, the "
                                          "newest revision, found {}",
                                          quotable(text((*view.revisions.back().node)["date"])),
                                          quotable(text(*youngest))));
  }
}

}  // namespace lockstep::formats::csaf
