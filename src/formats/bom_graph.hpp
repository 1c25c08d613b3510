// SPDX-License-Identifier: Apache-2.0
// What every bill of materials must hold to, whatever its format: each reference names one
// component, each dependency joins components that exist, and nothing depends on itself in a
// circle.
#pragma once

#include <set>
#include <string>

#include "domain/bom.hpp"
#include "formats/source.hpp"

namespace lockstep::formats {

/// Reports duplicate references (bom.duplicate_reference, an error), dependencies on something that
/// the bill does not list (bom.reference, a warning) and circles (bom.cycle, a warning), and
/// removes the dependencies whose ends are no components. `others` are references of things that
/// the bill lists beside its components, such as services; dependencies on them are removed without
/// a word.
void check_graph(Bom& bom, const std::set<std::string>& others, const Source& source);

}  // namespace lockstep::formats
