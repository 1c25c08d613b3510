// SPDX-License-Identifier: Apache-2.0
// CycloneDX as XML. Its elements are put into the form that the standard gives them as JSON, with
// their lines, so that one reader takes the bill and the statements out of both: wrappers become
// lists, attributes become members, and the few elements that JSON writes otherwise have a row
// each. Elements of other namespaces are extensions, which JSON has no place for, and are passed
// over.
//
// Source: ECMA-424 and the XML schemas of CycloneDX 1.0 to 1.7; the extension "dependency graph"
// 1.0, which says in 1.1 what `dependencies` says since 1.2.
#include "formats/xml.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fmt/format.h>
#include <map>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "formats/cyclonedx/cyclonedx.hpp"
#include "formats/cyclonedx/parts.hpp"
#include "formats/document.hpp"
#include "formats/members.hpp"

namespace lockstep::formats {
namespace {

constexpr std::string_view bom_space = "http://cyclonedx.org/schema/bom/";
constexpr std::string_view graph_space = "http://cyclonedx.org/schema/ext/dependency-graph/1.0";
constexpr std::array<std::string_view, 8> versions = {"1.0", "1.1", "1.2", "1.3",
                                                      "1.4", "1.5", "1.6", "1.7"};

/// A wrapper whose children of the name `item` are a list in JSON, under the key `key`.
struct Wrapper {
  std::string_view name;
  std::string_view item;
  std::string_view key;
};

constexpr std::array wrappers = {
    Wrapper{"components", "component", "components"},
    Wrapper{"services", "service", "services"},
    Wrapper{"tools", "tool", "tools"},
    Wrapper{"authors", "author", "authors"},
    Wrapper{"hashes", "hash", "hashes"},
    Wrapper{"licenses", "", "licenses"},
    Wrapper{"properties", "property", "properties"},
    Wrapper{"externalReferences", "reference", "externalReferences"},
    Wrapper{"dependencies", "dependency", "dependencies"},
    Wrapper{"vulnerabilities", "vulnerability", "vulnerabilities"},
    Wrapper{"references", "reference", "references"},
    Wrapper{"ratings", "rating", "ratings"},
    Wrapper{"responses", "response", "response"},
    Wrapper{"affects", "target", "affects"},
    Wrapper{"versions", "version", "versions"},
};

const Wrapper* wrapper_of(const XmlElement& element, const std::vector<XmlElement>& children) {
  const auto row = std::ranges::find(wrappers, element.name(), &Wrapper::name);
  if (row == wrappers.end()) return nullptr;
  // Since 1.5 `tools` holds components and services instead of tools.
  const bool has_items = std::ranges::any_of(
      children, [&](const XmlElement& child) { return child.name() == row->item; });
  return row->name == "tools" && !has_items && !children.empty() ? nullptr : &*row;
}

std::string attribute(const XmlElement& element, std::string_view name) {
  return element.attribute(name).value_or("");
}

Json placed(Json node, const XmlElement& element) {
  node.set_place(static_cast<std::uint32_t>(std::max(element.line(), 0)), 0);
  return node;
}

/// The depth is bounded by bom_limits.depth.
class Converter {
 public:
  Json convert(const XmlElement& element) const {
    const std::string_view name = element.name();
    if (name == "hash")
      return placed(
          Json::object_of({{"alg", attribute(element, "alg")}, {"content", text(element)}}),
          element);
    if (name == "property")
      return placed(
          Json::object_of({{"name", attribute(element, "name")}, {"value", text(element)}}),
          element);
    const auto children = own_children(element);
    const auto attributes = element.attributes();
    if (children.empty() && (attributes.empty() || !element.text().empty()))
      return placed(Json(element.text()), element);
    Members members;
    for (const auto& [key, value] : attributes)
      members[key] = placed(Json(value), element);
    std::map<std::string, std::size_t> counts;
    for (const XmlElement& child : children)
      add(child, members, counts);
    return placed(members.take(), element);
  }

 private:
  static std::vector<XmlElement> own_children(const XmlElement& element) {
    auto children = element.children();
    std::erase_if(children, [](const XmlElement& child) {
      return !child.name_space().starts_with(bom_space) && child.name_space() != graph_space;
    });
    return children;
  }

  static Json text(const XmlElement& element) { return placed(Json(element.text()), element); }

