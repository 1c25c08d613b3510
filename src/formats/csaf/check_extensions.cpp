// SPDX-License-Identifier: Apache-2.0
// Tests of CSAF 2.1 about extensions.
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

#include "base/text.hpp"
#include "formats/csaf/check.hpp"
#include "formats/csaf/extensions.hpp"
#include "formats/schema.hpp"

namespace lockstep::formats::csaf {
namespace {

/// A list of extensions, and where it stands.
struct ExtensionList {
  const Json* list = nullptr;
  ExtensionPlace place = ExtensionPlace::root;
};

ExtensionPlace place_of(const Product& product) {
  switch (product.place) {
    case Product::Place::branch:
      return ExtensionPlace::branch;
    case Product::Place::name:
      return ExtensionPlace::name;
    case Product::Place::path:
      return ExtensionPlace::path;
  }
  return ExtensionPlace::name;
}

/// Every list of extensions, wherever the standard allows one.
std::vector<ExtensionList> lists_of(const View& view) {
  std::vector<ExtensionList> lists;
  const auto take = [&](const Json& holder, ExtensionPlace place) {
    if (const Json* list = holder.find("x_extensions")) lists.push_back({list, place});
  };
  take(view.root, ExtensionPlace::root);
  take(view.document, ExtensionPlace::document);
  for (const Product& product : view.products)
    take(*product.node, place_of(product));
  for (const Json& vulnerability : view.vulnerabilities) {
    take(vulnerability, ExtensionPlace::vulnerability);
    for (const Score& score : view.scores_of(vulnerability))
      take(*score.content, ExtensionPlace::metric);
  }
  return lists;
}

const Extension* known(const Json& extension) {
  return find_extension(text(extension["$schema"]));
}

/// How often the extension is in a list more than its metadata allow.
void too_many(const ExtensionList& in, Findings& findings) {
  std::map<const Extension*, std::size_t> seen;
  for (const Json& extension : in.list->items()) {
    const Extension* row = known(extension);
    if (row == nullptr) continue;
    const std::size_t most = row->most[static_cast<std::size_t>(in.place)];
    if (++seen[row] != most + 1) continue;
    findings.add(extension,
                 most == 0
                     ? "expected the extension elsewhere, found it where it must not be"
                     : fmt::format("expected at most {} of the extension here, found more", most));
  }
}

template <typename Look>
void each_extension(const View& view, Look look) {
  for (const Json* extension : extensions_of(view))
    look(*extension);
}

void not_official(const View& view, std::string_view expected, Findings& findings) {
  each_extension(view, [&](const Json& extension) {
    findings.add(extension, fmt::format("expected {}, found '{}'", expected,
                                        quotable(text(extension["$schema"]), 200)));
  });
}

void exists(const Json& holder, Findings& findings) {
  if (const Json* list = holder.find("x_extensions"))
    findings.add(*list, "expected no extension here, found 'x_extensions'");
}

void in_products(const View& view, Product::Place place, Findings& findings) {
  for (const Product& product : view.products)
    if (product.place == place) exists(*product.node, findings);
}

}  // namespace

std::vector<const Json*> extensions_of(const View& view) {
  std::vector<const Json*> found;
  for (const ExtensionList& in : lists_of(view))
    for (const Json& extension : in.list->items())
      found.push_back(&extension);
  return found;
}

void extension_content(const View& view, Findings& findings) {
  for (const BrokenRule& rule : view.schema.broken)
    if (owner_of(rule.pointer) == SchemaOwner::extension) findings.add(*rule.at, rule.message);
}

void extension_schema(const View& view, Findings& findings) {
  each_extension(view, [&](const Json& extension) {
    const Extension* row = known(extension);
    if (row == nullptr) return;
    for (const BrokenRule& rule : broken_rules(extension, row->schema).broken)
      findings.add(*rule.at, rule.message);
  });
}

void extension_metadata(const View& view, Findings& findings) {
  std::set<std::string_view> used;
  for (const Json* extension : extensions_of(view))
    used.insert(text((*extension)["$schema"]));
  for (const ExtensionList& in : lists_of(view))
    too_many(in, findings);
  each_extension(view, [&](const Json& extension) {
    const Extension* row = known(extension);
    if (row != nullptr && used.contains(row->not_beside))
      findings.add(extension, fmt::format("expected no extension beside it that it is incompatible "
                                          "with, found '{}'",
                                          row->not_beside));
  });
}

void unregistered_extension(const View& view, Findings& findings) {
  not_official(view, "a registered or official extension", findings);
}

void unofficial_extension(const View& view, Findings& findings) {
  not_official(view, "an official extension", findings);
}

void critical_extension(const View& view, Findings& findings) {
  each_extension(view, [&](const Json& extension) {
    if (extension["critical"].as_bool() == true)
      findings.add(extension, "expected an extension that is not critical, found one that is");
  });
}

void experimental_clear(const View& view, Findings& findings) {
  if (view.label == "CLEAR")
    not_official(view, "no experimental extension in a document that is CLEAR", findings);
}

void experimental_not_clear(const View& view, Findings& findings) {
  if (view.label != "CLEAR") not_official(view, "no experimental extension", findings);
}

void essential_extension(const View& view, Findings& findings) {
  each_extension(view, [&](const Json& extension) {
    if (text(extension["category"]) == "essential")
      findings.add(extension,
                   "expected an extension without which the document is understood, "
                   "found one of the category essential");
  });
}

void replaced_extensions(const View& view, Findings& findings) {
  if (view.category != "csaf_withdrawn" && view.category != "csaf_superseded") return;
  for (const ExtensionList& in : lists_of(view))
    findings.add(*in.list,
                 fmt::format("expected no extension in a document of the category {}, found "
                             "one",
                             view.category));
}

void extension_in_document(const View& view, Findings& findings) {
  exists(view.document, findings);
}

void extension_in_branches(const View& view, Findings& findings) {
  in_products(view, Product::Place::branch, findings);
}

void extension_in_names(const View& view, Findings& findings) {
  in_products(view, Product::Place::name, findings);
}

void extension_in_paths(const View& view, Findings& findings) {
  in_products(view, Product::Place::path, findings);
}

void extension_in_metrics(const View& view, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities)
    for (const Score& score : view.scores_of(vulnerability))
      exists(*score.content, findings);
}

void extension_in_vulnerabilities(const View& view, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities)
    exists(vulnerability, findings);
}

void extension_at_root(const View& view, Findings& findings) {
  exists(view.root, findings);
}

}  // namespace lockstep::formats::csaf
