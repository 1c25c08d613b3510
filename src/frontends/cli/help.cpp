// SPDX-License-Identifier: Apache-2.0
// Help and shell completion, both written from the rows of the commands.
#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "base/text.hpp"
#include "frontends/cli/parse.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::size_t help_width = 80;

std::string entry(std::string_view left, std::string_view right, std::size_t margin) {
  if (left.size() + 4 > margin)
    return fmt::format("  {}\n{}{}\n", left, std::string(margin, ' '),
                       wrap(right, help_width, margin));
  return fmt::format("  {:<{}}{}\n", left, margin - 2, wrap(right, help_width, margin));
}

/// The choices of an option in as many lines as they need, broken after a '|'.
std::string choices(std::string_view value, std::size_t indent) {
  std::string out;
  std::size_t column = indent;
  while (!value.empty()) {
    const std::string_view word = value.substr(0, std::min(value.find('|'), value.size() - 1) + 1);
    if (column + word.size() > help_width && column > indent) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    }
    out += word;
    column += word.size();
    value.remove_prefix(word.size());
  }
  return out;
}

std::string option_entry(const Option& option) {
  std::string left = option.name == "--output" ? "-o, --output" : std::string(option.name);
  if (!option.value.empty()) left += " " + choices(option.value, left.size() + 3);
  return entry(left, option.help, 30);
}

std::string usage_line(const Command& command) {
  std::string line = fmt::format("Usage: lockstep {}", command.name);
  for (const Positional& positional : command.positionals) {
    const std::string word =
        fmt::format("{}{}", positional.name, positional.is_repeated ? "..." : "");
    line += positional.is_required ? " " + word : " [" + word + "]";
  }
  return line + " [options]\n";
}

std::string command_help(const Command& command) {
  std::string text = usage_line(command) + "\n" + wrap(command.summary, help_width) + "\n";
  if (!command.positionals.empty()) {
    text += "\nArguments:\n";
    for (const Positional& positional : command.positionals)
      text += entry(positional.name, positional.help, 30);
  }
  if (!command.options.empty()) {
    text += "\nOptions:\n";
    for (const Option& option : command.options)
      text += option_entry(option);
  }
  text += "\nOptions of every command:\n";
  for (const Option& option : common_options_of(command))
    text += option_entry(option);
  text += entry("-h, --help", "this text", 30);
  if (!command.examples.empty()) {
    text += "\nExamples:\n";
    for (const std::string_view line : split(trim(command.examples), '\n'))
      text += fmt::format("  {}\n", line);
  }
  return text;
}

std::string program_help(std::string_view group) {
  std::string text;
  if (group.empty()) {
    text =
        "Usage: lockstep COMMAND [arguments] [options]\n\n"
        "One assessment of one product for the Cyber Resilience Act and the AI Act.\n"
        "Works offline from a lockstep.yaml in this folder or the nearest one above.\n"
        "\nCommands:\n";
  } else {
    text = fmt::format("Usage: lockstep {} COMMAND [arguments] [options]\n\nCommands:\n", group);
  }
  for (const Command& command : commands())
    if (group.empty() || command.name.starts_with(std::string(group) + " "))
      text += entry(command.name, command.summary, 20);
  text +=
      "\n`lockstep COMMAND --help` shows options and examples. Exit codes: 0 no gate\n"
      "failed, 1 a gate failed, 2 usage, 3 input, 4 incomplete, 5 a decision is\n"
      "missing, 6 deadline, 7 verification failed, 70 our own fault.\n";
  if (group.empty())
    text +=
        "\nTo begin: `lockstep init` writes a lockstep.yaml; `lockstep data import PATH`\n"
        "takes in advisories; `lockstep assess` does the rest.\n";
  return text;
}

std::set<std::string> first_words() {
  std::set<std::string> words;
  for (const Command& command : commands())
    words.emplace(command.name.substr(0, command.name.find(' ')));
  return words;
}

std::string options_of(const Command& command) {
  std::string text = "--help";
  for (const Option& option : command.options)
    text += fmt::format(" {}", option.name);
  for (const Option& option : common_options_of(command))
    text += fmt::format(" {}", option.name);
  return text;
}

