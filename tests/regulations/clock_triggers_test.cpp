// SPDX-License-Identifier: Apache-2.0
// Every clock is seen to run and not to run; that it stays when nothing is known is in clocks_test.
#include <gtest/gtest.h>
#include <set>

#include "regulations/clock_data.hpp"

namespace lockstep::regulations {
namespace {

FactValue value_of(const Json& node) {
  if (node.is_array()) {
    std::vector<std::string> words;
    for (const Json& item : node.items())
      words.push_back(item.string_or(""));
    return words;
  }
  if (const auto yes = node.as_bool()) return *yes;
  return node.string_or("");
}

void expect(const ClockView& view, const std::string& id, bool runs, const Json& row) {
  const auto running = std::ranges::find(view.deadlines, id, &Deadline::id);
  const bool is_known =
      running != view.deadlines.end() && running->state != Deadline::State::not_known;
  const bool is_off =
      std::ranges::find(view.not_running, id, &NotRunning::id) != view.not_running.end();
  EXPECT_TRUE(runs ? is_known : is_off) << id << " at line " << row.line();
}

TEST(ClockTriggers, HoldAndDoNotHoldAsTheTableSays) {
  const auto& data = test::clock_data();
  const std::string path = "tests/data/clocks/triggers.yaml";
  Diagnostics problems;
  const auto table =
      parse_yaml(lockstep::test::read_file(lockstep::test::source_path(path)), path, problems);
  ASSERT_TRUE(table.has_value());
  std::set<std::string> seen_running;
  std::set<std::string> seen_off;
  for (const Json& row : table->items()) {
    Event event;
    event.member_state = "DE";
    event.aware.push_back({{*parse_instant("2028-09-04T10:00:00Z"), {}}, "duty officer", "", {}});
    for (const auto& [name, value] : row["facts"].members())
      event.facts.push_back({"event." + name, value_of(value), {}});
    check_event(event, data.law, data.rules, data.calendars, problems);
    const ClockView view = run_clocks(event, data.law, data.rules, data.calendars,
                                      *parse_instant("2028-09-04T11:00:00Z"));
    for (const Json& id : row["runs"].items()) {
      expect(view, id.string_or(""), true, row);
      seen_running.insert(id.string_or(""));
    }
    for (const Json& id : row["does_not"].items()) {
      expect(view, id.string_or(""), false, row);
      seen_off.insert(id.string_or(""));
    }
  }
  for (const auto& entry : problems.entries())
    ADD_FAILURE() << to_text(entry);
  for (const Clock& clock : data.rules.clocks) {
    EXPECT_TRUE(seen_running.contains(clock.id)) << "no row shows " << clock.id << " to run";
    EXPECT_TRUE(seen_off.contains(clock.id)) << "no row shows " << clock.id << " not to run";
  }
}

}  // namespace
}  // namespace lockstep::regulations
