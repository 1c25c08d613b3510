// SPDX-License-Identifier: Apache-2.0
#include "risks/rules/rule.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace lockstep::risks {
namespace {

constexpr std::array<Rule, 7> rules = {{
    {"data_poisoning", find_data_poisoning},
    {"evasion", find_evasion},
    {"known_exploited_component", find_known_exploited},
    {"missing_update_process", find_missing_update_process},
    {"unidentified_components", find_unidentified_components},
    {"unmeasured_evasion", find_unmeasured_evasion},
    {"vulnerable_component", find_vulnerable_components},
}};

bool is_id_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-' || c == '@' || c == '/' || c == ':' || c == '+';
}

}  // namespace

std::span<const Rule> all_rules() {
  return rules;
}

std::string id_part(std::string_view name) {
  std::string part(name);
  std::ranges::replace_if(part, [](char c) { return !is_id_letter(c); }, '-');
  return part.empty() ? "unnamed" : part;
}

std::string part_of(const Product& product, std::string_view sbom_path) {
  const auto found = std::ranges::find(product.sboms, sbom_path, &SbomInput::path);
  if (found != product.sboms.end() && !found->part.empty()) return found->part;
  return std::string(sbom_path);
}

std::string shown(double value) {
  return fmt::format("{:.3g}", value);
}

}  // namespace lockstep::risks
