// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ai/tabular.hpp"
#include "base/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using lockstep::Diagnostics;
  using lockstep::ai::TableColumn;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);  // NOLINT: bytes as text
  Diagnostics problems;
  const auto schema = lockstep::ai::read_columns(bytes, "fuzz.yaml", problems);
  LS_CHECK(!schema || !problems.has_errors(), "what has errors is not returned");
  if (!schema) return 0;
  // Whatever the features are, they stand for a row that keeps types, ranges and groups.
  const std::vector<double> features(schema->features, 0.25);
  std::vector<double> row(schema->columns.size());
  lockstep::ai::decode(*schema, features, row);
  for (std::size_t i = 0; i < row.size(); ++i) {
    const TableColumn& column = schema->columns[i];
    LS_CHECK(row[i] >= column.low && row[i] <= column.high, "decoding keeps the range");
    (void)lockstep::ai::text_in(column, row[i]);
  }
  std::vector<double> again(schema->features);
  lockstep::ai::encode(*schema, row, again);
  (void)lockstep::ai::problems_of(*schema, row);
  return 0;
}
