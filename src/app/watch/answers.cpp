// SPDX-License-Identifier: Apache-2.0
#include "app/watch/answers.hpp"

#include <set>
#include <utility>

#include "advisories/ecosystem.hpp"
#include "advisories/match.hpp"
#include "base/hash.hpp"

namespace lockstep::app {
namespace {

/// Components that are asked about in one go: what bounds the memory of a large delta.
constexpr std::size_t batch_max = 10'000;

Component asked(const WatchedComponent& watched, std::size_t place) {
  Component component;
  component.reference = std::to_string(place);
  component.name = watched.name;
  component.version = watched.version;
  if (auto purl = parse_purl(watched.purl)) component.purl = *std::move(purl);
  return component;
}

void finish(ComponentAnswer& answer) {
  std::set<std::uint64_t> records;
  for (const Finding& finding : answer.findings)
    for (const std::string& id : finding.matched)
      records.insert(advisories::record_key(id));
  for (const Unmatched& one : answer.open)
    for (const std::string& id : one.possible)
      records.insert(advisories::record_key(id));
  answer.records.assign(records.begin(), records.end());
}

}  // namespace

WatchedComponent watched(const Component& component) {
  if (!component.purl) return {"", component.name, component.version};
  return {to_text(advisories::with_source(*component.purl, component.source)), component.name,
          component.version};
}

std::int64_t number_of(const WatchedComponent& component) {
  std::uint64_t hash = hash_of(component.purl);
  hash = hash_of(component.name, hash);
  hash = hash_of(component.version, hash);
  return static_cast<std::int64_t>(hash >> 1U);
}

Result<> add_answers(std::span<const std::int64_t> components,
                     const advisories::AdvisoryIndex& index,
                     store::WatchStore& store,
                     ComponentAnswers& answers) {
  std::vector<std::int64_t> wanted;
  for (const std::int64_t id : components)
    if (!answers.contains(id)) wanted.push_back(id);
  for (std::size_t first = 0; first < wanted.size(); first += batch_max) {
    const auto batch =
        std::span(wanted).subspan(first).first(std::min(batch_max, wanted.size() - first));
    Bom bom;
    for (const std::int64_t id : batch) {
      TRY(const WatchedComponent component, store.component(id));
      bom.components.push_back(asked(component, bom.components.size()));
      answers[id] = {};
    }
    TRY(advisories::MatchResult matched, advisories::match(bom, index));
    const auto place = [&](const std::string& reference) {
      return answers.find(batch[std::stoul(reference)]);
    };
    for (Finding& finding : matched.findings)
      place(finding.reference)->second.findings.push_back(std::move(finding));
    for (Unmatched& one : matched.unmatched)
      if (!one.possible.empty()) place(one.reference)->second.open.push_back(std::move(one));
    for (const std::int64_t id : batch) {
      ComponentAnswer& answer = answers.find(id)->second;
      finish(answer);
      TRY_VOID(store.set_marks(id, answer.records));
    }
  }
  return {};
}

Result<std::vector<std::int64_t>> touched_by(std::span<const advisories::SnapshotChange> changes,
                                             const advisories::IndexSnapshot& now,
                                             const advisories::AdvisoryIndex& index,
                                             store::WatchStore& store) {
  std::set<std::int64_t> touched;
  for (const advisories::SnapshotChange& change : changes) {
    TRY(const auto marked, store.components_of_mark(change.key));
    touched.insert(marked.begin(), marked.end());
  }
  std::set<std::uint64_t> packages;
  for (const std::uint32_t record : advisories::records_of(now, changes)) {
    TRY(const auto named, advisories::package_keys_of(index, record));
    packages.insert(named.begin(), named.end());
  }
  for (const std::uint64_t package : packages) {
    TRY(const auto listed, store.components_of_package(package));
    touched.insert(listed.begin(), listed.end());
  }
  return std::vector<std::int64_t>(touched.begin(), touched.end());
}

}  // namespace lockstep::app
