// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/data/data_set.hpp"

#include <array>
#include <filesystem>
#include <fmt/format.h>

#include "ai/worker/data/loaded.hpp"
#include "ai/worker/limits.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

bool is_csv(const std::string& path) {
  return lower_case(path).ends_with(".csv");
}

bool is_any(const std::string&) {
  return true;
}

Result<DataSet> read_arrays(const DataRequest& request) {
  TRY(const Loaded file, load(request.path, request.sha256, limits::data_bytes));
  DataSet set;
  TRY(set.arrays, read_npz(file.bytes, request.path));
  set.sha256 = file.sha256;
  if (request.options.columns.empty()) return set;
  TRY(set.table, load_columns(request.options));
  set.classes = set.table->class_names();
  return set;
}

constexpr std::array<DataReader, 3> rows{{
    {"image folder", "a folder with CLASS/NAME.png or .jpg", is_folder, read_image_folder, false},
    {"csv", "a .csv with a description of its columns", is_csv, read_csv, true},
    {"npz", "an .npz with images or x, and labels or y", is_any, read_arrays, true},
}};

}  // namespace

Result<TabularSchema> load_columns(const DataOptions& options) {
  TRY(const Loaded description,
      load(options.columns, options.columns_sha256, limits::columns_bytes));
  Diagnostics problems;
  auto schema = read_columns(description.bytes, options.columns, problems);
  TRY_VOID(first_of(problems));
  return schema;
}

std::span<const DataReader> data_readers() {
  return rows;
}

Result<DataSet> read_data(const DataRequest& request) {
  for (const DataReader& row : rows) {
    if (!row.is_for(request.path)) continue;
    if (!request.options.columns.empty() && !row.takes_columns)
      return fail(
          ErrorKind::usage, "ai.data",
          fmt::format("a description of columns belongs to a .csv or an .npz, but '{}' is {}",
                      quotable(request.path), row.reads),
          {request.path, 0, 0});
    return row.read(request);
  }
  return fail(ErrorKind::internal, "ai.data", "no reader takes the data", {request.path, 0, 0});
}

}  // namespace lockstep::ai
