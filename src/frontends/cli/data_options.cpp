// SPDX-License-Identifier: Apache-2.0
#include "frontends/cli/data_options.hpp"

#include <charconv>
#include <cmath>
#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::frontends {

Result<std::vector<double>> numbers(const Arguments& arguments, std::string_view name) {
  std::vector<double> values;
  if (!arguments.has(name)) return values;
  const std::string given = arguments.text(name);  // the pieces are views of it
  for (const std::string_view piece : split(given, ',')) {
    const std::string_view text = trim(piece);
    double value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
      return fail(
          ErrorKind::usage, "usage.number",
          fmt::format("{} expects numbers joined by commas, found '{}'", name, quotable(text)));
    values.push_back(value);
  }
  return values;
}

Result<Preprocessing> preprocessing(const Arguments& arguments) {
  Preprocessing read;
  TRY(const auto scale, arguments.number("--scale"));
  read.scale = scale.value_or(1);
  TRY(read.mean, numbers(arguments, "--mean"));
  TRY(read.deviation, numbers(arguments, "--std"));
  read.layout = arguments.text("--layout");
  return read;
}

}  // namespace lockstep::frontends
