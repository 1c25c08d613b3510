// SPDX-License-Identifier: Apache-2.0
// What was proved about a model near given samples, or about a stated property of it. A proof is a
// lower bound on robustness, where an attack is an upper bound.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/measurement.hpp"

namespace lockstep {

/// One sample. With bounds, `bound` is the least margin that was proved within epsilon; with
/// smoothing it is the radius within which the smoothed classifier's answer was shown to stay.
struct CertifiedSample {
  std::int64_t index = 0;
  std::int64_t label = 0;
  std::int64_t predicted = 0;  ///< the net's class; with smoothing -1 where it abstains
  double bound = 0;

  bool operator==(const CertifiedSample&) const = default;
};

/// Share of samples that are right, with a radius of at least `radius`.
struct RadiusPoint {
  double radius = 0;
  Accuracy certified;
};

/// What randomised smoothing measured. The probability that a radius is wrong is at most `alpha`
/// for each sample.
struct Smoothing {
  double sigma = 0;  ///< of the noise, in input units
  std::int64_t selection_draws = 0;
  std::int64_t draws = 0;
  double alpha = 0;
  std::int64_t abstained = 0;
  double average_radius = 0;  ///< over all samples; wrong and abstained ones count as 0
  std::vector<RadiusPoint> curve;
};

struct Certificate {
  FileRef model;
  FileRef data;
  std::string preprocessing;  ///< between the data and the net, as a formula; "" when none
  std::int64_t samples = 0;
  std::string method;  ///< ibp, crown-ibp, crown, alpha-crown, smoothing
  std::string norm;    ///< linf, l2
  double epsilon = 0;  ///< 0 with smoothing
  std::uint64_t seed = 0;
  Accuracy clean;
  Accuracy verified;  ///< right, and proved to stay right within epsilon (smoothing: radius > 0)
  /// Right under attack within epsilon, above which no proof can reach; nothing with smoothing.
  std::optional<Accuracy> attacked;
  std::optional<Smoothing> smoothing;
  std::vector<CertifiedSample> rows;
  std::vector<SoundnessCheck> soundness;
  AnsweredBy answered_by;  ///< clean samples, the attack and smoothing; bounds are the processor's
  double seconds = 0;      ///< wall time; left out of every digest
  std::string worker_version;
};

/// How the question of a property came out.
struct PropertyAnswer {
  enum class Verdict { sat, unsat, timeout, unknown };
  FileRef model;
  FileRef property;
  Verdict verdict = Verdict::unknown;
  std::string how;              ///< one sentence: what decided it, or why nothing did
  std::vector<double> inputs;   ///< of a counterexample; empty without one
  std::vector<double> outputs;  ///< of the reference path, at these inputs
  std::int64_t domains = 0;     ///< parts that the search looked at
  AnsweredBy answered_by;
  double seconds = 0;  ///< wall time; left out of every digest
  std::string worker_version;
};

std::string_view to_text(PropertyAnswer::Verdict verdict);
std::optional<PropertyAnswer::Verdict> parse_verdict(std::string_view text);

/// Certified accuracy at each radius, abstentions and average radius, from the samples' rows.
/// Source: Cohen, Rosenfeld and Kolter 2019, arXiv 1902.02918; average radius: Zhai et al. 2020,
/// arXiv 2001.02378.
Smoothing summary_of(const std::vector<CertifiedSample>& rows, const std::vector<double>& radii);

/// The inputs and outputs of a counterexample as the VNN-COMP writes them, behind the word "sat".
std::string counterexample_text(const PropertyAnswer& answer);

}  // namespace lockstep
