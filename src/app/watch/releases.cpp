// SPDX-License-Identifier: Apache-2.0
#include "app/watch/releases.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "advisories/ecosystem.hpp"
#include "advisories/snapshot.hpp"
#include "advisories/vex.hpp"
#include "app/inputs.hpp"
#include "app/watch/answers.hpp"
#include "base/text.hpp"
#include "formats/openvex/openvex.hpp"
#include "formats/reachability/reachability.hpp"
#include "formats/registry.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t document_bytes_max = std::uint64_t{256} << 20U;

/// What the product file says, where the request says nothing.
Result<ReleaseInput> from_product_file(const std::string& path,
                                       const Files& files,
                                       Diagnostics& problems) {
  TRY(Inputs inputs, read_inputs(path, files, problems));
  ReleaseInput given;
  given.product = inputs.product.name;
  given.version = inputs.product.version;
  given.released = inputs.product.placed_on_market;
  given.support_until = inputs.product.support_until;
  given.boms = std::move(inputs.boms);
  given.statements = std::move(inputs.statements);
  given.reachability = std::move(inputs.reachability);
  return given;
}

Result<> read_files(const WatchAddRequest& request,
                    const Files& files,
                    ReleaseInput& given,
                    Diagnostics& problems) {
  if (!request.boms.empty()) given.boms.clear();
  for (const std::string& path : request.boms) {
    TRY(const std::string bytes, files.read(path, document_bytes_max));
    TRY(formats::Bill bill, formats::read_bill(bytes, path, problems, formats::Rules::warnings));
    given.boms.push_back(std::move(bill.bom));
    std::ranges::move(bill.statements, std::back_inserter(given.bill_statements));
  }
  if (!request.vex.empty()) given.statements.emplace();
  for (const std::string& path : request.vex) {
    TRY(const std::string bytes, files.read(path, document_bytes_max));
    TRY(auto read, formats::read_vex(bytes, path, problems, formats::Rules::warnings));
    std::ranges::move(read, std::back_inserter(*given.statements));
  }
  if (!request.reachability.empty()) given.reachability.emplace();
  for (const std::string& path : request.reachability) {
    TRY(const std::string bytes, files.read(path, document_bytes_max));
    TRY(auto read, formats::read_reachability(bytes, path, problems));
    std::ranges::move(read, std::back_inserter(*given.reachability));
  }
  if (!problems.has_errors()) return {};
  return fail(ErrorKind::input, "input.problems",
              fmt::format("{} problems in the inputs; nothing was kept", problems.error_count()));
}

tl::unexpected<Error> missing(std::string_view what) {
  return fail(ErrorKind::usage, "watch.release",
              fmt::format("expected {}, found none; a release is named by --product, --version, "
                          "--sbom and --released, or by a product file",
                          what));
}

Result<> check(const WatchedRelease& release) {
  if (release.product.empty()) return missing("the name of the product");
  if (release.version.empty()) return missing("the version");
  if (release.bills.empty()) return missing("a bill of materials");
  if (release.released == Day{}) return missing("the day on which it was placed on the market");
  if (!release.support_until || *release.support_until >= release.released) return {};
  return fail(ErrorKind::usage, "watch.release",
              fmt::format("expected an end of support that is not before {}, found {}",
                          to_text(release.released), to_text(*release.support_until)));
}

/// The time of the document is no part of what is said, and would make each call another one.
std::string document_of(std::vector<VexStatement> statements) {
  if (statements.empty()) return {};
  return to_canonical_json(formats::openvex_document(
      {"urn:lockstep:watch", "lockstep", Instant{}, 1, std::move(statements)}));
}

/// Whether the store has this already. When it was kept is no difference.
bool is_same(const WatchedRelease& kept, const WatchedRelease& given) {
  const auto face = [](const WatchedRelease& release) {
    std::vector<std::string> bills;
    for (const WatchedBill& bill : release.bills)
      bills.push_back(bill.path + '\n' + bill.sha256);
    return std::tuple(release.released, release.support_until, release.bill_statements,
                      release.statements, release.reachability, release.names, release.unidentified,
                      bills);
  };
  return face(kept) == face(given) && kept.removed_at.empty();
}

