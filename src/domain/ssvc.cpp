// SPDX-License-Identifier: Apache-2.0
#include "domain/ssvc.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <set>

#include "base/text.hpp"

namespace lockstep {

namespace {

using Places = std::vector<std::uint8_t>;  // of values, rising

/// Words of the standard occur with spaces, hyphens and underscores, and in any case.
std::string folded(std::string_view word) {
  std::string text = lower_case(trim(word));
  std::ranges::replace(text, '_', ' ');
  std::ranges::replace(text, '-', ' ');
  return text;
}

std::optional<std::uint8_t> place_of(const SsvcPoint& point, std::string_view word) {
  std::string wanted = folded(word);
  for (const auto& [spelling, value] : point.also) {
    if (wanted == folded(spelling)) wanted = folded(value);
  }
  for (const bool by_key : {false, true}) {
    const std::vector<std::string>& words = by_key ? point.keys : point.values;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (folded(words[i]) == wanted) return static_cast<std::uint8_t>(i);
    }
  }
  return std::nullopt;
}

Result<Places> places_of(const SsvcPoint& point, const SsvcInput& input) {
  std::set<std::uint8_t> found;
  for (const std::string& value : input.values) {
    const auto place = place_of(point, value);
    if (!place) {
      const auto near = nearest(folded(value), point.values);
      return fail(ErrorKind::usage, "ssvc.value",
                  fmt::format("expected one of '{}' for {}, found '{}'{}",
                              join(point.values, "', '"), point.id, quotable(value),
                              near ? fmt::format("; did you mean '{}'?", *near) : ""));
    }
    found.insert(*place);
  }
  return Places(found.begin(), found.end());
}

Places all_of(const SsvcPoint& point) {
  Places all;
  for (std::size_t i = 0; i < point.values.size(); ++i)
    all.push_back(static_cast<std::uint8_t>(i));
  return all;
}

std::vector<std::string> words_of(const SsvcPoint& point, const Places& places) {
  std::vector<std::string> words;
  for (const std::uint8_t place : places)
    words.push_back(point.values[place]);
  return words;
}

/// What a point of a tree may be, and which points would have to be known to know it.
struct Known {
  Places places;
  std::vector<std::string> missing;
};

class Walk {
 public:
  Walk(const SsvcTables& tables, std::span<const SsvcInput> inputs)
      : tables_(tables), inputs_(inputs), used_(inputs.size(), false) {}

  /// The outcomes of a table that are possible; its points are appended to `answers`.
  Result<Known> outcomes(const SsvcTable& table, std::vector<SsvcAnswer>& answers) {
    std::vector<Known> points;
    for (const SsvcPoint* point : table.points) {
      TRY(Known known, answer(*point, answers));
      points.push_back(std::move(known));
    }
    Known found;
    std::set<std::uint8_t> possible;
    std::vector<bool> matters(points.size(), false);
    visit(table, points, [&](const Places& choice, std::uint8_t outcome) {
      possible.insert(outcome);
      for (std::size_t i = 0; i < points.size(); ++i) {
        if (matters[i]) continue;
        Places other = choice;
        for (const std::uint8_t value : points[i].places) {
          other[i] = value;
          if (outcome_of(table, other) != outcome) matters[i] = true;
        }
      }
    });
    found.places.assign(possible.begin(), possible.end());
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (!matters[i]) continue;
      for (const std::string& id : points[i].missing) {
        if (std::ranges::find(found.missing, id) == found.missing.end())
          found.missing.push_back(id);
      }
    }
    return found;
  }

