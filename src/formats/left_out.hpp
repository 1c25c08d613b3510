// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace lockstep::formats {

/// Something that a document says and that the bill read from it does not keep.
struct LeftOut {
  std::string what;  ///< "components[].evidence", or a kind of element: "software_File"
  std::size_t count = 0;
};

/// What of a tree is under none of the paths. A path names members by dots and elements by "[]";
/// "*" at its end keeps everything below. Components inside components count as components.
/// Returns the outermost member that is left out, with how often it is there, sorted by path.
std::vector<LeftOut> left_out_of(const Json& tree, std::span<const std::string_view> kept);

}  // namespace lockstep::formats
