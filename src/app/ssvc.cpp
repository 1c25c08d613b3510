// SPDX-License-Identifier: Apache-2.0
#include "app/ssvc.hpp"

#include <fmt/format.h>

#include "app/embedded_law.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "risks/ssvc_data.hpp"

namespace lockstep::app {

namespace {

Json point_json(const SsvcPoint& point) {
  return Json::object_of({{"point", point.id},
                          {"name", point.name},
                          {"version", point.version},
                          {"values", Json::array_of(point.values)}});
}

Json tree_json(const SsvcTable& table) {
  return Json::object_of({{"id", table.id},
                          {"title", table.title},
                          {"version", table.version},
                          {"source", table.source}});
}

}  // namespace

Result<std::unique_ptr<const SsvcTables>> embedded_ssvc() {
  TRY(auto trees, embedded_trees("ssvc/"));
  std::vector<risks::RuleFile> files;
  for (regulations::SourceFile& tree : trees)
    files.push_back({std::move(tree.path), std::move(tree.tree)});
  return risks::load_ssvc_tables(files);
}

Result<SsvcInput> read_ssvc_input(const std::string& word) {
  const std::size_t equals = word.find('=');
  const std::string_view value =
      equals == std::string::npos ? "" : trim(std::string_view(word).substr(equals + 1));
  if (equals == 0 || value.empty()) {
    return fail(ErrorKind::usage, "ssvc.word",
                fmt::format("expected POINT=VALUE such as exploitation=active, found '{}'",
                            quotable(word)));
  }
  SsvcInput input{std::string(trim(std::string_view(word).substr(0, equals))), {}, "given"};
  if (lower_case(value) == "unknown") return input;
  for (const std::string_view one : split(value, ','))
    input.values.emplace_back(trim(one));
  return input;
}

Result<SsvcDecision> decide_tree(const SsvcTables& tables,
                                 const std::string& tree,
                                 const std::vector<std::string>& words,
                                 Diagnostics& problems) {
  const SsvcTable* table = tables.find(lower_case(tree));
  if (table == nullptr) {
    std::vector<std::string> names;
    for (const SsvcTable& one : tables.tables)
      names.push_back(one.id);
    const auto near = nearest(lower_case(tree), names);
    return fail(ErrorKind::usage, "ssvc.tree",
                fmt::format("there is no tree '{}'; {}", quotable(tree),
                            near ? fmt::format("did you mean '{}'?", *near)
                                 : "there are " + join(names, ", ")));
  }
  std::vector<SsvcInput> inputs;
  for (const std::string& word : words) {
    auto input = read_ssvc_input(word);
    if (input) {
      inputs.push_back(*std::move(input));
    } else {
      problems.add(input.error());
    }
  }
  if (problems.has_errors()) {
    return fail(
        ErrorKind::usage, "input.problems",
        fmt::format("{} problems in the answers; nothing was decided", problems.error_count()));
  }
  return decide_ssvc(tables, *table, inputs);
}

std::string ssvc_document(const SsvcDecision& decision, int exit) {
  Json answers = Json::array();
  for (const SsvcAnswer& answer : decision.answers) {
    answers.push(point_json(*answer.point)
                     .set("possible", Json::array_of(answer.possible))
                     .set("because", answer.because));
  }
  return to_pretty_json(Json::object_of(
      {{"schema", "lockstep/ssvc/1"},
       {"tree", tree_json(*decision.table)},
       {"answers", std::move(answers)},
       {"outcome", decision.is_decided() ? Json(decision.outcomes.front()) : Json{}},
       {"outcomes", Json::array_of(decision.outcomes)},
       {"missing", Json::array_of(decision.missing)},
       {"exit", exit}}));
}

std::string ssvc_trees_document(const SsvcTables& tables) {
  Json trees = Json::array();
  for (const SsvcTable& table : tables.tables) {
    Json points = Json::array();
    for (const SsvcPoint* point : ssvc_points_of(tables, table))
      points.push(point_json(*point));
    trees.push(tree_json(table)
                   .set("points", std::move(points))
                   .set("outcomes", Json::array_of(table.outcome.values)));
  }
  return to_pretty_json(Json::object_of(
      {{"schema", "lockstep/ssvc_trees/1"}, {"trees", std::move(trees)}, {"exit", 0}}));
}

}  // namespace lockstep::app
