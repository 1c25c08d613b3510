// SPDX-License-Identifier: Apache-2.0
// CSAF providers: from a domain, a provider-metadata.json or an aggregator.json to the feeds and
// folders of each provider, and from there to the documents that are newer, each held against its
// digest. Source: CSAF 2.0, sections 7.1 and 7.3.
#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

#include "app/feed_work.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "base/url.hpp"
#include "formats/csaf/provider.hpp"
#include "formats/security_txt/security_txt.hpp"

namespace lockstep::app {

namespace {

using formats::csaf::Distribution;
using formats::csaf::Offer;
using formats::csaf::Provider;

/// Follows one provider.
class ProviderWork {
 public:
  ProviderWork(FeedWork& work, FeedReport& report, std::vector<Error>& failures)
      : work_(work), report_(report), failures_(failures) {}

  Result<> follow(const Download& metadata);

 private:
  Result<> follow_distribution(const Distribution& one, const std::string& from);
  Result<std::vector<Offer>> offers_of(const Distribution& one, const Download& list);
  Result<Download> fetch_list(const Distribution& one, const Edition& known);
  Result<> follow_offers(const Distribution& one,
                         const std::vector<Offer>& offers,
                         const Download& list);
  Result<> take(const Offer& offer, const std::string& list);
  Result<> check_digest(const Offer& offer, const Download& document);
  Result<> hold_against(const std::string& digest_url,
                        std::size_t digits,
                        const std::string& found,
                        const std::string& url);
  void note_failure(const Error& error);
  std::string says() const;

