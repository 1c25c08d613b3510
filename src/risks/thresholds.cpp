// SPDX-License-Identifier: Apache-2.0
// A threshold means something only when it was set before the result was seen.
//
// `thresholds.lock` holds, for every test, the whole question: metric, budget of the attacker,
// which samples, the threshold with its alpha and planned sample, the reason, who approved it and
// when. Each entry carries the SHA-256 of its own canonical text, so an edit by hand shows; the
// digest enters every result, so a result names the question it answers. The file lies beside the
// product file and is committed: the history of the repository is the witness for the time. A
// person who rewrites that history and the file can still cheat; a digest printed in an earlier
// report then disagrees.
//
// Source: risk method, section 4.2, "Prior definition".
#include "risks/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "domain/universal.hpp"
#include "risks/limits.hpp"

namespace lockstep::risks {
namespace {

constexpr std::string_view schema = "lockstep/thresholds/1";

/// The question alone: what a change of makes it another question.
Json question(const LockedThreshold& locked) {
  const Threshold& threshold = locked.threshold;
  Json json = Json::object_of({{"test", threshold.id},
                               {"model", locked.model},
                               {"metric", threshold.metric},
                               {"slice", locked.slice},
                               {"alpha", threshold.alpha},
                               {"reason", threshold.reason}});
  if (!locked.described_by.empty()) json.set("described_by", locked.described_by);
  if (locked.is_declared) return json.set("declared", threshold.at_most);
  return json.set("budget", locked.budget)
      .set("at_most", threshold.at_most)
      .set("planned_samples", threshold.planned_samples);
}

bool is_same_question(const LockedThreshold& a, const LockedThreshold& b) {
  return question(a) == question(b);
}

Json entry(const LockedThreshold& locked) {
  return question(locked)
      .set("approver", locked.threshold.approver)
      .set("locked_at", locked.threshold.locked_at);
}

std::string digest(const LockedThreshold& locked) {
  return sha256(to_canonical_json(entry(locked)));
}

/// What is said of an attack's steps, with a comma behind it. Attacks on texts have none, but
/// edits.
std::string steps_of(const EvasionTest& test) {
  if (test.steps > 0) return fmt::format("{} step{}, ", test.steps, test.steps == 1 ? "" : "s");
  return test.norm == "edits" ? "" : "as many steps as usual, ";
}

std::string budget_of(const EvasionTest& test) {
  return fmt::format("{}, {}, epsilon {}, {}{} restart{}{}, {} start, {}{}", test.attack, test.norm,
                     test.epsilon, steps_of(test), test.restarts, test.restarts == 1 ? "" : "s",
                     test.passes == 1 ? "" : fmt::format(", {} passes averaged", test.passes),
                     test.random_start ? "random" : "fixed", test.knowledge,
                     test.target.empty() ? "" : ", to reach class " + test.target);
}

LockedThreshold planned_of(const ModelInput& model, const EvasionTest& test) {
  LockedThreshold planned;
  planned.threshold.id = test.id;
  planned.threshold.metric = "attack_success";
  planned.threshold.at_most = test.max_attack_success;
  planned.threshold.planned_samples = test.samples;
  planned.threshold.reason = test.reason;
  planned.model = model.id;
  planned.slice = fmt::format("first {} of {}", test.samples, model.data);
  if (universal_kind(test.attack)) {
    // The change is made from one half, and counted on the other.
    planned.threshold.planned_samples -= test.samples / 2;
    planned.slice = "half of the " + planned.slice;
  }
  planned.budget = budget_of(test);
  // An epsilon means something else behind another preprocessing.
  if (!model.preprocessing.is_identity())
    planned.budget += ", the net takes " + to_text(model.preprocessing);
  return planned;
}

LockedThreshold planned_of(const ModelInput& model, const DeclaredInput& entry) {
  LockedThreshold planned;
  planned.is_declared = true;
  planned.slice = entry.data.empty() ? model.data : entry.data;
  planned.model = model.id;
  planned.threshold.id = declared_id(model.id, entry.declared, planned.slice);
  planned.threshold.metric = name_of(entry.declared);
  planned.threshold.at_most = entry.declared.value;
  planned.threshold.alpha = std::round((1 - entry.declared.confidence) * 1e9) / 1e9;
  planned.threshold.reason = entry.reason;
  return planned;
}

/// Reads the members of one entry and reports each that is not as it should be.
class EntryReader {
 public:
  EntryReader(const Json& node, const std::string& file, Diagnostics& problems)
      : node_(node), file_(file), problems_(problems) {}

