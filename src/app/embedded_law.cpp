// SPDX-License-Identifier: Apache-2.0
#include "app/embedded_law.hpp"

#include <string>

#include "app/embedded_data.hpp"
#include "base/diagnostics.hpp"
#include "regulations/load.hpp"

namespace lockstep::app {
namespace {

Result<> read_into(const EmbeddedFile& file, std::vector<regulations::SourceFile>& trees) {
  Diagnostics problems;
  TRY(Json tree, parse_json(file.json, std::string(file.path), problems));
  trees.push_back({std::string(file.path), std::move(tree)});
  return {};
}

/// Cases are for tests, and take longer to read than the law itself.
bool is_law(std::string_view path) {
  return path == "facts.yaml" || path == "questions.yaml" || path == "countries.yaml" ||
         path == "contradictions.yaml" || path == "evidence_kinds.yaml" ||
         path == "duty_words.yaml" ||
         (path.starts_with("regulations/") && path.find("cases/") == std::string_view::npos &&
          path.find("/clocks/") == std::string_view::npos);
}

}  // namespace

Result<std::vector<regulations::SourceFile>> embedded_trees(std::string_view prefix) {
  std::vector<regulations::SourceFile> trees;
  for (const EmbeddedFile& file : embedded_data()) {
    if (file.path.starts_with(prefix)) TRY_VOID(read_into(file, trees));
  }
  return trees;
}

Result<regulations::Ruleset> embedded_law() {
  std::vector<regulations::SourceFile> trees;
  for (const EmbeddedFile& file : embedded_data()) {
    if (is_law(file.path)) TRY_VOID(read_into(file, trees));
  }
  Diagnostics problems;
  regulations::Ruleset rules = regulations::load_ruleset(trees, problems);
  for (const Diagnostic& entry : problems.entries()) {
    if (entry.severity == Severity::error) {
      return fail(ErrorKind::internal, entry.code, entry.message, entry.where);
    }
  }
  return rules;
}

}  // namespace lockstep::app
