// SPDX-License-Identifier: Apache-2.0
// How a worker is to read a data set, as values of the protocol (protocol.hpp).
#pragma once

#include <string>

#include "base/json.hpp"
#include "base/result.hpp"
#include "domain/preprocessing.hpp"

namespace lockstep::ai {

/// Beside the path of the data.
struct DataOptions {
  std::string columns;         ///< path of the description of a table's columns; "" for none
  std::string columns_sha256;  ///< "" when it is not known; otherwise the worker compares
  Preprocessing preprocessing;
  std::string text = {};         ///< path of the description of a data set of texts; "" for none
  std::string text_sha256 = {};  ///< likewise
  std::string vocabulary_sha256 = {};  ///< of the vocabulary that it names; likewise

  bool operator==(const DataOptions&) const = default;
};

/// To JSON and back. Errors of the reader: ai.protocol.
Json to_json(const DataOptions& options);
Result<DataOptions> read_data_options(const Json& json);

}  // namespace lockstep::ai
