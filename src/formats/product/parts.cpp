// SPDX-License-Identifier: Apache-2.0
#include "formats/product/parts.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <tuple>
#include <utility>

#include "base/text.hpp"

namespace lockstep::formats {
namespace {

using Words = std::vector<std::string>;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr NumberRange probability{0, 1, false, "a number from 0 to 1"};
constexpr NumberRange rate_per_year{0, infinity, false, "a number of at least 0"};
constexpr NumberRange days_until_fixed{0, 36'500, false, "a number of days from 0 to 36500"};

/// Where a key's value stands, or the section when it has none.
Position where_of(Section& section, std::string_view key) {
  const Json& value = section.any(key);
  return value.is_null() ? section.where() : value.at(section.where().file);
}

bool is_country(const std::string& text) {
  return text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

Operator read_operator(Section section) {
  Operator one;
  one.where = section.where();
  one.name = section.text("name");
  one.address = section.text("address");
  one.country = section.text("country");
  one.email = section.text("email");
  one.website = section.text("website");
  if (!one.country.empty() && !is_country(one.country))
    section.problem("product.country",
                    fmt::format("expected a country as two capital letters such as NO, found '{}'",
                                quotable(one.country)),
                    "country");
  section.finish();
  return one;
}

Evidence read_evidence_entry(Section section) {
  Evidence entry;
  entry.id = section.text("id", Presence::required);
  entry.kind = section.text("kind", Presence::required);
  entry.subject = section.text("path", Presence::required);
  entry.shows = section.texts("shows");
  entry.made_by = section.text("made_by");
  entry.made_at = section.day_text("date");
  entry.expires = section.day_text("expires");
  entry.note = section.text("note");
  section.finish();
  return entry;
}

ControlInput read_control(Section section) {
  const Words hierarchy = {"design", "protective", "information"};
  const Words strength = {"measured", "reviewed", "declared"};
  ControlInput control;
  control.where = section.where();
  control.id = section.text("id", Presence::required);
  control.title = section.text("title", Presence::required);
  control.hierarchy = section.word("hierarchy", hierarchy, Presence::required);
  control.effectiveness =
      section.number("effectiveness", probability, Presence::required).value_or(0);
  control.strength = section.word("strength", strength, Presence::required);
  control.evidence = section.text("evidence");
  control.date = section.day_text("date");
  section.finish();
  return control;
}

/// A 90 % interval, written [low, high].
std::pair<std::optional<double>, std::optional<double>> read_interval(Section& section,
                                                                      std::string_view key,
                                                                      const NumberRange& range) {
  if (section.any(key).is_null()) return {};
  const bool is_pair = section.any(key).is_array() && section.any(key).items().size() == 2;
  const std::vector<double> ends = section.numbers(key, range);
  if (section.any(key).is_array() && !is_pair)
    section.problem("product.type",
                    fmt::format("expected a list of two numbers such as [0.2, 5] for '{}.{}', "
                                "found a list of {}",
                                section.name(), key, section.any(key).items().size()),
                    key);
  if (!is_pair || ends.size() != 2) return {};
  if (ends[0] <= ends[1]) return {ends[0], ends[1]};
  section.problem("product.order",
                  fmt::format("expected the smaller number first for '{}.{}', found [{}, {}]",
                              section.name(), key, ends[0], ends[1]),
                  key);
  return {};
}

RiskJudgement read_risk(Section section) {
  const Words classes = {"H", "R", "C", "I", "A", "N", "P", "K"};
  const Words decisions = {"accepted", "mitigated"};
  RiskJudgement risk;
  risk.where = section.where();
  risk.id = section.text("id", Presence::required);
  std::tie(risk.rate_low, risk.rate_high) = read_interval(section, "rate", rate_per_year);
  std::tie(risk.harm_low, risk.harm_high) = read_interval(section, "harm", probability);
  risk.harm_class = section.word("class", classes);
  risk.severity = static_cast<int>(section.whole_number("severity", 1, 4).value_or(0));
  risk.reason = section.text("reason");
  risk.by = section.text("by");
  risk.date = section.day_text("date");
  risk.decision = section.word("decision", decisions);
  risk.reviewed_by = section.text("reviewed_by");
  risk.reviewed_by_where = where_of(section, "reviewed_by");
  risk.expires = section.day_text("expires");
  risk.expires_where = where_of(section, "expires");
  risk.controls = section.texts("controls");
  section.finish();
  return risk;
}

template <typename Entry>
std::vector<Entry> read_list(Section& file, std::string_view key, Entry (*read)(Section)) {
  std::vector<Entry> entries;
  const std::size_t count = file.list(key).size();
  for (std::size_t i = 0; i < count; ++i)
    entries.push_back(read(file.element(key, i)));
  return entries;
}

SbomInput read_sbom(Section section) {
  SbomInput sbom;
  sbom.where = section.where();
  sbom.path = section.text("path", Presence::required);
  sbom.part = section.text("part");
  section.finish();
  return sbom;
}

}  // namespace

void read_description(Section section, Product& product) {
  product.name = section.text("name", Presence::required);
  product.version = section.text("version", Presence::required);
  product.type = section.text("type");
  product.description = section.text("description");
  product.intended_purpose = section.text("intended_purpose");
  product.foreseeable_misuse = section.texts("foreseeable_misuse");
  product.placed_on_market = section.day("placed_on_market");
  product.facts_answered = section.day("facts_answered");
  Section support = section.section("support");
  product.support_from = support.day("from");
  product.support_until = support.day("until");
  product.support_reason = support.text("reason");
  if (product.support_from && product.support_until &&
      *product.support_until < *product.support_from)
    support.problem("product.order",
                    fmt::format("expected the end of support on or after its start ({}), found {}",
                                to_text(*product.support_from), to_text(*product.support_until)),
                    "until");
  support.finish();
  section.finish();
}

void read_operators(Section section, Product& product) {
  product.manufacturer = read_operator(section.section("manufacturer"));
  product.authorised_representative = read_operator(section.section("authorised_representative"));
  product.importer = read_operator(section.section("importer"));
  section.finish();
}

void read_security(Section section, Product& product) {
  product.security_contact = section.text("contact");
  product.disclosure_policy = section.text("disclosure_policy");
  section.finish();
}

HandlingInput read_handling(Section section) {
  HandlingInput handling;
  handling.where = where_of(section, "days_to_fix");
  handling.days_to_fix = section.numbers("days_to_fix", days_until_fixed);
  handling.evidence = section.text("evidence");
  section.finish();
  return handling;
}

std::vector<SbomInput> read_sboms(Section& file) {
  return read_list(file, "sboms", read_sbom);
}

std::vector<Evidence> read_evidence(Section& file) {
  return read_list(file, "evidence", read_evidence_entry);
}

std::vector<ControlInput> read_controls(Section& file) {
  return read_list(file, "controls", read_control);
}

std::vector<RiskJudgement> read_risks(Section& file) {
  return read_list(file, "risks", read_risk);
}

DeclarationInput read_declaration(Section section) {
  DeclarationInput declaration;
  declaration.number = section.text("number");
  declaration.object = section.text("object");
  declaration.standards = section.texts("standards");
  declaration.notified_body = section.text("notified_body");
  declaration.notified_body_number = section.text("notified_body_number");
  declaration.certificate = section.text("certificate");
  declaration.procedure = section.text("procedure");
  declaration.place = section.text("place");
  declaration.date = section.day_text("date");
  declaration.signatory = section.text("signatory");
  declaration.function = section.text("function");
  declaration.additional = section.text("additional");
  section.finish();
  return declaration;
}

}  // namespace lockstep::formats
