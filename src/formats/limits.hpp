// SPDX-License-Identifier: Apache-2.0
// What a reader of this room accepts at most. A document over a limit is an error that names it.
#pragma once

#include <cstddef>

#include "base/json.hpp"

namespace lockstep::formats {

/// A product file or a file of facts: written by a person, so small.
inline constexpr TreeLimits product_limits{
    .bytes = std::size_t{4} << 20U, .depth = 24, .nodes = 200'000};

/// A bill of materials or a VEX document. Large ones of whole systems have some
/// tens of megabytes and a million values.
inline constexpr TreeLimits bom_limits{
    .bytes = std::size_t{128} << 20U, .depth = 96, .nodes = 4'000'000};

/// Components in one list of a bill. Each takes several hundred bytes, even one that says nothing.
inline constexpr std::size_t bom_components = 1'000'000;

/// Parts of the licences of one document of SPDX 3, which may be shared by many.
inline constexpr std::size_t licence_parts = 10'000'000;

/// A bill as YAML, whose reader is slower and deeper in its calls.
inline constexpr TreeLimits bom_yaml_limits{
    .bytes = std::size_t{32} << 20U, .depth = 24, .nodes = 1'000'000};

/// Envelopes and statements around a bill, one inside the other.
inline constexpr int envelope_depth = 4;

/// A security.txt; RFC 9116, section 5.3, names 32 KB as a limit of readers.
inline constexpr std::size_t security_txt_bytes = std::size_t{32} << 10U;

/// Visits of one value by one rule of a schema, in one document: some ten per value are usual.
inline constexpr std::size_t schema_steps = 300'000'000;

/// Cycles among the dependencies of one bill that are named; the others are not looked for.
inline constexpr std::size_t named_cycles = 10;

}  // namespace lockstep::formats
