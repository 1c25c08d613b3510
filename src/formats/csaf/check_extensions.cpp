// SPDX-License-Identifier: Apache-2.0
// Tests of CSAF 2.1 about extensions. None is registered or official yet (list of 2026-08-17), and
// this program implements none: what an extension's own schema and metadata ask is not checked.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/csaf/check.hpp"

namespace lockstep::formats::csaf {
namespace {

/// Every list of extensions, wherever the standard allows one.
std::vector<const Json*> lists_of(const View& view) {
  std::vector<const Json*> lists;
  const auto take = [&](const Json& holder) {
    if (const Json* list = holder.find("x_extensions")) lists.push_back(list);
  };
  take(view.root);
  take(view.document);
  for (const Product& product : view.products)
    take(*product.node);
  for (const Json& vulnerability : view.vulnerabilities) {
    take(vulnerability);
    for (const Score& score : view.scores_of(vulnerability))
      take(*score.content);
  }
  return lists;
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
  for (const Json* list : lists_of(view))
    for (const Json& extension : list->items())
      found.push_back(&extension);
  return found;
}

void extension_content(const View& view, Findings& findings) {
  for (const BrokenRule& rule : view.schema.broken)
    if (owner_of(rule.pointer) == SchemaOwner::extension) findings.add(*rule.at, rule.message);
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
  for (const Json* list : lists_of(view))
    findings.add(*list, fmt::format("expected no extension in a document of the category {}, found "
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
