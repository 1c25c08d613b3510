// SPDX-License-Identifier: Apache-2.0
// The only file that knows the argument library. The leading words choose the row; CLI11 then reads
// what is left after that row's options.
#include "frontends/cli/parse.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::size_t words_per_name_max = 3;

/// The row that the leading words name, and how many words that took.
std::pair<const Command*, std::size_t> find_command(std::span<const std::string> words) {
  for (std::size_t count = std::min(words_per_name_max, words.size()); count > 0; --count) {
    const std::string name = join(words.first(count), " ");
    for (const Command& command : commands())
      if (command.name == name) return {&command, count};
  }
  return {nullptr, 0};
}

/// How many of the leading words name a group: 2 for "vuln watch", 1 for "vuln".
std::size_t group_words(std::span<const std::string> words) {
  for (std::size_t count = std::min(words_per_name_max - 1, words.size()); count > 0; --count) {
    const std::string name = join(words.first(count), " ");
    const auto is_it = [&](const CommandGroup& group) { return group.name == name; };
    if (std::ranges::any_of(command_groups(), is_it)) return count;
  }
  return 0;
}

std::string with_suggestion(std::string text,
                            std::string_view word,
                            std::vector<std::string> known) {
  if (const auto near = nearest(word, known))
    return text + fmt::format("; did you mean '{}'?", *near);
  return text;
}

tl::unexpected<Error> unknown_command(std::span<const std::string> words) {
  const std::size_t count = std::min(group_words(words) + 1, words.size());
  const std::string typed = join(words.first(count), " ");
  std::vector<std::string> known;
  for (const Command& command : commands())
    known.emplace_back(command.name);
  for (const CommandGroup& group : command_groups())
    known.emplace_back(group.name);
  auto error =
      fail(ErrorKind::usage, "usage.command",
           with_suggestion(fmt::format("there is no command '{}'", quotable(typed)), typed, known));
  error.value().notes.emplace_back("`lockstep --help` lists the commands");
  return error;
}

std::vector<std::string> option_names(const Command& command) {
  std::vector<std::string> names = {"--help"};
  for (const Option& option : command.options)
    names.emplace_back(option.name);
  for (const Option& option : common_options_of(command))
    names.emplace_back(option.name);
  return names;
}

void add_option(CLI::App& app, const Option& option, Arguments& arguments) {
  std::string names(option.name);
  if (option.name == "--output") names = "-o," + names;
  const std::string key(option.name);
  if (option.value.empty()) {
    app.add_flag_callback(names, [&arguments, key] { arguments.values[key]; });
    return;
  }
  app.add_option_function<std::vector<std::string>>(
         names, [&arguments,
                 key](const std::vector<std::string>& found) { arguments.values[key] = found; })
      ->expected(1)
      ->type_size(1)
      ->allow_extra_args(false)
      ->multi_option_policy(option.is_repeated ? CLI::MultiOptionPolicy::TakeAll
                                               : CLI::MultiOptionPolicy::TakeLast);
}

void add_positional(CLI::App& app, const Positional& positional, Arguments& arguments) {
  const std::string key(positional.name);
  if (!positional.is_repeated) {
    app.add_option_function<std::string>(
        key, [&arguments, key](const std::string& found) { arguments.values[key] = {found}; });
    return;
  }
  app.add_option_function<std::vector<std::string>>(
         key, [&arguments,
               key](const std::vector<std::string>& found) { arguments.values[key] = found; })
      ->expected(1, std::numeric_limits<int>::max() / 2);
}

/// "json" against "text|json"
Result<> check_choices(const Command& command, const Arguments& arguments) {
  const auto check = [&](const Option& option) -> Result<> {
    if (option.value.find('|') == std::string_view::npos) return {};
    const auto choices = split(option.value, '|');
    for (const std::string& found : arguments.all(option.name)) {
      if (std::ranges::find(choices, found) != choices.end()) continue;
      return fail(ErrorKind::usage, "usage.choice",
                  with_suggestion(fmt::format("{} expects one of {}, found '{}'", option.name,
                                              option.value, quotable(found)),
                                  found, {choices.begin(), choices.end()}));
    }
    return {};
  };
  for (const Option& option : command.options)
    TRY_VOID(check(option));
  for (const Option& option : common_options_of(command))
    TRY_VOID(check(option));
  return {};
}

