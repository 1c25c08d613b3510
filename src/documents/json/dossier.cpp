// SPDX-License-Identifier: Apache-2.0
#include "documents/json/parts.hpp"

namespace lockstep::documents {
namespace {

Json to_json(const AreaVerdict& area) {
  return Json::object_of({{"area", area.area},
                          {"state", to_text(area.state)},
                          {"count", area.count},
                          {"worst", text_or_null(area.worst)}});
}

Json to_json(const Blocker& blocker) {
  return Json::object_of(
      {{"id", blocker.id}, {"state", to_text(blocker.state)}, {"says", blocker.says}});
}

/// A document of its own as a part of the dossier: its schema and exit stay outside.
Json part_of(const Json& document) {
  Json part = Json::object();
  for (const auto& [key, value] : document.members())
    if (key != "schema" && key != "exit") part.set(key, value);
  return part;
}

}  // namespace

Json baseline_json(const std::optional<SinceBaseline>& since) {
  if (!since) return {};
  return Json::object_of({{"sha256", since->sha256},
                          {"run_id", text_or_null(since->run_id)},
                          {"as_of", text_or_null(since->as_of)},
                          {"new", Json::array_of(since->fresh)},
                          {"unchanged", Json::array_of(since->unchanged)},
                          {"settled", Json::array_of(since->settled)},
                          {"known", Json::array_of(since->known)}});
}

Json dossier_json(const Dossier& dossier, Times times) {
  Json json = Json::object_of(
      {{"schema", "lockstep/dossier/1"},
       {"tool_version", dossier.tool_version},
       {"as_of", to_text(dossier.as_of)},
       {"seed", seed_json(dossier.seed)},
       {"product", to_json(dossier.product, times)},
       {"inputs", list_of(dossier.inputs, [](const FileRef& file) { return to_json(file); })},
       {"scope", part_of(scope_json(dossier.product.name, dossier.law, 0))},
       {"vulnerabilities",
        part_of(findings_json(dossier.boms, dossier.data, dossier.findings, dossier.unmatched, 0))},
       {"tests", list_of(dossier.measurements,
                         [&](const Measurement& test) { return to_json(test, times); })}});
  json.set("baseline", baseline_json(dossier.since_baseline));
  json.set("verdicts",
           list_of(dossier.verdicts, [](const TestVerdict& verdict) { return to_json(verdict); }));
  json.set("metrics", list_of(dossier.metrics, [](const Metrics& one) { return to_json(one); }));
  json.set("declared", list_of(dossier.declared,
                               [](const DeclaredVerdict& verdict) { return to_json(verdict); }));
  json.set("overall_risk",
           list_of(dossier.overall_risk, [](const OverallRisk& one) { return to_json(one); }));
  json.set("risks", list_of(dossier.risks, [](const Risk& risk) { return to_json(risk); }));
  json.set("evidence",
           list_of(dossier.evidence, [&](const Evidence& one) { return to_json(one, times); }));
  json.set("areas", list_of(dossier.areas, [](const AreaVerdict& area) { return to_json(area); }));
  json.set("blockers",
           list_of(dossier.blockers, [](const Blocker& blocker) { return to_json(blocker); }));
  json.set("not_checked", list_of(dossier.not_checked, [](const NotChecked& one) {
             return Json::object_of({{"what", one.what}, {"reason", one.reason}});
           }));
  json.set("problems",
           list_of(dossier.problems, [](const Diagnostic& problem) { return to_json(problem); }));
  json.set("exit", dossier.exit);
  if (times == Times::with) json.set("run_id", text_or_null(dossier.run_id));
  return json;
}

}  // namespace lockstep::documents
