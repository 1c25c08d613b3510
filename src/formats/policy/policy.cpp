// SPDX-License-Identifier: Apache-2.0
#include "formats/policy/policy.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <set>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "domain/purl.hpp"
#include "formats/limits.hpp"
#include "formats/product/section.hpp"

namespace lockstep::formats {
namespace {

using Words = std::vector<std::string>;

constexpr NumberRange share{0, 1, false, "a number from 0 to 1"};
constexpr NumberRange cvss{0, 10, false, "a number from 0 to 10"};
constexpr NumberRange days{0, 36'500, false, "a number of days from 0 to 36500"};

const Words ratings = {"none", "low", "medium", "high", "critical"};

/// Nothing, an empty text or list, or a map of such; an empty map has a message of its own.
bool says_nothing(const Json& value) {
  if (value.is_object())
    return !value.members().empty() && std::ranges::all_of(value.members(), [](const auto& member) {
      return says_nothing(member.second);
    });
  if (value.is_array()) return value.items().empty();
  return value.is_null() || (value.is_string() && value.string_or("").empty());
}

class Reader {
 public:
  explicit Reader(const Source& source) : source_(source) {}

  GatePolicy read(const Json& tree) {
    Section file(tree, source_, "");
    file.any("lockstep_policy");
    GatePolicy policy;
    policy.name = file.text("name", Presence::required);
    policy.settled_first = file.word("settled", Words{"pass", "rules"}) != "rules";
    policy.carries_statements =
        file.word("carry", Words{"no", "same_component"}) == "same_component";
    const std::string otherwise = file.word("otherwise", Words{"human", "warn", "fail"});
    if (const auto state = parse_state(otherwise)) policy.otherwise = *state;
    read_ssvc(file.section("ssvc"), policy);
    const std::size_t count = file.list("rules").size();
    if (count == 0)
      file.problem("policy.rule", "expected at least one rule under 'rules', found none", "rules");
    for (std::size_t i = 0; i < count; ++i)
      policy.rules.push_back(read_rule(file.element("rules", i)));
    file.finish();
    check_ids(policy);
    return policy;
  }

 private:
  GateRule read_rule(Section section) {
    GateRule rule;
    rule.where = section.where();
    rule.id = section.text("id", Presence::required);
    const Words states = {"pass", "warn", "fail", "human"};
    const std::string then = section.word("then", states, Presence::required);
    if (const auto state = parse_state(then)) rule.then = *state;
    rule.reason = section.text("reason", Presence::required);
    const bool has_conditions =
        section.any("when").is_object() && !section.any("when").members().empty();
    check_conditions(section.any("when"));
    rule.when = read_when(section.section("when"));
    if (rule.then == State::pass && !has_conditions)
      section.problem("policy.passes",
                      fmt::format("the rule '{}' lets every finding pass, also those of which "
                                  "nothing is known; give it a condition",
                                  quotable(rule.id)),
                      "then");
    section.finish();
    return rule;
  }

  GateWhen read_when(Section section) {
    GateWhen when;
    when.statement = words(section, "statement",
                           {"none", "open", "settled", "fixed", "not_affected", "affected",
                            "under_investigation", "accepted", "expired"});
    read_severity(section, when);
    when.score = between(section, "cvss", cvss);
    when.epss = between(section, "epss", share);
    when.epss_percentile = between(section, "epss_percentile", share);
    when.exploited = words(section, "exploited", {"any", "none", "cisa-kev", "eu-kev"});
    const bool is_alone = when.exploited.size() < 2;
    for (const std::string& word : when.exploited)
      if (!is_alone && (word == "any" || word == "none"))
        section.problem("policy.rule",
                        fmt::format("expected '{}' alone, or the names of lists", word),
                        "exploited");
    when.ssvc = texts(section, "ssvc");
    when.ssvc_possible = texts(section, "ssvc_possible");
    const std::string fix = section.word("fix", Words{"yes", "no"});
    if (!fix.empty()) when.has_fix = fix == "yes";
    when.fix_age = between(section, "fix_age", days);
    when.reachable = words(section, "reachable", {"yes", "no", "unknown"});
    when.scope = words(section, "scope", {"required", "optional", "excluded", "development"});
    when.ecosystem = texts(section, "ecosystem");
    when.component = texts(section, "component");
    for (const std::string& pattern : when.component)
      check_pattern(section, pattern);
    when.vulnerability = texts(section, "vulnerability");
    const bool asks_ssvc = !when.ssvc.empty() || !when.ssvc_possible.empty();
    if (asks_ssvc && !has_tree_)
      section.problem("policy.rule",
                      "expected a tree under 'ssvc', since this rule asks for its outcome",
                      when.ssvc.empty() ? "ssvc_possible" : "ssvc");
    section.finish();
    return when;
  }

  /// A condition that is begun and not written would ask nothing, and hold for every finding.
  void check_conditions(const Json& when) const {
    for (const auto& [key, value] : when.members()) {
      if (!says_nothing(value)) continue;
      source_.problems.error(
          "policy.rule", fmt::format("expected a value for 'when.{}', found none", quotable(key)),
          value.key_at(source_.path));
    }
  }

  static void check_pattern(Section& section, const std::string& pattern) {
    if (!pattern.starts_with("pkg:") || pattern.ends_with('*')) return;
    if (const auto purl = parse_purl(pattern); !purl)
      section.problem("policy.rule",
                      fmt::format("expected a package URL, a name, or a beginning with '*', found "
                                  "'{}': {}",
                                  quotable(pattern), purl.error().message),
                      "component");
  }

  /// One text, or a list of them.
  static Words texts(Section& section, std::string_view key) {
    const Json& value = section.any(key);
    if (value.is_string()) return {value.string_or("")};
    return section.texts(key);
  }

  static Words words(Section& section, std::string_view key, const Words& known) {
    Words found = texts(section, key);
    for (const std::string& word : found) {
      if (std::ranges::find(known, word) != known.end()) continue;
      section.problem("product.word",
                      fmt::format("expected one of {} for '{}.{}', found '{}'{}", join(known, ", "),
                                  section.name(), key, quotable(word), suggestion(word, known)),
                      key);
    }
    return found;
  }

  static Between between(Section& section, std::string_view key, const NumberRange& range) {
    Between read;
    if (section.any(key).is_null()) return read;
    Section inner = section.section(key);
    read.at_least = inner.number("at_least", range);
    read.at_most = inner.number("at_most", range);
    if (read.at_least && read.at_most && *read.at_least > *read.at_most)
      inner.problem("product.order",
                    fmt::format("expected at_least not above at_most, found {} and {}",
                                *read.at_least, *read.at_most),
                    "at_least");
    if (section.any(key).is_object() && section.any(key).members().empty())
      inner.problem("policy.rule",
                    fmt::format("expected at_least or at_most under '{}', found neither", key),
                    "at_least");
    inner.finish();
    return read;
  }

  /// A word, a list of words, or {at_least: WORD}.
  static void read_severity(Section& section, GateWhen& when) {
    if (!section.any("severity").is_object()) {
      Words known = ratings;
      known.emplace_back("unknown");
      when.severity = words(section, "severity", known);
      return;
    }
    Section inner = section.section("severity");
    const std::string from = inner.word("at_least", ratings);
    const std::string until = inner.word("at_most", ratings);
    inner.finish();
    if (section.any("severity").members().empty())
      inner.problem("policy.rule", "expected at_least or at_most under 'severity', found neither",
                    "at_least");
    if (from.empty() && until.empty()) return;
    const auto rank = [](const std::string& word) { return std::ranges::find(ratings, word); };
    for (auto word = from.empty() ? ratings.begin() : rank(from);
         word != (until.empty() ? ratings.end() : rank(until) + 1); ++word) {
      if (word == ratings.end())
        return inner.problem("product.order", "expected at_least not above at_most", "at_least");
      when.severity.push_back(*word);
    }
    if (until.empty()) when.severity_from = from;
  }

  void read_ssvc(Section section, GatePolicy& policy) {
    policy.ssvc_tree = section.text("tree");
    has_tree_ = !policy.ssvc_tree.empty();
    policy.ssvc_inputs = inputs(section, "points", "given by the policy");
    const std::size_t count = section.list("answers").size();
    for (std::size_t i = 0; i < count; ++i) {
      Section one = section.element("answers", i);
      SsvcAnswers answers;
      answers.vulnerability = one.text("vulnerability", Presence::required);
      const std::string by = one.text("by");
      answers.inputs = inputs(one, "points", by.empty() ? "given by the policy" : "given by " + by);
      one.finish();
      policy.ssvc_answers.push_back(std::move(answers));
    }
    section.finish();
  }

  /// A map of points, each with a value or a list of values.
  std::vector<SsvcInput> inputs(Section& section,
                                std::string_view key,
                                const std::string& because) {
    std::vector<SsvcInput> found;
    Section points = section.section(key);
    for (const auto& [point, value] : section.any(key).members()) {
      points.any(point);
      SsvcInput input{point, {}, because};
      if (value.is_string()) input.values.push_back(value.string_or(""));
      for (const Json& item : value.items())
        input.values.push_back(item.string_or(""));
      if (input.values.empty())
        source_.problems.error("product.type",
                               fmt::format("expected a value for the point '{}', found {}",
                                           quotable(point), describe(value)),
                               value.key_at(source_.path));
      if (input.values == Words{"unknown"}) input.values.clear();
      found.push_back(std::move(input));
    }
    return found;
  }

  void check_ids(const GatePolicy& policy) {
    std::set<std::string> seen = {"settled", "otherwise"};
    for (const GateRule& rule : policy.rules) {
      if (rule.id.empty() || seen.insert(rule.id).second) continue;
      source_.problems.error("product.duplicate",
                             fmt::format("expected the id '{}' once among the rules; 'settled' and "
                                         "'otherwise' are taken",
                                         quotable(rule.id)),
                             rule.where);
    }
  }

  const Source& source_;
  bool has_tree_ = false;
};

}  // namespace

Result<GatePolicy> read_policy(std::string_view bytes,
                               const std::string& path,
                               Diagnostics& problems) {
  Diagnostics found;
  TRY(const Json tree, parse_yaml(bytes, path, found, product_limits));
  if (tree["lockstep_policy"].as_int() != 1)
    return fail(ErrorKind::input, "policy.format",
                fmt::format("expected 'lockstep_policy: 1', the format that this program reads, "
                            "found {}",
                            describe(tree["lockstep_policy"])),
                tree.at(path));
  const Source source{path, found};
  GatePolicy policy = Reader(source).read(tree);
  policy.path = path;
  policy.sha256 = sha256(bytes);
  append_in_file_order(problems, found);
  return policy;
}

}  // namespace lockstep::formats
