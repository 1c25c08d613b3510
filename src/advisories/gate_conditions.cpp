// SPDX-License-Identifier: Apache-2.0
#include "advisories/gate_conditions.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <iterator>
#include <string_view>

#include "advisories/vex.hpp"
#include "base/text.hpp"

namespace lockstep::advisories {

namespace {

bool has_word(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

Held yes(std::string fact) {
  return {Truth::yes, std::move(fact), {}};
}

Held no() {
  return {Truth::no, {}, {}};
}

Held unknown(std::string what) {
  return {Truth::unknown, {}, std::move(what)};
}

bool lies_in(const Between& range, double value) {
  return (!range.at_least || value >= *range.at_least) &&
         (!range.at_most || value <= *range.at_most);
}

bool is_settled(const Finding& finding) {
  // Statements of one instant that disagree settle nothing.
  // Neither does one about another version that nobody confirmed.
  if (!finding.vex || !finding.vex->disagrees.empty() || finding.vex->needs_confirmation)
    return false;
  if (finding.vex->status == "fixed") return true;
  return finding.vex->status == "not_affected" && !finding.vex->statement.empty();
}

/// "cisa-kev since 2021-12-10, eu-kev"
std::string listed_by(const Finding& finding) {
  std::vector<std::string> lists = finding.known_exploited;
  for (std::string& list : lists) {
    const auto fact = std::ranges::find(finding.exploited, list, &Exploitation::source);
    if (fact != finding.exploited.end() && !fact->since.empty()) list += " since " + fact->since;
  }
  return join(lists, ", ");
}

Held holds_statement(const GateWhen& when, const Finding& finding, Day as_of) {
  for (const std::string_view word : statement_words(finding, as_of)) {
    if (word.empty() || !has_word(when.statement, word)) continue;
    if (word == "accepted")
      return yes(fmt::format("accepted by {} until {}", quotable(finding.vex->accepted_by),
                             finding.vex->accepted_until));
    return {Truth::yes, {}, {}};
  }
  return no();
}

Held holds_severity(const GateWhen& when, const Finding& finding) {
  const std::string& word = finding.severity.word;
  if (has_word(when.severity, word)) {
    const std::string stop =
        when.severity_from.empty() ? "" : ", where the policy stops at " + when.severity_from;
    return yes(rating_phrase(finding) + stop);
  }
  return word == "unknown" ? unknown("nobody rated it") : no();
}

Held holds_score(const GateWhen& when, const Finding& finding) {
  const auto& score = finding.severity.score;
  if (!score) return unknown("no CVSS score");
  return lies_in(when.score, *score) ? yes(rating_phrase(finding)) : no();
}

Held holds_epss(const GateWhen& when, const Finding& finding) {
  if (!finding.epss) return unknown("no EPSS score");
  const bool holds = lies_in(when.epss, finding.epss->probability) &&
                     lies_in(when.epss_percentile, finding.epss->percentile);
  return holds ? yes(fmt::format("EPSS {:.4f} (percentile {:.4f})", finding.epss->probability,
                                 finding.epss->percentile))
               : no();
}

/// That no list names it is only known when every list was looked at.
Held holds_exploited(const GateWhen& when, const Finding& finding, const GateFacts& facts) {
  static const std::vector<std::string> all = exploited_lists();
  const std::vector<std::string>& listed = finding.known_exploited;
  const bool asks_any = has_word(when.exploited, "any");
  const bool asks_none = has_word(when.exploited, "none");
  const bool is_named = asks_any || asks_none
                            ? !listed.empty()
                            : std::ranges::any_of(listed, [&when](const std::string& list) {
                                return has_word(when.exploited, list);
                              });
  if (is_named) return asks_none ? no() : yes("listed as exploited by " + listed_by(finding));
  constexpr std::size_t mostly_enough = 48;
  std::string missing;
  for (const std::string& list : asks_any || asks_none ? all : when.exploited) {
    if (has_word(facts.lists, list)) continue;
    if (missing.empty())
      missing.reserve(mostly_enough);
    else
      missing += " and ";
    missing += list;
  }
  if (!missing.empty()) return unknown(std::move(missing.append(" not imported")));
  return asks_none ? yes("listed as exploited nowhere") : no();
}

Held holds_ssvc(const std::vector<std::string>& wanted,
                bool some_suffices,
                const Finding& finding) {
  const std::vector<std::string>& possible = finding.ssvc->outcomes;
  const auto is_wanted = [&wanted](const std::string& one) { return has_word(wanted, one); };
  const std::string fact = fmt::format("SSVC {}: {}", finding.ssvc->tree, join(possible, " or "));
  if (some_suffices) return std::ranges::any_of(possible, is_wanted) ? yes(fact) : no();
  if (std::ranges::all_of(possible, is_wanted)) return yes(fact);
  return std::ranges::any_of(possible, is_wanted)
             ? unknown(fmt::format("{}; not known: {}", fact, join(finding.ssvc->missing, ", ")))
             : no();
}

Held holds_fix_age(const GateWhen& when, const Finding& finding, Day as_of) {
  if (finding.fixed.empty()) return no();
  const auto published = parse_day(finding.published);
  if (!published) return unknown("no day of publication");
  const auto days = (as_of - *published).count();
  return lies_in(when.fix_age, static_cast<double>(days))
             ? yes(fmt::format("a fix is known for {} days", days))
             : no();
}

Held holds_fix(const GateWhen& when, const Finding& finding) {
  if (*when.has_fix != !finding.fixed.empty()) return no();
  return yes(*when.has_fix ? "fixed in " + quotable(finding.fixed.front()) : "no fix is known");
}

Held holds_reachable(const GateWhen& when, const Finding& finding) {
  const std::string word = finding.reach ? finding.reach->word : "unknown";
  if (!has_word(when.reachable, word))
    return word == "unknown" ? unknown("no tool says whether it can be reached") : no();
  if (word == "unknown") return yes("no tool says whether it can be reached");
  return yes(fmt::format("{} says that the code can{} be reached", quotable(finding.reach->tool),
                         word == "yes" ? "" : "not"));
}

Held holds_scope(const GateWhen& when, const Finding& finding) {
  if (has_word(when.scope, finding.scope)) return yes("scope of the component: " + finding.scope);
  return finding.scope.empty() ? unknown("no scope of the component in the bill") : no();
}

bool fits(const std::string& pattern, const Finding& finding) {
  if (pattern.ends_with('*')) {
    const std::string_view start = std::string_view(pattern).substr(0, pattern.size() - 1);
    return finding.purl.starts_with(start) || finding.component.starts_with(start);
  }
  if (pattern.starts_with("pkg:")) {
    const auto wide = parse_purl(pattern);
    const auto narrow = parse_purl(finding.purl);
    return wide && narrow && covers(*wide, *narrow);
  }
  return pattern == finding.component;
}

Held holds_component(const GateWhen& when, const Finding& finding) {
  return std::ranges::any_of(when.component,
                             [&finding](const std::string& one) { return fits(one, finding); })
             ? yes("component " + quotable(finding.component))
             : no();
}

Held holds_ecosystem(const GateWhen& when, const Finding& finding) {
  const auto purl = parse_purl(finding.purl);
  if (!purl) return unknown("no package URL");
  return has_word(when.ecosystem, purl->type) ? yes("ecosystem " + purl->type) : no();
}

Held holds_vulnerability(const GateWhen& when, const Finding& finding) {
  for (const std::string& id : when.vulnerability) {
    if (is_called(finding, id)) return yes("it is " + id);
  }
  return no();
}

void add(std::string& all, std::string one) {
  if (all.empty())
    all = std::move(one);
  else if (!one.empty())
    all.append(", ").append(one);
}

void add(Held& all, Held one) {
  const bool is_first = all.truth == Truth::yes && all.facts.empty();
  if (is_first) {
    all = std::move(one);
    return;
  }
  all.truth = both(all.truth, one.truth);
  add(all.facts, std::move(one.facts));
  add(all.unknown, std::move(one.unknown));
}

}  // namespace

std::array<std::string_view, 3> statement_words(const Finding& finding, Day as_of) {
  if (!finding.vex || finding.vex->needs_confirmation) return {"none", "open", ""};
  const std::string_view settled = is_settled(finding) ? "settled" : "open";
  if (!finding.vex->disagrees.empty()) return {finding.vex->status, settled, ""};
  if (finding.vex->accepted_until.empty()) return {finding.vex->status, settled, ""};
  const auto until = parse_day(finding.vex->accepted_until);
  return {finding.vex->status, settled, until && as_of <= *until ? "accepted" : "expired"};
}

std::string rating_phrase(const Finding& finding) {
  const Rating& rating = finding.severity;
  if (rating.word == "unknown") return "nobody rated it";
  std::string phrase = "rated " + rating.word;
  if (!rating.score) return phrase;
  constexpr std::size_t mostly_enough = 24;
  phrase.reserve(mostly_enough);
  const auto tenths = std::lround(*rating.score * 10);
  char digits[24];
  const auto end = std::to_chars(digits, std::end(digits), tenths / 10);
  phrase.append(" (").append(digits, end.ptr).append(".");
  return phrase.append(1, static_cast<char>('0' + tenths % 10)).append(")");
}

bool is_called(const Finding& finding, const std::string& id) {
  const std::string wanted = lower_case(id);
  const auto is_it = [&wanted](const std::string& one) { return lower_case(one) == wanted; };
  return is_it(finding.advisory) || is_it(finding.flaw) ||
         std::ranges::any_of(finding.aliases, is_it) || std::ranges::any_of(finding.matched, is_it);
}

Held holds(const GateWhen& when, const Finding& finding, const GateFacts& facts) {
  Held all;
  if (!when.statement.empty()) add(all, holds_statement(when, finding, facts.as_of));
  if (!when.exploited.empty()) add(all, holds_exploited(when, finding, facts));
  if (!when.severity.empty()) add(all, holds_severity(when, finding));
  if (when.score.is_asked()) add(all, holds_score(when, finding));
  if (when.epss.is_asked() || when.epss_percentile.is_asked()) add(all, holds_epss(when, finding));
  if (!when.ssvc.empty()) add(all, holds_ssvc(when.ssvc, false, finding));
  if (!when.ssvc_possible.empty()) add(all, holds_ssvc(when.ssvc_possible, true, finding));
  if (when.has_fix) add(all, holds_fix(when, finding));
  if (when.fix_age.is_asked()) add(all, holds_fix_age(when, finding, facts.as_of));
  if (!when.reachable.empty()) add(all, holds_reachable(when, finding));
  if (!when.scope.empty()) add(all, holds_scope(when, finding));
  if (!when.ecosystem.empty()) add(all, holds_ecosystem(when, finding));
  if (!when.component.empty()) add(all, holds_component(when, finding));
  if (!when.vulnerability.empty()) add(all, holds_vulnerability(when, finding));
  return all;
}

}  // namespace lockstep::advisories
