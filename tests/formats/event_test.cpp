// SPDX-License-Identifier: Apache-2.0
#include "formats/event/event.hpp"

#include <gtest/gtest.h>

#include "formats/invalid_files.hpp"

namespace lockstep::formats {
namespace {

TEST(EventFiles, ThatAreWrongSayEverythingAtOnce) {
  test::expect_messages(
      "tests/data/formats/event/invalid", [](const std::string& bytes, const std::string& name) {
        Diagnostics problems;
        const auto event = read_event(bytes, name, problems);
        return test::text_of(problems) + (event ? "" : to_text(event.error()) + "\n");
      });
}

TEST(EventFiles, GiveWhatAPersonWrote) {
  Diagnostics problems;
  const auto event = read_event(
      test::read_file(test::source_path("fuzz/corpus/formats_event/e1.yaml")), "e1.yaml", problems);
  ASSERT_TRUE(event.has_value());
  EXPECT_EQ(test::text_of(problems), "");
  EXPECT_EQ(event->member_state, "DE");
  ASSERT_EQ(event->aware.size(), 1U);
  EXPECT_EQ(to_text(event->aware[0].at.at), "2026-11-27T15:20:00Z");
  EXPECT_EQ(event->aware[0].by, "head of product security");
  EXPECT_EQ(event->candidates.size(), 1U);
  EXPECT_EQ(event->facts.front().name, "event.cra_role");
  EXPECT_EQ(to_text(event->submitted.at("CRA-AEV-1").at), "2026-11-28T07:00:00Z");
}

}  // namespace
}  // namespace lockstep::formats