/// The options of every command are held against their form even where a command does not use them.
Result<> check_common(const Command& command, const Arguments& arguments) {
  for (const Option& option : common_options_of(command)) {
    if (option.name == "--as-of") TRY_VOID(arguments.day(option.name));
    if (option.name == "--seed") TRY_VOID(arguments.integer(option.name));
  }
  return {};
}

Result<> check_required(const Command& command, const Arguments& arguments) {
  for (const Positional& positional : command.positionals) {
    if (!positional.is_required || arguments.has(positional.name)) continue;
    auto error = fail(ErrorKind::usage, "usage.missing",
                      fmt::format("`lockstep {}` expects {}: {}", command.name, positional.name,
                                  positional.help));
    error.value().notes.push_back(fmt::format("`lockstep {} --help` shows examples", command.name));
    return error;
  }
  return {};
}

tl::unexpected<Error> explain_extras(const Command& command,
                                     const std::vector<std::string>& extras) {
  const std::string& word = extras.front();
  if (word.starts_with("-")) {
    const std::string name = word.substr(0, word.find('='));
    return fail(ErrorKind::usage, "usage.option",
                with_suggestion(
                    fmt::format("`lockstep {}` has no option '{}'", command.name, quotable(name)),
                    name, option_names(command)));
  }
  return fail(ErrorKind::usage, "usage.missing",
              fmt::format("`lockstep {}` does not expect '{}'", command.name, quotable(word)));
}

/// The first word that looks like an option and is none: CLI11 would give it to a positional.
Result<> check_options(const Command& command, std::span<const std::string> rest) {
  const std::vector<std::string> names = option_names(command);
  for (const std::string& word : rest) {
    if (word == "--") return {};
    const std::string name = word.substr(0, word.find('='));
    if (!name.starts_with("--") || std::ranges::find(names, name) != names.end()) continue;
    return explain_extras(command, {word});
  }
  return {};
}

Result<std::variant<Call, Show>> parse_command(const Command& command,
                                               std::span<const std::string> rest) {
  TRY_VOID(check_options(command, rest));
  Call call{&command, {}};
  CLI::App app;
  app.allow_extras();
  for (const Option& option : command.options)
    add_option(app, option, call.arguments);
  for (const Option& option : common_options_of(command))
    add_option(app, option, call.arguments);
  for (const Positional& positional : command.positionals)
    add_positional(app, positional, call.arguments);
  try {
    app.parse(std::vector<std::string>(rest.rbegin(), rest.rend()));
  } catch (const CLI::CallForHelp&) {
    return Show{help(command.name)};
  } catch (const CLI::ParseError& error) {
    return fail(ErrorKind::usage, "usage.missing",
                fmt::format("`lockstep {}`: {}", command.name, error.what()));
  }
  if (const auto extras = app.remaining(); !extras.empty()) return explain_extras(command, extras);
  TRY_VOID(check_choices(command, call.arguments));
  TRY_VOID(check_common(command, call.arguments));
  TRY_VOID(check_required(command, call.arguments));
  return call;
}

}  // namespace

Result<std::variant<Call, Show>> parse(std::span<const std::string> words) {
  if (words.empty()) return Show{help("")};
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    const auto topic = words.subspan(1);
    if (topic.empty()) return Show{help("")};
    if (const auto [command, count] = find_command(topic); command != nullptr)
      return Show{help(command->name)};
    if (group_words(topic) == topic.size()) return Show{help(join(topic, " "))};
    return unknown_command(topic);
  }
  if (words[0] == "--version") return Show{fmt::format("lockstep {}\n", LOCKSTEP_VERSION)};
  if (words[0].starts_with("-"))
    return fail(
        ErrorKind::usage, "usage.option",
        fmt::format("expected a command before '{}'; options come after it", quotable(words[0])));
  if (const auto [command, count] = find_command(words); command != nullptr)
    return parse_command(*command, words.subspan(count));
  const std::size_t group = group_words(words);
  const bool asks_help = words.size() == group || words[group] == "--help" || words[group] == "-h";
  if (group > 0 && asks_help) return Show{help(join(words.first(group), " "))};
  return unknown_command(words);
}

}  // namespace lockstep::frontends
