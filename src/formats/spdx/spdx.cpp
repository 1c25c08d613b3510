// SPDX-License-Identifier: Apache-2.0
#include "formats/spdx/spdx.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "formats/bom_graph.hpp"
#include "formats/schema.hpp"
#include "formats/spdx/words.hpp"

namespace lockstep::formats {
namespace {

using spdx::text;
using spdx::translate;
using spdx::Words;

std::string algorithm_of(const std::string& word) {
  constexpr std::array<Words, 4> words = {
      {{"SHA1", "SHA-1"}, {"SHA256", "SHA-256"}, {"SHA384", "SHA-384"}, {"SHA512", "SHA-512"}}};
  return translate(words, word, word);
}

std::string type_of(const std::string& purpose) {
  constexpr std::array<Words, 9> words = {{{"APPLICATION", "application"},
                                           {"FRAMEWORK", "framework"},
                                           {"LIBRARY", "library"},
                                           {"CONTAINER", "container"},
                                           {"OPERATING_SYSTEM", "operating-system"},
                                           {"OPERATING-SYSTEM", "operating-system"},
                                           {"DEVICE", "device"},
                                           {"FIRMWARE", "firmware"},
                                           {"FILE", "file"}}};
  return translate(words, purpose, "library");
}

/// "Organization: Example (mail@example.org)" without its first word; "" for NOASSERTION.
std::string actor(const std::string& written) {
  const std::size_t colon = written.find(':');
  return colon == std::string::npos ? "" : std::string(trim(written.substr(colon + 1)));
}

/// The name that a repository gives a package, as a package URL; nothing for other references.
/// Source: SPDX 2.3, annex F.3.
std::optional<Purl> purl_of(std::string_view type, std::string_view locator) {
  struct Repository {
    std::string_view reference;
    std::string_view purl;
    char before_name;  ///< what ends the group; 0 where names have none
    char before_version;
  };

  constexpr std::array<Repository, 4> repositories = {{{"maven-central", "maven", ':', ':'},
                                                       {"npm", "npm", '/', '@'},
                                                       {"nuget", "nuget", 0, '/'},
                                                       {"bower", "bower", 0, '#'}}};
  const auto row = std::ranges::find(repositories, type, &Repository::reference);
  if (row == repositories.end()) return std::nullopt;
  Purl purl;
  purl.type = row->purl;
  if (row->before_name != 0) {
    const std::size_t end = locator.find(row->before_name);
    if (end == std::string_view::npos && type == "maven-central") return std::nullopt;
    purl.name_space = end == std::string_view::npos ? "" : locator.substr(0, end);
    if (end != std::string_view::npos) locator.remove_prefix(end + 1);
  }
  const std::size_t end = locator.rfind(row->before_version);
  const bool has_version = end != std::string_view::npos && end > 0;
  if (!has_version && type != "maven-central") return std::nullopt;
  purl.name = locator.substr(0, end);
  if (has_version) purl.version = locator.substr(end + 1);
  auto whole = parse_purl(to_text(purl));
  return whole ? std::optional(*std::move(whole)) : std::nullopt;
}

bool is_asserted(const std::string& licence) {
  return !licence.empty() && licence != "NOASSERTION" && licence != "NONE";
}

class Reader {
 public:
  Reader(const Json& document, const Source& source) : document_(document), source_(source) {}

  Bom read() {
    bom_.format = "SPDX " + text(document_, "spdxVersion").substr(5);
    bom_.serial = text(document_, "documentNamespace");
    const Json& creation = document_["creationInfo"];
    bom_.made = parse_instant(text(creation, "created"));
    for (const Json& creator : creation["creators"].items()) {
      const bool is_tool = creator.string_or("").starts_with("Tool:");
      std::string name = actor(creator.string_or(""));
      if (!name.empty()) (is_tool ? bom_.tools : bom_.creators).push_back(std::move(name));
    }
    for (const Json* package : entries_of(document_["packages"], source_))
      bom_.components.push_back(read_package(*package));
    for (const Json& relationship : document_["relationships"].items())
      add_edge(relationship);
    for (Component& component : bom_.components)
      component.scope = needs_.scope_of(component.reference);
    take_subject();
    check_graph(bom_, other_references(), source_);
    return std::move(bom_);
  }

