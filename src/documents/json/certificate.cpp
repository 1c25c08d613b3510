// SPDX-License-Identifier: Apache-2.0
#include "documents/json/parts.hpp"

namespace lockstep::documents {
namespace {

Json smoothing_json(const Smoothing& smoothing) {
  return Json::object_of({{"sigma", smoothing.sigma},
                          {"selection_draws", smoothing.selection_draws},
                          {"draws", smoothing.draws},
                          {"alpha", smoothing.alpha},
                          {"abstained", smoothing.abstained},
                          {"average_radius", smoothing.average_radius},
                          {"curve", list_of(smoothing.curve, [](const RadiusPoint& point) {
                             return Json::object_of({{"radius", point.radius},
                                                     {"certified", to_json(point.certified)}});
                           })}});
}

Json list_of_numbers(const std::vector<double>& values) {
  return list_of(values, [](double value) { return Json(value); });
}

}  // namespace

Json certificate_json(const Certificate& c, int exit) {
  Json data = to_json(c.data);
  data.set("samples", c.samples);
  return Json::object_of(
      {{"schema", "lockstep/certificate/1"},
       {"kind", c.smoothing ? "smoothing" : "bounds"},
       {"model", to_json(c.model)},
       {"data", std::move(data)},
       {"preprocessing", text_or_null(c.preprocessing)},
       {"method", c.method},
       {"norm", c.norm},
       {"epsilon", c.smoothing ? Json() : Json(c.epsilon)},
       {"seed", seed_json(c.seed)},
       {"clean", to_json(c.clean)},
       {"verified", to_json(c.verified)},
       {"attacked", c.attacked ? to_json(*c.attacked) : Json()},
       {"smoothing", c.smoothing ? smoothing_json(*c.smoothing) : Json()},
       {"samples", list_of(c.rows,
                           [](const CertifiedSample& row) {
                             return Json::object_of({{"index", row.index},
                                                     {"label", row.label},
                                                     {"predicted", row.predicted},
                                                     {"bound", row.bound}});
                           })},
       {"soundness", list_of(c.soundness,
                             [](const SoundnessCheck& check) {
                               return Json::object_of({{"check", check.check},
                                                       {"state", to_text(check.state)},
                                                       {"value", check.value},
                                                       {"says", check.says}});
                             })},
       {"device", c.answered_by.device},
       {"engine", text_or_null(c.answered_by.engine)},
       {"seconds", c.seconds},
       {"worker_version", text_or_null(c.worker_version)},
       {"exit", exit}});
}

Json certificate_json(const PropertyAnswer& answer, int exit) {
  return Json::object_of({{"schema", "lockstep/certificate/1"},
                          {"kind", "property"},
                          {"model", to_json(answer.model)},
                          {"property", to_json(answer.property)},
                          {"verdict", to_text(answer.verdict)},
                          {"how", answer.how},
                          {"inputs", list_of_numbers(answer.inputs)},
                          {"outputs", list_of_numbers(answer.outputs)},
                          {"domains", answer.domains},
                          {"device", answer.answered_by.device},
                          {"engine", text_or_null(answer.answered_by.engine)},
                          {"seconds", answer.seconds},
                          {"worker_version", text_or_null(answer.worker_version)},
                          {"exit", exit}});
}

}  // namespace lockstep::documents
