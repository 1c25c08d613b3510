// SPDX-License-Identifier: Apache-2.0
// Rows of clocks:
//
//     - id: CRA-SI-3
//       what: severe incident
//       stage: final report
//       runs_when: {all: [{event.cra_role: manufacturer}, event.severe_incident]}
//       applies_from: cra.reporting_from    # or a list of {when: CONDITION, date: ID}
//       limits: [{within: P1M, after: {submitted: [CRA-SI-2]}}]
//       cites: [art_14/par_4/pnt_c]
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "regulations/clocks.hpp"
#include "regulations/reader.hpp"

namespace lockstep::regulations {
namespace {

constexpr std::string_view clock_keys[] = {
    "id",        "what",         "stage",    "owed_by", "to",     "at",
    "runs_when", "applies_from", "promptly", "starts",  "limits", "weekend",
    "platform",  "instead",      "content",  "cites",   "notes",  "contested"};
constexpr std::string_view limit_keys[] = {"within", "after", "dropped_when_later"};
constexpr std::string_view weekend_keys[] = {"at_noon", "unless", "cites"};
constexpr std::string_view instead_keys[] = {"when", "to", "at", "cites"};
constexpr std::string_view choice_keys[] = {"when", "date"};
constexpr std::string_view place_keys[] = {"means", "first_of", "cites"};
constexpr std::string_view common_keys[] = {"working_days", "alarm", "instants", "places"};

class ClockLoader {
 public:
  ClockLoader(const Ruleset& law, Diagnostics& problems) : law_(law), problems_(problems) {}

  ClockRules rules;

  void read_common(const SourceFile& file) {
    Reader reader(file.path, problems_);
    const Json& node = file.tree;
    reader.only(node, common_keys);
    const Json& least = node["working_days"];
    rules.working_days.days = static_cast<int>(least["days"].as_int().value_or(0));
    rules.working_days.working = static_cast<int>(least["working"].as_int().value_or(0));
    rules.working_days_contested = reader.text(least, "contested");
    cites(reader, least, -1);
    for (const Json& row : reader.list(node, "alarm"))
      rules.alarm.push_back({period(reader, row, "up_to"), period(reader, row, "before")});
    for (const auto& [name, says] : node["instants"].members())
      rules.instants[name] = says.string_or("");
    for (const auto& [name, place] : node["places"].members())
      read_place(reader, name, place);
  }

  void read_act(const SourceFile& file) {
    Reader reader(file.path, problems_);
    const auto pieces = split(file.path, '/');
    const auto act = std::ranges::find(law_.acts, pieces[1], &Act::id);
    if (act == law_.acts.end()) {
      reader.error("regulation.act", "the folder has no act.yaml", file.tree);
      return;
    }
    for (const Json& row : reader.list(file.tree, "clocks"))
      read_clock(reader, row, static_cast<int>(act - law_.acts.begin()));
  }

  /// What only shows when all rows are there.
  void finish() {
    for (const Clock& clock : rules.clocks) {
      for (const ClockLimit& limit : clock.limits)
        check_anchor(clock, limit.after);
      if (clock.platform) check_anchor(clock, clock.platform->after);
      if (!clock.starts.empty()) check_anchor(clock, {clock.starts, {}});
      if (!rules.places.contains(clock.at)) refuse(clock, clock.at, "place");
      if (clock.limits.empty() == clock.starts.empty())
        problems_.error("regulation.missing_key", "expected either 'limits' or 'starts'",
                        clock.where);
    }
  }

 private:
  void refuse(const Clock& clock, const std::string& name, std::string_view kind) {
    problems_.error("regulation.word",
                    fmt::format("{}: '{}' is no {} of the clocks", clock.id, quotable(name), kind),
                    clock.where);
  }

  void check_anchor(const Clock& clock, const Anchor& anchor) {
    if (anchor.submitted.empty() && !rules.instants.contains(anchor.instant))
      refuse(clock, anchor.instant, "instant");
    for (const std::string& id : anchor.submitted)
      if (rules.find(id) == nullptr) refuse(clock, id, "clock");
  }

  Period period(Reader& reader, const Json& node, std::string_view key) {
    const std::string text = reader.text(node, key);
    const auto found = parse_period(text);
    if (!found)
      reader.error("regulation.type",
                   fmt::format("expected a period such as PT24H or P1M under '{}', found '{}'", key,
                               quotable(text)),
                   node);
    return found.value_or(Period{});
  }

  std::vector<std::string> cites(Reader& reader, const Json& node, int act) {
    std::vector<std::string> found = reader.texts(node, "cites");
    if (found.empty()) reader.error("regulation.missing_key", "expected 'cites'", node);
    for (const std::string& cite : found) {
      const auto [of, path] =
          citation_of(cite, act < 0 ? "" : law_.acts[static_cast<std::size_t>(act)].id);
      if (law_.find_provision(of, path) == nullptr)
        reader.error("regulation.citation",
                     fmt::format("'{}' is not among the provisions of {}", quotable(path), of),
                     node["cites"]);
    }
    return found;
  }

