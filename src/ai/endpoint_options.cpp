// SPDX-License-Identifier: Apache-2.0
#include "ai/endpoint_options.hpp"

#include "ai/fields.hpp"

namespace lockstep::ai {

Json to_json(const EndpointOptions& options) {
  return Json::object_of({{"form", options.form},
                          {"model", options.model},
                          {"rows", options.rows},
                          {"parallel", options.parallel},
                          {"timeout_seconds", options.timeout_seconds},
                          {"tries", options.tries},
                          {"questions", options.questions}});
}

Result<EndpointOptions> read_endpoint_options(const Json& json) {
  Fields fields(json);
  EndpointOptions options;
  options.form = fields.text("form");
  options.model = fields.text("model");
  options.rows = fields.integer("rows");
  options.parallel = fields.small("parallel");
  options.timeout_seconds = fields.small("timeout_seconds");
  options.tries = fields.small("tries");
  options.questions = fields.integer("questions");
  if (!fields.is_good()) return fields.error();
  return options;
}

}  // namespace lockstep::ai
