// SPDX-License-Identifier: Apache-2.0
// The package managers' own vectors (version-native), one JSON document per line.
#pragma once

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/text.hpp"
#include "support/paths.hpp"
#include "versions/native/native.hpp"

namespace lockstep::versions::test_suite {

/// The documents of version-native/NAME.jsonl.
inline std::vector<Json> rows_of(const std::string& name) {
  std::vector<Json> documents;
  const std::string path = "vuln/suites/version-native/" + name + ".jsonl";
  const std::string text = test::read_file(test::shared_path(path));
  for (const std::string_view line : split(text, '\n')) {
    if (trim(line).empty()) continue;
    Diagnostics problems;
    auto parsed = parse_json(line, "line", problems);
    EXPECT_TRUE(parsed) << line;
    if (parsed) documents.push_back(*std::move(parsed));
  }
  EXPECT_FALSE(documents.empty()) << name;
  return documents;
}

/// "yes", "no", or the code of the error.
inline std::string answer(const NativeSyntax& syntax,
                          const std::string& range,
                          const std::string& version,
                          const NativeOptions& options = {}) {
  const auto parsed = parse_native(syntax, range, options);
  if (!parsed) return parsed.error().code;
  return contains(*parsed, version) ? "yes" : "no";
}

inline std::string yes_or_no(bool yes) {
  return yes ? "yes" : "no";
}

}  // namespace lockstep::versions::test_suite
