// SPDX-License-Identifier: Apache-2.0
#include "documents/render/escape.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>

#include "base/text.hpp"

namespace lockstep::documents {
namespace {

struct Row {
  std::string text;
  std::string escaped;
};

TEST(Escape, Table) {
  const Row rows[] = {
      {"", ""},
      {"plain, 100 %", "plain, 100 %"},
      {"<a href=\"x\">'&'</a>", "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;"},
      {"&amp;", "&amp;amp;"},
      {"line\nfeed\tand tab", "line\nfeed\tand tab"},
      {std::string("zero\0byte", 9),
       "zero\xEF\xBF\xBD"
       "byte"},
      {"\x1b[31m\x7f", "\xEF\xBF\xBD[31m\xEF\xBF\xBD"},
      {"\xC2\x85next line", "\xEF\xBF\xBDnext line"},
      {"Bj\xC3\xB8rn \xE6\x97\xA5 \xF0\x9F\x9A\xA2", "Bj\xC3\xB8rn \xE6\x97\xA5 \xF0\x9F\x9A\xA2"},
      {"\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D", "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D"},
      {"a\xE2\x80\xAE"
       "b\xE2\x81\xA6"
       "c\xE2\x80\x8F",
       "a[U+202E]b[U+2066]c[U+200F]"},
      {"\xff\xc3", "\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"cut \xE6\x97", "cut \xEF\xBF\xBD\xEF\xBF\xBD"},
      {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
  };
  for (const Row& row : rows)
    EXPECT_EQ(escape_html(row.text), row.escaped) << row.text;
}

RC_GTEST_PROP(Escape, AnyBytesBecomeSafeUtf8, (const std::string& bytes)) {
  const std::string escaped = escape_html(bytes);
  RC_ASSERT(is_utf8(escaped));
  RC_ASSERT(escaped.find_first_of("<>\"'") == std::string::npos);
  RC_ASSERT(escaped.find('\0') == std::string::npos);
  const std::string css = css_string(bytes);
  RC_ASSERT(css.substr(1, css.size() - 2).find_first_of("\"<>\n;{}") == std::string::npos);
}

}  // namespace
}  // namespace lockstep::documents
