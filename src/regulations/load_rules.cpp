// SPDX-License-Identifier: Apache-2.0
// Decisions with their steps, and requirements in their groups.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "regulations/loading.hpp"

namespace lockstep::regulations {
namespace {

constexpr std::string_view rules_keys[] = {"decisions", "groups"};
constexpr std::string_view decision_keys[] = {"id",  "question", "cites", "codes",
                                              "yes", "optional", "steps"};
constexpr std::string_view step_keys[] = {
    "id",    "ask",  "cites", "when",    "each", "rows",  "then",  "code",
    "codes", "also", "note",  "rows_of", "from", "until", "basis", "other_reading"};
constexpr std::string_view row_keys[] = {"code", "codes", "cites", "when",
                                         "from", "until", "basis"};
constexpr std::string_view group_keys[] = {"title",        "owed_by",      "owed_to",   "trigger",
                                           "applies_from", "applies_when", "documents", "keep",
                                           "sanction",     "requirements"};
constexpr std::string_view requirement_keys[] = {
    "id",        "cites",  "says",         "owed_by",  "owed_to",
    "trigger",   "unless", "unless_cites", "shown_by", "applies_when",
    "documents", "keep",   "sanction",     "basis",    "other_reading"};

std::optional<CodeList> parse_list(std::string_view text) {
  constexpr std::pair<std::string_view, CodeList> lists[] = {
      {"", CodeList::none},         {"cra", CodeList::cra},
      {"nis2", CodeList::nis2},     {"cra_routes", CodeList::cra_routes},
      {"ai_act", CodeList::ai_act}, {"article_12", CodeList::article_12}};
  for (const auto& [name, list] : lists) {
    if (name == text) return list;
  }
  return std::nullopt;
}

std::vector<std::string> codes_of(Reader& reader, const Json& node) {
  std::vector<std::string> codes = reader.texts(node, "code");
  for (std::string& code : reader.texts(node, "codes"))
    codes.push_back(std::move(code));
  return codes;
}

/// Two conditions, both of which must hold; one that always holds is left out.
Condition both_of(Condition a, Condition b) {
  if (a.kind == Condition::Kind::always) return b;
  if (b.kind == Condition::Kind::always) return a;
  Condition both;
  both.kind = Condition::Kind::all;
  both.parts.push_back(std::move(a));
  both.parts.push_back(std::move(b));
  return both;
}

}  // namespace

void Loading::read_rules(const SourceFile& file, int act) {
  Reader reader(file.path, problems_);
  reader.only(file.tree, rules_keys);
  for (const Json& node : reader.list(file.tree, "decisions"))
    read_decision(reader, node, act);
  for (const Json& node : reader.list(file.tree, "groups"))
    read_group(reader, node, act);
}

void Loading::read_decision(Reader& reader, const Json& node, int act) {
  reader.only(node, decision_keys);
  Decision decision;
  decision.id = reader.text(node, "id");
  decision.act = act;
  decision.question = reader.text(node, "question");
  decision.cites = cites(reader, node, act);
  decision.optional = reader.truth(node, "optional") == Truth::yes;
  decision.where = reader.at(node);
  const std::string list = reader.optional_text(node, "codes");
  if (const auto known = parse_list(list)) {
    decision.list = *known;
  } else {
    reader.error("regulation.word", fmt::format("'{}' is no list of codes", quotable(list)),
                 node["codes"]);
  }
  for (const Json& step : reader.list(node, "steps")) {
    decision.steps.push_back(read_step(reader, step, decision));
  }
  for (const std::string& word : reader.texts(node, "yes")) {
    const auto found = std::ranges::find(decision.outcomes, word);
    if (found == decision.outcomes.end()) {
      reader.error("regulation.word",
                   fmt::format("'{}' is the outcome of no step{}", quotable(word),
                               suggestion(word, decision.outcomes)),
                   node["yes"]);
      continue;
    }
    const auto place = static_cast<unsigned>(found - decision.outcomes.begin());
    decision.yes = decision.yes.value_or(0) | (Words{1} << place);
  }
  check_decision_shape(reader, node, decision);
  const int position = static_cast<int>(rules_.decisions.size());
  register_name(reader, node, "decision", decision.id, position, rules_.decision_index);
  if (const FactDefinition* fact = rules_.find_fact(decision.id)) {
    reader.error("regulation.duplicate",
                 fmt::format("'{}' is a fact ({}:{})", quotable(decision.id), fact->where.file,
                             fact->where.line),
                 node);
  }
  rules_.decisions.push_back(std::move(decision));
  later([this, reader, &node, position]() mutable {
    const Json::Array& steps = node["steps"].items();
    for (std::size_t i = 0; i < steps.size(); ++i)
      read_step_tests(reader, steps[i], position, i);
  });
}

void Loading::check_decision_shape(Reader& reader, const Json& node, const Decision& decision) {
  const Json::Array& steps = node["steps"].items();
  if (steps.empty()) {
    reader.error("regulation.missing_key", "expected 'steps'", node);
    return;
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool open = steps[i].find("when") == nullptr && steps[i].find("each") == nullptr &&
                      steps[i].find("from") == nullptr && steps[i].find("until") == nullptr;
    if (open && i + 1 < steps.size()) {
      reader.error("regulation.unreachable",
                   fmt::format("the steps after {} are never reached, since it always holds",
                               decision.steps[i].id),
                   steps[i + 1]);
    }
    if (!open && i + 1 == steps.size()) {
      reader.error(
          "regulation.open_end",
          fmt::format("{} does not decide every case; end with a step without 'when'", decision.id),
          steps[i]);
    }
  }
  if (decision.outcomes.size() > max_words) {
    reader.error("regulation.word", fmt::format("more than {} outcomes", max_words), node);
  }
}

Step Loading::read_step(Reader& reader, const Json& node, Decision& decision) {
  reader.only(node, step_keys);
  Step step;
  step.id = reader.text(node, "id");
  step.ask = reader.optional_text(node, "ask");
  step.note = reader.optional_text(node, "note");
  step.cites = cites(reader, node, decision.act);
  step.codes = codes_of(reader, node);
  for (std::string& code : reader.texts(node, "also"))
    step.codes.push_back(std::move(code));
  step.in_force = reader.in_force(node);
  step.basis = read_basis(reader, node);
  step.other_reading = read_other_reading(reader, node);
  if (step.cites.empty()) reader.error("regulation.missing_key", "expected 'cites'", node);
  if (step.ask.empty() && (node.find("when") != nullptr || node.find("each") != nullptr)) {
    reader.error("regulation.missing_key", "expected the question of the step under 'ask'", node);
  }
  step.where = reader.at(node);
  const auto twin = std::ranges::find(decision.steps, step.id, &Step::id);
  if (twin != decision.steps.end()) {
    reader.error("regulation.duplicate",
                 fmt::format("a step '{}' is already there ({}:{})", quotable(step.id),
                             twin->where.file, twin->where.line),
                 node);
  }
  const std::string outcome = reader.text(node, "then");
  const auto found = std::ranges::find(decision.outcomes, outcome);
  step.outcome = static_cast<int>(found - decision.outcomes.begin());
  if (found == decision.outcomes.end()) decision.outcomes.push_back(outcome);
  return step;
}

void Loading::read_step_tests(Reader& reader, const Json& node, int decision, std::size_t step) {
  Step& read = rules_.decisions[static_cast<std::size_t>(decision)].steps[step];
  if (const Json* when = node.find("when")) read.when = read_condition(*when, rules_, reader);
  const std::string each = reader.optional_text(node, "each");
  if (each.empty()) return;
  const FactDefinition* fact = rules_.find_fact(each);
  if (fact == nullptr || (fact->type != FactType::choice && fact->type != FactType::set)) {
    reader.error("regulation.fact", fmt::format("'{}' is no choice and no set", quotable(each)),
                 node["each"]);
    return;
  }
  read.each = rules_.fact_index.find(each)->second;
  read_rows(reader, node, decision, step);
}

/// The step of a name like `D3`, in `here`, or like `ai.listed_use/H1`, in the decision named.
const Step* Loading::find_step(const Decision& here, std::string_view name) const {
  const std::size_t slash = name.find('/');
  const bool elsewhere = slash != std::string_view::npos;
  const Decision* decision = elsewhere ? rules_.find_decision(name.substr(0, slash)) : &here;
  if (decision == nullptr) return nullptr;
  const auto found =
      std::ranges::find(decision->steps, elsewhere ? name.substr(slash + 1) : name, &Step::id);
  return found == decision->steps.end() ? nullptr : &*found;
}

void Loading::read_rows(Reader& reader, const Json& node, int decision, std::size_t step) {
  Decision& rule = rules_.decisions[static_cast<std::size_t>(decision)];
  Step& read = rule.steps[step];
  const std::vector<std::string> others = reader.texts(node, "rows_of");
  for (const std::string& other : others) {
    const Step* step_there = find_step(rule, other);
    if (step_there == nullptr || step_there->rows.empty()) {
      reader.error("regulation.word",
                   fmt::format("'{}' is no step with rows above", quotable(other)), node);
    } else {
      read.rows.insert(read.rows.end(), step_there->rows.begin(), step_there->rows.end());
    }
  }
  if (!others.empty()) return;
  const FactDefinition& fact = rules_.facts[static_cast<std::size_t>(read.each)];
  for (const auto& [word, value] : node["rows"].members()) {
    reader.only(value, row_keys);
    const auto index = word_index(fact, word);
    if (!index) {
      std::vector<std::string> candidates;
      for (const Word& known : fact.words)
        candidates.push_back(known.word);
      reader.error("regulation.word",
                   fmt::format("'{}' is no word of {}{}", quotable(word), fact.name,
                               suggestion(word, candidates)),
                   value);
      continue;
    }
    Row row;
    row.word = *index;
    row.codes = codes_of(reader, value);
    row.cites = cites(reader, value, rule.act);
    row.in_force = reader.in_force(value);
    row.basis = read_basis(reader, value);
    if (const Json* when = value.find("when")) row.when = read_condition(*when, rules_, reader);
    read.rows.push_back(std::move(row));
  }
  if (read.rows.empty()) reader.error("regulation.missing_key", "expected 'rows'", node);
}

void Loading::read_group(Reader& reader, const Json& node, int act) {
  reader.only(node, group_keys);
  for (const Json& row : reader.list(node, "requirements")) {
    read_requirement(reader, row, node, act);
  }
}

/// One obligation has one owner and one day: a second row of the same id is refused, with what it
/// says otherwise than the first.
void Loading::note_terms(Reader& reader,
                         const Json& node,
                         const Json& group,
                         const Requirement& requirement) {
  const auto terms = [](const Requirement& one, const Json& of_group) {
    return fmt::format("owed by {} from {}", quotable(one.owed_by),
                       quotable(of_group["applies_from"].string_or("")));
  };
  const auto [first, is_new] = groups_.emplace(requirement.id, &group);
  std::string differs;
  if (!is_new) {
    const std::string here = terms(requirement, group);
    const std::string there = terms(*rules_.find_requirement(requirement.id), *first->second);
    if (here != there) differs = fmt::format(", {}; here {}", there, here);
  }
  note_place(reader, node, "requirement", requirement.id, differs);
  if (const FactDefinition* fact = rules_.find_fact(requirement.id)) {
    reader.error("regulation.duplicate",
                 fmt::format("'{}' is a fact ({}:{})", quotable(requirement.id), fact->where.file,
                             fact->where.line),
                 node);
  }
}

void Loading::read_requirement(Reader& reader, const Json& node, const Json& group, int act) {
  reader.only(node, requirement_keys);
  Requirement requirement;
  requirement.id = reader.text(node, "id");
  requirement.act = act;
  requirement.group = reader.text(group, "title");
  requirement.says = reader.text(node, "says");
  requirement.owed_by = read_party(reader, node, group);
  requirement.duty = read_duty(reader, node, group);
  requirement.sanctions = read_sanctions(reader, node, group, act);
  if (!requirement.sanctions.empty()) {
    const Act& of = rules_.acts[static_cast<std::size_t>(act)];
    const Sanction& first = of.sanctions[static_cast<std::size_t>(requirement.sanctions.front())];
    requirement.duty.sanction = first.says;
    requirement.duty.sanction_eur = first.eur;
  }
  requirement.cites = cites(reader, node, act);
  requirement.unless_cites = cites(reader, node, act, "unless_cites");
  requirement.basis = read_basis(reader, node);
  requirement.other_reading = read_other_reading(reader, node);
  requirement.where = reader.at(node);
  if (requirement.cites.empty()) reader.error("regulation.missing_key", "expected 'cites'", node);
  if (node.find("unless") != nullptr && requirement.unless_cites.empty()) {
    reader.error("regulation.missing_key", "an exception needs its own 'unless_cites'", node);
  }
  const Json& shown_by = node["shown_by"];
  requirement.any_shows = shown_by.is_object();
  const std::vector<std::string> kinds =
      requirement.any_shows ? reader.texts(shown_by, "any") : reader.texts(node, "shown_by");
  for (const std::string& kind : kinds) {
    const auto found = rules_.kind_index.find(kind);
    if (found == rules_.kind_index.end()) {
      reader.error("regulation.evidence_kind",
                   fmt::format("'{}' is no kind of evidence", quotable(kind)), shown_by);
    } else {
      requirement.shown_by.push_back(found->second);
    }
  }
  if (kinds.empty()) {
    reader.error("regulation.missing_key", "expected what would show it under 'shown_by'", node);
  }
  note_terms(reader, node, group, requirement);
  const std::size_t position = rules_.requirements.size();
  rules_.requirements.push_back(std::move(requirement));
  later([this, reader, &node, &group, position]() mutable {
    read_requirement_tests(reader, node, group, position);
  });
}

void Loading::read_requirement_tests(Reader& reader,
                                     const Json& node,
                                     const Json& group,
                                     std::size_t requirement) {
  Requirement& read = rules_.requirements[requirement];
  const auto condition = [&](const Json& at) {
    const Json* when = at.find("applies_when");
    return when == nullptr ? Condition{} : read_condition(*when, rules_, reader);
  };
  read.applies_when = both_of(condition(group), condition(node));
  if (const Json* unless = node.find("unless")) {
    read.unless = read_condition(*unless, rules_, reader);
  }
  const std::string date = reader.text(group, "applies_from");
  const auto found = rules_.date_index.find(date);
  if (found == rules_.date_index.end()) {
    reader.error("regulation.date", fmt::format("'{}' is the id of no date", quotable(date)),
                 group);
  } else {
    read.applies_from = found->second;
  }
}

}  // namespace lockstep::regulations
