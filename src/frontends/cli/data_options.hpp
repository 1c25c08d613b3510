// SPDX-License-Identifier: Apache-2.0
// The options that say how data are read, shared by the commands that take data.
#pragma once

#include <array>

#include "domain/preprocessing.hpp"
#include "frontends/cli/command.hpp"

namespace lockstep::frontends {

inline constexpr Option data_option{
    "--data", "PATH",
    ".npz with images or x, and labels or y; x.npy with y.npy beside it; a folder of pictures "
    "CLASS/NAME.png; a .csv"};

inline constexpr Option device_option{
    "--device", "cpu|cuda",
    "where nets are computed (default cpu); cuda needs a LibTorch that has it (docs/devices.md)"};

/// How the net takes samples that are no rows of a table.
inline constexpr std::array<Option, 4> preprocessing_options{{
    {"--scale", "S", "the net takes (S x - mean) / std of an input x (default 1)"},
    {"--mean", "M,M,...", "one for all channels, or one for each (default 0)"},
    {"--std", "D,D,...", "one for all channels, or one for each (default 1)"},
    {"--layout", "nchw|nhwc", "how the net takes pictures, where its shape does not tell"},
}};

/// The same, and those of tables.
inline constexpr auto data_options = with_options(
    std::array{Option{"--columns", "FILE",
                      "the description of a table's columns, of a .csv, an .npz or an .npy"}},
    preprocessing_options);

/// Numbers joined by commas; empty when the option is not given. Errors: usage.number.
Result<std::vector<double>> numbers(const Arguments& arguments, std::string_view name);

/// --scale, --mean, --std and --layout. Errors: usage.number.
Result<Preprocessing> preprocessing(const Arguments& arguments);

}  // namespace lockstep::frontends
