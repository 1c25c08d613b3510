// SPDX-License-Identifier: Apache-2.0
#include "base/child.hpp"

#include <filesystem>
#include <gtest/gtest.h>

#include "support/paths.hpp"

namespace lockstep {
namespace {

ChildEnd run(const std::vector<std::string>& arguments,
             std::string_view input,
             const ChildLimits& limits = {}) {
  const Progress progress;
  auto end = run_child(arguments, input, limits, progress);
  EXPECT_TRUE(end.has_value());
  return end ? *std::move(end) : ChildEnd{};
}

TEST(Child, GivesBackWhatItWasFed) {
  const std::string input(3'000'000, 'x');
  const ChildEnd end = run({"/bin/cat"}, input);
  EXPECT_EQ(end.why, ChildEnd::Why::exited);
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(end.output, input);
}

TEST(Child, HasNoEnvironmentAndNoShell) {
  EXPECT_EQ(run({"/usr/bin/env"}, "").output, "LC_ALL=C.UTF-8\n");
  EXPECT_EQ(run({"/bin/echo", "$HOME; `id`"}, "").output, "$HOME; `id`\n");
}

TEST(Child, TellsItsStatusAndItsComplaint) {
  const ChildEnd end = run({"/bin/sh", "-c", "echo no >&2; exit 3"}, "");
  EXPECT_EQ(end.status, 3);
  EXPECT_EQ(end.complaint, "no\n");
}

TEST(Child, IsEndedByEachLimit) {
  ChildLimits limits;
  limits.wall_seconds = 1;
  EXPECT_EQ(run({"/bin/sleep", "60"}, "", limits).why, ChildEnd::Why::timeout);
  limits = {};
  limits.output_bytes = 1'000;
  const ChildEnd loud = run({"/usr/bin/yes"}, "", limits);
  EXPECT_EQ(loud.why, ChildEnd::Why::too_much_output);
  EXPECT_EQ(loud.output.size(), 1'000U);
  const std::string folder = test::fresh_folder("child");
  EXPECT_NE(run({"/bin/sh", "-c", "echo x > " + folder + "/file"}, "").status, 0);
  EXPECT_EQ(std::filesystem::file_size(folder + "/file"), 0U);
  std::filesystem::remove_all(folder);
}

TEST(Child, ThatIsNotThereIsAnError) {
  const Progress progress;
  const auto end = run_child({"/nowhere/program"}, "", {}, progress);
  ASSERT_FALSE(end.has_value());
  EXPECT_EQ(end.error().code, "child.missing");
}

TEST(Child, EndsWhenThePersonStops) {
  class Stop final : public Progress {
    bool is_cancelled() const override { return true; }
  };

  const Stop stop;
  const auto end = run_child({"/bin/sleep", "60"}, "", {}, stop);
  ASSERT_FALSE(end.has_value());
  EXPECT_EQ(end.error().kind, ErrorKind::interrupted);
}

}  // namespace
}  // namespace lockstep
