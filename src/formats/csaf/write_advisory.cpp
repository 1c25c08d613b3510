// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <utility>

#include "base/check.hpp"
#include "base/text.hpp"
#include "domain/cvss.hpp"
#include "formats/csaf/write_parts.hpp"
#include "formats/lists.hpp"

namespace lockstep::formats::csaf {
namespace {

/// Product and version; purls of the same version are of the same product.
using Key = std::pair<std::string, std::string>;

Key key_of_version(const VersionToWrite& one) {
  return {one.product, one.version};
}

std::vector<std::string> names_of(const FlawToWrite& flaw) {
  std::vector<std::string> names = {flaw.id};
  names.insert(names.end(), flaw.aliases.begin(), flaw.aliases.end());
  return names;
}

template <typename T>
void append(const std::vector<T>& more, std::vector<T>& list) {
  list.insert(list.end(), more.begin(), more.end());
}

/// One flaw for each CVE: the first with what the others add. A version that is said to be affected
/// and fixed is affected.
std::vector<FlawToWrite> merged(std::span<const FlawToWrite> flaws) {
  std::vector<FlawToWrite> kept;
  std::map<std::string, std::size_t> places;
  for (const FlawToWrite& flaw : flaws) {
    const std::string key = key_of(names_of(flaw));
    const auto [place, is_new] = places.emplace(key, kept.size());
    if (is_new || key.empty()) {
      kept.push_back(flaw);
      continue;
    }
    FlawToWrite& first = kept[place->second];
    append(names_of(flaw), first.aliases);
    append(flaw.vectors, first.vectors);
    append(flaw.affected, first.affected);
    append(flaw.fixed, first.fixed);
    for (const std::string& url : flaw.references)
      if (std::ranges::find(first.references, url) == first.references.end())
        first.references.push_back(url);
    for (const std::string& weakness : flaw.weaknesses)
      if (std::ranges::find(first.weaknesses, weakness) == first.weaknesses.end())
        first.weaknesses.push_back(weakness);
    if (first.remediation.empty()) first.remediation = flaw.remediation;
  }
  for (FlawToWrite& flaw : kept)
    std::erase_if(flaw.fixed, [&](const VersionToWrite& one) {
      return std::ranges::find(flaw.affected, key_of_version(one), key_of_version) !=
             flaw.affected.end();
    });
  return kept;
}

class Tree {
 public:
  Tree(std::span<const FlawToWrite> flaws, const HeadToWrite& head) : head_(head) {
    std::map<Key, std::string> purls;
    for (const FlawToWrite& flaw : flaws)
      for (const auto* list : {&flaw.affected, &flaw.fixed})
        for (const VersionToWrite& one : *list)
          if (std::string& purl = purls[key_of_version(one)]; purl.empty()) purl = one.purl;
    for (const auto& [key, purl] : purls)
      versions_.emplace(key, std::pair(product_id(versions_.size()), purl));
  }

  std::vector<std::string> ids_of(const std::vector<VersionToWrite>& list) const {
    std::set<std::string> ids;
    for (const VersionToWrite& one : list)
      ids.insert(versions_.at(key_of_version(one)).first);
    return {ids.begin(), ids.end()};
  }

  /// Vendor, product names, versions.
  Json json() const {
    Json products = Json::array();
    Json versions = Json::array();
    for (auto row = versions_.begin(); row != versions_.end(); ++row) {
      versions.push(version_branch(row->first, row->second));
      const auto next = std::next(row);
      if (next != versions_.end() && next->first.first == row->first.first) continue;
      products.push(
          branch("product_name", row->first.first, std::exchange(versions, Json::array())));
    }
    Json vendors = Json::array();
    vendors.push(branch("vendor", head_.publisher.name, std::move(products)));
    return Json::object_of({{"branches", std::move(vendors)}});
  }

 private:
  static Json branch(std::string_view category, const std::string& name, Json branches) {
    return Json::object_of(
        {{"branches", std::move(branches)}, {"category", category}, {"name", name}});
  }

  Json version_branch(const Key& key,
                      const std::pair<std::string, std::string>& id_and_purl) const {
    Json product =
        Json::object_of({{"name", head_.publisher.name + " " + key.first + " " + key.second},
                         {"product_id", id_and_purl.first}});
    if (Json helper = helper_of(id_and_purl.second, head_.version); !helper.is_null())
      product.set("product_identification_helper", std::move(helper));
    return Json::object_of(
        {{"category", "product_version"}, {"name", key.second}, {"product", std::move(product)}});
  }

