// SPDX-License-Identifier: Apache-2.0
#include "base/diagnostics.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace lockstep {
namespace {

constexpr std::size_t most = Diagnostics::max_entries;

TEST(Diagnostics, AnErrorBehindManyWarningsIsKept) {
  Diagnostics problems;
  for (std::size_t i = 0; i < most + 5; ++i)
    problems.warning("a.warning", std::to_string(i));
  EXPECT_FALSE(problems.has_room_for(Severity::warning));
  EXPECT_TRUE(problems.has_room_for(Severity::error));
  problems.error("an.error", "first");
  problems.error("an.error", "second");
  EXPECT_EQ(problems.entries().size(), most);
  EXPECT_EQ(problems.dropped(), 7U);
  EXPECT_EQ(problems.error_count(), 2U);
  EXPECT_EQ(problems.entries()[most - 3].message, std::to_string(most - 3));
  EXPECT_EQ(problems.entries()[most - 2].message, "first");
  EXPECT_EQ(problems.entries()[most - 1].message, "second");
}

TEST(Diagnostics, OfErrorsTheFirstAreKept) {
  Diagnostics problems;
  for (std::size_t i = 0; i < most + 2; ++i)
    problems.error("an.error", std::to_string(i));
  EXPECT_FALSE(problems.has_room_for(Severity::error));
  EXPECT_EQ(problems.entries().back().message, std::to_string(most - 1));
  EXPECT_EQ(problems.error_count(), most + 2);
  EXPECT_EQ(problems.dropped(), 2U);
}

// However many are found, and however they are put together: all are counted, as many as there is
// room for are kept, errors before others, in the order in which they were found.
RC_GTEST_PROP(DiagnosticsProperties, NoErrorIsLost, ()) {
  const auto sizes =
      *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, most + 50));
  Diagnostics all;
  std::vector<std::pair<Severity, std::string>> found;
  for (const std::size_t size : sizes) {
    Diagnostics part;
    const auto spot = *rc::gen::inRange<std::size_t>(0, 30);  // from 24 on: no errors
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t place = i % 24;
      const auto severity = place == spot      ? Severity::error
                            : place < spot / 2 ? Severity::note
                                               : Severity::warning;
      found.emplace_back(severity, std::to_string(found.size()));
      part.add({severity, "a.problem", found.back().second, {}});
    }
    all.append(part);
  }
  const auto errors = static_cast<std::size_t>(
      std::ranges::count(found, Severity::error, &std::pair<Severity, std::string>::first));
  RC_ASSERT(all.error_count() == errors);
  RC_ASSERT(all.has_errors() == (errors > 0));
  RC_ASSERT(all.entries().size() == std::min(found.size(), most));
  RC_ASSERT(all.entries().size() + all.dropped() == found.size());
  std::size_t kept = 0;
  int before = -1;
  for (const Diagnostic& one : all.entries()) {
    kept += one.severity == Severity::error ? 1 : 0;
    RC_ASSERT(std::stoi(one.message) > before);
    before = std::stoi(one.message);
  }
  RC_ASSERT(kept == std::min(errors, most));
}

}  // namespace
}  // namespace lockstep
