// SPDX-License-Identifier: Apache-2.0
#include "app/case_clock.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array options = {
    Option{"--event", "FILE", "what happened, as a person describes it; see docs/event-file.md"},
    Option{"--as-of", "INSTANT", "such as 2026-11-28T09:00:00+01:00 (default now)"},
    Option{"--wide", "", "for every clock its addressee, minimum content, sources and reasons"},
};

std::string_view words(Deadline::State state) {
  switch (state) {
    case Deadline::State::not_known:
      return "NOT KNOWN";
    case Deadline::State::needs_aware:
      return "DECIDE AWARE";
    case Deadline::State::not_begun:
      return "not begun";
    case Deadline::State::no_number:
      return "at once";
    case Deadline::State::running:
      return "running";
    case Deadline::State::alarm:
      return "ALARM";
    case Deadline::State::strict_over:
      return "STRICT OVER";
    case Deadline::State::passed:
      return "PASSED";
    case Deadline::State::done:
      return "done";
    case Deadline::State::done_late:
      return "done late";
  }
  return "";
}

int exit_of(const ClockView& view) {
  int exit = exit_code::ok;
  for (const Deadline& d : view.deadlines) {
    if (d.state == Deadline::State::passed || d.state == Deadline::State::strict_over ||
        d.state == Deadline::State::alarm)
      exit = higher_ranking(exit, exit_code::deadline);
    if (d.state == Deadline::State::needs_aware) exit = higher_ranking(exit, exit_code::human);
  }
  return exit;
}

/// "Fri 27 Nov 2026 16:20 +01:00" without its year and offset, for the table.
std::string shortened(const std::string& local) {
  const auto pieces = split(local, ' ');
  if (pieces.size() < 5) return "-";
  return fmt::format("{} {} {} {}", pieces[0], pieces[1], pieces[2], pieces[4]);
}

std::string outer_cell(const Deadline& d) {
  return d.strict && !d.outer ? "not checked" : shortened(d.outer_local);
}

std::string_view mark(const Deadline& d) {
  return d.contested.empty() ? "" : "*";
}

std::string clock_lines(const Deadline& d, bool is_wide, int width) {
  std::string text = fmt::format("{}{}  {}: {}\n", d.id, mark(d), d.what, d.stage);
  const auto line = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    text += fmt::format("  {:<11}{}\n", name, wrap(value, static_cast<std::size_t>(width), 13));
  };
  line("promptly", d.promptly);
  line("limit", d.limit);
  if (d.from) line("from", fmt::format("{} {} ({})", d.from_what, d.from_local, to_text(*d.from)));
  if (d.strict) line("strict", fmt::format("{} ({})", d.strict_local, to_text(*d.strict)));
  if (d.outer) line("outer", fmt::format("{} ({})", d.outer_local, to_text(*d.outer)));
  if (d.strict && !d.outer) line("outer", "not checked: " + d.outer_not_checked);
  if (d.submitted) line("submitted", to_text(*d.submitted));
  if (!d.missing.empty())
    line("needed", (d.state == Deadline::State::not_known ? "not known whether it runs; " : "") +
                       join(d.missing, ", "));
  for (const std::string& contested : d.contested)
    line("contested", contested);
  for (const std::string& note : d.notes)
    line("note", note);
  if (!is_wide) return text;
  line("owed by", d.owed_by);
  line("to", join(d.to, ", "));
  line("place", d.place.empty() ? "" : fmt::format("{}, {}", d.place, d.zone));
  line("content", join(d.content, "; "));
  line("cites", fmt::format("{} {}", d.act, join(d.cites, ", ")));
  for (const std::string& because : d.because)
    line("because", because);
  return text;
}

std::string awareness_lines(const ClockView& view) {
  std::string text;
  for (const Awareness& aware : view.aware)
    text += fmt::format("aware {}, decided by {}{}\n", to_text(aware.at.at), aware.by,
                        aware.acts.empty() ? "" : " for " + join(aware.acts, ", "));
  if (view.aware.empty())
    text += "When the organisation was aware is a person's decision; none is stated.\n";
  if (!view.candidates.empty()) text += "Candidates for that instant:\n";
  for (const Candidate& one : view.candidates)
    text += fmt::format("  {}  {}\n", to_text(one.at.at), one.what);
  return text;
}

std::string page(const ClockView& view, bool is_wide, int width) {
  std::string text =
      fmt::format("{}, as of {}\n", view.title, to_text(view.as_of)) + awareness_lines(view) + "\n";
  Table table({"Act", "Clock", "Strict", "Outer", "State"});
  bool has_contested = false;
  for (const Deadline& d : view.deadlines) {
    table.add({d.act, d.id + std::string(mark(d)), shortened(d.strict_local), outer_cell(d),
               std::string(words(d.state))});
    has_contested = has_contested || !d.contested.empty();
  }
  text += table.is_empty() ? "No clock runs.\n" : table.to_text(width);
  text +=
      "\nStrict is elapsed time and the safe aim; outer is the latest under Regulation 1182/71.\n";
  if (has_contested) text += "* Something is contested; it is said below.\n";
  for (const Deadline& d : view.deadlines)
    text += "\n" + clock_lines(d, is_wide, width);
  for (const std::string& note : view.calendar_notes)
    text += "\nHolidays of " + wrap(note, static_cast<std::size_t>(width), 2) + "\n";
  if (!is_wide) return text;
  text += "\nClocks that do not run:\n";
  for (const NotRunning& row : view.not_running)
    text += "  " +
            wrap(fmt::format("{}: {}", row.id, join(row.because, "; ")),
                 static_cast<std::size_t>(width), 4) +
            "\n";
  return text;
}

Result<Outcome> run_case_clock(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  if (!arguments.has("--event"))
    return fail(ErrorKind::usage, "usage.missing", "case clock expects --event FILE");
  TRY(const Instant as_of, instant_of(arguments, environment));
  const auto view =
      app::case_clock(arguments.text("--event"), as_of, environment.files, outcome.problems);
  if (!view) return failed(view.error(), std::move(outcome.problems));
  outcome.exit = exit_of(*view);
  outcome.text = arguments.is_json() ? app::clocks_document(*view, outcome.exit)
                                     : page(*view, arguments.has("--wide"), environment.width);
  return outcome;
}

}  // namespace

const Command case_clock = {
    "case clock",
    "computes every reporting deadline of one event, side by side",
    {},
    options,
    "lockstep case clock --event event.yaml\n"
    "lockstep case clock --event event.yaml --as-of 2026-11-28T09:00:00+01:00 --wide\n"
    "lockstep case clock --event event.yaml --format json",
    run_case_clock,
};

}  // namespace lockstep::frontends