  /// An input that no point of the tree took.
  Result<> check_used(const SsvcTable& table) const {
    std::vector<std::string> names;
    for (const SsvcPoint* point : ssvc_points_of(tables_, table))
      names.push_back(point->id);
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      if (used_[i]) continue;
      const auto near = nearest(lower_case(inputs_[i].point), names);
      return fail(ErrorKind::usage, "ssvc.point",
                  fmt::format("the tree '{}' asks for {}, found '{}'{}", table.id,
                              join(names, ", "), quotable(inputs_[i].point),
                              near ? fmt::format("; did you mean '{}'?", *near) : ""));
    }
    return {};
  }

 private:
  static std::uint8_t outcome_of(const SsvcTable& table, const Places& choice) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < choice.size(); ++i)
      at = at * table.points[i]->values.size() + choice[i];
    return table.outcomes[at];
  }

  template <typename Visit>
  static void visit(const SsvcTable& table, const std::vector<Known>& points, const Visit& each) {
    std::vector<std::size_t> counter(points.size(), 0);
    Places choice(points.size());
    while (true) {
      for (std::size_t i = 0; i < points.size(); ++i)
        choice[i] = points[i].places[counter[i]];
      each(choice, outcome_of(table, choice));
      std::size_t i = points.size();
      while (i > 0 && ++counter[i - 1] == points[i - 1].places.size())
        counter[--i] = 0;
      if (i == 0) return;
    }
  }

  /// What was given for the point; nothing when nothing was.
  Result<const SsvcInput*> given(const SsvcPoint& point) {
    const SsvcInput* found = nullptr;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      if (!is_called(point, inputs_[i].point)) continue;
      used_[i] = true;
      if (found != nullptr) {
        return fail(ErrorKind::usage, "ssvc.twice",
                    fmt::format("expected {} once, found it twice", point.id));
      }
      found = &inputs_[i];
    }
    return found;
  }

  Result<Known> answer(const SsvcPoint& point, std::vector<SsvcAnswer>& answers) {
    Known known{all_of(point), {point.id}};
    std::string because = "not known";
    if (const SsvcTable* table = tables_.deriving(point)) {
      const std::size_t first = answers.size();
      TRY(known, outcomes(*table, answers));
      std::vector<std::string> from;
      for (std::size_t i = first; i < answers.size(); ++i) {
        if (answers[i].because == "not known") continue;
        from.push_back(
            fmt::format("{} = {}", answers[i].point->id, join(answers[i].possible, " or ")));
      }
      // Where nothing is known below, the point itself is what a person would be asked for.
      if (from.empty()) {
        answers.resize(first);
        known.missing = {point.id};
      } else {
        because = "follows from " + join(from, ", ");
      }
    }
    TRY(const SsvcInput* const input, given(point));
    if (input != nullptr && !input->values.empty()) {
      TRY(const Places places, places_of(point, *input));
      Places both;
      std::ranges::set_intersection(places, known.places, std::back_inserter(both));
      if (both.empty()) {
        return fail(ErrorKind::usage, "ssvc.twice",
                    fmt::format("{} = {} does not go with what it {}", point.id,
                                join(words_of(point, places), " or "), because));
      }
      known.places = std::move(both);
      because = because == "not known" ? input->because : input->because + "; " + because;
    }
    if (known.places.size() == 1) known.missing.clear();
    answers.push_back({&point, words_of(point, known.places), because});
    return known;
  }

  const SsvcTables& tables_;
  std::span<const SsvcInput> inputs_;
  std::vector<bool> used_;
};

void add_points(const SsvcTables& tables,
                const SsvcTable& table,
                std::vector<const SsvcPoint*>& points) {
  for (const SsvcPoint* point : table.points) {
    if (const SsvcTable* below = tables.deriving(*point)) add_points(tables, *below, points);
    if (std::ranges::find(points, point) == points.end()) points.push_back(point);
  }
}

}  // namespace

bool is_called(const SsvcPoint& point, std::string_view word) {
  const std::string wanted = folded(word);
  return wanted == folded(point.id) || wanted == folded(point.key) || wanted == folded(point.name);
}

const SsvcTable* SsvcTables::find(std::string_view id) const {
  const auto found = std::ranges::lower_bound(tables, id, {}, &SsvcTable::id);
  return found != tables.end() && found->id == id ? &*found : nullptr;
}

const SsvcTable* SsvcTables::deriving(const SsvcPoint& point) const {
  const auto found = std::ranges::find_if(
      tables, [&point](const SsvcTable& table) { return table.outcome.id == point.id; });
  return found == tables.end() ? nullptr : &*found;
}

std::vector<const SsvcPoint*> ssvc_points_of(const SsvcTables& tables, const SsvcTable& table) {
  std::vector<const SsvcPoint*> points;
  add_points(tables, table, points);
  return points;
}

Result<SsvcDecision> decide_ssvc(const SsvcTables& tables,
                                 const SsvcTable& table,
                                 std::span<const SsvcInput> inputs) {
  Walk walk(tables, inputs);
  SsvcDecision decision;
  decision.table = &table;
  TRY(const Known found, walk.outcomes(table, decision.answers));
  TRY_VOID(walk.check_used(table));
  decision.outcomes = words_of(table.outcome, found.places);
  decision.missing = found.places.size() == 1 ? std::vector<std::string>{} : found.missing;
  return decision;
}

}  // namespace lockstep
