// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace lockstep {

/// Philox 4x32-10: a counter-based generator. The same key and counter give the same four words on
/// every machine, whatever was drawn before, so that batch size, threads and ranks cannot change a
/// result.
/// Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 2> key,
                                    std::array<std::uint32_t, 4> counter);

/// Where a random number belongs: every draw of the program is named by these five values.
struct RandomKey {
  std::uint64_t seed = 0;
  std::uint32_t stream = 0;   ///< which consumer: `stream_of("pgd")`
  std::uint32_t restart = 0;  ///< restart or iteration of the consumer
  std::uint32_t sample = 0;   ///< index of the sample in its data set
};

/// A stable number for a consumer's name (FNV-1a, 32 bits).
std::uint32_t stream_of(std::string_view name);

/// The numbers that belong to one RandomKey, in order. Cheap to make, no shared state.
class Random {
 public:
  explicit Random(RandomKey key);

  std::uint32_t next_u32();
  std::uint64_t next_u64();
  /// Uniform in [0, 1), 53 bits.
  double uniform();

  /// Uniform in [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  /// Standard normal, by the Box-Muller transform (portable, unlike std::normal_distribution).
  double normal();
  /// Uniform in [0, bound), without bias. `bound` > 0.
  std::uint32_t below(std::uint32_t bound);

 private:
  RandomKey key_;
  std::uint32_t block_ = 0;
  int used_ = 4;
  std::array<std::uint32_t, 4> words_{};
  bool has_spare_ = false;
  double spare_ = 0;
};

/// Puts the elements into another order, each as likely as any other (Fisher-Yates).
template <typename T>
void shuffle(std::span<T> elements, Random& random) {
  for (std::size_t i = elements.size(); i > 1; --i)
    std::swap(elements[i - 1], elements[random.below(static_cast<std::uint32_t>(i))]);
}

}  // namespace lockstep
