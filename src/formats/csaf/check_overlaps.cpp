// SPDX-License-Identifier: Apache-2.0
// Tests about ranges of versions that overlap with a range or a version beside them.
//
// A range of the product tree (CTPVR in the standard's words) is compared with its siblings: with
// those that are products themselves by the status that both have, with those that have branches by
// their versions alone.
#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"
#include "formats/csaf/check.hpp"
#include "formats/csaf/ranges.hpp"

namespace lockstep::formats::csaf {
namespace {

enum class Sibling { vers, vls, version, any_range };
enum class Status { contradicting, same };

bool is_range(const Branch& branch) {
  return branch.category == "product_version_range";
}

bool has_kind(const Branch& branch, const VersionRange& range, Sibling kind) {
  switch (kind) {
    case Sibling::vers:
      return is_range(branch) && range.is_vers;
    case Sibling::vls:
      return is_range(branch) && !range.is_vers;
    case Sibling::any_range:
      return is_range(branch);
    case Sibling::version:
      return branch.category == "product_version";
  }
  return false;
}

struct Parsed {
  const Branch* branch;
  VersionRange range;
};

/// Ranges and versions by the list that they stand in; what is broken is left to other tests.
std::map<const Json*, std::vector<Parsed>> by_list(const View& view) {
  std::map<const Json*, std::vector<Parsed>> lists;
  for (const Branch& branch : view.branches) {
    if (!is_range(branch) && branch.category != "product_version") continue;
    Parsed one{&branch, is_range(branch) ? parse_range(branch.name) : VersionRange{}};
    if (one.range.problem.empty()) lists[branch.siblings].push_back(std::move(one));
  }
  return lists;
}

/// Whether they have a version in common, as far as the order is known.
bool do_overlap(const Parsed& a, const Parsed& b) {
  const std::string& type = a.range.is_vers ? a.range.type : b.range.type;
  if (a.range.is_vers && b.range.is_vers && a.range.type != b.range.type && !a.range.is_all &&
      !b.range.is_all)
    return false;
  if (!type.empty() && !is_known_type(type)) return false;
  if (is_range(*b.branch)) return overlap(a.range, b.range, type);
  return contains(a.range, type, b.branch->name);
}

/// Siblings of one list that are compared with each other, and looks at pairs of products: more of
/// them are not made, which is said.
constexpr std::size_t siblings_max = 400;
constexpr std::size_t looks_max = 5'000'000;

void report_unlooked(const Json& at, Findings& findings) {
  findings.add(at, "expected fewer ranges or products to compare; the others were not compared");
}

/// Calls `look` with each range of a list and each of its siblings that overlaps with it.
template <typename Look>
void each_overlap(const View& view, Sibling kind, Findings& findings, Look look) {
  for (const auto& [list, parsed] : by_list(view)) {
    if (parsed.size() > siblings_max) report_unlooked(*list, findings);
    const std::size_t count = std::min(parsed.size(), siblings_max);
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_range(*parsed[i].branch)) continue;
      for (std::size_t k = 0; k < count; ++k)
        if (i != k && has_kind(*parsed[k].branch, parsed[k].range, kind) &&
            do_overlap(parsed[i], parsed[k]))
          look(*parsed[i].branch, *parsed[k].branch);
    }
  }
}

/// Ids of products in or below a branch. The parents of each product were noted once.
using ProductsBelow = std::map<const Branch*, std::vector<std::string_view>>;

ProductsBelow products_below(const View& view) {
  ProductsBelow below;
  for (const Product& product : view.products)
    for (const Branch* branch = product.branch; branch != nullptr; branch = branch->parent)
      if (is_range(*branch)) below[branch].push_back(product.id);
  return below;
}

using Pairs = std::vector<std::pair<const Branch*, const Branch*>>;

/// Pairs of a range and a leaf beside it that overlap.
Pairs leaf_pairs(const View& view, Sibling kind, Findings& findings) {
  Pairs pairs;
  each_overlap(view, kind, findings, [&](const Branch& range, const Branch& other) {
    if ((*other.node)["product"].is_object()) pairs.emplace_back(&range, &other);
  });
  std::ranges::sort(pairs);
  return pairs;
}

bool is_wrong(StatusGroup a, StatusGroup b, Status wanted) {
  if (wanted == Status::same) return a == b;
  return a != b && a != StatusGroup::recommended && b != StatusGroup::recommended;
}

void report_pair(const Json& vulnerability,
                 const std::pair<std::string_view, StatusGroup>& one,
                 const std::pair<std::string_view, StatusGroup>& other,
                 const std::pair<const Branch*, const Branch*>& branches,
                 Findings& findings) {
  findings.add(
      vulnerability["product_status"],
      fmt::format(
          "expected products apart, found '{}' ({}) and '{}' ({}) to overlap: '{}' and '{}'",
          quotable(one.first), word_of(one.second), quotable(other.first), word_of(other.second),
          quotable(branches.first->name), quotable(branches.second->name)));
}

void compare_leaves(const View& view, Sibling kind, Status wanted, Findings& findings) {
  const Pairs pairs = leaf_pairs(view, kind, findings);
  if (pairs.empty()) return;
  const ProductsBelow below = products_below(view);
  std::size_t looks = 0;
  for (const Json& vulnerability : view.vulnerabilities) {
    std::multimap<std::string_view, StatusGroup> groups;
    for (const auto& [id, group] : view.statuses_of(vulnerability))
      groups.emplace(id, group);
    for (const auto& pair : pairs) {
      const auto [first, last] =
          groups.equal_range(text((*pair.second->node)["product"]["product_id"]));
      const auto products = below.find(pair.first);
      if (first == last || products == below.end()) continue;
      for (const std::string_view id : products->second) {
        if (++looks > looks_max) return report_unlooked(vulnerability, findings);
        const auto [own, own_last] = groups.equal_range(id);
        for (auto one = own; one != own_last; ++one)
          for (auto other = first; other != last; ++other)
            if (is_wrong(one->second, other->second, wanted))
              report_pair(vulnerability, *one, *other, pair, findings);
      }
    }
  }
}

void compare_branches(const View& view, Sibling kind, Findings& findings) {
  each_overlap(view, kind, findings, [&](const Branch& range, const Branch& other) {
    if ((*other.node)["branches"].is_array())
      findings.add((*other.node)["name"],
                   fmt::format("expected branches apart, found '{}' to overlap with '{}'",
                               quotable(other.name), quotable(range.name)));
  });
}

}  // namespace

void contradicting_vers(const View& view, Findings& findings) {
  compare_leaves(view, Sibling::vers, Status::contradicting, findings);
}

void contradicting_vls(const View& view, Findings& findings) {
  compare_leaves(view, Sibling::vls, Status::contradicting, findings);
}

void contradicting_versions(const View& view, Findings& findings) {
  compare_leaves(view, Sibling::version, Status::contradicting, findings);
}

void same_status_vers(const View& view, Findings& findings) {
  compare_leaves(view, Sibling::vers, Status::same, findings);
}

void same_status_vls(const View& view, Findings& findings) {
  compare_leaves(view, Sibling::vls, Status::same, findings);
}

void same_status_versions(const View& view, Findings& findings) {
  compare_leaves(view, Sibling::version, Status::same, findings);
}

void overlapping_range_branch(const View& view, Findings& findings) {
  compare_branches(view, Sibling::any_range, findings);
}

void overlapping_version_branch(const View& view, Findings& findings) {
  compare_branches(view, Sibling::version, findings);
}

}  // namespace lockstep::formats::csaf
