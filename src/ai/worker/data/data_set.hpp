// SPDX-License-Identifier: Apache-2.0
// The family of readers of data sets. Each takes the data that people have (arrays, folders of
// pictures, tables) and gives arrays `images` or `x`, and `labels` or `y`, for samples.hpp to fit
// to a net. How to add one: docs/how-to-add/data-reader.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ai/data_options.hpp"
#include "ai/tabular.hpp"
#include "ai/worker/data/npz.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// What is to be read.
struct DataRequest {
  std::string path;
  std::string sha256;  ///< that is expected; "" for none
  DataOptions options;
  std::int64_t wanted = 0;           ///< samples, from the first on
  std::vector<std::int64_t> sample;  ///< the net's input behind the batch axis; -1 where it is free
};

struct DataSet {
  std::vector<NamedArray> arrays;
  std::string sha256;                ///< of the file, or of the folder (base/tree_digest.hpp)
  std::vector<std::string> classes;  ///< their names by number; empty when nothing names them
  std::vector<std::string> names;    ///< of the samples; empty when they have none
  std::optional<TabularSchema> table;
};

struct DataReader {
  std::string_view name;
  std::string_view reads;  ///< what it reads, for people
  bool (*is_for)(const std::string& path);
  Result<DataSet> (*read)(const DataRequest& request);
  bool takes_columns;  ///< a description of columns may stand beside it
};

/// All rows. The first one that a path is for reads it.
std::span<const DataReader> data_readers();

/// Reads the data by the reader that its path is for.
/// Errors: ai.data when there is none, file.*, and those of the readers.
Result<DataSet> read_data(const DataRequest& request);

/// The description of the columns that the options name. Errors: ai.columns, ai.digest, file.*.
Result<TabularSchema> load_columns(const DataOptions& options);

/// Samples of a folder of pictures, CLASS/NAME.png or .jpg (image_folder.cpp).
/// Errors: ai.image, ai.classes, ai.shape, ai.digest, file.*.
Result<DataSet> read_image_folder(const DataRequest& request);

/// Samples of a CSV file, with a description of its columns (csv.cpp).
/// Errors: ai.columns, ai.csv, ai.digest, file.*.
Result<DataSet> read_csv(const DataRequest& request);

}  // namespace lockstep::ai
