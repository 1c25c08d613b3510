// SPDX-License-Identifier: Apache-2.0
// CVSS 4.0. The metrics fall into six equivalence sets; the levels of the sets name one of 270
// macro vectors, each with a score that experts gave to its most severe vector
// (cvss_v4_scores.cpp). A vector lies some steps below the most severe one of its macro vector. For
// each set (three and six together), the steps taken, divided by the steps there are, is the part
// of the way to the next lower macro vector; the mean of these parts is taken off the score.
//
// Everything is counted in whole numbers, so that a score that lies between two tenths is rounded
// up as the specification wants, and not as a binary fraction happens to fall.
//
// Source: FIRST, Specification Document of CVSS 4.0, section 8 and appendices.
#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.hpp"
#include "base/result.hpp"
#include "domain/cvss.hpp"
#include "domain/cvss_vector.hpp"

namespace lockstep {

namespace {

using enum CvssGroup;

constexpr std::array metrics = {
    CvssMetric{"AV", "N A L P", base},
    CvssMetric{"AC", "L H", base},
    CvssMetric{"AT", "N P", base},
    CvssMetric{"PR", "N L H", base},
    CvssMetric{"UI", "N P A", base},
    CvssMetric{"VC", "H L N", base},
    CvssMetric{"VI", "H L N", base},
    CvssMetric{"VA", "H L N", base},
    CvssMetric{"SC", "H L N", base},
    CvssMetric{"SI", "H L N", base},
    CvssMetric{"SA", "H L N", base},
    CvssMetric{"E", "X A P U", temporal},
    CvssMetric{"CR", "X H M L", environmental},
    CvssMetric{"IR", "X H M L", environmental},
    CvssMetric{"AR", "X H M L", environmental},
    CvssMetric{"MAV", "X N A L P", environmental},
    CvssMetric{"MAC", "X L H", environmental},
    CvssMetric{"MAT", "X N P", environmental},
    CvssMetric{"MPR", "X N L H", environmental},
    CvssMetric{"MUI", "X N P A", environmental},
    CvssMetric{"MVC", "X H L N", environmental},
    CvssMetric{"MVI", "X H L N", environmental},
    CvssMetric{"MVA", "X H L N", environmental},
    CvssMetric{"MSC", "X H L N", environmental},
    CvssMetric{"MSI", "X S H L N", environmental},
    CvssMetric{"MSA", "X S H L N", environmental},
    CvssMetric{"S", "X N P", supplemental},
    CvssMetric{"AU", "X N Y", supplemental},
    CvssMetric{"R", "X A U I", supplemental},
    CvssMetric{"V", "X D C", supplemental},
    CvssMetric{"RE", "X L M H", supplemental},
    CvssMetric{"U", "X Clear Green Amber Red", supplemental},
};

/// Which optional groups count.
struct Scope {
  bool threat = false;
  bool environment = false;
};

/// The severity levels of the metrics that score: 0 is the most severe value.
struct Levels {
  std::array<int, 3> exploitability;  ///< AV, PR, UI
  std::array<int, 2> complexity;      ///< AC, AT
  std::array<int, 6> vulnerable;      ///< VC, VI, VA, CR, IR, AR
  std::array<int, 3> subsequent;      ///< SC, SI, SA; 0 is Safety, 1 High
  int exploit;                        ///< E
};

int level_of(std::string_view value, std::string_view order) {
  const std::size_t at = value.size() == 1 ? order.find(value.front()) : std::string_view::npos;
  LS_CHECK(at != std::string_view::npos, "a value of the table has no level");
  return static_cast<int>(at);
}

Levels levels_of(const CvssVector& vector, Scope scope) {
  const auto level = [&](const std::string& metric, std::string_view order) {
    const std::string_view modified =
        scope.environment ? vector.value("M" + metric, "X") : std::string_view("X");
    return level_of(modified == "X" ? vector.value(metric) : modified, order);
  };
  const auto requirement = [&](std::string_view metric) {
    const std::string_view value =
        scope.environment ? vector.value(metric, "X") : std::string_view("X");
    return value == "X" ? 0 : level_of(value, "HML");
  };
  const std::string_view exploit = scope.threat ? vector.value("E", "X") : std::string_view("X");
  return {
      {level("AV", "NALP"), level("PR", "NLH"), level("UI", "NPA")},
      {level("AC", "LH"), level("AT", "NP")},
      {level("VC", "HLN"), level("VI", "HLN"), level("VA", "HLN"), requirement("CR"),
       requirement("IR"), requirement("AR")},
      {level("SC", "SHLN"), level("SI", "SHLN"), level("SA", "SHLN")},
      exploit == "X" ? 0 : level_of(exploit, "APU"),
  };
}

CvssMacroVector macro_vector_of(const Levels& levels) {
  const auto& [access, privileges, interaction] = levels.exploitability;
  const auto& [vc, vi, va, cr, ir, ar] = levels.vulnerable;
  const auto& [sc, si, sa] = levels.subsequent;
  CvssMacroVector macro;
  if (access == 0 && privileges == 0 && interaction == 0) {
    macro.eq1 = 0;
  } else {
    const bool any_none = access == 0 || privileges == 0 || interaction == 0;
    const bool physical = access == 3;
    macro.eq1 = any_none && !physical ? 1 : 2;
  }
  macro.eq2 = levels.complexity == std::array{0, 0} ? 0 : 1;
  macro.eq3 = vc == 0 && vi == 0 ? 0 : vc == 0 || vi == 0 || va == 0 ? 1 : 2;
  macro.eq4 = si == 0 || sa == 0 ? 0 : sc == 1 || si == 1 || sa == 1 ? 1 : 2;
  macro.eq5 = levels.exploit;
  const bool wanted = (cr == 0 && vc == 0) || (ir == 0 && vi == 0) || (ar == 0 && va == 0);
  macro.eq6 = wanted ? 0 : 1;
  return macro;
}

/// Steps below the first of the most severe vectors that is nowhere less severe. There is one in
/// every macro vector.
template <std::size_t N>
int steps_below(const std::array<int, N>& levels, std::span<const std::array<int, N>> most_severe) {
  const auto found = std::ranges::find_if(most_severe, [&](const std::array<int, N>& top) {
    return std::ranges::equal(levels, top, std::ranges::greater_equal());
  });
  LS_CHECK(found != most_severe.end(), "no most severe vector reaches this one");
  return std::reduce(levels.begin(), levels.end()) - std::reduce(found->begin(), found->end());
}

int steps_exploitability(const Levels& levels, int eq1) {
  constexpr std::array<std::array<int, 3>, 6> tops = {
      {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {3, 0, 0}, {1, 1, 1}}};
  constexpr std::array<std::pair<std::size_t, std::size_t>, 3> parts = {{{0, 1}, {1, 3}, {4, 2}}};
  const auto [first, count] = parts[static_cast<std::size_t>(eq1)];
  return steps_below<3>(levels.exploitability, std::span(tops).subspan(first, count));
}

int steps_complexity(const Levels& levels, int eq2) {
  constexpr std::array<std::array<int, 2>, 3> tops = {{{0, 0}, {1, 0}, {0, 1}}};
  return steps_below<2>(levels.complexity,
                        eq2 == 0 ? std::span(tops).first(1) : std::span(tops).last(2));
}

/// The two sets that are taken together, as one number.
int level_of_sets_3_and_6(const CvssMacroVector& macro) {
  return macro.eq3 * 2 + macro.eq6;
}

int steps_vulnerable(const Levels& levels, const CvssMacroVector& macro) {
  constexpr std::array<std::array<int, 6>, 11> tops = {{
      {0, 0, 0, 0, 0, 0},  // sets three and six: 0 and 0
      {0, 0, 1, 1, 1, 0},  // 0 and 1
      {0, 0, 0, 1, 1, 1},
      {1, 0, 0, 0, 0, 0},  // 1 and 0
      {0, 1, 0, 0, 0, 0},
      {1, 0, 1, 0, 1, 0},  // 1 and 1
      {1, 0, 0, 0, 1, 1},
      {0, 1, 0, 1, 0, 1},
      {0, 1, 1, 1, 0, 0},
      {1, 1, 0, 0, 0, 1},
      {1, 1, 1, 0, 0, 0},  // 2 and 1
  }};
  constexpr std::array<std::pair<std::size_t, std::size_t>, 6> parts = {
      {{0, 1}, {1, 2}, {3, 2}, {5, 5}, {10, 1}, {10, 1}}};
  const auto [first, count] = parts[static_cast<std::size_t>(level_of_sets_3_and_6(macro))];
  return steps_below<6>(levels.vulnerable, std::span(tops).subspan(first, count));
}

int steps_subsequent(const Levels& levels, int eq4) {
  constexpr std::array<std::array<int, 3>, 3> tops = {{{1, 0, 0}, {1, 1, 1}, {2, 2, 2}}};
  return steps_below<3>(levels.subsequent,
                        std::span(tops).subspan(static_cast<std::size_t>(eq4), 1));
}

/// The score of the macro vector one level below in sets three and six, or -1.
int score_below_vulnerable(const CvssMacroVector& macro) {
  CvssMacroVector lower3 = macro;
  ++lower3.eq3;
  CvssMacroVector lower6 = macro;
  ++lower6.eq6;
  if (macro.eq3 == 0 && macro.eq6 == 0) {
    return std::max(cvss_macro_score(lower3), cvss_macro_score(lower6));
  }
  return cvss_macro_score(macro.eq3 == 1 && macro.eq6 == 0 ? lower6 : lower3);
}

int score_below(CvssMacroVector macro, int CvssMacroVector::* set) {
  ++(macro.*set);
  return cvss_macro_score(macro);
}

/// How far a vector lies on the way to the next lower macro vector in one set.
struct Way {
  int score_below;  ///< in tenths; -1 when there is no lower macro vector
  int steps;
  int depth;  ///< all steps that there are
};

/// The score in tenths.
int score(const CvssVector& vector, Scope scope) {
  const Levels levels = levels_of(vector, scope);
  constexpr std::array no_impact = {2, 2, 2};
  if (std::ranges::equal(std::span(levels.vulnerable).first(3), no_impact) &&
      levels.subsequent == std::array{3, 3, 3}) {
    return 0;
  }
  constexpr std::array<int, 3> depth1 = {1, 4, 5};
  constexpr std::array<int, 2> depth2 = {1, 2};
  constexpr std::array<int, 6> depth36 = {7, 6, 8, 8, 10, 10};
  constexpr std::array<int, 3> depth4 = {6, 5, 4};
  const CvssMacroVector macro = macro_vector_of(levels);
  const auto at = [](const auto& table, int i) { return table[static_cast<std::size_t>(i)]; };
  const std::array<Way, 5> ways = {{
      {score_below(macro, &CvssMacroVector::eq1), steps_exploitability(levels, macro.eq1),
       at(depth1, macro.eq1)},
      {score_below(macro, &CvssMacroVector::eq2), steps_complexity(levels, macro.eq2),
       at(depth2, macro.eq2)},
      {score_below_vulnerable(macro), steps_vulnerable(levels, macro),
       at(depth36, level_of_sets_3_and_6(macro))},
      {score_below(macro, &CvssMacroVector::eq4), steps_subsequent(levels, macro.eq4),
       at(depth4, macro.eq4)},
      {score_below(macro, &CvssMacroVector::eq5), 0, 1},
  }};
  const int top = cvss_macro_score(macro);
  constexpr int common = 840;  // Every depth divides it.
  int ways_down = 0;
  int distance = 0;  // in tenths / common
  for (const Way& way : ways) {
    if (way.score_below < 0) continue;
    ++ways_down;
    distance += (top - way.score_below) * way.steps * (common / way.depth);
  }
  if (ways_down == 0) return top;
  // top - distance / (common * ways_down), rounded to a whole number, halves up.
  const int whole = common * ways_down;
  return std::max(0, (2 * (top * whole - distance) + whole) / (2 * whole));
}

}  // namespace

Result<CvssScores> score_cvss_v4(std::string_view text) {
  TRY(const CvssVector vector, parse_cvss_metrics(text, metrics, CvssOrder::fixed));
  const auto tenths = [](int score) { return score / 10.0; };
  CvssScores scores;
  scores.version = "4.0";
  scores.base = tenths(score(vector, {}));
  if (vector.names(temporal)) scores.threat = tenths(score(vector, {.threat = true}));
  if (vector.names(environmental)) {
    scores.environmental = tenths(score(vector, {.environment = true}));
  }
  // CVSS 4.0 specification, section 1.3, Table 1.
  scores.nomenclature = "CVSS-B";
  if (vector.defines(temporal)) scores.nomenclature += 'T';
  if (vector.defines(environmental)) scores.nomenclature += 'E';
  scores.overall = tenths(score(vector, {.threat = true, .environment = true}));
  return scores;
}

}  // namespace lockstep
