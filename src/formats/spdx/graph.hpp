// SPDX-License-Identifier: Apache-2.0
// An SPDX 3.0.1 graph while it is written: elements are added, each once, and named by ids under
// one name space. Source: SPDX specification 3.0.1, profiles Core, Software and Security; its
// JSON-LD serialisation.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"
#include "domain/bom.hpp"
#include "domain/vex.hpp"

namespace lockstep::formats {

/// A flaw as an element.
struct SpdxFlaw {
  std::string id;
  std::vector<std::string> aliases;
  std::string summary;    ///< "" when there is none
  std::string published;  ///< YYYY-MM-DD; "" when unknown
};

class SpdxGraph {
 public:
  /// @param name_space an IRI without a fragment, which no other document has
  /// @param author name of who makes the statements; "" for a document of the program alone
  SpdxGraph(std::string name_space, const std::string& author, Instant at);

  /// The id of a package of a bill; the same component of the same bill is added once.
  std::string add_package(const Component& component, const std::string& bill);

  /// The id of a package by a package URL, a CPE name or another identifier: that of a bill that
  /// has this package URL, else a new one.
  std::string add_package(const std::string& identifier);

  /// The id of a vulnerability, added once for each set of names.
  std::string add_flaw(const SpdxFlaw& flaw);

  /// A relationship; for one of the security profile `type` is its class and `members` what the
  /// class has besides.
  /// @param targets ids, at least one
  void relate(std::string_view type,
              std::string_view relationship,
              const std::string& from,
              const std::vector<std::string>& targets,
              const Json& members = Json::object());

  /// A relationship of the VEX family for each part of the statement's scopes.
  void add_statement(const VexStatement& statement);

  /// The whole document. @param roots ids of what it is about
  Json document(const std::string& name, const std::vector<std::string>& roots) const;

 private:
  std::string id_for(std::string_view kind, const std::string& key) const;
  /// Adds an element; whether it is new.
  bool add(std::string_view type, const std::string& id, Json members);

  std::string name_space_;
  Instant at_;
  std::string author_;  ///< id of the agent
  std::set<std::string> ids_;
  std::map<std::string, std::string> by_purl_;  ///< packages of bills
  std::vector<Json> nodes_;
  std::size_t statements_ = 0;
};

/// Statements as an SPDX 3.0.1 document of the security profile. What SPDX has no member for stands
/// in the `comment` of a relationship.
/// Law: reading what was written gives the same statements.
Json spdx_vex_document(const VexDocument& document);

}  // namespace lockstep::formats
