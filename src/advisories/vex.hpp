// SPDX-License-Identifier: Apache-2.0
// Applies VEX statements to findings.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "domain/bom.hpp"
#include "domain/finding.hpp"
#include "domain/purl.hpp"
#include "domain/vex.hpp"

namespace lockstep::advisories {

/// The names under which statements may speak of the product and its bills.
struct ProductNames {
  /// A bill: statements in CycloneDX name its parts as "urn:cdx:SERIAL/VERSION#REFERENCE".
  struct Bill {
    std::string path;    ///< as in Finding::sbom
    std::string serial;  ///< "urn:uuid:..."
  };

  std::vector<std::string> ids;  ///< package URLs and other IRIs of the product itself
  std::vector<Bill> bills;
};

/// The names that the bills give: their subjects and serial numbers.
ProductNames names_of(std::span<const Bom> boms);

/// Which statements about an earlier release hold for this one.
enum class Carry {
  confirm,         ///< none before a person confirms it
  same_component,  ///< those about a component of the same version
};

/// Sets `vex` of each finding to the newest statement about it; of two equally old ones the later
/// in the list wins, and a statement without a time is the oldest. Those that it replaces, and
/// those of the same instant that say another thing, are named. A statement is about a finding
/// when all three hold:
///   vulnerability  its name or an alias is one of the finding's ids;
///   product        it names our product, or the component itself as a product;
///   component      where it names subcomponents, the component is one of them; where it gives a
///                  range of versions, the component's version is in it.
/// The ids of a finding are those of its flaw. A record that stands for another flaw, as those of a
/// distributor do for a CVE, is reached by statements about that flaw too; one that stands for
/// several is cleared only where each of them is, and affected where one of them is.
/// Where no statement is about a finding, those about another version of the component or another
/// release of the product are carried to it, marked with what they were about; `carry` says which
/// of them hold before a person confirms them.
/// A package URL names all that agree with each part that it has: without a version all versions,
/// and qualifiers are a subset.
/// Source: OpenVEX 0.2.0, "Statements" and "Products"; CycloneDX 1.6, `affects`.
std::vector<Finding> apply_vex(std::vector<Finding> findings,
                               std::span<const VexStatement> statements,
                               const ProductNames& product,
                               Carry carry = Carry::confirm);

/// Whether `wide` names `narrow`, as said above.
bool covers(const Purl& wide, const Purl& narrow);

}  // namespace lockstep::advisories
