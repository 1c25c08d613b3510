// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "risks/assess.hpp"
#include "risks/rules_data.hpp"
#include "support/paths.hpp"

namespace lockstep::risks::test {

/// The files of data/risks, parsed, sorted by path.
inline std::vector<RuleFile> rule_files() {
  std::vector<std::string> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(lockstep::test::source_path("data/risks")))
    paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  std::vector<RuleFile> files;
  for (const std::string& path : paths) {
    Diagnostics problems;
    auto tree = parse_yaml(lockstep::test::read_file(path), path, problems);
    EXPECT_TRUE(tree.has_value()) << path;
    EXPECT_FALSE(problems.has_errors()) << path;
    files.push_back({"risks/" + std::filesystem::path(path).filename().string(), *tree});
  }
  return files;
}

inline const RiskRules& rules() {
  static const RiskRules loaded = [] {
    auto result = load_risk_rules(rule_files());
    if (!result) throw std::runtime_error(to_text(result.error()));
    return *result;
  }();
  return loaded;
}

inline Day day(const std::string& text) {
  return *parse_day(text);
}

/// k of n attacks succeed in one test of a model.
inline Measurement measured(const std::string& id,
                            const std::string& model,
                            std::int64_t k,
                            std::int64_t n) {
  Measurement measurement;
  measurement.id = id;
  measurement.model_id = model;
  measurement.samples = n;
  measurement.norm = "linf";
  measurement.epsilon = 0.03;
  measurement.clean = {n, n, {}};
  measurement.robust = {n - k, n, {}};
  measurement.attacks = {{"pgd", "", n, k, 0, 0, 0}};
  return measurement;
}

inline Threshold threshold(const std::string& id, double at_most) {
  Threshold one;
  one.id = id;
  one.metric = "attack_success";
  one.at_most = at_most;
  one.locked_at = "2028-01-01T00:00:00Z";
  return one;
}

inline Finding finding(const std::string& component, const std::string& advisory, double epss) {
  Finding one;
  one.sbom = "sbom/application.cdx.json";
  one.component = component;
  one.version = "1.0";
  one.advisory = advisory;
  one.severity.word = "high";
  one.epss = EpssScore{epss, 0.5, "2028-01-01"};
  one.state = State::human;
  return one;
}

/// A small product with one bill of materials and one model.
inline Product product() {
  Product one;
  one.name = "Quayside Reader";
  one.support_from = day("2028-09-04");
  one.support_until = day("2033-09-04");
  one.sboms = {{"sbom/application.cdx.json", "application", {}}};
  ModelInput model;
  model.id = "reader";
  model.data = "data/test.npz";
  EvasionTest test;
  test.id = "reader.linf";
  test.epsilon = 0.03;
  test.samples = 500;
  test.max_attack_success = 0.4;
  test.reason = "what a scratched label does";
  model.evasion = {test};
  one.models = {model};
  return one;
}

/// A complete judgement, dated and named.
inline RiskJudgement judgement(const std::string& id) {
  RiskJudgement one;
  one.id = id;
  one.rate_low = 0.2;
  one.rate_high = 5;
  one.harm_low = 0.001;
  one.harm_high = 0.01;
  one.harm_class = "H";
  one.severity = 3;
  one.reason = "seen in the field trial";
  one.by = "product safety";
  one.date = "2028-02-01";
  return one;
}

}  // namespace lockstep::risks::test
