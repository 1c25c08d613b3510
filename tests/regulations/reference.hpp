// SPDX-License-Identifier: Apache-2.0
// The slow and obvious way to evaluate decisions: straight from the YAML trees, by name, without
// indices, masks or order. Tests and benchmarks hold the real evaluation against it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "domain/fact.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations::test {

class Reference {
 public:
  struct Result {
    std::set<std::string> outcomes;
    std::set<std::string> codes;
    int ways = 0;
  };

  Reference(const std::vector<SourceFile>& files, const std::vector<Fact>& facts, Day as_of)
      : as_of_(as_of) {
    for (const Fact& fact : facts)
      stated_[fact.name] = fact.value;
    for (const SourceFile& file : files) {
      for (const Json& fact : file.tree["facts"].items()) {
        if (fact.is_object()) catalogue_[fact["name"].string_or("")] = &fact;
      }
      for (const Json& date : file.tree["dates"].items())
        dates_[date["id"].string_or("")] = &date;
      for (const Json& one : file.tree["switches"].items()) {
        switches_[one["id"].string_or("")] = &one;
      }
      for (const Json& rule : file.tree["decisions"].items()) {
        decisions_[rule["id"].string_or("")] = {&rule,
                                                file.path.substr(0, file.path.find("/rules"))};
      }
      if (file.path.ends_with("/act.yaml")) {
        in_force_[file.path.substr(0, file.path.rfind('/'))] =
            *parse_day(file.tree["in_force"].string_or(""));
      }
    }
  }

  const std::map<std::string, std::pair<const Json*, std::string>>& decisions() const {
    return decisions_;
  }

  const Result& decide(const std::string& id) {
    if (const auto known = results_.find(id); known != results_.end()) return known->second;
    const auto& [rule, folder] = decisions_.at(id);
    Result result;
    if (as_of_ < in_force_.at(folder)) {
      result.outcomes.insert("(not in force)");
      return results_[id] = result;
    }
    std::set<std::pair<std::string, std::set<std::string>>> ways;
    for (const Json& step : (*rule)["steps"].items()) {
      if (!is_law(step)) continue;
      std::set<std::string> codes = words(step, "code", "codes");
      codes.merge(words(step, "also", "also"));
      Truth truth = step.find("when") == nullptr ? Truth::yes : test(step["when"]);
      if (truth != Truth::no && step.find("each") != nullptr) {
        truth = both(truth, rows(*rule, step, codes));
      }
      if (truth == Truth::no) continue;
      result.outcomes.insert(step["then"].string_or(""));
      result.codes.insert(codes.begin(), codes.end());
      ways.emplace(step["then"].string_or(""), codes);
      if (truth == Truth::yes) break;
    }
    result.ways = static_cast<int>(ways.size());
    return results_[id] = result;
  }

 private:
  static std::set<std::string> words(const Json& node, const char* one, const char* many) {
    std::set<std::string> found;
    for (const char* key : {one, many}) {
      if (const std::string* text = node[key].as_string()) found.insert(*text);
      if (node[key].kind() == Json::Kind::boolean) {
        found.insert(*node[key].as_bool() ? "yes" : "no");
      }
      for (const Json& item : node[key].items())
        found.insert(item.string_or(""));
    }
    return found;
  }

  bool is_law(const Json& node) const {
    const auto from = parse_day(node["from"].string_or(""));
    const auto until = parse_day(node["until"].string_or(""));
    return (!from || *from <= as_of_) && (!until || as_of_ <= *until);
  }

  /// The step's own table, or those of the steps under `rows_of`.
  std::vector<const Json*> tables(const Json& rule, const Json& step) const {
    const std::set<std::string> others = words(step, "rows_of", "rows_of");
    if (others.empty()) return {&step["rows"]};
    std::vector<const Json*> found;
    for (const Json& other : rule["steps"].items()) {
      if (others.contains(other["id"].string_or(""))) found.push_back(&other["rows"]);
    }
    for (const auto& [id, decision] : decisions_) {
      for (const Json& other : (*decision.first)["steps"].items()) {
        if (others.contains(id + "/" + other["id"].string_or(""))) found.push_back(&other["rows"]);
      }
    }
    return found;
  }

