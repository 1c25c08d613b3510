// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/attack.hpp"
#include "app/ranks.hpp"
#include "app/verdict.hpp"
#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "base/time.hpp"
#include "domain/ai_run.hpp"

namespace lockstep::app {

/// What `lockstep ai run` was asked.
struct AiRunRequest {
  std::string product_file;
  Instant now;
  std::uint64_t seed = 1;
  std::string attack_program;
  int threads = 1;
  std::string device = "cpu";     ///< or "cuda"
  std::vector<std::string> only;  ///< tests to run; empty for all
  Reuse reuse = Reuse::yes;
  Strictness strictness = Strictness::normal;
  std::string store_url;
  std::string state_folder;      ///< where examples are kept; "": beside the store
  std::string artefacts_folder;  ///< where files for people are written; "" for none
  Rank rank;                     ///< of this process in an MPI job
  ModelAccess access;            ///< to models that are addresses
};

/// Runs every test of the product file, one after the other, and judges each by its locked
/// threshold. A test that was finished before with everything the same (model, data, plan, seed,
/// worker) is taken from the store; one that was interrupted is begun anew. Each finished test is
/// evidence in the chain. Files for people are written test by test, and index.html at the end.
/// What a person should hear about the store goes to `problems`.
/// Errors: file.*, product.*, store.*; usage.choice for a test that is not there; ai.cancelled.
/// What could not be run is in Dossier::not_checked.
Result<AiRun> run_ai_tests(const AiRunRequest& request,
                           Files& files,
                           Progress& progress,
                           Diagnostics& problems);

/// What a process of an MPI job does that is not its first one: it runs its share of the tests and
/// hands in what they measured; the first one runs run_ai_tests.
/// Errors: as run_ai_tests; usage.option when the processes share no folder.
Result<> run_ai_share(const AiRunRequest& request,
                      Files& files,
                      Progress& progress,
                      Diagnostics& problems);

/// lockstep/ai-run/1, as pretty text.
std::string ai_run_document(const AiRun& run);

}  // namespace lockstep::app
