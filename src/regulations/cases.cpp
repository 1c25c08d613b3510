// SPDX-License-Identifier: Apache-2.0
// Reading cases:
//
//     - id: sold_software
//       says: ...
//       as_of: 2029-01-15            # the default
//       facts: {product.kind: software, ...}
//       codes: {cra: [IN:default], cra_routes: [A, B+C, H]}
//       answers: {cra.scope: [in]}
//       applies: [cra.sbom]          # also does_not_apply, unsettled
//       conflicts: {conflict.removal_of_logs: applies}    # does_not_apply, unsettled, overridden
//     - id: classes
//       based_on: sold_software      # its facts; a fact may be set back to `unknown`
//       vary: cra.core_function
//       gives: {cra: {browser: [IN:I-2], vpn: [IN:I-5]}}
#include "regulations/cases.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "regulations/facts.hpp"
#include "regulations/reader.hpp"

namespace lockstep::regulations {
namespace {

constexpr std::string_view case_keys[] = {
    "id",        "says",     "as_of", "facts", "codes",    "answers", "applies", "does_not_apply",
    "unsettled", "based_on", "vary",  "gives", "conflicts"};
constexpr Day usual_day = std::chrono::year{2029} / 1 / 15;

FactValue read_value(const Json& node) {
  if (node.is_array()) {
    std::vector<std::string> words;
    for (const Json& item : node.items())
      words.push_back(item.string_or(""));
    return words;
  }
  const std::string text = node.string_or("");
  if (const auto yes = node.as_bool(); yes && text.empty()) return *yes;
  if (text == "unknown") return std::monostate{};
  if (const auto day = parse_day(text)) return *day;
  if (text == "yes" || text == "no") return text == "yes";
  if (const auto number = node.as_int()) return *number;
  return text;
}

void put(std::vector<Fact>& facts, Fact fact) {
  const auto found = std::ranges::find(facts, fact.name, &Fact::name);
  if (found == facts.end()) {
    facts.push_back(std::move(fact));
  } else {
    *found = std::move(fact);
  }
}

class CaseReader {
 public:
  CaseReader(const Ruleset& rules, Diagnostics& problems) : rules_(rules), problems_(problems) {}

  void read(const SourceFile& file) {
    Reader reader(file.path, problems_);
    for (const Json& node : reader.list(file.tree, "cases"))
      read_case(reader, node);
  }

  std::vector<Case> take() { return std::move(cases_); }

 private:
  void read_case(Reader& reader, const Json& node) {
    reader.only(node, case_keys);
    Case one;
    one.id = reader.text(node, "id");
    one.says = reader.optional_text(node, "says");
    one.as_of = reader.day(node, "as_of").value_or(usual_day);
    one.where = reader.at(node);
    if (std::ranges::find(cases_, one.id, &Case::id) != cases_.end()) {
      reader.error("regulation.duplicate", fmt::format("a case '{}' is already there", one.id),
                   node);
    }
    if (const std::string base = reader.optional_text(node, "based_on"); !base.empty()) {
      const auto found = std::ranges::find(cases_, base, &Case::id);
      if (found == cases_.end()) {
        reader.error("regulation.word", fmt::format("'{}' is no case above this one", base), node);
        return;
      }
      one.facts = found->facts;
    }
    for (const auto& [name, value] : node["facts"].members()) {
      put(one.facts, {name,
                      read_value(value),
                      {Provenance::Kind::read, reader.at(value), "", "", std::nullopt}});
    }
    for (const auto& [list, codes] : node["codes"].members()) {
      one.codes.emplace_back(list, reader.texts(node["codes"], list));
    }
    for (const auto& [decision, outcomes] : node["answers"].members()) {
      one.answers.emplace_back(decision, reader.texts(node["answers"], decision));
    }
    one.applies = reader.texts(node, "applies");
    one.does_not_apply = reader.texts(node, "does_not_apply");
    one.unsettled = reader.texts(node, "unsettled");
    for (const auto& [conflict, state] : node["conflicts"].members())
      one.conflicts.emplace_back(conflict, state.string_or(""));
    if (const std::string fact = reader.optional_text(node, "vary"); !fact.empty()) {
      read_table(reader, node, one, fact);
    } else {
      finish(std::move(one));
    }
  }

  void read_table(Reader& reader, const Json& node, const Case& base, const std::string& fact) {
    for (const auto& [list, rows] : node["gives"].members()) {
      for (const auto& [word, codes] : rows.members()) {
        Case one = base;
        one.id += "/" + word;
        one.where = reader.at(codes);
        put(one.facts,
            {fact, word, {Provenance::Kind::read, reader.at(codes), "", "", std::nullopt}});
        one.codes.emplace_back(list, reader.texts(rows, word));
        finish(std::move(one));
      }
    }
  }

  void finish(Case one) {
    one.facts = fit_facts(rules_, one.facts, problems_, LawFacts::allow);
    cases_.push_back(std::move(one));
  }

  const Ruleset& rules_;
  Diagnostics& problems_;
  std::vector<Case> cases_;
};

}  // namespace

std::vector<Case> read_cases(std::span<const SourceFile> files,
                             const Ruleset& rules,
                             Diagnostics& problems) {
  std::vector<const SourceFile*> sorted;
  for (const SourceFile& file : files) {
    if (file.path.find("/cases/") != std::string::npos) sorted.push_back(&file);
  }
  std::ranges::sort(sorted, {}, [](const SourceFile* file) { return file->path; });
  CaseReader reader(rules, problems);
  for (const SourceFile* file : sorted)
    reader.read(*file);
  return reader.take();
}

}  // namespace lockstep::regulations
