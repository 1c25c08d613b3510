// SPDX-License-Identifier: Apache-2.0
#include "documents/json/supply_check.hpp"

#include "documents/json/parts.hpp"

namespace lockstep::documents {
namespace {

Json number_or_null(int number) {
  return number > 0 ? Json(number) : Json();
}

Json seen_json(const std::vector<SeenAt>& seen) {
  Json rows = Json::array();
  for (const SeenAt& one : seen)
    rows.push(Json::object_of({{"file", one.file},
                               {"page", number_or_null(one.page)},
                               {"line", number_or_null(one.line)},
                               {"sign", text_or_null(one.sign)},
                               {"words", one.words},
                               {"value", text_or_null(one.value)}}));
  return rows;
}

Json side_json(const CheckSide& side) {
  Json from = Json::array();
  for (const Day day : side.from)
    from.push(to_text(day));
  return Json::object_of({{"act", side.act},
                          {"requirement", side.requirement},
                          {"cites", Json::array_of(side.cites)},
                          {"differs", text_or_null(side.differs)},
                          {"applies", to_text(side.applies)},
                          {"assumed", side.is_assumed},
                          {"applies_from", std::move(from)},
                          {"because", Json::array_of(side.because)},
                          {"missing", Json::array_of(side.missing)}});
}

Json item_json(const CheckItem& item) {
  Json sides = Json::array();
  for (const CheckSide& side : item.sides)
    sides.push(side_json(side));
  Json answer;
  if (item.answer)
    answer = Json::object_of({{"answer", to_text(item.answer->answer)},
                              {"by", item.answer->by},
                              {"on", to_text(item.answer->on)},
                              {"note", text_or_null(item.answer->note)}});
  return Json::object_of({{"id", item.id},
                          {"says", item.says},
                          {"sides", std::move(sides)},
                          {"state", to_text(item.state)},
                          {"owed", item.is_owed},
                          {"applies", to_text(item.applies)},
                          {"because", Json::array_of(item.because)},
                          {"missing", Json::array_of(item.missing)},
                          {"where", seen_json(item.seen)},
                          {"not_found", Json::array_of(item.not_found)},
                          {"unread", Json::array_of(item.unread)},
                          {"ask", item.ask},
                          {"whom", item.asks_supplier ? "supplier" : "us"},
                          {"answer", std::move(answer)}});
}

Json duty_json(const CheckDuty& duty) {
  return side_json(duty.side).set("says", duty.says);
}

Json kept_json(const CheckDuty& duty) {
  return duty_json(duty).set("how_long", text_or_null(duty.side.keep));
}

Json questions_json(const std::vector<CheckQuestion>& questions) {
  return list_of(questions, [](const CheckQuestion& one) {
    return Json::object_of({{"id", one.id}, {"ask", one.ask}, {"conditional", one.is_conditional}});
  });
}

Json contradiction_json(const Contradiction& one) {
  Json cites = Json::array();
  for (const Citation& cite : one.cites)
    cites.push(Json::object_of({{"act", cite.act}, {"path", cite.path}}));
  return Json::object_of({{"id", one.id},
                          {"says", one.says},
                          {"where", seen_json(one.seen)},
                          {"cites", std::move(cites)},
                          {"ask", one.ask}});
}

Json files_json(const SupplyCheckView& view) {
  Json rows = Json::array();
  for (const CheckedFile& file : view.files)
    rows.push(Json::object_of({{"path", file.path},
                               {"sha256", text_or_null(file.sha256)},
                               {"form", file.form},
                               {"about", text_or_null(file.about)},
                               {"kinds", Json::array_of(file.kinds)},
                               {"language", text_or_null(file.language)},
                               {"legible", file.unread.empty()},
                               {"unread", text_or_null(file.unread)}}));
  return rows;
}

}  // namespace

Json supply_check_json(const SupplyCheckView& view, int exit) {
  return Json::object_of({{"schema", "lockstep/" + view.check + "-check/1"},
                          {"check", view.check},
                          {"bundle", view.bundle},
                          {"product", text_or_null(view.product)},
                          {"as_of", to_text(view.as_of)},
                          {"documents", files_json(view)},
                          {"items", list_of(view.items, item_json)},
                          {"contradictions", list_of(view.contradictions, contradiction_json)},
                          {"questions", questions_json(view.supplier_questions)},
                          {"own_questions", questions_json(view.own_questions)},
                          {"meanwhile", list_of(view.meanwhile, duty_json)},
                          {"keep", list_of(view.keep, kept_json)},
                          {"languages", Json::array_of(view.languages)},
                          {"remarks", Json::array_of(view.remarks)},
                          {"exit", exit}});
}

}  // namespace lockstep::documents
