// SPDX-License-Identifier: Apache-2.0
// The check of an importer or a distributor, answered item by item from received documents and from
// what a person said. Seen means seen: no document is called right.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/fact.hpp"
#include "domain/obligation.hpp"

namespace lockstep {

/// A person's answer to an item.
struct CheckAnswer {
  Truth answer = Truth::unknown;
  std::string by;
  Day on;
  std::string note;
  Position where;
};

/// Answers by the id of the item.
using CheckAnswers = std::map<std::string, CheckAnswer, std::less<>>;

/// Where something was seen.
struct SeenAt {
  std::string file;
  int page = 0;       ///< from 1; 0 in a form without pages
  int line = 0;       ///< from 1; 0 where the whole file is meant
  std::string sign;   ///< "support_end", or the kind of document
  std::string words;  ///< the line, as it stands there
  std::string value;  ///< what was read from it, such as 2032-12; "" for signs without a value
};

/// file page 2 line 3: "the words"
std::string to_text(const SeenAt& seen);

/// One file, with what it was taken for.
struct CheckedFile {
  std::string path;
  std::string sha256;
  std::string form;
  std::string about;
  std::vector<std::string> kinds;  ///< "declaration", "user_information"
  std::string language;            ///< "en"; "" where it was not told
  std::string unread;
};

/// One act's side of an item, or of a duty beside the items.
struct CheckSide {
  std::string requirement;  ///< "cra.importer_checks"
  std::string act;
  std::vector<std::string> cites;
  std::string differs;  ///< how it differs from the other act's side
  Truth applies = Truth::unknown;
  bool is_assumed = false;  ///< taken to apply, since nobody stated facts
  std::vector<Day> from;    ///< the days from which it may be owed, rising
  std::vector<std::string> because;
  std::vector<std::string> missing;  ///< facts that would decide whether it applies
  std::string keep;                  ///< as of Duty
};

struct CheckItem {
  enum class State { seen, answered, denied, missing, not_legible, ask, not_applicable };

  std::string id;
  std::string says;
  std::vector<CheckSide> sides;
  State state = State::ask;
  bool is_owed = false;              ///< on the day of judgement, for what is known
  Truth applies = Truth::unknown;    ///< of its sides and its own condition
  bool is_assumed = false;           ///< taken to apply, since nobody stated facts
  std::vector<std::string> because;  ///< why it does not apply
  std::vector<std::string> missing;  ///< facts that would decide whether it applies
  std::vector<SeenAt> seen;
  std::vector<std::string> not_found;  ///< what was looked for in vain, in words
  std::vector<std::string> unread;     ///< files that may hold it
  std::string ask;
  bool asks_supplier = true;  ///< otherwise the person who checks answers
  std::optional<CheckAnswer> answer;
};

std::string_view to_text(CheckItem::State state);

/// How a person reads it: "MISSING", "NOT SHOWN".
std::string_view words(CheckItem::State state);

/// Documents that contradict each other, the product file, or the day.
struct Contradiction {
  std::string id;
  std::string says;
  std::vector<SeenAt> seen;
  std::vector<Citation> cites;
  std::string ask;
};

/// What must not be done meanwhile, or what is kept: a duty that stands beside the items.
struct CheckDuty {
  std::string says;
  CheckSide side;
};

/// A question that is ready to be sent or answered.
struct CheckQuestion {
  std::string id;  ///< of the item or contradiction
  std::string ask;
  bool is_conditional = false;  ///< it is not known whether the item applies
};

struct SupplyCheckView {
  std::string check;  ///< "importer"
  std::string title;
  std::string bundle;
  std::string product;  ///< name and version of the product file, "" without one
  Day as_of;
  std::vector<ActReference> acts;
  std::vector<CheckedFile> files;
  std::vector<CheckItem> items;
  std::vector<Contradiction> contradictions;
  std::vector<CheckQuestion> supplier_questions;  ///< each wording once
  std::vector<CheckQuestion> own_questions;       ///< for the person who checks
  std::vector<CheckDuty> meanwhile;               ///< only while something is open
  std::vector<CheckDuty> keep;
  std::vector<std::string> languages;  ///< "German", ...: those that are known
  std::vector<std::string> remarks;
};

/// "CRA Art. 19(2)(c), CRA Annex V(1)": the provisions of one side of an item.
std::string cites_of(const SupplyCheckView& view, const CheckSide& side);

}  // namespace lockstep
