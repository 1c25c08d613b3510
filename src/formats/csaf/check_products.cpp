// SPDX-License-Identifier: Apache-2.0
// Tests about the products and groups of the product tree, and the places that name them.
#include <array>
#include <fmt/format.h>
#include <map>
#include <tuple>

#include "base/text.hpp"
#include "formats/csaf/check.hpp"

namespace lockstep::formats::csaf {
namespace {

/// Whom a product that is made of others is made of.
using Parts = std::map<std::string_view, std::vector<std::string_view>>;

Parts parts_of_products(const View& view) {
  Parts parts;
  for (const Json& path : view.tree["relationships"].items()) {
    auto& list = parts[text(path["full_product_name"]["product_id"])];
    list.push_back(text(path["product_reference"]));
    list.push_back(text(path["relates_to_product_reference"]));
  }
  for (const Json& path : view.tree["product_paths"].items()) {
    auto& list = parts[text(path["full_product_name"]["product_id"])];
    list.push_back(text(path["beginning_product_reference"]));
    for (const Json& step : path["subpaths"].items())
      list.push_back(text(step["next_product_reference"]));
  }
  return parts;
}

/// The products that are a part of themselves. Depth-first with a stack of its own: chains may be
/// as long as the document.
Ids in_circles(const Parts& parts) {
  struct Step {
    std::string_view id;
    std::size_t next = 0;
  };

  Ids done;
  Ids circular;
  for (const auto& start : parts) {
    std::vector<Step> stack;
    Ids on_stack;
    const auto enter = [&](std::string_view id) {
      if (!parts.contains(id) || done.contains(id)) return;
      if (!on_stack.insert(id).second) {
        circular.insert(id);
        return;
      }
      stack.push_back({id, 0});
    };
    enter(start.first);
    while (!stack.empty()) {
      const auto& list = parts.at(stack.back().id);
      if (stack.back().next < list.size()) {
        enter(list[stack.back().next++]);
        continue;
      }
      done.insert(stack.back().id);
      on_stack.erase(stack.back().id);
      stack.pop_back();
    }
  }
  return circular;
}

void report_repeated(const std::vector<Reference>& definitions, Findings& findings) {
  std::unordered_map<std::string_view, const Json*> first;
  for (const Reference& one : definitions) {
    const auto [known, is_new] = first.emplace(one.id, one.node);
    if (!is_new)
      findings.add(*one.node, fmt::format("expected an id of its own, found '{}' again, which line "
                                          "{} has",
                                          quotable(one.id), known->second->line()));
  }
}

/// Ids that an extension gives to products, which only those who know it understand.
void collect_ids(const Json& value, Ids& ids) {
  if (value["product_id"].is_string()) ids.insert(text(value["product_id"]));
  for (const auto& member : value.members())
    collect_ids(member.second, ids);
  for (const Json& element : value.items())
    collect_ids(element, ids);
}

}  // namespace

void missing_product(const View& view, Findings& findings) {
  Ids of_extensions;
  for (const Json* extension : extensions_of(view))
    collect_ids((*extension)["content"], of_extensions);
  for (const Reference& one : view.product_references)
    if (!view.product_of.contains(one.id) && !of_extensions.contains(one.id))
      findings.add(*one.node, fmt::format("expected a product of the product tree, found '{}', "
                                          "which is not there",
                                          quotable(one.id)));
}

void repeated_product(const View& view, Findings& findings) {
  std::vector<Reference> definitions;
  for (const Product& product : view.products)
    definitions.push_back({&(*product.node)["product_id"], product.id});
  std::erase_if(definitions, [](const Reference& one) { return one.node->is_null(); });
  report_repeated(definitions, findings);
}

void circular_product(const View& view, Findings& findings) {
  const Ids circular = in_circles(parts_of_products(view));
  for (const Product& product : view.products)
    if (product.place == Product::Place::path && circular.contains(product.id))
      findings.add(*product.node,
                   fmt::format("expected a product of other parts than itself, found '{}' to be "
                               "among its own parts",
                               quotable(product.id)));
}

void missing_group(const View& view, Findings& findings) {
  for (const Reference& one : view.group_references)
    if (!view.groups.contains(one.id))
      findings.add(*one.node, fmt::format("expected a group of the product tree, found '{}', which "
                                          "is not there",
                                          quotable(one.id)));
}

void repeated_group(const View& view, Findings& findings) {
  std::vector<Reference> definitions;
  for (const Json& group : view.tree["product_groups"].items())
    if (group["group_id"].is_string())
      definitions.push_back({&group["group_id"], text(group["group_id"])});
  report_repeated(definitions, findings);
}

void unused_product(const View& view, Findings& findings) {
  if (view.category == "csaf_informational_advisory") return;
  Ids used;
  for (const Reference& one : view.product_references)
    used.insert(one.id);
  for (const Product& product : view.products)
    if (!used.contains(product.id))
      findings.add(*product.node, fmt::format("expected the product '{}' to be used, found it "
                                              "nowhere",
                                              quotable(product.id)));
}

void missing_helper(const View& view, Findings& findings) {
  for (const Product& product : view.products)
    if (product.node->find("product_identification_helper") == nullptr)
      findings.add(*product.node, fmt::format("expected 'product_identification_helper' for '{}', "
                                              "found nothing",
                                              quotable(product.id)));
}

void hardware_with_software(const View& view, Findings& findings) {
  Ids in_paths;
  for (const auto& [product, parts] : parts_of_products(view))
    in_paths.insert(parts.begin(), parts.end());
  for (const Product& product : view.products) {
    const Json& helper = (*product.node)["product_identification_helper"];
    const bool is_hardware =
        !helper["serial_numbers"].is_null() || !helper["model_numbers"].is_null();
    if (is_hardware && !in_paths.contains(product.id))
      findings.add(*product.node,
                   fmt::format("expected a product path that refers to '{}', which has model or "
                               "serial numbers, found none; hardware and software may be mixed",
                               quotable(product.id)));
  }
}

/// The elements of a helper's lists are compared whole; hashes file by file.
void shared_helper(const View& view, Findings& findings) {
  std::map<std::pair<std::string_view, std::string>, std::string_view> owner;
  const auto claim = [&](std::string_view kind, const Json& value, std::string_view id) {
    const auto [known, is_new] = owner.emplace(std::pair(kind, to_canonical_json(value)), id);
    if (!is_new && known->second != id)
      findings.add(value,
                   fmt::format("expected a helper of '{}' alone, found one that '{}' has too",
                               quotable(id), quotable(known->second)));
  };
  for (const Product& product : view.products) {
    for (const auto& [kind, value] : (*product.node)["product_identification_helper"].members()) {
      if (value.is_string()) claim(kind, value, product.id);
      for (const Json& element : value.items()) {
        claim(kind, element, product.id);
        for (const Json& hash : element["file_hashes"].items())
          claim("file_hashes", hash, product.id);
      }
    }
  }
}

void nested_path(const View& view, Findings& findings) {
  Ids made;
  for (const Product& product : view.products)
    if (product.place == Product::Place::path) made.insert(product.id);
  const auto look = [&](const Json& reference) {
    if (made.contains(text(reference)))
      findings.add(reference, fmt::format("expected a product that no product path makes, found "
                                          "'{}', which is made by one",
                                          quotable(text(reference))));
  };
  for (const Json& path : view.tree["product_paths"].items()) {
    look(path["beginning_product_reference"]);
    for (const Json& step : path["subpaths"].items())
      look(step["next_product_reference"]);
  }
}

}  // namespace lockstep::formats::csaf
