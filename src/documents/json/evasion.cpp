// SPDX-License-Identifier: Apache-2.0
#include "documents/json/parts.hpp"

namespace lockstep::documents {
namespace {

Json to_json(const AttackRun& attack, Times times) {
  Json json = Json::object_of({{"name", attack.name},
                               {"source", attack.source},
                               {"tried", attack.tried},
                               {"broken", attack.broken},
                               {"forward", attack.forward},
                               {"backward", attack.backward}});
  if (times == Times::with) json.set("seconds", attack.seconds);
  return json;
}

Json to_json(const SoundnessCheck& check) {
  return Json::object_of({{"check", check.check},
                          {"state", to_text(check.state)},
                          {"value", check.value},
                          {"says", check.says}});
}

/// Numbers over no samples are null.
Json to_json(const Distances& distances) {
  const auto over = [](std::int64_t count, double value) {
    return count > 0 ? Json(value) : Json();
  };
  return Json::object_of(
      {{"attacked", distances.attacked},
       {"fooled", distances.fooled},
       {"mean", over(distances.fooled, distances.mean)},
       {"median", over(distances.fooled, distances.median)},
       {"median_attacked", distances.median_attacked ? Json(*distances.median_attacked) : Json()},
       {"after", list_of(distances.after, [&](const Distances::After& mark) {
          return Json::object_of({{"questions", mark.questions},
                                  {"fooled", mark.fooled},
                                  {"median", over(mark.fooled, mark.median)}});
        })}});
}

/// Medians over no rows are null.
Json to_json(const TableChanges& table) {
  const auto over = [&](double value) { return table.rows.empty() ? Json() : Json(value); };
  return Json::object_of({{"broken", static_cast<std::int64_t>(table.rows.size())},
                          {"median_changed", over(table.median_changed)},
                          {"median_cost", over(table.median_cost)},
                          {"exhausted", table.exhausted},
                          {"impossible", table.impossible},
                          {"rows", list_of(table.rows, [](const TableChanges::Row& row) {
                             return Json::object_of({{"sample", row.sample},
                                                     {"changed", Json::array_of(row.changed)},
                                                     {"cost", row.cost}});
                           })}});
}

Json to_json(const Threshold& threshold) {
  return Json::object_of({{"id", threshold.id},
                          {"metric", threshold.metric},
                          {"at_most", threshold.at_most},
                          {"alpha", threshold.alpha},
                          {"planned_samples", threshold.planned_samples},
                          {"reason", text_or_null(threshold.reason)},
                          {"approver", text_or_null(threshold.approver)},
                          {"locked_at", text_or_null(threshold.locked_at)},
                          {"sha256", text_or_null(threshold.sha256)}});
}

}  // namespace

Json to_json(const TestVerdict& verdict) {
  return Json::object_of({{"test", verdict.test},
                          {"state", to_text(verdict.state)},
                          {"successes", verdict.successes},
                          {"attempts", verdict.attempts},
                          {"rate", verdict.rate},
                          {"upper95", verdict.upper95},
                          {"lower95", verdict.lower95},
                          {"needed_samples", verdict.needed_samples},
                          {"threshold", to_json(verdict.threshold)},
                          {"because", verdict.because}});
}

Json to_json(const Measurement& test, Times times) {
  Json data = to_json(test.data);
  data.set("samples", test.samples);
  return Json::object_of(
      {{"id", text_or_null(test.id)},
       {"model_id", text_or_null(test.model_id)},
       {"model", to_json(test.model)},
       {"data", std::move(data)},
       {"preprocessing", text_or_null(test.preprocessing)},
       {"threat", Json::object_of({{"norm", test.norm},
                                   {"epsilon", test.epsilon},
                                   {"target", text_or_null(test.target)},
                                   {"knowledge", test.knowledge},
                                   {"budget", test.budget}})},
       {"left_out", test.left_out},
       {"seed", seed_json(test.seed)},
       {"batch_size", test.batch_size},
       {"clean", to_json(test.clean)},
       {"robust", to_json(test.robust)},
       {"attacks",
        list_of(test.attacks, [&](const AttackRun& attack) { return to_json(attack, times); })},
       {"reverified", Json::object_of({{"claimed", test.claimed}, {"confirmed", test.confirmed}})},
       {"soundness",
        list_of(test.soundness, [](const SoundnessCheck& check) { return to_json(check); })},
       {"curve", list_of(test.curve,
                         [](const CurvePoint& point) {
                           return Json::object_of(
                               {{"epsilon", point.epsilon}, {"robust", to_json(point.robust)}});
                         })},
       {"distances", test.distances ? to_json(*test.distances) : Json()},
       {"table", test.table ? to_json(*test.table) : Json()},
       {"device", test.answered_by.device},
       {"engine", text_or_null(test.answered_by.engine)},
       {"threads", test.threads},
       {"worker_version", text_or_null(test.worker_version)}});
}

Json evasion_json(const Measurement& measurement, int exit, Times times) {
  return to_json(measurement, times).set("schema", "lockstep/evasion/1").set("exit", exit);
}

}  // namespace lockstep::documents
