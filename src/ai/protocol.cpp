// SPDX-License-Identifier: Apache-2.0
#include "ai/protocol.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "ai/fields.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

constexpr TreeLimits line_limits{std::size_t{64} << 20U, 32, 2'000'000};

tl::unexpected<Error> bad(std::string message) {
  return fail(ErrorKind::internal, "ai.protocol", std::move(message));
}

constexpr std::array<std::pair<std::string_view, WorkerCommand>, 8> command_names{{
    {"inspect", WorkerCommand::inspect},
    {"evade", WorkerCommand::evade},
    {"certify", WorkerCommand::certify},
    {"universal", WorkerCommand::universal},
    {"corrupt", WorkerCommand::corrupt},
    {"measure", WorkerCommand::measure},
    {"conformance", WorkerCommand::conformance},
    {"draw", WorkerCommand::draw},
}};

std::string_view name_of(WorkerCommand command) {
  return std::ranges::find(command_names, command, [](const auto& row) { return row.second; })
      ->first;
}

constexpr std::array<std::pair<std::string_view, ErrorKind>, 5> kind_names{{
    {"usage", ErrorKind::usage},
    {"input", ErrorKind::input},
    {"verification", ErrorKind::verification},
    {"interrupted", ErrorKind::interrupted},
    {"internal", ErrorKind::internal},
}};

constexpr std::array<std::pair<std::string_view, ConformanceCase::Verdict>, 3> verdict_names{{
    {"pass", ConformanceCase::Verdict::pass},
    {"fail", ConformanceCase::Verdict::fail},
    {"unsupported", ConformanceCase::Verdict::unsupported},
}};

Json to_json(const EvasionPlan& plan) {
  return Json::object_of({{"id", plan.id},
                          {"model_id", plan.model_id},
                          {"attacks", Json::array_of(plan.attacks)},
                          {"norm", plan.norm},
                          {"epsilon", plan.epsilon},
                          {"steps", plan.steps},
                          {"restarts", plan.restarts},
                          {"passes", plan.passes},
                          {"random_start", plan.random_start},
                          {"keep_best", plan.keep_best},
                          {"samples", plan.samples},
                          {"batch_size", plan.batch_size},
                          {"seed", std::to_string(plan.seed)},
                          {"target", plan.target},
                          {"knowledge", plan.knowledge},
                          {"curve", list_of(plan.curve)}});
}

Result<EvasionPlan> read_plan(const Json& json) {
  Fields fields(json);
  EvasionPlan plan;
  plan.id = fields.text("id");
  plan.model_id = fields.text("model_id");
  plan.attacks = fields.texts("attacks");
  plan.norm = fields.text("norm");
  plan.epsilon = fields.number("epsilon");
  plan.steps = fields.small("steps");
  plan.restarts = fields.small("restarts");
  plan.passes = fields.small("passes");
  plan.random_start = fields.flag("random_start");
  plan.keep_best = fields.flag("keep_best");
  plan.samples = fields.integer("samples");
  plan.batch_size = fields.integer("batch_size");
  plan.seed = fields.word("seed");
  plan.target = fields.text("target");
  plan.knowledge = fields.text("knowledge");
  for (const Json& epsilon : fields.items("curve")) {
    if (!epsilon.as_number()) fields.complain("numbers", "curve");
    plan.curve.push_back(epsilon.as_number().value_or(0));
  }
  if (!fields.is_good()) return fields.error();
  return plan;
}

Json to_json(const AttackRun& run) {
  return Json::object_of({{"name", run.name},
                          {"source", run.source},
                          {"tried", run.tried},
                          {"broken", run.broken},
                          {"forward", run.forward},
                          {"backward", run.backward},
                          {"seconds", run.seconds}});
}

AttackRun read_run(Fields& outer, const Json& json) {
  Fields fields(json);
  AttackRun run{fields.text("name"),      fields.text("source"),     fields.integer("tried"),
                fields.integer("broken"), fields.integer("forward"), fields.integer("backward"),
                fields.number("seconds")};
  if (!fields.is_good() || run.broken > run.tried) outer.complain("what attacks did", "attacks");
  return run;
}

SoundnessCheck read_check(Fields& outer, const Json& json) {
  Fields fields(json);
  SoundnessCheck check;
  check.check = fields.text("check");
  const auto state = parse_state(fields.text("state"));
  check.state = state.value_or(State::not_checked);
  check.value = fields.number("value");
  check.says = fields.text("says");
  if (!fields.is_good() || !state) outer.complain("checks with their states", "soundness");
  return check;
}

