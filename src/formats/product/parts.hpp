// SPDX-License-Identifier: Apache-2.0
// The sections of the product file, one function each. Used by product.cpp only.
#pragma once

#include <string>
#include <vector>

#include "domain/product.hpp"
#include "formats/product/section.hpp"

namespace lockstep::formats {

/// The keys of `product:`.
void read_description(Section section, Product& product);
/// The keys of `operators:`.
void read_operators(Section section, Product& product);
/// The keys of `security:`.
void read_security(Section section, Product& product);
/// The keys of `handling:`.
HandlingInput read_handling(Section section);
std::vector<SbomInput> read_sboms(Section& file);
std::vector<ModelInput> read_models(Section& file);
std::vector<Evidence> read_evidence(Section& file);
std::vector<ControlInput> read_controls(Section& file);
std::vector<RiskJudgement> read_risks(Section& file);
DeclarationInput read_declaration(Section section);

/// Ids are unique within their list; controls and `handling` name evidence, and risks name
/// controls, that exist.
void check_references(const Json& file, const Source& source);

}  // namespace lockstep::formats
