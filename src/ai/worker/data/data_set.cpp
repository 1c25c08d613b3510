// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/data/data_set.hpp"

#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <utility>

#include "ai/worker/data/loaded.hpp"
#include "ai/worker/limits.hpp"
#include "base/text.hpp"
#include "base/tree_digest.hpp"

namespace lockstep::ai {
namespace {

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

bool is_csv(const std::string& path) {
  return lower_case(path).ends_with(".csv");
}

bool is_npy(const std::string& path) {
  return lower_case(path).ends_with(".npy");
}

bool is_any(const std::string&) {
  return true;
}

/// Takes the description of a table's columns, where there is one.
Result<DataSet> with_columns(DataSet set, const DataRequest& request) {
  if (request.options.columns.empty()) return set;
  TRY(set.table, load_columns(request.options));
  set.classes = set.table->class_names();
  return set;
}

Result<DataSet> read_arrays(const DataRequest& request) {
  TRY(const Loaded file, load(request.path, request.sha256, limits::data_bytes));
  DataSet set;
  TRY(set.arrays, read_npz(file.bytes, request.path));
  set.sha256 = file.sha256;
  return with_columns(std::move(set), request);
}

/// Samples and labels in a file each.
Result<DataSet> read_array_pair(const DataRequest& request) {
  const std::string labels = labels_beside(request.path);
  if (labels.empty())
    return fail(ErrorKind::input, "ai.data",
                fmt::format("expected an .npy whose name begins with 'x' or 'images', with its "
                            "labels beside it in a file that begins with 'y' or 'labels' and ends "
                            "alike, found '{}'",
                            quotable(request.path)),
                {request.path, 0, 0});
  TRY(const Loaded samples_file, load(request.path, "", limits::data_bytes));
  TRY(const Loaded labels_file, load(labels, "", limits::data_bytes));
  TreeDigest digest;
  digest.add_by_name(request.path, samples_file.sha256);
  digest.add_by_name(labels, labels_file.sha256);
  DataSet set;
  set.sha256 = digest.finish();
  TRY_VOID(check_digest(request.path, request.sha256, set.sha256));
  TRY(Array x, read_npy(samples_file.bytes, request.path));
  TRY(Array y, read_npy(labels_file.bytes, labels));
  set.arrays.push_back({"x", std::move(x)});
  set.arrays.push_back({"y", std::move(y)});
  return with_columns(std::move(set), request);
}

constexpr std::array<DataReader, 4> rows{{
    {"image folder", "a folder with CLASS/NAME.png or .jpg", is_folder, read_image_folder, false},
    {"csv", "a .csv with a description of its columns", is_csv, read_csv, true},
    {"npy", "an .npy of samples with its labels beside it", is_npy, read_array_pair, true},
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
          fmt::format(
              "a description of columns belongs to a .csv, an .npz or an .npy, but '{}' is {}",
              quotable(request.path), row.reads),
          {request.path, 0, 0});
    return row.read(request);
  }
  return fail(ErrorKind::internal, "ai.data", "no reader takes the data", {request.path, 0, 0});
}

}  // namespace lockstep::ai
