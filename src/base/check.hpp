// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace lockstep {

/// Prints the place and the message on standard error, then aborts. Called by LS_CHECK only.
[[noreturn]] void check_failed(const char* file, int line, std::string_view message);

}  // namespace lockstep

/// A statement about our own code that must hold in every build. Never about what a file or a
/// person can cause: those are Errors.
#define LS_CHECK(condition, message)                                           \
  do {                                                                         \
    if (!(condition)) ::lockstep::check_failed(__FILE__, __LINE__, (message)); \
  } while (false)