  Truth rows(const Json& rule, const Json& step, std::set<std::string>& codes) {
    const FactValue value = value_of(step["each"].string_or(""));
    Truth truth = Truth::no;
    for (const Json* table : tables(rule, step)) {
      for (const auto& [word, row] : table->members()) {
        if (!is_law(row)) continue;
        Truth holds = is_known(value) ? truth_of(has(value, {word})) : Truth::unknown;
        if (row.find("when") != nullptr) holds = both(holds, test(row["when"]));
        if (holds == Truth::no) continue;
        truth = either(truth, holds);
        codes.merge(words(row, "code", "codes"));
      }
    }
    return truth;
  }

  static bool has(const FactValue& value, const std::set<std::string>& wanted) {
    if (const auto* yes = std::get_if<bool>(&value)) return wanted.contains(*yes ? "yes" : "no");
    if (const auto* text = std::get_if<std::string>(&value)) return wanted.contains(*text);
    if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
      for (const std::string& word : *list) {
        if (wanted.contains(word) || wanted.contains("some")) return true;
      }
    }
    return false;
  }

  FactValue value_of(const std::string& name) {
    const auto stated = stated_.find(name);
    if (stated != stated_.end() && is_known(stated->second)) return stated->second;
    if (const auto law = switches_.find(name); law != switches_.end()) {
      for (const Json& value : (*law->second)["values"].items()) {
        if (is_law(value)) return *value["is"].as_bool();
      }
      return std::monostate{};
    }
    const Json& fact = *catalogue_.at(name);
    if (fact.find("derive") != nullptr && fact["type"] == Json("choice")) {
      for (const Json& row : fact["derive"].items()) {
        const Truth truth = test(row["when"]);
        if (truth == Truth::yes) return row["word"].string_or("");
        if (truth == Truth::unknown) break;
      }
    } else if (fact.find("derive") != nullptr) {
      const Truth truth = test(fact["derive"]);
      return truth == Truth::unknown ? FactValue{} : FactValue{truth == Truth::yes};
    }
    if (stated != stated_.end()) return std::monostate{};
    if (fact.find("unstated") != nullptr) return std::vector<std::string>{};
    if (fact.find("same_as") != nullptr) return value_of(fact["same_as"].string_or(""));
    return std::monostate{};
  }

  std::optional<Day> border(const std::string& text) const {
    const auto date = dates_.find(text);
    if (date == dates_.end()) return parse_day(text);
    for (const Json& value : (*date->second)["values"].items()) {
      if (is_law(value)) return parse_day(value["day"].string_or(""));
    }
    return std::nullopt;
  }

  Truth test(const Json& condition) {
    if (const std::string* name = condition.as_string()) return of_words(*name, {"yes"});
    const auto& [key, value] = condition.members().front();
    if (key == "not") return !test(value);
    if (key == "all" || key == "any") {
      Truth truth = truth_of(key == "all");
      for (const Json& part : value.items()) {
        truth = key == "all" ? both(truth, test(part)) : either(truth, test(part));
      }
      return truth;
    }
    if (value.find("below") != nullptr || value.find("at_least") != nullptr) {
      const bool below = value.find("below") != nullptr;
      const FactValue known = value_of(key);
      if (!is_known(known)) return Truth::unknown;
      const std::int64_t bound = *value[below ? "below" : "at_least"].as_int();
      return truth_of(below == (std::get<std::int64_t>(known) < bound));
    }
    if (value.is_object()) {
      const auto day = border(value.members().front().second.string_or(""));
      if (!day) return Truth::no;
      const FactValue known = value_of(key);
      if (!is_known(known)) return Truth::unknown;
      const bool before = std::get<Day>(known) < *day;
      return truth_of(before == (value.members().front().first == "before"));
    }
    return of_words(key, words(condition, key.c_str(), key.c_str()));
  }

  Truth of_words(const std::string& name, const std::set<std::string>& wanted) {
    if (decisions_.contains(name)) {
      bool inside = false;
      bool outside = false;
      for (const std::string& outcome : decide(name).outcomes) {
        (wanted.contains(outcome) ? inside : outside) = true;
      }
      return !inside ? Truth::no : outside ? Truth::unknown : Truth::yes;
    }
    const FactValue value = value_of(name);
    return is_known(value) ? truth_of(has(value, wanted)) : Truth::unknown;
  }

  Day as_of_;
  std::map<std::string, FactValue> stated_;
  std::map<std::string, const Json*> catalogue_;
  std::map<std::string, const Json*> dates_;
  std::map<std::string, const Json*> switches_;
  std::map<std::string, std::pair<const Json*, std::string>> decisions_;
  std::map<std::string, Day> in_force_;
  std::map<std::string, Result> results_;
};

}  // namespace lockstep::regulations::test