  const HeadToWrite& head_;
  std::map<Key, std::pair<std::string, std::string>> versions_;
};

std::string upper(std::string_view word) {
  std::string text(word);
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

std::string_view rating_of(double score) {
  if (score == 0) return "NONE";
  if (score < 4) return "LOW";
  if (score < 7) return "MEDIUM";
  return score < 9 ? "HIGH" : "CRITICAL";
}

/// The first vector of each major version: two would contradict each other.
Json scores_of(const FlawToWrite& flaw, Version version) {
  Json content = Json::object();
  for (const std::string& vector : flaw.vectors) {
    const auto scores = score_cvss(vector);
    if (!scores) continue;
    const std::string key = "cvss_v" + scores->version.substr(0, 1);
    const bool is_known = key != "cvss_v4" || version == Version::v2_1;
    if (!is_known || content.find(key) != nullptr) continue;
    const double score =
        key == "cvss_v4" ? scores->overall : scores->base.value_or(scores->overall);
    Json cvss = Json::object_of(
        {{"baseScore", score}, {"vectorString", vector}, {"version", scores->version}});
    if (key != "cvss_v2") cvss.set("baseSeverity", upper(rating_of(score)));
    content.set(key, std::move(cvss));
  }
  return content;
}

void set_weaknesses(Json& vulnerability, const FlawToWrite& flaw, const HeadToWrite& head) {
  const std::string day =
      to_text(std::chrono::floor<std::chrono::days>(head.revisions.back().date));
  const std::string_view edition = cwe_edition_on(day);
  Json all = Json::array();
  for (const std::string& id : flaw.weaknesses)
    if (const auto weakness = weakness_in(id, edition))
      all.push(Json::object_of({{"id", id}, {"name", weakness->name}, {"version", edition}}));
  if (all.items().empty()) return;
  if (head.version == Version::v2_1) {
    vulnerability.set("cwes", std::move(all));
    return;
  }
  // CSAF 2.0 has room for one, without its edition.
  const Json& first = all.items().front();
  vulnerability.set("cwe", Json::object_of({{"id", first["id"]}, {"name", first["name"]}}));
}

Json remediations_of(const FlawToWrite& flaw, const std::vector<std::string>& affected) {
  Json item = Json::object_of(
      {{"category", flaw.fixed.empty() ? "none_available" : "vendor_fix"},
       {"details", flaw.remediation.empty() ? "No action is known yet." : flaw.remediation},
       {"product_ids", Json::array_of(affected)}});
  if (!flaw.fixed.empty() && flaw.remediation.empty()) {
    std::vector<std::string> versions;
    for (const VersionToWrite& one : flaw.fixed)
      versions.push_back(one.product + " " + one.version);
    item.set("details", "Update to " + join(versions, ", ") + ".");
  } else if (flaw.fixed.empty() && !flaw.remediation.empty()) {
    item.set("category", "mitigation");
  }
  if (!flaw.remediation_url.empty()) item.set("url", flaw.remediation_url);
  Json list = Json::array();
  list.push(std::move(item));
  return list;
}

Json vulnerability_of(const FlawToWrite& flaw, const Tree& tree, const HeadToWrite& head) {
  const auto affected = tree.ids_of(flaw.affected);
  const auto fixed = tree.ids_of(flaw.fixed);
  Json status = Json::object();
  if (!affected.empty()) status.set("known_affected", Json::array_of(affected));
  if (!fixed.empty()) status.set("fixed", Json::array_of(fixed));
  Json notes = Json::array();
  notes.push(Json::object_of(
      {{"category", "description"},
       {"text", flaw.description.empty() ? "No description is given." : flaw.description}}));
  Json vulnerability =
      Json::object_of({{"notes", std::move(notes)}, {"product_status", std::move(status)}});
  set_names(vulnerability, names_of(flaw));
  if (!flaw.title.empty()) vulnerability.set("title", flaw.title);
  set_weaknesses(vulnerability, flaw, head);
  if (!affected.empty()) vulnerability.set("remediations", remediations_of(flaw, affected));
  if (Json content = scores_of(flaw, head.version);
      !content.members().empty() && !affected.empty()) {
    Json score = content;
    if (head.version == Version::v2_1) score = Json::object_of({{"content", std::move(content)}});
    score.set("products", Json::array_of(affected));
    Json list = Json::array();
    list.push(std::move(score));
    vulnerability.set(head.version == Version::v2_1 ? "metrics" : "scores", std::move(list));
  }
  Json references = Json::array();
  for (const std::string& url : flaw.references)
    references.push(Json::object_of({{"category", "external"}, {"summary", url}, {"url", url}}));
  if (!references.items().empty()) vulnerability.set("references", std::move(references));
  return vulnerability;
}

}  // namespace

Json write_csaf_advisory(std::span<const FlawToWrite> flaws, const HeadToWrite& head) {
  LS_CHECK(!head.revisions.empty(), "a CSAF document has at least one revision");
  const std::vector<FlawToWrite> kept = merged(flaws);
  const Tree tree(kept, head);
  Json vulnerabilities = Json::array();
  for (const FlawToWrite& flaw : kept)
    vulnerabilities.push(vulnerability_of(flaw, tree, head));
  return whole_of(head, "csaf_security_advisory", tree.json(), std::move(vulnerabilities));
}

}  // namespace lockstep::formats::csaf
