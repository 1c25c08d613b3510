// SPDX-License-Identifier: Apache-2.0
#include "app/scope.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "base/text.hpp"
#include "regulations/cases.hpp"
#include "regulations/contradictions.hpp"
#include "regulations/facts.hpp"
#include "regulations/next_question.hpp"
#include "regulations/turns.hpp"

namespace lockstep::app {
namespace {

using regulations::FactDefinition;
using regulations::FactType;

/// A fact that another section says in its own words. Where `facts` says it too, both must agree.
void add_unless_stated(std::vector<Fact>& facts, Fact fact, Diagnostics& problems) {
  const auto stated = std::ranges::find(facts, fact.name, &Fact::name);
  if (stated == facts.end()) return facts.push_back(std::move(fact));
  if (!is_known(stated->value) || stated->value == fact.value) return;
  problems.error("facts.contradiction",
                 fmt::format("{} is {} here and {} elsewhere in the file ({}); mend one of the two",
                             fact.name, quotable(to_text(stated->value)),
                             quotable(to_text(fact.value)), to_text(fact.provenance)),
                 stated->provenance.where);
}

std::optional<FactValue> parse_words(std::string_view text) {
  std::vector<std::string> words;
  if (text == "none" || text == "[]" || text.empty()) return words;
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  for (const std::string_view word : split(text, ','))
    words.emplace_back(trim(word));
  return words;
}

/// The facts with those of the what-ifs in their place.
Result<std::vector<Fact>> with_changes(const regulations::Ruleset& law,
                                       std::vector<Fact> facts,
                                       std::span<const std::string> what_if) {
  const auto refuse = [](std::string message) {
    return fail(ErrorKind::usage, "facts.what_if", std::move(message));
  };
  for (const std::string& change : what_if) {
    const std::size_t equals = change.find('=');
    if (equals == std::string::npos) {
      return refuse(fmt::format("expected FACT=VALUE, found '{}'", quotable(change)));
    }
    const std::string name(trim(std::string_view(change).substr(0, equals)));
    const std::string_view value = trim(std::string_view(change).substr(equals + 1));
    const FactDefinition* definition = law.find_fact(name);
    Fact fact{name, std::monostate{}, {Provenance::Kind::answered, {}, "", "--what-if", {}}};
    if (definition != nullptr) {
      const auto parsed = parse_answer(*definition, value);
      if (!parsed) {
        return refuse(fmt::format("{} is {}, found '{}'", name, regulations::what_fits(*definition),
                                  quotable(value)));
      }
      fact.value = *parsed;
    }
    Diagnostics problems;
    auto fitted = regulations::fit_facts(law, {&fact, 1}, problems, regulations::LawFacts::allow);
    if (problems.has_errors()) return refuse(problems.entries().front().message);
    std::erase_if(facts, [&](const Fact& other) { return other.name == name; });
    facts.push_back(std::move(fitted.front()));
  }
  return facts;
}

/// A what-if is a question, so that it is answered also where it does not go with the other facts.
void warn_of_contradictions(const regulations::Ruleset& law,
                            std::span<const Fact> facts,
                            Diagnostics& problems) {
  Diagnostics found;
  regulations::check_contradictions(law, facts, found);
  for (const Diagnostic& entry : found.entries())
    problems.warning(entry.code, entry.message, entry.where);
}

std::string listed(const std::vector<std::string>& words) {
  return words.empty() ? "none" : join(words, ", ");
}

std::string outcome_of(const Answer& answer) {
  return listed(regulations::possible_outcomes(answer));
}

std::string state_of(const Obligation& obligation) {
  if (obligation.applies == Truth::unknown) return "unknown whether it applies";
  return std::string(to_text(obligation.state));
}

}  // namespace

std::vector<Fact> gather_facts(const Product& product, Diagnostics& problems) {
  std::vector<Fact> facts = product.facts;
  const auto from = [&](const Position& where) {
    Position place = where;
    if (place.file.empty()) place.file = product.path;
    return Provenance{Provenance::Kind::read, place, product.sha256, "", {}};
  };
  if (product.placed_on_market) {
    add_unless_stated(facts, {"product.placed_on_market", *product.placed_on_market, from({})},
                      problems);
  }
  if (!product.manufacturer.country.empty()) {
    add_unless_stated(
        facts, {"maker.country", product.manufacturer.country, from(product.manufacturer.where)},
        problems);
  }
  return facts;
}

std::optional<FactValue> parse_answer(const FactDefinition& fact, std::string_view text) {
  text = trim(text);
  if (text == "unknown" || text == "not sure") return std::monostate{};
  switch (fact.type) {
    case FactType::boolean:
      if (text == "yes" || text == "true") return true;
      if (text == "no" || text == "false") return false;
      return std::nullopt;
    case FactType::choice:
    case FactType::text:
      if (text.empty()) return std::nullopt;
      return std::string(text);
    case FactType::set:
      return parse_words(text);
    case FactType::day:
      if (const auto day = parse_day(text)) return *day;
      return std::nullopt;
    case FactType::integer: {
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
      return number;
    }
  }
  return std::nullopt;
}

std::vector<ViewChange> changes_between(const LegalView& before, const LegalView& after) {
  std::vector<ViewChange> changes;
  const auto note = [&](const std::string& what, std::string was, std::string is) {
    if (was != is) changes.push_back({what, std::move(was), std::move(is)});
  };
  note("codes.cra", listed(before.codes.cra), listed(after.codes.cra));
  note("codes.cra_routes", listed(before.codes.cra_routes), listed(after.codes.cra_routes));
  note("codes.ai_act", listed(before.codes.ai_act), listed(after.codes.ai_act));
  note("codes.nis2", listed(before.codes.nis2), listed(after.codes.nis2));
  note("codes.article_12", before.codes.article_12, after.codes.article_12);
  // Both views come from one ruleset, so that answers and obligations stand in the same order.
  for (std::size_t i = 0; i < before.answers.size() && i < after.answers.size(); ++i) {
    note(before.answers[i].id, outcome_of(before.answers[i]), outcome_of(after.answers[i]));
  }
  for (std::size_t i = 0; i < before.obligations.size() && i < after.obligations.size(); ++i) {
    const Obligation& was = before.obligations[i];
    const Obligation& is = after.obligations[i];
    note(was.id, state_of(was), state_of(is));
    if (was.applies == Truth::no || is.applies == Truth::no) continue;
    note(was.id + std::string(sanction_suffix), was.duty.sanction, is.duty.sanction);
  }
  const auto days_of = [](const LegalView& view, const std::string& what) {
    for (const LegalDate& date : view.dates) {
      if (date.what == what) return to_text(date.day);
    }
    return std::string("none");
  };
  for (const LegalDate& date : before.dates) {
    note(date.what, to_text(date.day), days_of(after, date.what));
  }
  for (const LegalDate& date : after.dates) {
    if (days_of(before, date.what) == "none") note(date.what, "none", to_text(date.day));
  }
  return changes;
}

Result<ScopeReport> scope(const regulations::Ruleset& law,
                          const ScopeRequest& request,
                          Diagnostics& problems) {
  const std::size_t errors_before = problems.error_count();
  const std::vector<Fact> facts = regulations::fit_facts(law, request.facts, problems);
  if (const std::size_t errors = problems.error_count() - errors_before; errors > 0)
    return fail(ErrorKind::input, "input.problems",
                fmt::format("expected facts of the catalogue, found {} {}", errors,
                            errors == 1 ? "problem" : "problems"));
  ScopeReport report;
  report.view = regulations::evaluate(law, facts, request.as_of);
  report.view.facts_answered = request.facts_answered;
  if (request.facts_answered) {
    report.view.changes_since =
        regulations::law_changes(law, facts, *request.facts_answered, request.as_of);
  }
  report.view.missing_facts = regulations::most_telling_first(law, facts, request.as_of,
                                                              std::move(report.view.missing_facts));
  if (request.what_if.empty()) return report;
  TRY(const std::vector<Fact> changed, with_changes(law, facts, request.what_if));
  warn_of_contradictions(law, changed, problems);
  report.what_if = regulations::evaluate(law, changed, request.as_of);
  report.changes = changes_between(report.view, *report.what_if);
  if (request.what_if.size() == 1) return report;
  for (const std::string& one : request.what_if) {
    TRY(const std::vector<Fact> with_one, with_changes(law, facts, {&one, 1}));
    report.alone.push_back(
        changes_between(report.view, regulations::evaluate(law, with_one, request.as_of)));
  }
  return report;
}

}  // namespace lockstep::app
