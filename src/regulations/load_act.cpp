// SPDX-License-Identifier: Apache-2.0
// act.yaml with its dates and switches, and the provisions.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "regulations/loading.hpp"

namespace lockstep::regulations {
namespace {

constexpr std::string_view act_keys[] = {"id",    "title",    "short_title", "celex",
                                         "eli",   "oj",       "in_force",    "changes",
                                         "dates", "switches", "sanctions"};
constexpr std::string_view change_keys[] = {"by", "celex", "applies", "says"};
constexpr std::string_view date_keys[] = {"id", "what", "cites", "when", "values", "first_of"};
constexpr std::string_view switch_keys[] = {"id", "says", "cites", "values"};
constexpr std::string_view choice_keys[] = {"when", "date"};
constexpr std::string_view provision_keys[] = {"says", "gap", "informative", "unchecked"};

bool overlap(const InForce& a, const InForce& b) {
  const bool a_before_b = a.until && b.from && *a.until < *b.from;
  const bool b_before_a = b.until && a.from && *b.until < *a.from;
  return !a_before_b && !b_before_a;
}

std::string span_text(const InForce& span) {
  return fmt::format("{} to {}", span.from ? lockstep::to_text(*span.from) : "ever",
                     span.until ? lockstep::to_text(*span.until) : "now");
}

}  // namespace

void Loading::read_act(const SourceFile& file) {
  Reader reader(file.path, problems_);
  const Json& node = file.tree;
  reader.only(node, act_keys);
  Act act;
  act.id = reader.text(node, "id");
  act.title = reader.text(node, "title");
  act.short_title = reader.text(node, "short_title");
  act.celex = reader.text(node, "celex");
  act.eli = reader.text(node, "eli");
  act.oj = reader.text(node, "oj");
  if (const auto in_force = reader.day(node, "in_force")) {
    act.in_force = *in_force;
  } else {
    reader.error("regulation.missing_key", "expected a day under 'in_force'", node);
  }
  if (!file.path.ends_with("/" + act.id + "/act.yaml")) {
    reader.error("regulation.act", fmt::format("the folder is not named '{}'", quotable(act.id)),
                 node["id"]);
  }
  for (const Json& change : reader.list(node, "changes")) {
    reader.only(change, change_keys);
    act.changes.push_back({reader.text(change, "by"), reader.text(change, "celex"),
                           reader.text(change, "applies"), reader.text(change, "says")});
  }
  const int position = static_cast<int>(rules_.acts.size());
  rules_.acts.push_back(std::move(act));
  for (const Json& sanction : reader.list(node, "sanctions"))
    read_sanction(reader, sanction, position);
  for (const Json& date : reader.list(node, "dates"))
    read_date(reader, date, position);
  for (const Json& one : reader.list(node, "switches"))
    read_switch(reader, one, position);
}

std::vector<DatedValue> Loading::read_dated_values(Reader& reader,
                                                   const Json& node,
                                                   std::string_view key) {
  const std::string_view value_keys[] = {"from", "until", key};
  std::vector<DatedValue> values;
  const Json::Array& rows = reader.list(node, "values");
  for (const Json& row : rows) {
    reader.only(row, value_keys);
    DatedValue value;
    value.in_force = reader.in_force(row);
    const auto day = key == "day" ? reader.day(row, key) : std::nullopt;
    const auto is = key == "is" ? reader.truth(row, key) : std::nullopt;
    if (day) value.day = *day;
    if (is) value.is = *is;
    if (row.find(key) == nullptr) {
      reader.error("regulation.missing_key", fmt::format("expected '{}'", key), row);
    }
    for (const DatedValue& other : values) {
      if (!overlap(value.in_force, other.in_force)) continue;
      reader.error("regulation.overlap",
                   fmt::format("two values hold at the same time: {} (line {}) and {}",
                               span_text(other.in_force),
                               rows[static_cast<std::size_t>(&other - values.data())].line(),
                               span_text(value.in_force)),
                   row);
    }
    values.push_back(value);
  }
  return values;
}

void Loading::read_date(Reader& reader, const Json& node, int act) {
  reader.only(node, date_keys);
  NamedDate date;
  date.id = reader.text(node, "id");
  date.act = act;
  date.what = reader.text(node, "what");
  date.cites = cites(reader, node, act);
  date.values = read_dated_values(reader, node, "day");
  if (date.values.empty() && node.find("first_of") == nullptr) {
    reader.error("regulation.missing_key", "expected 'values' or 'first_of'", node);
  }
  const auto position = rules_.dates.size();
  register_name(reader, node, "date", date.id, static_cast<int>(position), rules_.date_index);
  rules_.dates.push_back(std::move(date));
  later([this, reader, &node, position]() mutable {
    NamedDate& read = rules_.dates[position];
    if (const Json* when = node.find("when")) read.when = read_condition(*when, rules_, reader);
    for (const Json& row : reader.list(node, "first_of")) {
      reader.only(row, choice_keys);
      const auto other = rules_.date_index.find(reader.text(row, "date"));
      if (other == rules_.date_index.end() ||
          rules_.dates[static_cast<std::size_t>(other->second)].values.empty()) {
        reader.error("regulation.date", "expected the id of a date that has values", row);
        continue;
      }
      read.first_of.push_back({read_condition(row["when"], rules_, reader), other->second});
    }
  });
}

void Loading::read_switch(Reader& reader, const Json& node, int act) {
  reader.only(node, switch_keys);
  FactDefinition fact;
  fact.name = reader.text(node, "id");
  fact.words = {{"no", ""}, {"yes", ""}};
  fact.ask = reader.text(node, "says");
  fact.by_law = read_dated_values(reader, node, "is");
  fact.where = reader.at(node);
  const std::string& id = rules_.acts[static_cast<std::size_t>(act)].id;
  for (const std::string& path : cites(reader, node, act))
    fact.cites.push_back({id, path});
  register_name(reader, node, "fact", fact.name, static_cast<int>(rules_.facts.size()),
                rules_.fact_index);
  rules_.facts.push_back(std::move(fact));
}

void Loading::read_provisions(const SourceFile& file, int act) {
  Reader reader(file.path, problems_);
  const std::string of_act = "provision of " + rules_.acts[static_cast<std::size_t>(act)].id;
  for (const auto& [path, node] : file.tree["provisions"].members()) {
    Provision provision;
    provision.act = act;
    provision.path = path;
    if (const std::string* says = node.as_string()) {
      provision.says = *says;
    } else {
      reader.only(node, provision_keys);
      provision.says = reader.text(node, "says");
      provision.gap = reader.optional_text(node, "gap");
      provision.informative = reader.truth(node, "informative") == Truth::yes;
      provision.unchecked = reader.truth(node, "unchecked") == Truth::yes;
    }
    note_place(reader, node, of_act, path);
    rules_.provisions.push_back(std::move(provision));
  }
}

}  // namespace lockstep::regulations
