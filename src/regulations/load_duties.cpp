// SPDX-License-Identifier: Apache-2.0
// What goes with a requirement: data/duty_words.yaml with `basis`, the sanctions of an act, and the
// keys `owed_by`, `owed_to`, `trigger`, `documents`, `keep` and `sanction` of groups and
// requirements. What a requirement does not say itself, its group says.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "regulations/loading.hpp"

namespace lockstep::regulations {
namespace {

constexpr std::string_view list_keys[] = {"parties", "triggers", "documents", "bases"};
constexpr std::string_view sanction_keys[] = {"id",    "million_eur", "percent",
                                              "cites", "when",        "note"};
constexpr std::string_view base_keys[] = {"word", "means"};
constexpr std::string_view keep_keys[] = {"years", "months", "from", "longer"};

std::vector<DutyWord> read_list(const Json& node) {
  std::vector<DutyWord> words;
  for (const auto& [word, means] : node.members())
    words.push_back({word, means.string_or("")});
  return words;
}

/// The node that has the key: the requirement before its group.
const Json& holder(const Json& node, const Json& group, std::string_view key) {
  return node.find(key) != nullptr ? node : group;
}

void check_words(Reader& reader,
                 const std::vector<std::string>& found,
                 const std::vector<DutyWord>& known,
                 const Json& at) {
  for (const std::string& word : found) {
    if (std::ranges::find(known, word, &DutyWord::word) != known.end()) continue;
    std::vector<std::string> candidates;
    for (const DutyWord& one : known)
      candidates.push_back(one.word);
    reader.error("regulation.word",
                 fmt::format("'{}' is not in data/duty_words.yaml{}", quotable(word),
                             suggestion(word, candidates)),
                 at);
  }
}

/// "10 years from placing on the market, or the support period if longer".
std::string read_keep(Reader& reader, const Json& node) {
  const Json* keep = node.find("keep");
  if (keep == nullptr) return {};
  reader.only(*keep, keep_keys);
  const auto years = (*keep)["years"].as_int();
  const auto months = (*keep)["months"].as_int();
  if (years.has_value() == months.has_value()) {
    reader.error("regulation.missing_key", "expected a number of 'years' or of 'months'", *keep);
    return {};
  }
  std::string text =
      years ? fmt::format("{} years", *years) : fmt::format("at least {} months", *months);
  if (const std::string from = reader.optional_text(*keep, "from"); !from.empty())
    text += " from " + from;
  if (const std::string longer = reader.optional_text(*keep, "longer"); !longer.empty())
    text += ", or " + longer + " if longer";
  return text;
}

}  // namespace

void Loading::read_duty_words(const SourceFile& file) {
  Reader reader(file.path, problems_);
  reader.only(file.tree, list_keys);
  rules_.parties = read_list(file.tree["parties"]);
  rules_.triggers = read_list(file.tree["triggers"]);
  rules_.documents = read_list(file.tree["documents"]);
  for (const Json& base : reader.list(file.tree, "bases")) {  // a list, since its order counts
    reader.only(base, base_keys);
    rules_.bases.push_back({reader.text(base, "word"), reader.text(base, "means")});
  }
}

int Loading::read_basis(Reader& reader, const Json& node) {
  const std::string word = reader.optional_text(node, "basis");
  if (word.empty()) return 0;
  check_words(reader, {word}, rules_.bases, node["basis"]);
  const auto found = std::ranges::find(rules_.bases, word, &DutyWord::word);
  return found == rules_.bases.end() ? 0 : static_cast<int>(found - rules_.bases.begin());
}

std::string Loading::read_other_reading(Reader& reader, const Json& node) {
  std::string fact = reader.optional_text(node, "other_reading");
  if (!fact.empty() && !rules_.fact_index.contains(fact)) {
    reader.error("regulation.fact", fmt::format("'{}' is no fact", quotable(fact)),
                 node["other_reading"]);
  }
  return fact;
}

void Loading::read_sanction(Reader& reader, const Json& node, int act) {
  reader.only(node, sanction_keys);
  Act& of = rules_.acts[static_cast<std::size_t>(act)];
  Sanction sanction;
  sanction.id = reader.text(node, "id");
  const auto cap = node["million_eur"].as_number();
  const auto percent = node["percent"].as_number();
  if (!cap || !percent) {
    reader.error("regulation.missing_key", "expected numbers under 'million_eur' and 'percent'",
                 node);
    return;
  }
  constexpr double million = 1e6;
  sanction.eur = static_cast<std::int64_t>(*cap * million);
  std::vector<std::string> where;
  sanction.cites = cites(reader, node, act);
  for (const std::string& cite : sanction.cites)
    where.push_back(to_text(Citation{of.id, cite}, of.short_title));
  if (where.empty()) reader.error("regulation.missing_key", "expected 'cites'", node);
  sanction.says = fmt::format(
      "up to EUR {:g} million or {:g} % of worldwide annual turnover, whichever is higher", *cap,
      *percent);
  if (const std::string note = reader.optional_text(node, "note"); !note.empty())
    sanction.says += "; " + note;
  sanction.says += fmt::format(" ({})", join(where, ", "));
  note_place(reader, node, "sanction of " + of.id, sanction.id);
  const std::size_t position = of.sanctions.size();
  of.sanctions.push_back(std::move(sanction));
  later([this, reader, &node, act, position]() mutable {
    Sanction& read = rules_.acts[static_cast<std::size_t>(act)].sanctions[position];
    if (const Json* when = node.find("when")) read.when = read_condition(*when, rules_, reader);
  });
}

std::string Loading::read_party(Reader& reader, const Json& node, const Json& group) {
  const Json& at = holder(node, group, "owed_by");
  std::string party = reader.text(at, "owed_by");
  if (!party.empty()) check_words(reader, {party}, rules_.parties, at["owed_by"]);
  return party;
}

Duty Loading::read_duty(Reader& reader, const Json& node, const Json& group) {
  Duty duty;
  const Json& to = holder(node, group, "owed_to");
  duty.owed_to = reader.texts(to, "owed_to");
  check_words(reader, duty.owed_to, rules_.parties, to["owed_to"]);
  const Json& on = holder(node, group, "trigger");
  duty.trigger = reader.optional_text(on, "trigger");
  if (!duty.trigger.empty()) check_words(reader, {duty.trigger}, rules_.triggers, on["trigger"]);
  const Json& in = holder(node, group, "documents");
  duty.documents = reader.texts(in, "documents");
  check_words(reader, duty.documents, rules_.documents, in["documents"]);
  duty.keep = read_keep(reader, holder(node, group, "keep"));
  return duty;
}

std::vector<int> Loading::read_sanctions(Reader& reader,
                                         const Json& node,
                                         const Json& group,
                                         int act) {
  const Json& by = holder(node, group, "sanction");
  const auto& sanctions = rules_.acts[static_cast<std::size_t>(act)].sanctions;
  std::vector<int> found;
  for (const std::string& id : reader.texts(by, "sanction")) {
    const auto known = std::ranges::find(sanctions, id, &Sanction::id);
    if (known == sanctions.end()) {
      reader.error("regulation.word", fmt::format("'{}' is no sanction of the act", quotable(id)),
                   by["sanction"]);
    } else {
      found.push_back(static_cast<int>(known - sanctions.begin()));
    }
  }
  return found;
}

}  // namespace lockstep::regulations
