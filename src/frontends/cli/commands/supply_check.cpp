// SPDX-License-Identifier: Apache-2.0
// `lockstep importer check` and `lockstep distributor check`.
#include "app/supply_check.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

using State = CheckItem::State;

constexpr std::array positionals = {
    Positional{"BUNDLE", "the folder, or the .zip, with what the supplier sent"},
};

constexpr std::array options = {
    Option{"--answers", "FILE", "a YAML map of item to answer, by, on and note"},
    Option{"--facts", "FILE", "a YAML map of fact to value, in place of a product file"},
    Option{"--format", "text|json|markdown", "how to answer (default text)"},
    Option{"--wide", "", "for every item its words, its places and how the acts differ"},
};

/// Whether it may be owed on the day, though nobody said enough to tell.
bool may_be_owed(const CheckItem& item, Day as_of) {
  if (item.is_owed || item.applies != Truth::unknown) return false;
  return std::ranges::any_of(item.sides, [&](const CheckSide& side) {
    return side.applies != Truth::no && !side.from.empty() && side.from.front() <= as_of;
  });
}

int exit_of(const SupplyCheckView& view) {
  int exit = view.contradictions.empty() ? exit_code::ok : exit_code::gate_failed;
  for (const CheckItem& item : view.items) {
    const bool is_open = item.state == State::missing || item.state == State::denied ||
                         item.state == State::ask || item.state == State::not_legible;
    if (is_open && may_be_owed(item, view.as_of)) exit = higher_ranking(exit, exit_code::human);
    if (!item.is_owed) continue;
    if (item.state == State::missing || item.state == State::denied)
      exit = higher_ranking(exit, exit_code::gate_failed);
    if (item.state == State::ask) exit = higher_ranking(exit, exit_code::human);
    if (item.state == State::not_legible) exit = higher_ranking(exit, exit_code::incomplete);
  }
  return exit;
}

class Page {
 public:
  Page(const SupplyCheckView& view, int width, bool is_wide)
      : view_(view), width_(static_cast<std::size_t>(width)), is_wide_(is_wide) {}

  std::string text() {
    head();
    files();
    table();
    details();
    contradictions();
    questions("Ask the supplier:", view_.supplier_questions);
    questions("Answer yourself (--answers FILE):", view_.own_questions);
    duties("Until then:", view_.meanwhile, false);
    duties("Keep:", view_.keep, true);
    line(
        "Seen means that the words stand there; whether they are right was not judged. Languages "
        "that are known: " +
            join(view_.languages, ", ") + ".",
        0, true);
    return std::move(text_);
  }

 private:
  void line(const std::string& words, std::size_t indent, bool is_apart = false) {
    if (is_apart) text_ += "\n";
    text_ += std::string(indent, ' ') + wrap(words, width_, indent + (indent > 0 ? 2 : 0)) + "\n";
  }

  /// "Art. 19(2)(c)": the first provision, without the name of the act, which heads the column.
  std::string short_cite(const CheckItem& item, std::string_view act) const {
    for (const CheckSide& side : item.sides) {
      const std::string name = short_title_of(view_.acts, side.act);
      if (name != act || side.cites.empty()) continue;
      if (side.applies == Truth::no) return "-";
      const std::string cite =
          lockstep::to_text(Citation{side.act, side.cites.front()}, name).substr(name.size() + 1);
      return side.applies == Truth::unknown && !side.is_assumed ? cite + "?" : cite;
    }
    return "";
  }

  void head() {
    line(fmt::format("{}, as of {}", view_.title, lockstep::to_text(view_.as_of)), 0);
    if (!view_.product.empty()) line("Product: " + view_.product, 0);
    for (const std::string_view act : {"CRA", "AI Act"})
      act_line(act);
    for (const std::string& remark : view_.remarks)
      line(remark, 0);
  }

