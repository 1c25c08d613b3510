// SPDX-License-Identifier: Apache-2.0
#include "base/child.hpp"

#include <filesystem>
#include <gtest/gtest.h>

#include "support/paths.hpp"

namespace lockstep {
namespace {

struct Ran {
  ChildEnd end;
  std::string output;
};

ChildSetup setup_of(std::vector<std::string> arguments, const ChildLimits& limits = {}) {
  return {std::move(arguments), {"LC_ALL=C.UTF-8"}, limits};
}

Ran run(std::vector<std::string> arguments,
        std::string_view input,
        const ChildLimits& limits = {}) {
  const Progress progress;
  Ran ran;
  auto end = run_child(setup_of(std::move(arguments), limits), input, progress,
                       [&](std::string_view piece) -> Result<> {
                         ran.output += piece;
                         return {};
                       });
  EXPECT_TRUE(end.has_value());
  if (end) ran.end = *std::move(end);
  return ran;
}

Result<> hear_nothing(std::string_view) {
  return {};
}

TEST(Child, GivesBackWhatItWasFed) {
  const std::string input(3'000'000, 'x');
  const Ran ran = run({"/bin/cat"}, input);
  EXPECT_EQ(ran.end.why, ChildEnd::Why::exited);
  EXPECT_EQ(ran.end.status, 0);
  EXPECT_EQ(ran.output, input);
}

TEST(Child, HasNoEnvironmentAndNoShell) {
  EXPECT_EQ(run({"/usr/bin/env"}, "").output, "LC_ALL=C.UTF-8\n");
  EXPECT_EQ(run({"/bin/echo", "$HOME; `id`"}, "").output, "$HOME; `id`\n");
}

TEST(Child, TellsItsStatusAndItsComplaint) {
  const ChildEnd end = run({"/bin/sh", "-c", "echo no >&2; exit 3"}, "").end;
  EXPECT_EQ(end.status, 3);
  EXPECT_EQ(end.complaint, "no\n");
}

TEST(Child, IsEndedByEachLimit) {
  ChildLimits limits;
  limits.wall_seconds = 1;
  EXPECT_EQ(run({"/bin/sleep", "60"}, "", limits).end.why, ChildEnd::Why::timeout);
  limits = {};
  limits.cpu_seconds = 1;
  EXPECT_EQ(run({"/bin/sh", "-c", "while :; do :; done"}, "", limits).end.why,
            ChildEnd::Why::processor_time);
  limits = {};
  limits.output_bytes = 1'000;
  const Ran loud = run({"/usr/bin/yes"}, "", limits);
  EXPECT_EQ(loud.end.why, ChildEnd::Why::too_much_output);
  EXPECT_EQ(loud.output.size(), 1'000U);
  const std::string folder = test::fresh_folder("child");
  EXPECT_NE(run({"/bin/sh", "-c", "echo x > " + folder + "/file"}, "").end.status, 0);
  EXPECT_EQ(std::filesystem::file_size(folder + "/file"), 0U);
  std::filesystem::remove_all(folder);
}

TEST(Child, ThatIsNotThereIsAnError) {
  const Progress progress;
  const auto end = run_child(setup_of({"/nowhere/program"}), "", progress, hear_nothing);
  ASSERT_FALSE(end.has_value());
  EXPECT_EQ(end.error().code, "child.missing");
}

TEST(Child, EndsWhenTheListenerHasHeardEnough) {
  const Progress progress;
  const auto end = run_child(
      setup_of({"/usr/bin/yes"}), "", progress,
      [](std::string_view) -> Result<> { return fail(ErrorKind::input, "test.enough", "enough"); });
  ASSERT_FALSE(end.has_value());
  EXPECT_EQ(end.error().code, "test.enough");
}

TEST(Child, EndsWhenThePersonStops) {
  class Stop final : public Progress {
    bool is_cancelled() const override { return true; }
  };

  const Stop stop;
  const auto end = run_child(setup_of({"/bin/sleep", "60"}), "", stop, hear_nothing);
  ASSERT_FALSE(end.has_value());
  EXPECT_EQ(end.error().kind, ErrorKind::interrupted);
}

}  // namespace
}  // namespace lockstep
