// SPDX-License-Identifier: Apache-2.0
// Entries are filed by part, vendor and product of their name (formats/nvd); a component's names
// give the same key, and the rest of both names is compared as NISTIR 7696 has it. What a record
// calls affected only beside other products is affected where the bill names those; where it does
// not, nobody knows what the product runs on: "not evaluated", with the first of those products.
#include "advisories/cpe_lookup.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "advisories/cpe_version.hpp"
#include "base/text.hpp"

namespace lockstep::advisories {

namespace {

/// A product that the record asks for "without a version" ("-") may have any.
bool is_there(const CpeCriterion& criterion, const NamedProducts& products) {
  auto wanted = parse_cpe(criterion.name);
  if (!wanted) return false;
  const auto found = products.find(product_of(*wanted));
  if (found == products.end()) return false;
  std::vector<AffectedRangeView> ranges;
  if (!criterion.events.empty()) {
    AffectedRangeView& range = ranges.emplace_back();
    for (const Event& event : criterion.events)
      range.events.push_back({event.kind, event.version});
  }
  return std::ranges::any_of(found->second, [&](const Cpe& product) {
    return is_product_of(*wanted, product) &&
           evaluate_version(*wanted, ranges, product).verdict == Verdict::affected;
  });
}

/// What the entry asks for and the bill does not name, or "".
std::string missing_beside(const AffectedEntry& entry,
                           const Advisory& record,
                           const NamedProducts& products) {
  for (const std::uint32_t number : entry.together_with) {
    if (number >= record.cpe_groups.size())
      return "the record names products that it does not list";
    const std::vector<CpeCriterion>& group = record.cpe_groups[number];
    const bool met = std::ranges::any_of(
        group, [&](const CpeCriterion& criterion) { return is_there(criterion, products); });
    if (met) continue;
    if (group.empty()) return "the record names what must not be there too";
    const auto first = parse_cpe(group.front().name);
    return fmt::format("the record holds only beside '{}'{}, which the bill does not name",
                       quotable(first ? product_of(*first) : group.front().name),
                       group.size() > 1 ? " or another product" : "");
  }
  return "";
}

/// The answer to one name, as it grows.
class Asking {
 public:
  Asking(const NamedProducts& beside, const AdvisoryIndex& index)
      : beside_(beside), index_(index) {}

  Result<> ask(const Cpe& name) {
    TRY(const std::vector<Posting> postings, index_.find(cpe_ecosystem, product_of(name)));
    for (const Posting& posting : postings) {
      TRY(const bool is_withdrawn, index_.is_withdrawn(posting.record));
      if (is_withdrawn) continue;
      answer_.knows_product = true;
      TRY(const AffectedEntry entry, index_.entry(posting));
      const auto criterion = parse_cpe(entry.cpe);
      if (!criterion || !is_product_of(*criterion, name)) continue;
      Evaluation evaluation = evaluate_version(*criterion, entry.ranges, name);
      if (entry.partly_read && evaluation.verdict == Verdict::not_affected) {
        evaluation.verdict = Verdict::not_evaluated;
        evaluation.because = "a range of the record could not be read";
      }
      if (evaluation.verdict == Verdict::not_affected) continue;
      TRY_VOID(note(posting.record, entry, name, std::move(evaluation)));
    }
    return {};
  }

  CpeAnswer take() {
    for (const Hit& hit : answer_.hits) {
      for (auto& [reason, ids] : answer_.open)
        ids.erase(std::string(hit.id));
    }
    std::erase_if(answer_.open, [](const auto& item) { return item.second.empty(); });
    std::ranges::sort(answer_.hits, {}, &Hit::record);
    return std::move(answer_);
  }

 private:
  Result<> note(std::uint32_t record,
                const AffectedEntry& entry,
                const Cpe& name,
                Evaluation evaluation) {
    TRY(const std::string_view id, index_.id(record));
    if (evaluation.verdict == Verdict::affected && !entry.together_with.empty()) {
      TRY(const Advisory advisory, index_.record(record));
      const std::string missing = missing_beside(entry, advisory, beside_);
      if (!missing.empty()) {
        evaluation.verdict = Verdict::not_evaluated;
        evaluation.because = missing;
      }
    }
    if (evaluation.verdict == Verdict::not_evaluated) {
      answer_.open[evaluation.because].emplace(id);
      return {};
    }
    const auto known = std::ranges::find(answer_.hits, record, &Hit::record);
    if (known == answer_.hits.end()) {
      evaluation.because = fmt::format("{}; by its CPE name {}", evaluation.because,
                                       quotable(to_formatted_string(name), 200));
      answer_.hits.push_back({record, id, std::move(evaluation), {}});
      return {};
    }
    std::vector<std::string_view>& fixed = known->evaluation.fixed;
    for (const std::string_view version : evaluation.fixed)
      if (std::ranges::find(fixed, version) == fixed.end()) fixed.push_back(version);
    return {};
  }

  const NamedProducts& beside_;
  const AdvisoryIndex& index_;
  CpeAnswer answer_;
};

}  // namespace

bool has_cpe_records(const AdvisoryIndex& index) {
  return std::ranges::find(index.ecosystems(), cpe_ecosystem, &EcosystemCount::ecosystem) !=
         index.ecosystems().end();
}

std::vector<Cpe> names_of(const Component& component, std::string_view version) {
  const std::string_view type = component.purl ? std::string_view(component.purl->type) : "";
  std::vector<Cpe> names;
  const auto add = [&](const std::string& text) {
    if (text.empty()) return;
    auto name = parse_cpe(text);
    if (!name) return;
    Cpe named = with_version(*std::move(name), version, type);
    if (std::ranges::find(names, named) == names.end()) names.push_back(std::move(named));
  };
  add(component.cpe);
  for (const std::string& text : component.more_cpes)
    add(text);
  return names;
}

NamedProducts products_of(const Bom& bom) {
  NamedProducts products;
  const auto add = [&products](const Component& component) {
    for (Cpe& name : names_of(component, component.version))
      products[product_of(name)].push_back(std::move(name));
  };
  if (bom.subject) add(*bom.subject);
  for (const Component& component : bom.components)
    add(component);
  return products;
}

Result<CpeAnswer> ask_by_cpe(std::span<const Cpe> names,
                             const NamedProducts& beside,
                             const AdvisoryIndex& index) {
  Asking asking(beside, index);
  for (const Cpe& name : names)
    TRY_VOID(asking.ask(name));
  return asking.take();
}

}  // namespace lockstep::advisories
