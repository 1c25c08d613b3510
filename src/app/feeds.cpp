// SPDX-License-Identifier: Apache-2.0
#include "app/feeds.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include "app/embedded_data.hpp"
#include "base/check.hpp"
#include "base/fetcher.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "formats/osv/words.hpp"

namespace lockstep::app {

namespace {

struct KindName {
  std::string_view name;
  FeedKind kind;
};

constexpr std::array kinds = {
    KindName{"csaf", FeedKind::csaf},
    KindName{"epss", FeedKind::epss},
    KindName{"kev", FeedKind::kev},
    KindName{"osv", FeedKind::osv},
};

std::optional<FeedKind> kind_of(std::string_view name) {
  const auto row = std::ranges::find(kinds, name, &KindName::name);
  return row == kinds.end() ? std::nullopt : std::optional(row->kind);
}

std::string with_slash(std::string address) {
  if (!address.ends_with('/')) address += '/';
  return address;
}

/// One feed for each ecosystem; the feed itself when it is of another kind.
void add(const Feed& feed, const std::vector<std::string>& ecosystems, std::vector<Feed>& into) {
  const auto put = [&](Feed one) {
    if (std::ranges::find(into, one.name, &Feed::name) == into.end())
      into.push_back(std::move(one));
  };
  if (feed.kind != FeedKind::osv) return put(feed);
  for (const std::string& ecosystem : ecosystems) {
    Feed one = feed;
    one.ecosystem = ecosystem;
    one.name = fmt::format("osv/{}", ecosystem);
    one.address = with_slash(feed.address);
    put(std::move(one));
  }
}

tl::unexpected<Error> no_feed(std::string_view word, const std::vector<KnownFeed>& known) {
  std::vector<std::string> names;
  for (const KnownFeed& row : known)
    names.push_back(row.feed.name);
  const auto near = nearest(word, names);
  return fail(ErrorKind::usage, "usage.feed",
              fmt::format("expected the name of a feed ({}), osv/ECOSYSTEM, or one of osv, kev, "
                          "epss and csaf with =ADDRESS, found '{}'{}",
                          join(names, ", "), quotable(word),
                          near ? fmt::format("; did you mean '{}'?", *near) : ""));
}

/// What osv.dev calls an ecosystem in its export: the name up to a colon.
Result<> check_ecosystem(const std::string& ecosystem) {
  const auto& names = formats::osv::ecosystems;
  if (std::ranges::find(names, ecosystem) != names.end()) return {};
  const std::vector<std::string> candidates(names.begin(), names.end());
  const auto near = nearest(ecosystem, candidates);
  return fail(
      ErrorKind::usage, "usage.feed",
      fmt::format("expected an ecosystem of OSV after 'osv/', found '{}'{}", quotable(ecosystem),
                  near ? fmt::format("; did you mean '{}'?", *near) : ""));
}

Result<> add_word(const std::string& word,
                  const std::vector<KnownFeed>& known,
                  std::vector<Feed>& into) {
  const auto named = std::ranges::find(known, word, [](const auto& row) { return row.feed.name; });
  if (named != known.end()) {
    add(named->feed, named->ecosystems, into);
    return {};
  }
  const auto osv =
      std::ranges::find(known, FeedKind::osv, [](const auto& r) { return r.feed.kind; });
  const std::size_t equals = word.find('=');
  const std::string name = word.substr(0, equals);
  const std::string kind_name = name.substr(0, name.find('/'));
  const auto kind = kind_of(kind_name);
  const bool has_part = kind_name.size() < name.size();
  const bool is_osv = kind == FeedKind::osv;
  if (!kind || (has_part && !is_osv) || (equals == std::string::npos && !(is_osv && has_part)))
    return no_feed(word, known);
  Feed feed{word, *kind, equals == std::string::npos ? "" : word.substr(equals + 1), ""};
  const bool is_domain = feed.kind == FeedKind::csaf && feed.address.find('/') == std::string::npos;
  if (feed.address.empty() && is_osv && equals == std::string::npos)
    feed.address = osv->feed.address;
  if (!may_fetch(is_domain ? "https://" + feed.address : feed.address))
    return fail(ErrorKind::usage, "fetch.address",
                fmt::format("expected an https address without a user name after '{}=', found '{}'",
                            name, quotable(feed.address)));
  std::vector<std::string> ecosystems = osv->ecosystems;
  if (has_part) {
    ecosystems = {name.substr(kind_name.size() + 1)};
    TRY_VOID(check_ecosystem(ecosystems.front()));
  }
  add(feed, ecosystems, into);
  return {};
}

}  // namespace

Result<std::vector<KnownFeed>> known_feeds() {
  const auto file = std::ranges::find(embedded_data(), "feeds.yaml", &EmbeddedFile::path);
  LS_CHECK(file != embedded_data().end(), "data/feeds.yaml is embedded");
  Diagnostics problems;
  TRY(const Json tree, parse_json(file->json, "feeds.yaml", problems));
  std::vector<KnownFeed> known;
  for (const Json& row : tree["feeds"].items()) {
    const auto kind = kind_of(row["kind"].string_or(""));
    if (!kind || !may_fetch(row["address"].string_or("")))
      return fail(ErrorKind::internal, "internal.fault", "data/feeds.yaml has a wrong row",
                  row.at("feeds.yaml"));
    KnownFeed one;
    one.feed = {row["name"].string_or(""), *kind, row["address"].string_or(""), ""};
    one.by_default = row["by_default"].as_bool().value_or(false);
    one.about = row["about"].string_or("");
    for (const Json& ecosystem : row["ecosystems"].items())
      one.ecosystems.push_back(ecosystem.string_or(""));
    known.push_back(std::move(one));
  }
  return known;
}

Result<std::vector<Feed>> wanted_feeds(const std::vector<std::string>& words) {
  TRY(const std::vector<KnownFeed> known, known_feeds());
  std::vector<Feed> feeds;
  for (const std::string& word : words)
    TRY_VOID(add_word(word, known, feeds));
  if (!words.empty()) return feeds;
  for (const KnownFeed& row : known)
    if (row.by_default) add(row.feed, row.ecosystems, feeds);
  return feeds;
}

}  // namespace lockstep::app