  /// Whether and from when the act asks for these items.
  void act_line(std::string_view act) {
    for (const CheckItem& item : view_.items) {
      for (const CheckSide& side : item.sides) {
        if (short_title_of(view_.acts, side.act) != act) continue;
        std::vector<std::string> days;
        for (const Day day : side.from)
          days.push_back(lockstep::to_text(day));
        const std::string from = days.empty() ? "" : " from " + join(days, " or ");
        std::string says = "applies" + from;
        if (side.applies == Truth::no) says = "does not apply: " + join(side.because, "; ");
        if (side.applies == Truth::unknown)
          says = side.is_assumed ? "taken to apply" + from +
                                       ", while facts are not stated: " + first_of(side.missing)
                                 : "not known whether it applies" + from + "; depends on " +
                                       first_of(side.missing);
        return line(fmt::format("{}: {}", act, says), 0);
      }
    }
  }

  static std::string first_of(const std::vector<std::string>& facts) {
    constexpr std::size_t shown = 4;
    const std::size_t count = std::min(shown, facts.size());
    return join(std::span(facts).first(count), ", ") +
           (facts.size() > count ? fmt::format(" and {} more", facts.size() - count) : "");
  }

  void files() {
    const auto unread = std::ranges::count_if(
        view_.files, [](const CheckedFile& file) { return !file.unread.empty(); });
    line(fmt::format("Received in {}: {} files, {} of them not legible to us", view_.bundle,
                     view_.files.size(), unread),
         0, true);
    for (const CheckedFile& file : view_.files) {
      std::string what = file.kinds.empty() ? "" : ", looks like " + join(file.kinds, " and ");
      if (!file.about.empty()) what += ", " + file.about;
      if (!file.language.empty()) what += ", " + file.language;
      if (!file.unread.empty()) what += "; NOT LEGIBLE: " + file.unread;
      line(file.path + " (" + file.form + ")" + what, 2);
    }
  }

  void table() {
    Table rows({"State", "CRA", "AI Act", "Item"});
    std::size_t not_applicable = 0;
    for (const CheckItem& item : view_.items) {
      if (item.state == State::not_applicable) ++not_applicable;
      if (item.state == State::not_applicable && !is_wide_) continue;
      rows.add({std::string(words(item.state)), short_cite(item, "CRA"), short_cite(item, "AI Act"),
                item.says});
    }
    text_ += "\n" + rows.to_text(static_cast<int>(width_));
    if (not_applicable > 0 && !is_wide_)
      line(fmt::format("{} items do not apply; --wide shows them.", not_applicable), 0);
    const bool is_open = std::ranges::any_of(view_.items, [](const CheckItem& item) {
      return item.applies == Truth::unknown && !item.is_assumed;
    });
    if (is_open) line("? depends on facts that nobody stated.", 0);
    if (std::ranges::none_of(view_.items, &CheckItem::is_owed))
      line(fmt::format("Nothing of this is known to be owed on {}; --as-of judges for a later day.",
                       lockstep::to_text(view_.as_of)),
           0);
  }

  /// Each place once, though several signs stand there.
  void seen_lines(const std::vector<SeenAt>& list, const std::string& before) {
    std::vector<std::string> places;
    for (const SeenAt& seen : list)
      if (std::ranges::find(places, lockstep::to_text(seen)) == places.end())
        places.push_back(lockstep::to_text(seen));
    for (const std::string& place : places)
      line(before + place, 4);
  }

  void details() {
    std::string heading = is_wide_ ? "Item by item:" : "What is not settled:";
    for (const CheckItem& item : view_.items) {
      const bool is_settled = item.state == State::seen || item.state == State::answered ||
                              item.state == State::not_applicable;
      if (is_settled && !is_wide_) continue;
      if (!heading.empty()) line(heading, 0, true);
      heading.clear();
      detail(item);
    }
  }

  void detail(const CheckItem& item) {
    line(fmt::format("{}: {}", item.id, words(item.state)), 2);
    for (const CheckSide& side : item.sides) {
      if (!is_wide_) break;
      if (side.applies == Truth::no && item.applies != Truth::no) continue;
      line(cites_of(view_, side) + (side.differs.empty() ? "" : ": " + side.differs), 4);
    }
    if (item.answer)
      line(fmt::format("{}, says {} on {}{}", lockstep::to_text(item.answer->answer),
                       item.answer->by, lockstep::to_text(item.answer->on),
                       item.answer->note.empty() ? "" : ": " + item.answer->note),
           4);
    for (const std::string& because : item.because)
      line(because, 4);
    seen_lines(item.seen, "seen in ");
    if (item.state == State::seen) return;
    if (!item.not_found.empty()) line("not found: " + join(item.not_found, "; "), 4);
    if (!item.unread.empty()) line("may stand in " + join(item.unread, ", "), 4);
    constexpr std::size_t few = 3;  // what the whole act depends on stands above
    if (!item.missing.empty() && item.missing.size() <= few)
      line("only if it applies, which depends on " + first_of(item.missing), 4);
  }

