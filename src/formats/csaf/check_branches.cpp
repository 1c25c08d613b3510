// SPDX-License-Identifier: Apache-2.0
// Tests about the categories and names of branches of the product tree.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/csaf/check.hpp"

namespace lockstep::formats::csaf {
namespace {

template <typename Look>
void each_branch(const View& view, std::string_view category, Look look) {
  for (const Branch& branch : view.branches)
    if (branch.category == category) look(branch);
}

/// From the root to the branch.
std::vector<const Branch*> path_to(const Branch* branch) {
  std::vector<const Branch*> path;
  for (; branch != nullptr; branch = branch->parent)
    path.push_back(branch);
  std::ranges::reverse(path);
  return path;
}

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// CSAF 2.1, 6.1.31 (and the list of known issues of 2.0): words count, not parts of words.
bool looks_like_range(std::string_view name) {
  constexpr std::array<std::string_view, 7> words = {"after", "all",   "before",  "earlier",
                                                     "later", "prior", "versions"};
  const std::string lower = lower_case(name);
  if (lower.find_first_of("<>") != std::string::npos) return true;
  std::size_t at = 0;
  while (at < lower.size()) {
    while (at < lower.size() && is_blank(lower[at]))
      ++at;
    std::size_t end = at;
    while (end < lower.size() && !is_blank(lower[end]))
      ++end;
    if (std::ranges::find(words, std::string_view(lower).substr(at, end - at)) != words.end())
      return true;
    at = end;
  }
  return false;
}

}  // namespace

void range_as_version(const View& view, Findings& findings) {
  each_branch(view, "product_version", [&](const Branch& branch) {
    if (looks_like_range(branch.name))
      findings.add((*branch.node)["name"], fmt::format("expected one version, found the range '{}'",
                                                       quotable(branch.name)));
  });
}

void deep_branches(const View& view, Findings& findings) {
  constexpr std::size_t deepest = 30;
  for (const Product& product : view.products)
    if (product.branch != nullptr && product.branch->depth > deepest)
      findings.add(*product.node, fmt::format("expected at most {} nested branches, found {}",
                                              deepest, product.branch->depth));
}

void stacked_categories(const View& view, Findings& findings) {
  for (const Product& product : view.products) {
    Ids seen;
    for (const Branch* branch : path_to(product.branch))
      if (branch->category != "product_family" && !seen.insert(branch->category).second)
        findings.add((*branch->node)["category"],
                     fmt::format("expected each category once on the way to '{}', found '{}' again",
                                 quotable(product.id), quotable(branch->category)));
  }
}

void version_with_range(const View& view, Findings& findings) {
  for (const Product& product : view.products) {
    Ids seen;
    for (const Branch* branch : path_to(product.branch))
      seen.insert(branch->category);
    if (seen.contains("product_version") && seen.contains("product_version_range"))
      findings.add(*product.node,
                   fmt::format("expected product_version or product_version_range on the way to "
                               "'{}', found both",
                               quotable(product.id)));
  }
}

void open_source_vendor(const View& view, Findings& findings) {
  each_branch(view, "vendor", [&](const Branch& branch) {
    std::string name = lower_case(branch.name);
    std::erase_if(name, is_blank);
    if (name == "opensource")
      findings.add((*branch.node)["name"],
                   fmt::format("expected the name of a vendor, found '{}'", quotable(branch.name)));
  });
}

void branch_categories(const View& view, Findings& findings) {
  constexpr std::array<std::string_view, 3> wanted = {"vendor", "product_name", "product_version"};
  for (const Product& product : view.products) {
    if (product.branch == nullptr) continue;
    std::size_t next = 0;
    for (const Branch* branch : path_to(product.branch))
      if (next < wanted.size() && branch->category == wanted[next]) ++next;
    if (next < wanted.size())
      findings.add(*product.node,
                   fmt::format("expected vendor, product_name and product_version in "
                               "this order on the way to '{}', found no {}",
                               quotable(product.id), wanted[next]));
  }
}

void any_range(const View& view, Findings& findings) {
  each_branch(view, "product_version_range", [&](const Branch& branch) {
    findings.add(
        (*branch.node)["category"],
        fmt::format("expected single versions, found the range '{}'", quotable(branch.name)));
  });
}

void leading_v(const View& view, Findings& findings) {
  each_branch(view, "product_version", [&](const Branch& branch) {
    const std::string_view name = branch.name;
    if (name.size() > 1 && (name[0] == 'v' || name[0] == 'V') && name[1] >= '0' && name[1] <= '9')
      findings.add((*branch.node)["name"], fmt::format("expected a version without a leading v, "
                                                       "found '{}'",
                                                       quotable(name)));
  });
}

}  // namespace lockstep::formats::csaf
