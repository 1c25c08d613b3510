// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ai/worker/data/array.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// An array of an .npz file; the name is without the ending ".npy".
struct NamedArray {
  std::string name;
  Array array;
};

/// Reads one .npy array, format versions 1.0 to 3.0, of plain numbers or bools; big-endian and
/// column-major arrays are turned into our order.
/// @param file the name for messages
/// Errors: npz.magic, npz.header, npz.type, npz.size.
/// Source: NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays".
Result<Array> read_npy(std::string_view bytes, const std::string& file);

/// The bytes of an .npy file, version 1.0, row-major. Numbers and bools only.
std::string write_npy(const Array& array);

/// Reads all arrays of an .npz file (a zip of .npy files, stored or deflated), in file order.
/// Errors: npz.archive, npz.limit, and those of read_npy.
Result<std::vector<NamedArray>> read_npz(std::string_view bytes, const std::string& file);

/// The bytes of an .npz file, deflated; the same arrays give the same bytes.
/// Errors: npz.archive when the zip writer refuses.
Result<std::string> write_npz(std::span<const NamedArray> arrays);

/// The array of that name, or null.
const Array* find_array(std::span<const NamedArray> arrays, std::string_view name);

}  // namespace lockstep::ai
