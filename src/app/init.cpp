// SPDX-License-Identifier: Apache-2.0
#include "app/init.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <variant>

#include "base/text.hpp"
#include "regulations/facts.hpp"

namespace lockstep::app {
namespace {

using regulations::FactDefinition;
using regulations::FactType;
using regulations::Ruleset;

constexpr std::size_t open_facts_max = 20;
constexpr std::size_t comment_width = 96;

/// The text as comment lines of the wanted indent.
std::string comment(std::string_view text, std::string_view indent) {
  std::string out;
  std::string line;
  const auto flush = [&] {
    if (!line.empty()) out += fmt::format("{}# {}\n", indent, line);
    line.clear();
  };
  for (const std::string_view word : split(text, ' ')) {
    if (line.size() + word.size() + indent.size() + 3 > comment_width) flush();
    line += (line.empty() ? "" : " ") + std::string(word);
  }
  flush();
  return out;
}

/// A YAML scalar in double quotes, whatever the text holds.
std::string quoted(std::string_view text) {
  return to_canonical_json(Json(text));
}

std::string head(const InitAnswers& answers, Day as_of) {
  const auto field = [](std::string_view name, const std::string& value) {
    return value.empty() ? fmt::format("  # {}: \n", name)
                         : fmt::format("  {}: {}\n", name, quoted(value));
  };
  std::string text =
      "# The product file of lockstep: what a person writes and reviews. Paths are relative to "
      "this\n"
      "# file. What is left out is unknown, never no. `lockstep explain FACT` says more about a "
      "fact.\n"
      "lockstep: 1\n\n"
      "product:\n";
  const auto wanted = [](std::string_view name, const std::string& value) {
    return value.empty() ? fmt::format("  {}: \"?\"  # to be filled in\n", name)
                         : fmt::format("  {}: {}\n", name, quoted(value));
  };
  text += wanted("name", answers.name) + wanted("version", answers.version);
  text += field("type", "");
  text += field("intended_purpose", answers.intended_purpose);
  const auto placed = std::ranges::find(answers.facts, "product.placed_on_market", &Fact::name);
  if (placed != answers.facts.end() && is_known(placed->value)) {
    text += fmt::format("  placed_on_market: {}\n", to_text(placed->value));
  }
  text += fmt::format(
      "  # When somebody last stood by the facts: `lockstep scope` says what the law changed "
      "since.\n"
      "  facts_answered: {}\n",
      to_text(as_of));
  text +=
      "  # support: {from: 2028-01-01, until: 2033-01-01, reason: why so long}\n\n"
      "# Who stands behind the product. Outside the Union, more operators have duties.\n"
      "# operators:\n"
      "#   manufacturer: {name: , address: , country: DE, email: , website: }\n\n"
      "# Where vulnerabilities are reported, and the policy on their disclosure.\n"
      "# security: {contact: mailto:..., disclosure_policy: https://...}\n\n";
  return text;
}

std::string tail() {
  return "\n# The bills of materials, one per part.\n"
         "# sboms:\n"
         "#   - {path: sbom/application.cdx.json, part: application}\n\n"
         "# Statements on vulnerabilities that do not affect the product.\n"
         "# vex: [vex/product.openvex.json]\n\n"
         "# AI models, and the tests that they must pass.\n"
         "# models:\n"
         "#   - id: reader\n"
         "#     path: model/reader.onnx\n"
         "#     data: data/test.npz\n"
         "#     purpose: what it recognises, and what follows from it\n\n"
         "# Evidence that people made: policies, procedures, reports.\n"
         "# evidence:\n"
         "#   - {id: policy.cvd, kind: policy, path: docs/cvd-policy.md, shows: "
         "[cra.cvd_policy]}\n";
}

std::string answered_fact(const FactDefinition& definition, const FactValue& value) {
  return comment(definition.ask, "  ") +
         fmt::format("  {}: {}\n", definition.name, yaml_value(definition, value));
}

std::string open_fact(const FactDefinition& definition) {
  return comment(definition.ask + " (" + regulations::what_fits(definition) + ")", "  ") +
         fmt::format("  # {}: unknown\n", definition.name);
}

}  // namespace

std::string yaml_value(const FactDefinition& definition, const FactValue& value) {
  if (!is_known(value)) return "unknown";
  if (definition.type == FactType::text) return quoted(to_text(value));
  if (definition.type != FactType::set) return to_text(value);
  if (const auto* words = std::get_if<std::vector<std::string>>(&value); words && words->empty()) {
    return "[]";
  }
  return "[" + to_text(value) + "]";
}

std::string write_product_file(const Ruleset& law,
                               const InitAnswers& answers,
                               const LegalView& view) {
  const std::vector<Fact>& facts = answers.facts;
  std::string text = head(answers, view.as_of);
  text += "# What the law asks about, with the answers given.\nfacts:\n";
  bool any = false;
  for (const FactDefinition& definition : law.facts) {
    const auto found = std::ranges::find(facts, definition.name, &Fact::name);
    if (found == facts.end()) continue;
    text += answered_fact(definition, found->value);
    any = true;
  }
  if (!any) text += "  {}\n";
  std::string open;
  std::size_t count = 0;
  for (const MissingFact& missing : view.missing_facts) {
    const auto stated = std::ranges::find(facts, missing.fact, &Fact::name);
    if (stated != facts.end() || count == open_facts_max) continue;
    open += open_fact(*law.find_fact(missing.fact));
    ++count;
  }
  if (!open.empty()) {
    text +=
        "\n  # Still open, what decides most first. `lockstep scope` shows what hangs on each.\n";
    text += open;
  }
  return text + tail();
}

}  // namespace lockstep::app
