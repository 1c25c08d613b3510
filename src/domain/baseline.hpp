// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace lockstep {

/// A finding as an earlier run listed it.
struct BaselineFinding {
  std::string component;
  std::string purl;  ///< "" when the component had none
  std::string version;
  std::string advisory;
  std::vector<std::string> names;  ///< all ids of the flaw, sorted, the advisory among them
  bool is_open = true;             ///< no statement had settled it
};

/// The findings of an earlier run, to compare with.
struct Baseline {
  std::string path;
  std::string sha256;
  std::string run_id;   ///< "" when it is no dossier
  std::string as_of;    ///< YYYY-MM-DD, "" when it does not say
  std::string product;  ///< "" when it does not say
  std::vector<BaselineFinding> findings;
};

/// How the findings of this run stand against those of an earlier one. Each text names a flaw and
/// its component, "CVE-2021-44228 in log4j-core 2.14.1"; sorted.
struct SinceBaseline {
  std::string path;
  std::string sha256;
  std::string run_id;
  std::string as_of;
  std::vector<std::string> fresh;      ///< open now, not open in the baseline
  std::vector<std::string> unchanged;  ///< open in both
  std::vector<std::string> settled;    ///< open in the baseline, not open now
  /// Ids of risks and requirements that stop the release only by findings that were known; sorted.
  std::vector<std::string> known;
};

}  // namespace lockstep