  void read_place(Reader& reader, const std::string& name, const Json& node) {
    if (!node.is_object()) {
      rules.places[name] = node.string_or("");
      return;
    }
    reader.only(node, place_keys);
    rules.places[name] = reader.text(node, "means");
    PlaceOrder order{reader.texts(node, "first_of"), cites(reader, node, -1)};
    if (order.facts.empty())
      reader.error("regulation.missing_key", "expected facts under 'first_of'", node);
    for (const std::string& fact : order.facts)
      if (const FactDefinition* found = law_.find_fact(fact);
          found == nullptr || found->type != FactType::choice)
        reader.error("regulation.fact", fmt::format("'{}' is no choice", quotable(fact)), node);
    rules.told_by[name] = std::move(order);
  }

  ClockLimit read_limit(Reader& reader, const Json& node) {
    reader.only(node, limit_keys);
    ClockLimit limit;
    limit.within = period(reader, node, "within");
    if (node["after"].is_object()) {
      limit.after.submitted = reader.texts(node["after"], "submitted");
    } else {
      limit.after.instant = reader.text(node, "after");
    }
    limit.dropped_when_later = reader.optional_text(node, "dropped_when_later");
    return limit;
  }

  void read_weekend(Reader& reader, const Json& node, Clock& clock) {
    reader.only(node, weekend_keys);
    clock.at_noon = reader.truth(node, "at_noon") == Truth::yes;
    clock.at_noon_cites = cites(reader, node, clock.act);
    if (const Json* unless = node.find("unless"))
      clock.at_noon_unless = read_condition(*unless, law_, reader);
  }

  void read_begin(
      Reader& reader, const Json& node, std::string_view key, Condition when, Clock& clock) {
    const std::string date = reader.text(node, key);
    if (const auto found = law_.date_index.find(date); found != law_.date_index.end()) {
      clock.applies_from.push_back({std::move(when), found->second});
    } else {
      reader.error("regulation.date", fmt::format("'{}' is the id of no date", quotable(date)),
                   node);
    }
  }

  void read_clock(Reader& reader, const Json& node, int act) {
    reader.only(node, clock_keys);
    Clock clock;
    clock.id = reader.text(node, "id");
    clock.act = act;
    clock.what = reader.text(node, "what");
    clock.stage = reader.text(node, "stage");
    clock.owed_by = reader.text(node, "owed_by");
    clock.to = reader.texts(node, "to");
    clock.at = reader.text(node, "at");
    clock.runs_when = read_condition(node["runs_when"], law_, reader);
    clock.promptly = reader.optional_text(node, "promptly");
    clock.starts = reader.optional_text(node, "starts");
    clock.content = reader.texts(node, "content");
    clock.notes = reader.texts(node, "notes");
    clock.contested = reader.texts(node, "contested");
    clock.cites = cites(reader, node, act);
    clock.where = reader.at(node);
    if (node["applies_from"].is_array()) {
      if (node["applies_from"].items().empty())
        reader.error("regulation.missing_key", "expected a date under 'applies_from'", node);
      for (const Json& choice : node["applies_from"].items()) {
        reader.only(choice, choice_keys);
        read_begin(reader, choice, "date", read_condition(choice["when"], law_, reader), clock);
      }
    } else {
      read_begin(reader, node, "applies_from", {}, clock);
    }
    for (const Json& row : reader.list(node, "limits"))
      clock.limits.push_back(read_limit(reader, row));
    if (const Json* weekend = node.find("weekend")) read_weekend(reader, *weekend, clock);
    if (const Json* platform = node.find("platform"))
      clock.platform = read_limit(reader, *platform);
    if (const Json* other = node.find("instead")) {
      reader.only(*other, instead_keys);
      clock.instead =
          Instead{read_condition((*other)["when"], law_, reader), reader.texts(*other, "to"),
                  reader.text(*other, "at"), cites(reader, *other, act)};
    }
    if (rules.find(clock.id) != nullptr)
      reader.error("regulation.duplicate", fmt::format("'{}' is already there", clock.id), node);
    rules.clocks.push_back(std::move(clock));
  }

  const Ruleset& law_;
  Diagnostics& problems_;
};

}  // namespace

const Clock* ClockRules::find(std::string_view id) const {
  const auto found = std::ranges::find(clocks, id, &Clock::id);
  return found == clocks.end() ? nullptr : &*found;
}

ClockRules load_clocks(std::span<const SourceFile> files,
                       const Ruleset& law,
                       Diagnostics& problems) {
  std::vector<const SourceFile*> sorted;
  for (const SourceFile& file : files)
    sorted.push_back(&file);
  std::ranges::sort(sorted, {}, [](const SourceFile* file) { return file->path; });
  ClockLoader loader(law, problems);
  for (const SourceFile* file : sorted) {
    if (file->path == "clocks.yaml") loader.read_common(*file);
    if (file->path.starts_with("regulations/") && file->path.find("/clocks/") != std::string::npos)
      loader.read_act(*file);
  }
  loader.finish();
  return std::move(loader.rules);
}

}  // namespace lockstep::regulations
