// SPDX-License-Identifier: Apache-2.0
// What every bill of materials must hold to, whatever its format: each reference names one
// component, each dependency joins components that exist, and nothing depends on itself in a
// circle.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "domain/bom.hpp"
#include "formats/source.hpp"

namespace lockstep::formats {

/// Reports duplicate references (bom.duplicate_reference, an error), dependencies on something that
/// the bill does not list (bom.reference, a warning) and circles (bom.cycle, a warning), and
/// removes the dependencies whose ends are no components. `others` are references of things that
/// the bill lists beside its components, such as services; dependencies on them are removed without
/// a word.
void check_graph(Bom& bom, const std::set<std::string>& others, const Source& source);

/// The entries of a list of components or packages. What is no list, and an entry that is no map,
/// hides a part of the product: that is an error even where other broken rules are warnings.
/// A list of more than bom_components is refused as a whole. Errors: bom.component, bom.size.
std::vector<const Json*> entries_of(const Json& list, const Source& source);

}  // namespace lockstep::formats
