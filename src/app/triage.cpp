// SPDX-License-Identifier: Apache-2.0
#include "app/triage.hpp"

#include <algorithm>
#include <deque>
#include <fmt/format.h>
#include <map>
#include <utility>

#include "advisories/gate.hpp"
#include "advisories/vex.hpp"
#include "app/import_data.hpp"
#include "app/inputs.hpp"
#include "app/scan.hpp"
#include "app/vex.hpp"
#include "base/text.hpp"
#include "domain/purl.hpp"
#include "formats/decisions/decisions.hpp"
#include "formats/openvex/openvex.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t decisions_bytes_max = std::uint64_t{4} << 20U;
constexpr std::uint64_t document_bytes_max = std::uint64_t{256} << 20U;

bool is_called(const Finding& finding, const std::string& id) {
  const std::string wanted = lower_case(id);
  const auto is_it = [&](const std::string& one) { return lower_case(one) == wanted; };
  return is_it(finding.flaw) || is_it(finding.advisory) ||
         std::ranges::any_of(other_ids_of(finding), is_it);
}

/// The bill as a graph by references.
class Graph {
 public:
  explicit Graph(const Bom& bom) : bom_(bom) {
    for (const Component& one : bom.components)
      names_[one.reference] = one.version.empty() ? one.name : one.name + " " + one.version;
    if (bom.subject) names_[bom.subject->reference] = bom.subject->name;
    for (const Dependency& edge : bom.dependencies)
      needed_by_[edge.to].push_back(edge.from);
  }

  std::size_t parents(const std::string& reference) const {
    const auto found = needed_by_.find(reference);
    return found == needed_by_.end() ? 0 : found->second.size();
  }

  /// The names on the shortest way down to the component, from what nothing needs.
  std::vector<std::string> path_to(const std::string& reference) const {
    std::map<std::string, std::string> below;  // of each seen, the next one on the way down
    std::deque<std::string> next = {reference};
    below[reference] = "";
    while (!next.empty()) {
      const std::string here = next.front();
      next.pop_front();
      const bool is_root = parents(here) == 0 || (bom_.subject && bom_.subject->reference == here);
      if (is_root) return way_from(here, below);
      for (const std::string& parent : needed_by_.at(here))
        if (below.emplace(parent, here).second) next.push_back(parent);
    }
    return {name_of(reference)};
  }

 private:
  std::string name_of(const std::string& reference) const {
    const auto found = names_.find(reference);
    return found == names_.end() ? reference : found->second;
  }

  std::vector<std::string> way_from(const std::string& root,
                                    const std::map<std::string, std::string>& below) const {
    std::vector<std::string> way;
    for (std::string here = root; !here.empty(); here = below.at(here))
      way.push_back(name_of(here));
    return way;
  }

  const Bom& bom_;
  std::map<std::string, std::string> names_;
  std::map<std::string, std::vector<std::string>> needed_by_;
};

