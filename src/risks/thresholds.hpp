// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/time.hpp"
#include "domain/measurement.hpp"
#include "domain/product.hpp"

namespace lockstep::risks {

/// A threshold together with the test that it is for, or a declared value: what must be fixed
/// before anything is measured.
struct LockedThreshold {
  Threshold threshold;  ///< `locked_at` and `sha256` are "" until it is locked
  std::string model;    ///< id
  std::string slice;    ///< which samples: "first 500 of data/test.npz"
  std::string budget;   ///< "pgd, linf, epsilon 0.03, 40 steps, 1 restart, random start, white_box"
  std::string described_by = {};  ///< what the data mean: "columns a.yaml sha256:..."; "" for none
  bool is_declared = false;       ///< a declared value, which `threshold.at_most` then is
};

/// What verifying found for one test.
struct ThresholdCheck {
  std::string test;     ///< id
  Threshold threshold;  ///< as locked; as planned, without a time, where nothing usable is locked
  State state = State::human;  ///< pass: locked, unchanged, before the first result
  std::string because;         ///< one sentence
  bool is_declared = false;    ///< the check of a declared value
};

/// "reader.recall[3] on data/test.npz": a declared value in the lock.
std::string declared_id(const std::string& model,
                        const DeclaredMetric& declared,
                        const std::string& data);

/// The thresholds that the tests of the product file ask for and the values that it declares,
/// sorted by test. @param descriptions what says what the data mean, by model
std::vector<LockedThreshold> planned_thresholds(
    const Product& product, const std::map<std::string, std::string>& descriptions = {});

/// Locks the planned thresholds. One that is already locked with the same content keeps its time
/// and approver; a changed one is locked anew.
std::vector<LockedThreshold> lock_thresholds(std::vector<LockedThreshold> planned,
                                             std::span<const LockedThreshold> locked,
                                             const std::string& approver,
                                             Instant now);

/// The text of `thresholds.lock`: sorted, pretty JSON, so that it is reviewed like code.
std::string write_thresholds(std::span<const LockedThreshold> locked);

/// Reads `thresholds.lock` and recomputes each digest.
/// Codes: thresholds.format, thresholds.field, thresholds.duplicate, and json.*; an entry whose
/// text does not match its digest is thresholds.digest and is left out.
std::vector<LockedThreshold> read_thresholds(std::string_view bytes,
                                             const std::string& file,
                                             Diagnostics& problems);

/// Holds what is planned against what was locked, and the time of locking against the first result.
/// @param first_results  time of the earliest stored result per test id
/// @returns one check per planned test, in their order
std::vector<ThresholdCheck> verify_thresholds(std::span<const LockedThreshold> planned,
                                              std::span<const LockedThreshold> locked,
                                              const std::map<std::string, Instant>& first_results);

/// The verdict with what the check found: a pass under a threshold that was changed or set after
/// the result needs a person.
TestVerdict with_check(TestVerdict verdict, const ThresholdCheck& check);
DeclaredVerdict with_check(DeclaredVerdict verdict, const ThresholdCheck& check);

}  // namespace lockstep::risks
