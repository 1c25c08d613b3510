// SPDX-License-Identifier: Apache-2.0
#include "ai/data_options.hpp"

#include "ai/fields.hpp"

namespace lockstep::ai {
namespace {

Json list_of(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values)
    list.push(value);
  return list;
}

std::vector<double> numbers_of(Fields& fields, std::string_view key) {
  std::vector<double> values;
  for (const Json& item : fields.items(key)) {
    const auto value = item.as_number();
    if (!value || !std::isfinite(*value)) fields.complain("numbers", key);
    values.push_back(value.value_or(0));
  }
  return values;
}

}  // namespace

Json to_json(const DataOptions& options) {
  return Json::object_of({{"columns", options.columns},
                          {"columns_sha256", options.columns_sha256},
                          {"scale", options.preprocessing.scale},
                          {"mean", list_of(options.preprocessing.mean)},
                          {"deviation", list_of(options.preprocessing.deviation)},
                          {"layout", options.preprocessing.layout}});
}

Result<DataOptions> read_data_options(const Json& json) {
  Fields fields(json);
  DataOptions options;
  options.columns = fields.text("columns");
  options.columns_sha256 = fields.text("columns_sha256");
  options.preprocessing.scale = fields.number("scale");
  options.preprocessing.mean = numbers_of(fields, "mean");
  options.preprocessing.deviation = numbers_of(fields, "deviation");
  options.preprocessing.layout = fields.text("layout");
  if (!fields.is_good()) return fields.error();
  return options;
}

}  // namespace lockstep::ai
