// SPDX-License-Identifier: Apache-2.0
// The options of every command, resolved: defaults, then file, then environment, then flags.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "frontends/cli/command.hpp"

namespace lockstep::frontends {

/// One setting as it stands for a call.
struct Setting {
  std::string name;    ///< as in the file: "as_of"
  std::string value;   ///< "yes" or "no" for switches
  std::string origin;  ///< "default", "lockstep.yaml:12", "LOCKSTEP_AS_OF", "--as-of"
};

/// Every setting, sorted by name, with where it comes from.
/// Errors: usage.choice; file.* and yaml.* of the product file.
Result<std::vector<Setting>> settings_of(const Arguments& arguments,
                                         const Environment& environment);

/// The arguments, and for each common option of the command that was not given, what the
/// environment or else the file's `settings` say. Errors: usage.choice.
Result<Arguments> with_settings(const Command& command,
                                const Arguments& arguments,
                                const Environment& environment);

/// --config, else LOCKSTEP_CONFIG, else lockstep.yaml here or in the nearest folder above.
/// Errors: usage.config when there is none.
Result<std::string> product_path(const Arguments& arguments, const Environment& environment);

/// --data, else LOCKSTEP_DATA, else $XDG_DATA_HOME/lockstep, else ~/.local/share/lockstep.
std::string data_folder(const Arguments& arguments, const Environment& environment);

/// --store, else LOCKSTEP_STORE, else sqlite:.lockstep/store.db beside the product file.
std::string store_url(const Arguments& arguments,
                      const Environment& environment,
                      const std::string& product_file);

/// --as-of, else LOCKSTEP_AS_OF, else today in UTC. Errors: usage.date.
Result<Day> as_of(const Arguments& arguments, const Environment& environment);

/// When a document says that it was made: the first second of --as-of where one was given, so that
/// the same call gives the same bytes; else now. Errors: usage.date.
Result<Instant> made_at(const Arguments& arguments, const Environment& environment);

/// The same to the second, for commands whose --as-of is an instant; else now. A plain day is its
/// first second in UTC. Errors: usage.date.
Result<Instant> instant_of(const Arguments& arguments, const Environment& environment);

/// --seed, else LOCKSTEP_SEED, else 1. Errors: usage.number.
Result<std::uint64_t> seed(const Arguments& arguments, const Environment& environment);

/// LOCKSTEP_ATTACK, else lockstep-attack beside this program.
std::string attack_program(const Environment& environment);

/// A number of things that an option gives, from 1 to `most`. Errors: usage.number.
Result<std::int64_t> count(const Arguments& arguments,
                           std::string_view name,
                           std::int64_t otherwise,
                           std::int64_t most = 1'000'000'000);

}  // namespace lockstep::frontends
