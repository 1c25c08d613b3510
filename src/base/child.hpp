// SPDX-License-Identifier: Apache-2.0
// Another program, run as a child with limits: for foreign files that only a large library of
// others can read, so that whatever happens there ends there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.hpp"
#include "base/result.hpp"

namespace lockstep {

/// What a child may use; what is over a limit ends it. 0 is no limit.
struct ChildLimits {
  std::uint64_t memory_bytes = std::uint64_t{1} << 30U;  ///< of address space
  int cpu_seconds = 20;
  int wall_seconds = 30;
  std::size_t output_bytes = std::size_t{8} << 20U;  ///< of standard output
  std::size_t open_files = 32;                       ///< at a time, the three pipes included
  bool may_write_files = false;
};

struct ChildSetup {
  std::vector<std::string> arguments;    ///< the first is the program's path; no shell reads them
  std::vector<std::string> environment;  ///< "NAME=value"; the child gets no other
  ChildLimits limits;
};

/// How a child ended.
struct ChildEnd {
  enum class Why { exited, signalled, timeout, processor_time, too_much_output };
  Why why = Why::exited;
  int status = 0;         ///< the exit status, or the number of the signal
  std::string complaint;  ///< the end of its standard error
};

/// Hears the child's standard output piece by piece; an error ends the child and is returned.
using ChildListener = std::function<Result<>(std::string_view piece)>;

/// Runs a program, feeds it `input` and lets `listen` hear what it says. The child gets no open
/// files but its three pipes, no new privileges, no core file, and the limits; it dies with this
/// process.
/// Errors: child.missing when there is no such program, child.failed when the system refuses,
/// child.cancelled (interrupted) when the person stops; those of `listen`.
Result<ChildEnd> run_child(const ChildSetup& setup,
                           std::string_view input,
                           const Progress& progress,
                           const ChildListener& listen);

}  // namespace lockstep
