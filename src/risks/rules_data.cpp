// SPDX-License-Identifier: Apache-2.0
#include "risks/rules_data.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "risks/rules/rule.hpp"

namespace lockstep::risks {
namespace {

/// Reads members of one map; the first that is not as it should be becomes `problem`.
class Reader {
 public:
  Reader(const Json& node, const std::string& path) : node_(&node), path_(path) {}

  std::string text(const std::string& key) {
    const Json& value = (*node_)[key];
    if (!value.is_string()) expected(key, "a text", value);
    return value.string_or("");
  }

  double number(const std::string& key, double low, double high) {
    const Json& value = (*node_)[key];
    const auto number = value.as_number();
    if (!number || !(*number >= low && *number <= high)) {
      expected(key, fmt::format("a number from {} to {}", low, high), value);
      return low;
    }
    return *number;
  }

  int whole(const std::string& key, int low, int high) {
    const double value = number(key, low, high);
    if (value != static_cast<int>(value)) expected(key, "a whole number", (*node_)[key]);
    return static_cast<int>(value);
  }

  std::vector<std::string> texts(const std::string& key) {
    const Json& value = (*node_)[key];
    std::vector<std::string> texts;
    if (!value.is_array()) expected(key, "a list of texts", value);
    for (const Json& item : value.items()) {
      if (!item.is_string()) expected(key, "a list of texts", item);
      texts.push_back(item.string_or(""));
    }
    return texts;
  }

  Reader map(const std::string& key) {
    const Json& value = (*node_)[key];
    if (!value.is_object()) expected(key, "a map", value);
    Reader inner(value, path_);
    inner.problem_ = problem_;
    return inner;
  }

  void take_problem(const Reader& inner) {
    if (!problem_) problem_ = inner.problem_;
  }

  void expected(const std::string& key, const std::string& what, const Json& found) {
    if (problem_) return;
    const int line = found.line() > 0 ? found.line() : node_->line();
    problem_ = Error{ErrorKind::input,
                     "risk.rules",
                     fmt::format("expected {} under '{}'; mend the file", what, key),
                     {path_, line, found.line() > 0 ? found.column() : node_->column()},
                     {}};
  }

  const Json& node() const { return *node_; }

  const std::optional<Error>& problem() const { return problem_; }

