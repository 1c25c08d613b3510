// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/bom.hpp"
#include "domain/finding.hpp"

namespace lockstep {

/// What someone states about one vulnerability in some products. Each status carries exactly the
/// fields that it needs. Source: OpenVEX 0.2.0.
struct VexStatement {
  struct NotAffected {
    std::string justification;     ///< one of the five OpenVEX labels, or ""
    std::string impact_statement;  ///< free text; one of the two is there
  };

  struct Affected {
    std::string action_statement;
  };

  struct Fixed {};

  struct UnderInvestigation {};

  /// A product and, where given, the parts of it that the statement is about. Identifiers are purls
  /// or other IRIs, as written.
  struct Scope {
    std::string product;
    std::vector<std::string> subcomponents;
    /// Which versions of the parts, or of the product without parts, it is about: a range (VERS),
    /// "" for all that the identifiers name.
    std::string versions = {};
  };

  std::string vulnerability;  ///< the name: "CVE-2021-44228"
  std::vector<std::string> aliases;
  std::vector<Scope> products;
  std::variant<NotAffected, Affected, Fixed, UnderInvestigation> status;
  std::optional<Instant> at;  ///< the statement's own time, else its document's
  std::string author;
  std::string document;  ///< the document's @id
  std::string notes;     ///< how the status came about, free text
  /// Who accepts the risk that stays with an affected product, and until when; else empty.
  std::string accepted_by;
  std::optional<Day> accepted_until;
  Position where;
};

/// Statements to be written as one document.
struct VexDocument {
  std::string id;  ///< an IRI; for CycloneDX a urn:uuid
  std::string author;
  Instant at;
  std::int64_t version = 1;
  std::vector<VexStatement> statements;
};

/// "not_affected", "affected", "fixed", "under_investigation"
std::string_view status_word(const VexStatement& statement);

/// What a statement about a finding speaks of: the subject of its bill with the component as its
/// part, or the component alone where the bill has no subject with a package URL. A component
/// without a package URL is named by a link into its bill ("urn:cdx:..."), else by its reference.
VexStatement::Scope scope_of(const Finding& finding, std::span<const Bom> boms);

/// All ids of a finding's flaw but the one that it is called by, sorted, with the one flaw that its
/// records stand for where it is one.
std::vector<std::string> other_ids_of(const Finding& finding);

}  // namespace lockstep
