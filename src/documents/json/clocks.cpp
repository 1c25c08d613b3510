// SPDX-License-Identifier: Apache-2.0
#include "documents/json/clocks.hpp"

namespace lockstep::documents {
namespace {

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json instant_or_null(const std::optional<Instant>& at) {
  return at ? Json(to_text(*at)) : Json();
}

Json deadline_json(const Deadline& d) {
  return Json::object_of({
      {"id", d.id},
      {"act", d.act},
      {"what", d.what},
      {"stage", d.stage},
      {"owed_by", d.owed_by},
      {"to", Json::array_of(d.to)},
      {"promptly", text_or_null(d.promptly)},
      {"limit", text_or_null(d.limit)},
      {"content", Json::array_of(d.content)},
      {"cites", Json::array_of(d.cites)},
      {"notes", Json::array_of(d.notes)},
      {"contested", Json::array_of(d.contested)},
      {"state", to_text(d.state)},
      {"member_state", text_or_null(d.place)},
      {"time_zone", text_or_null(d.zone)},
      {"from", Json::object_of({{"what", text_or_null(d.from_what)},
                                {"utc", instant_or_null(d.from)},
                                {"local", text_or_null(d.from_local)}})},
      {"strict", Json::object_of({{"utc", instant_or_null(d.strict)},
                                  {"local", text_or_null(d.strict_local)}})},
      {"outer", Json::object_of({{"utc", instant_or_null(d.outer)},
                                 {"local", text_or_null(d.outer_local)},
                                 {"not_checked", text_or_null(d.outer_not_checked)}})},
      {"because", Json::array_of(d.because)},
      {"missing", Json::array_of(d.missing)},
      {"submitted", instant_or_null(d.submitted)},
  });
}

}  // namespace

Json clocks_json(const ClockView& view, int exit) {
  Json aware = Json::array();
  for (const Awareness& one : view.aware)
    aware.push(Json::object_of({{"at", to_text(one.at.at)},
                                {"by", one.by},
                                {"reason", text_or_null(one.reason)},
                                {"acts", Json::array_of(one.acts)}}));
  Json candidates = Json::array();
  for (const Candidate& one : view.candidates)
    candidates.push(Json::object_of({{"at", to_text(one.at.at)}, {"what", one.what}}));
  Json deadlines = Json::array();
  for (const Deadline& one : view.deadlines)
    deadlines.push(deadline_json(one));
  Json not_running = Json::array();
  for (const NotRunning& one : view.not_running)
    not_running.push(Json::object_of(
        {{"id", one.id}, {"act", one.act}, {"because", Json::array_of(one.because)}}));
  return Json::object_of({{"schema", "lockstep/clocks/1"},
                          {"title", view.title},
                          {"as_of", to_text(view.as_of)},
                          {"aware", std::move(aware)},
                          {"candidates", std::move(candidates)},
                          {"deadlines", std::move(deadlines)},
                          {"not_running", std::move(not_running)},
                          {"calendar_notes", Json::array_of(view.calendar_notes)},
                          {"exit", exit}});
}

}  // namespace lockstep::documents
