// SPDX-License-Identifier: Apache-2.0
// A CSAF 2.0 or 2.1 document as a plain value, with both versions in one vocabulary: what names
// groups of products is spelled out, and each product knows the branches that lead to it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"
#include "domain/vex.hpp"
#include "formats/document.hpp"
#include "formats/source.hpp"

namespace lockstep::formats::csaf {

struct FileHash {
  std::string file;
  std::string algorithm;  ///< "sha256"
  std::string value;
};

/// One product of the product tree.
struct ProductValue {
  std::string id;
  std::string name;
  std::vector<std::string> purls;
  std::string cpe;
  std::vector<FileHash> hashes;
  std::string vendor;  ///< names of the branches on the way; "" when there is none
  std::string product_name;
  std::string version;
  std::string version_range;  ///< VERS, or constraints alone
  /// Of a product that is made of others: the component, then what it is part of or installed on.
  std::vector<std::string> parts;
  std::string relation;  ///< "default_component_of", of the last part
  Position where;
};

/// A sentence about some products: a flag, remediation or threat.
struct Said {
  std::string category;  ///< "vendor_fix", "impact"; of a flag its label
  std::string details;
  std::string url;
  std::vector<std::string> products;
};

struct ScoreValue {
  std::string version;  ///< "2.0", "3.1", "4.0"
  std::string vector;
  std::vector<std::string> products;
};

struct StatusValue {
  std::string key;  ///< "known_affected"
  std::vector<std::string> products;
};

struct VulnerabilityValue {
  std::string cve;
  std::vector<std::string> ids;  ///< of other systems
  std::string title;
  std::string description;
  std::vector<std::string> weaknesses;  ///< "CWE-79"
  std::vector<StatusValue> status;
  std::vector<Said> flags;
  std::vector<Said> remediations;
  std::vector<Said> threats;
  std::vector<ScoreValue> scores;
  std::vector<std::string> references;
  Position where;
};

struct DocumentValue {
  std::string csaf_version;
  std::string category;
  std::string title;
  std::string publisher;
  std::string id;  ///< of the tracking
  std::string version;
  std::string status;
  std::optional<Instant> initial_release;
  std::optional<Instant> current_release;
  std::vector<ProductValue> products;
  std::vector<VulnerabilityValue> vulnerabilities;
  std::vector<std::string> references;
};

/// Whether a document names a version of CSAF.
bool looks_like_csaf(const Document& document);

/// Reads what is there; members of another kind count as absent. Reports nothing: check_document
/// (validate.hpp) says what is wrong. An empty value for a version that is not known.
DocumentValue read_document(const Json& document, const std::string& path);

/// The statements of a document in the words of OpenVEX: products by package URL, else by CPE; a
/// product that is a component of another is a scope with a subcomponent. What breaks the
/// standard's mandatory tests is reported as `source.rules` says. Codes beside those of
/// check_document: csaf.vex_product, csaf.vex_reason, csaf.vex_version.
std::vector<VexStatement> read_csaf_vex(const Document& document, const Source& source);

}  // namespace lockstep::formats::csaf
