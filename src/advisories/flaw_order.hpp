// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace lockstep::advisories {

/// Whether `a` is the better id to call a weakness by: CVE before GHSA before the ids of single
/// ecosystems before EUVD; within one kind the smaller text.
bool is_better_id(std::string_view a, std::string_view b);

/// The number of a CVE id that fits in one word: its year and number, in the order of both; nothing
/// for other ids. "CVE-2021-0123" and "CVE-2021-00123" are different texts: only the first, with no
/// more than the four digits that the form asks for, has a number.
std::optional<std::uint64_t> cve_number(std::string_view id);

/// The same for the ids that lists of exploited vulnerabilities use, CVE and EUVD; no number of the
/// one is one of the other.
std::optional<std::uint64_t> listed_number(std::string_view id);

}  // namespace lockstep::advisories
