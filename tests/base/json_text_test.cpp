// SPDX-License-Identifier: Apache-2.0
#include "base/json_text.hpp"

#include <charconv>
#include <cmath>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/json.hpp"
#include "base/json_tree.hpp"
#include "base/parallel.hpp"
#include "base/printable.hpp"

namespace lockstep {
namespace {

/// RFC 8785, section 3.2.2.2, one character at a time.
std::string quoted_slowly(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    constexpr std::string_view hex = "0123456789abcdef";
    constexpr std::string_view short_forms = "\bb\ff\nn\rr\tt";
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (byte >= 0x20) {
      out += c;
    } else if (const auto at = short_forms.find(c); at != std::string_view::npos) {
      out += {'\\', short_forms[at + 1]};
    } else {
      out += std::string("\\u00") + hex[byte >> 4U] + hex[byte & 15U];
    }
  }
  return out + '"';
}

std::string canonical(std::string_view text) {
  std::string out;
  JsonText(out, JsonText::Style::canonical).value(text);
  return out;
}

RC_GTEST_PROP(JsonText, QuotesEveryAsciiTextAsTheStandardSays, ()) {
  const auto text = *rc::gen::container<std::string>(
      rc::gen::map(rc::gen::inRange(0, 127), [](int code) { return static_cast<char>(code); }));
  RC_ASSERT(canonical(text) == quoted_slowly(text));
}

TEST(JsonText, LooksAtEveryByteOfALongText) {
  for (std::size_t size = 0; size < 40; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (const char c : {'"', '\\', '\n', '\x1f', ' ', '!', '~'}) {
        std::string text(size, 'a');
        text[at] = c;
        EXPECT_EQ(canonical(text), quoted_slowly(text));
      }
    }
  }
}

TEST(JsonText, KeepsWholeUtf8AndMarksOtherBytes) {
  EXPECT_EQ(canonical("a\xC3\xA9z"), "\"a\xC3\xA9z\"");
  EXPECT_EQ(canonical("a\xC3z"), "\"a\xEF\xBF\xBDz\"");
  std::string pretty;
  JsonText(pretty).value("\x7F");
  EXPECT_EQ(pretty, "\"\\u007f\"");
}

TEST(JsonText, WritesPiecesLongerThanItsRoom) {
  const std::string text = std::string(10'000, 'x') + "\"" + std::string(5'000, 'y');
  std::string out;
  JsonText writer(out, JsonText::Style::canonical);
  writer.open_array();
  writer.value(text);
  writer.value(std::int64_t{7});
  writer.close_array();
  EXPECT_EQ(out, "[" + quoted_slowly(text) + ",7]");
}

template <typename Out>
void describe(Out& out) {
  out.open_object();
  out.key("empty");
  out.open_array();
  out.close_array();
  out.key("list");
  out.open_array();
  out.value(1);
  out.open_object();
  out.key("inner");
  out.value(nullptr);
  out.close_object();
  out.value(0.5);
  out.close_array();
  out.key("truth");
  out.value(true);
  out.close_object();
}

TEST(JsonText, SaysWhatTheTreeOfTheSameCallsSays) {
  std::string text;
  JsonText writer(text);
  describe(writer);
  JsonTree tree;
  describe(tree);
  EXPECT_EQ(text + "\n", to_pretty_json(tree.take()));
  EXPECT_EQ(text,
            "{\n  \"empty\": [],\n  \"list\": [\n    1,\n    {\n      \"inner\": null\n    },\n"
            "    0.5\n  ],\n  \"truth\": true\n}");
}

/// The shortest digits that read back are those of the C++ library; between 0.1 and 100 they are
/// written plainly.
TEST(JsonText, WritesTenthsAsTheirShortestDigits) {
  for (int i = -20; i <= 2'000; ++i) {
    for (const double near : {0.0, 1e-15, -1e-15, 0.05}) {
      const double number = i / 10.0 + near;
      if (std::abs(number) < 0.05) continue;
      char shortest[32];
      const auto end =
          std::to_chars(shortest, std::end(shortest), number, std::chars_format::fixed);
      std::string out;
      JsonText(out, JsonText::Style::canonical).value(number);
      EXPECT_EQ(out, std::string(shortest, end.ptr));
    }
  }
}

TEST(JsonText, ListsInPiecesSayWhatOneTextSays) {
  std::string whole;
  JsonText out(whole);
  out.open_object();
  out.key("list");
  out.open_array();
  for (const int number : {1, 2, 3, 4, 5})
    out.value(number);
  out.close_array();
  out.close_object();

  const auto elements = [](std::initializer_list<int> numbers) {
    std::string text;
    JsonText some = JsonText::elements(2, text);
    for (const int number : numbers)
      some.value(number);
    some.finish();
    return text;
  };
  TextPieces pieces;
  std::string rest;
  JsonText parts(rest);
  parts.open_object();
  parts.key("list");
  parts.open_array();
  parts.append(elements({1, 2}), pieces);
  parts.append(elements({}), pieces);
  parts.append(elements({3}), pieces);
  parts.value(4);
  parts.append(elements({5}), pieces);
  parts.close_array();
  parts.close_object();
  pieces.push_back(rest);
  EXPECT_EQ(joined(pieces), whole);
}

TEST(Parallel, EveryItemIsInOnePart) {
  for (const std::size_t items : {0U, 1U, 7U, 1000U}) {
    for (const std::size_t parts : {1U, 2U, 3U, 16U}) {
      std::vector<std::vector<std::size_t>> seen(parts);
      in_parts(items, parts, [&](std::size_t part, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
          seen[part].push_back(i);
      });
      std::vector<std::size_t> all;
      for (const auto& part : seen)
        all.insert(all.end(), part.begin(), part.end());
      ASSERT_EQ(all.size(), items);
      for (std::size_t i = 0; i < items; ++i)
        EXPECT_EQ(all[i], i);
    }
  }
}

}  // namespace
}  // namespace lockstep
