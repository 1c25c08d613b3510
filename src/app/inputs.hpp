// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "domain/bom.hpp"
#include "domain/dossier.hpp"
#include "domain/gate_policy.hpp"
#include "domain/measurement.hpp"
#include "domain/product.hpp"
#include "domain/vex.hpp"

namespace lockstep::app {

/// Everything that a product file names, read.
struct Inputs {
  Product product;
  std::vector<Bom> boms;  ///< in the order of the product file; their paths as written there
  std::vector<VexStatement> statements;
  std::optional<GatePolicy> policy;  ///< when the product file names one
  std::vector<Reachability> reachability;
  std::vector<FileRef> files;  ///< every file that was read or digested, sorted by path
};

/// Reads the product file alone.
/// Errors: file.*, yaml.*; problems of its content go to `problems`.
Result<Product> read_product_file(const std::string& path,
                                  const Files& files,
                                  Diagnostics& problems);

/// Reads the product file and everything that it names; models, data and evidence files are
/// digested only. All problems of all files go to `problems`; nothing is returned when there is
/// an error among them, since a verdict on half of the input would be no verdict.
/// @param own_vex  a document under 'vex' that need not be there, since it will be made; "" for
/// none
Result<Inputs> read_inputs(const std::string& path,
                           const Files& files,
                           Diagnostics& problems,
                           const std::string& own_vex = "");

/// `path` as the product file writes it, seen from the working directory.
std::string beside(const std::string& product_path, const std::string& path);

}  // namespace lockstep::app
