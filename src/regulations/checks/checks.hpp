// SPDX-License-Identifier: Apache-2.0
// The checks of importers and distributors as data/checks/ says them: what can be seen in documents
// (signs), how documents are told apart (kinds), the words of each language, the items of each
// check, and what contradicts what. Nothing here knows an article or a language.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "domain/obligation.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// What a sign must bring beside its words.
enum class SignValue {
  none,     ///< the words are enough
  label,    ///< text behind a label at the beginning of a line, or on the next line
  month,    ///< a date of at least month and year behind the words
  day,      ///< a date with its day behind the words
  contact,  ///< an e-mail or web address or a telephone number behind the words
  url,      ///< a web address behind the words
  number4,  ///< four digits behind the words
};

/// Something that can be seen in a document.
struct Sign {
  std::string id;
  SignValue value = SignValue::none;
  std::string means;
  std::vector<std::string> words;  ///< folded; the same in every language
  Position where;
};

/// A kind of document, told by a heading near its beginning or by a sign anywhere.
struct DocumentKind {
  std::string id;
  std::string means;
  std::vector<int> also;     ///< one of these signs must be seen too; empty: the heading is enough
  std::vector<int> by_sign;  ///< one of these signs alone tells it
};

/// The words of one official language of the Union, all folded (fold.hpp).
struct Language {
  std::string id;    ///< "de"
  std::string name;  ///< "German"
  std::array<std::string, 12> months;
  std::vector<std::string> common;  ///< words that tell the language
  std::map<int, std::vector<std::string>> signs;
  std::map<int, std::vector<std::string>> headings;  ///< by kind
};

/// One way in which an item can be seen: all of the signs, in documents of one of the kinds.
struct Look {
  std::vector<int> kinds;  ///< empty: any
  std::vector<int> signs;  ///< empty: that such a document is there
  bool in_each = false;    ///< every document of the kinds has them
};

/// The requirement of one act that an item belongs to.
struct ItemSide {
  int requirement = -1;
  std::vector<std::string> cites;
  std::string differs;
};

struct ItemRule {
  std::string id;
  std::string says;
  std::vector<ItemSide> sides;
  Condition applies_when;
  std::vector<Look> look;
  bool is_asked = false;   ///< in documents or not, what is not seen there is asked for
  bool hint_only = false;  ///< documents are a hint only: a person looks, at the product or asks
  bool asks_supplier = true;
  std::string ask;
  Position where;
};

struct ContradictionRule {
  enum class Kind {
    differ,         ///< a sign with two values
    in_past,        ///< a date that lies before the day of judgement
    has_sign,       ///< a document of the kind has a sign that it must not have
    without_value,  ///< a sign without the value that belongs to it
    other_act,      ///< a document of the kind names acts, but not this one
    other_name,     ///< a document of the kind does not name the product of the product file
    other_version,  ///< a document of the kind states another version than the product file
  };
  std::string id;
  Kind rule = Kind::differ;
  int sign = -1;
  int kind = -1;
  std::string says;
  std::string ask;
  std::vector<Citation> cites;
  Condition applies_when;
};

/// A duty beside the items: what must not be done meanwhile, what is kept.
struct DutyRule {
  int requirement = -1;
  std::string says;
};

struct Check {
  std::string id;  ///< "importer"
  std::string title;
  std::string role;  ///< a word of the fact actor.role
  std::vector<ItemRule> items;
  std::vector<DutyRule> meanwhile;
  std::vector<DutyRule> keep;
};

struct Checks {
  std::vector<Sign> signs;
  std::vector<DocumentKind> kinds;
  std::vector<Language> languages;  ///< by id
  std::vector<ContradictionRule> contradictions;
  std::vector<int> taken_to_apply;  ///< acts that apply while no facts are stated
  std::vector<Check> checks;        ///< by id
  int role_fact = -1;

  const Check* find_check(std::string_view id) const;
  const ItemRule* find_item(std::string_view id) const;
  int sign(std::string_view id) const;  ///< its index, or -1
  int kind(std::string_view id) const;
};

/// Reads checks/signs.yaml, checks/languages/*.yaml, checks/contradictions.yaml and the other files
/// of checks/, one check each. Requirements, citations and conditions must be those of `law`; a
/// citation may stand below a provision that the law lists. All problems are reported, with place.
/// Codes: regulation.* and check.* of data/errors/.
Checks load_checks(std::span<const SourceFile> files, const Ruleset& law, Diagnostics& problems);

std::string_view to_text(SignValue value);
std::string_view to_text(ContradictionRule::Kind rule);

}  // namespace lockstep::regulations
