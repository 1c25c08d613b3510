// SPDX-License-Identifier: Apache-2.0
#include "formats/envelope/envelope.hpp"

#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <utility>

#include "formats/limits.hpp"

namespace lockstep::formats {
namespace {

constexpr std::uint8_t no_digit = 0xFF;

constexpr std::array<std::uint8_t, 256> digits = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(no_digit);
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  table['-'] = table['+'];
  table['_'] = table['/'];
  return table;
}();

bool is_envelope(const Json& tree) {
  return tree["payload"].is_string() && tree["payloadType"].is_string();
}

bool is_statement(const Json& tree) {
  return tree["predicateType"].is_string() && tree.find("predicate") != nullptr;
}

/// The payload of an envelope, taken apart.
Result<Document> open_payload(const Json& envelope, const Source& source, const std::string& code) {
  const Json& payload = envelope["payload"];
  const auto bytes = decode_base64(payload.string_or(""));
  if (!bytes)
    return fail(ErrorKind::input, "envelope.payload",
                fmt::format("expected base64 as payload, found {}", describe(payload)),
                payload.at(source.path));
  return parse_document(*bytes, source, code);
}

/// What a statement says: most put the bill there as it is, some under "Data", as a map or as text.
Result<Document> open_predicate(const Json& statement,
                                const Source& source,
                                const std::string& code) {
  const Json& predicate = statement["predicate"];
  const Json& data = predicate["Data"];
  if (data.is_string()) return parse_document(data.string_or(""), source, code);
  return Document{Syntax::json, data.is_object() ? data : predicate, std::nullopt};
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  while (text.ends_with('='))
    text.remove_suffix(1);
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t group = 0;
  int bits = 0;
  for (const char c : text) {
    const std::uint8_t digit = digits[static_cast<unsigned char>(c)];
    if (digit == no_digit) return std::nullopt;
    group = (group << 6U) | digit;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<char>((group >> static_cast<unsigned>(bits)) & 0xFFU));
  }
  return bytes;
}

Result<Document> open_envelopes(Document document, const Source& source, const std::string& code) {
  bool is_opened = false;
  for (int depth = 0;; ++depth) {
    const Json& tree = document.tree;
    const Json& bundled = tree["dsseEnvelope"];
    const Json& envelope = bundled.is_object() ? bundled : tree;
    if (!is_envelope(envelope) && !is_statement(tree)) break;
    if (depth == envelope_depth)
      return fail(
          ErrorKind::input, "envelope.depth",
          fmt::format("expected a document in at most {} envelopes, found more", envelope_depth),
          {source.path, 0, 0});
    is_opened = true;
    TRY(Document inner, is_envelope(envelope) ? open_payload(envelope, source, code)
                                              : open_predicate(tree, source, code));
    document = std::move(inner);
  }
  if (is_opened)
    source.problems.note("envelope.signature",
                         "the signature was not checked; lines are those of the payload",
                         {source.path, 0, 0});
  return document;
}

Result<Document> open_document(std::string_view bytes,
                               const Source& source,
                               const std::string& code) {
  TRY(Document outer, parse_document(bytes, source, code));
  return open_envelopes(std::move(outer), source, code);
}

}  // namespace lockstep::formats
