// SPDX-License-Identifier: Apache-2.0
// SPDX 3 is a graph: every element, every relationship and every licence is a node of one flat
// list, and all of them are joined by their ids. So the list is walked twice, once to know the
// nodes by their ids, once to make components of the packages and edges of the relationships.
//
// Source: SPDX specification 3.0.1, profiles Core, Software, SimpleLicensing, AI and Dataset; its
// JSON-LD context.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "formats/bom_graph.hpp"
#include "formats/document.hpp"
#include "formats/limits.hpp"
#include "formats/schema.hpp"
#include "formats/spdx/licence_text.hpp"
#include "formats/spdx/nodes.hpp"
#include "formats/spdx/spdx.hpp"
#include "formats/spdx/words.hpp"

namespace lockstep::formats {
namespace {

using spdx::id_of;
using spdx::text;
using spdx::translate;
using spdx::Words;

std::string algorithm_of(const std::string& word) {
  constexpr std::array<Words, 12> words = {{{"md5", "MD5"},
                                            {"sha1", "SHA-1"},
                                            {"sha256", "SHA-256"},
                                            {"sha384", "SHA-384"},
                                            {"sha512", "SHA-512"},
                                            {"sha3_256", "SHA3-256"},
                                            {"sha3_384", "SHA3-384"},
                                            {"sha3_512", "SHA3-512"},
                                            {"blake2b256", "BLAKE2b-256"},
                                            {"blake2b384", "BLAKE2b-384"},
                                            {"blake2b512", "BLAKE2b-512"},
                                            {"blake3", "BLAKE3"}}};
  return translate(words, word, word);
}

/// What a package is; the AI and Dataset profiles say it by the class, the others by the purpose.
std::string type_of(const Json& node) {
  constexpr std::array<Words, 12> words = {{{"application", "application"},
                                            {"framework", "framework"},
                                            {"library", "library"},
                                            {"container", "container"},
                                            {"platform", "platform"},
                                            {"operatingSystem", "operating-system"},
                                            {"device", "device"},
                                            {"deviceDriver", "device-driver"},
                                            {"firmware", "firmware"},
                                            {"file", "file"},
                                            {"model", "machine-learning-model"},
                                            {"data", "data"}}};
  if (text(node, "type") == "ai_AIPackage") return "machine-learning-model";
  if (text(node, "type") == "dataset_DatasetPackage") return "data";
  return translate(words, text(node, "software_primaryPurpose"), "library");
}

bool is_package(const Json& node) {
  const std::string type = text(node, "type");
  return type == "software_Package" || type == "ai_AIPackage" || type == "dataset_DatasetPackage";
}

class Reader {
 public:
  Reader(const Json& document, const Source& source)
      : document_(document), source_(source), nodes_(document, source), licences_(nodes_) {}

  Bom read() {
    collect_relationships();
    for (const Json* node : nodes_.all())
      if (is_package(*node)) bom_.components.push_back(read_package(*node));
    read_head();
    take_subject();
    check_graph(bom_, other_references(), source_);
    return std::move(bom_);
  }

 private:
  void collect_relationships() {
    for (const Json* node : nodes_.all()) {
      const std::string type = text(*node, "relationshipType");
      if (type.empty()) continue;
      const std::string from = id_of((*node)["from"]);
      for (const Json& target : (*node)["to"].items()) {
        if (spdx::joins(type)) add_edge(*node, from, id_of(target));
        if (type == "describes") described_.insert(id_of(target));
        if (type == "hasConcludedLicense") concluded_[from].push_back(licences_.text_of(target));
        if (type == "hasDeclaredLicense") declared_[from].push_back(licences_.text_of(target));
      }
    }
    if (licences_.is_over_limit())
      source_.problems.error("bom.size",
                             fmt::format("expected licences of at most {} bytes and {} parts in "
                                         "all, found more; some of them are not known",
                                         bom_limits.bytes, licence_parts),
                             document_.at(source_.path));
    drop_file_edges();
  }

  void add_edge(const Json& node, const std::string& from, std::string to) {
    const std::string scope = text(node, "scope");
    const bool is_optional = text(node, "relationshipType").starts_with("hasOptional");
    needs_.add(to, scope == "development" || scope == "test" ? "development"
                   : is_optional                             ? "optional"
                                                             : "");
    bom_.dependencies.push_back({from, std::move(to)});
  }

  /// Edges with files and snippets join no components.
  void drop_file_edges() {
    const auto is_file = [this](const std::string& id) {
      const Json* node = nodes_.find(id);
      return node != nullptr && !is_package(*node);
    };
    std::erase_if(bom_.dependencies,
                  [&](const Dependency& edge) { return is_file(edge.from) || is_file(edge.to); });
  }

  /// What somebody concluded, else what was declared; "NONE" and "NOASSERTION" say nothing.
  std::vector<std::string> licences_of(const std::string& id) const {
    for (const auto* from : {&concluded_, &declared_}) {
      const auto found = from->find(id);
      if (found == from->end()) continue;
      std::vector<std::string> licences = found->second;
      std::erase_if(licences, [](const std::string& one) {
        return one.empty() || one == "NOASSERTION" || one == "NONE";
      });
      if (!licences.empty()) return licences;
    }
    return {};
  }

  std::string supplier_of(const Json& node) const {
    if (std::string name = text(nodes_.resolve(node["suppliedBy"]), "name"); !name.empty())
      return name;
    for (const Json& origin : node["originatedBy"].items())
      if (std::string name = text(nodes_.resolve(origin), "name"); !name.empty()) return name;
    return "";
  }

