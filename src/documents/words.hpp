// SPDX-License-Identifier: Apache-2.0
// How values are said in documents: states, levels, numbers and provisions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/statistics.hpp"
#include "documents/tree.hpp"
#include "domain/dossier.hpp"

namespace lockstep::documents {

/// How a state is shown: "shown", "not shown", "not checked", "needs a decision"... with a shape of
/// its own. The words of scripts ("pass", "fail") are in docs/states.md.
Mark mark(State state);

/// The same shape and colour with another word: "blocking" for a finding in state fail.
Mark mark(State state, std::string word);

/// A requirement: met is shown, unmet is not shown, unknown is not checked.
State state_of(Obligation::Met met);

/// What a finding's state means for the release.
Mark finding_mark(State state);

/// A risk's level: low, medium, high, serious; other words are neutral.
Mark level_mark(std::string_view level);

/// A severity word of an advisory: none, low, medium, high, critical, unknown.
Mark severity_mark(std::string_view word);

/// All states, the worst first, as `worse` orders them.
std::vector<State> states_by_badness();

/// "41.2 %", from a share in [0, 1]; two more digits below 1 %.
std::string percent(double share);

/// "38.1 % to 44.3 %"
std::string percent(const Interval& interval);

/// The shortest digits that read back to the same number.
std::string number(double value);

/// A probability with two significant digits: "0.0012".
std::string probability(double value);

/// "812", "241 003"
std::string count(std::int64_t value);

/// "1 component", "812 components"
std::string count_of(std::int64_t value, std::string_view one, std::string_view many);

/// The act's short title as the legal view gives it, else a well-known one, else its id.
std::string short_title(const LegalView& law, std::string_view act);

/// "CRA Art. 14(2)(a)" for a path in an act. A path that begins with another act's id
/// ("eu-2024-1689/art_43") is one of that act.
std::string cite(const LegalView& law, std::string_view act, std::string_view path);

/// "CRA Art. 13(5), CRA Annex I(1)", or "-" when there are none.
std::string cites(const LegalView& law,
                  std::string_view act,
                  const std::vector<std::string>& paths);

/// Whether any of the codes starts with `start`, the usual question to outcome codes.
bool has_code(const std::vector<std::string>& codes, std::string_view start);

/// A digest that may break anywhere, or "no digest" in words.
Line digest(const std::string& sha256);

/// Somebody's words, or "not given" as a mark.
Line given(const std::string& text);

/// The lines with a break between them; "-" when there are none.
Line stacked(const std::vector<Line>& lines);
Line stacked(const std::vector<std::string>& texts);

}  // namespace lockstep::documents
