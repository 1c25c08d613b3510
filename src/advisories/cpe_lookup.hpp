// SPDX-License-Identifier: Apache-2.0
// Asking the index for a component by its names in the Common Platform Enumeration (CPE): what is
// left when a package URL does not answer, and weaker than it.
#pragma once

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "advisories/hit.hpp"
#include "advisories/index.hpp"
#include "base/result.hpp"
#include "domain/bom.hpp"
#include "domain/cpe.hpp"

namespace lockstep::advisories {

/// The products of a bill that have CPE names, by `product_of`: what records mean by "beside".
using NamedProducts = std::unordered_map<std::string, std::vector<Cpe>>;

/// Whether the index holds records that are filed by CPE name.
bool has_cpe_records(const AdvisoryIndex& index);

/// The CPE names of a component that can be read, each with the component's version.
/// @param version of the component; "" when unknown
std::vector<Cpe> names_of(const Component& component, std::string_view version);

NamedProducts products_of(const Bom& bom);

struct CpeAnswer {
  std::vector<Hit> hits;  ///< one for each record, sorted by record
  Open open;
  bool knows_product = false;  ///< some record is filed under a name of the component
};

/// Evaluates what is filed under the names. Withdrawn records are left out.
/// Errors: data.index.
Result<CpeAnswer> ask_by_cpe(std::span<const Cpe> names,
                             const NamedProducts& beside,
                             const AdvisoryIndex& index);

/// Takes out of an answer what better records have decided: those about the same weaknesses that
/// were found by package URL, whether they touch the component or not. Distributions name the CVEs
/// of their advisories under `upstream`.
/// @param decided records by number, without those that could not be evaluated
Result<> remove_decided(std::span<const std::uint32_t> decided,
                        const AdvisoryIndex& index,
                        CpeAnswer& answer);

}  // namespace lockstep::advisories
