// SPDX-License-Identifier: Apache-2.0
// The family of commands: one row each in commands.cpp. A row says its words, options and examples
// as data; parse.cpp builds the parser, the help and the completion from the rows alone.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/fetcher.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace lockstep::frontends {

/// Exit codes: a promise to scripts (docs/exit-codes.md).
namespace exit_code {
inline constexpr int ok = 0;
inline constexpr int gate_failed = 1;
inline constexpr int usage = 2;
inline constexpr int input = 3;
inline constexpr int incomplete = 4;
inline constexpr int human = 5;
inline constexpr int deadline = 6;
inline constexpr int verification = 7;
inline constexpr int internal = 70;
}  // namespace exit_code

/// The code that wins when there are several reasons.
int higher_ranking(int a, int b);

/// The code that stands for an error.
int exit_code_of(ErrorKind kind);

/// One option of a command.
struct Option {
  std::string_view name;   ///< "--epsilon"
  std::string_view value;  ///< what it takes, "NUMBER"; "" for a switch; "a|b|c" for a choice
  std::string_view help;
  bool is_repeated = false;  ///< may be given several times
};

/// The options of two lists, one behind the other.
template <std::size_t n, std::size_t m>
constexpr std::array<Option, n + m> with_options(const std::array<Option, n>& first,
                                                 const std::array<Option, m>& second) {
  std::array<Option, n + m> all{};
  std::ranges::copy(second, std::ranges::copy(first, all.begin()).out);
  return all;
}

/// One positional argument.
struct Positional {
  std::string_view name;  ///< "MODEL"
  std::string_view help;
  bool is_required = true;
  bool is_repeated = false;  ///< takes all that are left
};

/// What a person typed, after parsing.
class Arguments {
 public:
  std::map<std::string, std::vector<std::string>, std::less<>> values;

  bool has(std::string_view name) const { return values.contains(name); }

  /// The last value given for the name, or `otherwise`.
  std::string text(std::string_view name, std::string_view otherwise = "") const;
  const std::vector<std::string>& all(std::string_view name) const;

  bool is_json() const { return text("--format", "text") == "json"; }

  /// Errors: usage.number, usage.date; they name the option and what was found.
  Result<std::optional<double>> number(std::string_view name) const;
  Result<std::optional<std::int64_t>> integer(std::string_view name) const;
  Result<std::optional<Day>> day(std::string_view name) const;
};

/// What a command may touch. Made once in main; faked in tests.
struct Environment {
  Files& files;
  Fetcher& fetcher;
  Progress& progress;
  Instant now;
  std::string program_folder;                    ///< where lockstep-attack is looked for first
  std::map<std::string, std::string> variables;  ///< LOCKSTEP_*, XDG_DATA_HOME, HOME, NO_COLOR
  bool color = false;                            ///< of standard output
  int width = 80;                                ///< of standard output, in columns
  bool is_interactive = false;                   ///< a person can be asked on standard input
  /// Asks one line; nothing at the end of the input and after Ctrl-C.
  std::optional<std::string> (*ask)(std::string_view question) = nullptr;

  std::string variable(const std::string& name, std::string_view otherwise = "") const;
};

/// What a command answers. `text` goes to standard output or to -o FILE, problems to standard
/// error.
struct Outcome {
  int exit = exit_code::ok;
  std::string text;
  Diagnostics problems;
  /// What follows `text` in an answer of many megabytes; it holds nothing that a terminal acts on.
  TextPieces more = {};
};

/// The outcome of a command that could not answer: the error after the problems that led to it.
Outcome failed(const Error& error, Diagnostics problems);

struct Command {
  std::string_view name;  ///< "vuln scan"
  std::string_view summary;
  std::span<const Positional> positionals;
  std::span<const Option> options;
  std::string_view examples;  ///< lines, shown under "Examples"
  Result<Outcome> (*run)(const Arguments&, Environment&);
};

/// Every command, sorted by name.
std::span<const Command> commands();

/// The options that every command has.
std::span<const Option> common_options();

/// Those of them that the command does not define itself: its own option of that name takes the
/// place of the common one.
std::vector<Option> common_options_of(const Command& command);

/// The groups of commands ("vuln", "ai") with what they are about.
struct CommandGroup {
  std::string_view name;
  std::string_view summary;
};

std::span<const CommandGroup> command_groups();

}  // namespace lockstep::frontends
