// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

#include "app/watch/documents.hpp"
#include "app/watch/outbox.hpp"
#include "app/watch/releases.hpp"
#include "app/watch/run.hpp"
#include "app/watch/tasks.hpp"
#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr Option at_option{"--as-of", "INSTANT",
                           "the day or instant to judge for (default now), such as 2028-09-04"};
constexpr std::array add_options = {
    Option{"--product", "NAME", "its name; without it the product file says everything"},
    Option{"--table", "FILE",
           "a CSV table of releases in place of all the others: product, version, sbom, vex, "
           "reachability, released, support_until"},
    Option{"--version", "VERSION", "the version that was released"},
    Option{"--sbom", "FILE", "its bill of materials; may be repeated", true},
    Option{"--vex", "FILE", "statements about it; may be repeated", true},
    Option{"--reachability", "FILE",
           "what a tool found about the code that it calls; may be repeated", true},
    Option{"--released", "DATE", "the day on which it was placed on the market"},
    Option{"--support-until", "DATE", "the last day of its support period"},
    at_option,
};
constexpr std::array remove_options = {at_option};
constexpr std::array release_positionals = {
    Positional{"PRODUCT", "its name, as `vuln watch list` gives it"},
    Positional{"VERSION", "the version"},
};
constexpr std::array run_options = {
    Option{"--policy", "FILE", "the gate's policy; without it, the one that is built in"},
    Option{"--to", "TARGET",
           "where notices go: folder:PATH, an https address or mailto:ADDRESS; may be repeated",
           true},
    Option{"--smtp", "URL", "the server of mail, such as smtps://mail.example.org"},
    Option{"--mail-from", "ADDRESS", "the sender of mail"},
    at_option,
};
constexpr std::array tasks_options = {
    Option{"--all", "", "also those that were closed"},
};
constexpr std::array settle_positionals = {Positional{"TASK", "its number"}};
constexpr std::array settle_options = {
    Option{"--decision", "exploited|not_exploited|not_contained", "what a person decided"},
    Option{"--by", "NAME", "who decided"},
    Option{"--reason", "TEXT", "why"},
    at_option,
};

/// The product file, where it has to say what the arguments do not.
Result<std::string> product_file(const Arguments& arguments, const Environment& environment) {
  const bool is_named = arguments.has("--product") && arguments.has("--version");
  if (is_named && !arguments.has("--config")) return std::string();
  return product_path(arguments, environment);
}

/// The store of --store or the environment, else the one beside the product file, if there is one,
/// else the one in the working directory.
std::string store_of(const Arguments& arguments, const Environment& environment) {
  const auto path = product_path(arguments, environment);
  return store_url(arguments, environment, path ? *path : "");
}

std::string day_words(const std::optional<Day>& day) {
  return day ? to_text(*day) : "not stated";
}

Result<Outcome> run_add_table(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  for (const char* other : {"--product", "--version", "--sbom", "--vex", "--reachability",
                            "--released", "--support-until"})
    if (arguments.has(other))
      return fail(ErrorKind::usage, "watch.table",
                  fmt::format("expected --table alone, found {} beside it", other));
  TRY(const Instant at, instant_of(arguments, environment));
  const auto rows = app::add_releases(store_of(arguments, environment), arguments.text("--table"),
                                      at, environment.files, outcome.problems);
  if (!rows) return failed(rows.error(), std::move(outcome.problems));
  std::map<std::string_view, int> counts;
  Table table({"Line", "Product", "Version", "Components", "State"});
  for (const app::WatchTableRow& row : *rows) {
    ++counts[row.problem ? "failed" : app::word_of(row.added)];
    if (!row.problem) continue;
    outcome.problems.add(*row.problem);
    outcome.exit = higher_ranking(outcome.exit, exit_code_of(row.problem->kind));
    table.add({std::to_string(row.line), row.added.release.product, row.added.release.version, "-",
               "NOT KEPT, see the errors"});
  }
  if (arguments.is_json()) {
    outcome.text = to_pretty_json(app::watch_table_json(*rows, outcome.exit));
    return outcome;
  }
  outcome.text = fmt::format("{} releases added, {} renewed, {} as they were, {} not kept\n",
                             counts["added"], counts["renewed"], counts["none"], counts["failed"]);
  if (!table.is_empty()) outcome.text += "\n" + table.to_text(environment.width);
  if (counts["added"] + counts["renewed"] > 0)
    outcome.text += "`lockstep vuln watch run` asks about them\n";
  return outcome;
}

