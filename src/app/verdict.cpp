// SPDX-License-Identifier: Apache-2.0
#include "app/verdict.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "advisories/baseline.hpp"
#include "app/data_status.hpp"

namespace lockstep::app {
namespace {

std::int64_t count_of(std::size_t size) {
  return static_cast<std::int64_t>(size);
}

/// [policy] What stopped the release at the baseline is a remark afterwards, unless it is known to
/// be exploited.
State at_gate(const Finding& finding, const Dossier& dossier) {
  const bool rests =
      dossier.since_baseline && advisories::may_rest(finding, *dossier.since_baseline);
  return rests ? State::warn : finding.state;
}

/// The same for a risk or a requirement that stands on such findings alone.
State at_gate(const std::string& id, State state, const Dossier& dossier) {
  return state != State::pass && is_known_since_baseline(dossier, id) ? State::warn : state;
}

AreaVerdict scope_area(const LegalView& law) {
  const auto counts = [](const Answer& answer) { return !answer.optional; };
  AreaVerdict area{"scope", State::pass, std::ranges::count_if(law.answers, counts), ""};
  for (const std::string& code : law.codes.ai_act) {
    if (!code.starts_with("PROHIBITED")) continue;
    return {"scope", State::fail, area.count, "a prohibited practice: " + code};
  }
  for (const LawChange& change : law.changes_since) {
    if (change.changed.empty()) continue;
    return {"scope", State::human, area.count,
            fmt::format("the law changed on {}, after the facts were answered: {}",
                        to_text(change.day), change.changed.front())};
  }
  for (const Answer& answer : law.answers) {
    if (answer.state != Truth::unknown || !counts(answer)) continue;
    area.state = State::human;
    area.worst = answer.missing.empty() ? answer.question : "unknown: " + answer.missing.front();
    return area;
  }
  return area;
}

AreaVerdict sbom_area(const Dossier& dossier) {
  if (dossier.boms.empty())
    return {"sbom", State::not_checked, 0, "the product file names no bill of materials"};
  std::size_t components = 0;
  for (const Bom& bom : dossier.boms)
    components += bom.components.size();
  AreaVerdict area{"sbom", State::pass, count_of(components), ""};
  if (components == 0) {
    area.state = State::fail;
    area.worst = "the bills of materials list no component";
  } else if (const auto gap = std::ranges::find_if(dossier.unmatched, is_gap);
             gap != dossier.unmatched.end()) {
    area.state = State::warn;
    area.worst = fmt::format("{}: {}", gap->component, gap->reason);
  }
  return area;
}

AreaVerdict vulnerability_area(const Dossier& dossier) {
  if (dossier.boms.empty())
    return {"vulnerabilities", State::not_checked, 0, "there is no bill of materials to scan"};
  if (dossier.data.empty())
    return {"vulnerabilities", State::not_checked, 0,
            "there is no advisory data; `lockstep data import` takes it in"};
  AreaVerdict area{"vulnerabilities", State::pass, count_of(dossier.findings.size()), ""};
  area.worst = age_gap(dossier.data, dossier.as_of);
  if (!area.worst.empty()) area.state = State::stale;
  for (const Finding& finding : dossier.findings) {
    const State state = at_gate(finding, dossier);
    if (worse(area.state, state) == area.state) continue;
    area.state = state;
    area.worst = advisories::name_of(finding);
    if (state != finding.state) area.worst += ", known since the baseline";
  }
  return area;
}

AreaVerdict ai_area(const Dossier& dossier) {
  if (dossier.product.models.empty())
    return {"ai", State::not_applicable, 0, "the product file names no model"};
  AreaVerdict area{"ai", State::pass, count_of(dossier.verdicts.size() + dossier.declared.size()),
                   ""};
  if (dossier.verdicts.empty()) {
    area.state = State::not_checked;
    area.worst = "no test of a model was run";
  }
  for (const DeclaredVerdict& verdict : dossier.declared) {
    if (worse(area.state, verdict.state) == area.state) continue;
    area.state = verdict.state;
    area.worst = fmt::format("{}: {}", id_of(verdict), verdict.because);
  }
  for (const TestVerdict& verdict : dossier.verdicts) {
    if (worse(area.state, verdict.state) == area.state) continue;
    area.state = verdict.state;
    area.worst = fmt::format("{}: {}", verdict.test, verdict.because);
  }
  for (const ModelInput& model : dossier.product.models)
    for (const EvasionTest& test : model.evasion) {
      const auto found = std::ranges::find(dossier.not_checked, test.id, &NotChecked::what);
      if (found == dossier.not_checked.end()) continue;
      if (worse(area.state, State::not_checked) == area.state) continue;
      area.state = State::not_checked;
      area.worst = fmt::format("{}: {}", test.id, found->reason);
    }
  return area;
}

AreaVerdict risk_area(const Dossier& dossier) {
  AreaVerdict area{"risks", State::pass, count_of(dossier.risks.size()), ""};
  if (dossier.risks.empty()) area.state = State::not_checked;
  for (const Risk& risk : dossier.risks) {
    const State state = at_gate(risk.id, risk.state, dossier);
    if (worse(area.state, state) == area.state) continue;
    area.state = state;
    area.worst = fmt::format("{} ({})", risk.id, risk.level);
  }
  return area;
}

bool applies_now(const Obligation& obligation, Day as_of) {
  return obligation.state != Obligation::Met::does_not_apply &&
         (!obligation.applies_from || *obligation.applies_from <= as_of);
}

AreaVerdict requirement_area(const Dossier& dossier) {
  AreaVerdict area{"requirements", State::pass, 0, ""};
  for (const Obligation& obligation : dossier.law.obligations) {
    if (!applies_now(obligation, dossier.as_of)) continue;
    ++area.count;
    State state = State::pass;
    if (obligation.state == Obligation::Met::unmet) state = State::fail;
    if (obligation.state == Obligation::Met::unknown) state = State::not_checked;
    if (state == State::fail) state = at_gate(obligation.id, state, dossier);
    if (worse(area.state, state) == area.state) continue;
    area.state = state;
    area.worst = obligation.id;
  }
  if (area.count == 0) area.state = State::not_applicable;
  return area;
}

AreaVerdict document_area(const std::vector<std::string>& missing_fields) {
  if (missing_fields.empty()) return {"documents", State::pass, 0, ""};
  return {"documents", State::human, count_of(missing_fields.size()),
          "the declaration lacks: " + missing_fields.front()};
}

}  // namespace

bool is_known_since_baseline(const Dossier& dossier, const std::string& id) {
  return dossier.since_baseline && std::ranges::binary_search(dossier.since_baseline->known, id);
}

std::vector<AreaVerdict> areas_of(const Dossier& dossier,
                                  const std::vector<std::string>& missing_fields) {
  return {scope_area(dossier.law),
          sbom_area(dossier),
          vulnerability_area(dossier),
          ai_area(dossier),
          risk_area(dossier),
          requirement_area(dossier),
          document_area(missing_fields),
          {"evidence", dossier.evidence.empty() ? State::not_checked : State::pass,
           count_of(dossier.evidence.size()), ""}};
}

std::vector<Blocker> blockers_of(const Dossier& dossier) {
  std::vector<Blocker> blockers;
  const auto is_blocking = [](State state) {
    return state == State::fail || state == State::human;
  };
  for (const Finding& finding : dossier.findings)
    if (is_blocking(at_gate(finding, dossier)))
      blockers.push_back(
          {finding.advisory, finding.state,
           fmt::format("{} {}: {}", finding.component, finding.version, finding.state_because)});
  for (const TestVerdict& verdict : dossier.verdicts)
    if (is_blocking(verdict.state))
      blockers.push_back({verdict.test, verdict.state, verdict.because});
  for (const DeclaredVerdict& verdict : dossier.declared)
    if (is_blocking(verdict.state))
      blockers.push_back({id_of(verdict), verdict.state, verdict.because});
  for (const Risk& risk : dossier.risks)
    if (is_blocking(at_gate(risk.id, risk.state, dossier)))
      blockers.push_back({risk.id, risk.state,
                          fmt::format("{}: {} ({}, severity {})", risk.title, risk.level, risk.band,
                                      risk.harm.severity)});
  for (const Obligation& obligation : dossier.law.obligations)
    if (applies_now(obligation, dossier.as_of) && obligation.state == Obligation::Met::unmet &&
        !is_known_since_baseline(dossier, obligation.id))
      blockers.push_back({obligation.id, State::fail, obligation.says});
  std::ranges::stable_sort(blockers, [](const Blocker& a, const Blocker& b) {
    return a.state != b.state && worse(a.state, b.state) == a.state;
  });
  return blockers;
}

int exit_of(const std::vector<AreaVerdict>& areas, Strictness strictness) {
  bool is_undecided = false;
  bool is_incomplete = false;
  for (const AreaVerdict& area : areas) {
    if (area.state == State::fail) return 1;
    is_undecided |= area.state == State::human;
    is_incomplete |= area.state == State::not_checked || area.state == State::stale ||
                     area.state == State::underpowered;
  }
  if (is_undecided) return 5;
  return is_incomplete && strictness == Strictness::release ? 4 : 0;
}

}  // namespace lockstep::app
