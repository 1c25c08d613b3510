// SPDX-License-Identifier: Apache-2.0
#include "domain/bom_quality.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/check.hpp"

namespace lockstep {
namespace {

bool has_sha512(const Component& component) {
  return std::ranges::any_of(component.digests, [](const auto& digest) {
    return digest.first == "SHA-512" && !digest.second.empty();
  });
}

struct ComponentField {
  std::string_view name;
  bool (*has)(const Component& component);
};

constexpr std::array component_fields = {
    ComponentField{"component.digest", [](const Component& c) { return !c.digests.empty(); }},
    ComponentField{"component.identifier",
                   [](const Component& c) { return c.purl.has_value() || !c.cpe.empty(); }},
    ComponentField{"component.licence", [](const Component& c) { return !c.licences.empty(); }},
    ComponentField{"component.name", [](const Component& c) { return !c.name.empty(); }},
    ComponentField{"component.sha512", has_sha512},
    ComponentField{"component.supplier", [](const Component& c) { return !c.supplier.empty(); }},
    ComponentField{"component.version", [](const Component& c) { return !c.version.empty(); }},
};

/// Whether the bill says what its subject depends on at the top level.
bool has_top_level(const Bom& bom) {
  return bom.subject && std::ranges::any_of(bom.dependencies, [&](const Dependency& edge) {
           return edge.from == bom.subject->reference;
         });
}

/// Whether every component is joined with some other by a dependency.
bool has_relations(const Bom& bom) {
  std::set<std::string_view> joined;
  for (const Dependency& edge : bom.dependencies) {
    joined.insert(edge.from);
    joined.insert(edge.to);
  }
  return !bom.components.empty() && std::ranges::all_of(bom.components, [&](const Component& one) {
    return joined.contains(one.reference);
  });
}

struct BomField {
  std::string_view name;
  bool (*has)(const Bom& bom);
};

constexpr std::array whole_fields = {
    BomField{"bom.components", [](const Bom& b) { return !b.components.empty(); }},
    BomField{"bom.creator", [](const Bom& b) { return !b.creators.empty(); }},
    BomField{"bom.format", [](const Bom& b) { return !b.format.empty(); }},
    BomField{"bom.relations", has_relations},
    BomField{"bom.serial", [](const Bom& b) { return !b.serial.empty(); }},
    BomField{"bom.subject", [](const Bom& b) { return b.subject && !b.subject->name.empty(); }},
    BomField{"bom.time", [](const Bom& b) { return b.made.has_value(); }},
    BomField{"bom.top_level", has_top_level},
};

BomRuleAnswer answer(const Bom& bom, const BomRule& rule) {
  BomRuleAnswer answer{&rule, 0, 0, {}};
  const auto whole = std::ranges::find(whole_fields, rule.field, &BomField::name);
  if (whole != whole_fields.end()) {
    answer.of = 1;
    answer.met = whole->has(bom) ? 1 : 0;
    return answer;
  }
  const auto each = std::ranges::find(component_fields, rule.field, &ComponentField::name);
  LS_CHECK(each != component_fields.end(), "a rule about bills asks about no known field");
  answer.of = std::max<std::size_t>(bom.components.size(), 1);
  for (const Component& component : bom.components) {
    if (each->has(component))
      ++answer.met;
    else
      answer.missing.push_back({component.name, component.version, component.where});
  }
  return answer;
}

}  // namespace

std::vector<std::string_view> bom_fields() {
  std::vector<std::string_view> names;
  for (const BomField& field : whole_fields)
    names.push_back(field.name);
  for (const ComponentField& field : component_fields)
    names.push_back(field.name);
  return names;
}

BomQuality judge(const Bom& bom, std::span<const BomRule> rules) {
  BomQuality quality;
  double sum = 0;
  double weights = 0;
  for (const BomRule& rule : rules) {
    quality.answers.push_back(answer(bom, rule));
    const BomRuleAnswer& last = quality.answers.back();
    sum += rule.weight * static_cast<double>(last.met) / static_cast<double>(last.of);
    weights += rule.weight;
  }
  if (weights > 0) quality.score = static_cast<int>(100 * sum / weights + 1e-9);
  return quality;
}

}  // namespace lockstep
