// SPDX-License-Identifier: Apache-2.0
#include "domain/corruption.hpp"

#include "documents/json/parts.hpp"

namespace lockstep::documents {
namespace {

Json number_or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

Json json_of(const CorruptionCell& cell) {
  return Json::object_of(
      {{"corruption", cell.corruption},
       {"severity", cell.severity},
       {"accuracy", to_json(cell.accuracy)},
       {"baseline_correct", cell.baseline_correct ? Json(*cell.baseline_correct) : Json()}});
}

Json json_of(const CorruptionErrors& errors) {
  return Json::object_of({{"model", to_json(errors.baseline)},
                          {"device", errors.answered_by.device},
                          {"engine", text_or_null(errors.answered_by.engine)},
                          {"clean", to_json(errors.baseline_clean)},
                          {"mce", number_or_null(errors.mce)},
                          {"relative_mce", number_or_null(errors.relative_mce)}});
}

}  // namespace

Json corruption_json(const CorruptionReport& report, int exit) {
  Json data = to_json(report.data);
  data.set("samples", report.samples);
  const CorruptionCell* worst = worst_cell(report);
  return Json::object_of(
      {{"schema", "lockstep/corruption/1"},
       {"model", to_json(report.model)},
       {"data", std::move(data)},
       {"seed", seed_json(report.seed)},
       {"table", report.table},
       {"clean", to_json(report.clean)},
       {"cells", list_of(report.cells, [](const CorruptionCell& cell) { return json_of(cell); })},
       {"mean", Json::object_of(
                    {{"accuracy", report.mean}, {"interval95", to_json(report.mean_interval95)}})},
       {"worst", worst == nullptr ? Json() : json_of(*worst)},
       {"baseline", report.errors ? json_of(*report.errors) : Json()},
       {"device", report.answered_by.device},
       {"engine", text_or_null(report.answered_by.engine)},
       {"seconds", report.seconds},
       {"worker_version", text_or_null(report.worker_version)},
       {"exit", exit}});
}

}  // namespace lockstep::documents
