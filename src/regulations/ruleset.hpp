// SPDX-License-Identifier: Apache-2.0
// The law as lockstep holds it in memory: what data/facts.yaml, data/evidence_kinds.yaml and
// data/regulations/ say, with every name turned into an index, so that evaluation compares numbers
// only. Nothing here knows an article, an authority or a deadline: those are values in the data.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/obligation.hpp"

namespace lockstep::regulations {

/// One file below data/, already read into a tree. The path is relative to data/.
struct SourceFile {
  std::string path;
  Json tree;
};

/// A set of words of one fact, or of outcomes of one decision: bit i stands for word i. The words
/// of a bool are "no" and "yes", so that every closed answer is tested in the same way.
using Words = std::uint64_t;
inline constexpr std::size_t max_words = 62;

/// The days on which something is part of the law, both ends included.
struct InForce {
  std::optional<Day> from;
  std::optional<Day> until;

  bool on(Day day) const { return (!from || *from <= day) && (!until || day <= *until); }
};

/// A three-valued test of facts and of the outcomes of decisions.
struct Condition {
  enum class Kind {
    always,
    fact_in,      ///< the fact shares a word with `words`
    text_in,      ///< the fact's text is one of `texts`
    at_least,     ///< the fact's number is `number` or more
    below,        ///< the fact's number is less than `number`
    day_from,     ///< the fact's day is `number` (days since 1970) or `date`, or later
    day_before,   ///< the fact's day is earlier
    decision_in,  ///< the decision's outcome is one of `words`
    none_of,      ///< not any of the parts
    all,
    any,
  };
  Kind kind = Kind::always;
  int subject = -1;  ///< index of the fact or decision
  int date = -1;     ///< index of the named date, or -1 for `number`
  Words words = 0;
  std::int64_t number = 0;
  std::vector<std::string> texts;
  std::vector<Condition> parts;
};

enum class FactType { boolean, choice, set, integer, day, text };

struct Word {
  std::string word;
  std::string means;
};

/// Something whose value changed over time: which day, or which yes or no, was the law when.
struct DatedValue {
  InForce in_force;
  Day day;                    ///< for dates
  Truth is = Truth::unknown;  ///< for switches
};

/// One row of the catalogue, or a switch: a fact that the law itself states.
struct FactDefinition {
  std::string name;
  FactType type = FactType::boolean;
  std::vector<Word> words;
  std::string ask;
  std::string why;
  std::string who;
  std::vector<Citation> cites;
  std::optional<Words> unstated;    ///< what the law presumes while nothing is stated
  std::optional<Condition> derive;  ///< settles a bool while nothing is stated
  std::vector<std::pair<int, Condition>>
      derive_words;                   ///< the same for a choice: the first to hold
  std::optional<std::int64_t> least;  ///< the smallest number, or day since 1970, that can be true
  std::optional<std::int64_t> most;   ///< the largest
  bool is_country = false;            ///< the text is one of `Ruleset::countries`
  int same_as = -1;                   ///< the fact whose value is taken while nothing is stated
  std::vector<DatedValue> by_law;     ///< for switches; empty for facts of a product
  Position where;

  bool is_switch() const { return !by_law.empty(); }
};

/// Facts that `init` asks about under one heading. Source: data/questions.yaml.
struct Question {
  std::string id;
  std::string title;
  std::vector<int> facts;  ///< in the order in which they are asked
};

/// A day that the act names, as the law of different times had it.
struct NamedDate {
  struct Choice {
    Condition when;
    int date = -1;
  };

