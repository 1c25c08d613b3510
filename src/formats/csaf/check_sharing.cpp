// SPDX-License-Identifier: Apache-2.0
// Tests of CSAF 2.1 about the group with which a document is shared.
#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/csaf/check.hpp"

namespace lockstep::formats::csaf {
namespace {

constexpr std::string_view max_id = "ffffffff-ffff-ffff-ffff-ffffffffffff";
constexpr std::string_view nil_id = "00000000-0000-0000-0000-000000000000";
constexpr std::string_view public_name = "Public";
constexpr std::string_view nobody_name = "No sharing allowed";

const Json& group_of(const View& view) {
  return view.document["distribution"]["sharing_group"];
}

std::string_view id_of(const View& view) {
  return text(group_of(view)["id"]);
}

/// The name that belongs to an id, "" for a name of one's own choice.
std::string_view reserved_name(std::string_view id) {
  if (id == max_id) return public_name;
  return id == nil_id ? nobody_name : "";
}

}  // namespace

void max_group_not_clear(const View& view, Findings& findings) {
  if (id_of(view) == max_id && view.label != "CLEAR")
    findings.add(view.document["distribution"]["tlp"]["label"].is_null()
                     ? group_of(view)
                     : view.document["distribution"]["tlp"]["label"],
                 fmt::format("expected the label CLEAR with the sharing group of everybody (Max "
                             "UUID), found '{}'",
                             quotable(view.label)));
}

void clear_group_not_max(const View& view, Findings& findings) {
  const std::string_view id = id_of(view);
  const bool is_draft_for_nobody = id == nil_id && view.status == "draft";
  if (view.label == "CLEAR" && !id.empty() && id != max_id && !is_draft_for_nobody)
    findings.add(group_of(view)["id"], fmt::format("expected the Max UUID as sharing group of a "
                                                   "document that is CLEAR, found '{}'",
                                                   quotable(id)));
}

void reserved_group_name(const View& view, Findings& findings) {
  const Json& name = group_of(view)["name"];
  const bool is_reserved = text(name) == public_name || text(name) == nobody_name;
  if (is_reserved && reserved_name(id_of(view)) != text(name))
    findings.add(name, fmt::format("expected a name that is not reserved for the {} UUID, found "
                                   "'{}'",
                                   text(name) == public_name ? "Max" : "Nil", text(name)));
}

void missing_group_name(const View& view, Findings& findings) {
  const std::string_view wanted = reserved_name(id_of(view));
  const Json& name = group_of(view)["name"];
  if (!wanted.empty() && text(name) != wanted)
    findings.add(name.is_null() ? group_of(view) : name,
                 fmt::format("expected the name '{}' of this sharing group, found {}", wanted,
                             name.is_null() ? "none" : "another"));
}

void max_group(const View& view, Findings& findings) {
  if (id_of(view) == max_id)
    findings.add(group_of(view)["id"],
                 "expected a closed sharing group or none, found the Max UUID");
}

void nil_group(const View& view, Findings& findings) {
  if (id_of(view) == nil_id)
    findings.add(group_of(view)["id"],
                 "expected a closed sharing group or none, found the Nil UUID");
}

void clear_group(const View& view, Findings& findings) {
  if (view.label == "CLEAR" && !group_of(view).is_null())
    findings.add(group_of(view),
                 "expected no sharing group of a document that is CLEAR, found one");
}

}  // namespace lockstep::formats::csaf
