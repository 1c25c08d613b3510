// SPDX-License-Identifier: Apache-2.0
// The JSON parser of the readers of advisory records, which read hundreds of thousands of documents
// one after the other and keep its working memory between them.
#pragma once

#include <cstddef>
#include <simdjson.h>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep::formats {

class RecordParser {
 public:
  /// @param size_code, syntax_code of the errors: "osv.size", "osv.syntax"
  /// @param bytes_max of one document
  /// @param depth_max of nested arrays and objects
  RecordParser(std::string size_code,
               std::string syntax_code,
               std::size_t bytes_max,
               std::size_t depth_max);

  /// Takes a byte order mark off `bytes`; the document lives until the next call.
  /// Errors: the two codes.
  Result<simdjson::dom::element> parse(std::string_view& bytes, const std::string& file);

 private:
  std::string size_code_;
  std::string syntax_code_;
  std::size_t bytes_max_;
  simdjson::dom::parser parser_;
};

}  // namespace lockstep::formats