Json to_json(const Distances& distances) {
  Json after = Json::array();
  for (const Distances::After& mark : distances.after)
    after.push(Json::object_of(
        {{"questions", mark.questions}, {"fooled", mark.fooled}, {"median", mark.median}}));
  Json json = Json::object_of({{"attacked", distances.attacked},
                               {"fooled", distances.fooled},
                               {"mean", distances.mean},
                               {"median", distances.median},
                               {"after", std::move(after)}});
  if (distances.median_attacked) json.set("median_attacked", *distances.median_attacked);
  return json;
}

Distances read_distances(Fields& outer, const Json& json) {
  Fields fields(json);
  Distances distances{fields.integer("attacked"),
                      fields.integer("fooled"),
                      fields.number("mean"),
                      fields.number("median"),
                      std::nullopt,
                      {}};
  if (json.find("median_attacked") != nullptr)
    distances.median_attacked = fields.number("median_attacked");
  for (const Json& item : fields.items("after")) {
    Fields mark(item);
    distances.after.push_back(
        {mark.integer("questions"), mark.integer("fooled"), mark.number("median")});
    if (!mark.is_good()) fields.complain("what was reached after some questions", "after");
  }
  if (!fields.is_good() || distances.fooled > distances.attacked)
    outer.complain("counts and distances", "distances");
  return distances;
}

Json to_json(const TableChanges& table) {
  Json rows = Json::array();
  for (const TableChanges::Row& row : table.rows)
    rows.push(Json::object_of(
        {{"sample", row.sample}, {"changed", Json::array_of(row.changed)}, {"cost", row.cost}}));
  return Json::object_of({{"rows", std::move(rows)},
                          {"median_changed", table.median_changed},
                          {"median_cost", table.median_cost},
                          {"exhausted", table.exhausted},
                          {"impossible", table.impossible}});
}

TableChanges read_table(Fields& outer, const Json& json) {
  Fields fields(json);
  TableChanges table;
  for (const Json& item : fields.items("rows")) {
    Fields row(item);
    table.rows.push_back({row.integer("sample"), row.texts("changed"), row.number("cost")});
    if (!row.is_good() || table.rows.back().sample < 0) fields.complain("broken rows", "rows");
  }
  table.median_changed = fields.number("median_changed");
  table.median_cost = fields.number("median_cost");
  table.exhausted = fields.integer("exhausted");
  table.impossible = fields.integer("impossible");
  if (!fields.is_good()) outer.complain("what changed in rows", "table");
  return table;
}

Result<Json> read_line(std::string_view line) {
  Diagnostics problems;
  auto tree = parse_json(line, "worker line", problems, line_limits);
  if (!tree) return bad("expected one JSON value per line: " + tree.error().message);
  if (problems.has_errors()) return bad("expected each key once in a line of the worker protocol");
  return tree;
}

}  // namespace

Json to_json(const Accuracy& accuracy) {
  return Json::object_of({{"correct", accuracy.correct},
                          {"total", accuracy.total},
                          {"low", accuracy.interval95.low},
                          {"high", accuracy.interval95.high}});
}

Accuracy read_accuracy(Fields& outer, std::string_view key) {
  Fields fields(outer.member(key));
  const Accuracy accuracy{fields.integer("correct"),
                          fields.integer("total"),
                          {fields.number("low"), fields.number("high")}};
  if (!fields.is_good() || accuracy.correct < 0 || accuracy.correct > accuracy.total)
    outer.complain("counts with their interval", key);
  return accuracy;
}

std::string write_request(const WorkerRequest& request) {
  Json json = Json::object_of({{"protocol", protocol_version},
                               {"command", name_of(request.command)},
                               {"model", request.model},
                               {"model_sha256", request.model_sha256},
                               {"data", request.data},
                               {"data_sha256", request.data_sha256},
                               {"data_options", to_json(request.data_options)},
                               {"examples", request.examples},
                               {"folders", Json::array_of(request.folders)},
                               {"evasion", to_json(request.evasion)},
                               {"threads", request.threads}});
  if (request.endpoint != EndpointOptions{}) json.set("endpoint", to_json(request.endpoint));
  if (!request.token.empty()) json.set("token", request.token);
  if (request.device != WorkerRequest{}.device) json.set("device", request.device);
  if (request.command == WorkerCommand::certify)
    json.set("certificate", to_json(request.certificate));
  if (request.command == WorkerCommand::corrupt)
    json.set("corruption", to_json(request.corruption));
  if (request.command == WorkerCommand::measure) json.set("metrics", to_json(request.metrics));
  if (request.command == WorkerCommand::universal)
    json.set("universal", to_json(request.universal));
  return to_canonical_json(json);
}

