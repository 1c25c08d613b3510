// SPDX-License-Identifier: Apache-2.0
// The statements of a document as they were before they were told in the words of CSAF, in a note
// of the document. The note names the digest of what it was written beside: where somebody changed
// the products or the vulnerabilities since, the words of CSAF count alone.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/json.hpp"
#include "domain/vex.hpp"

namespace lockstep::formats::csaf {

/// Adds the note to a document that has its product tree and its vulnerabilities.
void add_vex_note(std::span<const VexStatement> statements, Json& document);

/// The statements of the note, without places; nothing when there is none, or when it is of another
/// state of the document.
std::optional<std::vector<VexStatement>> read_vex_note(const Json& document);

}  // namespace lockstep::formats::csaf
