// SPDX-License-Identifier: Apache-2.0
#include "formats/csaf/unknown_keys.hpp"

#include "formats/schema.hpp"

namespace lockstep::formats::csaf {
namespace {

using Rule = SchemaRule;

class Walker {
 public:
  std::vector<UnknownKey> walk(const Json& document, std::string_view schema) {
    const Json* root = schemas_.load(std::string(schema));
    visit(document, {{root, root}});
    return std::move(found_);
  }

 private:
  /// `rules` are all that may describe the value: more than one where the schema has a choice.
  void visit(const Json& value, const std::vector<Rule>& rules) {
    if (found_.size() >= Diagnostics::max_entries) return;
    if (!value.is_object() && !value.is_array()) return;
    std::vector<Rule> all;
    for (const Rule& rule : rules)
      unfold(rule, all);
    for (const Json& element : value.items()) {
      std::vector<Rule> next;
      for (const Rule& rule : all)
        if (const Json* items = rule.node->find("items")) next.push_back({items, rule.document});
      if (!next.empty()) visit(element, next);
    }
    for (const auto& [key, member] : value.members())
      visit_member(key, member, all);
  }

  void visit_member(const std::string& key, const Json& member, const std::vector<Rule>& all) {
    std::vector<Rule> next;
    bool is_open = true;
    for (const Rule& rule : all) {
      const Json* properties = rule.node->find("properties");
      if (properties == nullptr) continue;
      is_open = false;
      if (const Json* known = properties->find(key)) next.push_back({known, rule.document});
    }
    if (!is_open && next.empty()) found_.push_back({&member, key});
    if (!next.empty()) visit(member, next);
  }

  /// The rule itself without references, with what its choices add.
  void unfold(Rule rule, std::vector<Rule>& all) {
    while (const std::string* reference = (*rule.node)["$ref"].as_string())
      rule = schemas_.resolve(*reference, rule.document);
    all.push_back(rule);
    for (const char* choice : {"oneOf", "anyOf", "allOf"})
      for (const Json& branch : (*rule.node)[choice].items())
        unfold({&branch, rule.document}, all);
  }

  ShippedSchemas schemas_{"csaf/"};
  std::vector<UnknownKey> found_;
};

}  // namespace

std::vector<UnknownKey> unknown_keys(const Json& document, std::string_view schema) {
  return Walker().walk(document, schema);
}

}  // namespace lockstep::formats::csaf
