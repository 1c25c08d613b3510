// SPDX-License-Identifier: Apache-2.0
// Circles are found by a depth-first walk that keeps the path from its start: an edge that leads
// back to a component on the path closes a circle. The walk has its own stack, since a bill may be
// one chain of a million components. Each edge is walked once.
// Source: Cormen, Leiserson, Rivest, Stein, "Introduction to Algorithms", depth-first search.
#include "formats/bom_graph.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "formats/limits.hpp"

namespace lockstep::formats {
namespace {

/// The component of each reference; the keys are those of the bill.
using Places = std::unordered_map<std::string_view, const Component*>;

Places places_of(const Bom& bom, const Source& source) {
  Places places;
  const auto add = [&](const Component& component) {
    if (component.reference.empty()) return;
    const auto [earlier, is_new] = places.emplace(component.reference, &component);
    if (is_new) return;
    source.problems.error(
        "bom.duplicate_reference",
        fmt::format("expected each reference to name one component, found '{}' again (line {})",
                    quotable(component.reference), earlier->second->where.line),
        component.where.in(source.path));
  };
  places.reserve(bom.components.size() + 1);
  if (bom.subject) add(*bom.subject);
  for (const Component& component : bom.components)
    add(component);
  return places;
}

void keep_known_edges(Bom& bom,
                      const Places& places,
                      const std::set<std::string>& others,
                      const Source& source) {
  std::set<std::string> named;
  std::erase_if(bom.dependencies, [&](const Dependency& edge) {
    bool is_known = true;
    for (const std::string* end_of_it : {&edge.from, &edge.to}) {
      const std::string& end = *end_of_it;
      if (places.contains(end)) continue;
      is_known = false;
      if (others.contains(end) || !named.insert(end).second) continue;
      const auto from = places.find(edge.from);
      source.problems.warning(
          "bom.reference",
          fmt::format("expected dependencies among the components of the bill, found '{}', which "
                      "it does not list; that dependency is left out",
                      quotable(end)),
          from == places.end() ? Position{source.path, 0, 0} : from->second->where.in(source.path));
    }
    return !is_known;
  });
}

class CircleFinder {
 public:
  CircleFinder(const Bom& bom, const Places& places, const Source& source)
      : places_(places), source_(source) {
    for (const Dependency& edge : bom.dependencies)
      edges_[edge.from].push_back(edge.to);
  }

  void find() {
    for (const auto& entry : edges_)
      if (marks_[entry.first] == Mark::unseen) walk_from(entry.first);
  }

 private:
  enum class Mark { unseen, on_path, done };

  struct Step {
    std::string_view at;
    std::size_t next = 0;
  };

  void walk_from(std::string_view start) {
    std::vector<Step> path = {{start, 0}};
    marks_[start] = Mark::on_path;
    while (!path.empty()) {
      Step& top = path.back();
      const auto targets = edges_.find(top.at);
      if (targets == edges_.end() || top.next == targets->second.size()) {
        marks_[top.at] = Mark::done;
        path.pop_back();
        continue;
      }
      const std::string_view target = targets->second[top.next++];
      Mark& mark = marks_[target];
      if (mark == Mark::on_path) report(path, target);
      if (mark != Mark::unseen) continue;
      mark = Mark::on_path;
      path.push_back({target, 0});
    }
  }

  void report(const std::vector<Step>& path, std::string_view target) {
    constexpr std::size_t shown = 6;
    if (++found_ > named_cycles) return;
    const auto start = std::ranges::find(path, target, &Step::at);
    std::vector<std::string> names;
    for (auto step = start; step != path.end() && names.size() < shown; ++step)
      names.push_back(quotable(step->at));
    if (path.end() - start > static_cast<std::ptrdiff_t>(shown)) names.emplace_back("...");
    names.push_back(quotable(target));
    source_.problems.warning(
        "bom.cycle",
        fmt::format("expected dependencies without a circle, found {}", join(names, " -> ")),
        places_.at(target)->where.in(source_.path));
  }

  const Places& places_;
  const Source& source_;
  /// By reference; the texts are those of the bill.
  std::map<std::string_view, std::vector<std::string_view>> edges_;
  std::unordered_map<std::string_view, Mark> marks_;
  std::size_t found_ = 0;
};

}  // namespace

void check_graph(Bom& bom, const std::set<std::string>& others, const Source& source) {
  const Places places = places_of(bom, source);
  keep_known_edges(bom, places, others, source);
  CircleFinder(bom, places, source).find();
}

std::vector<const Json*> entries_of(const Json& list, const Source& source) {
  const auto hidden = [&](const Json& at, std::string_view expected) {
    if (source.rules == Rules::errors) return;  // the schema's rule says it
    source.problems.error("bom.component",
                          fmt::format("expected {}, found {}; what it stands for is not known",
                                      expected, describe(at)),
                          at.at(source.path));
  };
  std::vector<const Json*> entries;
  if (list.items().size() > bom_components) {
    source.problems.error("bom.size",
                          fmt::format("expected a list of at most {} components, found {}",
                                      bom_components, list.items().size()),
                          list.at(source.path));
    return entries;
  }
  if (!list.is_array() && !list.is_null()) hidden(list, "a list of components");
  for (const Json& entry : list.items()) {
    if (entry.is_object()) {
      entries.push_back(&entry);
    } else {
      hidden(entry, "a component");
    }
  }
  return entries;
}

}  // namespace lockstep::formats
