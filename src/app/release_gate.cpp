// SPDX-License-Identifier: Apache-2.0
#include "app/release_gate.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "app/data_status.hpp"
#include "app/import_data.hpp"
#include "app/inputs.hpp"
#include "app/scan.hpp"
#include "base/json.hpp"
#include "base/signature.hpp"
#include "base/text.hpp"
#include "documents/json/json.hpp"

namespace lockstep::app {

namespace {

constexpr std::uint64_t key_bytes_max = 64'000;
constexpr std::uint64_t record_bytes_max = std::uint64_t{256} << 20U;

/// What the decision is about: each bill, by its digest. Source: in-toto Statement v1.
Json subjects_of(const std::vector<Bom>& boms) {
  Json subjects = Json::array();
  for (const Bom& bom : boms)
    subjects.push(Json::object_of(
        {{"name", bom.path}, {"digest", Json::object_of({{"sha256", bom.sha256}})}}));
  return subjects;
}

Json inputs_of(const std::vector<FileRef>& files) {
  Json inputs = Json::array();
  for (const FileRef& file : files)
    inputs.push(Json::object_of({{"path", file.path}, {"sha256", file.sha256}}));
  return inputs;
}

Json policy_of(const Inputs& inputs) {
  if (!inputs.policy)
    return Json::object_of({{"name", "default"}, {"path", Json{}}, {"sha256", Json{}}});
  return Json::object_of({{"name", inputs.policy->name},
                          {"path", inputs.product.policy},
                          {"sha256", inputs.policy->sha256}});
}

void count(const Scan& scan, Day as_of, GateRecord& record) {
  record.age_gap = age_gap(scan.data, as_of);
  if (!record.age_gap.empty()) record.state = State::stale;
  record.findings = scan.findings.size();
  for (const Finding& finding : scan.findings) {
    record.state = worse(record.state, finding.state);
    record.failed += finding.state == State::fail ? 1 : 0;
    record.undecided += finding.state == State::human ? 1 : 0;
  }
  for (const Unmatched& unmatched : scan.unmatched) {
    if (!is_gap(unmatched)) continue;
    ++record.not_asked;
    record.state = worse(record.state, State::not_checked);
  }
}

Result<Json> read_json(const std::string& path, const Files& files) {
  TRY(const std::string bytes, files.read(path, record_bytes_max));
  Diagnostics problems;
  return parse_json(bytes, path, problems);
}

/// The name of the first member of the predicate that differs.
std::string difference(const Json& before, const Json& after) {
  if (!(before["subject"] == after["subject"])) return "subject";
  for (const auto& [key, value] : before["predicate"].members())
    if (!(value == after["predicate"][key])) return key;
  return "the record";
}

}  // namespace

Result<GateRecord> decide_release(const GateRequest& request,
                                  const Files& files,
                                  Diagnostics& problems) {
  TRY(const Inputs inputs, read_inputs(request.product_file, files, problems));
  if (std::ranges::all_of(inputs.boms, [](const Bom& bom) { return bom.components.empty(); }))
    return fail(ErrorKind::input, "gate.nothing",
                inputs.boms.empty()
                    ? "the product file names no bill of materials, so that there is nothing to "
                      "decide about"
                    : "the bills of materials list no component, so that there is nothing to "
                      "decide about",
                {request.product_file});
  TRY(const auto index, open_index(request.data_folder, files));
  if (!index)
    return fail(ErrorKind::input, "data.missing",
                "there is no advisory data here; `lockstep data import PATH...` takes it in",
                {index_path(request.data_folder), 0, 0});
  // The record names the index by its digest, and is kept for years.
  TRY_VOID(index->verify());
  TRY(const Scan scan, scan_boms(inputs.boms,
                                 {inputs.statements, inputs.policy ? &*inputs.policy : nullptr,
                                  inputs.reachability, request.as_of},
                                 *index));
  GateRecord record;
  count(scan, request.as_of, record);
  const Json found =
      documents::findings_json(inputs.boms, scan.data, scan.findings, scan.unmatched, 0);
  const Json predicate = Json::object_of(
      {{"product", Json::object_of({{"name", inputs.product.name},
                                    {"version", inputs.product.version},
                                    {"file_sha256", inputs.product.sha256}})},
       {"as_of", to_text(request.as_of)},
       {"decided_by", request.decided_by.empty() ? Json{} : Json(request.decided_by)},
       {"decision", to_text(record.state)},
       {"program", fmt::format("lockstep {}", LOCKSTEP_VERSION)},
       {"policy", policy_of(inputs)},
       {"index_sha256", index->sha256()},
       {"data", found["data"]},
       {"data_state", to_text(record.age_gap.empty() ? State::pass : State::stale)},
       {"inputs", inputs_of(inputs.files)},
       {"findings", found["findings"]},
       {"not_asked", found["unmatched"]}});
  record.statement =
      to_canonical_json(Json::object_of({{"_type", "https://in-toto.io/Statement/v1"},
                                         {"subject", subjects_of(inputs.boms)},
                                         {"predicateType", std::string(gate_predicate_type)},
                                         {"predicate", predicate}}));
  return record;
}

Result<std::string> sign_record(const GateRecord& record,
                                const std::string& key_file,
                                const Files& files) {
  TRY(const std::string key, files.read(key_file, key_bytes_max));
  TRY(const Json envelope, signed_envelope(gate_payload_type, record.statement, key));
  return to_pretty_json(envelope);
}

Result<VerifiedRecord> verify_record(const std::string& path,
                                     const std::string& key_file,
                                     const Files& files) {
  TRY(const Json envelope, read_json(path, files));
  TRY(const std::string key, files.read(key_file, key_bytes_max));
  VerifiedRecord record;
  TRY(record.statement, opened_envelope(envelope, gate_payload_type, key, path));
  TRY(record.key_id, key_id_of(key));
  Diagnostics problems;
  TRY(const Json statement, parse_json(record.statement, path, problems));
  const Json& predicate = statement["predicate"];
  if (statement["predicateType"].string_or("") != gate_predicate_type)
    return fail(ErrorKind::input, "gate.record",
                fmt::format("expected a record of the release gate, found a statement of type '{}'",
                            quotable(statement["predicateType"].string_or(""))),
                {path});
  record.product = predicate["product"]["name"].string_or("") + " " +
                   predicate["product"]["version"].string_or("");
  record.as_of = predicate["as_of"].string_or("");
  record.state = predicate["decision"].string_or("");
  record.decided_by = predicate["decided_by"].string_or("");
  return record;
}

Result<> replay_record(const VerifiedRecord& record,
                       const std::string& product_file,
                       const std::string& data_folder,
                       const Files& files,
                       Diagnostics& problems) {
  const auto day = parse_day(record.as_of);
  if (!day)
    return fail(ErrorKind::input, "gate.record", "expected the day of the record, found none");
  TRY(const GateRecord again,
      decide_release({product_file, data_folder, *day, record.decided_by}, files, problems));
  if (again.statement == record.statement) return {};
  Diagnostics ignored;
  TRY(const Json before, parse_json(record.statement, "record", ignored));
  TRY(const Json after, parse_json(again.statement, "replay", ignored));
  return fail(ErrorKind::verification, "gate.differs",
              fmt::format("judged again, the record differs from the signed one, first in '{}'",
                          difference(before, after)));
}

}  // namespace lockstep::app
