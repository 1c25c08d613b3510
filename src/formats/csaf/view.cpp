// SPDX-License-Identifier: Apache-2.0
#include "formats/csaf/view.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "formats/csaf/limits.hpp"
#include "versions/semver.hpp"

namespace lockstep::formats::csaf {
namespace {

// CSAF 2.1, 3.2.4.11: product status.
constexpr std::array keys = {
    StatusKey{"first_affected", StatusGroup::affected},
    StatusKey{"first_fixed", StatusGroup::fixed},
    StatusKey{"fixed", StatusGroup::fixed},
    StatusKey{"known_affected", StatusGroup::affected},
    StatusKey{"known_not_affected", StatusGroup::not_affected},
    StatusKey{"last_affected", StatusGroup::affected},
    StatusKey{"recommended", StatusGroup::recommended},
    StatusKey{"under_investigation", StatusGroup::investigated},
    StatusKey{"unknown", StatusGroup::unknown},
};

/// The lists of a vulnerability whose items name products, by the version that has them.
constexpr std::array lists_2_0 = {"flags", "remediations", "threats"};
constexpr std::array lists_2_1 = {"first_known_exploitation_dates",
                                  "flags",
                                  "ids",
                                  "involvements",
                                  "notes",
                                  "remediations",
                                  "threats"};

std::size_t count_branches(const Json& list) {
  std::size_t count = list.items().size();
  for (const Json& branch : list.items())
    count += count_branches(branch["branches"]);
  return count;
}

}  // namespace

std::string_view text(const Json& value) {
  const std::string* found = value.as_string();
  return found == nullptr ? std::string_view() : *found;
}

bool is_cve(std::string_view text) {
  const auto all_digits = [](std::string_view part) {
    return std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
  };
  return text.size() >= 13 && text.starts_with("CVE-") && all_digits(text.substr(4, 4)) &&
         text[8] == '-' && all_digits(text.substr(9));
}

std::string_view word_of(StatusGroup group) {
  switch (group) {
    case StatusGroup::affected:
      return "affected";
    case StatusGroup::not_affected:
      return "not affected";
    case StatusGroup::fixed:
      return "fixed";
    case StatusGroup::investigated:
      return "under investigation";
    case StatusGroup::unknown:
      return "unknown";
    case StatusGroup::recommended:
      return "recommended";
  }
  return "";
}

std::span<const StatusKey> status_keys() {
  return keys;
}

View::View(const Json& whole, Version of, Instant at)
    : root(whole),
      version(of),
      document(root["document"]),
      tracking(document["tracking"]),
      tree(root["product_tree"]),
      vulnerabilities(root["vulnerabilities"].items()),
      category(text(document["category"])),
      status(text(tracking["status"])),
      language(text(document["lang"])),
      label(text(document["distribution"]["tlp"]["label"])),
      now(at) {
  branches.reserve(count_branches(tree["branches"]));
  collect_branches(tree["branches"], nullptr, 1);
  collect_products();
  collect_references();
  collect_revisions();
}

bool View::is_english() const {
  const std::string lower = lower_case(language);
  return lower.empty() || lower == "en" || lower.starts_with("en-");
}

/// The vector has room for all of them, so that pointers to parents stay good.
void View::collect_branches(const Json& list, const Branch* parent, std::size_t depth) {
  for (const Json& node : list.items()) {
    branches.push_back({&node, parent, depth, &list, text(node["category"]), text(node["name"])});
    const Branch* here = &branches.back();
    collect_branches(node["branches"], here, depth + 1);
  }
}

void View::collect_products() {
  const auto add = [&](const Json& node, Product::Place place, const Branch* branch) {
    if (node.is_object()) products.push_back({&node, text(node["product_id"]), place, branch});
  };
  for (const Branch& branch : branches)
    add((*branch.node)["product"], Product::Place::branch, &branch);
  for (const Json& node : tree["full_product_names"].items())
    add(node, Product::Place::name, nullptr);
  for (const Json& node : tree[is_2_1() ? "product_paths" : "relationships"].items())
    add(node["full_product_name"], Product::Place::path, nullptr);
  for (const Product& product : products)
    product_of.emplace(product.id, &product);
  for (const Json& group : tree["product_groups"].items()) {
    auto& members = groups[text(group["group_id"])];
    for (const Json& id : group["product_ids"].items())
      members.push_back(text(id));
  }
}

void View::refer_one(const Json& id) {
  if (id.is_string()) product_references.push_back({&id, text(id)});
}

void View::refer(const Json& list) {
  for (const Json& id : list.items())
    refer_one(id);
}

void View::collect_references() {
  const auto refer_item = [&](const Json& item) {
    refer(item["product_ids"]);
    for (const Json& id : item["group_ids"].items())
      if (id.is_string()) group_references.push_back({&id, text(id)});
  };
  if (is_2_1())
    for (const Json& note : document["notes"].items())
      refer_item(note);
  for (const Json& group : tree["product_groups"].items())
    refer(group["product_ids"]);
  for (const Json& path : tree["relationships"].items()) {
    refer_one(path["product_reference"]);
    refer_one(path["relates_to_product_reference"]);
  }
  for (const Json& path : tree["product_paths"].items()) {
    refer_one(path["beginning_product_reference"]);
    for (const Json& step : path["subpaths"].items())
      refer_one(step["next_product_reference"]);
  }
  const std::span<const char* const> lists =
      is_2_1() ? std::span<const char* const>(lists_2_1) : std::span<const char* const>(lists_2_0);
  for (const Json& vulnerability : vulnerabilities) {
    for (const char* list : lists)
      for (const Json& item : vulnerability[list].items())
        refer_item(item);
    for (const StatusKey& row : keys)
      refer(vulnerability["product_status"][row.key]);
    for (const Score& score : scores_of(vulnerability))
      refer((*score.node)["products"]);
  }
}

void View::collect_revisions() {
  for (const Json& node : tracking["revision_history"].items())
    revisions.push_back({&node, text(node["number"]), parse_moment(text(node["date"]))});
  std::ranges::stable_sort(revisions, [](const Revision& a, const Revision& b) {
    if (a.date != b.date) return a.date < b.date;
    return std::is_lt(compare_document_versions(a.number, b.number));
  });
}

std::vector<std::string_view> View::products_of(const Json& item) const {
  std::vector<std::string_view> found;
  Ids seen;
  const auto add = [&](std::string_view id) {
    if (seen.insert(id).second) found.push_back(id);
  };
  for (const Json& id : item["product_ids"].items())
    add(text(id));
  for (const Json& group : item["group_ids"].items())
    if (const auto members = groups.find(text(group)); members != groups.end() && !gave_up()) {
      group_members_ += members->second.size();
      std::ranges::for_each(members->second, add);
    }
  return found;
}

bool View::gave_up() const {
  return group_members_ > group_members_max;
}

std::vector<std::pair<std::string_view, StatusGroup>> View::statuses_of(
    const Json& vulnerability) const {
  std::vector<std::pair<std::string_view, StatusGroup>> found;
  for (const StatusKey& row : keys)
    for (const Json& id : vulnerability["product_status"][row.key].items())
      found.emplace_back(text(id), row.group);
  return found;
}

std::vector<std::string_view> View::with_status(const Json& vulnerability, std::string_view key) {
  std::vector<std::string_view> found;
  for (const Json& id : vulnerability["product_status"][key].items())
    found.push_back(text(id));
  return found;
}

std::vector<Score> View::scores_of(const Json& vulnerability) const {
  std::vector<Score> found;
  for (const Json& node : vulnerability[is_2_1() ? "metrics" : "scores"].items())
    found.push_back({&node, is_2_1() ? &node["content"] : &node, text(node["source"])});
  return found;
}

std::optional<Moment> View::newest_revision() const {
  return revisions.empty() ? std::nullopt : revisions.back().date;
}

std::weak_ordering compare_document_versions(std::string_view a, std::string_view b) {
  const auto semantic = [](std::string_view number) {
    return std::string(number) + (number.find('.') == std::string_view::npos ? ".0.0" : "");
  };
  return versions::compare_semver(semantic(a), semantic(b));
}

DocumentVersion document_version(std::string_view text) {
  DocumentVersion version;
  version.is_semantic = text.find('.') != std::string_view::npos;
  version.major = text.substr(0, text.find('.'));
  const std::size_t build = text.find('+');
  version.has_build = build != std::string_view::npos;
  text = text.substr(0, build);
  const std::size_t hyphen = text.find('-');
  version.core = text.substr(0, hyphen);
  if (hyphen != std::string_view::npos) version.pre_release = text.substr(hyphen + 1);
  return version;
}

}  // namespace lockstep::formats::csaf
