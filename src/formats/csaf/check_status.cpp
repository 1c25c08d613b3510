// SPDX-License-Identifier: Apache-2.0
// Tests about what is stated of products: status, flags, remediations, scores.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"
#include "formats/csaf/check.hpp"

namespace lockstep::formats::csaf {
namespace {

enum class Fit { allowed, discouraged, prohibited };

/// CSAF 2.1, 3.2.4.14.1, table of product status and remediation category: one letter per status
/// group in the order of StatusGroup (affected, not affected, fixed, under investigation, unknown,
/// recommended): a allowed, d discouraged, p prohibited.
struct CategoryRow {
  std::string_view category;
  std::string_view fits;
};

constexpr std::array categories = {
    CategoryRow{"workaround", "appdda"},     CategoryRow{"mitigation", "appdda"},
    CategoryRow{"vendor_fix", "appdda"},     CategoryRow{"optional_patch", "padaaa"},
    CategoryRow{"none_available", "appaaa"}, CategoryRow{"fix_planned", "adpdda"},
    CategoryRow{"no_fix_planned", "adpaaa"},
};

Fit fit_of(std::string_view category, StatusGroup group) {
  const auto row = std::ranges::find(categories, category, &CategoryRow::category);
  if (row == categories.end()) return Fit::allowed;
  const char letter = row->fits[static_cast<std::size_t>(group)];
  return letter == 'p' ? Fit::prohibited : letter == 'd' ? Fit::discouraged : Fit::allowed;
}

bool is_category(std::string_view word) {
  return std::ranges::find(categories, word, &CategoryRow::category) != categories.end();
}

void without_product(const View& view,
                     std::string_view list,
                     std::string_view what,
                     Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities)
    for (const Json& item : vulnerability[list].items())
      if (item.find("group_ids") == nullptr && item.find("product_ids") == nullptr)
        findings.add(item, fmt::format("expected 'product_ids' or 'group_ids' of the {}, found "
                                       "neither",
                                       what));
}

Ids with_remediation(const View& view, const Json& vulnerability) {
  Ids found;
  for (const Json& item : vulnerability["remediations"].items())
    for (const std::string_view id : view.products_of(item))
      found.insert(id);
  return found;
}

void combinations(const View& view, Fit wanted, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities) {
    std::unordered_multimap<std::string_view, StatusGroup> groups;
    for (const auto& [id, group] : view.statuses_of(vulnerability))
      groups.emplace(id, group);
    for (const Json& item : vulnerability["remediations"].items()) {
      const std::string_view category = text(item["category"]);
      for (const std::string_view id : view.products_of(item)) {
        const auto [first, last] = groups.equal_range(id);
        const auto wrong = std::find_if(
            first, last, [&](const auto& one) { return fit_of(category, one.second) == wanted; });
        if (wrong != last)
          findings.add(item, fmt::format("expected a remediation that goes with the status {}, "
                                         "found '{}' for '{}'",
                                         word_of(wrong->second), quotable(category), quotable(id)));
      }
    }
  }
}

}  // namespace

bool may_combine(std::string_view a, std::string_view b) {
  constexpr std::array measures = {std::string_view("workaround"), std::string_view("mitigation")};
  constexpr std::array plans = {std::string_view("vendor_fix"), std::string_view("fix_planned"),
                                std::string_view("no_fix_planned")};
  const auto is_of = [](const auto& list, std::string_view word) {
    return std::ranges::find(list, word) != list.end();
  };
  if (a == b) return true;
  const bool a_is_measure = is_of(measures, a);
  const bool b_is_measure = is_of(measures, b);
  return (a_is_measure && (b_is_measure || is_of(plans, b))) || (b_is_measure && is_of(plans, a));
}

void contradicting_status(const View& view, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities) {
    std::unordered_map<std::string_view, StatusGroup> first;
    for (const StatusKey& row : status_keys()) {
      if (row.group == StatusGroup::recommended) continue;
      if (row.group == StatusGroup::unknown && !view.is_2_1()) continue;
      for (const Json& node : vulnerability["product_status"][row.key].items()) {
        const auto [known, is_new] = first.emplace(text(node), row.group);
        if (!is_new && known->second != row.group)
          findings.add(
              node, fmt::format("expected one status of '{}', found {} and {}",
                                quotable(text(node)), word_of(known->second), word_of(row.group)));
      }
    }
  }
}

void remediation_without_product(const View& view, Findings& findings) {
  without_product(view, "remediations", "remediation", findings);
}

void flag_without_product(const View& view, Findings& findings) {
  without_product(view, "flags", "flag", findings);
}

// All labels that a flag may have are justifications of VEX.
void repeated_flags(const View& view, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities) {
    std::unordered_map<std::string_view, const Json*> first;
    for (const Json& flag : vulnerability["flags"].items())
      for (const std::string_view id : view.products_of(flag)) {
        const auto [known, is_new] = first.emplace(id, &flag);
        if (!is_new)
          findings.add(flag, fmt::format("expected one flag for '{}', found another in line {}",
                                         quotable(id), known->second->line()));
      }
  }
}

void missing_remediation(const View& view, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities) {
    const Ids covered = with_remediation(view, vulnerability);
    for (const StatusKey& row : status_keys()) {
      if (row.group != StatusGroup::affected && row.group != StatusGroup::investigated) continue;
      for (const Json& node : vulnerability["product_status"][row.key].items())
        if (!covered.contains(text(node)))
          findings.add(node, fmt::format("expected a remediation for '{}', found none",
                                         quotable(text(node))));
    }
  }
}

void missing_score(const View& view, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities) {
    Ids covered;
    for (const Score& score : view.scores_of(vulnerability))
      for (const Json& id : (*score.node)["products"].items())
        covered.insert(text(id));
    for (const StatusKey& row : status_keys()) {
      if (row.group != StatusGroup::affected) continue;
      for (const Json& node : vulnerability["product_status"][row.key].items())
        if (!covered.contains(text(node)))
          findings.add(node, fmt::format("expected a {} for '{}', found none",
                                         view.is_2_1() ? "metric" : "score", quotable(text(node))));
    }
  }
}

void contradicting_remediations(const View& view, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities) {
    std::map<std::string_view, std::vector<std::string_view>> known;
    for (const Json& item : vulnerability["remediations"].items()) {
      const std::string_view category = text(item["category"]);
      if (!is_category(category)) continue;
      for (const std::string_view id : view.products_of(item)) {
        auto& before = known[id];
        for (const std::string_view other : before)
          if (!may_combine(category, other))
            findings.add(item, fmt::format("expected remediations of '{}' that agree, found '{}' "
                                           "beside '{}'",
                                           quotable(id), quotable(category), quotable(other)));
        if (std::ranges::find(before, category) == before.end()) before.push_back(category);
      }
    }
  }
}

void contradicting_combination(const View& view, Findings& findings) {
  combinations(view, Fit::prohibited, findings);
}

void discouraged_combination(const View& view, Findings& findings) {
  combinations(view, Fit::discouraged, findings);
}

}  // namespace lockstep::formats::csaf
