// SPDX-License-Identifier: Apache-2.0
#include "advisories/cpe_version.hpp"

#include <algorithm>
#include <compare>
#include <fmt/format.h>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "versions/scheme.hpp"

namespace lockstep::advisories {

namespace {

using Kind = CpeValue::Kind;

CpeValue& value(Cpe& name, CpeAttribute attribute) {
  return name.values[static_cast<std::size_t>(attribute)];
}

bool has_wildcards(const CpeValue& one) {
  return one.leading != 0 || one.trailing != 0;
}

/// "3.0-beta1" of version 3.0 and update beta1; "" without a version.
std::string full_version(const Cpe& name) {
  const CpeValue& version = name[CpeAttribute::version];
  const CpeValue& update = name[CpeAttribute::update];
  if (version.kind != Kind::text) return "";
  if (update.kind != Kind::text) return version.text;
  return fmt::format("{}-{}", version.text, update.text);
}

/// Without "1:" in front and "-2ubuntu3" or "-r1" behind.
std::string_view of_the_software(std::string_view version) {
  const std::size_t colon = version.find(':');
  if (colon != std::string_view::npos) version.remove_prefix(colon + 1);
  const std::size_t dash = version.rfind('-');
  return dash == std::string_view::npos || dash == 0 ? version : version.substr(0, dash);
}

bool are_equal_versions(std::string_view a, std::string_view b) {
  return std::is_eq(versions::generic.compare(a, b));
}

/// Whether the criterion's name gives the component's version.
bool names_version(const Cpe& criterion, const Cpe& component) {
  const CpeValue& wanted = criterion[CpeAttribute::version];
  const CpeValue& found = component[CpeAttribute::version];
  if (has_wildcards(wanted) || has_wildcards(found)) {
    const CpeRelation relation = relation_of(wanted, found);
    return relation == CpeRelation::superset || relation == CpeRelation::equal;
  }
  const CpeValue& update = criterion[CpeAttribute::update];
  if (update.kind == Kind::any) return are_equal_versions(wanted.text, found.text);
  if (update.kind == Kind::not_applicable) {
    return component[CpeAttribute::update].kind != Kind::text &&
           are_equal_versions(wanted.text, found.text);
  }
  return are_equal_versions(full_version(criterion), full_version(component));
}

}  // namespace

Cpe with_version(Cpe name, std::string_view version, std::string_view purl_type) {
  const bool is_distribution = purl_type == "deb" || purl_type == "rpm" || purl_type == "apk";
  CpeValue& own = value(name, CpeAttribute::version);
  if (own.kind != Kind::text && !version.empty()) {
    own = {Kind::text, lower_case(version), 0, 0};
  }
  if (own.kind == Kind::text && is_distribution) own.text = of_the_software(own.text);
  if (own.kind == Kind::text && own.text.empty()) own = {};
  return name;
}

bool is_product_of(const Cpe& criterion, const Cpe& component) {
  Cpe wanted = criterion;
  Cpe found = component;
  for (const CpeAttribute attribute : {CpeAttribute::version, CpeAttribute::update}) {
    value(wanted, attribute) = {};
    value(found, attribute) = {};
  }
  return matches(wanted, found);
}

Evaluation evaluate_version(const Cpe& criterion,
                            std::span<const AffectedRangeView> ranges,
                            const Cpe& component) {
  Evaluation result;
  const bool names_none = criterion[CpeAttribute::version].kind != Kind::text;
  if (ranges.empty() && names_none) {
    result.verdict = Verdict::affected;
    result.because = "the record names no version";
    return result;
  }
  const std::string version = full_version(component);
  if (version.empty()) {
    result.verdict = Verdict::not_evaluated;
    result.because = "no version";
    return result;
  }
  if (!names_none) {
    if (!names_version(criterion, component)) return result;
    if (ranges.empty()) {
      result.verdict = Verdict::affected;
      result.because = fmt::format("{} is the version that the record names", quotable(version));
      return result;
    }
  }
  return evaluate({cpe_ecosystem, ranges}, version);
}

}  // namespace lockstep::advisories
