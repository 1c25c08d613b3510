// SPDX-License-Identifier: Apache-2.0
// SPDX 2 as plain XML: each element has the name of a key of the JSON form, and a list is the same
// element several times. Which elements are lists the schema of that form knows.
// Source: SPDX specification 2.3, clause 4.4 (data formats), as the SPDX tools write it.
#include "formats/xml.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "formats/document.hpp"
#include "formats/members.hpp"
#include "formats/schema.hpp"
#include "formats/spdx/spdx.hpp"

namespace lockstep::formats {
namespace {

class Converter {
 public:
  Converter() : schema_(shipped_document("spdx/spdx-2")) {}

  Json convert(const XmlElement& root) const { return convert(root, schema_); }

 private:
  const Json& resolved(const Json& rule) const {
    constexpr std::string_view inside = "#/definitions/";
    const std::string reference = rule["$ref"].string_or("");
    return reference.starts_with(inside) ? schema_["definitions"][reference.substr(inside.size())]
                                         : rule;
  }

  /// The depth is bounded by bom_limits.depth.
  Json convert(const XmlElement& element, const Json& rule) const {
    const auto children = element.children();
    // A text may also be a truth or a number, as the schema's type says.
    Members members;
    for (const XmlElement& child : children) {
      const std::string key(child.name());
      const Json& own = resolved(rule["properties"][key]);
      if (own["type"].string_or("") != "array") {
        members[key] = convert(child, own);
        continue;
      }
      Json& list = members[key];
      if (list.is_null()) {
        list = Json::array();
        list.set_place(static_cast<std::uint32_t>(std::max(child.line(), 0)), 0);
      }
      list.push(convert(child, resolved(own["items"])));
    }
    Json node = children.empty() ? Json::plain(element.text()) : members.take();
    node.set_place(static_cast<std::uint32_t>(std::max(element.line(), 0)), 0);
    return node;
  }

  Json schema_;
};

Document as_tree(const Document& document) {
  return {Syntax::xml, Converter().convert(document.xml->root()), std::nullopt};
}

}  // namespace

bool looks_like_spdx_xml(const Document& document) {
  if (!document.xml) return false;
  const XmlElement root = document.xml->root();
  return root.name() == "Document" &&
         std::ranges::any_of(root.children(),
                             [](const XmlElement& child) { return child.name() == "spdxVersion"; });
}

Bom read_spdx_xml(const Document& document, const Source& source) {
  return read_spdx(as_tree(document), source);
}

std::vector<LeftOut> left_out_of_spdx_xml(const Document& document) {
  return left_out_of_spdx(as_tree(document));
}

}  // namespace lockstep::formats