  void contradictions() {
    if (!view_.contradictions.empty()) line("Contradictions:", 0, true);
    for (const Contradiction& one : view_.contradictions) {
      line(fmt::format("{}: {}", one.id, one.says), 2);
      seen_lines(one.seen, "");
    }
  }

  void questions(const std::string& heading, const std::vector<CheckQuestion>& list) {
    if (!list.empty()) line(heading, 0, true);
    int number = 0;
    for (const CheckQuestion& one : list)
      line(fmt::format("{}. {} [{}{}]", ++number, one.ask, one.id,
                       one.is_conditional ? "; if it applies" : ""),
           2);
  }

  void duties(const std::string& heading, const std::vector<CheckDuty>& list, bool with_time) {
    if (!list.empty()) line(heading, 0, true);
    for (const CheckDuty& duty : list) {
      std::string words = duty.says + " (" + cites_of(view_, duty.side) + ")";
      if (with_time && !duty.side.keep.empty()) words += ": " + duty.side.keep;
      if (duty.side.applies == Truth::unknown && !duty.side.is_assumed) words += "; if it applies";
      line(words, 2);
    }
  }

  const SupplyCheckView& view_;
  std::size_t width_;
  bool is_wide_;
  std::string text_;
};

/// The product file that is named, or the nearest one; "" where there is none.
Result<std::string> product_of(const Arguments& arguments, const Environment& environment) {
  if (arguments.has("--facts")) return std::string();
  auto path = product_path(arguments, environment);
  if (path || arguments.has("--config")) return path;
  return std::string();
}

Result<Outcome> run_check(const char* check, const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  app::SupplyCheckRequest request;
  request.check = check;
  request.bundle = arguments.text("BUNDLE");
  request.facts_file = arguments.text("--facts");
  request.answers_file = arguments.text("--answers");
  request.pdf_program = environment.variable("LOCKSTEP_PDFTOTEXT", "/usr/bin/pdftotext");
  TRY(request.product_file, product_of(arguments, environment));
  TRY(request.as_of, as_of(arguments, environment));
  const auto view =
      app::supply_check(request, environment.files, environment.progress, outcome.problems);
  if (!view) return failed(view.error(), std::move(outcome.problems));
  outcome.exit = exit_of(*view);
  const std::string format = arguments.text("--format", "text");
  if (format == "json")
    outcome.text = app::supply_check_document(*view, outcome.exit);
  else if (format == "markdown")
    outcome.text = app::supply_check_markdown(*view);
  else
    outcome.text = Page(*view, environment.width, arguments.has("--wide")).text();
  return outcome;
}

Result<Outcome> run_importer(const Arguments& arguments, Environment& environment) {
  return run_check("importer", arguments, environment);
}

Result<Outcome> run_distributor(const Arguments& arguments, Environment& environment) {
  return run_check("distributor", arguments, environment);
}

}  // namespace

const Command importer_check = {
    "importer check",
    "checks what a supplier sent before you import: seen, missing, ask",
    positionals,
    options,
    "lockstep importer check received/\n"
    "lockstep importer check received.zip --facts facts.yaml --as-of 2028-01-15\n"
    "lockstep importer check received/ --answers answers.yaml --format markdown -o check.md",
    run_importer,
};

const Command distributor_check = {
    "distributor check",
    "checks what a supplier sent before you distribute: seen, missing, ask",
    positionals,
    options,
    "lockstep distributor check received/\n"
    "lockstep distributor check received.zip --config lockstep.yaml --as-of 2028-01-15\n"
    "lockstep distributor check received/ --answers answers.yaml --format json",
    run_distributor,
};

}  // namespace lockstep::frontends
