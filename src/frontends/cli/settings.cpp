// SPDX-License-Identifier: Apache-2.0
#include "frontends/cli/settings.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <optional>

#include "base/json.hpp"
#include "base/text.hpp"

namespace lockstep::frontends {
namespace {

/// What the three places call a setting.
struct Names {
  std::string_view name;  ///< in `settings` of the product file; sorted
  std::string_view flag;
  std::string_view variable;
  std::string_view choices;  ///< "text|json"; "yes|no" for a switch; "" when free
  bool is_in_file = true;
  bool is_common = true;  ///< else it is an option of single commands
};

constexpr std::array names = {
    Names{"as_of", "--as-of", "LOCKSTEP_AS_OF", ""},
    Names{"color", "--color", "LOCKSTEP_COLOR", "auto|always|never"},
    Names{"config", "--config", "LOCKSTEP_CONFIG", "", false},
    Names{"data", "--data", "LOCKSTEP_DATA", ""},
    Names{"feeds", "--from", "LOCKSTEP_FEEDS", "", true, false},
    Names{"format", "--format", "LOCKSTEP_FORMAT", "text|json"},
    Names{"no_progress", "--no-progress", "LOCKSTEP_NO_PROGRESS", "yes|no"},
    Names{"offline", "--offline", "LOCKSTEP_OFFLINE", "yes|no"},
    Names{"quiet", "--quiet", "LOCKSTEP_QUIET", "yes|no"},
    Names{"seed", "--seed", "LOCKSTEP_SEED", ""},
    Names{"store", "--store", "LOCKSTEP_STORE", ""},
};

bool is_switch(const Names& row) {
  return row.choices == "yes|no";
}

/// A value and where it was said.
struct Said {
  std::string value;
  std::string origin;
};

/// The words that people and YAML use for yes and no.
std::string plain_switch(const std::string& value) {
  for (const char* yes : {"yes", "true", "1", "on"})
    if (lower_case(value) == yes) return "yes";
  for (const char* no : {"no", "false", "0", "off"})
    if (lower_case(value) == no) return "no";
  return value;
}

Result<std::optional<Said>> checked(const Names& row, Said said) {
  if (is_switch(row)) said.value = plain_switch(said.value);
  const auto choices = split(row.choices, '|');
  if (!row.choices.empty() && std::ranges::find(choices, said.value) == choices.end())
    return fail(ErrorKind::usage, "usage.choice",
                fmt::format("{} expects one of {}, found '{}'", said.origin, row.choices,
                            quotable(said.value)));
  return std::optional<Said>(std::move(said));
}

/// `settings` of the product file, and the file's path.
struct FileSettings {
  std::string path;
  Json map;
};

/// Empty when there is no file, or none with settings. Errors: file.*, yaml.*.
Result<FileSettings> file_settings(const Arguments& arguments, const Environment& environment) {
  constexpr std::uint64_t product_bytes_max = std::uint64_t{4} << 20U;
  const auto path = product_path(arguments, environment);
  if (!path || !environment.files.exists(*path)) return FileSettings{};
  TRY(const std::string bytes, environment.files.read(*path, product_bytes_max));
  // SPEED: nearly every file has no settings, and nearly every command needs no other part of it.
  if (("\n" + bytes).find("\nsettings:") == std::string::npos) return FileSettings{*path, {}};
  Diagnostics problems;
  TRY(const Json tree, parse_yaml(bytes, *path, problems));
  return FileSettings{*path, tree["settings"]};
}

/// Paths in the file are seen from the file.
std::string from_file(const Names& row, const std::string& value, const std::string& file) {
  constexpr std::string_view sqlite = "sqlite:";
  const auto beside = [&](const std::string& path) {
    return (std::filesystem::path(file).parent_path() / path).lexically_normal().string();
  };
  if (row.name == "data") return beside(value);
  if (row.name == "store" && value.starts_with(sqlite))
    return std::string(sqlite) + beside(value.substr(sqlite.size()));
  return value;
}

/// What flag, environment or file say, in this order; nothing when none does.
Result<std::optional<Said>> said_of(const Names& row,
                                    const Arguments& arguments,
                                    const Environment& environment,
                                    const FileSettings& file) {
  const std::string flag(row.flag);
  if (arguments.has(flag))
    return checked(row, {is_switch(row) ? "yes" : arguments.text(flag), flag});
  const std::string variable(row.variable);
  const std::string found = environment.variable(variable);
  if (!found.empty()) return checked(row, {found, variable});
  const Json* written = row.is_in_file ? file.map.find(row.name) : nullptr;
  if (written == nullptr || written->is_null()) return std::optional<Said>{};
  // Numbers, dates and words alike are taken as they are written; lists become one text.
  std::string text = written->is_string() ? written->string_or("") : to_canonical_json(*written);
  if (written->is_array()) {
    std::vector<std::string> words;
    for (const Json& word : written->items())
      words.push_back(word.string_or(""));
    text = join(words, ",");
  }
  return checked(row, {from_file(row, text, file.path),
                       fmt::format("{}:{}", quotable(file.path), written->line())});
}

/// What holds when nobody says anything. Errors: none.
Said default_of(const Names& row, const Environment& environment, const std::string& product_file) {
  const Arguments none;
  if (row.name == "as_of")
    return {to_text(std::chrono::floor<std::chrono::days>(environment.now)), "default (today)"};
  if (row.name == "color")
    return environment.variable("NO_COLOR").empty() ? Said{"auto", "default"}
                                                    : Said{"never", "NO_COLOR"};
  if (row.name == "config")
    return product_file.empty() ? Said{"", "default (none here or above)"}
                                : Said{product_file, "default (here or above)"};
  if (row.name == "data")
    return {data_folder(none, environment),
            environment.variable("XDG_DATA_HOME").empty() ? "default" : "XDG_DATA_HOME"};
  if (row.name == "feeds") return {"", "default (data/feeds.yaml)"};
  if (row.name == "format") return {"text", "default"};
  if (row.name == "seed") return {"1", "default"};
  if (row.name == "store")
    return {store_url(none, environment, product_file), "default (beside the product file)"};
  return {"no", "default"};
}

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

Result<std::vector<Setting>> settings_of(const Arguments& arguments,
                                         const Environment& environment) {
  TRY(const FileSettings file, file_settings(arguments, environment));
  const std::string product_file = product_path(arguments, environment).value_or("");
  std::vector<Setting> settings;
  for (const Names& row : names) {
    TRY(const auto said, said_of(row, arguments, environment, file));
    const Said found = said.value_or(default_of(row, environment, product_file));
    settings.push_back({std::string(row.name), found.value, found.origin});
  }
  return settings;
}

Result<Arguments> with_settings(const Command& command,
                                const Arguments& arguments,
                                const Environment& environment) {
  // A file that cannot be read is told by the commands that need it.
  const FileSettings file = file_settings(arguments, environment).value_or(FileSettings{});
  Arguments merged = arguments;
  const auto common = common_options_of(command);
  for (const Names& row : names) {
    const auto is_meant = [&row](const Option& option) { return option.name == row.flag; };
    // A command's own option that takes the same words and more means the same.
    const auto takes_the_words = [&](const Option& option) {
      return is_meant(option) && !row.choices.empty() && option.value.starts_with(row.choices);
    };
    const std::string flag(row.flag);
    const bool is_option =
        row.is_common
            ? std::ranges::any_of(common, is_meant) ||
                  (!arguments.has(flag) && std::ranges::any_of(command.options, takes_the_words))
            : std::ranges::any_of(command.options, is_meant);
    if (!is_option) continue;
    TRY(const auto said, said_of(row, arguments, environment, file));
    if (!said || arguments.has(flag)) continue;
    if (!is_switch(row))
      merged.values[flag] = {said->value};
    else if (said->value == "yes")
      merged.values[flag];
  }
  return merged;
}

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

Result<Instant> instant_of(const Arguments& arguments, const Environment& environment) {
  const std::string text = arguments.text("--as-of", environment.variable("LOCKSTEP_AS_OF"));
  if (text.empty()) return environment.now;
  const auto at = parse_instant(text);
  if (at) return *at;
  return fail(
      ErrorKind::usage, "usage.date",
      fmt::format("--as-of expects an instant such as 2026-11-28T09:00:00+01:00, found '{}'",
                  quotable(text)));
}

Result<Day> as_of(const Arguments& arguments, const Environment& environment) {
  const Arguments merged = with_variable(arguments, environment, "--as-of", "LOCKSTEP_AS_OF");
  TRY(const auto day, merged.day("--as-of"));
  return day.value_or(std::chrono::floor<std::chrono::days>(environment.now));
}

Result<Instant> made_at(const Arguments& arguments, const Environment& environment) {
  const Arguments merged = with_variable(arguments, environment, "--as-of", "LOCKSTEP_AS_OF");
  TRY(const auto day, merged.day("--as-of"));
  return day ? Instant(*day) : environment.now;
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

Result<std::int64_t> count(const Arguments& arguments,
                           std::string_view name,
                           std::int64_t otherwise,
                           std::int64_t most) {
  TRY(const auto given, arguments.integer(name));
  const std::int64_t value = given.value_or(otherwise);
  if (value < 1 || value > most)
    return fail(ErrorKind::usage, "usage.number",
                fmt::format("{} expects a number from 1 to {}, found {}", name, most, value));
  return value;
}

}  // namespace lockstep::frontends