Result<WorkerRequest> read_request(std::string_view line) {
  TRY(const Json json, read_line(line));
  Fields fields(json);
  WorkerRequest request;
  const std::string command = fields.text("command");
  const auto row =
      std::ranges::find(command_names, command, [](const auto& each) { return each.first; });
  if (row == command_names.end())
    fields.complain("inspect, evade, universal, certify, corrupt, measure, conformance or draw",
                    "command");
  else
    request.command = row->second;
  if (fields.small("protocol") != protocol_version)
    fields.complain(fmt::format("{}", protocol_version), "protocol");
  request.model = fields.text("model");
  request.model_sha256 = fields.text("model_sha256");
  request.data = fields.text("data");
  request.data_sha256 = fields.text("data_sha256");
  request.examples = fields.text("examples");
  request.folders = fields.texts("folders");
  request.threads = fields.small("threads");
  if (json.find("token") != nullptr) request.token = fields.text("token");
  if (json.find("device") != nullptr) request.device = fields.text("device");
  if (!fields.is_good()) return fields.error();
  TRY(request.data_options, read_data_options(json["data_options"]));
  TRY(request.evasion, read_plan(json["evasion"]));
  if (json.find("endpoint") != nullptr) {
    TRY(request.endpoint, read_endpoint_options(json["endpoint"]));
  }
  if (request.command == WorkerCommand::certify) {
    TRY(request.certificate, read_certificate_plan(json["certificate"]));
  }
  if (request.command == WorkerCommand::corrupt) {
    TRY(request.corruption, read_corruption_plan(json["corruption"]));
  }
  if (request.command == WorkerCommand::measure) {
    TRY(request.metrics, read_metrics_plan(json["metrics"]));
  }
  if (request.command == WorkerCommand::universal) {
    TRY(request.universal, read_universal_plan(json["universal"]));
  }
  return request;
}

std::string write_progress(const ProgressReply& progress) {
  return to_canonical_json(Json::object_of(
      {{"progress", Json::object_of({{"stage", progress.stage},
                                     {"done", static_cast<std::int64_t>(progress.done)},
                                     {"total", static_cast<std::int64_t>(progress.total)}})}}));
}

std::string write_error(const Error& error) {
  const auto kind =
      std::ranges::find(kind_names, error.kind, [](const auto& row) { return row.second; });
  return to_canonical_json(
      Json::object_of({{"error", Json::object_of({{"kind", kind->first},
                                                  {"code", error.code},
                                                  {"message", error.message},
                                                  {"file", error.where.file},
                                                  {"notes", Json::array_of(error.notes)}})}}));
}

std::string write_result(const Json& result) {
  return to_canonical_json(Json::object_of({{"result", result}}));
}

Result<WorkerReply> read_reply(std::string_view line) {
  TRY(const Json json, read_line(line));
  if (const Json* result = json.find("result")) return WorkerReply(*result);
  if (const Json* progress = json.find("progress")) {
    Fields fields(*progress);
    const ProgressReply reply{fields.text("stage"),
                              static_cast<std::uint64_t>(fields.integer("done")),
                              static_cast<std::uint64_t>(fields.integer("total"))};
    if (!fields.is_good()) return fields.error();
    return WorkerReply(reply);
  }
  if (const Json* error = json.find("error")) {
    Fields fields(*error);
    ErrorReply reply;
    const std::string kind = fields.text("kind");
    const auto row =
        std::ranges::find(kind_names, kind, [](const auto& each) { return each.first; });
    if (row == kind_names.end()) fields.complain("a kind of error", "kind");
    reply.error.kind = row == kind_names.end() ? ErrorKind::internal : row->second;
    reply.error.code = fields.text("code");
    reply.error.message = fields.text("message");
    reply.error.where.file = fields.text("file");
    reply.error.notes = fields.texts("notes");
    if (!fields.is_good()) return fields.error();
    return WorkerReply(std::move(reply));
  }
  return bad("expected a line with progress, a result or an error from the worker");
}

