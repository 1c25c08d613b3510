// SPDX-License-Identifier: Apache-2.0
#include "app/watch/answers.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "advisories/cpe_lookup.hpp"
#include "advisories/ecosystem.hpp"
#include "advisories/match.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "domain/cpe.hpp"

namespace lockstep::app {
namespace {

/// Components that are asked about in one go: what bounds the memory of a large delta.
constexpr std::size_t batch_max = 10'000;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (const std::string_view line : split(text, '\n'))
    if (!line.empty()) lines.emplace_back(line);
  return lines;
}

std::string lines(const std::set<std::string>& texts) {
  return join(std::vector<std::string>(texts.begin(), texts.end()), "\n");
}

Component asked(const WatchedComponent& watched, std::size_t place) {
  Component component;
  component.reference = std::to_string(place);
  component.name = watched.name;
  component.version = watched.version;
  if (auto purl = parse_purl(watched.purl)) component.purl = *std::move(purl);
  component.more_cpes = lines_of(watched.cpe_names);
  return component;
}

/// A bill whose subject stands for the products that another one names.
Bom beside(const std::string& names) {
  Bom bom;
  if (names.empty()) return bom;
  bom.subject.emplace();
  bom.subject->more_cpes = lines_of(names);
  return bom;
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

std::string products_named_by(const Bom& bom) {
  std::set<std::string> names;
  for (const auto& [product, all] : advisories::products_of(bom))
    for (const Cpe& name : all)
      names.insert(to_formatted_string(name));
  return lines(names);
}

WatchedComponent watched(const Component& component, const std::string& beside) {
  WatchedComponent made;
  if (component.purl)
    made.purl = to_text(advisories::with_source(*component.purl, component.source));
  made.name = component.name;
  made.version = component.version;
  std::set<std::string> names;
  for (const Cpe& name : advisories::names_of(component, component.version))
    names.insert(to_formatted_string(name));
  made.cpe_names = lines(names);
  if (!names.empty()) made.beside = beside;
  return made;
}

std::vector<std::uint64_t> packages_of(const Component& component) {
  std::vector<std::uint64_t> packages;
  if (component.purl)
    packages =
        advisories::package_keys_of(advisories::with_source(*component.purl, component.source));
  for (const Cpe& name : advisories::names_of(component, component.version))
    packages.push_back(advisories::package_key(cpe_ecosystem, product_of(name)));
  std::ranges::sort(packages);
  const auto doubled = std::ranges::unique(packages);
  packages.erase(doubled.begin(), doubled.end());
  return packages;
}

Result<> file_again(std::span<const std::int64_t> components, store::WatchStore& store) {
  for (const std::int64_t id : components) {
    TRY(const WatchedComponent component, store.component(id));
    TRY_VOID(store.add_packages(id, packages_of(asked(component, 0))));
  }
  return {};
}

std::int64_t number_of(const WatchedComponent& component) {
  std::uint64_t hash = hash_of(component.purl);
  hash = hash_of(component.name, hash);
  hash = hash_of(component.version, hash);
  if (!component.cpe_names.empty()) {
    hash = hash_of(component.cpe_names, hash);
    hash = hash_of(component.beside, hash);
  }
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
    // What a component is affected beside is what its own bill names.
    std::map<std::string, Bom> boms;
    for (std::size_t place = 0; place < batch.size(); ++place) {
      TRY(const WatchedComponent component, store.component(batch[place]));
      const auto bom = boms.try_emplace(component.beside, beside(component.beside)).first;
      bom->second.components.push_back(asked(component, place));
      answers[batch[place]] = {};
    }
    const auto answer_of = [&](const std::string& reference) {
      return answers.find(batch[std::stoul(reference)]);
    };
    for (const auto& [names, bom] : boms) {
      TRY(advisories::MatchResult matched, advisories::match(bom, index));
      for (Finding& finding : matched.findings)
        answer_of(finding.reference)->second.findings.push_back(std::move(finding));
      for (Unmatched& one : matched.unmatched)
        if (!one.possible.empty()) answer_of(one.reference)->second.open.push_back(std::move(one));
    }
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
