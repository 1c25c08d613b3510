// SPDX-License-Identifier: Apache-2.0
#include "formats/schema.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/text.hpp"
#include "formats/limits.hpp"
#include "formats/schema_texts.hpp"

namespace lockstep::formats {
namespace {

using Finding = BrokenRule;
using Findings = std::vector<Finding>;

using Rule = SchemaRule;

std::string escaped(std::string_view key) {
  std::string text;
  for (const char c : key) {
    if (c == '~')
      text += "~0";
    else if (c == '/')
      text += "~1";
    else
      text += c;
  }
  return text;
}

bool is_whole(double number) {
  return std::trunc(number) == number;
}

/// A plain scalar of YAML is a text, and a truth or a number too when it reads as one.
bool has_type(const Json& value, std::string_view type) {
  if (value.is_plain() && type == "boolean") return value.as_bool().has_value();
  if (value.is_plain() && type == "integer") return value.as_int().has_value();
  if (value.is_plain() && type == "number") return value.as_number().has_value();
  switch (value.kind()) {
    case Json::Kind::null:
      return type == "null";
    case Json::Kind::boolean:
      return type == "boolean";
    case Json::Kind::integer:
      return type == "integer" || type == "number";
    case Json::Kind::number:
      return type == "number" || (type == "integer" && is_whole(value.as_number().value_or(0.5)));
    case Json::Kind::string:
      return type == "string";
    case Json::Kind::array:
      return type == "array";
    case Json::Kind::object:
      return type == "object";
  }
  return false;
}

std::string_view says_of_type(std::string_view type) {
  if (type == "string") return "a text";
  if (type == "array") return "a list";
  if (type == "object") return "a map";
  if (type == "integer") return "a whole number";
  if (type == "number") return "a number";
  return type == "boolean" ? "true or false" : "null";
}

/// Equality, without writing out what a look at the kinds decides.
bool is_same(const Json& a, const Json& b) {
  if (a.is_string() && b.is_string()) return *a.as_string() == *b.as_string();
  const bool are_numbers = a.as_number() && b.as_number();
  return (a.kind() == b.kind() || are_numbers) && a == b;
}

std::vector<std::string> texts_of(const Json& list) {
  std::vector<std::string> texts;
  for (const Json& element : list.items())
    texts.push_back(element.string_or(""));
  return texts;
}

/// The words, or how many they are when a message cannot hold them.
std::string list_of_words(const std::vector<std::string>& words) {
  constexpr std::size_t most_words = 20;
  if (words.size() <= most_words) return join(words, ", ");
  return fmt::format("{} words such as {}", words.size(), words.front());
}

class Checker {
 public:
  explicit Checker(std::string_view name)
      : schemas_(std::string(name.substr(0, name.find('/') + 1))),
        root_(schemas_.load(std::string(name.substr(name.find('/') + 1)))) {}

  Findings check(const Json& document) {
    findings_.clear();
    visit(document, {root_, root_});
    return std::move(findings_);
  }

  bool gave_up() const { return steps_ > schema_steps; }

 private:
  void visit(const Json& value, Rule rule) {
    if (++steps_ > schema_steps) return;
    if (rule.node->kind() == Json::Kind::boolean) {
      if (rule.node->as_bool() == false)
        report(value, fmt::format("expected nothing, found {}", describe(value)));
      return;
    }
    if (const std::string* reference = (*rule.node)["$ref"].as_string())
      return visit(value, schemas_.resolve(*reference, rule.document));
    if (!check_type(value, *rule.node)) return;
    check_values(value, *rule.node);
    if (value.is_string()) check_text(value, *rule.node);
    if (const auto number = value.as_number(); number && !value.is_string())
      check_number(value, *number, *rule.node);
    if (value.is_array()) check_array(value, rule);
    if (value.is_object()) check_object(value, rule);
    check_combinations(value, rule);
  }

  bool check_type(const Json& value, const Json& schema) {
    const std::string* type = schema["type"].as_string();
    if (type == nullptr || has_type(value, *type)) return true;
    report(value, fmt::format("expected {}, found {}", says_of_type(*type), describe(value)));
    return false;
  }

  void check_values(const Json& value, const Json& schema) {
    const Json* fixed = schema.find("const");
    if (fixed != nullptr && !is_same(*fixed, value))
      report(value, fmt::format("expected {}, found {}", describe(*fixed), describe(value)));
    const Json* choice = schema.find("enum");
    if (choice == nullptr) return;
    const auto& words = choice->items();
    if (std::ranges::any_of(words, [&](const Json& word) { return is_same(word, value); })) return;
    const auto texts = texts_of(*choice);
    report(value, fmt::format("expected {}{}, found {}{}", texts.size() > 1 ? "one of " : "",
                              list_of_words(texts), describe(value),
                              suggestion(value.string_or(""), texts)));
  }

