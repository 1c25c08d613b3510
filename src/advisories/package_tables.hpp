// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "advisories/index_state.hpp"
#include "advisories/package_runs.hpp"
#include "advisories/section_out.hpp"

namespace lockstep::advisories {

/// The three sections in which packages are found.
struct PackageSections {
  SectionOut& packages;
  SectionOut& names;
  SectionOut& postings;
};

/// Says that a record of the older index is not taken over.
constexpr std::uint32_t no_record = std::numeric_limits<std::uint32_t>::max();

/// Writes the packages of the new records, and those of an older index under the new numbers of its
/// records, without a look at these. @param older may be null
/// @param numbers of each record of the older index the new one, or `no_record`
/// Errors: data.index (of the older index), file.unwritable, file.unreadable.
Result<> write_packages(PackageRuns& entries,
                        const AdvisoryIndex::State* older,
                        std::span<const std::uint32_t> numbers,
                        PackageSections into);

}  // namespace lockstep::advisories
