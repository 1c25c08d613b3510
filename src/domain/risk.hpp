// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/state.hpp"

namespace lockstep {

/// Where one number of a risk comes from.
struct NumberOrigin {
  std::string name;      ///< "v", "a", "h"
  std::string value;     ///< as shown: "0.048 (95 %)"
  std::string source;    ///< measured, derived, judged, policy
  std::string evidence;  ///< id of the evidence or measurement, or the reason of a judgement
};

/// A harm that a scenario can lead to.
struct Harm {
  std::string harm_class;  ///< H, R, C, I, A, N, P, K (risk method, section 3)
  int severity = 1;        ///< 1 to 4
  std::string reason;
};

struct Control {
  std::string id;
  std::string title;
  std::string hierarchy;     ///< design, protective, information
  double effectiveness = 0;  ///< e in [0, 1]
  double weight = 0;         ///< w in [0, 1]: strength of evidence times age
  std::string evidence;
};

/// Probability over the horizon: median and the 95 % value that decides.
struct Likelihood {
  double median = 0;
  double q95 = 1;
  double monte_carlo_error = 0;  ///< of q95, from order statistics; 0 for a closed form
};

/// How one input that is not settled moves a risk, all others left as they are.
struct InputSensitivity {
  /// A factor such as "v"; "W", the exposure window in years; "w ID", the weight of a control.
  std::string input;
  double low = 0;         ///< its 5 % point, or 5 % of the way between its bounds
  double high = 0;        ///< its 95 % point, likewise
  std::string level_low;  ///< the level if the input were known to be `low`
  std::string level_high;
  /// Spearman's, of the input with the rate; nothing for an input that has bounds only.
  std::optional<double> rank_correlation;
  double crossing = 0;  ///< share of its range that gives another level than the present one
};

/// One scenario of the one register for both acts.
struct Risk {
  std::string id;  ///< stable, "evasion.reader": the rule's id and the asset
  std::string title;
  std::vector<std::string> acts;          ///< "eu-2024-2847", "eu-2024-1689"
  std::vector<std::string> requirements;  ///< ids of obligations
  std::string asset;
  std::string cause;                    ///< malicious, error, design_limit, misuse, drift
  std::vector<std::string> techniques;  ///< "AML.T0043", "CWE-1039"
  std::string situation;                ///< the hazardous situation, one sentence
  Harm harm;
  Likelihood inherent;
  Likelihood current;
  std::string band;               ///< "> 1/100"
  std::string level;              ///< low, medium, high, serious
  std::vector<std::string> tags;  ///< "significant cybersecurity risk"
  std::string decision;           ///< default decision of the policy, or a person's
  State state = State::human;
  std::vector<Control> controls;
  std::vector<NumberOrigin> numbers;
  std::vector<InputSensitivity> sensitivity;
  /// The input whose resolution most often gives another level; "" when none does.
  std::string next_evidence;
  std::vector<std::string> findings;  ///< advisories and tests that it rests on
  std::string because;
  std::uint64_t seed = 0;
  double horizon_years = 0;
};

/// Probability that at least one harm of severity 3 or 4 happens, over the scenarios of a class
/// that have a level: bracketed, as scenarios may share causes.
struct OverallRisk {
  std::string harm_class;  ///< "" for all classes together
  int scenarios = 0;       ///< that are counted
  int milder = 0;          ///< of severity 1 or 2, not counted
  int without_level = 0;   ///< that could not be counted
  double low = 0;          ///< the largest of the 95 % values
  double point = 0;        ///< under independence
  double high = 0;         ///< their sum, at most 1
};

}  // namespace lockstep
