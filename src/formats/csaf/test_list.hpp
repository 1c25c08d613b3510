// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "formats/csaf/check.hpp"

namespace lockstep::formats::csaf {

std::span<const Test> tests_2_0();
std::span<const Test> tests_2_1();

// Why a test is not made.
inline constexpr std::string_view needs_network =
    "it asks a server for each URL, and this program reads without a network; only names that no "
    "server can have (.invalid) were found";
inline constexpr std::string_view needs_dictionary =
    "it needs a dictionary of the document's language, which this program does not have";

}  // namespace lockstep::formats::csaf
