// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ai/protocol.hpp"
#include "app/endpoint.hpp"
#include "app/ranks.hpp"
#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "domain/attack_details.hpp"
#include "domain/dossier.hpp"
#include "risks/thresholds.hpp"
#include "store/store.hpp"

namespace lockstep::app {

/// Whether a kept measurement counts when its adversarial examples are gone.
enum class Examples { optional, needed };

/// How the worker is run.
struct AttackSettings {
  std::string program;  ///< lockstep-attack
  int threads = 1;
  std::string device = "cpu";  ///< or "cuda"
  std::uint64_t seed = 1;
  Reuse reuse = Reuse::yes;
  std::string now;                ///< RFC 3339; when what is measured in this run was measured
  store::Store* store = nullptr;  ///< where measurements are kept; none when null
  std::string examples_folder;    ///< where adversarial examples are kept; "" for nowhere
  Examples examples = Examples::optional;
  Parts* parts = nullptr;         ///< of an MPI job of several processes; else null
  std::vector<std::string> only;  ///< tests to run; empty for all
  std::function<void(const std::string&)> begin_test;  ///< told each test's id; may be empty
  ModelAccess access;  ///< to models that are addresses; without one they are not asked
};

/// Where adversarial examples are kept beside a store: "" for a store in memory. Errors: store.*.
Result<std::string> examples_beside(const std::string& store_url);

/// The file of a test's examples. @param key of its measurement
std::string examples_path(const std::string& folder, const std::string& key);

struct AttackReport {
  std::vector<Measurement> measurements;  ///< one for each test that was run, in file order
  std::vector<NotChecked> not_checked;    ///< the others, each with the reason
  std::map<std::string, std::string> measured_at;  ///< RFC 3339, by test
  std::map<std::string, AttackDetails> details;    ///< by test, where examples are kept
  std::map<std::string, std::string> keys;         ///< of the measurements, by test
  std::string worker_sha256;                       ///< "" when there is no worker
  std::vector<std::string> reused;                 ///< tests whose measurement was kept before
  std::vector<Error> store_problems;               ///< why something kept was not used, or not kept
};

/// SHA-256 over everything that determines a measurement: the whole request without its paths (the
/// digests of model and data stand for them; an address stands for itself), the versions, and the
/// digest of the worker.
std::string measurement_key(const ai::WorkerRequest& request, const std::string& worker_sha256);

/// Every evasion test of the product file, run, or taken from the store when it was run before with
/// everything the same. A test that cannot be run (no worker, a model that cannot be loaded, a
/// limit that was reached) is not checked, with the reason. What the store holds is used only when
/// its chain holds; otherwise the test is run, and the report says so.
/// With `parts`, what measure_share handed in in this process and the others is waited for.
/// Errors: ai.cancelled; with `parts` file.unwritable.
Result<AttackReport> attack_models(const Product& product,
                                   const AttackSettings& settings,
                                   const Files& files,
                                   Progress& progress);

/// Runs those of the tests that are this process's share of the job, and hands in what they
/// measured to `settings.parts` (not null). What is kept, or handed in already, is not run again.
/// Errors: ai.cancelled, file.unwritable.
Result<> measure_share(const Product& product,
                       const AttackSettings& settings,
                       const Files& files,
                       Progress& progress);

/// What a person hears about the store: which tests it answered, and what of it is not trusted.
/// @param again the command that runs them again
void tell_about_store(const AttackReport& report, std::string_view again, Diagnostics& told);

/// Each declared value with what the lock says about it.
void hold_to_lock(std::vector<DeclaredVerdict>& verdicts,
                  std::span<const risks::ThresholdCheck> checks);

/// Each measurement against its threshold, with what the lock says about it.
std::vector<TestVerdict> judge_tests(std::span<const Measurement> measurements,
                                     std::span<const risks::ThresholdCheck> checks);

}  // namespace lockstep::app
