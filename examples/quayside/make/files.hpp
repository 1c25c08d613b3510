// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace quayside {

/// Pictures with their labels.
struct DataSet {
  std::vector<std::uint8_t> images;  ///< [count, 1, side, side]
  std::vector<std::int64_t> labels;  ///< [count], index into `characters`

  std::int64_t count() const { return static_cast<std::int64_t>(labels.size()); }
};

/// `count` pictures, every class equally often, in an order that mixes the classes. Picture i
/// depends on seed, name and i alone.
/// @param name of the set, "train" or "test": sets of different names share no picture
DataSet make_data(std::uint64_t seed, const std::string& name, std::int64_t count);

/// The bytes of an .npz file with `images` (uint8 [count, 1, side, side]) and `labels` (int64).
lockstep::Result<std::string> to_npz(const DataSet& data);

/// A grey PNG with every character below its number: one column for each class, `rows` pictures of
/// it one below the other. The pixels are stored, not compressed.
/// Source: PNG (ISO/IEC 15948), zlib (RFC 1950) and deflate (RFC 1951) with stored blocks.
std::string contact_sheet(const DataSet& data, int rows);

/// The values of one parameter of the network, as they go into an ONNX file.
struct Parameter {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

/// The bytes of an ONNX file (IR version 7, operator set 13) of the network in net.hpp: input
/// `image` float [batch, 1, side, side] in 0 to 1, output `logits` [batch, 36].
/// @param parameters by the names that net.hpp gives them
std::string to_onnx(const std::vector<Parameter>& parameters, const std::string& graph_name);

}  // namespace quayside
