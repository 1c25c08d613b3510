// SPDX-License-Identifier: Apache-2.0
// What `lockstep sbom` does: read a bill in any format and write it as CycloneDX, hold one against
// what is asked of it, compare two, make one of several.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/bom.hpp"
#include "domain/bom_diff.hpp"
#include "domain/bom_quality.hpp"
#include "domain/finding.hpp"
#include "formats/registry.hpp"

namespace lockstep::app {

/// The bill of a file in any format, as CycloneDX JSON, and what that leaves out.
struct SbomImport {
  Bom bom;
  std::string text;
  std::vector<formats::LeftOut> left_out;
};

/// Errors: file.*, and those of formats::import_bom; input.problems when a part cannot be read.
Result<SbomImport> import_sbom(const std::string& path, const Files& files, Diagnostics& problems);

/// What is told of something that is not kept.
std::string said_of(const formats::LeftOut& one);

/// What the sources of the rules may ask that is not checked, and why.
struct NotChecked {
  std::string what;
  std::string because;
};

struct SbomCheck {
  Bom bom;
  Diagnostics problems;  ///< of the schema and the graph; valid when none is an error
  std::vector<BomRule> rules;
  BomQuality quality;  ///< its answers point into `rules`
  std::vector<NotChecked> not_checked;
};

/// Checks the schema, then the rules of data/sbom_rules. Errors: file.*, and those of
/// formats::read_bom.
Result<SbomCheck> check_sbom(const std::string& path, const Files& files, Diagnostics& problems);

/// The rules of data/sbom_rules, by their file and order. Errors: internal.
Result<std::vector<BomRule>> sbom_rules();

struct SbomComparison {
  Bom before;
  Bom after;
  BomDiff diff;
  bool has_findings = false;     ///< whether advisory data was there to compare with
  std::vector<Finding> added;    ///< in the second bill only, by flaw and component
  std::vector<Finding> settled;  ///< in the first bill only
};

/// What advisories say about a bill.
struct BomFindings {
  std::span<const Finding> findings;
  const Bom& bom;
};

/// Those of `one` that the other does not have: the same flaw in the same component, whatever its
/// version.
std::vector<Finding> findings_only_in(const BomFindings& one, const BomFindings& other);

/// Compares two bills, and what advisories say about them where there is a data folder with an
/// index. Errors: file.*, bom.*, data.index, input.problems.
Result<SbomComparison> compare_sboms(const std::string& before,
                                     const std::string& after,
                                     const std::string& data_folder,
                                     Day as_of,
                                     const Files& files,
                                     Diagnostics& problems);

/// Makes one CycloneDX document of several bills, with what they state about vulnerabilities; with
/// a product file its product is what the bill describes, and its models and their data are
/// components. Returns its text, whose serial follows from its content; notes say what is not kept.
/// Errors: file.*, bom.*, yaml.*, input.problems.
Result<std::string> merge_sboms(const std::vector<std::string>& paths,
                                const std::string& product_file,
                                const Files& files,
                                Diagnostics& problems);

/// The JSON documents lockstep/sbom-quality/1, lockstep/sbom-diff/1, lockstep/sbom-import/1.
std::string quality_document(const SbomCheck& check, int exit);
std::string diff_document(const SbomComparison& comparison, int exit);
std::string import_document(const SbomImport& import, int exit);

}  // namespace lockstep::app