  void check_text(const Json& value, const Json& schema) {
    const std::string& text = *value.as_string();
    const auto least = schema["minLength"].as_int();
    const auto most = schema["maxLength"].as_int();
    const auto size = static_cast<std::int64_t>(least || most ? code_points(text) : 0);
    if (least && size < *least)
      report(value, fmt::format("expected a text of at least {} characters, found {}", *least,
                                describe(value)));
    if (most && size > *most)
      report(value, fmt::format("expected a text of at most {} characters, found {}", *most,
                                describe(value)));
    const std::string* pattern = schema["pattern"].as_string();
    if (pattern != nullptr && !patterns_.matches(text, *pattern))
      report(value,
             fmt::format("expected a text of the form {}, found {}", *pattern, describe(value)));
    const std::string* format = schema["format"].as_string();
    if (format != nullptr && !has_format(text, *format))
      report(value, fmt::format("expected {}, found {}", says_of_format(*format), describe(value)));
  }

  void check_number(const Json& value, double number, const Json& schema) {
    const auto least = schema["minimum"].as_number();
    const auto most = schema["maximum"].as_number();
    if (least && number < *least)
      report(value, fmt::format("expected at least {}, found {}", *least, describe(value)));
    if (most && number > *most)
      report(value, fmt::format("expected at most {}, found {}", *most, describe(value)));
    const auto step = schema["multipleOf"].as_number();
    if (step && std::abs(std::remainder(number, *step)) > 1e-9)
      report(value, fmt::format("expected a multiple of {}, found {}", *step, describe(value)));
  }

  void check_array(const Json& value, Rule rule) {
    const Json& schema = *rule.node;
    const auto count = static_cast<std::int64_t>(value.items().size());
    const auto least = schema["minItems"].as_int();
    const auto most = schema["maxItems"].as_int();
    if (least && count < *least)
      report(value, fmt::format("expected at least {} elements, found {}", *least, count));
    if (most && count > *most)
      report(value, fmt::format("expected at most {} elements, found {}", *most, count));
    if (schema["uniqueItems"].as_bool() == true) check_unique(value);
    const Json* items = schema.find("items");
    const Json* further = schema.find("additionalItems");
    for (std::size_t i = 0; items != nullptr && i < value.items().size(); ++i) {
      const Json* element = items;
      if (items->is_array()) element = i < items->items().size() ? &items->items()[i] : further;
      if (element == nullptr) continue;
      path_.push_back(std::to_string(i));
      visit(value.items()[i], {element, rule.document});
      path_.pop_back();
    }
  }

  void check_unique(const Json& value) {
    std::unordered_set<std::string> seen;
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      const Json& element = value.items()[i];
      if (seen.insert(to_canonical_json(element)).second) continue;
      path_.push_back(std::to_string(i));
      report(element, "expected each element once, found the same again");
      path_.pop_back();
    }
  }

  void check_object(const Json& value, Rule rule) {
    const Json& schema = *rule.node;
    const auto count = static_cast<std::int64_t>(value.members().size());
    const auto least = schema["minProperties"].as_int();
    const auto most = schema["maxProperties"].as_int();
    if (least && count < *least)
      report(value, fmt::format("expected at least {} keys, found {}", *least, count));
    if (most && count > *most)
      report(value, fmt::format("expected at most {} keys, found {}", *most, count));
    for (const Json& key : schema["required"].items())
      if (value.find(key.string_or("")) == nullptr)
        report(value, fmt::format("expected '{}', found nothing", key.string_or("")));
    const Json& properties = schema["properties"];
    const Json* others = schema.find("additionalProperties");
    for (const auto& [key, member] : value.members()) {
      const Json* known = properties.find(key);
      if (known == nullptr && others == nullptr) continue;
      path_.push_back(escaped(key));
      if (known != nullptr)
        visit(member, {known, rule.document});
      else if (others->as_bool() == false)
        report_unknown_key(key, member, properties);
      else
        visit(member, {others, rule.document});
      path_.pop_back();
    }
  }

  void report_unknown_key(const std::string& key, const Json& member, const Json& properties) {
    if (findings_.size() >= Diagnostics::max_entries) return;
    std::vector<std::string> known;
    for (const auto& property : properties.members())
      known.push_back(property.first);
    report(member, fmt::format("expected a key of the standard, found '{}'{}", quotable(key),
                               suggestion(key, known)));
    --findings_.back().depth;
  }

  void check_combinations(const Json& value, Rule rule) {
    const Json& schema = *rule.node;
    for (const Json& part : schema["allOf"].items())
      visit(value, {&part, rule.document});
    if (const Json* choice = schema.find("anyOf")) check_choice(value, *choice, rule, false);
    if (const Json* choice = schema.find("oneOf")) check_choice(value, *choice, rule, true);
    if (const Json* refused = schema.find("not"); refused != nullptr && fits(value, *refused, rule))
      report(value, "expected another form; " + says_of_refused(*refused));
    if (const Json* condition = schema.find("if")) {
      const Json* next = schema.find(fits(value, *condition, rule) ? "then" : "else");
      if (next != nullptr) visit(value, {next, rule.document});
    }
  }

