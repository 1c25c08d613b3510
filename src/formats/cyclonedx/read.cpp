// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/parallel.hpp"
#include "base/text.hpp"
#include "formats/bom_graph.hpp"
#include "formats/cyclonedx/cyclonedx.hpp"
#include "formats/cyclonedx/parts.hpp"
#include "formats/schema.hpp"

namespace lockstep::formats {
namespace {

constexpr std::array<std::string_view, 6> versions = {"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"};

std::string text(const Json& node, std::string_view key) {
  return node[key].string_or("");
}

std::optional<Purl> purl_of(const Json& written, const Source& source) {
  const std::string* text = written.as_string();
  if (text == nullptr || text->empty()) return std::nullopt;
  auto purl = parse_purl(*text);
  if (purl) return *std::move(purl);
  source.problems.warning("cyclonedx.purl",
                          fmt::format("expected a package URL, found '{}': {}; the component is "
                                      "kept without one",
                                      quotable(*text), purl.error().message),
                          written.at(source.path));
  return std::nullopt;
}

/// Ids, names and expressions alike, in the order of the file.
std::vector<std::string> licences_of(const Json& component) {
  std::vector<std::string> licences;
  for (const Json& choice : component["licenses"].items()) {
    for (const std::string& found : {text(choice, "expression"), text(choice["license"], "id"),
                                     text(choice["license"], "name")}) {
      if (found.empty()) continue;
      licences.push_back(found);
      break;
    }
  }
  return licences;
}

/// The scope of the standard; generators mark what is used for development alone by a property.
std::string scope_of(const Json& component) {
  for (const Json& property : component["properties"].items()) {
    const std::string name = text(property, "name");
    const bool is_mark = name.starts_with("cdx:") && name.ends_with(":development");
    if (is_mark && lower_case(text(property, "value")) == "true") return "development";
    if (name == scope_property && text(property, "value") == "development") return "development";
  }
  const std::string scope = text(component, "scope");
  return scope == "required" || scope == "optional" || scope == "excluded" ? scope : "";
}

/// The source package, which the standard has no member for: from our own properties, or those of
/// the tool that writes version, release and epoch apart.
SourcePackage source_of(const Json& node) {
  constexpr std::string_view prefix = "aquasecurity:trivy:Src";
  SourcePackage source;
  std::string epoch;
  std::string release;
  for (const Json& property : node["properties"].items()) {
    const std::string name = text(property, "name");
    if (name == "aquasecurity:trivy:Modularitylabel") source.module = text(property, "value");
    if (name == source_package_properties[0]) source.name = text(property, "value");
    if (name == source_package_properties[1]) source.version = text(property, "value");
    if (name == source_package_properties[2]) source.module = text(property, "value");
    if (!name.starts_with(prefix)) continue;
    const std::string_view member = std::string_view(name).substr(prefix.size());
    if (member == "Name") source.name = text(property, "value");
    if (member == "Version") source.version = text(property, "value");
    if (member == "Release") release = text(property, "value");
    if (member == "Epoch") epoch = text(property, "value");
  }
  if (source.version.empty()) return source;
  if (!release.empty()) source.version += "-" + release;
  if (!epoch.empty() && epoch != "0") source.version = epoch + ":" + source.version;
  return source;
}

/// Takes a member that is a text by itself; false for every other.
bool take_text(std::string_view key, const Json& value, Component& into) {
  std::string Component::* member = key == "bom-ref"       ? &Component::reference
                                    : key == "type"        ? &Component::type
                                    : key == "group"       ? &Component::group
                                    : key == "name"        ? &Component::name
                                    : key == "version"     ? &Component::version
                                    : key == "cpe"         ? &Component::cpe
                                    : key == "description" ? &Component::description
                                                           : nullptr;
  if (member == nullptr) return false;
  into.*member = value.string_or(key == "type" ? "library" : "");
  return true;
}

/// Takes what is made of several members, or of lists.
void take_lists(const Json& node, Component& into) {
  into.supplier = text(node["supplier"], "name");
  if (into.supplier.empty()) into.supplier = text(node["manufacturer"], "name");
  into.licences = licences_of(node);
  into.scope = scope_of(node);
  for (const Json& hash : node["hashes"].items())
    into.digests.emplace_back(text(hash, "alg"), text(hash, "content"));
  // Tools conclude many things; a package URL that cannot be read is none.
  const auto take_purl = [&into](const std::string& written) {
    if (auto purl = parse_purl(written)) add_purl(*std::move(purl), into);
  };
  const auto take_identity = [&](const Json& identity) {
    if (text(identity, "field") == "cpe") add_cpe(text(identity, "concludedValue"), into);
    if (text(identity, "field") == "purl") take_purl(text(identity, "concludedValue"));
  };
  // One alone may stand without a list.
  const Json& identities = node["evidence"]["identity"];
  if (identities.is_object()) take_identity(identities);
  for (const Json& identity : identities.items())
    take_identity(identity);
  for (const Json& property : node["properties"].items()) {
    const std::string name = text(property, "name");
    if (name == source_property) into.sources.push_back(text(property, "value"));
    if (name == purl_property) take_purl(text(property, "value"));
    if (std::ranges::find(cpe_properties, name) != cpe_properties.end())
      add_cpe(text(property, "value"), into);
  }
  into.source = source_of(node);
}

}  // namespace

/// SPEED: each member that the component has is looked at once, rather than each that it may have
/// looked for.
void read_cyclonedx_component(const Json& node, const Source& source, Component& component) {
  component.where = {node.line(), node.column()};
  component.type = "library";
  const Json* purl = nullptr;
  bool has_others = false;
  for (const auto& [key, value] : node.members()) {
    if (key == "purl")
      purl = &value;
    else if (!take_text(key, value, component))
      has_others = true;
  }
  if (purl != nullptr) {
    component.purl = purl_of(*purl, source);
    component.has_unreadable_purl = !component.purl && !purl->string_or("").empty();
  }
  if (has_others) take_lists(node, component);
}

namespace {

/// Nested components follow the one that holds them. The depth is bounded by bom_limits.depth.
void flatten(const Json& list, const Source& source, std::vector<Component>& into) {
  const std::vector<const Json*> entries = entries_of(list, source);
  if (into.empty()) into.reserve(entries.size());
  for (const Json* node : entries) {
    read_cyclonedx_component(*node, source, into.emplace_back());
    flatten((*node)["components"], source, into);
  }
}

std::string tool_text(const Json& tool) {
  return std::string(trim(text(tool, "name") + " " + text(tool, "version")));
}

/// Until 1.4 a list of tools; since 1.5 also components and services.
std::vector<std::string> tools_of(const Json& tools) {
  std::vector<std::string> texts;
  for (const Json& tool : tools.items())
    texts.push_back(tool_text(tool));
  for (const Json& tool : tools["components"].items())
    texts.push_back(tool_text(tool));
  for (const Json& tool : tools["services"].items())
    texts.push_back(tool_text(tool));
  std::erase(texts, "");
  return texts;
}

/// Who drew the bill up: its authors, else the organisation that made or supplies it.
std::vector<std::string> creators_of(const Json& metadata) {
  std::vector<std::string> creators;
  for (const Json& author : metadata["authors"].items())
    creators.push_back(text(author, text(author, "name").empty() ? "email" : "name"));
  std::erase(creators, "");
  for (const std::string_view key : {"manufacturer", "manufacture", "supplier"})
    if (const std::string name = text(metadata[key], "name"); !name.empty() && creators.empty())
      creators.push_back(name);
  return creators;
}

void collect_services(const Json& services, std::set<std::string>& references) {
  for (const Json& service : services.items()) {
    references.insert(text(service, "bom-ref"));
    collect_services(service["services"], references);
  }
}

void check_cyclonedx(const Json& document, const Source& source) {
  const std::string schema = cyclonedx_schema(text(document, "specVersion"));
  if (!schema.empty()) return check_schema(document, schema, "cyclonedx.schema", source);
  source.problems.error(
      "cyclonedx.version",
      fmt::format("expected a specVersion from {} to {}, found {}", versions.front(),
                  versions.back(), describe(document["specVersion"])),
      (document.find("specVersion") == nullptr ? document : document["specVersion"])
          .at(source.path));
}

/// All but the components and what rests on them.
void read_head(const Json& document, Bom& bom) {
  bom.format = "CycloneDX " + text(document, "specVersion");
  bom.serial = text(document, "serialNumber");
  bom.made = parse_instant(text(document["metadata"], "timestamp"));
  bom.creators = creators_of(document["metadata"]);
  bom.tools = tools_of(document["metadata"]["tools"]);
}

}  // namespace

std::string cyclonedx_schema(std::string_view version) {
  const bool is_known = std::ranges::find(versions, version) != versions.end();
  return is_known ? "cyclonedx/bom-" + std::string(version) : "";
}

bool looks_like_cyclonedx(const Document& document) {
  return is_cyclonedx(document.tree);
}

bool is_cyclonedx(const Json& tree) {
  return tree["bomFormat"].string_or("") == "CycloneDX" ||
         (tree["specVersion"].is_string() &&
          (tree["bomFormat"].is_string() || tree["components"].is_array()));
}

Bom read_cyclonedx_components(const Json& document, const Source& source) {
  Bom bom;
  const Json& subject = document["metadata"]["component"];
  if (subject.is_object()) {
    read_cyclonedx_component(subject, source, bom.subject.emplace());
    flatten(subject["components"], source, bom.components);
  }
  flatten(document["components"], source, bom.components);
  return bom;
}

Bom read_cyclonedx_bill(const Json& document, const Source& source) {
  Bom bom = read_cyclonedx_components(document, source);
  complete_cyclonedx_bill(document, source, bom);
  return bom;
}

void complete_cyclonedx_bill(const Json& document, const Source& source, Bom& bom) {
  read_head(document, bom);
  for (const Json& entry : document["dependencies"].items())
    for (const Json& target : entry["dependsOn"].items())
      bom.dependencies.push_back({text(entry, "ref"), target.string_or("")});
  std::set<std::string> services;
  collect_services(document["services"], services);
  check_graph(bom, services, source);
}

Bom read_cyclonedx(const Document& document, const Source& source) {
  constexpr std::size_t many = 500;  // fewer components do not pay for a thread
  Diagnostics broken;
  Diagnostics unreadable;
  Bom bom;
  side_by_side(
      document.tree["components"].items().size() >= many,
      [&] { check_cyclonedx(document.tree, {source.path, broken, source.rules}); },
      [&] { bom = read_cyclonedx_bill(document.tree, {source.path, unreadable, source.rules}); });
  // Broken rules may be more than are kept; what hides a part of the bill comes before them.
  unreadable.append(broken);
  append_in_file_order(source.problems, unreadable);
  return bom;
}

std::vector<LeftOut> left_out_of_cyclonedx(const Document& document) {
  return cyclonedx_left_out(document.tree);
}

}  // namespace lockstep::formats