Result<Outcome> run_add(const Arguments& arguments, Environment& environment) {
  if (arguments.has("--table")) return run_add_table(arguments, environment);
  Outcome outcome;
  app::WatchAddRequest request;
  TRY(request.product_file, product_file(arguments, environment));
  request.store_url = store_of(arguments, environment);
  request.product = arguments.text("--product");
  request.version = arguments.text("--version");
  request.boms = arguments.all("--sbom");
  request.vex = arguments.all("--vex");
  request.reachability = arguments.all("--reachability");
  TRY(request.released, arguments.day("--released"));
  TRY(request.support_until, arguments.day("--support-until"));
  TRY(request.at, instant_of(arguments, environment));
  const auto added = app::add_release(request, environment.files, outcome.problems);
  if (!added) return failed(added.error(), std::move(outcome.problems));
  const WatchedRelease& release = added->release;
  if (arguments.is_json()) {
    outcome.text = to_pretty_json(app::watch_added_json(*added, outcome.exit));
    return outcome;
  }
  outcome.text = fmt::format(
      "{} {} {}: {} components, released {}, support until {}\n", quotable(release.product),
      quotable(release.version),
      added->is_as_it_was ? "is watched as it was"
                          : (added->was_there ? "is renewed" : "is watched now"),
      app::components_of(release), to_text(release.released), day_words(release.support_until));
  if (release.unidentified > 0)
    outcome.text +=
        fmt::format("{} of them no advisory can name as they are\n", release.unidentified);
  if (release.is_pending) outcome.text += "`lockstep vuln watch run` asks about it\n";
  return outcome;
}

Result<Outcome> run_list(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  TRY(const auto list, app::list_releases(store_of(arguments, environment)));
  if (arguments.is_json()) {
    outcome.text = to_pretty_json(app::watch_json(list, outcome.exit));
    return outcome;
  }
  outcome.text = list.as_of.empty() ? "Not run yet.\n"
                                    : fmt::format("Last run as of {}, data {}\n", list.as_of,
                                                  list.index_sha256.substr(0, 16));
  Table table({"Product", "Version", "Released", "Support until", "Components", "Open", "Failing",
               "Exploited", "Not checked", "State"});
  for (const app::WatchListed& row : list.releases) {
    const bool is_removed = !row.release.removed_at.empty();
    const bool is_known = !is_removed && !row.release.is_pending;
    const auto number = [&](std::int64_t count) {
      return is_known ? std::to_string(count) : std::string("-");
    };
    table.add({row.release.product, row.release.version, to_text(row.release.released),
               day_words(row.release.support_until), std::to_string(row.components),
               number(row.counts.open), number(row.counts.failing), number(row.counts.exploited),
               number(row.counts.not_checked),
               is_removed ? fmt::format("removed, kept until {}", to_text(row.kept_until))
                          : std::string(is_known ? "watched" : "NOT CHECKED")});
  }
  outcome.text += table.is_empty() ? "No release is kept; `lockstep vuln watch add` keeps one.\n"
                                   : "\n" + table.to_text(environment.width);
  return outcome;
}

Result<Outcome> run_remove(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  TRY(const Instant at, instant_of(arguments, environment));
  TRY(const auto removed,
      app::remove_release(store_of(arguments, environment), arguments.text("PRODUCT"),
                          arguments.text("VERSION"), at));
  const std::string until = to_text(removed.kept_until);
  if (arguments.is_json()) {
    outcome.text = to_pretty_json(app::watch_removed_json(removed, outcome.exit));
    return outcome;
  }
  const std::string name =
      fmt::format("{} {}", quotable(removed.release.product), quotable(removed.release.version));
  outcome.text =
      removed.is_erased
          ? fmt::format("{} is taken out: its documents had to be kept until {}\n", name, until)
          : fmt::format(
                "{} is not watched any more; it stays in the store until {}, as "
                "long as its documents have to be kept\n",
                name, until);
  return outcome;
}

std::string task_line(const Json& task) {
  std::vector<std::string> versions;
  for (const Json& version : task["versions"].items())
    versions.push_back(version.string_or(""));
  return fmt::format("{}. {} in {} {}", task["number"].as_int().value_or(0),
                     task["flaw"].string_or(""), task["product"].string_or(""),
                     join(versions, ", "));
}

