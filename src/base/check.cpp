// SPDX-License-Identifier: Apache-2.0
#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace lockstep {

void check_failed(const char* file, int line, std::string_view message) {
  std::fprintf(stderr, "lockstep: internal error at %s:%d: %.*s\n", file, line,
               static_cast<int>(message.size()), message.data());
  std::abort();
}

}  // namespace lockstep
