// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/bom.hpp"

namespace lockstep {

/// One bill of several, for one product.
///
/// Components with the same package URL are one, without one those of the same type, group, name
/// and version; of models, data and files without one also no two digests by one algorithm may
/// differ. What the first bill leaves empty a later one fills in; licences, digests, package URLs
/// and CPE names of all bills are kept; of two scopes the one that asks for more holds. Each names
/// the bills that list it; one of a merged bill those that it named there. Dependencies are kept
/// and join the merged components. The bills' own subjects become components on which the whole
/// depends; when all bills have one and the same subject and no `whole` is given, that stays the
/// subject. References are made anew from package URLs and names, so that the same bills give the
/// same bytes. The time is that of the newest bill.
/// @param whole what the merged bill describes, when something else than the bills' subject
/// @param bills in the order that decides who fills in first; each with its path
Bom merge(const std::optional<Component>& whole, std::span<const Bom> bills);

struct MergedBills {
  Bom bom;
  /// For each bill the references of its components, and those that they have in `bom`.
  std::vector<std::map<std::string, std::string>> references;
};

/// The same, with what became of each reference.
MergedBills merge_bills(const std::optional<Component>& whole, std::span<const Bom> bills);

}  // namespace lockstep