  Component read_package(const Json& node) {
    Component component;
    component.where = {node.line(), node.column()};
    component.reference = text(node, "spdxId");
    component.type = type_of(node);
    component.name = text(node, "name");
    component.version = text(node, "software_packageVersion");
    component.scope = needs_.scope_of(component.reference);
    component.supplier = supplier_of(node);
    component.licences = licences_of(component.reference);
    component.description = text(node, "description");
    if (component.description.empty()) component.description = text(node, "summary");
    for (const Json& entry : node["verifiedUsing"].items()) {
      const Json& hash = nodes_.resolve(entry);
      if (text(hash, "type") == "Hash")
        component.digests.emplace_back(algorithm_of(text(hash, "algorithm")),
                                       text(hash, "hashValue"));
    }
    for (const Json& entry : node["software_contentIdentifier"].items()) {
      const Json& content = nodes_.resolve(entry);
      component.digests.emplace_back(text(content, "software_contentIdentifierType"),
                                     text(content, "software_contentIdentifierValue"));
    }
    component.source = spdx::source_package_of(text(node, "software_sourceInfo"));
    take_purl(node["software_packageUrl"], component);
    for (const Json& entry : node["externalIdentifier"].items())
      read_identifier(nodes_.resolve(entry), component);
    return component;
  }

  void read_identifier(const Json& identifier, Component& component) {
    const std::string type = text(identifier, "externalIdentifierType");
    if (type == "cpe23" || type == "cpe22") add_cpe(text(identifier, "identifier"), component);
    if (type == "packageUrl") take_purl(identifier["identifier"], component);
  }

  void take_purl(const Json& written, Component& component) {
    if (written.string_or("").empty()) return;
    auto purl = parse_purl(written.string_or(""));
    if (purl) return add_purl(*std::move(purl), component);
    component.has_unreadable_purl = true;
    source_.problems.warning("spdx.purl",
                             fmt::format("expected a package URL, found '{}': {}; the package is "
                                         "kept without one",
                                         quotable(written.string_or("")), purl.error().message),
                             written.at(source_.path));
  }

  /// The document's own creation, else the first that there is.
  void read_head() {
    const Json* document = nullptr;
    const Json* creation = nullptr;
    for (const Json* node : nodes_.all()) {
      if (text(*node, "type") == "SpdxDocument" && document == nullptr) document = node;
      if (text(*node, "type") == "CreationInfo" && creation == nullptr) creation = node;
    }
    if (document != nullptr) {
      bom_.serial = text(*document, "spdxId");
      if (const Json& own = nodes_.resolve((*document)["creationInfo"]); own.is_object())
        creation = &own;
    } else if (creation == nullptr && !nodes_.all().empty()) {
      creation = &nodes_.resolve((*nodes_.all().front())["creationInfo"]);
    }
    const std::string version = creation == nullptr ? "" : text(*creation, "specVersion");
    bom_.format = version.starts_with("3.") ? "SPDX " + version : "SPDX 3";
    if (creation == nullptr) return;
    bom_.made = parse_instant(text(*creation, "created"));
    for (const Json& maker : (*creation)["createdBy"].items())
      if (const std::string name = text(nodes_.resolve(maker), "name"); !name.empty())
        bom_.creators.push_back(name);
    for (const Json& tool : (*creation)["createdUsing"].items())
      if (const std::string name = text(nodes_.resolve(tool), "name"); !name.empty())
        bom_.tools.push_back(name);
  }

  /// The roots of the document, through a bill that is one of them, and what it describes.
  void add_roots(const Json& collection) {
    for (const Json& root : collection["rootElement"].items()) {
      described_.insert(id_of(root));
      const Json& node = nodes_.resolve(root);
      const std::string type = text(node, "type");
      if (type == "software_Sbom" || type == "Bom")
        for (const Json& inner : node["rootElement"].items())
          described_.insert(id_of(inner));
    }
  }

  /// The roots of the document; of its bills, where it names none.
  void add_all_roots() {
    for (const Json* node : nodes_.all())
      if (text(*node, "type") == "SpdxDocument") add_roots(*node);
    if (!described_.empty()) return;
    for (const Json* node : nodes_.all())
      if (const std::string type = text(*node, "type"); type == "software_Sbom" || type == "Bom")
        add_roots(*node);
  }

  void take_subject() {
    add_all_roots();
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

  /// Elements of other documents, which an ExternalMap names.
  std::set<std::string> other_references() const {
    std::set<std::string> others = {"NoneElement", "NoAssertionElement",
                                    "https://spdx.org/rdf/3.0.1/terms/Core/NoneElement",
                                    "https://spdx.org/rdf/3.0.1/terms/Core/NoAssertionElement"};
    for (const Json* node : nodes_.all())
      for (const Json& outside : (*node)["import"].items())
        others.insert(text(nodes_.resolve(outside), "externalSpdxId"));
    return others;
  }

  using Licences = std::map<std::string, std::vector<std::string>>;

  const Json& document_;
  const Source& source_;
  spdx::Nodes nodes_;
  spdx::LicenceTexts licences_;
  std::set<std::string> described_;
  Licences concluded_;
  Licences declared_;
  spdx::Needs needs_;
  Bom bom_;
};

}  // namespace

bool looks_like_spdx3(const Document& document) {
  const Json& contexts = document.tree["@context"];
  const auto is_spdx = [](const Json& context) {
    return context.string_or("").find("spdx.org/rdf/3") != std::string::npos;
  };
  return is_spdx(contexts) || std::ranges::any_of(contexts.items(), is_spdx);
}

Bom read_spdx3(const Document& document, const Source& source) {
  Diagnostics found;
  const Source collect{source.path, found, source.rules};
  check_schema(document.tree, "spdx/spdx-3", "spdx.schema", collect);
  Bom bom = Reader(document.tree, collect).read();
  append_in_file_order(source.problems, found);
  return bom;
}

}  // namespace lockstep::formats
