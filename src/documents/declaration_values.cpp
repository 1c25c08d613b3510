// SPDX-License-Identifier: Apache-2.0
#include "documents/declaration_values.hpp"

#include <algorithm>

namespace lockstep::documents {
namespace {

/// Folds the possible outcomes of one act: all say yes, none does, or it is open.
Truth over_codes(const std::vector<std::string>& codes, bool (*declares)(std::string_view)) {
  if (codes.empty()) return Truth::unknown;
  const auto yes = std::ranges::count_if(codes, declares);
  if (yes == 0) return Truth::no;
  return yes == static_cast<std::ptrdiff_t>(codes.size()) ? Truth::yes : Truth::unknown;
}

bool is_at_or_below(std::string_view path, std::string_view root) {
  return path == root || (path.starts_with(root) && path[root.size()] == '/');
}

}  // namespace

Truth cra_declares(const Dossier& dossier) {
  return over_codes(dossier.law.codes.cra,
                    [](std::string_view code) { return code.starts_with("IN:"); });
}

Truth ai_act_declares(const Dossier& dossier) {
  // A system can be high-risk and bear other marks beside it (transparency), which take nothing
  // away; products of Annex I Section B follow their own sector's procedure.
  const auto declares = [](std::string_view code) {
    return code.starts_with("HR-") && !code.starts_with("HR-I-B");
  };
  const auto& codes = dossier.law.codes.ai_act;
  if (codes.empty()) return Truth::unknown;
  if (std::ranges::find(codes, "COND") != codes.end()) return Truth::unknown;
  return truth_of(std::ranges::any_of(codes, declares));
}

bool may_concern_cra(const Dossier& dossier) {
  return cra_declares(dossier) != Truth::no;
}

bool may_concern_ai_act(const Dossier& dossier) {
  return ai_act_declares(dossier) != Truth::no;
}

bool article_12_applies(const Dossier& dossier) {
  const std::string& code = dossier.law.codes.article_12;
  return !code.empty() && code != "not_applicable" && code != "unknown";
}

Truth processes_personal_data(const Dossier& dossier) {
  for (const Fact& fact : dossier.product.facts)
    if (fact.name == personal_data_fact)
      if (const bool* value = std::get_if<bool>(&fact.value)) return truth_of(*value);
  return Truth::unknown;
}

bool states_union_acts(const Dossier& dossier) {
  return std::ranges::any_of(dossier.product.facts, [](const Fact& fact) {
    return fact.name == union_acts_fact && is_known(fact.value);
  });
}

Shown shown(const Dossier& dossier,
            std::string_view act,
            std::initializer_list<std::string_view> paths) {
  Shown group;
  for (const Obligation& obligation : dossier.law.obligations) {
    if (obligation.act != act || obligation.state == Obligation::Met::does_not_apply) continue;
    const bool inside = std::ranges::any_of(obligation.cites, [&](const std::string& cited) {
      return std::ranges::any_of(
          paths, [&](std::string_view path) { return is_at_or_below(cited, path); });
    });
    if (!inside) continue;
    group.asked.push_back(&obligation);
    if (obligation.state != Obligation::Met::met) group.open.push_back(&obligation);
  }
  return group;
}

Shown annex_1(const Dossier& dossier) {
  // CRA Annex I
  return shown(dossier, cra_act, {"anx_I"});
}

Shown high_risk_requirements(const Dossier& dossier) {
  // AI Act Chapter III, Section 2
  return shown(dossier, ai_act_act,
               {"art_8", "art_9", "art_10", "art_11", "art_12", "art_13", "art_14", "art_15"});
}

Shown protection_level(const Dossier& dossier) {
  // AI Act Article 15(5)
  return shown(dossier, ai_act_act, {"art_15/par_5"});
}

const ActReference* act_reference(const Dossier& dossier, std::string_view act) {
  const auto found = std::ranges::find(dossier.law.acts, act, &ActReference::id);
  return found == dossier.law.acts.end() ? nullptr : &*found;
}

}  // namespace lockstep::documents