  std::string text(const std::string& key) {
    const Json& value = node_[key];
    if (!value.is_string()) expected(key, "a text", value);
    return value.string_or("");
  }

  double number(const std::string& key) {
    const auto value = node_[key].as_number();
    if (!value) expected(key, "a number", node_[key]);
    return value.value_or(0);
  }

  double share(const std::string& key) {
    const auto value = node_[key].as_number();
    if (!value || !(*value >= 0 && *value <= 1)) expected(key, "a number from 0 to 1", node_[key]);
    return value.value_or(0);
  }

  std::int64_t count(const std::string& key) {
    const auto value = node_[key].as_int();
    if (!value || *value < 0) expected(key, "a whole number of 0 or more", node_[key]);
    return value.value_or(0);
  }

  bool is_good() const { return is_good_; }

 private:
  void expected(const std::string& key, const std::string& what, const Json& found) {
    is_good_ = false;
    problems_.error(
        "thresholds.field",
        fmt::format("expected {} under '{}'; run 'lockstep thresholds lock' again", what, key),
        found.line() > 0 ? found.at(file_) : node_.at(file_));
  }

  const Json& node_;
  const std::string& file_;
  Diagnostics& problems_;
  bool is_good_ = true;
};

std::optional<LockedThreshold> read_entry(const Json& node,
                                          const std::string& file,
                                          Diagnostics& problems) {
  EntryReader reader(node, file, problems);
  LockedThreshold locked;
  Threshold& threshold = locked.threshold;
  threshold.id = reader.text("test");
  locked.model = reader.text("model");
  threshold.metric = reader.text("metric");
  locked.slice = reader.text("slice");
  if (!node["described_by"].is_null()) locked.described_by = reader.text("described_by");
  locked.is_declared = !node["declared"].is_null();
  if (locked.is_declared) {
    threshold.at_most = reader.number("declared");
  } else {
    locked.budget = reader.text("budget");
    threshold.at_most = reader.share("at_most");
    threshold.planned_samples = reader.count("planned_samples");
  }
  threshold.alpha = reader.share("alpha");
  threshold.reason = reader.text("reason");
  threshold.approver = reader.text("approver");
  threshold.locked_at = reader.text("locked_at");
  threshold.sha256 = reader.text("sha256");
  if (!reader.is_good()) return std::nullopt;
  const bool is_alpha = threshold.alpha > 0 && threshold.alpha < 1;
  if (!is_alpha || !parse_instant(threshold.locked_at)) {
    problems.error(
        "thresholds.field",
        fmt::format("expected alpha between 0 and 1 and locked_at as a time in '{}'; run "
                    "'lockstep thresholds lock' again",
                    quotable(threshold.id)),
        node.at(file));
    return std::nullopt;
  }
  if (digest(locked) != threshold.sha256) {
    problems.error("thresholds.digest",
                   fmt::format("expected the text of '{}' to have the digest that it was locked "
                               "with; it was changed by hand: restore it, or lock it again",
                               quotable(threshold.id)),
                   node.at(file));
    return std::nullopt;
  }
  return locked;
}

const LockedThreshold* find_test(std::span<const LockedThreshold> locked, std::string_view test) {
  const auto found = std::ranges::find_if(
      locked, [&](const LockedThreshold& one) { return one.threshold.id == test; });
  return found == locked.end() ? nullptr : &*found;
}

/// "at_most 0.1 instead of 0.05": what differs between the two questions.
std::string difference(const LockedThreshold& planned, const LockedThreshold& locked) {
  const Json now = question(planned);
  const Json then = question(locked);
  std::vector<std::string> changes;
  for (const auto& [key, value] : now.members())
    if (!(value == then[key]))
      changes.push_back(fmt::format("{} is {} and was locked as {}", key,
                                    quotable(to_canonical_json(value), 60),
                                    quotable(to_canonical_json(then[key]), 60)));
  return join(changes, ", ");
}

}  // namespace

std::string declared_id(const std::string& model,
                        const DeclaredMetric& declared,
                        const std::string& data) {
  return fmt::format("{}.{} on {}", model, name_of(declared), data);
}

std::vector<LockedThreshold> planned_thresholds(
    const Product& product, const std::map<std::string, std::string>& descriptions) {
  std::vector<LockedThreshold> planned;
  for (const ModelInput& model : product.models) {
    const auto described = descriptions.find(model.id);
    const auto add = [&](LockedThreshold one) {
      if (described != descriptions.end()) one.described_by = described->second;
      planned.push_back(std::move(one));
    };
    for (const EvasionTest& test : model.evasion)
      add(planned_of(model, test));
    for (const DeclaredInput& entry : model.declared)
      add(planned_of(model, entry));
  }
  std::ranges::stable_sort(planned, {},
                           [](const LockedThreshold& one) { return one.threshold.id; });
  return planned;
}

std::vector<LockedThreshold> lock_thresholds(std::vector<LockedThreshold> planned,
                                             std::span<const LockedThreshold> locked,
                                             const std::string& approver,
                                             Instant now) {
  for (LockedThreshold& one : planned) {
    const LockedThreshold* before = find_test(locked, one.threshold.id);
    if (before != nullptr && is_same_question(one, *before)) {
      one = *before;
      continue;
    }
    one.threshold.approver = approver;
    one.threshold.locked_at = to_text(now);
    one.threshold.sha256 = digest(one);
  }
  return planned;
}

std::string write_thresholds(std::span<const LockedThreshold> locked) {
  Json entries = Json::array();
  for (const LockedThreshold& one : locked)
    entries.push(entry(one).set("sha256", one.threshold.sha256));
  return to_pretty_json(Json::object_of({{"schema", schema}, {"thresholds", std::move(entries)}}));
}

std::vector<LockedThreshold> read_thresholds(std::string_view bytes,
                                             const std::string& file,
                                             Diagnostics& problems) {
  const auto tree =
      parse_json(bytes, file, problems, {lock_bytes_max, lock_depth_max, lock_nodes_max});
  if (!tree) {
    problems.add(tree.error());
    return {};
  }
  if ((*tree)["schema"].string_or("") != schema || !(*tree)["thresholds"].is_array()) {
    problems.error("thresholds.format",
                   fmt::format("expected a file that 'lockstep thresholds lock' wrote, with schema "
                               "'{}' and a list 'thresholds'",
                               schema),
                   tree->at(file));
    return {};
  }
  std::vector<LockedThreshold> locked;
  std::set<std::string> seen;
  for (const Json& node : (*tree)["thresholds"].items()) {
    auto one = read_entry(node, file, problems);
    if (!one) continue;
    if (!seen.insert(one->threshold.id).second)
      problems.error("thresholds.duplicate",
                     fmt::format("expected one entry per test, found '{}' again; remove one",
                                 quotable(one->threshold.id)),
                     node.at(file));
    else
      locked.push_back(std::move(*one));
  }
  return locked;
}

std::vector<ThresholdCheck> verify_thresholds(std::span<const LockedThreshold> planned,
                                              std::span<const LockedThreshold> locked,
                                              const std::map<std::string, Instant>& first_results) {
  std::vector<ThresholdCheck> checks;
  for (const LockedThreshold& one : planned) {
    const std::string& test = one.threshold.id;
    const LockedThreshold* before = find_test(locked, test);
    const char* const what = one.is_declared ? "declared value" : "threshold";
    if (before == nullptr) {
      checks.push_back({test, one.threshold, State::human,
                        fmt::format("the {} is not locked; run 'lockstep thresholds lock' before "
                                    "{}",
                                    what, one.is_declared ? "measuring" : "the test")});
      continue;
    }
    if (!is_same_question(one, *before)) {
      checks.push_back({test, one.threshold, State::human,
                        fmt::format("the {} was changed after it was locked: {}", what,
                                    difference(one, *before))});
      continue;
    }
    const auto result = first_results.find(test);
    const auto locked_at = parse_instant(before->threshold.locked_at);
    if (result != first_results.end() && (!locked_at || *locked_at > result->second))
      checks.push_back({test, before->threshold, State::human,
                        fmt::format("{} set after result: locked at {}, first result at {}", what,
                                    before->threshold.locked_at, to_text(result->second))});
    else
      checks.push_back({test, before->threshold, State::pass,
                        fmt::format("locked at {} by {}", before->threshold.locked_at,
                                    quotable(before->threshold.approver))});
  }
  for (std::size_t i = 0; i < checks.size(); ++i)
    checks[i].is_declared = planned[i].is_declared;
  return checks;
}

DeclaredVerdict with_check(DeclaredVerdict verdict, const ThresholdCheck& check) {
  if (check.state == State::pass) return verdict;
  verdict.state = worse(verdict.state, check.state);
  verdict.because += "; " + check.because;
  return verdict;
}

TestVerdict with_check(TestVerdict verdict, const ThresholdCheck& check) {
  if (check.state == State::pass) return verdict;
  verdict.state = worse(verdict.state, check.state);
  verdict.because += "; " + check.because;
  return verdict;
}

}  // namespace lockstep::risks
