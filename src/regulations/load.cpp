// SPDX-License-Identifier: Apache-2.0
// Reading a ruleset in two rounds. The first walks all files and registers every name: facts,
// evidence kinds, acts, provisions, dates, switches, decisions with their outcomes. The second
// reads the conditions, which may name any of these. Then what only shows on the whole is checked:
// that every citation stands in the provisions, and that no decision waits for itself.
#include "regulations/load.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_set>
#include <utility>

#include "base/text.hpp"
#include "regulations/loading.hpp"

namespace lockstep::regulations {
namespace {

/// "eu-2024-2847" of "regulations/eu-2024-2847/rules/scope.yaml", or "".
std::string act_folder(std::string_view path) {
  const auto pieces = split(path, '/');
  return pieces.size() > 2 && pieces[0] == "regulations" ? std::string(pieces[1]) : std::string();
}

int act_of(const Ruleset& rules, std::string_view path) {
  const auto found = std::ranges::find(rules.acts, act_folder(path), &Act::id);
  return found == rules.acts.end() ? -1 : static_cast<int>(found - rules.acts.begin());
}

}  // namespace

Ruleset load_ruleset(std::span<const SourceFile> files, Diagnostics& problems) {
  std::vector<const SourceFile*> sorted;
  for (const SourceFile& file : files)
    sorted.push_back(&file);
  std::ranges::sort(sorted, {}, [](const SourceFile* file) { return file->path; });

  const std::size_t errors_before = problems.error_count();
  Ruleset rules;
  Loading loading(rules, problems);
  const auto each = [&](auto&& wanted, auto&& read) {
    for (const SourceFile* file : sorted) {
      if (wanted(file->path)) read(*file);
    }
  };
  const auto named = [](std::string_view name) {
    return [name](std::string_view path) { return path == name; };
  };
  const auto below = [&](std::string_view folder) {
    return [&rules, folder](std::string_view path) {
      return path.find(folder) != std::string_view::npos && act_of(rules, path) >= 0;
    };
  };
  each(named("facts.yaml"), [&](const SourceFile& file) { loading.read_facts(file); });
  each(named("event_facts.yaml"), [&](const SourceFile& file) { loading.read_facts(file); });
  each(named("questions.yaml"), [&](const SourceFile& file) { loading.read_questions(file); });
  each(named("countries.yaml"), [&](const SourceFile& file) { loading.read_countries(file); });
  each(named("contradictions.yaml"),
       [&](const SourceFile& file) { loading.read_contradictions(file); });
  each(named("evidence_kinds.yaml"),
       [&](const SourceFile& file) { loading.read_evidence_kinds(file); });
  each(named("duty_words.yaml"), [&](const SourceFile& file) { loading.read_duty_words(file); });
  each([](std::string_view path) { return path.ends_with("/act.yaml"); },
       [&](const SourceFile& file) { loading.read_act(file); });
  each(below("/provisions/"),
       [&](const SourceFile& file) { loading.read_provisions(file, act_of(rules, file.path)); });
  each(below("/rules/"),
       [&](const SourceFile& file) { loading.read_rules(file, act_of(rules, file.path)); });
  each(named("regulations/crosswalk.yaml"),
       [&](const SourceFile& file) { loading.read_crosswalk(file); });
  each(named("regulations/conflicts.yaml"),
       [&](const SourceFile& file) { loading.read_conflicts(file); });
  loading.finish();
  if (problems.error_count() > errors_before) return {};
  return rules;
}

std::vector<std::string> Loading::cites(Reader& reader,
                                        const Json& node,
                                        int act,
                                        std::string_view key) {
  std::vector<std::string> found = reader.texts(node, key);
  for (const std::string& cite : found)
    citing_.push_back({act, cite, reader.place(node[key])});
  return found;
}

bool Loading::note_place(Reader& reader,
                         const Json& node,
                         std::string_view kind,
                         const std::string& name,
                         std::string_view differs) {
  std::string key(kind);
  key += ' ';
  key += name;
  const auto [first, is_new] = places_.emplace(std::move(key), reader.place(node));
  if (is_new) return true;
  const Position place = first->second.position();
  reader.error("regulation.duplicate",
               fmt::format("'{}' is already there ({}:{}){}", quotable(name), place.file,
                           place.line, differs),
               node);
  return false;
}

void Loading::register_name(Reader& reader,
                            const Json& node,
                            std::string_view kind,
                            const std::string& name,
                            int position,
                            std::map<std::string, int, std::less<>>& index) {
  if (!name.empty() && note_place(reader, node, kind, name)) index.emplace(name, position);
}

void Loading::finish() {
  // Reading a condition may ask for nothing that is read later, so one round is enough.
  for (const auto& read : later_)
    read();
  check_citations();
  check_shadows();
  order_decisions();
}

void Loading::check_citations() {
  std::map<std::string, std::unordered_set<std::string_view>, std::less<>> paths;
  for (const Provision& provision : rules_.provisions)
    paths[rules_.acts[static_cast<std::size_t>(provision.act)].id].insert(provision.path);
  for (const Citing& citing : citing_) {
    const auto [act, path] = citation_of(
        citing.cite, citing.act < 0 ? "" : rules_.acts[static_cast<std::size_t>(citing.act)].id);
    const auto known = paths.find(act);
    if (known != paths.end() && known->second.contains(path)) continue;
    std::vector<std::string> candidates;
    if (known != paths.end()) candidates.assign(known->second.begin(), known->second.end());
    std::ranges::sort(candidates);
    problems_.error("regulation.citation",
                    fmt::format("'{}' is not among the provisions of {}{}", quotable(path),
                                act.empty() ? "any act" : act, suggestion(path, candidates)),
                    citing.where.position());
  }
}

bool Loading::visit(int decision, std::vector<char>& state) {
  constexpr char walking = 1;
  constexpr char done = 2;
  const auto i = static_cast<std::size_t>(decision);
  if (state[i] == done) return true;
  if (state[i] == walking) return false;
  state[i] = walking;
  const Decision& rule = rules_.decisions[i];
  for (const int asked : asked_by(rule)) {
    if (visit(asked, state)) continue;
    const Decision& other = rules_.decisions[static_cast<std::size_t>(asked)];
    problems_.error("regulation.cycle",
                    fmt::format("{} and {} ({}:{}) wait for each other", rule.id, other.id,
                                other.where.file, other.where.line),
                    rule.where);
    break;
  }
  state[i] = done;
  rules_.order.push_back(decision);
  return true;
}

void Loading::order_decisions() {
  std::vector<char> state(rules_.decisions.size(), 0);
  for (std::size_t i = 0; i < rules_.decisions.size(); ++i)
    visit(static_cast<int>(i), state);
}

}  // namespace lockstep::regulations