 private:
  Component read_package(const Json& node) {
    Component component;
    component.where = {node.line(), node.column()};
    component.reference = text(node, "SPDXID");
    component.type = type_of(text(node, "primaryPackagePurpose"));
    component.name = text(node, "name");
    component.version = text(node, "versionInfo");
    component.supplier = actor(text(node, "supplier"));
    component.description = text(node, "description");
    if (component.description.empty()) component.description = text(node, "summary");
    component.source = spdx::source_package_of(text(node, "sourceInfo"));
    for (const std::string_view key : {"licenseConcluded", "licenseDeclared"})
      if (const std::string licence = text(node, key);
          is_asserted(licence) && component.licences.empty())
        component.licences.push_back(licence);
    for (const Json& checksum : node["checksums"].items())
      component.digests.emplace_back(algorithm_of(text(checksum, "algorithm")),
                                     text(checksum, "checksumValue"));
    for (const Json& reference : node["externalRefs"].items())
      read_identifier(reference, component);
    if (component.purl || component.has_unreadable_purl) return component;
    for (const Json& reference : node["externalRefs"].items())
      if (auto purl =
              purl_of(spdx::reference_type_of(reference), text(reference, "referenceLocator")))
        add_purl(*std::move(purl), component);
    return component;
  }

  void read_identifier(const Json& reference, Component& component) {
    const std::string type = spdx::reference_type_of(reference);
    const std::string locator = text(reference, "referenceLocator");
    if (type == "cpe23Type" || type == "cpe22Type") add_cpe(locator, component);
    if (type != "purl") return;
    auto purl = parse_purl(locator);
    if (purl) return add_purl(*std::move(purl), component);
    component.has_unreadable_purl = true;
    source_.problems.warning("spdx.purl",
                             fmt::format("expected a package URL, found '{}': {}; the package is "
                                         "kept without one",
                                         quotable(locator), purl.error().message),
                             reference["referenceLocator"].at(source_.path));
  }

  void add_edge(const Json& relationship) {
    const std::string type = text(relationship, "relationshipType");
    std::string from = text(relationship, "spdxElementId");
    std::string to = text(relationship, "relatedSpdxElement");
    if (type == "DESCRIBES") described_.insert(to);
    if (type == "DESCRIBED_BY") described_.insert(from);
    if (spdx::is_needed_by(type))
      std::swap(from, to);
    else if (!spdx::needs(type))
      return;
    const bool is_development = type == "DEV_DEPENDENCY_OF" || type == "TEST_DEPENDENCY_OF";
    needs_.add(to, is_development                  ? "development"
                   : type.starts_with("OPTIONAL_") ? "optional"
                                                   : "");
    bom_.dependencies.push_back({std::move(from), std::move(to)});
  }

  void take_subject() {
    for (const Json& reference : document_["documentDescribes"].items())
      described_.insert(reference.string_or(""));
    const auto is_described = [this](const Component& component) {
      return described_.contains(component.reference);
    };
    const auto count = std::ranges::count_if(bom_.components, is_described);
    if (count > 1)
      source_.problems.note("spdx.subject",
                            fmt::format("expected one described package, found {}; all of them are "
                                        "components and none is the subject",
                                        count),
                            document_.at(source_.path));
    if (count != 1) return;
    const auto subject = std::ranges::find_if(bom_.components, is_described);
    bom_.subject = std::move(*subject);
    bom_.components.erase(subject);
  }

  /// What a relationship may name beside packages of this document.
  std::set<std::string> other_references() const {
    std::set<std::string> others = {"SPDXRef-DOCUMENT", "NONE", "NOASSERTION"};
    for (const std::string_view list : {"files", "snippets"})
      for (const Json& element : document_[list].items())
        others.insert(text(element, "SPDXID"));
    for (const Dependency& edge : bom_.dependencies)
      for (const std::string& end : {edge.from, edge.to})
        if (end.starts_with("DocumentRef-")) others.insert(end);
    return others;
  }

  const Json& document_;
  const Source& source_;
  Bom bom_;
  std::set<std::string> described_;
  spdx::Needs needs_;
};

}  // namespace

bool looks_like_spdx(const Document& document) {
  return document.tree["spdxVersion"].string_or("").starts_with("SPDX-");
}

Bom read_spdx(const Document& given, const Source& source) {
  const Json& document = given.tree;
  Diagnostics found;
  const Source collect{source.path, found, source.rules};
  const Json& version = document["spdxVersion"];
  if (version.string_or("").starts_with("SPDX-2.")) {
    check_schema(document, "spdx/spdx-2", "spdx.schema", collect);
  } else {
    found.error(
        "spdx.version",
        fmt::format("expected the spdxVersion SPDX-2.2 or SPDX-2.3, found {}", describe(version)),
        version.at(source.path));
  }
  Bom bom = Reader(document, collect).read();
  append_in_file_order(source.problems, found);
  return bom;
}

}  // namespace lockstep::formats
