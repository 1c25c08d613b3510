// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/attack.hpp"
#include "app/verdict.hpp"
#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "domain/dossier.hpp"

namespace lockstep::app {

/// What `lockstep assess` was asked.
struct AssessRequest {
  std::string product_file;
  Day as_of;
  Instant now;  ///< for the evidence; never part of the dossier's digest
  std::uint64_t seed = 1;
  Strictness strictness = Strictness::normal;
  std::vector<std::string> only;  ///< areas to judge: "vulnerabilities", "ai"; empty for all
  std::string data_folder;
  std::string store_url;
  std::string attack_program;
  int threads = 1;
  std::string device = "cpu";  ///< or "cuda"
  std::string baseline;        ///< an earlier run, whose findings do not fail again; "" for none
  Reuse reuse = Reuse::yes;    ///< of measurements that the store keeps
  ModelAccess access;          ///< to models that are addresses
};

/// The names that `only` may hold.
std::vector<std::string> selectable_areas();

/// The whole run: inputs, findings, measurements, risks, law, verdict. Nothing is written but each
/// new measurement, to the store. What the person should hear about the store goes to `problems`
/// and is no part of the dossier.
/// Errors: those of the inputs (with every problem in `problems`), of the index, of the store;
/// ai.interrupted. What could not be done for another reason is in Dossier::not_checked.
Result<Dossier> assess(const AssessRequest& request,
                       const Files& files,
                       Progress& progress,
                       Diagnostics& problems);

/// lockstep/risks/1, as pretty text.
std::string risks_document(const std::vector<Risk>& risks, int exit);

/// What a run left behind.
struct Written {
  std::vector<std::string> files;  ///< paths, in order
  std::int64_t evidence_rows = 0;  ///< in the chain now
  std::string chain_head;          ///< digest of its last row
  bool is_repeat = false;          ///< this very run is in the store already
};

/// Writes the documents below `folder`, then the evidence and the dossier in one transaction.
/// Errors: file.unwritable, store.*.
Result<Written> write_assessment(const Dossier& dossier,
                                 const AssessRequest& request,
                                 const std::string& folder,
                                 Files& files);

}  // namespace lockstep::app
