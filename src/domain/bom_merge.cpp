// SPDX-License-Identifier: Apache-2.0
#include "domain/bom_merge.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "domain/bom_diff.hpp"

namespace lockstep {
namespace {

/// What two entries must share to be one component.
std::string key_of(const Component& component) {
  if (component.purl) return to_text(*component.purl);
  std::string key = component.type;
  for (const std::string* part : {&component.group, &component.name, &component.version})
    key += '\n' + *part;
  return key;
}

/// Whether two entries with one key are surely two things: of models, data and files, whose names
/// and versions say little, the content decides.
bool is_other_content(const Component& a, const Component& b) {
  const bool is_content =
      a.type == "machine-learning-model" || a.type == "data" || a.type == "file";
  if (a.purl || !is_content) return false;
  const auto is_like = [&](const auto& digest) {
    return std::ranges::find(b.digests, digest) != b.digests.end();
  };
  const auto is_comparable = [&](const auto& digest) {
    return std::ranges::any_of(b.digests,
                               [&](const auto& other) { return other.first == digest.first; });
  };
  return std::ranges::any_of(a.digests, is_comparable) && std::ranges::none_of(a.digests, is_like);
}

template <typename Value>
void add_new(const std::vector<Value>& from, std::vector<Value>& into) {
  for (const Value& one : from)
    if (std::ranges::find(into, one) == into.end()) into.push_back(one);
}

void fill(std::string& into, const std::string& from) {
  if (into.empty()) into = from;
}

/// What the first entry leaves empty comes from the later one.
void complete(Component& into, const Component& from) {
  fill(into.group, from.group);
  fill(into.version, from.version);
  into.scope = stronger_scope(into.scope, from.scope);
  add_cpe(from.cpe, into);
  for (const std::string& name : from.more_cpes)
    add_cpe(name, into);
  if (from.purl) add_purl(*from.purl, into);
  for (const Purl& purl : from.more_purls)
    add_purl(purl, into);
  if (into.source.name.empty() && into.source.module.empty()) into.source = from.source;
  fill(into.supplier, from.supplier);
  fill(into.description, from.description);
  add_new(from.licences, into.licences);
  add_new(from.digests, into.digests);
}

class Merger {
 public:
  MergedBills merge(const std::optional<Component>& whole, std::span<const Bom> bills) {
    std::vector<Places> places;
    for (const Bom& bill : bills)
      places.push_back(add(bill));
    choose_subject(whole);
    name_all();
    for (const auto& [from, to] : edges_)
      if (from != to) bom_.dependencies.push_back({reference(from), reference(to)});
    MergedBills merged;
    for (const Places& of_bill : places) {
      auto& references = merged.references.emplace_back();
      for (const auto& [earlier, at] : of_bill)
        references.emplace(earlier, reference(at));
    }
    place_components();
    merged.bom = std::move(bom_);
    return merged;
  }

 private:
  /// The parts that the references of one bill name.
  using Places = std::map<std::string, std::size_t>;

  std::size_t add(const Component& component, const std::string& path) {
    std::vector<std::size_t>& alike = by_key_[key_of(component)];
    const auto known = std::ranges::find_if(
        alike, [&](std::size_t at) { return !is_other_content(parts_[at], component); });
    const std::size_t at = known == alike.end() ? parts_.size() : *known;
    if (known == alike.end()) {
      alike.push_back(at);
      parts_.push_back(component);
      parts_.back().sources.clear();
      parts_.back().where = {};
    } else {
      complete(parts_[at], component);
    }
    const std::vector<std::string> own(path.empty() ? 0 : 1, path);
    add_new(component.sources.empty() ? own : component.sources, parts_[at].sources);
    return at;
  }

  Places add(const Bom& bill) {
    Places places;
    const auto take = [&](const Component& component) {
      const std::size_t at = add(component, bill.path);
      if (!component.reference.empty()) places.emplace(component.reference, at);
      return at;
    };
    if (bill.subject) roots_.insert(take(*bill.subject));
    has_root_ = has_root_ && bill.subject.has_value();
    std::vector<std::size_t> listed;
    for (const Component& component : bill.components)
      listed.push_back(take(component));
    if (!bill.subject) loose_.insert(loose_.end(), listed.begin(), listed.end());
    for (const Dependency& edge : bill.dependencies) {
      const auto from = places.find(edge.from);
      const auto to = places.find(edge.to);
      if (from != places.end() && to != places.end()) edges_.emplace(from->second, to->second);
    }
    if (bill.made && (!bom_.made || *bom_.made < *bill.made)) bom_.made = bill.made;
    add_new(bill.tools, bom_.tools);
    add_new(bill.creators, bom_.creators);
    return places;
  }

  void choose_subject(const std::optional<Component>& whole) {
    if (!whole) {
      if (has_root_ && roots_.size() == 1) subject_ = *roots_.begin();
      return;
    }
    subject_ = add(*whole, "");
    for (const std::size_t root : roots_)
      edges_.emplace(*subject_, root);
    // A bill without a subject lists parts of the whole.
    std::set<std::size_t> held;
    for (const auto& edge : edges_)
      held.insert(edge.second);
    for (const std::size_t part : loose_)
      if (!held.contains(part)) edges_.emplace(*subject_, part);
  }

  /// A package URL names one component; names may come twice and then carry a number.
  void name_all() {
    std::set<std::string> taken;
    for (Component& part : parts_) {
      std::string name = part.purl
                             ? to_text(*part.purl)
                             : full_name(part) + (part.version.empty() ? "" : "@") + part.version;
      if (name.empty()) name = "component";
      const std::string plain = name;
      for (std::size_t number = 2; !taken.insert(name).second; ++number)
        name = plain + "#" + std::to_string(number);
      part.reference = std::move(name);
    }
  }

  const std::string& reference(std::size_t part) const { return parts_[part].reference; }

  void place_components() {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (subject_ == i)
        bom_.subject = std::move(parts_[i]);
      else
        bom_.components.push_back(std::move(parts_[i]));
    }
    std::ranges::stable_sort(bom_.components, {}, &Component::reference);
    std::ranges::sort(bom_.dependencies, [](const Dependency& a, const Dependency& b) {
      return std::pair(a.from, a.to) < std::pair(b.from, b.to);
    });
  }

  Bom bom_;
  std::vector<Component> parts_;
  std::map<std::string, std::vector<std::size_t>> by_key_;
  std::set<std::size_t> roots_;
  std::vector<std::size_t> loose_;
  std::set<std::pair<std::size_t, std::size_t>> edges_;
  std::optional<std::size_t> subject_;
  bool has_root_ = true;
};

}  // namespace

Bom merge(const std::optional<Component>& whole, std::span<const Bom> bills) {
  return merge_bills(whole, bills).bom;
}

MergedBills merge_bills(const std::optional<Component>& whole, std::span<const Bom> bills) {
  return Merger().merge(whole, bills);
}

}  // namespace lockstep
