// SPDX-License-Identifier: Apache-2.0
// What the worker accepts of foreign files. What is over a limit is an error that names the limit.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lockstep::ai::limits {

inline constexpr std::uint64_t model_bytes = std::uint64_t{2} << 30U;     ///< an .onnx file
inline constexpr std::uint64_t external_bytes = std::uint64_t{4} << 30U;  ///< all external data
inline constexpr std::uint64_t data_bytes = std::uint64_t{4} << 30U;      ///< an .npz, unpacked
inline constexpr std::size_t nodes = 200'000;    ///< of a model, subgraphs included
inline constexpr std::size_t tensors = 200'000;  ///< of a model, subgraphs included
inline constexpr std::size_t dimensions = 16;    ///< of a tensor
inline constexpr std::int64_t elements = std::int64_t{1} << 31U;  ///< of a tensor
inline constexpr int nesting = 16;                                ///< of subgraphs and functions
inline constexpr std::size_t npz_entries = 1'000;                 ///< arrays of an .npz
inline constexpr std::size_t npy_header_bytes = 65'536;
inline constexpr std::size_t npy_texts = 10'000'000;  ///< elements of an array of texts
inline constexpr std::uint64_t unpack_ratio = 2'000;  ///< bytes out per byte in, of an .npz
/// Of samples and epsilons: squares and sums of larger numbers leave the range of float32.
inline constexpr double magnitude = 1e15;
inline constexpr std::int64_t loop_iterations = 1'000'000;  ///< of a Loop or Scan node

inline constexpr std::uint64_t image_bytes = std::uint64_t{64} << 20U;       ///< a PNG or JPEG file
inline constexpr std::uint64_t image_pixels = std::uint64_t{1} << 25U;       ///< of an image
inline constexpr std::uint32_t image_side = 32'768;                          ///< pixels
inline constexpr std::uint32_t image_chunk_bytes = std::uint32_t{8} << 20U;  ///< of a PNG, unpacked
inline constexpr int image_scans = 100;  ///< passes of a progressive JPEG
inline constexpr std::uint64_t columns_bytes = std::uint64_t{16} << 20U;  ///< their description

inline constexpr std::uint64_t property_bytes = std::uint64_t{64} << 20U;  ///< a .vnnlib file
inline constexpr std::size_t property_words = 4'000'000;        ///< words and lists of a .vnnlib
inline constexpr int property_depth = 64;                       ///< of its lists
inline constexpr std::int64_t property_variables = 10'000'000;  ///< inputs, or outputs
inline constexpr std::size_t property_clauses = 20'000;         ///< alternatives

inline constexpr std::size_t endpoint_answer_bytes = std::size_t{64} << 20U;  ///< of a service

inline constexpr std::int64_t vocabulary = 4'000'000;                         ///< tokens
inline constexpr std::uint64_t vocabulary_bytes = std::uint64_t{256} << 20U;  ///< their file
inline constexpr std::size_t text_bytes = std::size_t{1} << 20U;              ///< of one text
inline constexpr std::size_t texts = 10'000'000;                              ///< of a data set

}  // namespace lockstep::ai::limits
