// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lockstep::formats::csaf {

/// The name that the file of a document must have: its id in lower case, each run of characters
/// other than + - a to z and 0 to 9 being one low line, and ".json".
/// Source: CSAF 2.0, 5.1; CSAF 2.1, 5.1.
std::string file_name(std::string_view tracking_id);

}  // namespace lockstep::formats::csaf
