// SPDX-License-Identifier: Apache-2.0
// What a statement holds beyond the words of a format, as JSON beside them: in OpenVEX the last
// line of `status_notes`, in CycloneDX a property, in SPDX a comment, in CSAF a note. Others read
// past it; this program reads it back, so that writing and reading gives the same statement.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "domain/vex.hpp"

namespace lockstep::formats {

/// The name of the property, and the word before the JSON in a note.
inline constexpr std::string_view vex_extras_name = "lockstep:vex";

/// Everything but the products, the vulnerability and the place: what a format may say less
/// exactly.
Json vex_extras(const VexStatement& statement);

/// Takes over what `extras` say, where they speak of the same status: somebody may have changed the
/// statement around them. Whether they did.
bool take_vex_extras(const Json& extras, VexStatement& statement);

/// The scopes of a statement, and back: where a format cannot say which part belongs to which
/// product.
Json vex_extra_products(const VexStatement& statement);
std::vector<VexStatement::Scope> vex_extra_products(const Json& extras);

/// A whole statement but its place, and back; nothing where `written` is no such statement.
Json whole_statement(const VexStatement& statement);
std::optional<VexStatement> whole_statement(const Json& written);

/// A package URL that says which versions it is about by its qualifier `vers`, as ECMA-427 has it;
/// any other identifier comes back with the range behind a "?", which no bill lists. The identifier
/// itself where `versions` is "".
std::string with_range(const std::string& identifier, const std::string& versions);

/// Takes what with_range added off the identifier: the range, "" where there is none.
std::string take_range(std::string& identifier);

/// Each element of a list once, in their order: CycloneDX and OpenVEX take no statement twice.
Json distinct(const Json& list);

}  // namespace lockstep::formats
