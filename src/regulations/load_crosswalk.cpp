// SPDX-License-Identifier: Apache-2.0
// What stands between the acts: data/regulations/crosswalk.yaml, which requirements are near each
// other, and data/regulations/conflicts.yaml, which provisions do not go together.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "regulations/loading.hpp"

namespace lockstep::regulations {
namespace {

constexpr std::string_view row_keys[] = {"of", "strong", "partial"};
constexpr std::string_view conflict_keys[] = {"id",       "provisions", "applies_when",
                                              "collides", "ours",       "stated_in"};

void insert_sorted(std::vector<Overlap>& list, Overlap overlap) {
  const auto place = std::ranges::lower_bound(list, overlap.id, {}, &Overlap::id);
  list.insert(place, std::move(overlap));
}

}  // namespace

std::vector<std::size_t> Loading::read_requirement_ids(Reader& reader,
                                                       const Json& node,
                                                       std::string_view key) {
  std::vector<std::size_t> found;
  for (const std::string& id : reader.texts(node, key)) {
    const auto known = std::ranges::find(rules_.requirements, id, &Requirement::id);
    if (known != rules_.requirements.end()) {
      found.push_back(static_cast<std::size_t>(known - rules_.requirements.begin()));
      continue;
    }
    std::vector<std::string> candidates;
    for (const Requirement& requirement : rules_.requirements)
      candidates.push_back(requirement.id);
    reader.error("regulation.requirement",
                 fmt::format("'{}' is no requirement{}", quotable(id), suggestion(id, candidates)),
                 node[key]);
  }
  return found;
}

void Loading::add_overlap(Reader& reader,
                          const Json& node,
                          std::size_t one,
                          std::size_t other,
                          Overlap::Strength strength) {
  Requirement& a = rules_.requirements[one];
  Requirement& b = rules_.requirements[other];
  if (a.act == b.act) {
    reader.error("regulation.requirement",
                 fmt::format("expected requirements of two acts, found {} and {}", a.id, b.id),
                 node);
    return;
  }
  if (std::ranges::find(a.crosswalk, b.id, &Overlap::id) != a.crosswalk.end()) {
    reader.error("regulation.duplicate",
                 fmt::format("{} and {} are already brought together", a.id, b.id), node);
    return;
  }
  insert_sorted(a.crosswalk, {b.id, strength});
  insert_sorted(b.crosswalk, {a.id, strength});
}

void Loading::read_crosswalk(const SourceFile& file) {
  Reader reader(file.path, problems_);
  for (const Json& node : reader.list(file.tree, "rows")) {
    reader.only(node, row_keys);
    const auto of = read_requirement_ids(reader, node, "of");
    if (node.find("of") == nullptr) reader.error("regulation.missing_key", "expected 'of'", node);
    for (const auto strength : {Overlap::Strength::strong, Overlap::Strength::partial}) {
      const std::string_view key = to_text(strength);
      for (const std::size_t other : read_requirement_ids(reader, node, key)) {
        for (const std::size_t one : of)
          add_overlap(reader, node[key], one, other, strength);
      }
    }
  }
}

void Loading::read_conflicts(const SourceFile& file) {
  Reader reader(file.path, problems_);
  for (const Json& node : reader.list(file.tree, "conflicts")) {
    reader.only(node, conflict_keys);
    ConflictRule rule;
    rule.id = reader.text(node, "id");
    rule.collides = reader.text(node, "collides");
    rule.ours = reader.text(node, "ours");
    rule.where = reader.at(node);
    for (const std::string& cite : cites(reader, node, -1, "provisions"))
      rule.provisions.push_back(citation_of(cite));
    if (rule.provisions.size() < 2)
      reader.error("regulation.missing_key", "expected two 'provisions' or more", node);
    const std::string fact = reader.text(node, "stated_in");
    const auto known = rules_.fact_index.find(fact);
    if (known == rules_.fact_index.end() ||
        rules_.facts[static_cast<std::size_t>(known->second)].type != FactType::text) {
      reader.error("regulation.fact", fmt::format("'{}' is no text fact", quotable(fact)), node);
    } else {
      rule.stated_in = known->second;
    }
    note_place(reader, node, "conflict", rule.id);
    const std::size_t position = rules_.conflicts.size();
    rules_.conflicts.push_back(std::move(rule));
    later([this, reader, &node, position]() mutable {
      rules_.conflicts[position].applies_when =
          read_condition(node["applies_when"], rules_, reader);
    });
  }
}

}  // namespace lockstep::regulations
