// SPDX-License-Identifier: Apache-2.0
// A dependency scanning report as GitLab reads it. Its schema has no place for a decision, so what
// a statement settles is left out and counted in a message; what could not be asked about is a
// message too. Source: GitLab security report schemas 15.0.7 and
// 15.2.1, dependency scanning.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "documents/exports/parts.hpp"

namespace lockstep::documents {
namespace {

constexpr std::size_t identifiers_max = 20;
constexpr std::size_t name_bytes_max = 250;               // 255 characters
constexpr std::size_t solution_bytes_max = 6'990;         // 7,000
constexpr std::size_t description_bytes_max = 1'000'000;  // 1,048,576

std::string_view severity_of(std::string_view word) {
  using Row = std::pair<std::string_view, std::string_view>;
  constexpr std::array<Row, 5> rows = {{{"critical", "Critical"},
                                        {"high", "High"},
                                        {"medium", "Medium"},
                                        {"low", "Low"},
                                        {"none", "Info"}}};
  const auto row = std::ranges::find(rows, word, &Row::first);
  return row == rows.end() ? "Unknown" : row->second;
}

/// The name that GitLab has for what installs packages of a type; the type where it has none.
std::string manager_of(const Component& component) {
  using Row = std::pair<std::string_view, std::string_view>;
  constexpr std::array<Row, 7> rows = {{{"pypi", "pip"},
                                        {"gem", "bundler"},
                                        {"golang", "go"},
                                        {"deb", "dpkg"},
                                        {"maven", "maven"},
                                        {"npm", "npm"},
                                        {"nuget", "nuget"}}};
  if (!component.purl) return "unknown";
  const auto row = std::ranges::find(rows, component.purl->type, &Row::first);
  return row == rows.end() ? component.purl->type : std::string(row->second);
}

Json dependency_of(const std::string& name, const std::string& version) {
  return Json::object_of({{"package", Json::object_of({{"name", name}})}, {"version", version}});
}

std::string full_name(const Component& component) {
  if (!component.purl || component.purl->name_space.empty()) return component.name;
  return component.purl->name_space + "/" + component.purl->name;
}

Json identifier_of(const std::string& id) {
  const char* type = id.starts_with("CVE-") ? "cve" : id.starts_with("GHSA-") ? "ghsa" : "osv";
  return Json::object_of({{"type", type}, {"name", id}, {"value", id}, {"url", address_of(id)}});
}

Json vulnerability_of(const ScannedBills& scanned, const Finding& finding) {
  Json identifiers = Json::array().push(identifier_of(flaw_of(finding)));
  for (const std::string& id : other_ids_of(finding))
    if (identifiers.items().size() < identifiers_max) identifiers.push(identifier_of(id));
  const Component* component = component_of(scanned, finding);
  const std::string name = component == nullptr ? finding.component : full_name(*component);
  Json node = Json::object_of(
      {{"id", uuid_of(identity_of(finding))},
       {"name",
        quotable(finding.summary.empty() ? flaw_of(finding) : finding.summary, name_bytes_max)},
       {"description", quotable(fmt::format("{}: {}. {}.", name_of(finding), finding.because,
                                            finding.state_because),
                                description_bytes_max)},
       {"severity", severity_of(finding.severity.word)},
       {"identifiers", std::move(identifiers)},
       {"links", Json::array().push(Json::object_of({{"url", address_of(flaw_of(finding))}}))},
       {"location", Json::object_of({{"file", finding.sbom},
                                     {"dependency", dependency_of(name, finding.version)}})}});
  if (const std::string solution = solution_of(finding); !solution.empty())
    node.set("solution", quotable(solution, solution_bytes_max));
  return node;
}

Json files_of(const ScannedBills& scanned) {
  Json files = Json::array();
  for (const Bom& bom : scanned.boms) {
    std::map<std::string, Json> by_manager;
    for (const Component& component : bom.components)
      by_manager[manager_of(component)].push(
          dependency_of(full_name(component), component.version));
    for (auto& [manager, dependencies] : by_manager)
      files.push(Json::object_of({{"path", bom.path},
                                  {"package_manager", manager},
                                  {"dependencies", std::move(dependencies)}}));
  }
  return files;
}

Json message_of(const char* level, std::string value) {
  return Json::object_of({{"level", level}, {"value", std::move(value)}});
}

Json scan_of(const ScannedBills& scanned) {
  // The schema's times have no zone; they are in UTC.
  const std::string time = to_text(scanned.at).substr(0, 19);
  const Json program = Json::object_of({{"id", "lockstep"},
                                        {"name", "lockstep"},
                                        {"version", LOCKSTEP_VERSION},
                                        {"vendor", Json::object_of({{"name", "lockstep"}})}});
  Json messages = Json::array();
  const auto settled = std::ranges::count_if(
      scanned.findings, [](const Finding& one) { return one.state == State::pass; });
  if (settled > 0)
    messages.push(message_of(
        "info",
        fmt::format("{} findings pass by a statement or a rule and are left out", settled)));
  for (const Unmatched& unmatched : scanned.unmatched)
    messages.push(message_of(is_gap(unmatched) ? "warn" : "info",
                             fmt::format("{}: '{}' could not be asked about: {}", unmatched.sbom,
                                         unmatched.component, unmatched.reason)));
  return Json::object_of({{"analyzer", program},
                          {"scanner", program},
                          {"type", "dependency_scanning"},
                          {"start_time", time},
                          {"end_time", time},
                          {"status", "success"},
                          {"messages", std::move(messages)}});
}

}  // namespace

Result<std::string> export_gitlab(const ScannedBills& scanned) {
  Json vulnerabilities = Json::array();
  for (const Finding& finding : scanned.findings)
    if (finding.state != State::pass) vulnerabilities.push(vulnerability_of(scanned, finding));
  return to_pretty_json(Json::object_of({{"version", "15.0.7"},
                                         {"scan", scan_of(scanned)},
                                         {"vulnerabilities", std::move(vulnerabilities)},
                                         {"dependency_files", files_of(scanned)}}));
}

}  // namespace lockstep::documents
