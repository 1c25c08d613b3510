// SPDX-License-Identifier: Apache-2.0
#include "documents/declaration.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "documents/declaration_values.hpp"
#include "documents/json/parts.hpp"
#include "documents/render/html.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

std::vector<std::string> messages_of(const std::vector<MissingField>& missing,
                                     std::string_view part) {
  std::vector<std::string> messages;
  for (const MissingField& one : missing)
    if (one.part == part) messages.push_back(one.message);
  return messages;
}

/// A field is complete when no need of it is open and every entry has a value.
State state_of_field(const DeclarationField& field,
                     const std::vector<DeclarationEntry>& entries,
                     const std::vector<MissingField>& missing,
                     const Dossier& dossier) {
  if (!field.left_out(dossier).empty()) return State::not_applicable;
  const bool open = std::ranges::any_of(
      entries, [](const DeclarationEntry& entry) { return entry.value.empty(); });
  return open || !messages_of(missing, field.id).empty() ? State::human : State::pass;
}

Mark field_mark(State state) {
  return mark(state, state == State::pass    ? "filled in"
                     : state == State::human ? "missing"
                                             : "does not apply");
}

Section field_section(const DeclarationField& field,
                      const std::vector<MissingField>& missing,
                      const Dossier& dossier) {
  const std::vector<DeclarationEntry> entries = field.entries(dossier);
  const State state = state_of_field(field, entries, missing, dossier);
  Section section{anchor_of("field", field.id), std::string(field.title), {}};
  section.blocks.emplace_back(Paragraph{
      Line{field_mark(state), "  Wanted by " + provisions_text(dossier.law, field.cites) + "."}});
  if (state == State::not_applicable) {
    section.blocks.emplace_back(
        Paragraph{Line{"Left out because ", Plain{field.left_out(dossier)}, "."}});
    return section;
  }
  Definitions list;
  for (const DeclarationEntry& entry : entries)
    list.entries.emplace_back(Line{entry.label}, entry.value.empty()
                                                     ? Line{mark(State::human, "missing")}
                                                     : Line{Foreign{entry.value}});
  if (field.id == "signature")
    list.entries.emplace_back("Signature", "left to the person who signs");
  section.blocks.emplace_back(std::move(list));
  const std::vector<std::string> messages = messages_of(missing, field.id);
  if (!messages.empty()) {
    List open;
    for (const std::string& message : messages)
      open.items.emplace_back(Plain{message});
    section.blocks.emplace_back(std::move(open));
  }
  return section;
}

Callout draft_notice(const std::vector<MissingField>& missing) {
  const std::string rest =
      missing.empty()
          ? "No field is known to be missing; a person must still read, complete and sign it."
          : fmt::format(
                "{} still missing; each is named with the provision that wants it.",
                count_of(static_cast<std::int64_t>(missing.size()), "thing is", "things are"));
  return {
      Tone::serious,
      "DRAFT - not signed, not a declaration",
      {Paragraph{Line{
          "This draft was filled in from the product file and from what was shown. It becomes a "
          "declaration only when the manufacturer completes it in the languages that the "
          "markets ask for, and signs it. " +
          rest}}}};
}

Json to_json(const DeclarationField& field,
             const std::vector<MissingField>& missing,
             const Dossier& dossier) {
  const std::vector<DeclarationEntry> entries = field.entries(dossier);
  const State state = state_of_field(field, entries, missing, dossier);
  Json cites = list_of(field.cites, [&](const Provision& provision) {
    return Json::object_of({{"act", provision.act},
                            {"path", provision.path},
                            {"text", cite(dossier.law, provision.act, provision.path)}});
  });
  Json values = Json::array();
  if (state != State::not_applicable)
    values = list_of(entries, [](const DeclarationEntry& entry) {
      return Json::object_of({{"label", entry.label}, {"value", text_or_null(entry.value)}});
    });
  return Json::object_of({{"id", field.id},
                          {"title", field.title},
                          {"cites", std::move(cites)},
                          {"state", to_text(state)},
                          {"left_out_because", text_or_null(field.left_out(dossier))},
                          {"entries", std::move(values)},
                          {"missing", Json::array_of(messages_of(missing, field.id))}});
}

}  // namespace

Document declaration_document(const Dossier& dossier) {
  const std::vector<MissingField> missing = missing_fields(declaration_needs(), dossier);
  const Product& product = dossier.product;
  Document document;
  document.kind = "Draft";
  document.print = Document::Print::flowing;
  document.title = "EU declaration of conformity";
  document.subject =
      fmt::format("DRAFT EU declaration of conformity - {} {}", product.name, product.version);
  document.footer =
      fmt::format("Draft written by lockstep {} as of {}; run {}.", dossier.tool_version,
                  to_text(dossier.as_of), dossier.run_id.empty() ? "without id" : dossier.run_id);
  document.cover.emplace_back(draft_notice(missing));
  document.cover.emplace_back(
      Definitions{{{"Number of the declaration", given(product.declaration.number)},
                   {"Product", Line{Foreign{product.name + " " + product.version}}},
                   {"As of", Line{Date{dossier.as_of}}}}});
  for (const DeclarationField& field : declaration_fields())
    document.sections.push_back(field_section(field, missing, dossier));
  return document;
}

Json declaration_json(const Dossier& dossier) {
  const std::vector<MissingField> missing = missing_fields(declaration_needs(), dossier);
  const DeclarationInput& input = dossier.product.declaration;
  return Json::object_of(
      {{"schema", "lockstep/declaration/1"},
       {"status", "draft"},
       {"number", text_or_null(input.number)},
       {"product", Json::object_of({{"name", text_or_null(dossier.product.name)},
                                    {"version", text_or_null(dossier.product.version)},
                                    {"type", text_or_null(dossier.product.type)}})},
       {"as_of", to_text(dossier.as_of)},
       {"run_id", text_or_null(dossier.run_id)},
       {"fields",
        list_of(declaration_fields(),
                [&](const DeclarationField& field) { return to_json(field, missing, dossier); })},
       {"missing", list_of(missing,
                           [](const MissingField& one) {
                             return Json::object_of({{"field", one.field},
                                                     {"part", one.part},
                                                     {"message", one.message}});
                           })},
       // A signature is given by a person, never here.
       {"signature", nullptr}});
}

std::vector<WrittenFile> write_declaration(const Dossier& dossier) {
  return {{"declaration.html", "text/html", to_html(declaration_document(dossier))},
          {"declaration.json", "application/json", to_pretty_json(declaration_json(dossier))}};
}

}  // namespace lockstep::documents
