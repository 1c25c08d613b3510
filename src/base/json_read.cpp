// SPDX-License-Identifier: Apache-2.0
// Reads JSON with simdjson (RFC 8259, checked UTF-8) into the tree.
#include <simdjson.h>

#include "base/json.hpp"
#include "base/json_reader.hpp"
#include "base/printable.hpp"

namespace lockstep {
namespace {

namespace ondemand = simdjson::ondemand;

/// A document that is one scalar has no `value`: simdjson reads it from the document itself.
simdjson::error_code read_root(ondemand::document& document, JsonReader& reader, Json& into) {
  bool scalar = false;
  if (const auto error = document.is_scalar().get(scalar)) return error;
  if (!scalar) {
    ondemand::value value;
    if (const auto error = document.get_value().get(value)) return error;
    return reader.read(value, into);
  }
  std::string_view text;
  std::int64_t integer = 0;
  double number = 0;
  bool truth = false;
  if (document.get_string().get(text) == simdjson::SUCCESS) {
    into = Json(text);
  } else if (document.get_int64().get(integer) == simdjson::SUCCESS) {
    into = Json(integer);
  } else if (document.get_double().get(number) == simdjson::SUCCESS) {
    into = Json(number);
  } else if (document.get_bool().get(truth) == simdjson::SUCCESS) {
    into = Json(truth);
  } else if (!document.is_null()) {
    return simdjson::TAPE_ERROR;
  }
  into.set_place(1, 1);
  return simdjson::SUCCESS;
}

Error explain(simdjson::error_code error, const TreeLimits& limits, Position where) {
  switch (error) {
    case simdjson::CAPACITY:
      return {ErrorKind::input,
              "json.size",
              "expected at most " + std::to_string(limits.nodes) + " values in one document",
              std::move(where),
              {}};
    case simdjson::DEPTH_ERROR:
      return {ErrorKind::input,
              "json.depth",
              "expected at most " + std::to_string(limits.depth) + " levels of nesting",
              std::move(where),
              {}};
    case simdjson::UTF8_ERROR:
      return {ErrorKind::input,
              "json.encoding",
              "expected UTF-8, found other bytes",
              std::move(where),
              {}};
    case simdjson::EMPTY:
      return {ErrorKind::input,
              "json.syntax",
              "expected a JSON document, found an empty file",
              std::move(where),
              {}};
    default:
      return {ErrorKind::input,
              "json.syntax",
              std::string("expected a JSON document, but it is broken here: ") +
                  simdjson::error_message(error),
              std::move(where),
              {}};
  }
}

}  // namespace

Result<Json> parse_json(std::string_view bytes,
                        const std::string& file,
                        Diagnostics& problems,
                        const TreeLimits& limits) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (bytes.size() > limits.bytes)
    return fail(ErrorKind::input, "json.size",
                "expected at most " + std::to_string(limits.bytes) + " bytes, found " +
                    std::to_string(bytes.size()),
                {file, 0, 0});
  const simdjson::padded_string padded(bytes);
  const std::string_view text{padded.data(), padded.size()};
  ondemand::parser parser;
  ondemand::document document;
  JsonReader reader{file, problems, limits, JsonPlaces(text), 0, 0, {}, {}};
  simdjson::error_code error = parser.iterate(padded).get(document);
  if (error == simdjson::UTF8_ERROR) {
    const auto [line, column] = reader.places.of(text.data() + utf8_prefix(text));
    return tl::unexpected<Error>(
        explain(error, limits, {file, static_cast<int>(line), static_cast<int>(column)}));
  }
  if (error != simdjson::SUCCESS)
    return tl::unexpected<Error>(explain(error, limits, {file, 0, 0}));
  Json root;
  error = read_root(document, reader, root);
  const char* here = nullptr;
  const bool is_at_end = document.current_location().get(here) == simdjson::OUT_OF_BOUNDS;
  if (error == simdjson::SUCCESS && !is_at_end) error = simdjson::TAPE_ERROR;
  if (error == simdjson::SUCCESS) return root;
  if (document.current_location().get(here) != simdjson::SUCCESS || here < text.data() ||
      here > text.data() + text.size())
    here = text.data() + text.size();
  const auto [line, column] = reader.places.of(here);
  return tl::unexpected<Error>(
      explain(error, limits, {file, static_cast<int>(line), static_cast<int>(column)}));
}

}  // namespace lockstep