/// What was stated about the flaw in other versions of the component, newest first.
std::vector<std::string> earlier_of(const Finding& finding,
                                    std::span<const VexStatement> statements) {
  const auto purl = parse_purl(finding.purl);
  if (!purl) return {};
  std::vector<std::pair<std::optional<Instant>, std::string>> found;
  for (const VexStatement& statement : statements) {
    const bool is_named = is_called(finding, statement.vulnerability) ||
                          std::ranges::any_of(statement.aliases, [&](const std::string& id) {
                            return is_called(finding, id);
                          });
    if (!is_named) continue;
    for (const VexStatement::Scope& scope : statement.products) {
      std::vector<std::string> names = scope.subcomponents;
      if (names.empty()) names.push_back(scope.product);
      for (const std::string& name : names) {
        auto other = parse_purl(name);
        if (!other || other->version.empty() || other->version == purl->version) continue;
        const std::string version = std::exchange(other->version, "");
        if (!advisories::covers(*other, *purl)) continue;
        found.emplace_back(
            statement.at,
            fmt::format("{} about version {}, by {}{}", status_word(statement), version,
                        statement.author, statement.at ? " on " + to_text(*statement.at) : ""));
      }
    }
  }
  std::ranges::stable_sort(found, [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> texts;
  for (auto& [at, text] : found)
    texts.push_back(std::move(text));
  return texts;
}

bool is_worse(const TriageCase& a, const TriageCase& b) {
  if (a.finding.state != b.finding.state)
    return worse(a.finding.state, b.finding.state) == a.finding.state;
  if (a.finding.known_exploited.empty() != b.finding.known_exploited.empty())
    return b.finding.known_exploited.empty();
  return a.finding.severity.score.value_or(-1) > b.finding.severity.score.value_or(-1);
}

std::vector<TriageCase> cases_of(const Scan& scan,
                                 std::span<const Bom> boms,
                                 std::span<const VexStatement> statements,
                                 const std::vector<std::string>& lists_missing) {
  std::map<std::string, Graph> graphs;
  for (const Bom& bom : boms)
    graphs.emplace(bom.path, Graph(bom));
  std::vector<TriageCase> cases;
  for (const Finding& finding : scan.findings) {
    TriageCase one{finding, {}, {}, 0, lists_missing, earlier_of(finding, statements), false};
    one.is_open = finding.state == State::fail || finding.state == State::human;
    const Graph& graph = graphs.at(finding.sbom);
    one.path = graph.path_to(finding.reference);
    one.parents = graph.parents(finding.reference);
    const auto bom = std::ranges::find(boms, finding.sbom, &Bom::path);
    for (const Component& component : bom->components)
      if (component.reference == finding.reference) one.where = component.where.in(bom->path);
    cases.push_back(std::move(one));
  }
  std::ranges::stable_sort(cases, is_worse);
  return cases;
}

VexStatement statement_of(const Decision& decision,
                          const Finding& finding,
                          std::span<const Bom> boms,
                          Instant now) {
  VexStatement statement;
  statement.vulnerability = finding.flaw;
  statement.aliases = other_ids_of(finding);
  statement.products = {scope_of(finding, boms)};
  statement.status = decision.status;
  statement.at = now;
  statement.author = decision.by;
  statement.notes = decision.notes;
  statement.accepted_by = decision.accepted_by;
  statement.accepted_until = decision.accepted_until;
  return statement;
}

/// Whether statements can be appended to the file.
bool is_openvex(const std::string& path, const Files& files) {
  const auto bytes = files.read(path, document_bytes_max);
  if (!bytes) return false;
  Diagnostics ignored;
  formats::Document document;
  auto tree = parse_json(*bytes, path, ignored);
  if (!tree) return false;
  document.tree = *std::move(tree);
  return formats::looks_like_openvex(document);
}

}  // namespace

Result<std::string> own_vex(const std::string& product_file, const Files& files) {
  Diagnostics ignored;
  TRY(const Product product, read_product_file(product_file, files, ignored));
  std::vector<std::string> candidates;
  for (const std::string& name : product.vex) {
    const std::string path = beside(product_file, name);
    if (!name.empty() && (!files.exists(path) || is_openvex(path, files)))
      candidates.push_back(path);
  }
  if (candidates.size() == 1) return candidates.front();
  return fail(ErrorKind::usage, "triage.vex",
              fmt::format("expected --vex FILE, or one OpenVEX document under 'vex' in the product "
                          "file, found {}",
                          candidates.empty() ? "none" : join(candidates, " and ")),
              {product_file, 0, 0});
}

Result<TriageWork> open_triage(const TriageRequest& request,
                               const Files& files,
                               Diagnostics& problems) {
  TriageWork work;
  work.vex = request.vex;
  if (work.vex.empty()) {
    TRY(work.vex, own_vex(request.product_file, files));
  }
  TRY(Inputs inputs, read_inputs(request.product_file, files, problems, work.vex));
  TRY(const auto index, open_index(request.data_folder, files));
  if (!index)
    return fail(ErrorKind::input, "data.missing",
                "there is no advisory data here; `lockstep data import PATH...` takes it in",
                {index_path(request.data_folder), 0, 0});
  TRY(const Scan scan, scan_boms(inputs.boms,
                                 {inputs.statements, inputs.policy ? &*inputs.policy : nullptr,
                                  inputs.reachability, request.as_of},
                                 *index));
  std::vector<std::string> missing = advisories::exploited_lists();
  for (const std::string& list : lists_of(*index))
    std::erase(missing, list);
  work.cases = cases_of(scan, inputs.boms, inputs.statements, missing);
  work.boms = std::move(inputs.boms);
  work.author = inputs.product.manufacturer.name;
  return work;
}

std::string kept_decisions_path(const TriageWork& work) {
  return work.vex + ".decisions.yaml";
}

bool is_about(const Decision& decision, const Finding& finding) {
  if (!is_called(finding, decision.vulnerability)) return false;
  if (decision.component.empty()) return true;
  const auto wide = parse_purl(decision.component);
  const auto narrow = parse_purl(finding.purl);
  return wide && narrow && advisories::covers(*wide, *narrow);
}

Result<std::vector<Decision>> read_decisions(const std::string& path,
                                             const TriageWork& work,
                                             Day today,
                                             const Files& files,
                                             Diagnostics& problems) {
  TRY(const std::string bytes, files.read(path, decisions_bytes_max));
  TRY(std::vector<Decision> decisions, formats::read_decisions(bytes, path, problems));
  for (const Decision& decision : decisions) {
    if (decision.accepted_until && *decision.accepted_until < today)
      problems.error("decisions.row",
                     fmt::format("expected a day in 'until' that is not past, found {}",
                                 to_text(*decision.accepted_until)),
                     decision.where);
    const bool is_found = std::ranges::any_of(
        work.cases, [&](const TriageCase& one) { return is_about(decision, one.finding); });
    if (is_found) continue;
    std::vector<std::string> where;
    for (const TriageCase& one : work.cases)
      if (is_called(one.finding, decision.vulnerability)) where.push_back(one.finding.purl);
    problems.error(
        "decisions.finding",
        fmt::format(
            "expected a decision about a finding, found one about '{}'{}, {}",
            quotable(decision.vulnerability),
            decision.component.empty() ? "" : fmt::format(" in '{}'", quotable(decision.component)),
            where.empty() ? "which is found nowhere in the product"
                          : "which is found in " + join(where, ", ")),
        decision.where);
  }
  if (problems.has_errors())
    return fail(
        ErrorKind::input, "input.problems",
        fmt::format("{} problems in the decisions; nothing was written", problems.error_count()),
        {path, 0, 0});
  return decisions;
}

Result<> keep_decisions(const std::string& path,
                        std::span<const Decision> decisions,
                        Files& files) {
  return files.write(path, formats::write_decisions(decisions));
}

Result<TriageReport> write_decisions(const TriageWork& work,
                                     std::span<const Decision> decisions,
                                     Instant now,
                                     Files& files) {
  TriageReport report{work.vex, 0, 0};
  std::vector<VexStatement> statements;
  std::string author = work.author;
  for (const TriageCase& one : work.cases) {
    const Decision* last = nullptr;
    for (const Decision& decision : decisions)
      if (is_about(decision, one.finding)) last = &decision;
    if (last == nullptr) {
      report.open += one.is_open ? 1 : 0;
      continue;
    }
    if (author.empty()) author = last->by;
    statements.push_back(statement_of(*last, one.finding, work.boms, now));
  }
  report.statements = statements.size();
  TRY_VOID(append_statements(work.vex, author, now, std::move(statements), files));
  if (const std::string kept = kept_decisions_path(work); files.exists(kept))
    TRY_VOID(files.remove(kept));
  return report;
}

}  // namespace lockstep::app
