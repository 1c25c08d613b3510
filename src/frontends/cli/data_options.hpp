// SPDX-License-Identifier: Apache-2.0
// The options that say how data are read, shared by the commands that take data.
#pragma once

#include <array>

#include "domain/preprocessing.hpp"
#include "frontends/cli/command.hpp"

namespace lockstep::frontends {

inline constexpr Option data_option{
    "--data", "PATH",
    ".npz with images or x, and labels or y; a folder of pictures CLASS/NAME.png; a .csv"};

inline constexpr std::array<Option, 5> data_options{{
    {"--columns", "FILE", "the description of a table's columns, of a .csv or an .npz"},
    {"--scale", "S", "the net takes (S x - mean) / std of an input x (default 1)"},
    {"--mean", "M,M,...", "one for all channels, or one for each (default 0)"},
    {"--std", "D,D,...", "one for all channels, or one for each (default 1)"},
    {"--layout", "nchw|nhwc", "how the net takes pictures, where its shape does not tell"},
}};

/// Own options, with the options of data behind them.
template <std::size_t n>
constexpr std::array<Option, n + data_options.size()> with_data_options(
    const std::array<Option, n>& own) {
  std::array<Option, n + data_options.size()> all{};
  for (std::size_t i = 0; i < n; ++i)
    all[i] = own[i];
  for (std::size_t i = 0; i < data_options.size(); ++i)
    all[n + i] = data_options[i];
  return all;
}

/// Numbers joined by commas; empty when the option is not given. Errors: usage.number.
Result<std::vector<double>> numbers(const Arguments& arguments, std::string_view name);

/// --scale, --mean, --std and --layout. Errors: usage.number.
Result<Preprocessing> preprocessing(const Arguments& arguments);

}  // namespace lockstep::frontends
