// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/attack.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "domain/dossier.hpp"

namespace lockstep::app {

/// What was measured of the models that something is declared of.
struct DeclaredReport {
  std::vector<Metrics> metrics;           ///< one for each data set of a model, in file order
  std::vector<DeclaredVerdict> verdicts;  ///< one for each declared value that was measured
  std::vector<NotChecked> not_checked;    ///< models and values that were not, with the reason
  std::map<std::string, std::string> measured_at;  ///< RFC 3339, by subject_of
  std::vector<Error> store_problems;               ///< why something kept was not used, or not kept
};

/// Names the evidence of one measurement: "reader metrics on data/test.npz".
std::string subject_of(const Metrics& metrics);
std::string subject_of(const std::string& model, const std::string& data);

/// Measures every model that the product file declares values of, once for each data set, or takes
/// the measurement from the store when it was made before with everything the same.
/// Errors: ai.cancelled only.
Result<DeclaredReport> measure_declared(const Product& product,
                                        const AttackSettings& settings,
                                        const Files& files,
                                        Progress& progress);

/// How all declared values of the product stand together: the worst of them; not checked when a
/// model has none, or one was not measured. Not applicable without models.
State declared_state(const Dossier& dossier);

}  // namespace lockstep::app
