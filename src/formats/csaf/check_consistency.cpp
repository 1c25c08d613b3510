// SPDX-License-Identifier: Apache-2.0
// The test whether CPE and package URLs of a product say what its branches say (CSAF 2.1, 6.2.42).
//
// Only what has a place in both is compared. Vendor and product names of a CPE come from a
// dictionary of their own, so that they must be there but may be spelled otherwise; versions must
// be the same.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

#include "base/text.hpp"
#include "domain/cpe.hpp"
#include "domain/purl.hpp"
#include "formats/csaf/check.hpp"

namespace lockstep::formats::csaf {
namespace {

using Attribute = CpeAttribute;

bool is_set(const CpeValue& value) {
  return value.kind == CpeValue::Kind::text;
}

bool has_wildcard(const CpeValue& value) {
  return is_set(value) && (value.leading != 0 || value.trailing != 0);
}

/// As the messages show it.
std::string shown(const CpeValue& value) {
  if (!is_set(value)) return value.kind == CpeValue::Kind::any ? "*" : "-";
  return quotable(value.text) + (has_wildcard(value) ? " with wildcards" : "");
}

struct Counterpart {
  std::string_view category;
  Attribute attribute;
};

constexpr std::array counterparts = {
    Counterpart{"vendor", Attribute::vendor},
    Counterpart{"product_name", Attribute::product},
    Counterpart{"product_version", Attribute::version},
    Counterpart{"patch_level", Attribute::update},
    Counterpart{"service_pack", Attribute::update},
    Counterpart{"language", Attribute::language},
    Counterpart{"architecture", Attribute::target_hardware},
    Counterpart{"platform", Attribute::target_software},
};

/// The categories on the way to a product with their names, the nearest first.
std::vector<const Branch*> way_to(const Product& product) {
  std::vector<const Branch*> way;
  for (const Branch* branch = product.branch; branch != nullptr; branch = branch->parent)
    way.push_back(branch);
  return way;
}

std::string without_v(std::string_view version) {
  const bool has_v = version.size() > 1 && (version[0] == 'v' || version[0] == 'V') &&
                     version[1] >= '0' && version[1] <= '9';
  std::string plain = lower_case(has_v ? version.substr(1) : version);
  std::ranges::replace(plain, ' ', '_');
  return plain;
}

void check_part(const Branch& branch,
                const Counterpart& row,
                const CpeValue& value,
                const Json& node,
                Findings& findings) {
  const bool may_be_wild = branch.name.find_first_of("*?") != std::string_view::npos;
  const bool is_other =
      row.attribute == Attribute::version && without_v(value.text) != without_v(branch.name);
  if (!is_set(value) || (has_wildcard(value) && !may_be_wild) || is_other)
    findings.add(node, fmt::format("expected the {} '{}' of the branches in the CPE, found '{}'",
                                   row.category, quotable(branch.name), shown(value)));
}

void check_cpe(const Product& product, const Json& node, Findings& findings) {
  const auto name = parse_cpe(text(node));
  if (!name) return;
  std::set<Attribute> named;
  for (const Branch* branch : way_to(product)) {
    if (branch->category == "product_version_range") named.insert(Attribute::version);
    for (const Counterpart& row : counterparts) {
      if (row.category != branch->category) continue;
      named.insert(row.attribute);
      check_part(*branch, row, (*name)[row.attribute], node, findings);
    }
  }
  constexpr std::array<std::pair<Attribute, std::string_view>, 4> further = {
      {{Attribute::update, "an update"},
       {Attribute::language, "a language"},
       {Attribute::target_software, "target software"},
       {Attribute::target_hardware, "target hardware"}}};
  for (const auto& [attribute, says] : further)
    if (is_set((*name)[attribute]) && !named.contains(attribute))
      findings.add(node,
                   fmt::format("expected what the branches say in the CPE, found {} '{}', which "
                               "they do not name",
                               says, shown((*name)[attribute])));
}

void check_purl(const Product& product, const Json& node, Findings& findings) {
  const auto purl = parse_purl(text(node));
  if (!purl) return;
  for (const Branch* branch : way_to(product))
    if (branch->category == "product_version" &&
        without_v(purl->version) != without_v(branch->name))
      findings.add(
          node, fmt::format("expected the version '{}' of the branches in the purl, found "
                            "{}",
                            quotable(branch->name),
                            purl->version.empty() ? "none" : "'" + quotable(purl->version) + "'"));
}

}  // namespace

void inconsistent_helper(const View& view, Findings& findings) {
  for (const Product& product : view.products) {
    if (product.branch == nullptr) continue;
    const Json& helper = (*product.node)["product_identification_helper"];
    if (helper["cpe"].is_string()) check_cpe(product, helper["cpe"], findings);
    for (const Json& purl : helper["purls"].items())
      check_purl(product, purl, findings);
  }
}

}  // namespace lockstep::formats::csaf
