// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "base/json.hpp"

namespace lockstep::formats {

/// How broken rules of a standard's schema are reported: as errors where a document is validated,
/// as warnings where it is used as far as it can be read. Many bills in the world break some.
enum class Rules { errors, warnings };

/// The file that is being read and where its problems go.
struct Source {
  const std::string& path;
  Diagnostics& problems;
  Rules rules = Rules::errors;
};

/// "a list", "a map", "nothing", or the quoted text of a scalar.
std::string describe(const Json& value);

/// "; did you mean 'x'?" when a candidate is near, else "".
std::string suggestion(std::string_view word, std::span<const std::string> candidates);

/// Adds to `problems` what was `found`, in the order of the lines: readers collect in their own
/// order, but a person mends a file from its top to its end.
void append_in_file_order(Diagnostics& problems, const Diagnostics& found);

}  // namespace lockstep::formats
