// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fmt/format.h>

#include "app/update_data.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/commands/data_answers.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array options = {
    Option{
        "--from", "FEED",
        "a feed by name (cisa-kev, eu-kev, epss, osv, osv/PyPI, csaf/siemens), or an address: "
        "kev=URL, epss=URL, osv=URL, osv/PyPI=URL, csaf=URL or csaf=DOMAIN; default: the setting "
        "feeds, else KEV, EU KEV, EPSS and the common ecosystems of OSV",
        true},
};

/// The words of all --from; one may hold several with commas or spaces between them.
std::vector<std::string> feed_words(const Arguments& arguments) {
  std::vector<std::string> words;
  for (const std::string& text : arguments.all("--from")) {
    std::string word;
    for (const char c : text + ",") {
      if (c != ',' && c != ' ') {
        word += c;
      } else if (!word.empty()) {
        words.push_back(std::move(word));
        word.clear();
      }
    }
  }
  return words;
}

Json to_json(const app::FeedReport& feed) {
  return Json::object_of({{"feed", feed.name},
                          {"address", feed.address},
                          {"state", app::word_of(feed.state)},
                          {"entries", feed.entries},
                          {"bytes", feed.bytes},
                          {"says", feed.says}});
}

Json to_json(const app::UpdateReport& report, const Diagnostics& problems, int exit) {
  Json feeds = Json::array();
  for (const app::FeedReport& feed : report.feeds)
    feeds.push(to_json(feed));
  return Json::object_of({{"schema", "lockstep/data-update/1"},
                          {"feeds", std::move(feeds)},
                          {"is_replaced", report.is_replaced},
                          {"records_before", report.import.records_before},
                          {"records_after", report.import.records_after},
                          {"index_sha256", report.import.index_sha256},
                          {"sources", sources_json(report.import.sources)},
                          {"problems", problems.error_count()},
                          {"exit", exit}});
}

std::string to_text(const app::UpdateReport& report, int width) {
  Table feeds({"Feed", "State", "Entries", "Fetched", ""});
  for (const app::FeedReport& feed : report.feeds)
    feeds.add({feed.name, std::string(app::word_of(feed.state)), std::to_string(feed.entries),
               fmt::format("{:.1f} MB", static_cast<double>(feed.bytes) / 1e6),
               feed.state == app::FeedReport::State::failed && feed.entries == 0 ? "see the errors"
                                                                                 : feed.says});
  std::string text = feeds.to_text(width);
  if (!report.is_replaced) return text + "\nNothing newer was taken in; the data is as it was.\n";
  return text + fmt::format("\n{} records in the index, {} before\n\n{}",
                            report.import.records_after, report.import.records_before,
                            sources_text(report.import.sources, width));
}

Result<Outcome> run_update(const Arguments& arguments, Environment& environment) {
  if (arguments.has("--offline"))
    return fail(ErrorKind::usage, "data.offline",
                "expected leave to use the network, found --offline (or that setting); `lockstep "
                "data import PATH...` takes in files that were fetched elsewhere");
  TRY(std::vector<app::Feed> feeds, app::wanted_feeds(feed_words(arguments)));
  const app::UpdateRequest request{
      std::move(feeds), data_folder(arguments, environment), environment.now, {}};
  Outcome outcome;
  TRY(const app::UpdateReport report,
      app::update_data(request, environment.fetcher, environment.files, environment.progress,
                       outcome.problems));
  for (const Error& failure : report.failures)
    outcome.exit = higher_ranking(outcome.exit, exit_code_of(failure.kind));
  outcome.text = arguments.is_json()
                     ? to_pretty_json(to_json(report, outcome.problems, outcome.exit))
                     : to_text(report, environment.width);
  outcome.problems = shortened(outcome.problems);
  return outcome;
}

}  // namespace

const Command data_update = {
    "data update",
    "fetches what feeds offer that is newer, and takes it into the index",
    {},
    options,
    "lockstep data update\n"
    "lockstep data update --from cisa-kev --from osv/PyPI\n"
    "lockstep data update --from csaf=example.com",
    run_update,
};

}  // namespace lockstep::frontends
