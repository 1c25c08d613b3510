// SPDX-License-Identifier: Apache-2.0
#include "app/watch/terms.hpp"

#include <algorithm>
#include <chrono>

#include "app/embedded_law.hpp"

namespace lockstep::app {
namespace {

std::vector<std::string> texts_of(const Json& list) {
  std::vector<std::string> texts;
  for (const Json& item : list.items())
    texts.push_back(item.string_or(""));
  return texts;
}

/// The same date so many years later; where the month has none, its last day.
/// Source: Regulation (EEC, Euratom) No 1182/71, Article 3(2)(c).
Day years_later(Day day, int years) {
  const std::chrono::year_month_day from(day);
  const std::chrono::year_month_day to = from + std::chrono::years(years);
  return to.ok() ? Day(to) : Day(to.year() / to.month() / std::chrono::last);
}

}  // namespace

Result<WatchTerms> watch_terms() {
  TRY(const auto trees, embedded_trees("watch.yaml"));
  if (trees.empty()) return fail(ErrorKind::internal, "internal.fault", "watch.yaml is missing");
  const Json& tree = trees.front().tree;
  WatchTerms terms;
  for (const Json& days : tree["support_ends"]["before_days"].items())
    terms.lead_days.push_back(days.as_int().value_or(0));
  terms.after_support = tree["support_ends"]["after"].string_or("");
  terms.support_cites = texts_of(tree["support_ends"]["cites"]);
  const auto keeping = regulations::parse_period(tree["keeping"]["period"].string_or(""));
  const bool is_in_years = keeping && keeping->unit == regulations::Period::Unit::years;
  if (!is_in_years || terms.lead_days.empty())
    return fail(ErrorKind::internal, "internal.fault", "watch.yaml is not as expected");
  terms.keeping = *keeping;
  terms.keeping_cites = texts_of(tree["keeping"]["cites"]);
  const Json& task = tree["exploited"];
  terms.task_title = task["title"].string_or("");
  terms.task_asks = task["asks"].string_or("");
  terms.task_next = task["next"].string_or("");
  terms.task_clock = task["clock"].string_or("");
  terms.task_cites = texts_of(task["cites"]);
  return terms;
}

std::optional<std::int64_t> due_lead(const WatchTerms& terms,
                                     const WatchedRelease& release,
                                     Day as_of) {
  if (!release.support_until) return std::nullopt;
  std::optional<std::int64_t> due;
  for (const std::int64_t days : terms.lead_days) {
    // The last day of support is a day of support: that it ended is true the day after.
    const Day from = *release.support_until - std::chrono::days(days == 0 ? -1 : days);
    if (as_of >= from && (!due || days < *due)) due = days;
  }
  return due;
}

Day kept_until_of(const WatchTerms& terms, const WatchedRelease& release) {
  const Day since_placing = years_later(release.released, terms.keeping.count);
  return release.support_until ? std::max(since_placing, *release.support_until) : since_placing;
}

}  // namespace lockstep::app
