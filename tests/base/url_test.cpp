// SPDX-License-Identifier: Apache-2.0
#include "base/url.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace lockstep {
namespace {

TEST(Url, PercentCodesStandForBytes) {
  EXPECT_EQ(percent_encoded("a b/\xC3\xA4~"), "a%20b%2F%C3%A4~");
  EXPECT_EQ(percent_encoded("2026/a b.json", "/"), "2026/a%20b.json");
  EXPECT_EQ(percent_decoded("a%20b%2f%C3%A4"), "a b/\xC3\xA4");
  EXPECT_EQ(percent_decoded("100%, %4, %zz, %+1, %"), "100%, %4, %zz, %+1, %");
}

RC_GTEST_PROP(Url, DecodingGivesBackWhatWasEncoded, (const std::string& text)) {
  RC_ASSERT(percent_decoded(percent_encoded(text)) == text);
}

}  // namespace
}  // namespace lockstep
