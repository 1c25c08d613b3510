// SPDX-License-Identifier: Apache-2.0
#include "formats/osv/check.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "domain/cvss.hpp"
#include "formats/osv/words.hpp"

namespace lockstep::formats::osv {

namespace {

/// A commit in full length, or "0".
bool is_commit(std::string_view text) {
  if (text == "0") return true;
  return (text.size() == 40 || text.size() == 64) && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

std::string suggestion(std::string_view word, std::span<const std::string_view> words) {
  const std::vector<std::string> candidates(words.begin(), words.end());
  const auto near = nearest(word, candidates);
  return near ? fmt::format("; did you mean '{}'?", *near) : "";
}

void report_missing(Walk& walk, std::string_view member) {
  walk.error("osv.missing", fmt::format("expected a member '{}', found none", member));
}

void check_id(std::string_view id, Walk& walk) {
  const std::string_view prefix = id.substr(0, std::min(id.find('-'), id.size()));
  if (id.starts_with("x_") || (prefix.size() < id.size() && is_one_of(prefix, id_prefixes))) return;
  walk.warning(
      "osv.unknown",
      fmt::format("expected an id of a database that the schema lists, found '{}'", quotable(id)));
}

void check_ecosystem(std::string_view ecosystem, Walk& walk) {
  const std::size_t colon = ecosystem.find(':');
  const std::string_view base = ecosystem.substr(0, std::min(colon, ecosystem.size()));
  if (colon != std::string_view::npos && colon + 1 == ecosystem.size()) {
    walk.error("osv.value",
               fmt::format("expected a release after the colon, found '{}'", quotable(ecosystem)));
  } else if (!is_one_of(base, ecosystems)) {
    walk.warning("osv.unknown",
                 fmt::format("expected an ecosystem of OSV schema 1.7.5, found '{}'{}",
                             quotable(base), suggestion(base, ecosystems)));
  }
}

void check_events(const AffectedRangeView& range, Walk& walk) {
  const auto count = [&range](EventKind kind) {
    return std::ranges::count(range.events, kind, &EventView::kind);
  };
  const Inside here(walk, std::string_view("events"));
  if (count(EventKind::introduced) == 0) {
    walk.error("osv.events", "expected at least one introduced event, found none");
  }
  if (count(EventKind::fixed) > 0 && count(EventKind::last_affected) > 0) {
    walk.error("osv.events", "expected fixed or last_affected events, found both");
  }
  if (count(EventKind::last_affected) > count(EventKind::introduced)) {
    walk.warning("osv.events",
                 "expected one last_affected for each introduced, found more; the lowest decides");
  }
  for (const EventView& event : range.events) {
    const auto is_end = [&event](const EventView& other) {
      return other.kind == EventKind::fixed && other.version == event.version;
    };
    if (event.kind == EventKind::introduced && std::ranges::any_of(range.events, is_end)) {
      walk.warning("osv.distinct", fmt::format("expected distinct versions, found '{}' as "
                                               "introduced and as fixed",
                                               quotable(event.version)));
    }
  }
  if (range.kind != RangeKind::git) return;
  if (range.repo.empty()) report_missing(walk, "repo");
  for (const EventView& event : range.events) {
    if (!is_commit(event.version)) {
      walk.error("osv.value", fmt::format("expected a commit of 40 or 64 hexadecimal digits, "
                                          "found '{}'",
                                          quotable(event.version)));
    }
  }
}

void check_severity(const PublishedSeverityView& severity, Walk& walk, GoodVectors& good) {
  if (severity.type.empty()) report_missing(walk, "type");
  if (severity.score.empty()) report_missing(walk, "score");
  if (severity.type.empty() || severity.score.empty()) return;
  const std::string_view score = severity.score;
  bool fits = true;
  if (severity.type == "CVSS_V2") {
    fits = score.starts_with("AV:");
  } else if (severity.type == "CVSS_V3") {
    fits = score.starts_with("CVSS:3.0/") || score.starts_with("CVSS:3.1/");
  } else if (severity.type == "CVSS_V4") {
    fits = score.starts_with("CVSS:4.0/");
  } else if (severity.type == "Ubuntu") {
    fits = is_one_of(score, ubuntu_severities);
  } else {
    walk.error("osv.severity", fmt::format("expected CVSS_V2, CVSS_V3, CVSS_V4 or Ubuntu, found "
                                           "'{}'",
                                           quotable(severity.type)));
  }
  if (!fits) {
    walk.error("osv.severity", fmt::format("expected a score of type {}, found '{}'", severity.type,
                                           quotable(score)));
  } else if (severity.type.starts_with("CVSS") && !good.holds(score)) {
    const auto scores = score_cvss(score);
    if (scores) {
      good.add(score);
    } else {
      walk.warning("osv.severity", scores.error().message);
    }
  }
}

}  // namespace lockstep::formats::osv
