// SPDX-License-Identifier: Apache-2.0
// data/facts.yaml, data/questions.yaml and data/evidence_kinds.yaml.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "regulations/loading.hpp"

namespace lockstep::regulations {
namespace {

constexpr std::string_view fact_keys[] = {"name",    "type",  "words", "words_of", "ask",
                                          "why",     "who",   "cites", "unstated", "derive",
                                          "same_as", "least", "most",  "names"};
constexpr std::string_view question_keys[] = {"id", "title", "facts"};
constexpr std::string_view derive_keys[] = {"word", "when"};
constexpr std::string_view kind_keys[] = {"kind", "speaks_for", "means"};

std::optional<FactType> parse_type(std::string_view text) {
  for (const FactType type : {FactType::boolean, FactType::choice, FactType::set, FactType::integer,
                              FactType::day, FactType::text}) {
    if (to_text(type) == text) return type;
  }
  return std::nullopt;
}

}  // namespace

void Loading::read_words(Reader& reader, const Json& node, FactDefinition& fact) {
  if (fact.type == FactType::boolean) {
    fact.words = {{"no", ""}, {"yes", ""}};
    return;
  }
  if (const std::string of = reader.optional_text(node, "words_of"); !of.empty()) {
    if (const FactDefinition* other = rules_.find_fact(of)) {
      fact.words = other->words;
    } else {
      reader.error("regulation.fact", fmt::format("'{}' is no fact above this one", of), node);
    }
  }
  for (const auto& [word, means] : node["words"].members()) {
    fact.words.push_back({word, means.string_or("")});
  }
  const bool wants_words = fact.type == FactType::choice || fact.type == FactType::set;
  if (wants_words && fact.words.empty()) {
    reader.error("regulation.missing_key", "expected 'words' for a choice or set", node);
  }
  if (fact.words.size() > max_words) {
    reader.error("regulation.word", fmt::format("more than {} words", max_words), node);
    fact.words.resize(max_words);
  }
}

/// `least` and `most` of a number or day, and `names` of a text.
void Loading::read_limits(Reader& reader, const Json& node, FactDefinition& fact) {
  const auto limit = [&](std::string_view key) -> std::optional<std::int64_t> {
    if (node.find(key) == nullptr) return std::nullopt;
    if (fact.type == FactType::day) {
      const auto day = reader.day(node, key);
      return day ? std::optional<std::int64_t>(day->time_since_epoch().count()) : std::nullopt;
    }
    const auto number = node[key].as_int();
    if (fact.type != FactType::integer || !number)
      reader.error("regulation.type",
                   fmt::format("expected '{}' of a number or a day, and of the same kind", key),
                   node[key]);
    return number;
  };
  fact.least = limit("least");
  fact.most = limit("most");
  if (fact.least && fact.most && *fact.most < *fact.least)
    reader.error("regulation.date", "'most' is smaller than 'least'", node["most"]);
  const std::string names = reader.optional_text(node, "names");
  fact.is_country = names == "country" && fact.type == FactType::text;
  if (!names.empty() && !fact.is_country)
    reader.error("regulation.type",
                 fmt::format("expected 'country', of a text, found '{}'", quotable(names)),
                 node["names"]);
}

void Loading::read_facts(const SourceFile& file) {
  Reader reader(file.path, problems_);
  for (const Json& node : reader.list(file.tree, "facts")) {
    reader.only(node, fact_keys);
    FactDefinition fact;
    fact.name = reader.text(node, "name");
    const std::string type = reader.text(node, "type");
    if (const auto known = parse_type(type)) {
      fact.type = *known;
    } else {
      reader.error(
          "regulation.type",
          fmt::format("expected bool, choice, set, int, day or text, found '{}'", quotable(type)),
          node["type"]);
    }
    read_words(reader, node, fact);
    fact.ask = reader.text(node, "ask");
    fact.why = reader.text(node, "why");
    fact.who = reader.text(node, "who");
    read_limits(reader, node, fact);
    fact.where = reader.at(node);
    for (const std::string& cite : cites(reader, node, -1))
      fact.cites.push_back(citation_of(cite));
    const int position = static_cast<int>(rules_.facts.size());
    register_name(reader, node, "fact", fact.name, position, rules_.fact_index);
    rules_.facts.push_back(std::move(fact));
    later([this, reader, &node, position]() mutable { read_presumption(reader, node, position); });
  }
}

void Loading::read_presumption(Reader& reader, const Json& node, int fact) {
  FactDefinition& definition = rules_.facts[static_cast<std::size_t>(fact)];
  if (const Json* unstated = node.find("unstated")) {
    Words words = 0;
    const auto truth = definition.type == FactType::boolean ? unstated->as_bool() : std::nullopt;
    const std::vector<std::string> stated =
        truth ? std::vector<std::string>{*truth ? "yes" : "no"} : reader.texts(node, "unstated");
    for (const std::string& word : stated) {
      if (const auto found = word_index(definition, word)) {
        words |= Words{1} << static_cast<unsigned>(*found);
      } else {
        reader.error("regulation.word", fmt::format("'{}' is no word of the fact", word),
                     *unstated);
      }
    }
    definition.unstated = words;
  }
  if (const Json* derive = node.find("derive")) read_derivation(reader, *derive, fact);
  if (const std::string same = reader.optional_text(node, "same_as"); !same.empty()) {
    const auto found = rules_.fact_index.find(same);
    if (found == rules_.fact_index.end()) {
      reader.error("regulation.fact", fmt::format("'{}' is no fact", quotable(same)), node);
    } else if (found->second >= fact) {
      reader.error("regulation.fact",
                   fmt::format("'{}' may only rest on facts above it", definition.name), node);
    } else {
      definition.same_as = found->second;
    }
  }
}

/// A condition on facts that stand above `fact`, or nothing after an error.
std::optional<Condition> Loading::read_earlier(Reader& reader, const Json& node, int fact) {
  Condition condition = read_condition(node, rules_, reader);
  std::vector<int> facts;
  std::vector<int> decisions;
  collect_facts(condition, facts);
  collect_decisions(condition, decisions);
  if (!decisions.empty()) {
    reader.error("regulation.fact", "a fact cannot rest on a decision", node);
    return std::nullopt;
  }
  if (std::ranges::any_of(facts, [&](int other) { return other >= fact; })) {
    reader.error("regulation.fact",
                 fmt::format("'{}' may only rest on facts above it",
                             rules_.facts[static_cast<std::size_t>(fact)].name),
                 node);
    return std::nullopt;
  }
  return condition;
}

/// `derive` is a condition for a bool, and for a choice a list of words with their conditions, of
/// which the first that holds counts.
void Loading::read_derivation(Reader& reader, const Json& derive, int fact) {
  FactDefinition& definition = rules_.facts[static_cast<std::size_t>(fact)];
  if (definition.type == FactType::boolean) {
    definition.derive = read_earlier(reader, derive, fact);
    return;
  }
  if (definition.type != FactType::choice) {
    reader.error("regulation.type", "only a bool or a choice can be derived", derive);
    return;
  }
  if (!derive.is_array()) {
    reader.error("regulation.type", "expected a list of words, each with its condition", derive);
  }
  for (const Json& row : derive.items()) {
    reader.only(row, derive_keys);
    const std::string word = reader.text(row, "word");
    const auto found = word_index(definition, word);
    if (!found) {
      reader.error("regulation.word", fmt::format("'{}' is no word of the fact", quotable(word)),
                   row);
    } else if (auto condition = read_earlier(reader, row["when"], fact)) {
      definition.derive_words.emplace_back(*found, *std::move(condition));
    }
  }
}

void Loading::read_questions(const SourceFile& file) {
  Reader reader(file.path, problems_);
  std::vector<char> taken(rules_.facts.size(), 0);
  const auto fact_indices = [&](const Json& node, std::string_view key) {
    std::vector<int> found;
    for (const std::string& name : reader.texts(node, key)) {
      const auto known = rules_.fact_index.find(name);
      if (known == rules_.fact_index.end()) {
        reader.error("regulation.fact", fmt::format("'{}' is no fact", quotable(name)), node[key]);
      } else if (char& is_taken = taken[static_cast<std::size_t>(known->second)]; is_taken != 0) {
        reader.error("regulation.duplicate", fmt::format("'{}' is asked already", name), node[key]);
      } else {
        is_taken = 1;
        found.push_back(known->second);
      }
    }
    return found;
  };
  for (const Json& node : reader.list(file.tree, "questions")) {
    reader.only(node, question_keys);
    rules_.questions.push_back(
        {reader.text(node, "id"), reader.text(node, "title"), fact_indices(node, "facts")});
  }
  fact_indices(file.tree, "not_asked");
  for (std::size_t i = 0; i < taken.size(); ++i) {
    const FactDefinition& fact = rules_.facts[i];
    if (taken[i] != 0 || fact.where.file != "facts.yaml") continue;
    problems_.error("regulation.question",
                    fmt::format("expected '{}' in a question of {}, or under 'not_asked'",
                                fact.name, file.path),
                    fact.where);
  }
}

void Loading::read_evidence_kinds(const SourceFile& file) {
  Reader reader(file.path, problems_);
  for (const Json& node : reader.list(file.tree, "kinds")) {
    reader.only(node, kind_keys);
    EvidenceKind kind;
    kind.kind = reader.text(node, "kind");
    kind.means = reader.text(node, "means");
    const std::string speaks_for = reader.text(node, "speaks_for");
    kind.named = speaks_for == "named";
    if (speaks_for != "named" && speaks_for != "kind") {
      reader.error("regulation.word",
                   fmt::format("expected kind or named, found '{}'", quotable(speaks_for)), node);
    }
    register_name(reader, node, "kind", kind.kind, static_cast<int>(rules_.evidence_kinds.size()),
                  rules_.kind_index);
    rules_.evidence_kinds.push_back(std::move(kind));
  }
}

}  // namespace lockstep::regulations
