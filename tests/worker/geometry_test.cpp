// SPDX-License-Identifier: Apache-2.0
// What projections and losses are by definition, on random rows.
#include "ai/worker/evasion/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <numeric>
#include <vector>

#include "ai/worker/evasion/row_loops.hpp"
#include "ai/worker/nets/loss.hpp"

namespace lockstep::ai {
namespace {

using Floats = std::vector<float>;

Floats uniform(std::size_t count, double low, double high, Random& random) {
  Floats row(count);
  for (float& value : row)
    value = static_cast<float>(random.uniform(low, high));
  return row;
}

double inner(const Floats& a, const Floats& b, const Floats& c, const Floats& d) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += (static_cast<double>(a[i]) - b[i]) * (static_cast<double>(c[i]) - d[i]);
  return sum;
}

// A point p is the projection of y onto a convex set exactly when <y - p, z - p> <= 0 for all z in
// it.
TEST(Geometry, TheL1ProjectionIsTheNearestPointOfBallAndBox) {
  const Threat threat{Norm::l1, 0.7};
  for (std::uint32_t round = 0; round < 200; ++round) {
    Random random(RandomKey{1, 1, round, 0});
    const std::size_t count = round % 2 == 0 ? 12 : 37;
    const Floats x = uniform(count, 0, 1, random);
    const Floats y = uniform(count, -1, 2, random);
    Floats p = y;
    project(p, x, threat, threat.epsilon);
    EXPECT_LE(distance(p, x, Norm::l1), threat.epsilon * (1 + 1e-6));
    EXPECT_TRUE(std::ranges::all_of(p, [](float v) { return v >= 0 && v <= 1; }));
    for (int k = 0; k < 50; ++k) {
      Floats z = uniform(count, 0, 1, random);
      const double length = distance(z, x, Norm::l1);
      const double scale = std::min(1.0, threat.epsilon / length) * random.uniform();
      for (std::size_t i = 0; i < z.size(); ++i)
        z[i] = static_cast<float>(x[i] + scale * (z[i] - x[i]));
      EXPECT_LE(inner(y, p, z, p), 1e-5);
    }
  }
}

TEST(Geometry, TheWayToAPlaneIsTheShortestInItsNorm) {
  for (const Norm norm : {Norm::linf, Norm::l2, Norm::l1}) {
    const Threat threat{norm, 1};
    for (std::uint32_t round = 0; round < 200; ++round) {
      Random random(RandomKey{1, 2, round, 0});
      const std::size_t count = round % 2 == 0 ? 10 : 35;
      const Floats x = uniform(count, 0, 1, random);
      const Floats w = uniform(count, -1, 1, random);
      const Floats inside = uniform(count, 0, 1, random);
      const double b = product(w, inside);  // so that the plane meets the box
      const Floats change = to_hyperplane(x, w, b, threat);
      Floats there = x;
      for (std::size_t i = 0; i < x.size(); ++i)
        there[i] += change[i];
      EXPECT_NEAR(product(w, there), b, 1e-5);
      EXPECT_TRUE(std::ranges::all_of(there, [](float v) { return v >= -1e-6 && v <= 1 + 1e-6; }));
      EXPECT_LE(distance(there, x, norm), distance(inside, x, norm) + 1e-5);
      // Other ways to the plane: element by element, in a random order.
      for (int k = 0; k < 20; ++k) {
        Floats other = x;
        for (int tries = 0; tries < 200; ++tries) {
          const double gap = product(w, other) - b;
          const std::size_t i = random.below(static_cast<std::uint32_t>(count));
          if (std::abs(gap) < 1e-7 || w[i] == 0) continue;
          const double wanted = other[i] - gap / w[i] * random.uniform();
          other[i] = static_cast<float>(std::clamp(wanted, 0.0, 1.0));
        }
        if (std::abs(product(w, other) - b) > 1e-6) continue;
        EXPECT_LE(distance(there, x, norm), distance(other, x, norm) + 1e-4);
      }
    }
  }
}

TEST(Geometry, APlaneThatTheBoxDoesNotReachIsMetAsNearAsItMay) {
  const Floats x{0.5F, 0.25F};
  const Floats w{1, -2};
  for (const Norm norm : {Norm::linf, Norm::l2, Norm::l1}) {
    const Floats change = to_hyperplane(x, w, 10, {norm, 1});
    EXPECT_FLOAT_EQ(change[0], 0.5F);
    EXPECT_FLOAT_EQ(change[1], -0.25F);
  }
}

TEST(Geometry, AStepHasTheLengthThatItWasGiven) {
  Random random(RandomKey{1, 3, 0, 0});
  const Floats zero(20, 0);
  const Floats gradient = uniform(20, -1, 1, random);
  for (const Norm norm : {Norm::linf, Norm::l2, Norm::l1}) {
    Floats x = zero;
    step(x, gradient, norm, 0.3, 0.25);
    EXPECT_NEAR(distance(x, zero, norm), 0.3, 1e-6);
    EXPECT_GT(product(x, gradient), 0);
    const auto moved = std::ranges::count_if(x, [](float v) { return v != 0; });
    EXPECT_EQ(moved, norm == Norm::l1 ? 5 : 20);
  }
}

/// What the loops of row_loops.hpp say, one element after another in long double.
TEST(Geometry, LoopsSayWhatTheirDefinitionsSay) {
  for (const std::size_t count : {1U, 15U, 16U, 47U, 784U}) {
    Random random(RandomKey{1, 6, static_cast<std::uint32_t>(count), 0});
    const Floats a = uniform(count, -1, 2, random);
    Floats b = uniform(count, -1, 2, random);
    if (count > 2) b[count / 2] = a[count / 2];
    long double products = 0;
    long double squares = 0;
    long double sizes = 0;
    long double sizes_of_a = 0;
    double largest = 0;
    float largest_of_a = 0;
    std::size_t differing = 0;
    std::size_t at_least = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const long double difference = static_cast<long double>(a[i]) - b[i];
      products += static_cast<long double>(a[i]) * b[i];
      squares += difference * difference;
      sizes += std::abs(difference);
      sizes_of_a += std::abs(a[i]);
      largest = std::max(largest, static_cast<double>(std::abs(difference)));
      largest_of_a = std::max(largest_of_a, std::abs(a[i]));
      differing += a[i] != b[i] ? 1U : 0U;
      at_least += std::abs(a[i]) >= 0.5F ? 1U : 0U;
    }
    const double near = 1e-13 * static_cast<double>(count);
    EXPECT_NEAR(loops::product(a.data(), b.data(), count), static_cast<double>(products), near);
    EXPECT_NEAR(loops::squares_between(a.data(), b.data(), count), static_cast<double>(squares),
                near);
    EXPECT_NEAR(loops::sizes_between(a.data(), b.data(), count), static_cast<double>(sizes), near);
    EXPECT_NEAR(loops::sizes(a.data(), count), static_cast<double>(sizes_of_a), near);
    EXPECT_EQ(loops::largest_between(a.data(), b.data(), count), largest);
    EXPECT_EQ(loops::largest(a.data(), count), largest_of_a);
    EXPECT_EQ(loops::differing(a.data(), b.data(), count), differing);
    EXPECT_EQ(loops::at_least(a.data(), count, 0.5F), at_least);
  }
}

