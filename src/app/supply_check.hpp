// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/legal_view.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "domain/supply_check.hpp"
#include "regulations/checks/checks.hpp"

namespace lockstep::app {

struct SupplyCheckRequest {
  std::string check;         ///< "importer" or "distributor"
  std::string bundle;        ///< a folder or a .zip
  std::string product_file;  ///< "" for none
  std::string facts_file;    ///< in place of the product file, "" for none
  std::string answers_file;  ///< "" for none
  std::string pdf_program;
  Day as_of;
};

/// The check lists that are built in. Errors: as embedded_law.
Result<regulations::Checks> embedded_checks(const regulations::Ruleset& law);

/// Reads the documents and answers item by item. Problems of our own files go to `problems`.
/// Errors: check.bundle, file.*, archive.*, input.problems.
Result<SupplyCheckView> supply_check(const SupplyCheckRequest& request,
                                     const Files& files,
                                     Progress& progress,
                                     Diagnostics& problems);

/// lockstep/importer-check/1 or lockstep/distributor-check/1, as pretty text
std::string supply_check_document(const SupplyCheckView& view, int exit);

/// The same as a page to be kept or sent.
std::string supply_check_markdown(const SupplyCheckView& view);

}  // namespace lockstep::app