/// Calls `each` with every component of the bills as it is kept, and the place of its bill.
Result<> each_part(std::span<const Bom> boms,
                   const std::function<Result<>(const Component&, store::NewPart)>& each) {
  for (std::size_t bill = 0; bill < boms.size(); ++bill) {
    const std::string beside = products_named_by(boms[bill]);
    const auto visit = [&](const Component& component) {
      store::NewPart part;
      part.component = watched(component, beside);
      part.id = number_of(part.component);
      part.bill = static_cast<std::int64_t>(bill);
      part.reference = component.reference;
      part.scope = component.scope;
      return each(component, std::move(part));
    };
    for (const Component& component : boms[bill].components) {
      TRY_VOID(visit(component));
      for (const Purl& purl : component.more_purls) {
        Component other = component;
        other.purl = purl;
        TRY_VOID(visit(other));
      }
    }
  }
  return {};
}

Result<> add_parts(store::WatchStore& store, std::int64_t release, std::span<const Bom> boms) {
  return each_part(boms, [&](const Component& component, store::NewPart part) {
    const std::vector<std::uint64_t> packages = packages_of(component);
    part.packages = packages;
    return store.add_part(release, part);
  });
}

/// Whether the parts are kept as this program keeps them: an earlier one may have known less.
Result<bool> has_parts(store::WatchStore& store, std::int64_t release, std::span<const Bom> boms) {
  if (boms.empty()) return true;
  using Place = std::tuple<std::int64_t, std::int64_t, std::string>;
  std::set<Place> wanted;
  TRY_VOID(each_part(boms, [&](const Component&, const store::NewPart& part) -> Result<> {
    wanted.emplace(part.id, part.bill, part.reference);
    return {};
  }));
  std::set<Place> kept;
  TRY(const auto parts, store.parts_of_release(release));
  for (const WatchedPart& part : parts)
    kept.emplace(part.component, part.bill, part.reference);
  return kept == wanted;
}

std::int64_t unidentified_in(std::span<const Bom> boms) {
  std::int64_t count = 0;
  for (const Bom& bom : boms)
    count += std::ranges::count_if(bom.components, [](const Component& component) {
      const bool is_named = !component.cpe.empty() || !component.more_cpes.empty();
      return !is_named &&
             (!component.purl || !advisories::candidates_of(*component.purl).obstacle.empty());
    });
  return count;
}

/// The release as it shall be kept: what is given, over what was kept before.
WatchedRelease merged(const std::optional<WatchedRelease>& kept, ReleaseInput& given, Instant at) {
  WatchedRelease release;
  if (kept) release = *kept;
  release.product = given.product;
  release.version = given.version;
  release.removed_at.clear();
  release.is_pending = true;
  if (!kept) release.added_at = to_text(at);
  if (given.released) release.released = *given.released;
  if (given.support_until) release.support_until = given.support_until;
  if (given.statements) release.statements = document_of(std::move(*given.statements));
  if (given.reachability) release.reachability = std::move(*given.reachability);
  if (given.boms.empty()) return release;
  release.bills.clear();
  for (const Bom& bom : given.boms)
    release.bills.push_back(
        {bom.path, bom.sha256, bom.format, bom.serial, std::ssize(bom.components)});
  release.names = advisories::names_of(given.boms).ids;
  release.bill_statements = document_of(std::move(given.bill_statements));
  release.unidentified = unidentified_in(given.boms);
  return release;
}

}  // namespace

Result<WatchAdded> add_release(store::WatchStore& store, ReleaseInput given, Instant at) {
  WatchAdded added;
  const auto work = [&]() -> Result<> {
    TRY(const auto kept, store.find(given.product, given.version));
    added.was_there = kept && kept->removed_at.empty();
    added.release = merged(kept, given, at);
    TRY_VOID(check(added.release));
    bool is_kept = kept && is_same(*kept, added.release);
    if (is_kept) {
      TRY(is_kept, has_parts(store, kept->number, given.boms));
    }
    if (is_kept) {
      added.is_as_it_was = true;
      added.release = *kept;
      return {};
    }
    TRY(added.release.number, store.put(added.release));
    if (given.boms.empty()) return {};
    TRY_VOID(store.erase_parts(added.release.number));
    return add_parts(store, added.release.number, given.boms);
  };
  TRY_VOID(store.transaction(work));
  return added;
}

std::string_view word_of(const WatchAdded& added) {
  return added.is_as_it_was ? "none" : added.was_there ? "renewed" : "added";
}

std::int64_t components_of(const WatchedRelease& release) {
  std::int64_t components = 0;
  for (const WatchedBill& bill : release.bills)
    components += bill.components;
  return components;
}

