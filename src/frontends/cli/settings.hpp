// SPDX-License-Identifier: Apache-2.0
// The options of every command, resolved: defaults, then file, then environment, then flags.
#pragma once

#include <cstdint>
#include <string>

#include "frontends/cli/command.hpp"

namespace lockstep::frontends {

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

/// --seed, else LOCKSTEP_SEED, else 1. Errors: usage.number.
Result<std::uint64_t> seed(const Arguments& arguments, const Environment& environment);

/// LOCKSTEP_ATTACK, else lockstep-attack beside this program.
std::string attack_program(const Environment& environment);

}  // namespace lockstep::frontends
