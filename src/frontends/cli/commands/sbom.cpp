// SPDX-License-Identifier: Apache-2.0
#include "app/sbom.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array one_bill = {Positional{"SBOM", "a bill in any format that is read"}};
constexpr std::array two_bills = {Positional{"BEFORE", "the earlier bill"},
                                  Positional{"AFTER", "the later bill"}};
constexpr std::array several_bills = {
    Positional{"SBOM", "the bills; the first fills in before the others", true, true}};

std::string head_of(const Bom& bom) {
  return fmt::format("{}: {}, {} components\n", quotable(bom.path), bom.format,
                     bom.components.size());
}

Result<Outcome> run_import(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  const auto imported =
      app::import_sbom(arguments.text("SBOM"), environment.files, outcome.problems);
  if (!imported) return failed(imported.error(), std::move(outcome.problems));
  outcome.text = imported->text;
  for (const formats::LeftOut& one : imported->left_out)
    outcome.problems.note("sbom.left_out", app::said_of(one), {imported->bom.path, 0, 0});
  if (arguments.has("--report")) outcome.text = app::import_document(*imported, outcome.exit);
  return outcome;
}

std::string_view word_of(const BomRuleAnswer& answer) {
  if (answer.is_met()) return words(State::pass);
  return words(answer.rule->is_must ? State::fail : State::warn);
}

std::string reasons(const app::SbomCheck& check, int width) {
  constexpr std::size_t shown = 5;
  std::string text;
  for (const BomRuleAnswer& answer : check.quality.answers) {
    if (answer.is_met()) continue;
    std::vector<std::string> names;
    for (const BomRuleAnswer::Missing& one : answer.missing) {
      if (names.size() == shown) break;
      names.push_back(quotable(one.component, 40) +
                      (one.where.line > 0 ? fmt::format(" (line {})", one.where.line) : ""));
    }
    std::string line = fmt::format("{}: {}", answer.rule->id, answer.rule->asks);
    if (!names.empty()) line += " Not so: " + join(names, ", ");
    if (answer.missing.size() > shown)
      line += fmt::format(" and {} more", answer.missing.size() - shown);
    line += fmt::format(" [{}; {}]", answer.rule->cites, answer.rule->path);
    text += "  " + wrap(line, static_cast<std::size_t>(width), 4) + "\n";
  }
  return text.empty() ? text : "\nWhat is missing:\n" + text;
}

std::string report(const app::SbomCheck& check, int width) {
  std::string text = head_of(check.bom);
  text += fmt::format("{} problems of the format; score {} of 100\n\n",
                      check.problems.error_count(), check.quality.score);
  Table table({"Rule", "State", "Met", "Asks"});
  for (const BomRuleAnswer& answer : check.quality.answers)
    table.add({answer.rule->id, std::string(word_of(answer)),
               fmt::format("{}/{}", answer.met, answer.of), answer.rule->asks});
  text += table.to_text(width) + reasons(check, width) + "\nNot checked:\n";
  for (const app::NotChecked& one : check.not_checked)
    text += "  " + wrap(one.what + ": " + one.because, static_cast<std::size_t>(width), 4) + "\n";
  return text;
}

int exit_of(const app::SbomCheck& check) {
  int exit = check.problems.has_errors() ? exit_code::input : exit_code::ok;
  for (const BomRuleAnswer& answer : check.quality.answers)
    if (!answer.is_met() && answer.rule->is_must)
      exit = higher_ranking(exit, exit_code::gate_failed);
  return exit;
}

Result<Outcome> run_validate(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  const auto check = app::check_sbom(arguments.text("SBOM"), environment.files, outcome.problems);
  if (!check) return failed(check.error(), std::move(outcome.problems));
  outcome.exit = exit_of(*check);
  if (arguments.is_json()) {
    outcome.text = app::quality_document(*check, outcome.exit);
    return outcome;
  }
  outcome.text = report(*check, environment.width);
  outcome.problems = check->problems;
  return outcome;
}

void add_part_rows(Table& table, std::string_view what, const std::vector<BomDiff::Part>& parts) {
  for (const BomDiff::Part& part : parts)
    table.add({std::string(what), part.name, part.version.empty() ? "-" : part.version});
}

