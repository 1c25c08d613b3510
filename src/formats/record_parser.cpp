// SPDX-License-Identifier: Apache-2.0
#include "formats/record_parser.hpp"

#include <fmt/format.h>
#include <utility>

#include "base/check.hpp"

namespace lockstep::formats {

RecordParser::RecordParser(std::string size_code,
                           std::string syntax_code,
                           std::size_t bytes_max,
                           std::size_t depth_max)
    : size_code_(std::move(size_code)),
      syntax_code_(std::move(syntax_code)),
      bytes_max_(bytes_max),
      parser_(bytes_max) {
  const auto trouble = parser_.allocate(std::size_t{64} << 10U, depth_max);
  LS_CHECK(trouble == simdjson::SUCCESS, "no memory for a parser");
}

Result<simdjson::dom::element> RecordParser::parse(std::string_view& bytes,
                                                   const std::string& file) {
  if (bytes.size() > bytes_max_) {
    return fail(ErrorKind::input, size_code_,
                fmt::format("expected at most {} bytes in one document, found {}", bytes_max_,
                            bytes.size()),
                {file});
  }
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  simdjson::dom::element document;
  const simdjson::error_code trouble =
      parser_.parse(bytes.data(), bytes.size(), true).get(document);
  if (trouble != simdjson::SUCCESS) {
    return fail(ErrorKind::input, syntax_code_,
                fmt::format("expected one JSON document of {} bytes, found something else: {}",
                            bytes.size(), simdjson::error_message(trouble)),
                {file});
  }
  return document;
}

}  // namespace lockstep::formats