Json to_json(const Measurement& m) {
  Json attacks = Json::array();
  for (const AttackRun& run : m.attacks)
    attacks.push(to_json(run));
  Json soundness = Json::array();
  for (const SoundnessCheck& check : m.soundness)
    soundness.push(Json::object_of({{"check", check.check},
                                    {"state", lockstep::to_text(check.state)},
                                    {"value", check.value},
                                    {"says", check.says}}));
  Json curve = Json::array();
  for (const CurvePoint& point : m.curve)
    curve.push(Json::object_of({{"epsilon", point.epsilon}, {"robust", to_json(point.robust)}}));
  Json json = Json::object_of({{"id", m.id},
                               {"model_id", m.model_id},
                               {"model", m.model.path},
                               {"model_sha256", m.model.sha256},
                               {"data", m.data.path},
                               {"data_sha256", m.data.sha256},
                               {"preprocessing", m.preprocessing},
                               {"samples", m.samples},
                               {"norm", m.norm},
                               {"epsilon", m.epsilon},
                               {"target", m.target},
                               {"left_out", m.left_out},
                               {"knowledge", m.knowledge},
                               {"budget", m.budget},
                               {"seed", std::to_string(m.seed)},
                               {"batch_size", m.batch_size},
                               {"clean", to_json(m.clean)},
                               {"robust", to_json(m.robust)},
                               {"attacks", std::move(attacks)},
                               {"claimed", m.claimed},
                               {"confirmed", m.confirmed},
                               {"soundness", std::move(soundness)},
                               {"curve", std::move(curve)},
                               {"device", m.answered_by.device},
                               {"engine", m.answered_by.engine},
                               {"threads", m.threads},
                               {"worker_version", m.worker_version}});
  if (m.distances) json.set("distances", to_json(*m.distances));
  if (m.table) json.set("table", to_json(*m.table));
  return json;
}

Result<Measurement> read_measurement(const Json& json) {
  Fields fields(json);
  Measurement m;
  m.id = fields.text("id");
  m.model_id = fields.text("model_id");
  m.model = {fields.text("model"), fields.text("model_sha256")};
  m.data = {fields.text("data"), fields.text("data_sha256")};
  m.preprocessing = fields.text("preprocessing");
  m.samples = fields.integer("samples");
  m.norm = fields.text("norm");
  m.epsilon = fields.number("epsilon");
  m.target = fields.text("target");
  m.left_out = fields.integer("left_out");
  m.knowledge = fields.text("knowledge");
  m.budget = fields.text("budget");
  m.seed = fields.word("seed");
  m.batch_size = fields.integer("batch_size");
  m.clean = read_accuracy(fields, "clean");
  m.robust = read_accuracy(fields, "robust");
  for (const Json& run : fields.items("attacks"))
    m.attacks.push_back(read_run(fields, run));
  m.claimed = fields.integer("claimed");
  m.confirmed = fields.integer("confirmed");
  for (const Json& check : fields.items("soundness"))
    m.soundness.push_back(read_check(fields, check));
  for (const Json& point : fields.items("curve")) {
    Fields inner(point);
    const double epsilon = inner.number("epsilon");
    m.curve.push_back({epsilon, read_accuracy(inner, "robust")});
    if (!inner.is_good()) fields.complain("epsilons", "curve");
  }
  if (const Json* distances = json.find("distances"))
    m.distances = read_distances(fields, *distances);
  if (const Json* table = json.find("table")) m.table = read_table(fields, *table);
  m.answered_by = {fields.text("device"), fields.text("engine")};
  m.threads = fields.small("threads");
  m.worker_version = fields.text("worker_version");
  if (m.confirmed > m.claimed || m.robust.correct > m.clean.correct)
    fields.complain("counts that fit together", "confirmed");
  if (!fields.is_good()) return fields.error();
  return m;
}

Json to_json(const Conformance& cases) {
  Json list = Json::array();
  for (const ConformanceCase& one : cases) {
    const auto verdict =
        std::ranges::find(verdict_names, one.verdict, [](const auto& row) { return row.second; });
    list.push(
        Json::object_of({{"name", one.name}, {"verdict", verdict->first}, {"reason", one.reason}}));
  }
  return Json::object_of({{"cases", std::move(list)}});
}

Result<Conformance> read_conformance(const Json& json) {
  Fields outer(json);
  Conformance cases;
  for (const Json& item : outer.items("cases")) {
    Fields fields(item);
    ConformanceCase one;
    one.name = fields.text("name");
    one.reason = fields.text("reason");
    const std::string verdict = fields.text("verdict");
    const auto row =
        std::ranges::find(verdict_names, verdict, [](const auto& each) { return each.first; });
    if (row == verdict_names.end()) fields.complain("pass, fail or unsupported", "verdict");
    if (!fields.is_good()) return fields.error();
    one.verdict = row->second;
    cases.push_back(std::move(one));
  }
  if (!outer.is_good()) return outer.error();
  return cases;
}

std::string to_text(const ConformanceCase& one) {
  switch (one.verdict) {
    case ConformanceCase::Verdict::pass:
      return "PASS " + one.name;
    case ConformanceCase::Verdict::fail:
      return "FAIL " + one.name + ": " + one.reason;
    case ConformanceCase::Verdict::unsupported:
      return "UNSUPPORTED " + one.name + ": " + one.reason;
  }
  return one.name;
}

}  // namespace lockstep::ai
