// SPDX-License-Identifier: Apache-2.0
#include "app/explain_finding.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "app/embedded_law.hpp"
#include "app/scan.hpp"
#include "base/text.hpp"
#include "domain/cvss.hpp"
#include "risks/rules_data.hpp"

namespace lockstep::app {
namespace {

using advisories::AdvisoryIndex;

/// The record with that id, else the first record of the weakness that has it as an alias.
Result<std::optional<std::uint32_t>> find_record(const AdvisoryIndex& index,
                                                 const std::string& id) {
  std::optional<std::uint32_t> by_alias;
  for (std::uint32_t number = 0; number < index.records(); ++number) {
    TRY(const std::string_view known, index.id(number));
    if (known == id) return std::optional(number);
    if (by_alias) continue;
    TRY(const advisories::Flaw flaw, index.flaw_of(number));
    if (std::ranges::find(flaw.ids, id) != flaw.ids.end()) by_alias = number;
  }
  return by_alias;
}

std::string day_of(const std::optional<Instant>& instant) {
  return instant ? lockstep::to_text(std::chrono::floor<std::chrono::days>(*instant)) : "not given";
}

std::vector<std::string> severities(const Advisory& advisory) {
  std::vector<std::string> lines;
  for (const PublishedSeverity& severity : advisory.severity) {
    const auto scores = score_cvss(severity.score);
    lines.push_back(
        scores ? fmt::format("{:.1f} {}  {}", scores->overall, scores->rating, severity.score)
               : fmt::format("{} {}", severity.type, severity.score));
  }
  if (lines.empty()) lines.emplace_back("nobody rated it");
  return lines;
}

/// What the lists of exploited vulnerabilities and EPSS say of the ids.
Result<std::vector<std::string>> exploitation(const AdvisoryIndex& index,
                                              const std::vector<std::string_view>& ids) {
  std::vector<std::string> lines;
  for (const std::string_view id : ids) {
    TRY(const auto listed, index.known_exploited(id));
    for (const KnownExploited& entry : listed)
      lines.push_back(fmt::format("{} is listed as exploited by {} since {}{}{}", id, entry.source,
                                  entry.date_added.empty() ? "an unknown day" : entry.date_added,
                                  entry.origin.empty() ? "" : ", reported by " + entry.origin,
                                  entry.ransomware ? ", also by ransomware" : ""));
    TRY(const auto score, index.epss(id));
    if (score)
      lines.push_back(fmt::format("{}: EPSS {:.4f} on {}", id, score->probability, score->date));
  }
  if (lines.empty()) lines.emplace_back("no list that was imported names it");
  return lines;
}

/// A text of a rule, which speaks of any asset, about the one of this risk.
std::string about(std::string text, const std::string& asset) {
  constexpr std::string_view slot = "{asset}";
  for (std::size_t at = text.find(slot); at != std::string::npos;
       at = text.find(slot, at + asset.size()))
    text.replace(at, slot.size(), asset);
  return text;
}

Result<Explanation> page_of(const AdvisoryIndex& index, std::uint32_t number) {
  TRY(const Advisory advisory, index.record(number));
  TRY(const advisories::Flaw flaw, index.flaw_of(number));
  Explanation page{advisory.id, "advisory", quotable(advisory.summary, 300), {}};
  if (page.title.empty()) page.title = "no summary was published";
  page.sections.push_back({"Ids of the weakness", {flaw.ids.begin(), flaw.ids.end()}});
  if (advisory.withdrawn)
    page.sections.push_back(
        {"Withdrawn", {day_of(advisory.withdrawn) + ": makes no finding any more"}});
  page.sections.push_back({"Severity", severities(advisory)});
  TRY(auto lines, exploitation(index, flaw.ids));
  page.sections.push_back({"Exploitation", std::move(lines)});
  if (!advisory.weaknesses.empty()) page.sections.push_back({"Weakness", advisory.weaknesses});
  page.sections.push_back({"Published", {day_of(advisory.published)}});
  page.sections.push_back({"Modified", {day_of(advisory.modified)}});
  page.sections.push_back(
      {"What to do",
       {"take a version that mends it (`lockstep vuln scan` names one), or state in a VEX document "
        "why the product is not affected"}});
  return page;
}

}  // namespace

Result<std::optional<Explanation>> explain_advisory(const std::string& id,
                                                    const std::string& data_folder,
                                                    const Files& files) {
  TRY(const auto index, open_index(data_folder, files));
  if (!index) return std::optional<Explanation>{};
  TRY(const auto number, find_record(*index, id));
  if (!number) return std::optional<Explanation>{};
  TRY(Explanation page, page_of(*index, *number));
  return std::optional(std::move(page));
}

Result<std::optional<Explanation>> explain_risk(const std::string& id) {
  TRY(auto trees, embedded_trees("risks/"));
  std::vector<risks::RuleFile> files;
  for (regulations::SourceFile& tree : trees)
    files.push_back({std::move(tree.path), std::move(tree.tree)});
  TRY(const risks::RiskRules rules, risks::load_risk_rules(files));
  const std::string rule = id.substr(0, id.find('.'));
  const risks::Category* category = rules.category(rule);
  if (category == nullptr) return std::optional<Explanation>{};
  const std::string asset = rule.size() < id.size() ? id.substr(rule.size() + 1) : "an asset";
  Explanation page{id, "risk rule", about(category->title, asset), {}};
  page.sections.push_back({"Situation", {about(category->situation, asset)}});
  page.sections.push_back({"Acts", category->acts});
  page.sections.push_back({"Requirements", category->requirements});
  if (!category->techniques.empty()) page.sections.push_back({"Techniques", category->techniques});
  page.sections.push_back({"Harm until a person judges",
                           {fmt::format("class {}, severity {}: {}", category->harm.harm_class,
                                        category->harm.severity, category->harm.reason)}});
  page.sections.push_back(
      {"What to do",
       {fmt::format("`lockstep risk show {}` shows every number and its origin", id)}});
  return std::optional(std::move(page));
}

}  // namespace lockstep::app