/// The words that may follow those of a group, each once.
std::set<std::string> next_words(std::string_view group) {
  std::set<std::string> words;
  const std::string start = std::string(group) + " ";
  for (const Command& command : commands()) {
    if (!command.name.starts_with(start)) continue;
    const std::string_view rest = command.name.substr(start.size());
    words.emplace(rest.substr(0, rest.find(' ')));
  }
  return words;
}

std::string joined(const std::set<std::string>& words) {
  return join(std::vector<std::string>(words.begin(), words.end()), " ");
}

std::string bash_completion() {
  std::string cases;
  for (const Command& command : commands())
    cases += fmt::format("      \"{}\") options=\"{}\" ;;\n", command.name, options_of(command));
  std::string groups;
  for (const CommandGroup& group : command_groups())
    groups +=
        fmt::format("    \"{} {}\") words=\"{}\" ;;\n", 2 + std::ranges::count(group.name, ' '),
                    group.name, joined(next_words(group.name)));
  return fmt::format(
      "# bash completion for lockstep: source this file\n"
      "_lockstep() {{\n"
      "  local current=\"${{COMP_WORDS[COMP_CWORD]}}\" words=\"\" options=\"\"\n"
      "  local one=\"${{COMP_WORDS[1]}}\"\n"
      "  local two=\"$one ${{COMP_WORDS[2]}}\" path\n"
      "  local three=\"$two ${{COMP_WORDS[3]}}\" group=\"$one\"\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W \"{} --help --version\" -- \"$current\"); return\n"
      "  fi\n"
      "  [ \"$COMP_CWORD\" -eq 3 ] && group=\"$two\"\n"
      "  case \"$COMP_CWORD $group\" in\n{}  esac\n"
      "  if [ -n \"$words\" ]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\"); return\n"
      "  fi\n"
      "  for path in \"$three\" \"$two\" \"$one\"; do\n"
      "    case \"$path\" in\n{}    esac\n"
      "    [ -n \"$options\" ] && break\n"
      "  done\n"
      "  case \"$current\" in\n"
      "    -*) mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$current\") ;;\n"
      "    *) mapfile -t COMPREPLY < <(compgen -f -- \"$current\") ;;\n"
      "  esac\n"
      "}}\n"
      "complete -o filenames -F _lockstep lockstep\n",
      joined(first_words()), groups, cases);
}

std::string fish_completion() {
  std::string text = "# fish completion for lockstep: source this file\n";
  std::set<std::string> known;
  for (const Command& command : commands()) {
    const auto words = split(command.name, ' ');
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string condition =
          i == 0 ? "__fish_use_subcommand"
                 : fmt::format("'__fish_seen_subcommand_from {}'", words[i - 1]);
      std::string line = fmt::format("complete -c lockstep -n {} -a {}", condition, words[i]);
      if (i + 1 == words.size()) line += fmt::format(" -d '{}'", command.summary);
      if (known.insert(line).second) text += line + "\n";
    }
    for (const Option& option : command.options)
      text +=
          fmt::format("complete -c lockstep -n '__fish_seen_subcommand_from {}' -l {} -d '{}'\n",
                      words.front(), option.name.substr(2), option.help);
  }
  for (const Option& option : common_options())
    text += fmt::format("complete -c lockstep -l {} -d '{}'\n", option.name.substr(2), option.help);
  return text;
}

}  // namespace

std::string help(std::string_view name) {
  for (const Command& command : commands())
    if (command.name == name) return command_help(command);
  return program_help(name);
}

Result<std::string> completion(std::string_view shell) {
  if (shell == "bash") return bash_completion();
  if (shell == "zsh")
    return "#compdef lockstep\nautoload -U +X bashcompinit && bashcompinit\n" + bash_completion();
  if (shell == "fish") return fish_completion();
  return fail(ErrorKind::usage, "usage.choice",
              fmt::format("expected bash, zsh or fish, found '{}'", quotable(shell)));
}

}  // namespace lockstep::frontends
