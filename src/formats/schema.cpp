// SPDX-License-Identifier: Apache-2.0
#include "formats/schema.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <memory>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/text.hpp"
#include "formats/limits.hpp"
#include "formats/schema_keywords.hpp"
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

/// Values that are the same have the same number, in whatever order their members stand.
std::size_t hash_of(const Json& value) {
  constexpr std::size_t factor = 0x9e3779b97f4a7c15U;
  const std::hash<std::string_view> of_text;
  std::size_t hash = static_cast<std::size_t>(value.kind()) * factor;
  if (const std::string* text = value.as_string()) return hash ^ of_text(*text);
  if (const auto number = value.as_number()) return std::hash<double>()(*number);
  if (const auto truth = value.as_bool()) return hash + (*truth ? 1 : 0);
  for (const Json& item : value.items())
    hash = (hash ^ hash_of(item)) * factor;
  for (const auto& [key, member] : value.members())
    hash += (of_text(key) ^ (hash_of(member) >> 1U)) * factor;
  return hash;
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

/// A key, or the index of an element.
struct Step {
  const std::string* key = nullptr;
  std::size_t index = 0;
};

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
  const SchemaKeywords& keywords_of(const Json& schema) {
    auto& slot = keywords_[&schema];
    if (!slot) slot = std::make_unique<SchemaKeywords>(schema);
    return *slot;
  }

  Rule target_of(const std::string* reference, const Json* document) {
    Rule& target = targets_[reference];
    if (target.node == nullptr) target = schemas_.resolve(*reference, document);
    return target;
  }

  void visit(const Json& value, Rule rule) {
    if (++steps_ > schema_steps || (is_trying_ && is_broken_)) return;
    const SchemaKeywords& keywords = keywords_of(*rule.node);
    if (keywords.always) {
      if (!*keywords.always)
        report(value, [&] { return fmt::format("expected nothing, found {}", describe(value)); });
      return;
    }
    if (keywords.reference != nullptr)
      return visit(value, target_of(keywords.reference, rule.document));
    if (!check_type(value, keywords)) return;
    check_values(value, keywords);
    if (value.is_string()) check_text(value, keywords);
    if (const auto number = value.as_number(); number && !value.is_string())
      check_number(value, *number, keywords);
    if (value.is_array()) check_array(value, keywords, rule.document);
    if (value.is_object()) check_object(value, keywords, rule.document);
    check_combinations(value, keywords, rule.document);
  }

  bool check_type(const Json& value, const SchemaKeywords& schema) {
    if (schema.type == nullptr || has_type(value, *schema.type)) return true;
    report(value, [&] {
      return fmt::format("expected {}, found {}", says_of_type(*schema.type), describe(value));
    });
    return false;
  }

  void check_values(const Json& value, const SchemaKeywords& schema) {
    if (schema.fixed != nullptr && !is_same(*schema.fixed, value))
      report(value, [&] {
        return fmt::format("expected {}, found {}", describe(*schema.fixed), describe(value));
      });
    if (schema.choice == nullptr) return;
    const auto is_it = [&](const Json& word) { return is_same(word, value); };
    const std::string* text = value.is_plain() ? nullptr : value.as_string();
    if (text != nullptr ? schema.offers(*text) : std::ranges::any_of(schema.choice->items(), is_it))
      return;
    report(value, [&] {
      const auto texts = texts_of(*schema.choice);
      return fmt::format("expected {}{}, found {}{}", texts.size() > 1 ? "one of " : "",
                         list_of_words(texts), describe(value),
                         suggestion(value.string_or(""), texts));
    });
  }

  void check_text(const Json& value, const SchemaKeywords& schema) {
    const std::string& text = *value.as_string();
    const auto least = schema.length_min;
    const auto most = schema.length_max;
    const auto size = static_cast<std::int64_t>(least || most ? code_points(text) : 0);
    if (least && size < *least)
      report(value, [&] {
        return fmt::format("expected a text of at least {} characters, found {}", *least,
                           describe(value));
      });
    if (most && size > *most)
      report(value, [&] {
        return fmt::format("expected a text of at most {} characters, found {}", *most,
                           describe(value));
      });
    if (schema.pattern != nullptr && !patterns_.matches(text, *schema.pattern))
      report(value, [&] {
        return fmt::format("expected a text of the form {}, found {}", *schema.pattern,
                           describe(value));
      });
    if (schema.format != nullptr && !has_format(text, *schema.format))
      report(value, [&] {
        return fmt::format("expected {}, found {}", says_of_format(*schema.format),
                           describe(value));
      });
  }

  void check_number(const Json& value, double number, const SchemaKeywords& schema) {
    if (schema.minimum && number < *schema.minimum)
      report(value, [&] {
        return fmt::format("expected at least {}, found {}", *schema.minimum, describe(value));
      });
    if (schema.maximum && number > *schema.maximum)
      report(value, [&] {
        return fmt::format("expected at most {}, found {}", *schema.maximum, describe(value));
      });
    if (const auto step = schema.multiple_of;
        step && std::abs(std::remainder(number, *step)) > 1e-9)
      report(value, [&] {
        return fmt::format("expected a multiple of {}, found {}", *step, describe(value));
      });
  }

  void check_array(const Json& value, const SchemaKeywords& schema, const Json* document) {
    const auto count = static_cast<std::int64_t>(value.items().size());
    if (schema.items_min && count < *schema.items_min)
      report(value, [&] {
        return fmt::format("expected at least {} elements, found {}", *schema.items_min, count);
      });
    if (schema.items_max && count > *schema.items_max)
      report(value, [&] {
        return fmt::format("expected at most {} elements, found {}", *schema.items_max, count);
      });
    if (schema.has_unique_items) check_unique(value);
    const Json* items = schema.items;
    for (std::size_t i = 0; items != nullptr && i < value.items().size(); ++i) {
      const Json* element = items;
      if (items->is_array())
        element = i < items->items().size() ? &items->items()[i] : schema.additional_items;
      if (element == nullptr) continue;
      path_.push_back({nullptr, i});
      visit(value.items()[i], {element, document});
      path_.pop_back();
    }
  }

  void check_unique(const Json& value) {
    std::unordered_multimap<std::size_t, const Json*> seen;
    seen.reserve(value.items().size());
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      const Json& element = value.items()[i];
      const std::size_t hash = hash_of(element);
      const auto [begin, end] = seen.equal_range(hash);
      const bool is_repeated =
          std::any_of(begin, end, [&](const auto& one) { return *one.second == element; });
      if (!is_repeated) {
        seen.emplace(hash, &element);
        continue;
      }
      path_.push_back({nullptr, i});
      report(element,
             [&] { return std::string("expected each element once, found the same again"); });
      path_.pop_back();
    }
  }

  void check_object(const Json& value, const SchemaKeywords& schema, const Json* document) {
    const auto count = static_cast<std::int64_t>(value.members().size());
    if (schema.properties_min && count < *schema.properties_min)
      report(value, [&] {
        return fmt::format("expected at least {} keys, found {}", *schema.properties_min, count);
      });
    if (schema.properties_max && count > *schema.properties_max)
      report(value, [&] {
        return fmt::format("expected at most {} keys, found {}", *schema.properties_max, count);
      });
    for (const std::string* key : schema.required)
      if (value.find(*key) == nullptr)
        report(value, [&] { return fmt::format("expected '{}', found nothing", *key); });
    const Json* others = schema.additional_properties;
    for (const auto& [key, member] : value.members()) {
      const Json* known = schema.property(key);
      if (known == nullptr && others == nullptr) continue;
      path_.push_back({&key, 0});
      if (known != nullptr)
        visit(member, {known, document});
      else if (others->as_bool() == false)
        report_unknown_key(key, member, schema);
      else
        visit(member, {others, document});
      path_.pop_back();
    }
  }

  void report_unknown_key(const std::string& key,
                          const Json& member,
                          const SchemaKeywords& schema) {
    is_broken_ = true;
    if (is_trying_ || findings_.size() >= Diagnostics::max_entries) return;
    std::vector<std::string> known;
    for (const auto& property : schema.properties)
      known.emplace_back(property.first);
    std::ranges::sort(known);
    report(member, [&] {
      return fmt::format("expected a key of the standard, found '{}'{}", quotable(key),
                         suggestion(key, known));
    });
    --findings_.back().depth;
  }

  void check_combinations(const Json& value, const SchemaKeywords& schema, const Json* document) {
    for (const Json* part : schema.all_of)
      visit(value, {part, document});
    if (schema.any_of != nullptr) check_choice(value, *schema.any_of, document, false);
    if (schema.one_of != nullptr) check_choice(value, *schema.one_of, document, true);
    if (schema.refused != nullptr && fits(value, *schema.refused, document))
      report(value, [&] { return "expected another form; " + says_of_refused(*schema.refused); });
    if (schema.condition != nullptr) {
      const Json* next = fits(value, *schema.condition, document) ? schema.then : schema.otherwise;
      if (next != nullptr) visit(value, {next, document});
    }
  }

  /// A form that is refused, in words: the keys that may not stand together.
  static std::string says_of_refused(const Json& refused) {
    const auto keys = texts_of(refused["required"]);
    if (keys.empty()) return "this one is refused by the standard";
    return keys.size() == 1 ? fmt::format("'{}' may not be here", keys[0])
                            : fmt::format("{} may not stand together", join(keys, " and "));
  }

  Findings broken_by(const Json& value, const Json& branch, const Json* document) {
    Findings outer = std::exchange(findings_, {});
    visit(value, {&branch, document});
    return std::exchange(findings_, std::move(outer));
  }

  /// SPEED: ends at the first broken rule, and makes no messages.
  bool fits(const Json& value, const Json& branch, const Json* document) {
    const bool was_trying = std::exchange(is_trying_, true);
    const bool was_broken = std::exchange(is_broken_, false);
    visit(value, {&branch, document});
    is_trying_ = was_trying;
    return !std::exchange(is_broken_, was_broken);
  }

  void check_choice(const Json& value,
                    const Json& choice,
                    const Json* document,
                    bool is_exclusive) {
    std::size_t fitting = 0;
    for (const Json& branch : choice.items()) {
      if (fits(value, branch, document)) ++fitting;
      if (fitting > 0 && !is_exclusive) return;
    }
    if (fitting > 1)
      report(value, [&] {
        return fmt::format("expected exactly one of {}, found {} of them", names_of_forms(choice),
                           fitting);
      });
    if (fitting > 0) return;
    is_broken_ = true;
    if (is_trying_) return;
    std::vector<Findings> refused;
    for (const Json& branch : choice.items())
      refused.push_back(broken_by(value, branch, document));
    std::erase_if(refused, [](const Findings& found) { return found.empty(); });
    report_choice(value, std::move(refused));
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
    report(value, [&] { return join(forms, "; or "); });
  }

  /// @param message makes the text: while a branch is only tried, nobody reads it
  template <typename Message>
  void report(const Json& value, const Message& message) {
    is_broken_ = true;
    if (is_trying_ || findings_.size() >= Diagnostics::max_entries) return;
    std::string pointer;
    for (const Step& step : path_)
      pointer += "/" + (step.key == nullptr ? std::to_string(step.index) : escaped(*step.key));
    findings_.push_back({&value, std::move(pointer), path_.size(), message()});
  }

  ShippedSchemas schemas_;
  const Json* root_;
  Patterns patterns_;
  std::unordered_map<const Json*, std::unique_ptr<SchemaKeywords>> keywords_;
  std::unordered_map<const std::string*, Rule> targets_;  ///< by where the reference stands
  std::vector<Step> path_;
  Findings findings_;
  bool is_trying_ = false;  ///< a branch: only whether it fits is asked
  bool is_broken_ = false;  ///< since the branch began
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
