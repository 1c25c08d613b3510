// SPDX-License-Identifier: Apache-2.0
// The real edge to the person: standard output, standard error, the clock, the environment, Ctrl-C.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "frontends/cli/command.hpp"

namespace lockstep::frontends {

/// Writes all bytes to standard output; says whether that worked. A pipe that its reader closed
/// counts as written.
bool write_output(std::string_view text, const TextPieces& more);

/// Writes to standard error; nothing can be done when that fails.
void write_problem(std::string_view text);

/// A progress bar on standard error: drawn on a terminal only, plain "stage: 40 of 100" lines at
/// most every ten seconds elsewhere, nothing when `is_quiet`. `is_cancelled` after Ctrl-C.
std::unique_ptr<Progress> make_progress(bool is_quiet);

/// To be called first. Makes Ctrl-C and SIGTERM ask for a stop (seen by Progress::is_cancelled)
/// instead of killing, where a second Ctrl-C kills; gives a failed LS_CHECK its exit code; keeps
/// the three standard streams from being taken by a file.
void prepare_process();

/// Reads clock, environment and terminal once. `argv0` tells where the program lies.
Environment real_environment(Files& files,
                             Fetcher& fetcher,
                             Progress& progress,
                             std::string_view argv0);

/// Whether standard output, or standard error, is a terminal.
bool is_terminal_out();
bool is_terminal_error();

}  // namespace lockstep::frontends
