// SPDX-License-Identifier: Apache-2.0
// Our order of Debian versions against dpkg itself, where it is installed.
#include <cstdlib>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/wait.h>
#include <vector>

#include "base/random.hpp"
#include "versions/scheme.hpp"

namespace lockstep::versions {

namespace {

/// Pieces without a character that a shell would read.
const std::vector<std::string> pieces = {".",  "~", "+",  "-",  "a",  "A",      "z",     "0",  "1",
                                         "10", "9", "00", "rc", "~~", "ubuntu", "deb12", "bpo"};

std::string generated(Random& random) {
  const std::vector<std::string> epochs = {"", "", "", "0:", "1:", "02:"};
  std::string version = epochs[random.below(6)] + std::to_string(random.below(11));
  for (std::uint32_t i = random.below(7); i > 0; --i) {
    version += pieces[random.below(static_cast<std::uint32_t>(pieces.size()))];
  }
  return version;
}

/// Exit status of a command.
int status(const std::string& command) {
  return WEXITSTATUS(std::system(command.c_str()));
}

}  // namespace

TEST(DebianVersions, AreOrderedAsDpkgOrdersThem) {
  if (status("dpkg --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "dpkg is not installed";
  Random random({.seed = 1, .stream = stream_of("debian")});
  int compared = 0;
  while (compared < 200) {
    const std::string a = generated(random);
    const std::string b = generated(random);
    if (!debian.is_valid(a) || !debian.is_valid(b)) continue;
    const auto order = debian.compare(a, b);
    const char* relation = std::is_lt(order) ? "lt" : std::is_gt(order) ? "gt" : "eq";
    EXPECT_EQ(
        status(fmt::format("dpkg --compare-versions '{}' {} '{}' 2>/dev/null", a, relation, b)), 0)
        << a << " " << relation << " " << b;
    ++compared;
  }
}

}  // namespace lockstep::versions
