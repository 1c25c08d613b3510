// SPDX-License-Identifier: Apache-2.0
// What a scan found, in the formats of others: the use cases of `lockstep export`, and of `vuln
// scan --format` with a format that is no answer for people.
#pragma once

#include <string>
#include <vector>

#include "app/scan.hpp"
#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/result.hpp"
#include "domain/product.hpp"

namespace lockstep::app {

/// The names of the formats, sorted.
std::vector<std::string> export_names();

/// A scan as a document of the format.
/// @param product whose bills they are; nullptr where that is not known
/// @param name one of export_names() (LS_CHECK)
/// Errors: export.*.
Result<std::string> export_scan(
    const Scan& scan, const Product* product, const std::string& name, Day as_of, Instant at);

struct ExportRequest {
  std::string name;  ///< one of export_names()
  std::string product_file;
  std::string data_folder;
  Day as_of;
  Instant at;  ///< when the document is made
};

/// Scans the bills of a product file and writes what was found.
/// Errors: those of the inputs; data.missing, data.index; export.*.
Result<std::string> export_product(const ExportRequest& request,
                                   const Files& files,
                                   Diagnostics& problems);

}  // namespace lockstep::app
