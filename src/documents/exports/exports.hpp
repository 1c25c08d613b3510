// SPDX-License-Identifier: Apache-2.0
// What a scan found, in the formats of others: one row each. `vuln scan --format` and `export` go
// over the rows. How to add one: docs/how-to-add/export.md.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/bom.hpp"
#include "domain/finding.hpp"
#include "domain/product.hpp"

namespace lockstep::documents {

/// Bills of materials after a scan. The findings and the components that could not be asked about
/// name their bill by its path.
struct ScannedBills {
  /// Whose bills they are; nullptr where no product file was read.
  const Product* product = nullptr;
  std::span<const Bom> boms;
  std::span<const DataSource> data;
  std::span<const Finding> findings;
  std::span<const Unmatched> unmatched;
  Day as_of;
  Instant at;  ///< when the document is made
};

struct Export {
  std::string_view name;          ///< on the command line: "sarif"
  std::string_view title;         ///< in lists
  std::string_view specified_by;  ///< the standard
  std::string_view media_type;
  /// The same arguments give the same bytes. Nothing is left out because it is unknown.
  /// Errors: export.publisher, export.product, export.nothing.
  Result<std::string> (*write)(const ScannedBills&);
};

/// All rows, sorted by name.
std::span<const Export> exports();

/// The row with that name, or null.
const Export* find_export(std::string_view name);

Result<std::string> export_sarif(const ScannedBills& scanned);
Result<std::string> export_cyclonedx(const ScannedBills& scanned);
Result<std::string> export_cyclonedx_vex(const ScannedBills& scanned);
Result<std::string> export_openvex(const ScannedBills& scanned);
Result<std::string> export_csaf(const ScannedBills& scanned);
Result<std::string> export_csaf_2_1(const ScannedBills& scanned);
Result<std::string> export_csaf_vex(const ScannedBills& scanned);
Result<std::string> export_spdx(const ScannedBills& scanned);
Result<std::string> export_junit(const ScannedBills& scanned);
Result<std::string> export_gitlab(const ScannedBills& scanned);
Result<std::string> export_html(const ScannedBills& scanned);

}  // namespace lockstep::documents
