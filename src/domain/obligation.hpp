// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "domain/fact.hpp"

namespace lockstep {

/// One provision of one act: "eu-2024-2847" and "art_14/par_2/pnt_a", the form of ELI paths.
struct Citation {
  std::string act;
  std::string path;

  bool operator==(const Citation&) const = default;
};

/// A citation as data write it: ACT/PATH, or a path of `act` where no act stands in front.
Citation citation_of(std::string_view written, std::string_view act = "");

/// "CRA Art. 14(2)(a)", "AI Act Annex IV(1)": how a person writes it. `short_title` is the act's.
std::string to_text(const Citation& citation, std::string_view short_title);

/// One step of a decision that was walked.
struct DecisionStep {
  std::string id;  ///< "S3"
  std::string question;
  Truth answer = Truth::unknown;
  std::string outcome;               ///< the code it led to, "" when it passed on
  std::vector<std::string> cites;    ///< paths in the act
  std::vector<std::string> because;  ///< "product.data_connection = yes (lockstep.yaml:14)"
  std::vector<std::string> missing;  ///< facts that would decide it
  std::string basis;  ///< what it rests on, a word of data/duty_words.yaml: "text", "guidance"
};

/// One question of one act with its answer and trace.
struct Answer {
  std::string id;   ///< "cra.scope"
  std::string act;  ///< "eu-2024-2847"
  std::string question;
  Truth state = Truth::unknown;
  std::vector<std::string> codes;  ///< outcome codes; several when facts are missing
  std::vector<std::string> cites;
  std::vector<std::string> because;
  std::vector<std::string> missing;
  std::vector<DecisionStep> steps;
  bool optional = false;  ///< nobody has to settle it: it speaks only where its facts are stated
};

/// What goes with an obligation beside its words: to whom, on which occasion, in which documents,
/// for how long they are kept, and what a breach may cost at most. Empty where the act is silent.
struct Duty {
  std::vector<std::string> owed_to;  ///< "users", "market surveillance authority"
  std::string trigger;  ///< a word of data/duty_words.yaml: "before_supply", "on_request"
  std::vector<std::string> documents;  ///< words of data/duty_words.yaml: "declaration"
  std::string keep;      ///< "10 years from placing on the market, or the support period if longer"
  std::string sanction;  ///< "up to EUR 15 million or 2.5 % of worldwide turnover, ..."
  std::int64_t sanction_eur = 0;  ///< that cap in euro, to weigh duties by; 0 when there is none
};

/// A requirement of another act that the same evidence also helps to show. A hint: it decides
/// nothing.
struct Overlap {
  enum class Strength { partial, strong };

  std::string id;  ///< "nis2.supply_chain"
  Strength strength = Strength::partial;
};

std::string_view to_text(Overlap::Strength strength);

/// A requirement that applies, or not, to this product, on this day, to this party.
struct Obligation {
  enum class Met { does_not_apply, met, unmet, unknown };

  std::string id;  ///< "cra.sbom"
  std::string act;
  std::string says;   ///< our paraphrase
  std::string group;  ///< "CRA Annex I Part I", "AI Act Art. 15": for the matrix
  std::vector<std::string> cites;
  std::string owed_by;  ///< "manufacturer"
  std::string basis;    ///< as of a step
  Duty duty;
  std::optional<Day> applies_from;
  Truth applies = Truth::unknown;  ///< whether the facts make it apply, whatever the evidence
  Met state = Met::unknown;
  std::vector<std::string>
      evidence_kinds;                 ///< what would show it: "sbom", "vuln_scan", "evasion_test"
  std::vector<std::string> evidence;  ///< ids of the evidence that was used
  std::vector<std::string> because;
  std::vector<std::string> missing;
  std::vector<Overlap> crosswalk;  ///< sorted by id
};

std::string_view to_text(Obligation::Met met);

/// Two acts that ask one product for what does not go together.
struct Conflict {
  std::string id;                    ///< "conflict.logging_opt_out"
  std::vector<Citation> provisions;  ///< of all acts concerned
  Truth applies = Truth::unknown;
  std::string collides;    ///< what does not go together
  std::string resolution;  ///< the proposed one, or the one that was stated
  bool stated = false;     ///< whether the resolution is the maker's and not ours
  std::string stated_in;   ///< the text fact that states another one
  std::vector<std::string> because;
  std::vector<std::string> missing;
};

struct MissingFact {
  std::string fact;
  std::string question;
  std::vector<std::string> would_decide;
  /// By how many the outcomes that are still possible go down once it is answered, on average over
  /// the answers that it may have; 0 where that was not worked out.
  double fewer = 0;
};

/// A change of an act that came into force after the facts were answered.
struct LawChange {
  Day day;          ///< its first day
  std::string act;  ///< "eu-2024-1689"
  std::string by;   ///< the amending act; "" where the act itself came into force or says so itself
  std::string says;
  std::vector<std::string> rules;    ///< what begins or ends with it: "ai.section_a/D3"
  std::vector<std::string> cites;    ///< paths in the act
  std::vector<std::string> facts;    ///< of the catalogue, which those rules look at
  std::vector<std::string> changed;  ///< answers and obligations that it changed for this product
};

/// A date that matters to this product.
struct LegalDate {
  Day day;
  std::string act;
  std::string what;
  std::string cites;
};

/// The outcome codes of law/cases: words that scripts may rely on.
struct ScopeCodes {
  std::vector<std::string> cra;         ///< "IN:default", "IN:I-3", "OUT:medical", ...
  std::vector<std::string> cra_routes;  ///< "A", "B+C", "H", "CERT"
  std::vector<std::string> ai_act;      ///< "HR-III-2", "TRANSP:50(1)", "MIN", ...
  std::vector<std::string> nis2;
  std::string article_12;  ///< "not_applicable", or the route's code
};

/// How an act is named in documents. Source: data/regulations/ACT/act.yaml.
struct ActReference {
  std::string id;                ///< "eu-2024-2847"
  std::string short_title;       ///< "CRA"
  std::string title;             ///< the full title with its number and date
  std::string official_journal;  ///< "OJ L, 2024/2847, 20.11.2024"; "" when not recorded
};

/// The short title of an act among those, or its id where it is none of them.
std::string short_title_of(std::span<const ActReference> acts, std::string_view act);

/// A Union act that the product file says covers the product, beside those that are checked here.
/// Source: data/union_acts.yaml.
struct SectorAct {
  std::string word;              ///< of the fact product.union_acts: "atex"
  std::string title;             ///< with its number
  std::string official_journal;  ///< "OJ L 96, 29.3.2014, p. 309"
};

/// Everything that the law says about the product on one day.
struct LegalView {
  Day as_of;
  std::vector<ActReference> acts;  ///< every act that was asked, sorted by id
  /// Those that want an EU declaration of conformity too, in the order of the data.
  std::vector<SectorAct> sector_acts;
  ScopeCodes codes;
  std::vector<Answer> answers;
  std::vector<Obligation> obligations;     ///< sorted by act, then by order in the act
  std::vector<Conflict> conflicts;         ///< in the order of the data
  std::vector<MissingFact> missing_facts;  ///< the one that decides most first
  std::vector<LegalDate> dates;            ///< rising
  std::optional<Day> facts_answered;     ///< when somebody last stood by the facts, if it was said
  std::vector<LawChange> changes_since;  ///< after that day, up to as_of; rising
};

}  // namespace lockstep