Result<WatchAdded> add_release(const WatchAddRequest& request,
                               const Files& files,
                               Diagnostics& problems) {
  ReleaseInput given;
  if (!request.product_file.empty()) {
    TRY(given, from_product_file(request.product_file, files, problems));
  }
  if (!request.product.empty()) given.product = request.product;
  if (!request.version.empty()) given.version = request.version;
  if (request.released) given.released = request.released;
  if (request.support_until) given.support_until = request.support_until;
  TRY_VOID(read_files(request, files, given, problems));
  TRY(const auto store, store::WatchStore::open(request.store_url));
  return add_release(*store, std::move(given), request.at);
}

Result<WatchAdded> add_release(store::WatchStore& store,
                               const WatchAddRequest& request,
                               const Files& files,
                               Diagnostics& problems) {
  ReleaseInput given;
  given.product = request.product;
  given.version = request.version;
  given.released = request.released;
  given.support_until = request.support_until;
  TRY_VOID(read_files(request, files, given, problems));
  return add_release(store, std::move(given), request.at);
}

Result<WatchRemoved> remove_release(const std::string& store_url,
                                    const std::string& product,
                                    const std::string& version,
                                    Instant at) {
  TRY(const WatchTerms terms, watch_terms());
  TRY(const auto store, store::WatchStore::open(store_url));
  WatchRemoved removed;
  const auto work = [&]() -> Result<> {
    TRY(auto found, store->find(product, version));
    if (!found)
      return fail(
          ErrorKind::usage, "watch.unknown",
          fmt::format("expected a release that is kept, found '{} {}'; `lockstep vuln watch "
                      "list` names them",
                      quotable(product), quotable(version)));
    removed.kept_until = kept_until_of(terms, *found);
    removed.is_erased = std::chrono::floor<std::chrono::days>(at) > removed.kept_until;
    if (removed.is_erased) {
      TRY_VOID(store->erase(found->number));
    } else if (found->removed_at.empty()) {
      found->removed_at = to_text(at);
      TRY_VOID(store->erase_rows(found->number));
      TRY(found->number, store->put(*found));
    }
    removed.release = *std::move(found);
    return {};
  };
  TRY_VOID(store->transaction(work));
  return removed;
}

Result<WatchList> list_releases(const std::string& store_url) {
  TRY(const WatchTerms terms, watch_terms());
  TRY(const auto store, store::WatchStore::open(store_url));
  WatchList list;
  TRY(list.index_sha256, store->state("index"));
  TRY(list.as_of, store->state("day"));
  TRY(const auto counts, store->counts());
  TRY(auto releases, store->releases());
  for (WatchedRelease& release : releases) {
    WatchListed row;
    row.kept_until = kept_until_of(terms, release);
    row.components = components_of(release);
    if (const auto counted = counts.find(release.number); counted != counts.end())
      row.counts = counted->second;
    row.release = std::move(release);
    list.releases.push_back(std::move(row));
  }
  std::ranges::stable_sort(list.releases, {}, [](const WatchListed& row) {
    return std::tie(row.release.product, row.release.version);
  });
  return list;
}

Json watch_json(const WatchList& list, int exit) {
  Json rows = Json::array();
  for (const WatchListed& row : list.releases) {
    const WatchedRelease& release = row.release;
    Json bills = Json::array();
    for (const WatchedBill& bill : release.bills)
      bills.push(Json::object_of({{"path", bill.path},
                                  {"sha256", bill.sha256},
                                  {"format", bill.format},
                                  {"components", bill.components}}));
    rows.push(Json::object_of(
        {{"product", release.product},
         {"version", release.version},
         {"released", to_text(release.released)},
         {"support_until", release.support_until ? Json(to_text(*release.support_until)) : Json{}},
         {"kept_until", to_text(row.kept_until)},
         {"added_at", release.added_at},
         {"removed_at", release.removed_at.empty() ? Json{} : Json(release.removed_at)},
         {"state", !release.removed_at.empty() ? "removed"
                   : release.is_pending        ? "not_checked"
                                               : "watched"},
         {"sboms", std::move(bills)},
         {"components", row.components},
         {"unidentified", release.unidentified},
         {"open", row.counts.open},
         {"failing", row.counts.failing},
         {"exploited", row.counts.exploited},
         {"not_checked", row.counts.not_checked}}));
  }
  return Json::object_of(
      {{"schema", "lockstep/watch/1"},
       {"last_run", list.as_of.empty() ? Json{}
                                       : Json::object_of({{"as_of", list.as_of},
                                                          {"index_sha256", list.index_sha256}})},
       {"releases", std::move(rows)},
       {"exit", exit}});
}

}  // namespace lockstep::app
