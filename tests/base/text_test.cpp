// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/printable.hpp"

namespace lockstep {
namespace {

using Words = std::vector<std::string>;
using Pieces = std::vector<std::string_view>;

TEST(Text, LowerCaseTouchesAsciiOnly) {
  EXPECT_EQ(lower_case("AZaz09-\xC3\x84"), "azaz09-\xC3\x84");
}

TEST(Text, TrimsBothEnds) {
  EXPECT_EQ(trim(" \t\r\n a b \n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Text, SplitsAtEachSeparator) {
  EXPECT_EQ(split("a,,b", ','), (Pieces{"a", "", "b"}));
  EXPECT_EQ(split("", ','), Pieces{""});
  EXPECT_EQ(split(",", ','), (Pieces{"", ""}));
}

TEST(Text, Joins) {
  EXPECT_EQ(join(Words{"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join(Words{}, ", "), "");
}

TEST(Text, DistancesCountOneSwapAsOne) {
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("ca", "ac"), 1U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", "abc"), 0U);
}

TEST(Text, SuggestsOnlyWhatIsNear) {
  const Words words = {"assess", "scope", "explain", "thresholds"};
  EXPECT_EQ(nearest("asess", words), "assess");
  EXPECT_EQ(nearest("SCOPE", words), "scope");
  EXPECT_EQ(nearest("treshold", words), "thresholds");
  EXPECT_EQ(nearest("bundle", words), std::nullopt);
  EXPECT_EQ(nearest(std::string(201, 'a'), words), std::nullopt);
  EXPECT_EQ(nearest("scope", Words{}), std::nullopt);
}

// The table of well-formed byte sequences in the Unicode Standard, chapter 3, with what lies
// beside.
TEST(Text, Utf8IsThatOfUnicode) {
  for (const char* good : {"", "a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                           "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2 ", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xE2\x82",
        "\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xFF", "a\xFE"})
    EXPECT_FALSE(is_utf8(bad)) << bad;
}

TEST(Text, QuotedTextIsShortAndHarmless) {
  EXPECT_EQ(quotable("plain"), "plain");
  EXPECT_EQ(quotable("a\x1B[31m\nb\x7F"), "a?[31m?b?");
  EXPECT_EQ(quotable("abcdef", 3), "abc...");
  EXPECT_EQ(quotable("a\xC3\xBC"
                     "b",
                     2),
            "a...");
  EXPECT_EQ(quotable("\xFF\xC3\xBC"), "?\xC3\xBC");
  EXPECT_EQ(quotable(std::string(100, 'x')).size(), 83U);
}

/// The recursive definition, slow and obvious.
std::size_t slow_distance(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return a.size() + b.size();
  const std::size_t change = a.back() == b.back() ? 0 : 1;
  const auto shorter = [](std::string_view text) { return text.substr(0, text.size() - 1); };
  std::size_t best = std::min({slow_distance(shorter(a), b) + 1, slow_distance(a, shorter(b)) + 1,
                               slow_distance(shorter(a), shorter(b)) + change});
  if (a.size() > 1 && b.size() > 1 && a.back() == b[b.size() - 2] && a[a.size() - 2] == b.back())
    best = std::min(best, slow_distance(shorter(shorter(a)), shorter(shorter(b))) + 1);
  return best;
}

RC_GTEST_PROP(TextProperties, DistanceIsThatOfTheDefinition, ()) {
  const auto short_word = rc::gen::container<std::string>(rc::gen::elementOf(std::string("abc")));
  const std::string a = (*short_word).substr(0, 6);
  const std::string b = (*short_word).substr(0, 6);
  RC_ASSERT(edit_distance(a, b) == slow_distance(a, b));
  RC_ASSERT(edit_distance(a, b) == edit_distance(b, a));
}

RC_GTEST_PROP(TextProperties, SplittingAndJoiningUndoEachOther, (const std::string& text)) {
  Words words;
  for (const std::string_view piece : split(text, ','))
    words.emplace_back(piece);
  std::string joined = words[0];
  for (std::size_t i = 1; i < words.size(); ++i)
    joined += "," + words[i];
  RC_ASSERT(joined == text);
}

RC_GTEST_PROP(TextProperties, AnythingQuotedIsUtf8WithoutControls, (const std::string& text)) {
  const std::string quoted = quotable(text, 20);
  RC_ASSERT(is_utf8(quoted));
  RC_ASSERT(quoted.size() <= 23U);
  RC_ASSERT(std::ranges::none_of(quoted, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }));
}

}  // namespace

TEST(Printable, ShowsWhatATerminalWouldObey) {
  EXPECT_EQ(printable("a\x1b[31m\nb\tc\r\x7f"), "a?[31m\nb\tc??");
  EXPECT_EQ(printable_line("a\nb\tc"), "a?b?c");
  EXPECT_EQ(printable("\xC2\x9B"
                      "2J"),
            "?2J");  // U+009B, the one-character CSI
  EXPECT_EQ(printable("a\xE2\x80\xAE"
                      "b"),
            "a?b");  // U+202E turns the direction
  EXPECT_EQ(printable("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x9A\xA2"),
            "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x9A\xA2");  // letters of two, three and four bytes
  EXPECT_EQ(printable("\xC0\xAF\xED\xA0\x80\xF5"), "??????");  // overlong, surrogate, beyond
}

TEST(Printable, FindsTheFirstByteThatIsNoUtf8) {
  EXPECT_EQ(utf8_prefix("abc"), 3U);
  EXPECT_EQ(utf8_prefix("ab\xC3\xA9\xFF"
                        "c"),
            4U);
  EXPECT_EQ(utf8_prefix("ab\xC3"), 2U);
  EXPECT_EQ(utf8_prefix(""), 0U);
}

}  // namespace lockstep
