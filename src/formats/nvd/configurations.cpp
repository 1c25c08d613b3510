// SPDX-License-Identifier: Apache-2.0
// A configuration is "one of these, and one of those": mostly a program and an operating system,
// or firmware and its device. Every match that is called vulnerable becomes an entry. In a
// configuration of AND each node becomes a group, and an entry asks for the groups of the other
// nodes; in a node of AND each match is a group of its own.
//
// Source: NVD CVE API 2.0, configurations.
#include "formats/nvd/configurations.hpp"

#include <cstdint>
#include <utility>

#include "formats/nvd/limits.hpp"

namespace lockstep::formats::nvd {

namespace {

/// The numbers of the groups that a node became.
struct NodeGroups {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

std::uint32_t add_group(std::vector<CpeCriterion> group, Advisory& advisory) {
  advisory.cpe_groups.push_back(std::move(group));
  return static_cast<std::uint32_t>(advisory.cpe_groups.size() - 1);
}

/// Makes the groups that any entry of the configuration may ask for.
std::vector<NodeGroups> add_groups(const Configuration& configuration, Advisory& advisory) {
  std::vector<NodeGroups> all;
  for (const Node& node : configuration.nodes) {
    NodeGroups groups{static_cast<std::uint32_t>(advisory.cpe_groups.size()), 0};
    if (node.is_negated) {
      if (configuration.is_and) add_group({}, advisory);
    } else if (node.is_and) {
      for (const Match& match : node.matches)
        add_group({match.criterion}, advisory);
    } else if (configuration.is_and && configuration.nodes.size() > 1) {
      std::vector<CpeCriterion> group;
      group.reserve(node.matches.size());
      for (const Match& match : node.matches)
        group.push_back(match.criterion);
      add_group(std::move(group), advisory);
    }
    groups.count = static_cast<std::uint32_t>(advisory.cpe_groups.size()) - groups.first;
    all.push_back(groups);
  }
  return all;
}

/// Numbers of groups, no more than an entry may have; then the last is one that is never met.
class Asked {
 public:
  explicit Asked(Advisory& advisory) : advisory_(advisory) {}

  void add(std::uint32_t group) {
    if (numbers_.size() + 1 < max_groups) {
      numbers_.push_back(group);
    } else if (numbers_.size() + 1 == max_groups) {
      numbers_.push_back(add_group({}, advisory_));
    }
  }

  std::vector<std::uint32_t> take() { return std::move(numbers_); }

 private:
  Advisory& advisory_;
  std::vector<std::uint32_t> numbers_;
};

/// What the match with this number, in the node with this number, asks for.
std::vector<std::uint32_t> asked_by(const Configuration& configuration,
                                    const std::vector<NodeGroups>& groups,
                                    std::size_t node,
                                    std::size_t match,
                                    Advisory& advisory) {
  Asked asked(advisory);
  for (std::size_t other = 0; other < groups.size(); ++other) {
    if (other != node && !configuration.is_and) continue;
    if (other == node && !configuration.nodes[node].is_and) continue;
    for (std::uint32_t i = 0; i < groups[other].count; ++i)
      if (other != node || i != match) asked.add(groups[other].first + i);
  }
  return asked.take();
}

/// Whether a range goes on with what the entry before it says.
bool continues(const Affected& last, const Affected& entry) {
  return !last.ranges.empty() && !entry.ranges.empty() && last.cpe == entry.cpe &&
         last.partly_read == entry.partly_read && last.together_with == entry.together_with;
}

}  // namespace

void add_entries(const Configuration& configuration, Advisory& advisory) {
  const std::size_t before = advisory.affected.size();
  const std::vector<NodeGroups> groups = add_groups(configuration, advisory);
  for (std::size_t n = 0; n < configuration.nodes.size(); ++n) {
    const Node& node = configuration.nodes[n];
    if (node.is_negated) continue;
    for (std::size_t m = 0; m < node.matches.size(); ++m) {
      const Match& match = node.matches[m];
      if (!match.is_vulnerable) continue;
      Affected entry;
      entry.ecosystem = cpe_ecosystem;
      entry.package = match.product;
      entry.cpe = match.criterion.name;
      entry.partly_read = match.is_partly_read;
      entry.together_with = asked_by(configuration, groups, n, m, advisory);
      AffectedRange range;
      range.events = match.criterion.events;
      if (!range.events.empty()) entry.ranges.push_back(std::move(range));
      std::vector<Affected>& entries = advisory.affected;
      if (entries.size() > before && continues(entries.back(), entry)) {
        entries.back().ranges.push_back(std::move(entry.ranges.front()));
      } else {
        entries.push_back(std::move(entry));
      }
    }
  }
}

}  // namespace lockstep::formats::nvd
