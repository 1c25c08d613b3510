// SPDX-License-Identifier: Apache-2.0
#include "frontends/cli/settings.hpp"

#include <filesystem>

namespace lockstep::frontends {
namespace {

/// The flag when it is there, else the environment's value under the same flag.
Arguments with_variable(const Arguments& arguments,
                        const Environment& environment,
                        const std::string& flag,
                        const std::string& variable) {
  Arguments merged = arguments;
  const std::string value = environment.variable(variable);
  if (!arguments.has(flag) && !value.empty()) merged.values[flag] = {value};
  return merged;
}

}  // namespace

Result<std::string> product_path(const Arguments& arguments, const Environment& environment) {
  namespace fs = std::filesystem;
  const std::string given = arguments.text("--config", environment.variable("LOCKSTEP_CONFIG"));
  if (!given.empty()) return given;
  constexpr const char* name = "lockstep.yaml";
  if (environment.files.exists(name)) return std::string(name);
  std::error_code problem;
  for (fs::path folder = fs::current_path(problem).parent_path(); !problem && !folder.empty();
       folder = folder.parent_path()) {
    const std::string path = (folder / name).string();
    if (environment.files.exists(path)) return path;
    if (folder == folder.root_path()) break;
  }
  auto error = fail(ErrorKind::usage, "usage.config",
                    "expected a lockstep.yaml here or in a folder above, found none");
  error.value().notes.emplace_back(
      "`lockstep init` writes one; `--config FILE` names one elsewhere");
  return error;
}

std::string data_folder(const Arguments& arguments, const Environment& environment) {
  const std::string given = arguments.text("--data", environment.variable("LOCKSTEP_DATA"));
  if (!given.empty()) return given;
  const std::string shared = environment.variable("XDG_DATA_HOME");
  if (!shared.empty()) return shared + "/lockstep";
  return environment.variable("HOME", ".") + "/.local/share/lockstep";
}

std::string store_url(const Arguments& arguments,
                      const Environment& environment,
                      const std::string& product_file) {
  const std::string given = arguments.text("--store", environment.variable("LOCKSTEP_STORE"));
  if (!given.empty()) return given;
  const auto folder = std::filesystem::path(product_file).parent_path();
  return "sqlite:" + (folder / ".lockstep" / "store.db").string();
}

Result<Day> as_of(const Arguments& arguments, const Environment& environment) {
  const Arguments merged = with_variable(arguments, environment, "--as-of", "LOCKSTEP_AS_OF");
  TRY(const auto day, merged.day("--as-of"));
  return day.value_or(std::chrono::floor<std::chrono::days>(environment.now));
}

Result<std::uint64_t> seed(const Arguments& arguments, const Environment& environment) {
  const Arguments merged = with_variable(arguments, environment, "--seed", "LOCKSTEP_SEED");
  TRY(const auto number, merged.integer("--seed"));
  return static_cast<std::uint64_t>(number.value_or(1));
}

std::string attack_program(const Environment& environment) {
  const std::string given = environment.variable("LOCKSTEP_ATTACK");
  return given.empty() ? environment.program_folder + "/lockstep-attack" : given;
}

}  // namespace lockstep::frontends
