// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "files.hpp"

namespace quayside {

/// Widths of the network: two convolutions, each followed by a pool, and two full layers.
inline constexpr int channels_1 = 16;
inline constexpr int channels_2 = 32;
inline constexpr int hidden = 64;

/// How a network is trained.
struct Recipe {
  std::uint64_t seed = 1;
  std::string name;  ///< the stream of its random numbers
  int epochs = 20;
  int batch = 128;
  double rate = 0.0015;  ///< of Adam at the start, falls to zero along a half cosine
  double epsilon = 0;    ///< L-infinity budget of adversarial training; 0: plain training
  int steps = 4;         ///< of the attack in the inner loop
};

/// Called after each epoch with its number from 1 and the mean loss.
using EpochDone = std::function<void(int epoch, double loss)>;

/// Trains the network from its seed: the same recipe and data give the same values on the same
/// machine, because everything runs on one thread.
/// @returns the parameters by the names conv1.weight, conv1.bias, norm1.scale, norm1.shift,
///          norm1.mean, norm1.variance, the same with 2, full1.weight, full1.bias, full2.weight,
///          full2.bias
/// Source for epsilon > 0: Madry et al. 2018, "Towards deep learning models resistant to
/// adversarial attacks"; a third of the loss stays on the clean pictures.
std::vector<Parameter> train(const DataSet& data, const Recipe& recipe, const EpochDone& done);

/// Share of the pictures that the network reads right.
double accuracy(const std::vector<Parameter>& parameters, const DataSet& data);

/// Share of the pictures that it still reads right after projected gradient descent in the
/// L-infinity ball of radius `epsilon` (step 2.5 epsilon / steps, no random start, last iterate).
/// A quick look; what counts is measured by `lockstep ai evade`.
double accuracy_under_attack(const std::vector<Parameter>& parameters,
                             const DataSet& data,
                             double epsilon,
                             int steps);

}  // namespace quayside