std::string task_text(const Json& task, int width) {
  const auto wrapped = [&](const std::string& text) {
    return "   " + wrap(text, static_cast<std::size_t>(width), 3) + "\n";
  };
  std::string text = task_line(task) + "\n" + wrapped(task["title"].string_or(""));
  if (task["state"].string_or("") == "closed") {
    return text +
           wrapped(fmt::format("closed {}: {}, by {}: {}", task["closed_at"].string_or(""),
                               task["decision"].string_or(""), task["decided_by"].string_or(""),
                               task["reason"].string_or("")));
  }
  text += wrapped(task["asks"].string_or(""));
  text += "   Candidates for the instant of awareness:\n";
  for (const Json& one : task["candidates"].items())
    text += wrapped(fmt::format("- {}: {} ({})", one["at"].string_or(""), one["what"].string_or(""),
                                one["source"].string_or("")));
  if (task["applies_from"].is_object())
    text += wrapped(
        fmt::format("Reports are owed from {} on.", task["applies_from"]["day"].string_or("")));
  return text + wrapped(task["next"].string_or(""));
}

/// "1.0, 1.1": each once, in the order of the entries.
std::string named(const Json& entries, std::string_view key) {
  std::vector<std::string> names;
  for (const Json& entry : entries.items()) {
    const std::string name = entry[key].string_or("");
    if (!name.empty() && std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return join(names, ", ");
}

std::string notices_text(const std::vector<WatchNotice>& notices, int width) {
  Table table({"Product", "Versions", "What", "Flaw", "Component", "Severity", "Exploited"});
  std::string notes;
  for (const WatchNotice& notice : notices) {
    Diagnostics ignored;
    const auto body = parse_json(notice.body, "notice", ignored);
    if (!body) continue;
    const bool is_term = (*body)["flaw"].is_null() && !(*body)["summary"].string_or("").empty();
    if (is_term) {
      notes += wrap((*body)["summary"].string_or(""), static_cast<std::size_t>(width), 2) + "\n";
      continue;
    }
    std::vector<std::string> kinds;
    for (const Json& kind : (*body)["kinds"].items())
      kinds.push_back(kind.string_or(""));
    table.add({(*body)["product"].string_or(""), named((*body)["entries"], "version"),
               join(kinds, ", "), (*body)["flaw"].string_or("-"),
               named((*body)["entries"], "component"), (*body)["severity"]["word"].string_or("-"),
               named((*body)["exploited"], "source")});
  }
  return (table.is_empty() ? "" : "\n" + table.to_text(width)) +
         (notes.empty() ? "" : "\n" + notes);
}

std::string run_text(const app::WatchRun& run,
                     const std::vector<app::TargetReport>& targets,
                     int width) {
  std::string text =
      run.delta.whole_because.empty()
          ? fmt::format("{} records differ; {} components and {} releases were asked about\n",
                        run.delta.records, run.delta.components, run.delta.releases)
          : fmt::format("{}: all {} releases were asked about\n", run.delta.whole_because,
                        run.delta.releases);
  text += fmt::format("{} new, {} changed, {} settled; {} notices\n", run.fresh, run.changed,
                      run.settled, run.notices.size());
  text += notices_text(run.notices, width);
  for (const app::TargetReport& report : targets) {
    text += fmt::format("\n{}: {} delivered", quotable(report.target), report.delivered);
    if (report.waiting > 0) text += fmt::format(", {} wait: {}", report.waiting, report.problem);
    text += "\n";
  }
  if (!run.not_stated.empty())
    text += fmt::format("\nThe end of support is not stated, so that it is not watched: {}\n",
                        join(run.not_stated, ", "));
  if (run.open_tasks > 0)
    text += fmt::format("\n{} tasks wait for a decision; `lockstep vuln watch tasks` shows them\n",
                        run.open_tasks);
  return text;
}

int exit_of(const app::WatchRun& run, const std::vector<app::TargetReport>& targets) {
  int exit = exit_code::ok;
  if (run.failing > 0) exit = higher_ranking(exit, exit_code::gate_failed);
  if (run.open_tasks > 0) exit = higher_ranking(exit, exit_code::human);
  for (const app::TargetReport& report : targets)
    if (report.waiting > 0) exit = higher_ranking(exit, exit_code::incomplete);
  return exit;
}

Result<Outcome> run_run(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  TRY(const Instant at, instant_of(arguments, environment));
  const auto sender = make_sender();
  const app::Outgoing by{environment.files,
                         *sender,
                         arguments.has("--offline"),
                         environment.variable("LOCKSTEP_WEBHOOK_TOKEN"),
                         arguments.text("--smtp"),
                         arguments.text("--mail-from"),
                         environment.variable("LOCKSTEP_SMTP_USER"),
                         environment.variable("LOCKSTEP_SMTP_PASSWORD"),
                         at};
  TRY_VOID(app::check_targets(arguments.all("--to"), by));
  app::WatchRunRequest request;
  request.store_url = store_of(arguments, environment);
  request.data_folder = data_folder(arguments, environment);
  request.policy = arguments.text("--policy");
  request.at = at;
  const auto run = app::run_watch(request, environment.files, outcome.problems);
  if (!run) return failed(run.error(), std::move(outcome.problems));
  TRY(const auto targets, app::deliver(request.store_url, arguments.all("--to"), by));
  outcome.exit = exit_of(*run, targets);
  if (arguments.is_json()) {
    TRY(const Json document, app::watch_run_json(*run, targets, outcome.exit));
    outcome.text = to_pretty_json(document);
  } else {
    outcome.text = run_text(*run, targets, environment.width);
  }
  return outcome;
}

Result<Outcome> run_tasks(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  TRY(auto tasks, app::list_tasks(store_of(arguments, environment)));
  const auto is_open = [](const WatchTask& task) { return task.closed_at.empty(); };
  if (std::ranges::any_of(tasks, is_open)) outcome.exit = exit_code::human;
  if (!arguments.has("--all")) std::erase_if(tasks, std::not_fn(is_open));
  TRY(const Json document, app::watch_tasks_json(tasks, outcome.exit));
  if (arguments.is_json()) {
    outcome.text = to_pretty_json(document);
    return outcome;
  }
  for (const Json& task : document["tasks"].items())
    outcome.text += (outcome.text.empty() ? "" : "\n") + task_text(task, environment.width);
  if (outcome.text.empty()) outcome.text = "No task is open.\n";
  return outcome;
}

Result<Outcome> run_settle(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  app::SettleRequest request;
  request.store_url = store_of(arguments, environment);
  TRY(const auto number, arguments.integer("TASK"));
  request.task = number.value_or(0);
  request.decision = arguments.text("--decision");
  request.by = arguments.text("--by");
  request.reason = arguments.text("--reason");
  TRY(request.at, instant_of(arguments, environment));
  TRY(const WatchTask task, app::settle_task(request));
  TRY(const Json json, app::watch_task_json(task, outcome.exit));
  outcome.text = arguments.is_json() ? to_pretty_json(json) : task_text(json, environment.width);
  return outcome;
}

}  // namespace

const Command vuln_watch_add = {
    "vuln watch add",
    "keeps a released version with its bills and support period, to be watched",
    {},
    add_options,
    "lockstep vuln watch add --product crane --version 1.2 --sbom sbom.cdx.json --released "
    "2028-03-01 --support-until 2033-03-01\n"
    "lockstep vuln watch add --product crane --version 1.2 --vex statements.openvex.json\n"
    "lockstep vuln watch add --config lockstep.yaml\n"
    "lockstep vuln watch add --table fleet.csv",
    run_add,
};

const Command vuln_watch_list = {
    "vuln watch list",
    "lists the released versions and what is known about them",
    {},
    {},
    "lockstep vuln watch list\nlockstep vuln watch list --format json",
    run_list,
};

const Command vuln_watch_remove = {
    "vuln watch remove",
    "stops watching a version; takes it out when its documents need not be kept any more",
    release_positionals,
    remove_options,
    "lockstep vuln watch remove crane 1.2",
    run_remove,
};

const Command vuln_watch_run = {
    "vuln watch run",
    "asks what became different since the last run, and tells it once",
    {},
    run_options,
    "lockstep vuln watch run --to folder:outbox --format json\n"
    "lockstep vuln watch run --to https://hooks.example.org/lockstep\n"
    "lockstep vuln watch run --to mailto:security@example.org --smtp smtps://mail.example.org "
    "--mail-from watch@example.org",
    run_run,
};

const Command vuln_watch_settle = {
    "vuln watch settle",
    "writes down what a person decided about a task",
    settle_positionals,
    settle_options,
    "lockstep vuln watch settle 1 --decision not_exploited --by 'A. Maker' --reason 'the port is "
    "closed'",
    run_settle,
};

const Command vuln_watch_tasks = {
    "vuln watch tasks",
    "lists what a person has to decide about exploited vulnerabilities",
    {},
    tasks_options,
    "lockstep vuln watch tasks\nlockstep vuln watch tasks --all --format json",
    run_tasks,
};

}  // namespace lockstep::frontends