  /// A form that is refused, in words: the keys that may not stand together.
  static std::string says_of_refused(const Json& refused) {
    const auto keys = texts_of(refused["required"]);
    if (keys.empty()) return "this one is refused by the standard";
    return keys.size() == 1 ? fmt::format("'{}' may not be here", keys[0])
                            : fmt::format("{} may not stand together", join(keys, " and "));
  }

  Findings try_branch(const Json& value, const Json& branch, Rule rule) {
    Findings outer = std::exchange(findings_, {});
    visit(value, {&branch, rule.document});
    return std::exchange(findings_, std::move(outer));
  }

  bool fits(const Json& value, const Json& branch, Rule rule) {
    return try_branch(value, branch, rule).empty();
  }

  void check_choice(const Json& value, const Json& choice, Rule rule, bool is_exclusive) {
    std::size_t fitting = 0;
    std::vector<Findings> refused;
    for (const Json& branch : choice.items()) {
      Findings found = try_branch(value, branch, rule);
      if (found.empty())
        ++fitting;
      else
        refused.push_back(std::move(found));
      if (fitting > 0 && !is_exclusive) return;
    }
    if (fitting > 1)
      report(value, fmt::format("expected exactly one of {}, found {} of them",
                                names_of_forms(choice), fitting));
    if (fitting == 0) report_choice(value, std::move(refused));
  }

  /// "'license', 'expression'" when the forms differ by the keys that they need, else their number.
  static std::string names_of_forms(const Json& choice) {
    std::vector<std::string> names;
    for (const Json& form : choice.items())
      for (const Json& key : form["required"].items())
        names.push_back("'" + key.string_or("") + "'");
    return names.size() == choice.items().size() ? join(names, ", ")
                                                 : fmt::format("{} forms", choice.items().size());
  }

  void report_choice(const Json& value, std::vector<Findings> refused) {
    const auto depth = [](const Findings& found) {
      return std::ranges::max(found, {}, &Finding::depth).depth;
    };
    const auto meant = std::ranges::max_element(refused, {}, depth);
    if (meant == refused.end()) return;
    if (depth(*meant) > path_.size() || refused.size() == 1) {
      std::ranges::move(*meant, std::back_inserter(findings_));
      return;
    }
    std::vector<std::string> forms;
    for (const Findings& found : refused)
      if (std::ranges::find(forms, found.front().message) == forms.end())
        forms.push_back(found.front().message);
    report(value, join(forms, "; or "));
  }

  void report(const Json& value, std::string message) {
    if (findings_.size() >= Diagnostics::max_entries) return;
    std::string pointer;
    for (const std::string& piece : path_)
      pointer += "/" + piece;
    findings_.push_back({&value, std::move(pointer), path_.size(), std::move(message)});
  }

  ShippedSchemas schemas_;
  const Json* root_;
  Patterns patterns_;
  std::vector<std::string> path_;
  Findings findings_;
  std::size_t steps_ = 0;
};

}  // namespace

const Json* ShippedSchemas::load(const std::string& name) {
  auto& slot = schemas_[name];
  if (!slot) slot = std::make_unique<Json>(shipped_document(folder_ + name));
  return slot.get();
}

SchemaRule ShippedSchemas::resolve(const std::string& reference, const Json* document) {
  const std::size_t hash = std::min(reference.find('#'), reference.size());
  if (hash > 0) document = load(reference.substr(0, reference.find(".schema.json")));
  const Json* node = document;
  for (const std::string_view step : split(std::string_view(reference).substr(hash), '/'))
    if (step != "#" && !step.empty()) node = &(*node)[step];
  LS_CHECK(!node->is_null(), "a schema of ours refers to a place that it lacks");
  return {node, document};
}

Json shipped_document(std::string_view name) {
  Diagnostics problems;
  auto schema = parse_json(shipped_schema(name), std::string(name), problems);
  LS_CHECK(schema.has_value(), "a schema of ours is missing or no JSON");
  return *std::move(schema);
}

SchemaCheck broken_rules(const Json& document, std::string_view name) {
  Checker checker(name);
  SchemaCheck check{checker.check(document), false};
  std::ranges::stable_sort(check.broken, {}, [](const BrokenRule& rule) {
    return std::tuple(rule.at->line(), rule.at->column());
  });
  check.gave_up = checker.gave_up();
  return check;
}

void check_schema(const Json& document,
                  std::string_view name,
                  const std::string& code,
                  const Source& source) {
  const SchemaCheck check = broken_rules(document, name);
  const Severity severity = source.rules == Rules::errors ? Severity::error : Severity::warning;
  for (const BrokenRule& rule : check.broken)
    source.problems.add({severity, code,
                         fmt::format("{} (at {})", rule.message, shown_pointer(rule.pointer)),
                         rule.at->at(source.path)});
  if (check.gave_up)
    source.problems.warning("schema.not_checked", says_of_unchecked(), document.at(source.path));
}

std::string shown_pointer(std::string_view pointer) {
  return pointer.empty() ? "the top" : quotable(pointer, 200);
}

std::string says_of_unchecked() {
  return fmt::format(
      "expected a document that {} steps can check; what lies beyond them was not checked",
      schema_steps);
}

}  // namespace lockstep::formats
