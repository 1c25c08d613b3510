// SPDX-License-Identifier: Apache-2.0
// Requirements of Ruby gems against RubyGems' own vectors.
#include <gtest/gtest.h>
#include <string>

#include "versions/native/suite.hpp"

namespace lockstep::versions {

TEST(GemRequirements, HoldWhatTheSuiteSays) {
  LS_NEEDS_SHARED("vuln/suites/version-native/rubygems");
  for (const Json& row : test_suite::rows_of("rubygems/requirement")) {
    EXPECT_EQ(test_suite::answer(native_gem, *row["requirement"].as_string(),
                                 *row["version"].as_string()),
              test_suite::yes_or_no(*row["satisfied"].as_bool()))
        << to_canonical_json(row);
  }
}

}  // namespace lockstep::versions
