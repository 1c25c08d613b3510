// SPDX-License-Identifier: Apache-2.0
#include "app/data_diff.hpp"

#include <array>
#include <fmt/format.h>

#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array positionals = {
    Positional{"BEFORE", "a data folder, or an index that was kept: a copy of advisories.index"},
    Positional{"AFTER", "the later one; default: the data of --data", false},
};

std::string to_text(const app::DataDiff& diff, int width) {
  std::string text;
  for (const app::SourceChange& source : diff.sources)
    if (!source.is_same)
      text += fmt::format("{}: {} entries, {} before\n", source.source, source.entries_after,
                          source.entries_before);
  if (diff.records.empty()) return text + "The records are the same.\n";
  text += fmt::format("{} records added, {} changed, {} withdrawn, {} removed\n\n", diff.all.added,
                      diff.all.changed, diff.all.withdrawn, diff.all.removed);
  Table table({"Ecosystem", "Added", "Changed", "Withdrawn", "Removed"});
  for (const auto& [ecosystem, counts] : diff.ecosystems)
    table.add({ecosystem, std::to_string(counts.added), std::to_string(counts.changed),
               std::to_string(counts.withdrawn), std::to_string(counts.removed)});
  return text + table.to_text(width) + "\n`--format json` names the records\n";
}

Result<Outcome> run_diff(const Arguments& arguments, Environment& environment) {
  const std::string after = arguments.text("AFTER").empty() ? data_folder(arguments, environment)
                                                            : arguments.text("AFTER");
  TRY(const app::DataDiff diff, app::data_diff(arguments.text("BEFORE"), after, environment.files));
  Outcome outcome;
  outcome.text = arguments.is_json() ? to_pretty_json(app::data_diff_json(diff, outcome.exit))
                                     : to_text(diff, environment.width);
  return outcome;
}

}  // namespace

const Command data_diff = {
    "data diff",
    "shows which advisories were added, changed, withdrawn or removed between two indexes",
    positionals,
    {},
    "lockstep data diff before.index\n"
    "lockstep data diff monday/ tuesday/ --format json",
    run_diff,
};

}  // namespace lockstep::frontends
