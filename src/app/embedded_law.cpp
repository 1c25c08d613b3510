// SPDX-License-Identifier: Apache-2.0
#include "app/embedded_law.hpp"

#include <string>

#include "app/embedded_data.hpp"
#include "base/diagnostics.hpp"
#include "regulations/compiled.hpp"

namespace lockstep::app {
namespace {

Result<> read_into(const EmbeddedFile& file, std::vector<regulations::SourceFile>& trees) {
  Diagnostics problems;
  TRY(Json tree, parse_json(file.json, std::string(file.path), problems));
  trees.push_back({std::string(file.path), std::move(tree)});
  return {};
}

}  // namespace

Result<std::vector<regulations::SourceFile>> embedded_trees(std::string_view prefix) {
  std::vector<regulations::SourceFile> trees;
  for (const EmbeddedFile& file : embedded_data()) {
    if (file.path.starts_with(prefix)) TRY_VOID(read_into(file, trees));
  }
  return trees;
}

regulations::Ruleset embedded_law() {
  return regulations::ruleset_of(embedded_ruleset());
}

}  // namespace lockstep::app
