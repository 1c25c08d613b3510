// SPDX-License-Identifier: Apache-2.0
// One change that deceives a classifier on samples it was not made from: it can be printed, sold
// and used by somebody who knows nothing of the model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/measurement.hpp"

namespace lockstep {

/// What may be changed in every sample.
struct UniversalChange {
  enum class Kind {
    perturbation,  ///< added to every sample, at most epsilon in the norm
    patch,         ///< laid over a part of every picture, anywhere
  };

  Kind kind = Kind::perturbation;
  std::string norm = "linf";  ///< of a perturbation: linf or l2
  double epsilon = 0;         ///< of a perturbation
  double area = 0;            ///< of a patch: the share of the picture that it covers

  bool operator==(const UniversalChange&) const = default;
};

/// What a test of the product file looks for whose attack has this name: "universal", "patch".
/// Nothing for attacks on each sample by itself.
inline std::optional<UniversalChange::Kind> universal_kind(std::string_view attack) {
  if (attack == "universal") return UniversalChange::Kind::perturbation;
  if (attack == "patch") return UniversalChange::Kind::patch;
  return std::nullopt;
}

/// Accuracies are those on the held-out samples but for `trained`.
struct UniversalReport {
  FileRef model;
  FileRef data;
  UniversalChange change;
  int steps = 0;
  std::uint64_t seed = 0;
  Accuracy clean;
  Accuracy changed;            ///< with the change; wrong only where LibTorch alone says so too
  Accuracy control;            ///< with a random change of the same size
  Accuracy trained;            ///< with the change, on the samples that it was made from
  std::int64_t claimed = 0;    ///< held-out samples that fell in their batch
  std::int64_t confirmed = 0;  ///< those of them that LibTorch alone is wrong about
  double size = 0;             ///< of the change in the norm; of a patch its side in pixels
  std::int64_t forward = 0;    ///< questions, in samples
  std::int64_t backward = 0;
  FileRef kept;        ///< the change as a file; without a path when nobody asked for it
  std::string source;  ///< the publication
  AnsweredBy answered_by;
  double seconds = 0;  ///< wall time; left out of every digest
  std::string worker_version;
};

}  // namespace lockstep
