// SPDX-License-Identifier: Apache-2.0
// Eight blocks side by side, each word in 64 bits, of which a multiplication reads the lower 32: so
// nothing has to be cut off between rounds.
#include "ai/worker/evasion/noise_words.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "ai/worker/evasion/wide.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace lockstep::ai {
namespace {

constexpr std::uint32_t multiplier_a = 0xD2511F53U;
constexpr std::uint32_t multiplier_c = 0xCD9E8D57U;
constexpr std::uint32_t step_a = 0x9E3779B9U;
constexpr std::uint32_t step_c = 0xBB67AE85U;
constexpr int rounds = 10;
constexpr std::size_t side = 8;

typedef std::uint64_t Words __attribute__((vector_size(side * sizeof(std::uint64_t))));

#if defined(__x86_64__)

// SPEED: the compiler does not see that one multiplication is enough, and takes three times as
// long.
__attribute__((target("avx512f"))) void fill_avx512(RandomKey key,
                                                    std::uint32_t first,
                                                    std::size_t blocks,
                                                    std::uint32_t* words) {
  const __m512i numbers = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
  const __m512i lower = _mm512_set1_epi64(0xFFFFFFFF);
  const __m512i pairs_low = _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0);
  const __m512i pairs_high = _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4);
  for (std::size_t start = 0; start < blocks; start += side) {
    const std::uint32_t block = first + static_cast<std::uint32_t>(start);
    __m512i a = _mm512_add_epi64(_mm512_set1_epi64(block), numbers);
    __m512i b = _mm512_set1_epi64(key.stream);
    __m512i c = _mm512_set1_epi64(key.restart);
    __m512i d = _mm512_set1_epi64(key.sample);
    auto key_a = static_cast<std::uint32_t>(key.seed);
    auto key_c = static_cast<std::uint32_t>(key.seed >> 32U);
    for (int round = 0; round < rounds; ++round) {
      const __m512i of_a = _mm512_mul_epu32(a, _mm512_set1_epi64(multiplier_a));
      const __m512i of_c = _mm512_mul_epu32(c, _mm512_set1_epi64(multiplier_c));
      a = _mm512_xor_si512(_mm512_xor_si512(_mm512_srli_epi64(of_c, 32), b),
                           _mm512_set1_epi64(key_a));
      c = _mm512_xor_si512(_mm512_xor_si512(_mm512_srli_epi64(of_a, 32), d),
                           _mm512_set1_epi64(key_c));
      b = of_c;
      d = of_a;
      key_a += step_a;
      key_c += step_c;
    }
    const __m512i ab = _mm512_or_si512(_mm512_and_si512(a, lower), _mm512_slli_epi64(b, 32));
    const __m512i cd = _mm512_or_si512(_mm512_and_si512(c, lower), _mm512_slli_epi64(d, 32));
    const __m512i even = _mm512_unpacklo_epi64(ab, cd);
    const __m512i odd = _mm512_unpackhi_epi64(ab, cd);
    alignas(64) std::array<std::uint32_t, 4 * side> made;
    _mm512_store_si512(made.data(), _mm512_permutex2var_epi64(even, pairs_low, odd));
    _mm512_store_si512(made.data() + 2 * side, _mm512_permutex2var_epi64(even, pairs_high, odd));
    std::memcpy(words + 4 * start, made.data(),
                std::min(side, blocks - start) * 4 * sizeof(std::uint32_t));
  }
}

#endif

}  // namespace

LS_WIDE void fill_words_anywhere(RandomKey key,
                                 std::uint32_t first,
                                 std::size_t blocks,
                                 std::uint32_t* words) {
  constexpr std::uint64_t lower = 0xFFFFFFFFU;
  for (std::size_t start = 0; start < blocks; start += side) {
    Words a{};
    for (std::size_t i = 0; i < side; ++i)
      a[i] = first + static_cast<std::uint32_t>(start + i);
    Words b = Words{} + key.stream;
    Words c = Words{} + key.restart;
    Words d = Words{} + key.sample;
    auto key_a = static_cast<std::uint32_t>(key.seed);
    auto key_c = static_cast<std::uint32_t>(key.seed >> 32U);
    for (int round = 0; round < rounds; ++round) {
      const Words of_a = (a & lower) * multiplier_a;
      const Words of_c = (c & lower) * multiplier_c;
      a = (of_c >> 32U) ^ b ^ key_a;
      c = (of_a >> 32U) ^ d ^ key_c;
      b = of_c;
      d = of_a;
      key_a += step_a;
      key_c += step_c;
    }
    const std::size_t some = blocks - start < side ? blocks - start : side;
    for (std::size_t i = 0; i < some; ++i) {
      std::uint32_t* to = words + 4 * (start + i);
      to[0] = static_cast<std::uint32_t>(a[i]);
      to[1] = static_cast<std::uint32_t>(b[i]);
      to[2] = static_cast<std::uint32_t>(c[i]);
      to[3] = static_cast<std::uint32_t>(d[i]);
    }
  }
}

void fill_words(RandomKey key, std::uint32_t first, std::size_t blocks, std::uint32_t* words) {
#if defined(__x86_64__)
  static const bool has_avx512 = __builtin_cpu_supports("avx512f") != 0;
  if (has_avx512) return fill_avx512(key, first, blocks, words);
#endif
  fill_words_anywhere(key, first, blocks, words);
}

}  // namespace lockstep::ai
