// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

#include "app/baseline.hpp"
#include "app/export.hpp"
#include "app/inputs.hpp"
#include "app/scan.hpp"
#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/summary.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array positionals = {
    Positional{"SBOM", "CycloneDX or SPDX files, also in attestations", true, true},
};
constexpr std::array options = {
    Option{"--baseline", "RUN",
           "an earlier dossier.json or findings JSON: what it knew does not fail again, unless "
           "it is known to be exploited"},
    Option{
        "--format",
        "text|json|csaf|csaf-2.1|csaf-vex|cyclonedx|cyclonedx-vex|gitlab|html|junit|openvex|sarif|"
        "spdx",
        "how to answer (default text); CSAF takes its publisher from the product file"},
    Option{"--policy", "FILE", "the gate's policy; without it, the one that is built in"},
    Option{"--reachability", "FILE", "what a tool found about reachable code; may be repeated",
           true},
    Option{"--vex", "FILE", "statements to apply; may be repeated", true},
};

std::string severity(const Finding& finding) {
  return finding.severity.score
             ? fmt::format("{} {:.1f}", finding.severity.word, *finding.severity.score)
             : finding.severity.word;
}

/// The id, and that the component was found by a name that is weaker than a package URL.
std::string advisory(const Finding& finding) {
  return finding.matched_by == "cpe" ? finding.advisory + " (by CPE)" : finding.advisory;
}

std::string exploited(const Finding& finding) {
  std::string text = join(finding.known_exploited, " ");
  if (finding.epss)
    text += fmt::format("{}{:.2f}", text.empty() ? "" : " ", finding.epss->probability);
  return text;
}

/// The worst first: by state, then known exploitation, then score.
std::vector<const Finding*> in_order(const std::vector<Finding>& findings) {
  std::vector<const Finding*> order;
  for (const Finding& finding : findings)
    order.push_back(&finding);
  std::ranges::stable_sort(order, [](const Finding* a, const Finding* b) {
    if (a->state != b->state) return worse(a->state, b->state) == a->state;
    if (a->known_exploited.empty() != b->known_exploited.empty())
      return !a->known_exploited.empty();
    return a->severity.score.value_or(-1) > b->severity.score.value_or(-1);
  });
  return order;
}

std::string head(const app::Scan& scan) {
  std::string text;
  for (const Bom& bom : scan.boms)
    text += fmt::format("{}: {}, {} components\n", quotable(bom.path), bom.format,
                        bom.components.size());
  for (const DataSource& source : scan.data)
    text += fmt::format("{}: {} entries, {}\n", source.source, source.entries, newest_of(source));
  return text + "\n";
}

std::string counts(const app::Scan& scan) {
  std::map<std::string, int> by_state;
  for (const Finding& finding : scan.findings)
    ++by_state[std::string(words(finding.state))];
  std::string text = fmt::format("{} findings", scan.findings.size());
  for (const auto& [word, count] : by_state)
    text += fmt::format(", {} {}", count, lower_case(word));
  const auto gaps = std::ranges::count_if(scan.unmatched, is_gap);
  text += fmt::format("; {} components could not be asked about", gaps);
  if (const auto others = std::ssize(scan.unmatched) - gaps; others > 0)
    text += fmt::format("; no advisory source covers {} more", others);
  return text + "\n";
}

/// Why a finding stops the release, or why a statement lets it pass.
std::string reasons(const std::vector<Finding>& findings, int width) {
  std::string text;
  for (const Finding* finding : in_order(findings)) {
    if (finding->state == State::human) continue;
    text += "  " +
            wrap(fmt::format("{} {} {}: {}; {}", finding->advisory, finding->component,
                             finding->version, finding->because, finding->state_because),
                 static_cast<std::size_t>(width), 4) +
            "\n";
  }
  return text.empty() ? text : "\nWhat stops the release, and what a statement settles:\n" + text;
}

std::string report(const app::Scan& scan, const Environment& environment) {
  std::string text = head(scan) + counts(scan);
  if (scan.since_baseline) text += app::baseline_words(*scan.since_baseline) + "\n";
  if (!scan.findings.empty()) {
    Table table({"Component", "Version", "Advisory", "Severity", "Exploited", "Fixed in", "State"});
    for (const Finding* finding : in_order(scan.findings))
      table.add({finding->component, finding->version, advisory(*finding), severity(*finding),
                 exploited(*finding), finding->fixed.empty() ? "-" : finding->fixed.front(),
                 std::string(words(finding->state))});
    text += "\n" + table.to_text(environment.width) + reasons(scan.findings, environment.width);
  }
  for (const bool gap : {true, false}) {
    Table table(
        {"Component", gap ? "Could not be asked about, because" : "Not asked about, because"});
    for (const Unmatched& component : scan.unmatched) {
      if (is_gap(component) != gap) continue;
      table.add({component.component, component.reason});
    }
    if (!table.is_empty()) text += "\n" + table.to_text(environment.width);
  }
  return text;
}

int exit_of(const app::Scan& scan) {
  int exit = exit_code::ok;
  for (const State state : app::open_states(scan)) {
    if (state == State::fail) exit = higher_ranking(exit, exit_code::gate_failed);
    if (state == State::human) exit = higher_ranking(exit, exit_code::human);
  }
  return exit;
}

/// The scan in a format of others. The product file, where there is one, says who publishes.
Result<std::string> exported(const app::Scan& scan,
                             const std::string& format,
                             const Arguments& arguments,
                             const Environment& environment,
                             Diagnostics& problems) {
  TRY(const Day day, as_of(arguments, environment));
  TRY(const Instant at, made_at(arguments, environment));
  std::optional<Product> product;
  if (format.starts_with("csaf")) {
    if (const auto path = product_path(arguments, environment)) {
      TRY(product, app::read_product_file(*path, environment.files, problems));
    }
  }
  return app::export_scan(scan, product ? &*product : nullptr, format, day, at);
}

Result<Outcome> run_vuln_scan(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  TRY(const Day day, as_of(arguments, environment));
  const std::string format = arguments.text("--format", "text");
  auto scan = app::scan_files(
      {arguments.all("SBOM"), arguments.all("--vex"), data_folder(arguments, environment), day,
       arguments.text("--baseline"), arguments.text("--policy"), arguments.all("--reachability"),
       format == "json"},
      environment.files, outcome.problems);
  if (!scan) return failed(scan.error(), std::move(outcome.problems));
  outcome.exit = exit_of(*scan);
  if (format == "text") {
    outcome.text = report(*scan, environment);
  } else if (format == "json") {
    outcome.more = app::findings_document(*std::move(scan), outcome.exit);
  } else {
    auto text = exported(*scan, format, arguments, environment, outcome.problems);
    if (!text) return failed(text.error(), std::move(outcome.problems));
    outcome.text = *std::move(text);
  }
  return outcome;
}

}  // namespace

const Command vuln_scan = {
    "vuln scan",
    "holds bills of materials against the advisories, and judges what it finds",
    positionals,
    options,
    "lockstep vuln scan sbom.cdx.json\n"
    "lockstep vuln scan app.cdx.json firmware.spdx.json --vex statements.openvex.json\n"
    "lockstep vuln scan sbom.cdx.json --format json -o findings.json\n"
    "lockstep vuln scan sbom.cdx.json --format sarif -o findings.sarif",
    run_vuln_scan,
};

}  // namespace lockstep::frontends
