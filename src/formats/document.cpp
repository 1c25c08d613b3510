// SPDX-License-Identifier: Apache-2.0
#include "formats/document.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/limits.hpp"
#include "formats/spdx/tag_value.hpp"

namespace lockstep::formats {
namespace {

bool is_utf16(std::string_view bytes) {
  return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
}

/// "<" after a byte order mark of UTF-8 or UTF-16, or after nothing.
bool looks_like_xml(std::string_view bytes) {
  if (is_utf16(bytes)) return bytes.substr(2, 2).find('<') != std::string_view::npos;
  return trim(bytes).starts_with('<');
}

Result<Document> with_tree(Syntax syntax, Result<Json> tree) {
  if (!tree) return tl::unexpected<Error>(std::move(tree).error());
  return Document{syntax, *std::move(tree), std::nullopt};
}

}  // namespace

Result<Document> parse_document(std::string_view bytes,
                                const Source& source,
                                const std::string& code) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (looks_like_xml(bytes)) {
    TRY(XmlDocument xml, XmlDocument::parse(bytes, source.path, bom_limits));
    return Document{Syntax::xml, {}, std::move(xml)};
  }
  const bool is_zip = bytes.starts_with("PK\x03\x04");
  if (is_utf16(bytes) || is_zip)
    return fail(ErrorKind::input, code,
                fmt::format("expected a document of a known format, found {}",
                            is_zip ? "a zip archive" : "a text in UTF-16"),
                {source.path, 1, 0});
  const std::string_view text = trim(bytes);
  if (!text.starts_with('{') && !text.starts_with('[')) {
    if (looks_like_tag_value(bytes))
      return with_tree(Syntax::tag_value, parse_tag_value(bytes, source));
    if (text.find("spdxVersion") != std::string_view::npos)
      return with_tree(Syntax::yaml,
                       parse_yaml(bytes, source.path, source.problems, bom_yaml_limits));
  }
  return with_tree(Syntax::json, parse_json(bytes, source.path, source.problems, bom_limits));
}

}  // namespace lockstep::formats
