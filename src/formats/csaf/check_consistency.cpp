// SPDX-License-Identifier: Apache-2.0
// The test whether CPE and package URLs of a product say what its branches say (CSAF 2.1, 6.2.42).
//
// Only what has a place in both is compared. Vendor and product names of a CPE come from a
// dictionary of their own, so that they must be there but may be spelled otherwise; versions must
// be the same.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.hpp"
#include "domain/purl.hpp"
#include "formats/csaf/check.hpp"

namespace lockstep::formats::csaf {
namespace {

/// Attributes of a CPE name in the order of the formatted string.
enum Attribute : std::size_t {
  part,
  vendor,
  product,
  version,
  update,
  edition,
  language,
  software_edition,
  target_software,
  target_hardware,
  other,
  attributes
};

using CpeName = std::array<std::string, attributes>;

/// The pieces between colons that are not escaped, without backslashes.
std::vector<std::string> pieces_of(std::string_view text) {
  std::vector<std::string> pieces(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size())
      pieces.back() += text[++i];
    else if (text[i] == ':')
      pieces.emplace_back();
    else
      pieces.back() += text[i];
  }
  return pieces;
}

/// "cpe:2.3:a:vendor:..." or "cpe:/a:vendor:..."; absent attributes are "*".
CpeName cpe_of(std::string_view text) {
  const bool is_formatted = lower_case(text.substr(0, 8)) == "cpe:2.3:";
  const auto pieces =
      pieces_of(text.substr(std::min<std::size_t>(is_formatted ? 8 : 5, text.size())));
  CpeName name;
  name.fill("*");
  for (std::size_t i = 0; i < name.size() && i < pieces.size(); ++i)
    if (!pieces[i].empty()) name[i] = lower_case(pieces[i]);
  return name;
}

bool is_set(const std::string& value) {
  return value != "*" && value != "-";
}

struct Counterpart {
  std::string_view category;
  Attribute attribute;
};

constexpr std::array counterparts = {
    Counterpart{"vendor", vendor},
    Counterpart{"product_name", product},
    Counterpart{"product_version", version},
    Counterpart{"patch_level", update},
    Counterpart{"service_pack", update},
    Counterpart{"language", language},
    Counterpart{"architecture", target_hardware},
    Counterpart{"platform", target_software},
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

void check_cpe(const Product& product, const Json& node, Findings& findings) {
  const CpeName name = cpe_of(text(node));
  std::array<bool, attributes> is_named{};
  for (const Branch* branch : way_to(product)) {
    if (branch->category == "product_version_range" || branch->category == "specification" ||
        branch->category == "product_family")
      is_named[branch->category == "product_version_range" ? version : edition] = true;
    for (const Counterpart& row : counterparts) {
      if (row.category != branch->category) continue;
      is_named[row.attribute] = true;
      const std::string& value = name[row.attribute];
      if (!is_set(value))
        findings.add(node,
                     fmt::format("expected the {} '{}' of the branches in the CPE, found '{}'",
                                 row.category, quotable(branch->name), value));
      else if (row.attribute == version && without_v(value) != without_v(branch->name))
        findings.add(node,
                     fmt::format("expected the version '{}' of the branches in the CPE, found "
                                 "'{}'",
                                 quotable(branch->name), quotable(value)));
    }
  }
  constexpr std::array<std::pair<Attribute, std::string_view>, 4> further = {
      {{update, "an update"},
       {language, "a language"},
       {target_software, "target software"},
       {target_hardware, "target hardware"}}};
  for (const auto& [attribute, says] : further)
    if (is_set(name[attribute]) && !is_named[attribute])
      findings.add(node,
                   fmt::format("expected what the branches say in the CPE, found {} '{}', which "
                               "they do not name",
                               says, quotable(name[attribute])));
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
