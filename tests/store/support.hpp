// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "store/store.hpp"

namespace lockstep::store::test {

inline Evidence evidence(const std::string& id) {
  Evidence one;
  one.id = id;
  one.kind = "sbom";
  one.subject = "sbom/application.cdx.json";
  one.sha256 = std::string(64, 'a');
  one.made_by = "lockstep 0.1.0";
  one.made_at = "2028-01-01T00:00:00Z";
  one.shows = {"cra.sbom"};
  return one;
}

inline std::vector<Evidence> some(int count, const std::string& prefix = "e") {
  std::vector<Evidence> all;
  for (int i = 1; i <= count; ++i)
    all.push_back(evidence(prefix + std::to_string(i)));
  return all;
}

/// Runs SQL on the file, beside the store: what someone with write access can do.
inline void tamper(const std::string& path, const std::string& sql) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
  char* message = nullptr;
  EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << message;
  sqlite3_free(message);
  sqlite3_close(handle);
}

inline std::vector<std::string> problems(const ChainReport& report) {
  std::vector<std::string> texts;
  for (const ChainProblem& problem : report.problems)
    texts.push_back(problem.says);
  return texts;
}

}  // namespace lockstep::store::test
