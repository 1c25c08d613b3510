// SPDX-License-Identifier: Apache-2.0
#include "formats/csaf/provider.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "formats/csaf/limits.hpp"
#include "formats/schema.hpp"

namespace lockstep::formats::csaf {

namespace {

std::string string_of(const Json& node) {
  return node.string_or("");
}

/// The schema of the version that a document names, else the newest.
std::string schema_of(std::string_view kind, const Json& version) {
  return fmt::format("csaf/{}-{}", kind, version.string_or("") == "2.0" ? "2.0" : "2.1");
}

void add_feeds(const Json& rolie, std::vector<Distribution>& into) {
  for (const Json& feed : rolie["feeds"].items()) {
    Distribution one{Distribution::Kind::feed, string_of(feed["url"]),
                     string_of(feed["tlp_label"])};
    if (!one.url.empty()) into.push_back(std::move(one));
  }
}

/// 2.0 has one "directory_url" without a label, 2.1 a "directory" with one.
void add_folder(const Json& distribution, std::vector<Distribution>& into) {
  const Json& folder = distribution["directory"];
  std::string url = string_of(distribution["directory_url"]);
  if (url.empty()) url = string_of(folder["url"]);
  if (!url.empty())
    into.push_back({Distribution::Kind::folder, std::move(url), string_of(folder["tlp_label"])});
}

std::vector<ListedProvider> listed(const Json& rows) {
  std::vector<ListedProvider> providers;
  for (const Json& row : rows.items()) {
    ListedProvider one{
        string_of(row["metadata"]["url"]), string_of(row["metadata"]["publisher"]["name"]), {}};
    for (const Json& mirror : row["mirrors"].items())
      if (mirror.is_string()) one.mirrors.push_back(string_of(mirror));
    if (!one.url.empty()) providers.push_back(std::move(one));
  }
  return providers;
}

/// The address and the digests of an entry of a feed.
Offer offer_of(const Json& entry) {
  Offer offer;
  offer.updated = string_of(entry["updated"]);
  for (const Json& link : entry["link"].items()) {
    const std::string relation = string_of(link["rel"]);
    const std::string target = string_of(link["href"]);
    if (relation == "self") offer.url = target;
    if (relation == "signature") offer.signature_url = target;
    if (relation == "hash" && lower_case(target).ends_with(".sha256")) offer.sha256_url = target;
    if (relation == "hash" && lower_case(target).ends_with(".sha512")) offer.sha512_url = target;
  }
  if (offer.url.empty()) offer.url = string_of(entry["content"]["src"]);
  return offer;
}

}  // namespace

Result<Provider> read_provider(std::string_view bytes,
                               const std::string& file,
                               Diagnostics& problems) {
  TRY(const Json document, parse_json(bytes, file, problems, document_limits));
  check_schema(document, schema_of("provider", document["metadata_version"]), "csaf.provider",
               {file, problems, Rules::warnings});
  Provider provider{string_of(document["canonical_url"]),
                    string_of(document["role"]),
                    string_of(document["publisher"]["name"]),
                    {}};
  for (const Json& distribution : document["distributions"].items()) {
    add_feeds(distribution["rolie"], provider.distributions);
    add_folder(distribution, provider.distributions);
  }
  if (provider.distributions.empty())
    return fail(ErrorKind::input, "csaf.provider",
                "expected at least one feed or folder of documents in 'distributions', found none",
                document["distributions"].at(file));
  return provider;
}

Result<Aggregator> read_aggregator(std::string_view bytes,
                                   const std::string& file,
                                   Diagnostics& problems) {
  TRY(const Json document, parse_json(bytes, file, problems, document_limits));
  check_schema(document, schema_of("aggregator", document["aggregator_version"]), "csaf.aggregator",
               {file, problems, Rules::warnings});
  Aggregator aggregator{string_of(document["aggregator"]["name"]),
                        string_of(document["aggregator"]["category"]),
                        listed(document["csaf_providers"])};
  std::ranges::move(listed(document["csaf_publishers"]), std::back_inserter(aggregator.providers));
  if (aggregator.providers.empty())
    return fail(ErrorKind::input, "csaf.aggregator",
                "expected at least one row in 'csaf_providers', found none",
                document["csaf_providers"].at(file));
  return aggregator;
}

bool looks_like_aggregator(std::string_view bytes) {
  return bytes.find("\"aggregator_version\"") != std::string_view::npos;
}

Result<std::vector<Offer>> read_feed(std::string_view bytes,
                                     const std::string& file,
                                     Diagnostics& problems) {
  TRY(const Json document, parse_json(bytes, file, problems, document_limits));
  if (!document["feed"]["entry"].is_array())
    return fail(ErrorKind::input, "csaf.feed",
                "expected a list of documents in feed.entry, found none",
                document["feed"].at(file));
  std::vector<Offer> offers;
  for (const Json& entry : document["feed"]["entry"].items()) {
    Offer offer = offer_of(entry);
    if (offer.url.empty() || !parse_instant(offer.updated)) {
      problems.error("csaf.feed",
                     fmt::format("expected an entry with a link 'self' and a time in 'updated', "
                                 "found '{}' and '{}'",
                                 quotable(offer.url), quotable(offer.updated)),
                     entry.at(file));
      continue;
    }
    offers.push_back(std::move(offer));
  }
  return offers;
}

}  // namespace lockstep::formats::csaf