  std::string id;
  int act = -1;
  std::string what;
  std::vector<std::string> cites;
  Condition when;                  ///< whether it matters to the product
  std::vector<DatedValue> values;  ///< never overlapping
  std::vector<Choice> first_of;    ///< instead of values: the first whose condition holds
};

/// One line of a table inside a step: a word of the step's fact, and the codes that it leads to.
struct Row {
  int word = -1;
  std::vector<std::string> codes;
  std::vector<std::string> cites;
  Condition when;
  InForce in_force;
  int basis = 0;  ///< what it rests on: an index of `Ruleset::bases`
};

struct Step {
  std::string id;
  std::string ask;
  std::string note;
  std::vector<std::string> cites;
  Condition when;
  int each = -1;  ///< the fact whose words `rows` speak of, or -1
  std::vector<Row> rows;
  int outcome = -1;
  std::vector<std::string> codes;
  InForce in_force;
  int basis = 0;              ///< as of a row; the line that was taken may rest on less
  std::string other_reading;  ///< the fact by which someone states another reading
  Position where;
};

/// Which list of the scope's codes a decision adds to.
enum class CodeList { none, cra, cra_routes, ai_act, nis2, article_12 };

/// A question of the law, decided by the first step that holds.
struct Decision {
  std::string id;
  int act = -1;
  std::string question;
  std::vector<std::string> cites;
  CodeList list = CodeList::none;
  bool optional = false;  ///< adds codes only when settled, and asks for no facts
  std::vector<std::string> outcomes;
  std::optional<Words> yes;  ///< the outcomes that mean yes
  std::vector<Step> steps;
  Position where;
};

/// Something that the law asks of someone, and what would show it.
struct Requirement {
  std::string id;
  int act = -1;
  std::string group;
  std::string says;
  std::string owed_by;
  Duty duty;                   ///< with the first of `sanctions`
  std::vector<int> sanctions;  ///< indices in the act; the first whose condition may hold counts
  std::vector<std::string> cites;
  Condition applies_when;
  std::optional<Condition> unless;
  std::vector<std::string> unless_cites;
  int applies_from = -1;           ///< index of the named date
  std::vector<int> shown_by;       ///< indices of evidence kinds
  bool any_shows = false;          ///< one of the kinds is enough
  std::vector<Overlap> crosswalk;  ///< sorted by id
  int basis = 0;                   ///< as of a step
  std::string other_reading;       ///< as of a step
  Position where;
};

/// One row of data/regulations/conflicts.yaml.
struct ConflictRule {
  std::string id;
  std::vector<Citation> provisions;
  Condition applies_when;
  std::string collides;
  std::string ours;    ///< the resolution that we propose
  int stated_in = -1;  ///< index of the text fact that states another one
  Position where;
};

struct EvidenceKind {
  std::string kind;
  std::string means;
  bool named = false;  ///< counts only for the requirements that it names
};

struct Provision {
  int act = -1;
  std::string path;
  std::string says;
  std::string gap;  ///< why no rule stands for it yet, "" otherwise
  bool informative = false;
  bool unchecked = false;  ///< number or words from memory, not held against the text
};

struct Change {
  std::string by;
  std::string celex;
  std::string applies;
  std::string says;
};

/// The most that a breach may cost. Source: the act's article on penalties.
struct Sanction {
  std::string id;        ///< "cra.fine_high"
  std::string says;      ///< as Duty::sanction
  std::int64_t eur = 0;  ///< as Duty::sanction_eur
  std::vector<std::string> cites;
  Condition when;  ///< whom it threatens, where the act tells classes apart
};

struct Act {
  std::string id;
  std::string title;
  std::string short_title;
  std::string celex;
  std::string eli;
  std::string oj;
  Day in_force;
  std::vector<Change> changes;
  std::vector<Sanction> sanctions;
};

/// A word that duties are described with, of one of the lists of data/duty_words.yaml.
struct DutyWord {
  std::string word;
  std::string means;
};

/// Statements that cannot be true together: a row of data/contradictions.yaml.
struct FactContradiction {
  enum class Kind {
    conditions,  ///< `when` holds, and one of `never` too
    not_after,   ///< the day `first` lies after the day `second`
    within,      ///< the list `first` has a word that the list `second` lacks
    apart,       ///< the lists `first` and `second` share a word
  };

  std::string id;
  Kind kind = Kind::conditions;
  Condition when;
  std::vector<Condition> never;
  int first = -1;  ///< indices of facts
  int second = -1;
  std::string why;
  std::vector<Citation> cites;
  Position where;
};

/// All of it. Made by load_ruleset, never changed afterwards.
struct Ruleset {
  std::vector<FactDefinition> facts;  ///< the catalogue in its order, then the switches
  std::vector<Question> questions;    ///< in the order of the file; each fact in one at most
  std::vector<FactContradiction> contradictions;
  std::vector<Word> countries;          ///< two letters, with the name: the Union's first
  std::vector<Word> country_spellings;  ///< other letters for the same, with those of `countries`
  std::vector<EvidenceKind> evidence_kinds;
  std::vector<DutyWord> parties;    ///< who owes and who receives
  std::vector<DutyWord> triggers;   ///< on which occasion
  std::vector<DutyWord> documents;  ///< what is drawn up, handed over or kept
  std::vector<DutyWord> bases;      ///< what a rule may rest on, the firmest first
  std::vector<Act> acts;            ///< by id
  std::vector<NamedDate> dates;
  std::vector<Provision> provisions;      ///< by act, then in the order of the files
  std::vector<Decision> decisions;        ///< by act, then in the order of the files
  std::vector<int> order;                 ///< decisions so that each comes after those it asks
  std::vector<Requirement> requirements;  ///< by act, then in the order of the files
  std::vector<ConflictRule> conflicts;    ///< in the order of the file
  std::map<std::string, int, std::less<>> fact_index;
  std::map<std::string, int, std::less<>> decision_index;
  std::map<std::string, int, std::less<>> date_index;
  std::map<std::string, int, std::less<>> kind_index;

  /// "CRA Art. 14(2)(a)", with the act's id in place of its title where no act has that id.
  std::string cited(const Citation& citation) const;
  /// "text", "ours": the word of a step, row or requirement, "" where no list was read.
  std::string basis_word(int basis) const;
  const FactDefinition* find_fact(std::string_view name) const;
  const Decision* find_decision(std::string_view id) const;
  const Requirement* find_requirement(std::string_view id) const;
  const Provision* find_provision(std::string_view act, std::string_view path) const;
};

/// The bit of `word` among the words of a fact, or nothing.
std::optional<int> word_index(const FactDefinition& fact, std::string_view word);

std::string_view to_text(FactType type);  ///< "bool", "choice", "set", "int", "day", "text"

}  // namespace lockstep::regulations
