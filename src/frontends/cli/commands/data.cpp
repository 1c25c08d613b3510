// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "app/data_status.hpp"
#include "app/import_data.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/commands/data_answers.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array status_options = {
    Option{"--max-age", "DAYS", "how old a source may be; an older one is exit code 4"},
};

constexpr std::array import_positionals = {
    Positional{"PATH", "folders, JSON, CSV, gz and zip files, in any mix", true, true},
};

Json to_json(const app::ImportReport& report, const Diagnostics& problems) {
  Json files = Json::array();
  for (const app::ImportedFile& file : report.files)
    files.push(Json::object_of({{"path", file.path},
                                {"kind", file.kind},
                                {"entries", file.entries},
                                {"sha256", file.sha256}}));
  Json skipped = Json::array();
  for (const app::SkippedFile& file : report.skipped)
    skipped.push(Json::object_of({{"path", file.path}, {"reason", file.reason}}));
  return Json::object_of({{"schema", "lockstep/data-import/1"},
                          {"files", std::move(files)},
                          {"skipped", std::move(skipped)},
                          {"records_before", report.records_before},
                          {"records_after", report.records_after},
                          {"sources", sources_json(report.sources)},
                          {"problems", problems.error_count()},
                          {"exit", exit_code::ok}});
}

Result<Outcome> run_import(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  const app::ImportRequest request{arguments.all("PATH"), data_folder(arguments, environment),
                                   environment.now};
  TRY(const app::ImportReport report,
      app::import_data(request, environment.files, environment.progress, outcome.problems));
  // Real exports hold a few records that break a rule. They are reported, and what could be read of
  // them is in the index; a file that cannot be read at all is an Error above.
  if (arguments.is_json()) {
    outcome.text = to_pretty_json(to_json(report, outcome.problems).set("exit", outcome.exit));
    return outcome;
  }
  outcome.text = fmt::format("{} records read, {:.1f} MB; {} in the index, {} before\n\n{}",
                             report.records_read, static_cast<double>(report.bytes_read) / 1e6,
                             report.records_after, report.records_before,
                             sources_text(report.sources, environment.width));
  for (const app::SkippedFile& file : report.skipped)
    outcome.problems.note("data.skipped", file.reason, {file.path, 0, 0});
  outcome.problems = shortened(outcome.problems);
  return outcome;
}

/// Without data nothing can be judged; old data stops a script where an age was asked for.
int exit_of(const app::DataStatus& status, bool has_max_age) {
  const bool is_fresh = std::ranges::all_of(
      status.sources, [](const app::SourceStatus& one) { return one.state == State::pass; });
  return status.is_there && (is_fresh || !has_max_age) ? exit_code::ok : exit_code::incomplete;
}

Json to_json(const app::DataStatus& status, int exit) {
  Json sources = Json::array();
  for (const app::SourceStatus& one : status.sources) {
    Json row = source_json(one.source);
    row.set("edition", one.edition);
    row.set("age_days", one.age_days ? Json(*one.age_days) : Json{});
    row.set("state", to_text(one.state));
    row.set("because", one.because);
    sources.push(std::move(row));
  }
  Json ecosystems = Json::array();
  for (const app::EcosystemStatus& one : status.ecosystems)
    ecosystems.push(Json::object_of(
        {{"ecosystem", one.ecosystem}, {"records", one.records}, {"as_of", one.as_of}}));
  return Json::object_of({{"schema", "lockstep/data-status/1"},
                          {"is_there", status.is_there},
                          {"index", status.index},
                          {"sha256", status.index_sha256},
                          {"imported_at", status.imported_at},
                          {"asked_at", status.asked_at},
                          {"sources", std::move(sources)},
                          {"ecosystems", std::move(ecosystems)},
                          {"exit", exit}});
}

Result<Outcome> run_status(const Arguments& arguments, Environment& environment) {
  TRY(const Day day, as_of(arguments, environment));
  TRY(const auto max_age, arguments.integer("--max-age"));
  TRY(const app::DataStatus status,
      app::data_status(data_folder(arguments, environment), day, environment.files,
                       max_age ? std::optional(std::chrono::days(*max_age)) : std::nullopt));
  Outcome outcome;
  outcome.exit = exit_of(status, max_age.has_value());
  if (arguments.is_json()) {
    outcome.text = to_pretty_json(to_json(status, outcome.exit));
    return outcome;
  }
  if (!status.is_there) {
    outcome.text = fmt::format(
        "There is no advisory data at {}.\n`lockstep data update` fetches it; `lockstep data "
        "import "
        "PATH...` takes it in from files: the export of osv.dev, CSAF documents, lists of "
        "exploited "
        "vulnerabilities, EPSS scores.\n",
        status.index);
    return outcome;
  }
  Table sources({"Source", "Entries", "Newest", "Age in days", "State"});
  for (const app::SourceStatus& one : status.sources)
    sources.add({one.source.source, std::to_string(one.source.entries), one.source.as_of,
                 one.age_days ? std::to_string(*one.age_days) : "unknown",
                 std::string(to_text(one.state))});
  std::string later;
  for (const app::SourceStatus& one : status.sources)
    if (!one.because.empty()) later += fmt::format("{}: {}\n", one.source.source, one.because);
  for (const app::SourceStatus& one : status.sources)
    if (one.source.later > 0)
      later +=
          fmt::format("{}: {} of {} entries are dated later than {}; the age leaves them out\n",
                      one.source.source, one.source.later, one.source.entries, to_text(day));
  if (!later.empty()) later += "\n";
  Table ecosystems({"Ecosystem", "Records", "Newest"});
  for (const app::EcosystemStatus& one : status.ecosystems)
    ecosystems.add({one.ecosystem, std::to_string(one.records), one.as_of});
  outcome.text =
      fmt::format("{}\nwhole, sha256 {}\n{}\n{}\n{}{}", status.index, status.index_sha256,
                  status.asked_at.empty() ? "" : fmt::format("feeds asked {}\n", status.asked_at),
                  sources.to_text(environment.width), later, ecosystems.to_text(environment.width));
  return outcome;
}

}  // namespace

const Command data_import = {
    "data import",
    "takes advisories, lists of exploited vulnerabilities and EPSS scores into the index",
    import_positionals,
    {},
    "lockstep data import osv-export/ known_exploited_vulnerabilities.json epss.csv.gz\n"
    "lockstep data import PyPI/all.zip --data ./data",
    run_import,
};

const Command data_status = {
    "data status",
    "shows which advisory data is here, how old it is, and whether it is whole",
    {},
    status_options,
    "lockstep data status --format json\n"
    "lockstep data status --max-age 7",
    run_status,
};

}  // namespace lockstep::frontends
