// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fmt/format.h>

#include "app/ai.hpp"
#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array positionals = {Positional{"MODEL", "an ONNX file, or a gzip of one"}};

/// "[any, 1, 28, 28]"
std::string shape_words(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t size : shape)
    text += (text.empty() ? "" : ", ") + (size < 0 ? std::string("any") : std::to_string(size));
  return "[" + text + "]";
}

std::string opset_words(const std::map<std::string, std::int64_t>& opsets) {
  std::string text;
  for (const auto& [domain, version] : opsets)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ",
                        domain.empty() ? "ai.onnx" : quotable(domain), version);
  return text;
}

std::string report(const ModelDescription& model, int width, bool color) {
  const auto columns = static_cast<std::size_t>(width);
  std::string text = fmt::format("{}\nsha256      {}\nsize        {} bytes, {} parameters\n",
                                 quotable(model.path), model.sha256, model.bytes, model.parameters);
  const auto line = [&](std::string_view name, const std::string& value) {
    text += wrap(fmt::format("{:<11} {}", name, value), columns, 12) + "\n";
  };
  line("made by", model.producer.empty() ? "not said" : quotable(model.producer));
  line("format",
       fmt::format("ONNX IR {}, operator sets {}", model.ir_version, opset_words(model.opsets)));
  line("answered by", model.engine.empty() ? "nothing: it cannot be run" : model.engine);
  Table ports({"Port", "Name", "Type", "Shape"});
  for (const Port& port : model.inputs)
    ports.add({"input", port.name, port.type, shape_words(port.shape)});
  for (const Port& port : model.outputs)
    ports.add({"output", port.name, port.type, shape_words(port.shape)});
  text += "\n" + ports.to_text(width);
  Table operators({"Operator", "Nodes"});
  for (const auto& [name, count] : model.operators)
    operators.add({name, std::to_string(count)});
  text += "\n" + operators.to_text(width);
  Table checks({"Check", "State", "Says"});
  for (const ModelCheck& check : model.checks)
    checks.add({check.check, colored(check.state, color), check.says});
  return text + "\n" + checks.to_text(width);
}

Result<Outcome> run_inspect(const Arguments& arguments, Environment& environment) {
  TRY(const ModelDescription model, app::inspect(environment.variable("LOCKSTEP_ATTACK"),
                                                 arguments.text("MODEL"), environment.progress));
  Outcome outcome;
  outcome.text = arguments.is_json() ? app::model_document(model, outcome.exit)
                                     : report(model, environment.width, environment.color);
  return outcome;
}

}  // namespace

const Command ai_inspect = {
    "ai inspect",
    "says what a model file is, and what looks unsafe about it",
    positionals,
    {},
    "lockstep ai inspect model.onnx\n"
    "lockstep ai inspect model.onnx --format json",
    run_inspect,
};

}  // namespace lockstep::frontends
