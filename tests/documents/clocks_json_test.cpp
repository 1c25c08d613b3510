// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "documents/json/clocks.hpp"
#include "documents/schema_check.hpp"

namespace lockstep::documents {
namespace {

TEST(ClocksJson, FitsItsSchemaWithAndWithoutEnds) {
  ClockView view;
  view.title = "t";
  Deadline open;
  open.id = "CRA-AEV-1";
  Deadline full = open;
  full.state = Deadline::State::running;
  full.from = full.strict = full.outer = Instant{};
  full.submitted = Instant{};
  full.strict_local = full.outer_local = full.from_local = "Thu 1 Jan 1970 00:00 +00:00";
  view.deadlines = {open, full};
  view.not_running = {{"MDR-87-STD", "MDR", {"event.device_maker = no"}}};
  view.aware = {{{Instant{}, {}}, "duty officer", "", {"CRA"}}};
  view.candidates = {{{Instant{}, {}}, "a call"}};
  EXPECT_EQ(test::SchemaCheck::problems(clocks_json(view, 6), "clocks.schema.json"),
            std::vector<std::string>{});
  EXPECT_EQ(clocks_json(view, 6)["deadlines"].items()[1]["state"].string_or(""), "running");
}

}  // namespace
}  // namespace lockstep::documents
