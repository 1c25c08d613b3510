// SPDX-License-Identifier: Apache-2.0
// A checker for the keywords of JSON Schema 2020-12 that our schemas use; another keyword is a
// problem, so that none is passed over. Besides, every member that a document has must be described
// by its schema, which the standard would let pass.
#pragma once

#include <algorithm>
#include <regex>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "support/paths.hpp"

namespace lockstep::test {

class SchemaCheck {
 public:
  /// All problems of `value` against data/schemas/lockstep/`file`.
  static std::vector<std::string> problems(const Json& value, const std::string& file) {
    SchemaCheck check;
    check.file_ = file;
    check.check(value, load(file), "$");
    return check.problems_;
  }

  static Json load(const std::string& file) {
    Diagnostics diagnostics;
    auto schema =
        parse_json(read_file(source_path("data/schemas/lockstep/" + file)), file, diagnostics);
    EXPECT_TRUE(schema.has_value() && !diagnostics.has_errors()) << file;
    return schema ? *schema : Json();
  }

 private:
  void say(const std::string& path, const std::string& what) {
    problems_.push_back(path + ": " + what);
  }

  static bool is_type(const Json& value, const std::string& type) {
    switch (value.kind()) {
      case Json::Kind::null:
        return type == "null";
      case Json::Kind::boolean:
        return type == "boolean";
      case Json::Kind::integer:
        return type == "integer" || type == "number";
      case Json::Kind::number:
        return type == "number";
      case Json::Kind::string:
        return type == "string";
      case Json::Kind::array:
        return type == "array";
      case Json::Kind::object:
        return type == "object";
    }
    return false;
  }

  void follow(const Json& value, const std::string& reference, const std::string& path) {
    const std::size_t mark = reference.find('#');
    const std::string before = file_;
    if (mark > 0) file_ = reference.substr(0, mark);
    Json node = load(file_);
    std::string rest = mark == std::string::npos ? "" : reference.substr(mark + 2) + "/";
    for (std::size_t slash = rest.find('/'); slash != std::string::npos; slash = rest.find('/')) {
      const Json next = node[rest.substr(0, slash)];
      if (next.is_null()) say(path, "nothing at " + reference);
      node = next;
      rest.erase(0, slash + 1);
    }
    check(value, node, path);
    file_ = before;
  }

  void any_of(const Json& value, const Json& choices, const std::string& path) {
    std::vector<std::string> all;
    for (const Json& choice : choices.items()) {
      SchemaCheck one;
      one.file_ = file_;
      one.check(value, choice, path);
      if (one.problems_.empty()) return;
      all.insert(all.end(), one.problems_.begin(), one.problems_.end());
    }
    problems_.insert(problems_.end(), all.begin(), all.end());
  }

  void members(const Json& value, const Json& schema, const std::string& path) {
    for (const Json& key : schema["required"].items())
      if (value.find(*key.as_string()) == nullptr) say(path, "lacks " + *key.as_string());
    for (const auto& [key, member] : value.members()) {
      const Json* described = schema["properties"].find(key);
      // Of maps from any name, the values.
      if (described == nullptr && schema["additionalProperties"].is_object())
        described = &schema["additionalProperties"];
      if (described == nullptr)
        say(path, "has " + key + ", which no schema describes");
      else
        check(member, *described, path + "." + key);
    }
  }

  void limits(const Json& value, const Json& schema, const std::string& path) {
    if (const auto low = schema["minimum"].as_number();
        low && value.as_number().value_or(*low) < *low)
      say(path, "is too small");
    if (const auto high = schema["maximum"].as_number();
        high && value.as_number().value_or(*high) > *high)
      say(path, "is too large");
    if (const auto* pattern = schema["pattern"].as_string();
        pattern != nullptr && value.is_string())
      if (!std::regex_search(*value.as_string(), std::regex(*pattern)))
        say(path, "'" + *value.as_string() + "' is not like " + *pattern);
    const std::size_t size = value.items().size();
    if (const auto least = schema["minItems"].as_int();
        least && size < static_cast<std::size_t>(*least))
      say(path, "has too few");
    if (const auto most = schema["maxItems"].as_int();
        most && size > static_cast<std::size_t>(*most))
      say(path, "has too many");
  }

  void check(const Json& value, const Json& schema, const std::string& path) {
    static const std::vector<std::string> known = {"additionalProperties",
                                                   "$schema",
                                                   "$id",
                                                   "$defs",
                                                   "$ref",
                                                   "title",
                                                   "description",
                                                   "type",
                                                   "required",
                                                   "items",
                                                   "enum",
                                                   "minItems",
                                                   "maxItems",
                                                   "pattern",
                                                   "properties",
                                                   "const",
                                                   "anyOf",
                                                   "minimum",
                                                   "maximum"};
    for (const auto& [keyword, unused] : schema.members())
      if (std::ranges::find(known, keyword) == known.end()) say(path, "unknown keyword " + keyword);
    if (const auto* reference = schema["$ref"].as_string(); reference != nullptr)
      return follow(value, *reference, path);
    if (const Json* choices = schema.find("anyOf"); choices != nullptr)
      return any_of(value, *choices, path);
    if (const Json* constant = schema.find("const"); constant != nullptr && !(*constant == value))
      say(path, "is not the constant");
    if (const Json* words = schema.find("enum"); words != nullptr)
      if (std::ranges::find(words->items(), value) == words->items().end())
        say(path, "is none of the choices: " + to_canonical_json(value));
    if (const Json* type = schema.find("type"); type != nullptr) {
      const Json types = type->is_array() ? *type : Json::array().push(*type);
      if (std::ranges::none_of(types.items(),
                               [&](const Json& one) { return is_type(value, *one.as_string()); }))
        say(path, "has another type than " + to_canonical_json(types));
    }
    limits(value, schema, path);
    if (value.is_object()) members(value, schema, path);
    if (const Json* items = schema.find("items"); items != nullptr && value.is_array())
      for (std::size_t i = 0; i < value.items().size(); ++i)
        check(value.items()[i], *items, path + "[" + std::to_string(i) + "]");
  }

  std::string file_;
  std::vector<std::string> problems_;
};

}  // namespace lockstep::test
