// SPDX-License-Identifier: Apache-2.0
// What facts may not say: data/countries.yaml and data/contradictions.yaml.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "regulations/loading.hpp"

namespace lockstep::regulations {
namespace {

constexpr std::string_view country_keys[] = {"union", "eea", "others", "same_as"};
constexpr std::string_view row_keys[] = {"id",        "when",   "never", "derived", "to",
                                         "not_after", "within", "apart", "why",     "cites"};

/// The fact, a bool, is stated to be this.
Condition is(int fact, bool yes) {
  Condition condition;
  condition.kind = Condition::Kind::fact_in;
  condition.subject = fact;
  condition.words = yes ? 2 : 1;
  return condition;
}

Condition not_of(Condition part) {
  Condition condition;
  condition.kind = Condition::Kind::none_of;
  condition.parts.push_back(std::move(part));
  return condition;
}

bool names_a_date(const Condition& condition) {
  return condition.date >= 0 || std::ranges::any_of(condition.parts, names_a_date);
}

}  // namespace

void Loading::read_countries(const SourceFile& file) {
  Reader reader(file.path, problems_);
  reader.only(file.tree, country_keys);
  for (const std::string_view list : {"union", "eea", "others"}) {
    for (const auto& [code, name] : file.tree[list].members()) {
      note_place(reader, name, "country", code);
      rules_.countries.push_back({code, name.string_or("")});
    }
  }
  for (const auto& [spelling, code] : file.tree["same_as"].members()) {
    const std::string of = code.string_or("");
    if (std::ranges::find(rules_.countries, of, &Word::word) == rules_.countries.end())
      reader.error("regulation.word", fmt::format("'{}' is no country here", quotable(of)), code);
    rules_.country_spellings.push_back({spelling, of});
  }
}

void Loading::read_contradictions(const SourceFile& file) {
  Reader reader(file.path, problems_);
  for (const Json& node : reader.list(file.tree, "contradictions")) {
    reader.only(node, row_keys);
    FactContradiction row;
    row.id = reader.text(node, "id");
    row.why = reader.text(node, "why");
    row.where = reader.at(node);
    for (const std::string& cite : cites(reader, node, -1))
      row.cites.push_back(citation_of(cite));
    note_place(reader, node, "contradiction", row.id);
    const std::size_t position = rules_.contradictions.size();
    rules_.contradictions.push_back(std::move(row));
    later(
        [this, reader, &node, position]() mutable { read_contradiction(reader, node, position); });
  }
}

void Loading::read_contradiction(Reader& reader, const Json& node, std::size_t row) {
  FactContradiction& read = rules_.contradictions[row];
  if (node.find("derived") != nullptr) return read_derived(reader, node, row);
  if (node.find("when") == nullptr) return read_pair(reader, node, read);
  if (auto when = read_stated(reader, node["when"])) read.when = *std::move(when);
  for (const Json& never : reader.list(node, "never"))
    if (auto condition = read_stated(reader, never)) read.never.push_back(*std::move(condition));
  if (node["never"].items().empty())
    reader.error("regulation.missing_key", "expected 'never' beside 'when'", node);
}

/// A condition on facts alone, without the dates of an act: statements contradict on every day.
std::optional<Condition> Loading::read_stated(Reader& reader, const Json& node) {
  Condition condition = read_condition(node, rules_, reader);
  std::vector<int> decisions;
  collect_decisions(condition, decisions);
  if (decisions.empty() && !names_a_date(condition)) return condition;
  reader.error("regulation.condition", "only facts and plain days can contradict each other", node);
  return std::nullopt;
}

/// The index of the fact that a text names, or -1 after an error.
int Loading::read_fact_name(Reader& reader, const Json& node) {
  const std::string name = node.string_or("");
  const auto found = rules_.fact_index.find(name);
  if (found != rules_.fact_index.end()) return found->second;
  std::vector<std::string> names;
  for (const FactDefinition& fact : rules_.facts)
    names.push_back(fact.name);
  reader.error("regulation.fact",
               fmt::format("'{}' is no fact{}", quotable(name), suggestion(name, names)), node);
  return -1;
}

void Loading::read_pair(Reader& reader, const Json& node, FactContradiction& row) {
  using Kind = FactContradiction::Kind;
  for (const auto& [key, kind] :
       {std::pair("not_after", Kind::not_after), std::pair("within", Kind::within),
        std::pair("apart", Kind::apart)}) {
    const Json* pair = node.find(key);
    if (pair == nullptr) continue;
    if (pair->items().size() != 2) {
      reader.error("regulation.type", fmt::format("expected two facts under '{}'", key), *pair);
      return;
    }
    const int first = read_fact_name(reader, pair->items().front());
    const int second = read_fact_name(reader, pair->items().back());
    if (first < 0 || second < 0) return;
    const FactDefinition& a = rules_.facts[static_cast<std::size_t>(first)];
    const FactDefinition& b = rules_.facts[static_cast<std::size_t>(second)];
    const bool same_words = std::ranges::equal(a.words, b.words, {}, &Word::word, &Word::word);
    const FactType wanted = kind == Kind::not_after ? FactType::day : FactType::set;
    if (a.type != wanted || b.type != wanted || !same_words) {
      reader.error("regulation.type",
                   fmt::format("expected two {}s of the same words", to_text(wanted)), *pair);
      return;
    }
    row.kind = kind;
    row.first = first;
    row.second = second;
    return;
  }
  reader.error("regulation.missing_key",
               "expected 'when', 'derived', 'not_after', 'within' or 'apart'", node);
}

/// `derived`: as if the fact's own derivation stood under `when`, and under `never` its opposite.
void Loading::read_derived(Reader& reader, const Json& node, std::size_t row) {
  const int fact = read_fact_name(reader, node["derived"]);
  if (fact < 0) return;
  const auto& derive = rules_.facts[static_cast<std::size_t>(fact)].derive;
  if (!derive) {
    reader.error("regulation.fact", "expected a bool that is derived", node["derived"]);
    return;
  }
  const auto to = reader.truth(node, "to");
  if (to != Truth::no) {
    rules_.contradictions[row].when = *derive;
    rules_.contradictions[row].never = {is(fact, false)};
  }
  if (to == Truth::yes) return;
  FactContradiction opposite = rules_.contradictions[row];
  opposite.when = not_of(*derive);
  opposite.never = {is(fact, true)};
  if (to == Truth::no) {
    rules_.contradictions[row] = std::move(opposite);
  } else {
    rules_.contradictions.push_back(std::move(opposite));
  }
}

}  // namespace lockstep::regulations
