// SPDX-License-Identifier: Apache-2.0
// The relation of two names follows from the relations of their attributes.
//
// Source: NISTIR 7696, 6.1 and 7.
#include <algorithm>
#include <cstddef>
#include <string_view>

#include "domain/cpe.hpp"

namespace lockstep {

namespace {

using Kind = CpeValue::Kind;

bool has_wildcards(const CpeValue& value) {
  return value.leading != 0 || value.trailing != 0;
}

bool allows(int wildcards, std::size_t characters) {
  return wildcards == CpeValue::many || characters <= static_cast<std::size_t>(wildcards);
}

/// Whether the text stands somewhere in the other one, with no more characters before and after it
/// than the wildcards stand for.
bool covers(const CpeValue& pattern, std::string_view text) {
  for (std::size_t at = text.find(pattern.text); at != std::string_view::npos;
       at = text.find(pattern.text, at + 1)) {
    if (!allows(pattern.leading, at)) return false;
    if (allows(pattern.trailing, text.size() - at - pattern.text.size())) return true;
  }
  return false;
}

bool is_looked_up(std::size_t attribute) {
  return attribute <= static_cast<std::size_t>(CpeAttribute::product);
}

}  // namespace

CpeRelation relation_of(const CpeValue& source, const CpeValue& target) {
  if (source == target) return CpeRelation::equal;
  if (source.kind == Kind::text && target.kind == Kind::text && has_wildcards(target)) {
    return CpeRelation::undefined;
  }
  if (source.kind == Kind::any) {
    return has_wildcards(target) ? CpeRelation::undefined : CpeRelation::superset;
  }
  if (target.kind == Kind::any) return CpeRelation::subset;
  if (source.kind != target.kind) {
    return has_wildcards(target) ? CpeRelation::undefined : CpeRelation::disjoint;
  }
  return has_wildcards(source) && covers(source, target.text) ? CpeRelation::superset
                                                              : CpeRelation::disjoint;
}

CpeRelation relation_of(const Cpe& source, const Cpe& target) {
  bool all_equal = true;
  bool all_superset = true;
  bool all_subset = true;
  bool any_disjoint = false;
  for (std::size_t i = 0; i < cpe_attributes; ++i) {
    const CpeRelation relation = relation_of(source.values[i], target.values[i]);
    const bool equal = relation == CpeRelation::equal;
    any_disjoint = any_disjoint || relation == CpeRelation::disjoint;
    all_equal = all_equal && equal;
    all_superset = all_superset && (equal || relation == CpeRelation::superset);
    all_subset = all_subset && (equal || relation == CpeRelation::subset);
  }
  if (any_disjoint) return CpeRelation::disjoint;
  if (all_equal) return CpeRelation::equal;
  if (all_superset) return CpeRelation::superset;
  return all_subset ? CpeRelation::subset : CpeRelation::undefined;
}

bool matches(const Cpe& vulnerable, const Cpe& component) {
  if (component[CpeAttribute::product].kind != Kind::text) return false;
  for (std::size_t i = 0; i < cpe_attributes; ++i) {
    const CpeValue& source = vulnerable.values[i];
    const CpeValue& target = component.values[i];
    const CpeRelation relation = relation_of(source, target);
    // The component may be any of what its wildcards stand for, all of which the source has.
    const bool holds = relation == CpeRelation::equal || relation == CpeRelation::superset ||
                       relation == CpeRelation::subset || source.kind == Kind::any;
    const bool found_by_pattern =
        is_looked_up(i) && relation == CpeRelation::superset && source.kind == Kind::text;
    if (!holds || found_by_pattern) return false;
  }
  return true;
}

}  // namespace lockstep
