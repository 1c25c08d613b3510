// SPDX-License-Identifier: Apache-2.0
#include "formats/product/facts.hpp"

#include <cmath>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "formats/limits.hpp"
#include "formats/product/section.hpp"

namespace lockstep::formats {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/// One or more words of small letters, digits and '_', joined by dots.
bool is_fact_name(std::string_view name) {
  for (const std::string_view word : split(name, '.')) {
    if (word.empty()) return false;
    for (const char c : word)
      if (!is_letter(c)) return false;
  }
  return true;
}

FactValue plain_value(const Json& value, const std::string& text) {
  if (text == "yes" || text == "Yes" || text == "true" || text == "True") return true;
  if (text == "no" || text == "No" || text == "false" || text == "False") return false;
  if (const auto whole = value.as_int()) return *whole;
  if (const auto number = value.as_number(); number && std::isfinite(*number)) return *number;
  return text;
}

class Flattener {
 public:
  Flattener(const std::string& path, const std::string& sha256, Diagnostics& problems)
      : path_(path), sha256_(sha256), problems_(problems) {}

  std::vector<Fact> take() { return std::move(facts_); }

  /// Nesting is bounded by product_limits.depth.
  void walk(const Json& map, const std::string& prefix) {
    for (const auto& [key, value] : map.members()) {
      std::string name = prefix.empty() ? key : fmt::format("{}.{}", prefix, key);
      if (!is_fact_name(key)) {
        problems_.error("product.fact",
                        fmt::format("expected a fact's name such as ai.is_ai_system, found '{}'",
                                    quotable(key)),
                        value.key_at(path_));
      } else if (value.is_object()) {
        walk(value, name);
      } else {
        add(std::move(name), value);
      }
    }
  }

 private:
  void add(std::string name, const Json& value) {
    const auto [earlier, is_new] = lines_.emplace(name, value.key_at(path_).line);
    if (!is_new)
      return problems_.error("product.fact",
                             fmt::format("expected each fact once, found '{}' again (line {})",
                                         quotable(name), earlier->second),
                             value.key_at(path_));
    auto held = value_of(name, value);
    if (!held) return;
    facts_.push_back({std::move(name),
                      *std::move(held),
                      {Provenance::Kind::read, value.key_at(path_), sha256_, "", std::nullopt}});
  }

  std::optional<FactValue> value_of(const std::string& name, const Json& value) {
    if (value.is_null()) return std::monostate{};
    if (value.is_array()) return words_of(name, value);
    std::string text = value.string_or("");
    if (text == "unknown") return std::monostate{};
    if (const auto day = parse_day(text)) return *day;
    if (value.is_plain()) return plain_value(value, text);
    return text;
  }

  std::optional<FactValue> words_of(const std::string& name, const Json& list) {
    std::vector<std::string> words;
    for (const Json& element : list.items()) {
      if (!element.is_string()) {
        problems_.error("product.type",
                        fmt::format("expected a list of words for the fact '{}', found {} in it",
                                    quotable(name), describe(element)),
                        element.at(path_));
        return std::nullopt;
      }
      words.push_back(element.string_or(""));
    }
    return words;
  }

  const std::string& path_;
  const std::string& sha256_;
  Diagnostics& problems_;
  std::map<std::string, int> lines_;
  std::vector<Fact> facts_;
};

}  // namespace

Result<std::vector<Fact>> read_facts(std::string_view bytes,
                                     const std::string& path,
                                     Diagnostics& problems) {
  TRY(const Json tree, parse_yaml(bytes, path, problems, product_limits));
  if (!tree.is_object() && !tree.is_null())
    return fail(ErrorKind::input, "product.type",
                fmt::format("expected a map of facts, found {}", describe(tree)), tree.at(path));
  return flatten_facts(tree, path, sha256(bytes), problems);
}

std::vector<Fact> flatten_facts(const Json& map,
                                const std::string& path,
                                const std::string& sha256,
                                Diagnostics& problems) {
  Flattener flattener(path, sha256, problems);
  flattener.walk(map, "");
  return flattener.take();
}

}  // namespace lockstep::formats