  /// An element without a wrapper that is there again is a list.
  /// @param counts how often each name was there
  void add(const XmlElement& child,
           Members& members,
           std::map<std::string, std::size_t>& counts) const {
    const auto items = own_children(child);
    const Wrapper* wrapper = wrapper_of(child, items);
    if (wrapper == nullptr) {
      const std::string key(child.name());
      Json& value = members[key];
      const std::size_t earlier = counts[key]++;
      if (earlier == 1) value = placed(Json::array().push(std::move(value)), child);
      if (earlier == 0)
        value = convert(child);
      else
        value.push(convert(child));
      return;
    }
    Json list = Json::array();
    for (const XmlElement& item : items) {
      if (wrapper->name == "licenses") {
        list.push(licence(item));
      } else if (wrapper->name == "dependencies") {
        if (item.name() == wrapper->item) add_dependency(item, list);
      } else if (item.name() == wrapper->item) {
        list.push(convert(item));
      }
    }
    members[std::string(wrapper->key)] = placed(std::move(list), child);
  }

  Json licence(const XmlElement& element) const {
    Json node = Json::object();
    if (element.name() == "expression-detailed")
      node.set("expression", attribute(element, "expression"));
    else
      node.set(std::string(element.name()), convert(element));
    return placed(std::move(node), element);
  }

  /// An element that a component depends on may itself hold those that it depends on; in JSON each
  /// component has its own entry.
  static void add_dependency(const XmlElement& element, Json& list) {
    Json targets = Json::array();
    Json provided = Json::array();
    std::vector<XmlElement> holders;
    for (const XmlElement& child : own_children(element)) {
      Json reference = placed(Json(attribute(child, "ref")), child);
      if (child.name() == "provides") provided.push(std::move(reference));
      if (child.name() != "dependency") continue;
      targets.push(std::move(reference));
      if (!own_children(child).empty()) holders.push_back(child);
    }
    Json entry = Json::object_of(
        {{"ref", attribute(element, "ref")}, {"dependsOn", placed(std::move(targets), element)}});
    if (!provided.items().empty()) entry.set("provides", placed(std::move(provided), element));
    list.push(placed(std::move(entry), element));
    for (const XmlElement& holder : holders)
      add_dependency(holder, list);
  }
};

std::string version_of(const XmlElement& root) {
  return std::string(root.name_space().substr(bom_space.size()));
}

Json as_json(const XmlElement& root) {
  Json tree = Converter().convert(root);
  if (!tree.is_object()) tree = placed(Json::object(), root);
  tree.set("bomFormat", "CycloneDX");
  tree.set("specVersion", version_of(root));
  return tree;
}

void check(const XmlDocument& document, const Source& source) {
  const std::string version = version_of(document.root());
  if (std::ranges::find(versions, version) != versions.end())
    return document.check_schema(fmt::format("cyclonedx/bom-{}.xsd", version), "cyclonedx.schema",
                                 source);
  source.problems.error(
      "cyclonedx.version",
      fmt::format("expected a namespace of CycloneDX {} to {}, found '{}'", versions.front(),
                  versions.back(), quotable(document.root().name_space())),
      {source.path, document.root().line(), 0});
}

/// The standard says it in words: XML Schema 1.0 cannot.
/// Source: CycloneDX 1.7, component: `versionRange` only where `isExternal` is true.
void check_ranges(const Json& components, const Source& source) {
  for (const Json& component : components.items()) {
    if (component.find("versionRange") != nullptr &&
        component["isExternal"].string_or("") == "false")
      source.problems.add(
          {source.rules == Rules::errors ? Severity::error : Severity::warning, "cyclonedx.schema",
           "expected 'versionRange' of an external component only, found isExternal=\"false\"",
           component.at(source.path)});
    check_ranges(component["components"], source);
  }
}

}  // namespace

bool looks_like_cyclonedx_xml(const Document& document) {
  if (!document.xml) return false;
  const XmlElement root = document.xml->root();
  return root.name() == "bom" && root.name_space().starts_with(bom_space);
}

Bom read_cyclonedx_xml(const Document& document, const Source& source) {
  Diagnostics found;
  const Source collect{source.path, found, source.rules};
  check(*document.xml, collect);
  const Json tree = as_json(document.xml->root());
  check_ranges(tree["components"], collect);
  Bom bom = read_cyclonedx_bill(tree, collect);
  append_in_file_order(source.problems, found);
  return bom;
}

std::vector<VexStatement> read_cyclonedx_xml_statements(const Document& document,
                                                        const Source& source) {
  return read_statements_of(as_json(document.xml->root()), source);
}

std::vector<LeftOut> left_out_of_cyclonedx_xml(const Document& document) {
  return cyclonedx_left_out(as_json(document.xml->root()));
}

}  // namespace lockstep::formats
