// SPDX-License-Identifier: Apache-2.0
#include "formats/schema.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/check.hpp"
#include "base/text.hpp"
#include "formats/limits.hpp"

namespace lockstep::formats {

const Json* ShippedSchemas::load(const std::string& name) {
  auto& slot = schemas_[name];
  if (!slot) slot = std::make_unique<Json>(shipped_document(folder_ + name));
  return slot.get();
}

SchemaRule ShippedSchemas::resolve(const std::string& reference, const Json* document) {
  const std::size_t hash = std::min(reference.find('#'), reference.size());
  if (hash > 0) document = load(reference.substr(0, reference.find(".schema.json")));
  const Json* node = document;
  for (const std::string_view step : split(std::string_view(reference).substr(hash), '/'))
    if (step != "#" && !step.empty()) node = &(*node)[step];
  LS_CHECK(!node->is_null(), "a schema of ours refers to a place that it lacks");
  return {node, document};
}

Json shipped_document(std::string_view name) {
  Diagnostics problems;
  auto schema = parse_json(shipped_schema(name), std::string(name), problems);
  LS_CHECK(schema.has_value(), "a schema of ours is missing or no JSON");
  return *std::move(schema);
}

void check_schema(const Json& document,
                  std::string_view name,
                  const std::string& code,
                  const Source& source) {
  const SchemaCheck check = broken_rules(document, name);
  const Severity severity = source.rules == Rules::errors ? Severity::error : Severity::warning;
  for (const BrokenRule& rule : check.broken)
    source.problems.add({severity, code,
                         fmt::format("{} (at {})", rule.message, shown_pointer(rule.pointer)),
                         rule.at->at(source.path)});
  if (check.gave_up)
    source.problems.warning("schema.not_checked", says_of_unchecked(), document.at(source.path));
}

std::string shown_pointer(std::string_view pointer) {
  return pointer.empty() ? "the top" : quotable(pointer, 200);
}

std::string says_of_unchecked() {
  return fmt::format(
      "expected a document that {} steps can check; what lies beyond them was not checked",
      schema_steps);
}

}  // namespace lockstep::formats
