// SPDX-License-Identifier: Apache-2.0
// Another program, run as a child with limits: for foreign files that only a large library of
// others can read, so that whatever happens there ends there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.hpp"
#include "base/result.hpp"

namespace lockstep {

/// What a child may use; what is over a limit ends it.
struct ChildLimits {
  std::uint64_t memory_bytes = std::uint64_t{1} << 30U;  ///< of address space
  int cpu_seconds = 20;
  int wall_seconds = 30;
  std::size_t output_bytes = std::size_t{8} << 20U;
};

/// How a child ended.
struct ChildEnd {
  enum class Why { exited, signalled, timeout, too_much_output };
  Why why = Why::exited;
  int status = 0;         ///< the exit status, or the number of the signal
  std::string output;     ///< its standard output, at most the limit
  std::string complaint;  ///< the end of its standard error
};

/// Runs `arguments` (the first is the program's path) and feeds it `input`. No shell reads them.
/// The child gets no environment but a locale, no open files but its three pipes, no new
/// privileges, no file that it could write, and the limits; it dies with this process.
/// Errors: child.missing when there is no such program, child.failed when the system refuses, and
/// child.cancelled (interrupted) when the person stops.
Result<ChildEnd> run_child(const std::vector<std::string>& arguments,
                           std::string_view input,
                           const ChildLimits& limits,
                           const Progress& progress);

}  // namespace lockstep
