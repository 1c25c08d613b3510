// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "versions/native/native.hpp"

namespace lockstep::versions {

/// Whether some version may fulfil both comparators, as Composer has it. A branch is neither before
/// nor after anything.
bool composer_terms_meet(const NativeTerm& a, const NativeTerm& b, const NativeOptions& options);

}  // namespace lockstep::versions
