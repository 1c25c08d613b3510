// SPDX-License-Identifier: Apache-2.0
// How CSAF documents are offered: who lists providers, what a provider offers, and the two forms of
// a list of documents, feeds (ROLIE) and folders (index.txt and changes.csv).
// Source: CSAF 2.0 and 2.1, section 7; RFC 8322 with the JSON form that CSAF prescribes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/result.hpp"

namespace lockstep::formats::csaf {

/// One way to a provider's documents.
struct Distribution {
  enum class Kind { feed, folder };
  Kind kind = Kind::feed;
  std::string url;
  std::string label;  ///< TLP: "WHITE", "CLEAR", "AMBER"; "" when none is given
};

struct Provider {
  std::string canonical_url;
  std::string role;  ///< "csaf_publisher", "csaf_provider", "csaf_trusted_provider"
  std::string publisher;
  std::vector<Distribution> distributions;  ///< in file order
};

/// One row of an aggregator's list.
struct ListedProvider {
  std::string url;  ///< of the provider's own provider-metadata.json
  std::string publisher;
  std::vector<std::string> mirrors;
};

struct Aggregator {
  std::string name;
  std::string category;  ///< "aggregator" or "lister"
  std::vector<ListedProvider> providers;
};

/// Reads a provider-metadata.json. What breaks its schema is a warning, csaf.provider, as long as
/// there is a way to documents. Errors: json.*, csaf.provider.
Result<Provider> read_provider(std::string_view bytes,
                               const std::string& file,
                               Diagnostics& problems);

/// Reads an aggregator.json, likewise. Errors: json.*, csaf.aggregator.
Result<Aggregator> read_aggregator(std::string_view bytes,
                                   const std::string& file,
                                   Diagnostics& problems);

/// Whether a text looks like an aggregator's list rather than like one provider.
bool looks_like_aggregator(std::string_view bytes);

/// One document that is offered.
struct Offer {
  std::string url;      ///< in a folder's list: relative to the folder
  std::string updated;  ///< as written, RFC 3339; "" when the list has no times
  std::string sha256_url;
  std::string sha512_url;
  std::string signature_url;
};

/// Reads a feed. An entry without an address or a time is left out and reported. The address of a
/// document is its link "self", else the source of its content.
/// Errors: json.*, csaf.feed. Problems: csaf.feed.
Result<std::vector<Offer>> read_feed(std::string_view bytes,
                                     const std::string& file,
                                     Diagnostics& problems);

/// Reads changes.csv: lines of a path and a time, with or without quotes, the newest first. A line
/// that is none, and a path that leads out of the folder, are reported and left out: csaf.listing.
std::vector<Offer> read_changes(std::string_view bytes,
                                const std::string& file,
                                Diagnostics& problems);

/// Reads index.txt: a path on each line. Problems as for changes.csv.
std::vector<Offer> read_index(std::string_view bytes,
                              const std::string& file,
                              Diagnostics& problems);

/// The digest in a .sha256 or .sha512 file: its first word, in lower case; "" when that is none of
/// `digits` hexadecimal digits. Source: CSAF 2.0, section 7.1.18.
std::string read_digest(std::string_view bytes, std::size_t digits);

}  // namespace lockstep::formats::csaf
