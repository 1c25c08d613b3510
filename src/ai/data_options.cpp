// SPDX-License-Identifier: Apache-2.0
#include "ai/data_options.hpp"

#include "ai/fields.hpp"

namespace lockstep::ai {

Json to_json(const DataOptions& options) {
  return Json::object_of({{"columns", options.columns},
                          {"columns_sha256", options.columns_sha256},
                          {"scale", options.preprocessing.scale},
                          {"mean", list_of(options.preprocessing.mean)},
                          {"deviation", list_of(options.preprocessing.deviation)},
                          {"layout", options.preprocessing.layout},
                          {"text", options.text},
                          {"text_sha256", options.text_sha256},
                          {"vocabulary_sha256", options.vocabulary_sha256}});
}

Result<DataOptions> read_data_options(const Json& json) {
  Fields fields(json);
  DataOptions options;
  options.columns = fields.text("columns");
  options.columns_sha256 = fields.text("columns_sha256");
  options.preprocessing.scale = fields.number("scale");
  options.preprocessing.mean = fields.numbers("mean");
  options.preprocessing.deviation = fields.numbers("deviation");
  options.preprocessing.layout = fields.text("layout");
  options.text = fields.text("text");
  options.text_sha256 = fields.text("text_sha256");
  options.vocabulary_sha256 = fields.text("vocabulary_sha256");
  if (!fields.is_good()) return fields.error();
  return options;
}

}  // namespace lockstep::ai
