// SPDX-License-Identifier: Apache-2.0
#include "ai/attack_details.hpp"

#include "ai/fields.hpp"

namespace lockstep::ai {
namespace {

Json json_of(const ClassOutcome& one) {
  return Json::object_of({{"label", one.label},
                          {"name", one.name},
                          {"total", one.total},
                          {"right", one.right},
                          {"standing", one.standing}});
}

ClassOutcome read_class(Fields& outer, const Json& json) {
  Fields fields(json);
  ClassOutcome one{fields.integer("label"), fields.text("name"), fields.integer("total"),
                   fields.integer("right"), fields.integer("standing")};
  const bool fits = 0 <= one.standing && one.standing <= one.right && one.right <= one.total;
  if (!fields.is_good() || !fits) outer.complain("counts of each class", "classes");
  return one;
}

Json json_of(const AdversarialExample& example) {
  return Json::object_of({{"index", example.index},
                          {"name", example.name},
                          {"label", example.label},
                          {"predicted", example.predicted},
                          {"distance", example.distance},
                          {"is_kept", example.is_kept},
                          {"problems", Json::array_of(example.problems)}});
}

AdversarialExample read_example(Fields& outer, const Json& json) {
  Fields fields(json);
  AdversarialExample example;
  example.index = fields.integer("index");
  example.name = fields.text("name");
  example.label = fields.integer("label");
  example.predicted = fields.integer("predicted");
  example.distance = fields.number("distance");
  example.is_kept = fields.flag("is_kept");
  example.problems = fields.texts("problems");
  if (!fields.is_good() || example.index < 0 || example.label == example.predicted)
    outer.complain("inputs that deceive", "examples");
  return example;
}

}  // namespace

Json to_json(const AttackDetails& details) {
  Json classes = Json::array();
  for (const ClassOutcome& one : details.classes)
    classes.push(json_of(one));
  Json examples = Json::array();
  for (const AdversarialExample& example : details.examples)
    examples.push(json_of(example));
  return Json::object_of({{"grid", details.grid},
                          {"class_names", Json::array_of(details.class_names)},
                          {"classes", std::move(classes)},
                          {"examples", std::move(examples)},
                          {"examples_sha256", details.examples_sha256}});
}

Result<AttackDetails> read_attack_details(const Json& json) {
  Fields fields(json);
  AttackDetails details;
  details.grid = fields.text("grid");
  details.class_names = fields.texts("class_names");
  for (const Json& item : fields.items("classes"))
    details.classes.push_back(read_class(fields, item));
  for (const Json& item : fields.items("examples"))
    details.examples.push_back(read_example(fields, item));
  details.examples_sha256 = fields.text("examples_sha256");
  if (!fields.is_good()) return fields.error();
  return details;
}

}  // namespace lockstep::ai