TEST(Loops, OneNumberWithoutEndIsFoundAnywhere) {
  for (const std::size_t count : {1, 7, 8, 33}) {
    Floats a(count, 1e38F);
    EXPECT_TRUE(loops::is_finite(a.data(), count));
    for (std::size_t i = 0; i < count; ++i)
      for (const float other :
           {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
        a[i] = other;
        EXPECT_FALSE(loops::is_finite(a.data(), count)) << i;
        a[i] = 0;
      }
  }
}

TEST(Losses, AgreeWithFiniteDifferences) {
  for (const Loss loss : {cross_entropy_loss, dlr_loss, targeted_dlr_loss, difference_loss})
    for (const std::int64_t classes : {2, 3, 4, 10})
      for (std::uint32_t round = 0; round < 30; ++round) {
        Random random(RandomKey{1, 4, round, 0});
        const Floats z = uniform(static_cast<std::size_t>(classes), -2, 2, random);
        const std::int64_t right = random.below(static_cast<std::uint32_t>(classes));
        const std::int64_t target = (right + 1) % classes;
        Floats dz(z.size());
        Floats unused(z.size());
        loss(z.data(), classes, right, target, dz.data());
        Floats sorted = z;
        std::ranges::sort(sorted);
        bool is_near_tie = false;
        for (std::size_t i = 1; i < sorted.size(); ++i)
          is_near_tie = is_near_tie || sorted[i] - sorted[i - 1] < 0.02F;
        if (is_near_tie || std::ranges::any_of(z, [](float v) { return std::abs(v) < 0.02F; }))
          continue;  // a kink within the step
        for (std::size_t i = 0; i < z.size(); ++i) {
          const float h = 1e-2F;
          Floats plus = z;
          Floats minus = z;
          plus[i] += h;
          minus[i] -= h;
          const double slope =
              (static_cast<double>(loss(plus.data(), classes, right, target, unused.data())) -
               loss(minus.data(), classes, right, target, unused.data())) /
              (2 * static_cast<double>(h));
          EXPECT_NEAR(dz[i], slope, 2e-2 * (1 + std::abs(slope))) << classes << ' ' << i;
        }
      }
}

TEST(Losses, DlrIsWhatItsPaperSays) {
  const Floats z{1, 5, 3, 2};
  Floats dz(4);
  EXPECT_FLOAT_EQ(dlr_loss(z.data(), 4, 1, 0, dz.data()), -(5.0F - 3) / (5 - 2));
  EXPECT_FLOAT_EQ(dlr_loss(z.data(), 4, 2, 0, dz.data()), -(3.0F - 5) / (5 - 2));
  EXPECT_FLOAT_EQ(targeted_dlr_loss(z.data(), 4, 1, 3, dz.data()), -(5.0F - 2) / (5 - 1.5F));
  // Of three classes the last one's ratio would be -1 wherever it is the last.
  EXPECT_FLOAT_EQ(targeted_dlr_loss(z.data(), 3, 1, 0, dz.data()), 1.0F - 5);
  EXPECT_EQ(Floats(dz.begin(), dz.begin() + 3), (Floats{1, -1, 0}));
  std::int64_t order[9];
  EXPECT_EQ(best_wrong(z.data(), 4, 1, 9, order), 3);
  EXPECT_EQ(order[0], 2);
  EXPECT_EQ(order[2], 0);
}

}  // namespace
}  // namespace lockstep::ai
