// SPDX-License-Identifier: Apache-2.0
// Selection with several objectives, for genetic searches: who of a population goes on.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "base/random.hpp"

namespace lockstep::ai {

/// Of one individual; each is better the smaller it is.
using Objectives = std::array<double, 3>;

/// Fronts: 0 for those that nobody dominates (is no worse in all and better in one), 1 for those
/// that only they dominate, and so on. @return [population]
std::vector<int> fronts_of(std::span<const Objectives> population);

/// The directions from the ideal point along which survivors are spread: all weights of three
/// objectives in steps of 1/12 that sum to 1. Source: Das and Dennis 1998.
const std::vector<Objectives>& reference_directions();

/// Places of `count` survivors: whole fronts, the best first, then of the front that does not fit
/// whole those along reference directions that have fewest yet.
/// @param front what fronts_of says; @pre count <= population
/// Source: Deb and Jain 2014, "An evolutionary many-objective optimization algorithm using
/// reference-point-based nondominated sorting approach, part I", with the extent of the population
/// in place of its extreme points' hyperplane.
std::vector<std::size_t> survivors(std::span<const Objectives> population,
                                   std::span<const int> front,
                                   std::size_t count,
                                   Random& random);

}  // namespace lockstep::ai
