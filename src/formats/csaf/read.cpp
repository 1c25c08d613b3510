// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "formats/csaf/csaf.hpp"
#include "formats/csaf/validate.hpp"
#include "formats/csaf/view.hpp"

namespace lockstep::formats::csaf {
namespace {

std::string string_of(const Json& node) {
  return std::string(text(node));
}

std::vector<std::string> strings_of(const std::vector<std::string_view>& views) {
  return {views.begin(), views.end()};
}

std::vector<std::string> urls_of(const Json& references) {
  std::vector<std::string> urls;
  for (const Json& reference : references.items())
    if (reference["url"].is_string()) urls.push_back(string_of(reference["url"]));
  return urls;
}

void read_helper(const Json& helper, ProductValue& product) {
  product.cpe = string_of(helper["cpe"]);
  if (helper["purl"].is_string()) product.purls.push_back(string_of(helper["purl"]));
  for (const Json& purl : helper["purls"].items())
    if (purl.is_string()) product.purls.push_back(string_of(purl));
  for (const Json& file : helper["hashes"].items())
    for (const Json& hash : file["file_hashes"].items())
      product.hashes.push_back(
          {string_of(file["filename"]), string_of(hash["algorithm"]), string_of(hash["value"])});
}

/// The nearest branch of a category names it.
void read_branches(const Branch* branch, ProductValue& product) {
  const auto name = [](std::string& slot, const Branch& one) {
    if (slot.empty()) slot = one.name;
  };
  for (; branch != nullptr; branch = branch->parent) {
    if (branch->category == "vendor") name(product.vendor, *branch);
    if (branch->category == "product_name") name(product.product_name, *branch);
    if (branch->category == "product_version") name(product.version, *branch);
    if (branch->category == "product_version_range") name(product.version_range, *branch);
  }
}

/// Relationships of 2.0 have two parts, product paths of 2.1 any number.
void read_parts(const Json& path, ProductValue& product) {
  if (path["product_reference"].is_string()) {
    product.parts = {string_of(path["product_reference"]),
                     string_of(path["relates_to_product_reference"])};
    product.relation = string_of(path["category"]);
    return;
  }
  product.parts.push_back(string_of(path["beginning_product_reference"]));
  for (const Json& step : path["subpaths"].items()) {
    product.parts.push_back(string_of(step["next_product_reference"]));
    product.relation = string_of(step["category"]);
  }
}

void read_products(const View& view, const std::string& path, DocumentValue& document) {
  std::unordered_map<std::string_view, const Json*> paths;
  for (const Json& one : view.tree[view.is_2_1() ? "product_paths" : "relationships"].items())
    paths.emplace(text(one["full_product_name"]["product_id"]), &one);
  for (const Product& one : view.products) {
    ProductValue product;
    product.id = one.id;
    product.name = string_of((*one.node)["name"]);
    product.where = one.node->at(path);
    read_helper((*one.node)["product_identification_helper"], product);
    read_branches(one.branch, product);
    const auto made = paths.find(one.id);
    if (one.place == Product::Place::path && made != paths.end())
      read_parts(*made->second, product);
    document.products.push_back(std::move(product));
  }
}

std::vector<Said> read_said(const View& view, const Json& list, std::string_view category) {
  std::vector<Said> said;
  for (const Json& item : list.items())
    said.push_back({string_of(item[category]), string_of(item["details"]), string_of(item["url"]),
                    strings_of(view.products_of(item))});
  return said;
}

void read_scores(const View& view, const Json& node, VulnerabilityValue& vulnerability) {
  for (const Score& score : view.scores_of(node)) {
    std::vector<std::string> products;
    for (const Json& id : (*score.node)["products"].items())
      products.push_back(string_of(id));
    for (const char* key : {"cvss_v2", "cvss_v3", "cvss_v4"}) {
      const Json& cvss = (*score.content)[key];
      if (cvss["vectorString"].is_string())
        vulnerability.scores.push_back(
            {string_of(cvss["version"]), string_of(cvss["vectorString"]), products});
    }
  }
}

std::string description_of(const Json& notes) {
  for (const std::string_view category : {"description", "summary", "details", "general"})
    for (const Json& note : notes.items())
      if (text(note["category"]) == category) return string_of(note["text"]);
  return "";
}

VulnerabilityValue read_vulnerability(const View& view, const Json& node, const std::string& path) {
  VulnerabilityValue vulnerability;
  vulnerability.cve = string_of(node["cve"]);
  for (const Json& id : node["ids"].items())
    if (id["text"].is_string()) vulnerability.ids.push_back(string_of(id["text"]));
  vulnerability.title = string_of(node["title"]);
  vulnerability.description = description_of(node["notes"]);
  if (node["cwe"]["id"].is_string())
    vulnerability.weaknesses.push_back(string_of(node["cwe"]["id"]));
  for (const Json& cwe : node["cwes"].items())
    if (cwe["id"].is_string()) vulnerability.weaknesses.push_back(string_of(cwe["id"]));
  for (const StatusKey& row : status_keys())
    if (const auto products = View::with_status(node, row.key); !products.empty())
      vulnerability.status.push_back({std::string(row.key), strings_of(products)});
  vulnerability.flags = read_said(view, node["flags"], "label");
  vulnerability.remediations = read_said(view, node["remediations"], "category");
  vulnerability.threats = read_said(view, node["threats"], "category");
  read_scores(view, node, vulnerability);
  vulnerability.references = urls_of(node["references"]);
  vulnerability.where = node.at(path);
  return vulnerability;
}

}  // namespace

bool looks_like_csaf(const Document& document) {
  return document.tree["document"]["csaf_version"].is_string();
}

DocumentValue read_document(const Json& document, const std::string& path) {
  DocumentValue value;
  const auto version = version_of(document);
  if (!version) return value;
  const View view(document, *version, Instant{});
  value.csaf_version = string_of(view.document["csaf_version"]);
  value.category = view.category;
  value.title = string_of(view.document["title"]);
  value.publisher = string_of(view.document["publisher"]["name"]);
  value.id = string_of(view.tracking["id"]);
  value.version = string_of(view.tracking["version"]);
  value.status = view.status;
  value.initial_release = parse_instant(text(view.tracking["initial_release_date"]));
  value.current_release = parse_instant(text(view.tracking["current_release_date"]));
  value.references = urls_of(view.document["references"]);
  read_products(view, path, value);
  for (const Json& node : view.vulnerabilities)
    value.vulnerabilities.push_back(read_vulnerability(view, node, path));
  return value;
}

}  // namespace lockstep::formats::csaf
