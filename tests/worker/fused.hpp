// SPDX-License-Identifier: Apache-2.0
// What is expected of every net in its fused form.
#pragma once

#include <ATen/ATen.h>
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "ai/worker/fused/lanes.hpp"
#include "ai/worker/nets/classifier.hpp"
#include "base/random.hpp"

namespace lockstep::ai::test {

inline at::Tensor noise(const std::vector<std::int64_t>& shape, std::uint32_t stream) {
  at::Tensor x = at::empty(shape, at::kFloat);
  Random random(RandomKey{3, stream, 0, 0});
  for (std::int64_t i = 0; i < x.numel(); ++i)
    x.data_ptr<float>()[i] = static_cast<float>(random.uniform(-1, 1));
  return x;
}

inline const ScoreLoss weighted =
    [](std::int64_t first, std::int64_t count, std::int64_t classes, const float*, float* dz) {
      for (std::int64_t i = 0; i < count * classes; ++i)
        dz[i] = static_cast<float>((first * classes + i) % 5) - 1.5F;
    };

inline double largest(const at::Tensor& x) {
  return x.numel() == 0 ? 0 : x.abs().max().item<double>();
}

/// Scores and gradients of both back ends, on a batch that fills no tile evenly.
inline void expect_agreement(const Classifier& net, std::int64_t samples, const std::string& what) {
  ASSERT_TRUE(net.is_fused()) << what << ": " << net.engine();
  std::vector<std::int64_t> shape = net.sample_shape();
  shape.insert(shape.begin(), samples);
  const at::Tensor x = noise(shape, 1);
  const auto found = net.gradient(x, weighted);
  const auto expected = net.reference_gradient(x, weighted);
  ASSERT_TRUE(found && expected) << what;
  EXPECT_LE(largest(found->logits - expected->logits), 1e-4 * (1 + largest(expected->logits)))
      << what;
  EXPECT_LE(largest(found->input - expected->input), 1e-3 * (1e-3 + largest(expected->input)))
      << what;
}

inline bool is_same(const at::Tensor& a, const at::Tensor& b) {
  return a.sizes() == b.sizes() &&
         std::memcmp(a.contiguous().data_ptr<float>(), b.contiguous().data_ptr<float>(),
                     static_cast<std::size_t>(a.numel()) * sizeof(float)) == 0;
}

/// A sample alone, in a batch, and on every processor that can be had.
inline void expect_same_bits(const Classifier& net, std::uint32_t seed) {
  std::vector<std::int64_t> shape = net.sample_shape();
  shape.insert(shape.begin(), 45);
  const at::Tensor x = noise(shape, 2);
  const at::Tensor labels = at::arange(45, at::kLong).remainder(4);
  const auto together = net.gradient(x, labels);
  ASSERT_TRUE(together);
  for (const std::int64_t i : {0, 15, 16, 31, 32, 44}) {
    const auto alone = net.gradient(x.narrow(0, i, 1), labels.narrow(0, i, 1));
    ASSERT_TRUE(alone);
    EXPECT_TRUE(is_same(alone->logits, together->logits.narrow(0, i, 1))) << seed << ' ' << i;
    EXPECT_TRUE(is_same(alone->input, together->input.narrow(0, i, 1))) << seed << ' ' << i;
  }
  int count = 0;
  const fused::Lanes* const* sets = fused::usable_lanes(&count);
  for (int k = 0; k < count; ++k) {
    at::Tensor z = at::empty_like(together->logits);
    at::Tensor dx = at::empty_like(x);
    net.program()->gradient(x.data_ptr<float>(), 45, z.data_ptr<float>(),
                            cross_entropy(labels.data_ptr<std::int64_t>()), dx.data_ptr<float>(),
                            *sets[k]);
    // All but the portable loops multiply and add in one rounding.
    if (k + 1 < count) {
      EXPECT_TRUE(is_same(z, together->logits)) << sets[k]->name;
      EXPECT_TRUE(is_same(dx, together->input)) << sets[k]->name;
    }
    EXPECT_LE(largest(z - together->logits), 1e-4 * (1 + largest(together->logits)));
    EXPECT_LE(largest(dx - together->input), 1e-3 * (1e-3 + largest(together->input)));
  }
}

}  // namespace lockstep::ai::test
