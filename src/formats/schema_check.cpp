// SPDX-License-Identifier: Apache-2.0
// Walks a document and the rules of its schema side by side. First only whether all rules hold is
// asked, which needs no places and no messages; nearly all documents end there.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "formats/limits.hpp"
#include "formats/schema.hpp"
#include "formats/schema_rules.hpp"

namespace lockstep::formats {
namespace {

using Finding = BrokenRule;
using Findings = std::vector<Finding>;

using Rule = SchemaKeywords;

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

/// A plain scalar of YAML is a text, and a truth or a number too when it reads as one. A whole
/// number is one however it is written.
bool has_type(const Json& value, const Rule& rule) {
  if ((rule.kinds >> static_cast<unsigned>(value.kind()) & 1U) != 0) return true;
  return std::ranges::any_of(rule.types, [&](std::string_view type) {
    if (value.is_plain() && type == "boolean") return value.as_bool().has_value();
    if (value.is_plain() && type == "integer") return value.as_int().has_value();
    if (value.is_plain() && type == "number") return value.as_number().has_value();
    return value.kind() == Json::Kind::number && type == "integer" && is_whole(*value.as_number());
  });
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

std::uint64_t hash_of_scalar(const Json& value) {
  if (const std::string* text = value.as_string()) return hash_of(*text);
  if (const auto number = value.as_number()) return std::hash<double>()(*number);
  return mixed(static_cast<std::uint64_t>(value.kind()), value.as_bool() == true ? 1 : 0);
}

/// Values that are the same have the same number, in whatever order their members stand.
std::uint64_t hash_of_tree(const Json& value) {
  if (!value.is_array() && !value.is_object()) return hash_of_scalar(value);
  std::uint64_t hash = mixed(hash_start, static_cast<std::uint64_t>(value.kind()));
  for (const Json& item : value.items())
    hash = mixed(hash, hash_of_tree(item));
  for (const auto& [key, member] : value.members())
    hash += mixed(hash_of(key), hash_of_tree(member));
  return hash;
}

/// The same, from a look at the first level only: values that differ may have the same number.
std::uint64_t hash_of_front(const Json& value) {
  if (value.is_array()) return value.items().size();
  if (!value.is_object()) return hash_of_scalar(value);
  std::uint64_t hash = hash_start;
  for (const auto& [key, member] : value.members())
    if (!member.is_array() && !member.is_object())
      hash += mixed(hash_of_scalar(member), key.size());
  return hash;
}

/// Whether all elements have different fronts. SPEED: components do, and are not walked for it.
bool have_different_fronts(const Json::Array& elements) {
  std::vector<std::uint64_t> fronts;
  fronts.reserve(elements.size());
  for (const Json& element : elements)
    fronts.push_back(hash_of_front(element));
  std::ranges::sort(fronts);
  return std::ranges::adjacent_find(fronts) == fronts.end();
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
  Findings check(const Json& document, const Rule& root) {
    is_trying_ = true;
    visit(document, root);
    if (!is_broken_) return {};
    is_trying_ = is_broken_ = false;
    steps_ = 0;
    visit(document, root);
    return std::move(findings_);
  }

  bool holds(const Json& value, const Rule& rule) { return fits(value, rule); }

  bool gave_up() const { return steps_ > schema_steps; }

 private:
  void visit(const Json& value, const Rule& rule) {
    if (++steps_ > schema_steps || (is_trying_ && is_broken_)) return;
    if (rule.always) {
      if (!*rule.always)
        report(value, [&] { return fmt::format("expected nothing, found {}", describe(value)); });
      return;
    }
    if (!check_type(value, rule)) return;
    check_values(value, rule);
    if (value.is_string())
      check_text(value, rule);
    else if (value.is_array())
      check_array(value, rule);
    else if (value.is_object())
      check_object(value, rule);
    else if (const auto number = value.as_number())
      check_number(value, *number, rule);
    check_combinations(value, rule);
  }

  /// Visits what lies below a value: its member or element.
  void visit_below(const Json& value, const Rule& rule, Step step) {
    if (is_trying_) return visit(value, rule);
    path_.push_back(step);
    visit(value, rule);
    path_.pop_back();
  }

  bool check_type(const Json& value, const Rule& rule) {
    if (has_type(value, rule)) return true;
    report(value, [&] {
      std::vector<std::string> types;
      for (const std::string_view type : rule.types)
        types.emplace_back(says_of_type(type));
      return fmt::format("expected {}, found {}", join(types, " or "), describe(value));
    });
    return false;
  }

  void check_values(const Json& value, const Rule& rule) {
    if (rule.fixed != nullptr && !is_same(*rule.fixed, value))
      report(value, [&] {
        return fmt::format("expected {}, found {}", describe(*rule.fixed), describe(value));
      });
    if (rule.choice == nullptr) return;
    const auto is_it = [&](const Json& word) { return is_same(word, value); };
    const std::string* text = value.is_plain() ? nullptr : value.as_string();
    if (text != nullptr ? rule.offers(*text) : std::ranges::any_of(rule.choice->items(), is_it))
      return;
    report(value, [&] {
      const auto texts = texts_of(*rule.choice);
      return fmt::format("expected {}{}, found {}{}", texts.size() > 1 ? "one of " : "",
                         list_of_words(texts), describe(value),
                         suggestion(value.string_or(""), texts));
    });
  }

  void check_text(const Json& value, const Rule& rule) {
    const std::string& text = *value.as_string();
    const auto least = rule.length_min;
    const auto most = rule.length_max;
    const bool is_counted = (least && *least > 1) || (most && std::ssize(text) > *most);
    const auto size = is_counted ? static_cast<std::int64_t>(code_points(text)) : std::ssize(text);
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
    if (rule.pattern != nullptr && !rule.pattern->matches(text))
      report(value, [&] {
        return fmt::format("expected a text of the form {}, found {}", rule.pattern->text(),
                           describe(value));
      });
    if (rule.format != nullptr && !has_format(text, *rule.format))
      report(value, [&] {
        return fmt::format("expected {}, found {}", says_of_format(*rule.format), describe(value));
      });
  }

  void check_number(const Json& value, double number, const Rule& rule) {
    if (rule.minimum && number < *rule.minimum)
      report(value, [&] {
        return fmt::format("expected at least {}, found {}", *rule.minimum, describe(value));
      });
    if (rule.maximum && number > *rule.maximum)
      report(value, [&] {
        return fmt::format("expected at most {}, found {}", *rule.maximum, describe(value));
      });
    if (const auto step = rule.multiple_of; step && std::abs(std::remainder(number, *step)) > 1e-9)
      report(value, [&] {
        return fmt::format("expected a multiple of {}, found {}", *step, describe(value));
      });
  }

  void check_array(const Json& value, const Rule& rule) {
    const auto count = static_cast<std::int64_t>(value.items().size());
    if (rule.items_min && count < *rule.items_min)
      report(value, [&] {
        return fmt::format("expected at least {} elements, found {}", *rule.items_min, count);
      });
    if (rule.items_max && count > *rule.items_max)
      report(value, [&] {
        return fmt::format("expected at most {} elements, found {}", *rule.items_max, count);
      });
    if (rule.has_unique_items) check_unique(value);
    if (rule.items == nullptr && !rule.has_tuple) return;
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      const Rule* element = i < rule.tuple.size() ? rule.tuple[i] : rule.items;
      if (element != nullptr) visit_below(value.items()[i], *element, {nullptr, i});
    }
  }

  void check_unique(const Json& value) {
    if (value.items().size() < 2 || have_different_fronts(value.items())) return;
    std::unordered_multimap<std::uint64_t, const Json*> seen;
    seen.reserve(value.items().size());
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      const Json& element = value.items()[i];
      const std::uint64_t hash = hash_of_tree(element);
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

  void check_object(const Json& value, const Rule& rule) {
    const auto count = static_cast<std::int64_t>(value.members().size());
    if (rule.properties_min && count < *rule.properties_min)
      report(value, [&] {
        return fmt::format("expected at least {} keys, found {}", *rule.properties_min, count);
      });
    if (rule.properties_max && count > *rule.properties_max)
      report(value, [&] {
        return fmt::format("expected at most {} keys, found {}", *rule.properties_max, count);
      });
    for (const std::string* key : rule.required)
      if (value.find(*key) == nullptr)
        report(value, [&] { return fmt::format("expected '{}', found nothing", *key); });
    const Rule* others = rule.additional_properties;
    for (const auto& [key, member] : value.members()) {
      if (const Rule* known = rule.properties.find(key))
        visit_below(member, *known, {&key, 0});
      else if (others != nullptr && others->always == false)
        report_unknown_key(key, member, rule);
      else if (others != nullptr)
        visit_below(member, *others, {&key, 0});
    }
  }

  void report_unknown_key(const std::string& key, const Json& member, const Rule& rule) {
    is_broken_ = true;
    if (is_trying_ || findings_.size() >= Diagnostics::max_entries) return;
    path_.push_back({&key, 0});
    report(member, [&] {
      return fmt::format("expected a key of the standard, found '{}'{}", quotable(key),
                         suggestion(key, rule.properties.keys()));
    });
    path_.pop_back();
    --findings_.back().depth;
  }

  void check_combinations(const Json& value, const Rule& rule) {
    for (const Rule* part : rule.all_of)
      visit(value, *part);
    if (!rule.any_of.empty()) check_choice(value, rule.any_of, false);
    if (!rule.one_of.empty()) check_choice(value, rule.one_of, true);
    if (rule.refused != nullptr && fits(value, *rule.refused))
      report(value,
             [&] { return "expected another form; " + says_of_refused(*rule.refused->node); });
    if (rule.condition != nullptr) {
      const Rule* next = fits(value, *rule.condition) ? rule.then : rule.otherwise;
      if (next != nullptr) visit(value, *next);
    }
  }

  /// A form that is refused, in words: the keys that may not stand together.
  static std::string says_of_refused(const Json& refused) {
    const auto keys = texts_of(refused["required"]);
    if (keys.empty()) return "this one is refused by the standard";
    return keys.size() == 1 ? fmt::format("'{}' may not be here", keys[0])
                            : fmt::format("{} may not stand together", join(keys, " and "));
  }

  Findings broken_by(const Json& value, const Rule& branch) {
    Findings outer = std::exchange(findings_, {});
    visit(value, branch);
    return std::exchange(findings_, std::move(outer));
  }

  /// SPEED: ends at the first broken rule, and makes no messages.
  bool fits(const Json& value, const Rule& branch) {
    const bool was_trying = std::exchange(is_trying_, true);
    const bool was_broken = std::exchange(is_broken_, false);
    visit(value, branch);
    is_trying_ = was_trying;
    return !std::exchange(is_broken_, was_broken);
  }

  void check_choice(const Json& value, const std::vector<const Rule*>& choice, bool is_exclusive) {
    std::size_t fitting = 0;
    for (const Rule* branch : choice) {
      if (fits(value, *branch)) ++fitting;
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
    for (const Rule* branch : choice)
      refused.push_back(broken_by(value, *branch));
    std::erase_if(refused, [](const Findings& found) { return found.empty(); });
    report_choice(value, std::move(refused));
  }

  /// "'license', 'expression'" when the forms differ by the keys that they need, else their number.
  static std::string names_of_forms(const std::vector<const Rule*>& choice) {
    std::vector<std::string> names;
    for (const Rule* form : choice)
      for (const std::string* key : form->required)
        names.push_back("'" + *key + "'");
    return names.size() == choice.size() ? join(names, ", ")
                                         : fmt::format("{} forms", choice.size());
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

  std::vector<Step> path_;
  Findings findings_;
  bool is_trying_ = false;  ///< only whether the rules hold is asked
  bool is_broken_ = false;  ///< since the trying began
  std::size_t steps_ = 0;
};

}  // namespace

SchemaCheck broken_rules(const Json& document, std::string_view name) {
  Checker checker;
  SchemaCheck check{checker.check(document, shipped_rules(name).root()), false};
  std::ranges::stable_sort(check.broken, {}, [](const BrokenRule& rule) {
    return std::tuple(rule.at->line(), rule.at->column());
  });
  check.gave_up = checker.gave_up();
  return check;
}

bool elements_hold(std::span<const Json> elements,
                   std::string_view name,
                   std::string_view list,
                   std::vector<std::uint64_t>& fronts) {
  const Rule* rule = shipped_rules(name).root().properties.find(list);
  LS_CHECK(rule != nullptr && rule->items != nullptr, "a list that the schema does not have");
  Checker checker;
  for (const Json& element : elements) {
    if (!checker.holds(element, *rule->items)) return false;
    if (rule->has_unique_items) fronts.push_back(hash_of_front(element));
  }
  return !checker.gave_up();
}

}  // namespace lockstep::formats
