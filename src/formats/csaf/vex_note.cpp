// SPDX-License-Identifier: Apache-2.0
#include "formats/csaf/vex_note.hpp"

#include <string>
#include <utility>

#include "base/digest.hpp"
#include "formats/limits.hpp"
#include "formats/vex_extras.hpp"

namespace lockstep::formats::csaf {
namespace {

std::string digest_of(const Json& document) {
  return sha256(
      to_canonical_json(Json::object_of({{"product_tree", document["product_tree"]},
                                         {"vulnerabilities", document["vulnerabilities"]}})));
}

}  // namespace

void add_vex_note(std::span<const VexStatement> statements, Json& document) {
  Json all = Json::array();
  for (const VexStatement& statement : statements)
    all.push(whole_statement(statement));
  const Json text = Json::object_of({{"of", digest_of(document)}, {"statements", std::move(all)}});
  Json head = document["document"];
  Json notes = head["notes"].is_array() ? head["notes"] : Json::array();
  notes.push(Json::object_of({{"category", "other"},
                              {"title", std::string(vex_extras_name)},
                              {"text", to_canonical_json(text)}}));
  head.set("notes", std::move(notes));
  document.set("document", std::move(head));
}

std::optional<std::vector<VexStatement>> read_vex_note(const Json& document) {
  for (const Json& note : document["document"]["notes"].items()) {
    if (note["title"].string_or("") != vex_extras_name) continue;
    Diagnostics ignored;
    const auto text = parse_json(note["text"].string_or(""), "note", ignored, bom_limits);
    if (!text || (*text)["of"].string_or("") != digest_of(document)) continue;
    std::vector<VexStatement> statements;
    for (const Json& written : (*text)["statements"].items()) {
      auto statement = whole_statement(written);
      if (!statement) return std::nullopt;
      statements.push_back(*std::move(statement));
    }
    return statements;
  }
  return std::nullopt;
}

}  // namespace lockstep::formats::csaf
