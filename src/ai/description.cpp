// SPDX-License-Identifier: Apache-2.0
#include "ai/description.hpp"

#include "ai/fields.hpp"

namespace lockstep::ai {
namespace {

Json counts_of(const std::map<std::string, std::int64_t>& counts) {
  Json object = Json::object();
  for (const auto& [name, count] : counts)
    object.set(name, count);
  return object;
}

std::map<std::string, std::int64_t> read_counts(Fields& fields, std::string_view key) {
  std::map<std::string, std::int64_t> counts;
  if (!fields.member(key).is_object()) fields.complain("an object", key);
  for (const auto& [name, count] : fields.member(key).members()) {
    if (!count.as_int()) fields.complain("integers", key);
    counts[name] = count.as_int().value_or(0);
  }
  return counts;
}

Json ports_json(const std::vector<Port>& ports) {
  Json list = Json::array();
  for (const Port& port : ports) {
    Json shape = Json::array();
    for (const std::int64_t size : port.shape)
      shape.push(size);
    list.push(
        Json::object_of({{"name", port.name}, {"type", port.type}, {"shape", std::move(shape)}}));
  }
  return list;
}

std::vector<Port> read_ports(Fields& outer, std::string_view key) {
  std::vector<Port> ports;
  for (const Json& item : outer.items(key)) {
    Fields fields(item);
    Port port{fields.text("name"), fields.text("type"), {}};
    for (const Json& size : fields.items("shape")) {
      if (!size.as_int()) fields.complain("integers", "shape");
      port.shape.push_back(size.as_int().value_or(-1));
    }
    if (!fields.is_good()) outer.complain("inputs and outputs with shapes", key);
    ports.push_back(std::move(port));
  }
  return ports;
}

std::vector<ModelCheck> read_checks(Fields& outer) {
  std::vector<ModelCheck> checks;
  for (const Json& item : outer.items("checks")) {
    Fields fields(item);
    const auto state = parse_state(fields.text("state"));
    checks.push_back(
        {fields.text("check"), state.value_or(State::not_checked), fields.text("says")});
    if (!fields.is_good() || !state) outer.complain("checks with their states", "checks");
  }
  return checks;
}

}  // namespace

Json to_json(const ModelDescription& d) {
  Json checks = Json::array();
  for (const ModelCheck& check : d.checks)
    checks.push(Json::object_of(
        {{"check", check.check}, {"state", lockstep::to_text(check.state)}, {"says", check.says}}));
  return Json::object_of({{"sha256", d.sha256},
                          {"bytes", d.bytes},
                          {"ir_version", d.ir_version},
                          {"producer", d.producer},
                          {"opsets", counts_of(d.opsets)},
                          {"inputs", ports_json(d.inputs)},
                          {"outputs", ports_json(d.outputs)},
                          {"operators", counts_of(d.operators)},
                          {"unsupported", Json::array_of(d.unsupported)},
                          {"not_finite", Json::array_of(d.not_finite)},
                          {"parameters", d.parameters},
                          {"engine", d.engine},
                          {"checks", std::move(checks)}});
}

Result<ModelDescription> read_description(const Json& json) {
  Fields fields(json);
  ModelDescription d;
  d.sha256 = fields.text("sha256");
  d.bytes = fields.integer("bytes");
  d.ir_version = fields.integer("ir_version");
  d.producer = fields.text("producer");
  d.opsets = read_counts(fields, "opsets");
  d.inputs = read_ports(fields, "inputs");
  d.outputs = read_ports(fields, "outputs");
  d.operators = read_counts(fields, "operators");
  d.unsupported = fields.texts("unsupported");
  d.not_finite = fields.texts("not_finite");
  d.parameters = fields.integer("parameters");
  d.engine = fields.text("engine");
  d.checks = read_checks(fields);
  if (!fields.is_good()) return fields.error();
  return d;
}

}  // namespace lockstep::ai
