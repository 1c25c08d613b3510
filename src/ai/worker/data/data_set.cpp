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
  return set;
}

constexpr std::array<DataReader, 3> rows{{
    {"image folder", "a folder with CLASS/NAME.png or .jpg", is_folder, read_image_folder},
    {"csv", "a .csv with a description of its columns", is_csv, read_csv},
    {"npz", "an .npz with images or x, and labels or y", is_any, read_arrays},
}};

}  // namespace

std::span<const DataReader> data_readers() {
  return rows;
}

Result<DataSet> read_data(const DataRequest& request) {
  for (const DataReader& row : rows) {
    if (!row.is_for(request.path)) continue;
    if (!request.options.columns.empty() && row.name != "csv")
      return fail(ErrorKind::usage, "ai.data",
                  fmt::format("a description of columns belongs to a .csv, but '{}' is {}",
                              quotable(request.path), row.reads),
                  {request.path, 0, 0});
    return row.read(request);
  }
  return fail(ErrorKind::internal, "ai.data", "no reader takes the data", {request.path, 0, 0});
}

}  // namespace lockstep::ai
