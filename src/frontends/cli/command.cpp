// SPDX-License-Identifier: Apache-2.0
#include "frontends/cli/command.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <utility>

#include "base/text.hpp"

namespace lockstep::frontends {
namespace {

tl::unexpected<Error> wrong_value(std::string_view code,
                                  std::string_view name,
                                  std::string_view expected,
                                  std::string_view found) {
  return fail(ErrorKind::usage, std::string(code),
              fmt::format("{} expects {}, found '{}'", name, expected, quotable(found)));
}

}  // namespace

int higher_ranking(int a, int b) {
  constexpr std::array ranking = {
      exit_code::internal,     exit_code::usage,       exit_code::input,
      exit_code::verification, exit_code::gate_failed, exit_code::deadline,
      exit_code::human,        exit_code::incomplete,  exit_code::ok};
  return std::ranges::find(ranking, a) <= std::ranges::find(ranking, b) ? a : b;
}

int exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return exit_code::usage;
    case ErrorKind::input:
      return exit_code::input;
    case ErrorKind::verification:
      return exit_code::verification;
    case ErrorKind::interrupted:
      return exit_code::incomplete;
    case ErrorKind::internal:
      return exit_code::internal;
  }
  return exit_code::internal;
}

Outcome failed(const Error& error, Diagnostics problems) {
  Outcome outcome{exit_code_of(error.kind), {}, std::move(problems)};
  outcome.problems.add(error);
  return outcome;
}

std::string Arguments::text(std::string_view name, std::string_view otherwise) const {
  const auto found = values.find(name);
  if (found == values.end() || found->second.empty()) return std::string(otherwise);
  return found->second.back();
}

const std::vector<std::string>& Arguments::all(std::string_view name) const {
  static const std::vector<std::string> none;
  const auto found = values.find(name);
  return found == values.end() ? none : found->second;
}

Result<std::optional<double>> Arguments::number(std::string_view name) const {
  if (!has(name)) return std::optional<double>{};
  const std::string found = text(name);
  double value = 0;
  const auto [end, problem] = std::from_chars(found.data(), found.data() + found.size(), value);
  if (problem != std::errc{} || end != found.data() + found.size() || !std::isfinite(value))
    return wrong_value("usage.number", name, "a number such as 0.03", found);
  return std::optional<double>{value};
}

Result<std::optional<std::int64_t>> Arguments::integer(std::string_view name) const {
  if (!has(name)) return std::optional<std::int64_t>{};
  const std::string found = text(name);
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(found.data(), found.data() + found.size(), value);
  if (problem != std::errc{} || end != found.data() + found.size() || value < 0)
    return wrong_value("usage.number", name, "a whole number such as 40", found);
  return std::optional<std::int64_t>{value};
}

Result<std::optional<Day>> Arguments::day(std::string_view name) const {
  if (!has(name)) return std::optional<Day>{};
  const std::string found = text(name);
  const auto value = parse_day(found);
  if (!value) return wrong_value("usage.date", name, "a date such as 2028-09-04", found);
  return value;
}

std::vector<Option> common_options_of(const Command& command) {
  std::vector<Option> options;
  for (const Option& option : common_options())
    if (std::ranges::find(command.options, option.name, &Option::name) == command.options.end())
      options.push_back(option);
  return options;
}

std::string Environment::variable(const std::string& name, std::string_view otherwise) const {
  const auto found = variables.find(name);
  return found == variables.end() ? std::string(otherwise) : found->second;
}

}  // namespace lockstep::frontends
