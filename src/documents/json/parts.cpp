// SPDX-License-Identifier: Apache-2.0
#include "documents/json/parts.hpp"

namespace lockstep::documents {

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json day_or_null(const std::optional<Day>& day) {
  return day ? Json(to_text(*day)) : Json();
}

Json seed_json(std::uint64_t seed) {
  constexpr std::uint64_t exact = std::uint64_t{1} << 53U;
  return seed <= exact ? Json(static_cast<std::int64_t>(seed)) : Json(std::to_string(seed));
}

Json to_json(const FileRef& file) {
  return Json::object_of({{"path", file.path}, {"sha256", file.sha256}});
}

Json to_json(const Interval& interval) {
  return Json::array().push(interval.low).push(interval.high);
}

Json to_json(const Accuracy& accuracy) {
  const double share = accuracy.total == 0 ? 0
                                           : static_cast<double>(accuracy.correct) /
                                                 static_cast<double>(accuracy.total);
  return Json::object_of({{"correct", accuracy.correct},
                          {"total", accuracy.total},
                          {"accuracy", share},
                          {"interval95", to_json(accuracy.interval95)}});
}

Json to_json(const Diagnostic& problem) {
  static constexpr std::string_view words[] = {"note", "warning", "error"};
  Json json = Json::object_of({{"severity", words[static_cast<std::size_t>(problem.severity)]},
                               {"code", problem.code},
                               {"message", problem.message}});
  if (!problem.where.file.empty()) json.set("file", problem.where.file);
  if (problem.where.line > 0) json.set("line", problem.where.line);
  if (problem.where.column > 0) json.set("column", problem.where.column);
  return json;
}

Json to_json(const Evidence& evidence, Times times) {
  Json json = Json::object_of({{"id", evidence.id},
                               {"kind", evidence.kind},
                               {"subject", evidence.subject},
                               {"sha256", evidence.sha256},
                               {"made_by", evidence.made_by},
                               {"data_state", text_or_null(evidence.data_state)},
                               {"seed", text_or_null(evidence.seed)},
                               {"shows", Json::array_of(evidence.shows)},
                               {"expires", text_or_null(evidence.expires)},
                               {"note", text_or_null(evidence.note)}});
  if (times == Times::with) json.set("made_at", text_or_null(evidence.made_at));
  return json;
}

Json evidence_json(std::span<const Evidence> evidence, int exit, Times times) {
  return Json::object_of(
      {{"schema", "lockstep/evidence/1"},
       {"evidence", list_of(evidence, [&](const Evidence& one) { return to_json(one, times); })},
       {"exit", exit}});
}

Json evidence_json(std::span<const EvidenceRow> rows, int exit, Times times) {
  return Json::object_of({{"schema", "lockstep/evidence/1"},
                          {"evidence", list_of(rows,
                                               [&](const EvidenceRow& row) {
                                                 return to_json(row.evidence, times)
                                                     .set("number", row.number)
                                                     .set("previous", row.previous)
                                                     .set("digest", row.digest);
                                               })},
                          {"exit", exit}});
}

}  // namespace lockstep::documents
