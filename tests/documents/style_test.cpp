// SPDX-License-Identifier: Apache-2.0
#include "documents/render/style.hpp"

#include <cmath>
#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

namespace lockstep::documents {
namespace {

using testing::HasSubstr;

/// Source: WCAG 2.2, definition of relative luminance.
double luminance(std::string_view colour) {
  double sum = 0;
  const double weights[] = {0.2126, 0.7152, 0.0722};
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string digits(colour.substr(1 + 2 * i, 2));
    const double value = static_cast<double>(std::strtol(digits.c_str(), nullptr, 16)) / 255;
    sum += weights[i] * (value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4));
  }
  return sum;
}

/// Source: WCAG 2.2, definition of contrast ratio.
double contrast(std::string_view a, std::string_view b) {
  const double first = luminance(a) + 0.05;
  const double second = luminance(b) + 0.05;
  return first > second ? first / second : second / first;
}

TEST(Style, ContrastFormulaKnowsBlackOnWhite) {
  EXPECT_NEAR(contrast("#000000", "#ffffff"), 21.0, 1e-9);
  EXPECT_NEAR(contrast("#777777", "#ffffff"), 4.48, 0.01);
}

TEST(Style, EveryTokenKeepsItsContrastOnEveryGroundInBothPalettes) {
  for (const ColourToken& token : colour_tokens) {
    const double wanted = token.use == ColourToken::Use::text   ? 4.5
                          : token.use == ColourToken::Use::part ? 3.0
                                                                : 0.0;
    for (const ColourToken& ground : colour_tokens) {
      // The wash lies under curves and under the row that a link led to.
      if (ground.use != ColourToken::Use::ground && ground.name != "wash") continue;
      if (wanted == 0.0) continue;
      EXPECT_GE(contrast(token.light, ground.light), wanted) << token.name << " on " << ground.name;
      EXPECT_GE(contrast(token.dark, ground.dark), wanted) << token.name << " on " << ground.name;
    }
  }
}

TEST(Style, SheetUsesOnlyTokensThatExist) {
  const std::string sheet = style_sheet("x");
  for (std::size_t at = sheet.find("var(--"); at != std::string::npos;
       at = sheet.find("var(--", at + 1)) {
    const std::string name = sheet.substr(at + 6, sheet.find(')', at) - at - 6);
    bool known = false;
    for (const ColourToken& token : colour_tokens)
      known = known || token.name == name;
    EXPECT_TRUE(known) << name;
  }
}

TEST(Style, SheetHasPrintDarkAndNarrowRulesAndLoadsNothing) {
  const std::string sheet = style_sheet("x");
  EXPECT_THAT(sheet, HasSubstr("@media print"));
  EXPECT_THAT(sheet, HasSubstr("size:A4"));
  EXPECT_THAT(sheet, HasSubstr("prefers-color-scheme:dark"));
  EXPECT_THAT(sheet, HasSubstr("max-width:40rem"));
  EXPECT_EQ(sheet.find("url("), std::string::npos);
  EXPECT_EQ(sheet.find("@import"), std::string::npos);
}

TEST(Style, SubjectCannotLeaveItsString) {
  const std::string sheet = style_sheet("a\"}</style><script>\\");
  EXPECT_EQ(sheet.find('<'), std::string::npos);
  EXPECT_THAT(sheet, HasSubstr("\"a\\000022 \\00007D \\00003C \\00002F style"));
}

}  // namespace
}  // namespace lockstep::documents
