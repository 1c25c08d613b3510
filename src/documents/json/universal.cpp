// SPDX-License-Identifier: Apache-2.0
#include "domain/universal.hpp"

#include "documents/json/parts.hpp"

namespace lockstep::documents {
namespace {

Json json_of(const UniversalReport& report) {
  const UniversalChange& change = report.change;
  const bool is_patch = change.kind == UniversalChange::Kind::patch;
  Json json = Json::object_of({{"kind", is_patch ? "patch" : "perturbation"},
                               {"source", report.source},
                               {"steps", report.steps}});
  if (!report.kept.path.empty()) json.set("file", to_json(report.kept));
  if (is_patch) return json.set("area", change.area).set("side_pixels", report.size);
  return json.set("norm", change.norm).set("epsilon", change.epsilon).set("size", report.size);
}

}  // namespace

Json universal_json(const UniversalReport& report, int exit) {
  Json data = to_json(report.data);
  data.set("held_out", report.clean.total);
  data.set("trained", report.trained.total);
  return Json::object_of(
      {{"schema", "lockstep/universal/1"},
       {"model", to_json(report.model)},
       {"data", std::move(data)},
       {"change", json_of(report)},
       {"seed", seed_json(report.seed)},
       {"clean", to_json(report.clean)},
       {"changed", to_json(report.changed)},
       {"control", to_json(report.control)},
       {"trained", to_json(report.trained)},
       {"reverified",
        Json::object_of({{"claimed", report.claimed}, {"confirmed", report.confirmed}})},
       {"queries", Json::object_of({{"forward", report.forward}, {"backward", report.backward}})},
       {"device", report.answered_by.device},
       {"engine", text_or_null(report.answered_by.engine)},
       {"seconds", report.seconds},
       {"worker_version", text_or_null(report.worker_version)},
       {"exit", exit}});
}

}  // namespace lockstep::documents
