// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "domain/fact.hpp"
#include "domain/obligation.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::app {

/// What is known when the file is written.
struct InitAnswers {
  std::string name;  ///< of the product; "" leaves the line to be filled in
  std::string version;
  std::string intended_purpose;
  std::vector<Fact> facts;  ///< by the catalogue; what is not answered is written as a comment
};

/// A value as YAML that reads back the same: "unknown", "[a, b]", a text in quotes.
std::string yaml_value(const regulations::FactDefinition& definition, const FactValue& value);

/// The text of a commented lockstep.yaml: the answers, each with its question, and then the facts
/// that would decide most of what is still open, as comments to fill in.
/// @param answers facts that fit the catalogue (fit_facts)
/// @param view what follows from them on the day of the answers, the most telling fact first
std::string write_product_file(const regulations::Ruleset& law,
                               const InitAnswers& answers,
                               const LegalView& view);

}  // namespace lockstep::app
