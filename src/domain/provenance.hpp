// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

namespace lockstep {

/// Where a value comes from, so that every line of a report leads back to a byte of input.
struct Provenance {
  enum class Kind { read, computed, answered, measured };
  Kind kind = Kind::read;
  Position where;             ///< for what was read: file, line, column
  std::string sha256;         ///< of the file that was read, or of the subject that was measured
  std::string by;             ///< the function, tool or person
  std::optional<Instant> at;  ///< when, where that matters

  bool operator==(const Provenance&) const = default;
};

/// "lockstep.yaml:14", "computed by nis2_size", "measured by pgd": short enough for brackets.
std::string to_text(const Provenance& provenance);

}  // namespace lockstep
