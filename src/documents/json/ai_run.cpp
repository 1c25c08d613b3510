// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "documents/ai_run_page.hpp"
#include "documents/json/parts.hpp"

namespace lockstep::documents {
namespace {

Json class_json(const ClassOutcome& one) {
  return Json::object_of(
      {{"label", one.label},
       {"name", text_or_null(one.name)},
       {"clean", to_json(Accuracy{one.right, one.total, clopper_pearson(one.right, one.total)})},
       {"robust",
        to_json(Accuracy{one.standing, one.total, clopper_pearson(one.standing, one.total)})}});
}

Json example_json(const AdversarialExample& one) {
  return Json::object_of({{"index", one.index},
                          {"name", text_or_null(one.name)},
                          {"label", one.label},
                          {"predicted", one.predicted},
                          {"distance", one.distance},
                          {"kept_on_grid", one.is_kept},
                          {"problems", Json::array_of(one.problems)}});
}

Json test_json(const AiRun& run, const Measurement& measurement, Times times) {
  const AiTestRun& test = run.tests.at(measurement.id);
  const auto verdict = std::ranges::find(run.dossier.verdicts, measurement.id, &TestVerdict::test);
  const bool is_judged = verdict != run.dossier.verdicts.end();
  const ClassOutcome* worst = worst_class(test.details);
  Json json = Json::object_of({{"id", measurement.id},
                               {"state", to_text(is_judged ? verdict->state : State::not_checked)},
                               {"verdict", is_judged ? to_json(*verdict) : Json()},
                               {"measurement", to_json(measurement, times)},
                               {"classes", list_of(test.details.classes, class_json)},
                               {"worst_class", worst == nullptr ? Json() : class_json(*worst)},
                               {"grid", text_or_null(test.details.grid)},
                               {"examples", list_of(test.details.examples, example_json)},
                               {"examples_sha256", text_or_null(test.details.examples_sha256)}});
  if (times == Times::without) return json;
  json.set("measured_at", test.measured_at);
  json.set("measured_before", test.is_reused);
  json.set("files", Json::array_of(test.files));
  return json;
}

}  // namespace

Json ai_run_json(const AiRun& run, Times times) {
  const Dossier& dossier = run.dossier;
  return Json::object_of(
      {{"schema", "lockstep/ai-run/1"},
       {"product", Json::object_of({{"name", dossier.product.name},
                                    {"version", text_or_null(dossier.product.version)},
                                    {"sha256", dossier.product.sha256}})},
       {"tool_version", dossier.tool_version},
       {"worker_sha256", text_or_null(run.worker_sha256)},
       {"seed", seed_json(dossier.seed)},
       {"state", to_text(run.state)},
       {"inputs", list_of(dossier.inputs, [](const FileRef& file) { return to_json(file); })},
       {"tests", list_of(dossier.measurements,
                         [&](const Measurement& one) { return test_json(run, one, times); })},
       {"metrics", list_of(dossier.metrics, [](const Metrics& one) { return to_json(one); })},
       {"declared",
        list_of(dossier.declared, [](const DeclaredVerdict& one) { return to_json(one); })},
       {"not_checked", list_of(dossier.not_checked,
                               [](const NotChecked& one) {
                                 return Json::object_of(
                                     {{"what", one.what}, {"reason", one.reason}});
                               })},
       {"exit", run.exit}});
}

}  // namespace lockstep::documents
