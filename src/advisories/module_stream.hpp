// SPDX-License-Identifier: Apache-2.0
// Modules of rpm distributions: the same package is built in several streams, "nodejs:10" and
// "nodejs:12", and outside of all of them, and what mends one build says nothing about another. The
// release of a package says whether it was built in a module. Which stream, only the package URL
// (`rpmmod`) or the bill can say; of a record, the summary does: "Important: nodejs:12 security
// update", as 98 of 100 records of AlmaLinux 8 that mend modules have it. Used in this folder only.
//
// Source: modulemd version 2, "name" and "stream"; the purl type rpm.
#pragma once

#include <string>
#include <string_view>

#include "advisories/index.hpp"

namespace lockstep::advisories {

/// "nodejs:12" of a label, "nodejs:12:8030020201124152102:229f0a1c"; "" of anything else.
std::string module_stream(std::string_view label);

/// Whether what an entry mends was built within a module and ours was not, or the reverse. An entry
/// that mends nothing is about every build.
/// @param version of a package of rpm
bool is_other_build(const AffectedEntry& entry, std::string_view version);

/// Whether a record that mends builds of modules is about other streams than ours. One that names
/// no stream may be about each.
/// @param ours "nodejs:12"
bool is_other_stream(std::string_view summary, std::string_view ours);

}  // namespace lockstep::advisories
