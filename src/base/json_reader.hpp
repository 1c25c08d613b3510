// SPDX-License-Identifier: Apache-2.0
// From simdjson into the tree. simdjson validates the structure and finds the tokens; this adds
// what a person needs: line and column of every value, every duplicate key, and limits that hold
// whatever the file says. Used by json_read.cpp and json_list.cpp only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <utility>

#include "base/diagnostics.hpp"
#include "base/json.hpp"

namespace lockstep {

/// Turns byte offsets, asked in rising order, into lines and columns.
class JsonPlaces {
 public:
  explicit JsonPlaces(std::string_view text) : text_(text) {}

  /// Begins at an offset whose line is known.
  JsonPlaces(std::string_view text, std::size_t offset, std::uint32_t line, std::size_t line_start)
      : text_(text), offset_(offset), line_start_(line_start), line_(line) {}

  std::pair<std::uint32_t, std::uint32_t> of(const char* at) {
    const auto offset = static_cast<std::size_t>(at - text_.data());
    if (offset < offset_) {
      offset_ = 0;
      line_ = 1;
      line_start_ = 0;
    }
    while (const void* next = std::memchr(text_.data() + offset_, '\n', offset - offset_)) {
      offset_ = static_cast<std::size_t>(static_cast<const char*>(next) - text_.data()) + 1;
      line_start_ = offset_;
      ++line_;
    }
    offset_ = offset;
    return {line_, static_cast<std::uint32_t>(offset - line_start_ + 1)};
  }

 private:
  std::string_view text_;
  std::size_t offset_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
};

struct JsonReader {
  using Error = simdjson::error_code;
  using Value = simdjson::ondemand::value;

  const std::string& file;
  Diagnostics& problems;
  const TreeLimits& limits;
  JsonPlaces places;
  std::size_t nodes = 0;
  std::size_t depth = 0;
  /// The elements and members of the arrays and objects that are open, the innermost at the end.
  /// From here they move into lists of the right size.
  Json::Array items;
  Json::Object members;

  Error read(Value value, Json& into);
  /// Reads a member of the object that is open.
  Error read_member(std::string_view key, Value value);
  Error read_array(Value value, Json& into);
  Error read_object(Value value, Json& into);
};

}  // namespace lockstep
