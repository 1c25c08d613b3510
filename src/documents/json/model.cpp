// SPDX-License-Identifier: Apache-2.0
#include "documents/json/parts.hpp"

namespace lockstep::documents {
namespace {

Json counts_json(const std::map<std::string, std::int64_t>& counts) {
  Json object = Json::object();
  for (const auto& [name, count] : counts)
    object.set(name, count);
  return object;
}

Json ports_json(const std::vector<Port>& ports) {
  return list_of(ports, [](const Port& port) {
    return Json::object_of(
        {{"name", port.name},
         {"type", port.type},
         {"shape", list_of(port.shape, [](std::int64_t size) { return Json(size); })}});
  });
}

}  // namespace

Json model_json(const ModelDescription& model, int exit) {
  std::int64_t nodes = 0;
  for (const auto& [name, count] : model.operators)
    nodes += count;
  return Json::object_of(
      {{"schema", "lockstep/model/1"},
       {"model",
        Json::object_of({{"path", model.path}, {"sha256", model.sha256}, {"bytes", model.bytes}})},
       {"ir_version", model.ir_version},
       {"producer", text_or_null(model.producer)},
       {"opsets", counts_json(model.opsets)},
       {"inputs", ports_json(model.inputs)},
       {"outputs", ports_json(model.outputs)},
       {"operators", counts_json(model.operators)},
       {"nodes", nodes},
       {"unsupported", Json::array_of(model.unsupported)},
       {"not_finite", Json::array_of(model.not_finite)},
       {"parameters", model.parameters},
       {"engine", text_or_null(model.engine)},
       {"checks", list_of(model.checks,
                          [](const ModelCheck& check) {
                            return Json::object_of({{"check", check.check},
                                                    {"state", to_text(check.state)},
                                                    {"says", check.says}});
                          })},
       {"exit", exit}});
}

}  // namespace lockstep::documents