  FeedWork& work_;
  FeedReport& report_;
  std::vector<Error>& failures_;
  bool is_trusted_ = false;
  std::size_t taken_ = 0;
  std::size_t failed_ = 0;
  std::size_t with_digest_ = 0;
};

void ProviderWork::note_failure(const Error& error) {
  ++failed_;
  work_.problems.add(error);
  failures_.push_back(error);
  report_.state = FeedReport::State::failed;
}

std::string ProviderWork::says() const {
  std::string text = fmt::format("{} documents, the digests of {} checked", taken_, with_digest_);
  if (failed_ > 0) text += fmt::format(", {} failed", failed_);
  return taken_ > 0 ? text + "; signatures not checked" : text;
}

Result<> ProviderWork::follow(const Download& metadata) {
  TRY(const Provider provider,
      formats::csaf::read_provider(metadata.bytes, metadata.url, work_.problems));
  is_trusted_ = provider.role == "csaf_trusted_provider";
  // Feeds and folders are two ways to the same documents; feeds know the digests.
  const bool has_feeds = std::ranges::any_of(provider.distributions, [](const Distribution& one) {
    return one.kind == Distribution::Kind::feed;
  });
  for (const Distribution& one : provider.distributions) {
    if (has_feeds && one.kind == Distribution::Kind::folder) continue;
    auto followed = follow_distribution(one, metadata.url);
    if (!followed && followed.error().kind == ErrorKind::interrupted) return followed;
    if (!followed) note_failure(followed.error());
  }
  report_.entries = work_.intake.entries_of(report_.address);
  report_.says = says();
  return {};
}

Result<> ProviderWork::follow_distribution(const Distribution& one, const std::string& from) {
  const std::string& label = one.label;
  const bool is_open =
      label.empty() || label == "WHITE" || label == "CLEAR" || label == "UNLABELED";
  if (!is_open) {
    work_.problems.note("csaf.not_open",
                        fmt::format("documents of TLP:{} are not fetched; they need the provider's "
                                    "leave: import them from files",
                                    quotable(label)),
                        {one.url, 0, 0});
    return {};
  }
  if (!may_follow(from, one.url))
    return fail(ErrorKind::input, "fetch.address",
                fmt::format("expected an https address of a feed or folder, found '{}'",
                            quotable(one.url, 200)),
                {from, 0, 0});
  const FeedState& before = work_.known.of(one.url);
  TRY(const Download list, fetch_list(one, before.edition));
  report_.bytes += list.size;
  if (list.state == Download::State::missing) return missing(list.url);
  if (list.state == Download::State::unchanged) {
    work_.next.set(one.url, state_of(list, before, work_));
    return {};
  }
  TRY(const std::vector<Offer> offers, offers_of(one, list));
  return follow_offers(one, offers, list);
}

/// Of a folder the list with times, else the one without.
Result<Download> ProviderWork::fetch_list(const Distribution& one, const Edition& known) {
  const std::uint64_t limit = work_.limits.list_bytes;
  if (one.kind == Distribution::Kind::feed)
    return work_.downloader.fetch({one.url, report_.name, limit, known});
  const std::string folder = one.url.ends_with('/') ? one.url : one.url + "/";
  TRY(Download changes,
      work_.downloader.fetch({folder + "changes.csv", report_.name, limit, known}));
  if (changes.state != Download::State::missing) return changes;
  return work_.downloader.fetch({folder + "index.txt", report_.name, limit, known});
}

Result<std::vector<Offer>> ProviderWork::offers_of(const Distribution& one, const Download& list) {
  if (one.kind == Distribution::Kind::feed)
    return formats::csaf::read_feed(list.bytes, list.url, work_.problems);
  const std::size_t errors = work_.problems.error_count();
  std::vector<Offer> offers =
      list.url.ends_with("/changes.csv")
          ? formats::csaf::read_changes(list.bytes, list.url, work_.problems)
          : formats::csaf::read_index(list.bytes, list.url, work_.problems);
  if (offers.empty() && work_.problems.error_count() > errors)
    return fail(ErrorKind::input, "data.content", "expected a list of CSAF documents, found none",
                {list.url, 0, 0});
  const std::string folder = list.url.substr(0, list.url.rfind('/') + 1);
  for (Offer& offer : offers) {
    offer.url = folder + percent_encoded(offer.url, "/");
    offer.sha256_url = offer.url + ".sha256";
    offer.sha512_url = offer.url + ".sha512";
  }
  return offers;
}

/// The documents that are newer than what was followed. What fails is asked for again next time:
/// the list is followed up to the first that failed.
Result<> ProviderWork::follow_offers(const Distribution& one,
                                     const std::vector<Offer>& offers,
                                     const Download& list) {
  const auto since = parse_instant(work_.known.of(one.url).until);
  std::set<std::string> seen;
  std::optional<Instant> newest;
  std::optional<Instant> oldest_failed;
  const std::size_t failed_before = failed_;
  for (const Offer& offer : offers) {
    const auto updated = parse_instant(offer.updated);
    newest = std::max(newest, updated);
    if ((since && updated && *updated <= *since) || !seen.insert(offer.url).second) continue;
    if (seen.size() > work_.limits.documents)
      return fail(ErrorKind::input, "fetch.too_large",
                  fmt::format("expected at most {} documents, found more", work_.limits.documents),
                  {list.url, 0, 0});
    auto taken = take(offer, list.url);
    if (taken) {
      report_.state = FeedReport::State::updated;
      ++taken_;
      continue;
    }
    if (taken.error().kind == ErrorKind::interrupted) return taken;
    note_failure(taken.error());
    if (updated) oldest_failed = std::min(oldest_failed.value_or(*updated), *updated);
  }
  FeedState state = state_of(list, work_.known.of(one.url), work_);
  if (failed_ > failed_before) {
    report_.state = FeedReport::State::failed;
    state.edition = {};  // The same list is read again.
    newest = oldest_failed;
  }
  if (newest) state.until = followed_until(newest, work_.now);
  work_.next.set(one.url, std::move(state));
  return {};
}

Result<> ProviderWork::take(const Offer& offer, const std::string& list) {
  if (!may_follow(list, offer.url))
    return fail(ErrorKind::input, "fetch.address",
                fmt::format("expected an https address of a document, found '{}'",
                            quotable(offer.url, 200)),
                {list, 0, 0});
  TRY(const Download document,
      work_.downloader.fetch({offer.url, report_.name, work_.limits.document_bytes, {}}));
  if (document.state == Download::State::missing) return missing(offer.url);
  report_.bytes += document.size;
  TRY_VOID(check_digest(offer, document));
  return work_.intake.take_fetched(document.bytes, offer.url, report_.address, FeedKind::csaf);
}

/// @returns an Error of kind verification when the digest is of other bytes
Result<> ProviderWork::hold_against(const std::string& digest_url,
                                    std::size_t digits,
                                    const std::string& found,
                                    const std::string& url) {
  TRY(const Download file,
      work_.downloader.fetch({digest_url, report_.name, work_.limits.digest_bytes, {}}));
  if (file.state == Download::State::missing) return missing(digest_url);
  if (formats::csaf::read_digest(file.bytes, digits) == found) return {};
  return fail(ErrorKind::verification, "fetch.digest",
              fmt::format("expected the document with the digest of '{}', found other bytes; the "
                          "document is not taken in",
                          quotable(digest_url, 200)),
              {url, 0, 0});
}

/// SHA-512 when it can be had, else SHA-256. A trusted provider must have one.
Result<> ProviderWork::check_digest(const Offer& offer, const Download& document) {
  Result<> checked;
  bool is_offered = false;
  const auto hold = [&](const std::string& digest_url, std::size_t digits, auto digest) {
    const bool is_settled =
        is_offered && (checked || checked.error().kind == ErrorKind::verification);
    if (digest_url.empty() || is_settled || !may_follow(document.url, digest_url)) return;
    is_offered = true;
    checked = hold_against(digest_url, digits, digest(document.bytes), offer.url);
  };
  hold(offer.sha512_url, 128, sha512);
  hold(offer.sha256_url, 64, sha256);
  if (is_offered && checked) {
    ++with_digest_;
    return {};
  }
  const bool is_absent = !is_offered || checked.error().code == "fetch.missing";
  if (is_absent && !is_trusted_) return {};
  if (is_offered) return checked;
  return fail(ErrorKind::verification, "fetch.digest",
              "expected a digest beside the document of a trusted provider, found none; the "
              "document is not taken in",
              {offer.url, 0, 0});
}

/// Where a domain has its metadata: the well-known place, then what its security.txt says, then the
/// name that is kept for CSAF. Source: CSAF 2.0, sections 7.1.8 to 7.1.10 and 7.3.1.
Result<Download> fetch_of_domain(const Feed& feed, FeedWork& work) {
  const auto fetch = [&](const std::string& url) {
    return work.downloader.fetch({url, feed.name, work.limits.document_bytes, {}});
  };
  const std::string place = "https://" + feed.address;
  TRY(Download found, fetch(place + "/.well-known/csaf/provider-metadata.json"));
  if (found.state == Download::State::fetched) return found;
  TRY(const Download text, fetch(place + "/.well-known/security.txt"));
  if (text.state == Download::State::fetched) {
    Diagnostics ignored;
    const formats::SecurityTxt said =
        formats::read_security_txt(text.bytes, work.now, {text.url, ignored});
    for (const auto& field : said.fields) {
      if (lower_case(field.name) != "csaf" || !may_follow(text.url, field.value)) continue;
      TRY(found, fetch(field.value));
      if (found.state == Download::State::fetched) return found;
    }
  }
  TRY(found, fetch("https://csaf.data.security." + feed.address));
  if (found.state == Download::State::fetched) return found;
  return missing(place + "/.well-known/csaf/provider-metadata.json");
}

Result<Download> fetch_metadata(const std::string& url,
                                const std::string& name,
                                const FeedWork& work) {
  TRY(Download metadata, work.downloader.fetch({url, name, work.limits.document_bytes, {}}));
  if (metadata.state == Download::State::missing) return missing(url);
  return metadata;
}

/// One provider of an aggregator's list, from its own place or else from a mirror.
Result<Download> fetch_listed(const formats::csaf::ListedProvider& row,
                              const std::string& from,
                              const std::string& name,
                              const FeedWork& work) {
  std::vector<std::string> places = {row.url};
  places.insert(places.end(), row.mirrors.begin(), row.mirrors.end());
  Result<Download> metadata = missing(row.url);
  for (const std::string& place : places) {
    if (!may_follow(from, place)) continue;
    metadata = fetch_metadata(place, name, work);
    if (metadata || metadata.error().kind == ErrorKind::interrupted) break;
  }
  return metadata;
}

}  // namespace

Result<std::vector<FeedReport>> follow_csaf(const Feed& feed,
                                            FeedWork& work,
                                            std::vector<Error>& failures) {
  const bool is_domain = feed.address.find('/') == std::string::npos;
  TRY(const Download start,
      is_domain ? fetch_of_domain(feed, work) : fetch_metadata(feed.address, feed.name, work));
  std::vector<FeedReport> reports;
  const auto follow = [&](const Result<Download>& metadata, FeedReport report) -> Result<> {
    Result<> followed = metadata ? ProviderWork(work, report, failures).follow(*metadata)
                                 : Result<>(tl::unexpected<Error>(metadata.error()));
    if (!followed && followed.error().kind == ErrorKind::interrupted) return followed;
    if (!followed) {
      report.state = FeedReport::State::failed;
      report.says = followed.error().message;
      work.problems.add(followed.error());
      failures.push_back(followed.error());
    }
    reports.push_back(std::move(report));
    return {};
  };
  if (!formats::csaf::looks_like_aggregator(start.bytes)) {
    TRY_VOID(
        follow(start, {feed.name, start.url, FeedReport::State::unchanged, 0, start.size, ""}));
    return reports;
  }
  TRY(const formats::csaf::Aggregator list,
      formats::csaf::read_aggregator(start.bytes, start.url, work.problems));
  if (list.providers.size() > work.limits.listed_providers)
    return fail(ErrorKind::input, "fetch.too_large",
                fmt::format("expected at most {} providers in the list, found {}",
                            work.limits.listed_providers, list.providers.size()),
                {start.url, 0, 0});
  for (const formats::csaf::ListedProvider& row : list.providers) {
    const std::string name = fmt::format("{}: {}", feed.name, quotable(row.publisher));
    TRY_VOID(follow(fetch_listed(row, start.url, name, work),
                    {name, row.url, FeedReport::State::unchanged, 0, 0, ""}));
  }
  return reports;
}

}  // namespace lockstep::app
