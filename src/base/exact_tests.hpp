// SPDX-License-Identifier: Apache-2.0
// Exact tests of counts, and how many trials they need.
#pragma once

#include <cstdint>

#include "base/statistics.hpp"

namespace lockstep {

/// P(X >= k) for X of Binomial(n, p): the p-value of "the rate is above p" after k successes.
/// @param k 0 <= k <= n   @param p in [0, 1]
double binomial_at_least(std::int64_t k, std::int64_t n, double p);

/// P(X <= k): the p-value of "the rate is below p" after k successes.
double binomial_at_most(std::int64_t k, std::int64_t n, double p);

/// One-sided bounds of the mean of numbers in [0, 1] whatever their distribution, each wrong with a
/// probability of at most `alpha`: their tail is at most e times that of a binomial.
/// @param mean of `n` independent numbers, or of averages over them; n > 0
/// Source: Bentkus 2004, "On Hoeffding's inequalities", Annals of Probability 32.
Interval bounded_mean(double mean, std::int64_t n, double alpha);

/// Two-sided exact p-value of McNemar's test: whether two classifiers that differ on b + c samples
/// of the same set are equally often the right one. 1 when they differ on none.
/// Source: McNemar 1947; exact by the binomial distribution with p = 1/2.
double mcnemar(std::int64_t b, std::int64_t c);

/// Two-sided exact p-value that the rows of [[a, b], [c, d]] have the same rate: the probability of
/// all tables with these margins that are at most as probable. Cost: O(smallest margin).
/// Source: Fisher 1935.
double fisher_exact(std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d);

/// The largest number of samples that a test is told to take; above it the answer is that more
/// samples of the same kind do not decide it.
inline constexpr std::int64_t samples_max = 1'000'000'000;

/// The least number of trials of which `errors` may fail so that the one-sided lower bound of the
/// rate reaches `rate`; 0 when that is more than samples_max.
/// @param rate in (0, 1)   @param confidence in (0, 1)   @param errors >= 0
std::int64_t samples_for_rate(double rate, double confidence, std::int64_t errors);

/// The least sample at which the observed rate k/n would decide against `tau`, one way or the
/// other; 0 when no sample up to samples_max would. With n = 0: the sample that no success needs.
std::int64_t samples_to_decide(std::int64_t k, std::int64_t n, double tau, double alpha);

/// The sample that zero successes need to show a rate of at most `tau`: ln alpha / ln(1 - tau),
/// rounded up. @param tau in (0, 1)  @param alpha in (0, 1)
std::int64_t samples_for_zero(double tau, double alpha);

}  // namespace lockstep
