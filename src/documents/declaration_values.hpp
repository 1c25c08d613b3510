// SPDX-License-Identifier: Apache-2.0
// What the declaration's fields and needs ask of a dossier.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "domain/dossier.hpp"

namespace lockstep::documents {

inline constexpr std::string_view cra_act = "eu-2024-2847";
inline constexpr std::string_view ai_act_act = "eu-2024-1689";

/// The fact that says whether the AI system processes personal data.
inline constexpr std::string_view personal_data_fact = "ai.processes_personal_data";

/// The fact that says which other Union acts cover the product.
inline constexpr std::string_view union_acts_fact = "product.union_acts";

/// Whether the act wants this declaration for the product: yes when every possible outcome does, no
/// when none does, else unknown.
Truth cra_declares(const Dossier& dossier);
Truth ai_act_declares(const Dossier& dossier);

/// The leaning versions for fields: shown unless the answer is a clear no.
bool may_concern_cra(const Dossier& dossier);
bool may_concern_ai_act(const Dossier& dossier);

/// Whether CRA Article 12 applies, as the legal view says.
bool article_12_applies(const Dossier& dossier);

/// Whether personal data are processed, from the facts.
Truth processes_personal_data(const Dossier& dossier);

/// Whether the facts say which other Union acts cover the product, be it none.
bool states_union_acts(const Dossier& dossier);

/// A group of requirements and how many of them are shown.
struct Shown {
  std::vector<const Obligation*> asked;  ///< those that apply, in order
  std::vector<const Obligation*> open;   ///< of them, those that are not shown

  bool all() const { return !asked.empty() && open.empty(); }
};

/// The obligations of `act` with a citation at or below one of the paths.
Shown shown(const Dossier& dossier,
            std::string_view act,
            std::initializer_list<std::string_view> paths);

/// CRA Annex I, both parts.
Shown annex_1(const Dossier& dossier);
/// AI Act, requirements for high-risk systems.
Shown high_risk_requirements(const Dossier& dossier);
/// AI Act, the level of protection against attacks.
Shown protection_level(const Dossier& dossier);

/// The entry of the legal view for an act, or null.
const ActReference* act_reference(const Dossier& dossier, std::string_view act);

}  // namespace lockstep::documents
