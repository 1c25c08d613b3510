// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "regulations/load.hpp"
#include "support/paths.hpp"

namespace lockstep::regulations::test {

/// Every YAML file below data/ of the checkout, with paths relative to data/.
inline std::vector<SourceFile> data_files() {
  namespace fs = std::filesystem;
  const fs::path root = lockstep::test::source_path("data");
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".yaml") paths.push_back(entry.path().string());
  }
  std::ranges::sort(paths);
  std::vector<SourceFile> files;
  for (const std::string& path : paths) {
    Diagnostics problems;
    const std::string name = fs::relative(path, root).string();
    auto tree = parse_yaml(lockstep::test::read_file(path), name, problems);
    EXPECT_TRUE(tree.has_value()) << path;
    for (const auto& entry : problems.entries())
      ADD_FAILURE() << to_text(entry);
    if (tree) files.push_back({name, *std::move(tree)});
  }
  return files;
}

/// The ruleset of the checkout, read once.
inline const Ruleset& real_rules() {
  static const Ruleset rules = [] {
    static const std::vector<SourceFile> files = data_files();
    Diagnostics problems;
    Ruleset loaded = load_ruleset(files, problems);
    for (const auto& entry : problems.entries())
      ADD_FAILURE() << to_text(entry);
    return loaded;
  }();
  return rules;
}

}  // namespace lockstep::regulations::test
