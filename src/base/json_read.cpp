// SPDX-License-Identifier: Apache-2.0
// Reads JSON with simdjson (RFC 8259, checked UTF-8) into the tree. simdjson validates the
// structure and finds the tokens; this file adds what a person needs: line and column of every
// value, every duplicate key, and limits that hold whatever the file says.
#include <algorithm>
#include <cstring>
#include <iterator>
#include <simdjson.h>
#include <span>
#include <unordered_set>

#include "base/json.hpp"
#include "base/printable.hpp"
#include "base/text.hpp"

namespace lockstep {
namespace {

namespace ondemand = simdjson::ondemand;

/// Turns byte offsets, asked in rising order, into lines and columns.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text) {}

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

struct Reader {
  const std::string& file;
  Diagnostics& problems;
  const TreeLimits& limits;
  Places places;
  std::size_t nodes = 0;
  std::size_t depth = 0;
  /// The elements and members of the arrays and objects that are open, the innermost at the end.
  /// From here they move into lists of the right size.
  Json::Array items;
  Json::Object members;

  simdjson::error_code read(ondemand::value value, Json& into);
  simdjson::error_code read_array(ondemand::value value, Json& into);
  simdjson::error_code read_object(ondemand::value value, Json& into);
  simdjson::error_code read_member(std::string_view key, ondemand::value value);
  static simdjson::error_code read_scalar(ondemand::json_type type,
                                          ondemand::value value,
                                          Json& into);
};

/// The last of a stack from `first` on, as a list of their own.
template <typename List>
List take_from(List& stack, std::size_t first) {
  const auto begin = stack.begin() + static_cast<std::ptrdiff_t>(first);
  List taken(std::make_move_iterator(begin), std::make_move_iterator(stack.end()));
  stack.erase(begin, stack.end());
  return taken;
}

simdjson::error_code Reader::read_scalar(ondemand::json_type type,
                                         ondemand::value value,
                                         Json& into) {
  if (type == ondemand::json_type::string) {
    std::string_view text;
    if (const auto error = value.get_string().get(text)) return error;
    into = Json(text);
    return simdjson::SUCCESS;
  }
  if (type == ondemand::json_type::boolean) {
    bool truth = false;
    if (const auto error = value.get_bool().get(truth)) return error;
    into = Json(truth);
    return simdjson::SUCCESS;
  }
  if (type == ondemand::json_type::null) {
    bool nothing = false;
    if (const auto error = value.is_null().get(nothing)) return error;
    return nothing ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
  }
  std::int64_t integer = 0;
  if (value.get_int64().get(integer) == simdjson::SUCCESS) {
    into = Json(integer);
    return simdjson::SUCCESS;
  }
  double number = 0;
  if (const auto error = value.get_double().get(number)) return error;
  into = Json(number);
  return simdjson::SUCCESS;
}

simdjson::error_code Reader::read_array(ondemand::value value, Json& into) {
  ondemand::array elements;
  if (const auto error = value.get_array().get(elements)) return error;
  const std::size_t first = items.size();
  for (auto element : elements) {
    ondemand::value inner;
    if (const auto error = element.get(inner)) return error;
    Json child;
    if (const auto error = read(inner, child)) return error;
    items.push_back(std::move(child));
  }
  into = Json::array_of_items(take_from(items, first));
  return simdjson::SUCCESS;
}

/// The keys of one object. Few keys are searched, which is faster than hashing them.
class Keys {
 public:
  /// Whether the key is in none of the members from `first` on.
  bool insert(const Json::Object& members, std::size_t first, std::string_view key) {
    constexpr std::size_t few = 16;
    const auto before = std::span(members).subspan(first);
    if (before.size() < few)
      return std::ranges::find(before, key, &Json::Object::value_type::first) == before.end();
    if (!seen_) {
      seen_.emplace();
      for (const auto& member : before)
        seen_->insert(member.first);
    }
    return seen_->emplace(key).second;
  }

 private:
  std::optional<std::unordered_set<std::string>> seen_;
};

simdjson::error_code Reader::read_object(ondemand::value value, Json& into) {
  ondemand::object object;
  if (const auto error = value.get_object().get(object)) return error;
  Keys keys;
  const std::size_t first = members.size();
  for (auto member : object) {
    std::string_view key;  // lies beside the document until it is read
    if (const auto error = member.unescaped_key().get(key)) return error;
    ondemand::value inner;
    if (const auto error = member.value().get(inner)) return error;
    const bool is_new = keys.insert(members, first, key);
    if (const auto error = read_member(key, inner)) return error;
    if (!is_new)
      problems.error("json.duplicate_key",
                     "expected each key once, found '" + quotable(key) + "' again",
                     {file, members.back().second.line(), members.back().second.column()});
  }
  into = Json::object_of_members(take_from(members, first));
  return simdjson::SUCCESS;
}

/// SPEED: most members are texts, which are made where they stay.
simdjson::error_code Reader::read_member(std::string_view key, ondemand::value value) {
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  if (type != ondemand::json_type::string) {
    Json child;
    if (const auto error = read(value, child)) return error;
    members.emplace_back(key, std::move(child));
    return simdjson::SUCCESS;
  }
  if (++nodes > limits.nodes) return simdjson::CAPACITY;
  const auto [line, column] = places.of(value.raw_json_token().data());
  std::string_view text;
  if (const auto error = value.get_string().get(text)) return error;
  members.emplace_back(key, text).second.set_place(line, column);
  return simdjson::SUCCESS;
}

simdjson::error_code Reader::read(ondemand::value value, Json& into) {
  if (++nodes > limits.nodes) return simdjson::CAPACITY;
  const auto [line, column] = places.of(value.raw_json_token().data());
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  simdjson::error_code error = simdjson::SUCCESS;
  if (type == ondemand::json_type::array || type == ondemand::json_type::object) {
    if (++depth > limits.depth) return simdjson::DEPTH_ERROR;
    error = type == ondemand::json_type::array ? read_array(value, into) : read_object(value, into);
    --depth;
  } else {
    error = read_scalar(type, value, into);
  }
  into.set_place(line, column);
  return error;
}

/// A document that is one scalar has no `value`: simdjson reads it from the document itself.
simdjson::error_code read_root(ondemand::document& document, Reader& reader, Json& into) {
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
  Reader reader{file, problems, limits, Places(text), 0, 0, {}, {}};
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
