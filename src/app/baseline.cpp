// SPDX-License-Identifier: Apache-2.0
#include "app/baseline.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "advisories/baseline.hpp"
#include "app/evidence.hpp"
#include "app/verdict.hpp"
#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t baseline_bytes_max = std::uint64_t{256} << 20U;

tl::unexpected<Error> foreign(const std::string& path, const std::string& found) {
  return fail(ErrorKind::input, "baseline.foreign",
              fmt::format("expected a baseline as a dossier.json that `lockstep assess` wrote, or "
                          "the JSON of `lockstep vuln scan`, found {}",
                          found),
              {path, 0, 0});
}

/// One row of lockstep/findings/1.
Result<BaselineFinding> read_finding(const Json& row, const std::string& path) {
  const auto text = [&](std::string_view key) { return row[key].string_or(""); };
  BaselineFinding finding{text("component"), text("purl"), text("version"),
                          text("advisory"),  {},           true};
  const auto state = parse_state(text("state"));
  if (finding.component.empty() || finding.advisory.empty() || !state)
    return foreign(
        path, fmt::format("a finding in line {} without component, advisory or state", row.line()));
  std::set<std::string> names{finding.advisory};
  if (!text("flaw").empty()) names.insert(text("flaw"));
  for (const char* key : {"aliases", "matched"})
    for (const Json& name : row[key].items())
      if (const std::string* id = name.as_string()) names.insert(*id);
  finding.names.assign(names.begin(), names.end());
  finding.is_open = *state != State::pass && *state != State::not_applicable;
  return finding;
}

/// Whether the risk stands on findings of which none is new or known to be exploited.
bool rests_on_known(const Risk& risk, const Dossier& dossier) {
  bool has_known = false;
  for (const Finding& finding : dossier.findings) {
    if (!advisories::is_open(finding) ||
        std::ranges::find(risk.findings, finding.advisory) == risk.findings.end())
      continue;
    if (!advisories::may_rest(finding, *dossier.since_baseline)) return false;
    has_known = true;
  }
  return has_known;
}

}  // namespace

Result<Baseline> read_baseline(const std::string& path, const Files& files) {
  TRY(const std::string bytes, files.read(path, baseline_bytes_max));
  Diagnostics problems;
  TRY(const Json json, parse_json(bytes, path, problems));
  const std::string schema = json["schema"].string_or("");
  const bool is_dossier = schema == "lockstep/dossier/1";
  if (!is_dossier && schema != "lockstep/findings/1")
    return foreign(path, schema.empty() ? "a document without a schema"
                                        : fmt::format("'{}'", quotable(schema)));
  const Json& holder = is_dossier ? json["vulnerabilities"] : json;
  if (!holder["findings"].is_array() || !holder["data"].is_array())
    return foreign(path, "one without findings");
  if (holder["data"].items().empty())
    return foreign(path, "a run that had no advisory data, so that its findings say nothing");
  Baseline baseline{path,
                    sha256(bytes),
                    json["run_id"].string_or(""),
                    json["as_of"].string_or(""),
                    json["product"]["name"].string_or(""),
                    {}};
  for (const Json& row : holder["findings"].items()) {
    TRY(BaselineFinding finding, read_finding(row, path));
    baseline.findings.push_back(std::move(finding));
  }
  return baseline;
}

Result<> apply_baseline(const Baseline& baseline, const Rules& rules, Dossier& dossier) {
  if (!baseline.product.empty() && baseline.product != dossier.product.name)
    return fail(ErrorKind::input, "baseline.product",
                fmt::format("expected a baseline of '{}', found a run of '{}'; name an earlier run "
                            "of the same product",
                            quotable(dossier.product.name), quotable(baseline.product)),
                {baseline.path, 0, 0});
  if (dossier.data.empty()) {
    dossier.not_checked.push_back(
        {"baseline", "nothing was scanned in this run that could be compared with it"});
    return {};
  }
  dossier.since_baseline = advisories::compare(dossier.findings, baseline);
  std::set<std::string> known;
  for (const Risk& risk : dossier.risks)
    if (rests_on_known(risk, dossier)) known.insert(risk.id);
  const auto note = [&] { dossier.since_baseline->known.assign(known.begin(), known.end()); };
  note();
  // The law once more, as if the known findings did not stand against it: what holds only then
  // is not met by known findings alone.
  const LegalView without = regulations::evaluate(rules.law, dossier.product.facts, dossier.as_of,
                                                  evidence_states(dossier));
  for (const Obligation& obligation : dossier.law.obligations) {
    const auto other = std::ranges::find(without.obligations, obligation.id, &Obligation::id);
    if (obligation.state == Obligation::Met::unmet && other != without.obligations.end() &&
        other->state != Obligation::Met::unmet)
      known.insert(obligation.id);
  }
  note();
  return {};
}

std::string baseline_words(const SinceBaseline& since) {
  const std::string run = since.run_id.empty()
                              ? "'" + quotable(since.path) + "'"
                              : fmt::format("run {} of {}", quotable(since.run_id.substr(0, 12)),
                                            quotable(since.as_of));
  return fmt::format("since {}: {} new, {} unchanged, {} settled findings", run, since.fresh.size(),
                     since.unchanged.size(), since.settled.size());
}

}  // namespace lockstep::app
