// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/random.hpp"

namespace lockstep::ai {

/// Philox 4x32-10 for consecutive blocks, as philox() of base/random.hpp makes them one by one.
/// @param first the block's number; @param words [blocks][4], written
void fill_words(RandomKey key, std::uint32_t first, std::size_t blocks, std::uint32_t* words);

/// The same by the loop for every processor, for tests.
void fill_words_anywhere(RandomKey key,
                         std::uint32_t first,
                         std::size_t blocks,
                         std::uint32_t* words);

}  // namespace lockstep::ai