 private:
  const Json* node_;
  std::string path_;
  std::optional<Error> problem_;
};

Band read_band(Reader& reader) {
  Band band;
  band.above = reader.number("above", 0, 1);
  band.words = reader.text("words");
  const std::vector<std::string> levels = reader.texts("levels");
  if (levels.size() != band.levels.size())
    reader.expected("levels", "four levels", reader.node()["levels"]);
  else
    std::ranges::copy(levels, band.levels.begin());
  return band;
}

Result<> read_matrix(const RuleFile& file, RiskRules& rules) {
  Reader reader(file.tree, file.path);
  rules.matrix_source = reader.text("source");
  for (const Json& row : file.tree["bands"].items()) {
    Reader inner(row, file.path);
    rules.bands.push_back(read_band(inner));
    reader.take_problem(inner);
  }
  const bool is_falling = std::ranges::is_sorted(
      rules.bands, [](const Band& a, const Band& b) { return a.above > b.above; });
  if (rules.bands.empty() || rules.bands.back().above != 0 || !is_falling)
    reader.expected("bands", "bands that fall down to 0", file.tree["bands"]);
  if (reader.problem()) return tl::unexpected<Error>(*reader.problem());
  return {};
}

LevelPolicy read_level(Reader& reader) {
  using Asks = LevelPolicy::Asks;
  LevelPolicy level;
  level.level = reader.text("level");
  level.says = reader.text("says");
  level.expires_within_months = reader.whole("expires_within_months", 0, 1200);
  level.decided_by_at_least = reader.whole("decided_by_at_least", 1, 2);
  const std::string asks = reader.text("asks");
  constexpr std::array<std::pair<std::string_view, Asks>, 4> words = {{
      {"redesign", Asks::redesign},
      {"decision", Asks::decision},
      {"reason", Asks::reason},
      {"record", Asks::record},
  }};
  const auto found = std::ranges::find(words, asks, &std::pair<std::string_view, Asks>::first);
  if (found == words.end())
    reader.expected("asks", "redesign, decision, reason or record", reader.node()["asks"]);
  else
    level.asks = found->second;
  const auto then = parse_state(reader.text("then"));
  if (!then)
    reader.expected("then", "a state", reader.node()["then"]);
  else
    level.then = *then;
  return level;
}

void read_attacks(Reader reader, AttackCorrection& attacks, Reader& outer) {
  attacks.one_attack = reader.number("one_attack", 0, 1);
  attacks.ensemble = reader.number("ensemble", 0, 1);
  attacks.ensemble_at_least = static_cast<std::size_t>(reader.whole("ensemble_at_least", 1, 100));
  attacks.black_box = reader.texts("black_box");
  attacks.adaptive = reader.texts("adaptive");
  outer.take_problem(reader);
}

void read_vulnerabilities(Reader reader, VulnerabilityPolicy& policy, Reader& outer) {
  policy.exposure_network = reader.number("exposure_network", 0, 1);
  policy.exposure_near = reader.number("exposure_near", 0, 1);
  policy.exposure_local = reader.number("exposure_local", 0, 1);
  policy.group_at_least = static_cast<std::size_t>(reader.whole("group_at_least", 1, 100000));
  policy.group_quantile = reader.number("group_quantile", 0, 1);
  policy.epss_unknown = reader.number("epss_unknown", 0, 1);
  policy.days_to_fix_unknown = reader.number("days_to_fix_unknown", 1, 36500);
  policy.fixes_at_least = static_cast<std::size_t>(reader.whole("fixes_at_least", 1, 100000));
  outer.take_problem(reader);
}

void read_controls(Reader reader, ControlPolicy& policy, Reader& outer) {
  policy.measured = reader.number("measured", 0, 1);
  policy.reviewed = reader.number("reviewed", 0, 1);
  policy.declared = reader.number("declared", 0, 1);
  policy.half_life_days = reader.number("half_life_days", 1, 36500);
  policy.information_least = reader.number("information_least", 0, 1);
  outer.take_problem(reader);
}

void read_significant(Reader reader, SignificantRisk& policy, Reader& outer) {
  policy.words = reader.text("words");
  policy.act = reader.text("act");
  policy.cites = reader.text("cites");
  policy.level = reader.text("level");
  policy.probability_above = reader.number("probability_above", 0, 1);
  policy.severity_at_least = reader.whole("severity_at_least", 1, 4);
  outer.take_problem(reader);
}

void read_poisoning(Reader reader, Policy& policy, Reader& outer) {
  policy.poisoning_unknown = reader.text("unknown");
  Reader priors = reader.map("priors");
  bool has_unknown = false;
  for (const auto& [name, value] : priors.node().members()) {
    policy.poisoning_priors.emplace_back(name, priors.number(name, 1e-9, 0.999));
    has_unknown = has_unknown || name == policy.poisoning_unknown;
  }
  if (!has_unknown) reader.expected("unknown", "one of the classes", reader.node()["unknown"]);
  outer.take_problem(reader);
  outer.take_problem(priors);
}

Result<> read_policy(const RuleFile& file, RiskRules& rules) {
  Reader reader(file.tree, file.path);
  Policy& policy = rules.policy;
  policy.horizon_years = reader.number("horizon_years", 0.1, 100);
  policy.harm_classes = reader.texts("harm_classes");
  for (const Json& row : file.tree["levels"].items()) {
    Reader inner(row, file.path);
    policy.levels.push_back(read_level(inner));
    reader.take_problem(inner);
  }
  read_attacks(reader.map("attacks"), policy.attacks, reader);
  read_vulnerabilities(reader.map("vulnerabilities"), policy.vulnerabilities, reader);
  read_controls(reader.map("controls"), policy.controls, reader);
  read_significant(reader.map("significant"), policy.significant, reader);
  read_poisoning(reader.map("poisoning"), policy, reader);
  if (reader.problem()) return tl::unexpected<Error>(*reader.problem());
  return {};
}

Result<Category> read_category(const RuleFile& file) {
  Reader reader(file.tree, file.path);
  Category category;
  category.id = reader.text("id");
  category.title = reader.text("title");
  category.acts = reader.texts("acts");
  category.requirements = reader.texts("requirements");
  category.cause = reader.text("cause");
  category.techniques = reader.texts("techniques");
  category.situation = reader.text("situation");
  Reader harm = reader.map("harm");
  category.harm = {harm.text("class"), harm.whole("severity", 1, 4), harm.text("reason")};
  reader.take_problem(harm);
  if (file.tree.find("shown_by_evidence_for") != nullptr)
    category.shown_by_evidence_for = reader.texts("shown_by_evidence_for");
  if (reader.problem()) return tl::unexpected<Error>(*reader.problem());
  return category;
}

/// Each level of the matrix has its policy, each category a known class of harm, each rule a
/// category.
Result<> check_whole(const RiskRules& rules) {
  for (const Band& band : rules.bands)
    for (const std::string& level : band.levels)
      if (rules.level(level) == nullptr)
        return fail(ErrorKind::input, "risk.rules",
                    fmt::format("expected a policy for each level of the matrix, found none for "
                                "'{}'; add it to policy.yaml",
                                quotable(level)));
  for (const Category& category : rules.categories)
    if (std::ranges::find(rules.policy.harm_classes, category.harm.harm_class) ==
        rules.policy.harm_classes.end())
      return fail(ErrorKind::input, "risk.rules",
                  fmt::format("expected a harm class of policy.yaml in category '{}', found '{}'",
                              category.id, quotable(category.harm.harm_class)));
  for (const Rule& rule : all_rules())
    if (rules.category(rule.id) == nullptr)
      return fail(ErrorKind::input, "risk.rules",
                  fmt::format("expected data/risks/{}.yaml for the rule of that name; restore it",
                              rule.id));
  return {};
}

}  // namespace

const Category* RiskRules::category(std::string_view id) const {
  const auto found = std::ranges::find(categories, id, &Category::id);
  return found == categories.end() ? nullptr : &*found;
}

const LevelPolicy* RiskRules::level(std::string_view level) const {
  const auto found = std::ranges::find(policy.levels, level, &LevelPolicy::level);
  return found == policy.levels.end() ? nullptr : &*found;
}

Result<RiskRules> load_risk_rules(std::span<const RuleFile> files) {
  RiskRules rules;
  bool has_matrix = false;
  bool has_policy = false;
  for (const RuleFile& file : files) {
    if (file.path.ends_with("matrix.yaml")) {
      TRY_VOID(read_matrix(file, rules));
      has_matrix = true;
    } else if (file.path.ends_with("policy.yaml")) {
      TRY_VOID(read_policy(file, rules));
      has_policy = true;
    } else {
      TRY(auto category, read_category(file));
      rules.categories.push_back(std::move(category));
    }
  }
  if (!has_matrix || !has_policy)
    return fail(ErrorKind::input, "risk.rules",
                "expected data/risks to hold matrix.yaml and policy.yaml; restore them");
  TRY_VOID(check_whole(rules));
  return rules;
}

}  // namespace lockstep::risks