void add_change_rows(Table& table,
                     std::string_view what,
                     const std::vector<BomDiff::Change>& changes) {
  const auto list = [](const std::vector<std::string>& words_of) {
    return words_of.empty() ? std::string("-") : join(words_of, ", ");
  };
  for (const BomDiff::Change& change : changes)
    table.add({std::string(what), change.name,
               fmt::format("{} -> {}", list(change.before), list(change.after))});
}

void add_finding_rows(Table& table, std::string_view what, const std::vector<Finding>& findings) {
  for (const Finding& finding : findings)
    table.add({std::string(what), finding.component + " " + finding.version,
               fmt::format("{} {}{}", finding.flaw.empty() ? finding.advisory : finding.flaw,
                           finding.severity.word,
                           finding.known_exploited.empty() ? "" : ", known to be exploited")});
}

std::string report(const app::SbomComparison& comparison, int width) {
  const BomDiff& diff = comparison.diff;
  std::string text = head_of(comparison.before) + head_of(comparison.after);
  text += fmt::format("{} added, {} removed, {} in another version, {} under other licences\n",
                      diff.added.size(), diff.removed.size(), diff.versions.size(),
                      diff.licences.size());
  text += comparison.has_findings
              ? fmt::format("{} vulnerabilities added, {} settled\n", comparison.added.size(),
                            comparison.settled.size())
              : "vulnerabilities: not checked, there is no advisory data here\n";
  Table table({"Change", "Component", "What"});
  add_part_rows(table, "added", diff.added);
  add_part_rows(table, "removed", diff.removed);
  add_change_rows(table, "version", diff.versions);
  add_change_rows(table, "licence", diff.licences);
  add_finding_rows(table, "vulnerable", comparison.added);
  add_finding_rows(table, "settled", comparison.settled);
  return table.is_empty() ? text : text + "\n" + table.to_text(width);
}

Result<Outcome> run_diff(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  TRY(const Day day, as_of(arguments, environment));
  const auto comparison = app::compare_sboms(arguments.text("BEFORE"), arguments.text("AFTER"),
                                             data_folder(arguments, environment), day,
                                             environment.files, outcome.problems);
  if (!comparison) return failed(comparison.error(), std::move(outcome.problems));
  outcome.text = arguments.is_json() ? app::diff_document(*comparison, outcome.exit)
                                     : report(*comparison, environment.width);
  return outcome;
}

Result<Outcome> run_merge(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  auto merged = app::merge_sboms(arguments.all("SBOM"), arguments.text("--config"),
                                 environment.files, outcome.problems);
  if (!merged) return failed(merged.error(), std::move(outcome.problems));
  outcome.text = *std::move(merged);
  return outcome;
}

constexpr std::array import_options = {
    Option{"--report", "", "answer with what is not kept, as JSON, instead of the bill"},
};

}  // namespace

const Command sbom_diff = {
    "sbom diff",
    "shows what changed from one bill of materials to the next",
    two_bills,
    {},
    "lockstep sbom diff old.cdx.json new.cdx.json\n"
    "lockstep sbom diff old.spdx new.cdx.xml --data data --format json",
    run_diff,
};

const Command sbom_import = {
    "sbom import",
    "writes a bill of any format as CycloneDX JSON, and says what is not kept",
    one_bill,
    import_options,
    "lockstep sbom import firmware.spdx -o firmware.cdx.json\n"
    "lockstep sbom import attestation.intoto.jsonl --report",
    run_import,
};

const Command sbom_merge = {
    "sbom merge",
    "makes one CycloneDX bill of several, with the models of the product",
    several_bills,
    {},
    "lockstep sbom merge app.cdx.json firmware.spdx.json -o product.cdx.json\n"
    "lockstep sbom merge app.cdx.json --config lockstep.yaml -o product.cdx.json",
    run_merge,
};

const Command sbom_validate = {
    "sbom validate",
    "holds a bill against its format and against what is asked of it, with a score",
    one_bill,
    {},
    "lockstep sbom validate app.cdx.json\n"
    "lockstep sbom validate firmware.spdx --format json",
    run_validate,
};

}  // namespace lockstep::frontends
