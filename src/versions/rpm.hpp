// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace lockstep::versions {

/// [epoch:]version[-release], as rpm and pacman write their versions.
struct RpmParts {
  std::string_view epoch;  ///< digits; "" when there is none
  std::string_view version;
  std::string_view release;
  bool has_release = false;
};

/// The epoch is what stands before the first colon, if that is digits only or nothing; the release
/// is what follows the last hyphen.
RpmParts rpm_parts(std::string_view version);

}  // namespace lockstep::versions
