// SPDX-License-Identifier: Apache-2.0
// The licences of an SPDX 3 graph as expressions. Used in this folder only.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "base/json.hpp"
#include "formats/limits.hpp"
#include "formats/spdx/nodes.hpp"

namespace lockstep::formats::spdx {

/// The licences of one document, each written once.
class LicenceTexts {
 public:
  /// @param nodes live longer than the texts
  explicit LicenceTexts(const Nodes& nodes) : nodes_(nodes) {}

  /// The expression that a licence element says: its own text, the id of a listed licence, or what
  /// its parts make together. A licence without an id has its name where it stands alone, and
  /// "LicenseRef-" before it inside an expression. "" for one that says nothing, that is not in
  /// the document, or whose parts have no end; and for all, once a limit is passed.
  /// @param licence an element or its id
  /// Source: SPDX specification 3.0.1, profiles SimpleLicensing and ExpandedLicensing; annex "SPDX
  /// license expressions".
  std::string text_of(const Json& licence);

  /// A few elements may name each other so often that their texts fill the memory.
  bool is_over_limit() const { return parts_ > licence_parts || bytes_ > bom_limits.bytes; }

 private:
  const Nodes& nodes_;
  std::map<std::string, std::string> known_;  ///< by id
  std::size_t parts_ = 0;                     ///< that were looked at
  std::size_t bytes_ = 0;                     ///< that were given out
};

}  // namespace lockstep::formats::spdx
