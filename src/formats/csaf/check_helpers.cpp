// SPDX-License-Identifier: Apache-2.0
// Tests about the helpers by which products are identified: package URLs, hashes, numbers, CPE.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.hpp"
#include "domain/purl.hpp"
#include "formats/csaf/check.hpp"

namespace lockstep::formats::csaf {
namespace {

template <typename Look>
void each_helper(const View& view, Look look) {
  for (const Product& product : view.products)
    look(product, (*product.node)["product_identification_helper"]);
}

/// Version 2.0 has one `purl`, version 2.1 a list.
std::vector<const Json*> purls_of(const View& view, const Json& helper) {
  std::vector<const Json*> found;
  if (!view.is_2_1()) {
    if (helper["purl"].is_string()) found.push_back(&helper["purl"]);
    return found;
  }
  for (const Json& purl : helper["purls"].items())
    if (purl.is_string()) found.push_back(&purl);
  return found;
}

template <typename Look>
void each_file(const View& view, Look look) {
  each_helper(view, [&](const Product&, const Json& helper) {
    for (const Json& file : helper["hashes"].items())
      look(file["file_hashes"]);
  });
}

/// The letters of an algorithm's name without separators: "SHA-1" and "sha1" are one.
std::string algorithm_of(const Json& hash) {
  std::string name = lower_case(text(hash["algorithm"]));
  std::erase_if(name, [](char c) { return c == '-' || c == '_'; });
  return name;
}

void alone(const View& view, std::string_view algorithm, Findings& findings) {
  each_file(view, [&](const Json& hashes) {
    const bool is_alone =
        !hashes.items().empty() && std::ranges::all_of(hashes.items(), [&](const Json& hash) {
          return algorithm_of(hash) == algorithm;
        });
    if (is_alone)
      findings.add(hashes,
                   fmt::format("expected a stronger hash beside {}, found none", algorithm));
  });
}

std::size_t count_stars(std::string_view text) {
  std::size_t stars = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '*')
      ++stars;
  }
  return stars;
}

void many_stars(const View& view, std::string_view list, Findings& findings) {
  each_helper(view, [&](const Product&, const Json& helper) {
    for (const Json& number : helper[list].items())
      if (count_stars(text(number)) > 1)
        findings.add(number, fmt::format("expected at most one '*' that is not escaped, found '{}'",
                                         quotable(text(number))));
  });
}

}  // namespace

void invalid_purl(const View& view, Findings& findings) {
  each_helper(view, [&](const Product&, const Json& helper) {
    for (const Json* purl : purls_of(view, helper))
      if (const auto parsed = parse_purl(text(*purl)); !parsed)
        findings.add(*purl, parsed.error().message);
  });
}

void different_purls(const View& view, Findings& findings) {
  each_helper(view, [&](const Product&, const Json& helper) {
    std::optional<Purl> first;
    for (const Json* node : purls_of(view, helper)) {
      auto purl = parse_purl(text(*node));
      if (!purl) continue;
      purl->qualifiers.clear();
      if (first && *first != *purl)
        findings.add(*node,
                     fmt::format("expected purls that differ in qualifiers alone, found '{}' "
                                 "beside '{}'",
                                 quotable(to_text(*purl)), quotable(to_text(*first))));
      if (!first) first = *std::move(purl);
    }
  });
}

void repeated_hash(const View& view, Findings& findings) {
  each_file(view, [&](const Json& hashes) {
    Ids seen;
    for (const Json& hash : hashes.items())
      if (!seen.insert(text(hash["algorithm"])).second)
        findings.add(hash, fmt::format("expected each algorithm once for a file, found '{}' again",
                                       quotable(text(hash["algorithm"]))));
  });
}

void stars_in_model(const View& view, Findings& findings) {
  many_stars(view, "model_numbers", findings);
}

void stars_in_serial(const View& view, Findings& findings) {
  many_stars(view, "serial_numbers", findings);
}

void stars_in_sku(const View& view, Findings& findings) {
  many_stars(view, "skus", findings);
}

void md5_alone(const View& view, Findings& findings) {
  alone(view, "md5", findings);
}

void sha1_alone(const View& view, Findings& findings) {
  alone(view, "sha1", findings);
}

// CSAF 2.1, 3.1.4.3.2: the names that OpenSSL gives to digests.
void unknown_hash(const View& view, Findings& findings) {
  constexpr std::array<std::string_view, 24> named = {
      "blake2b512", "blake2s256", "md4",      "md5",      "md5-sha1", "mdc2",
      "ripemd",     "ripemd160",  "rmd160",   "sha1",     "sha224",   "sha256",
      "sha3-224",   "sha3-256",   "sha3-384", "sha3-512", "sha384",   "sha512",
      "sha512-224", "sha512-256", "shake128", "shake256", "sm3",      "whirlpool"};
  each_file(view, [&](const Json& hashes) {
    for (const Json& hash : hashes.items()) {
      const std::string name = lower_case(text(hash["algorithm"]));
      if (name.starts_with("ssl3-md5") || name.starts_with("ssl3-sha1")) continue;
      if (std::ranges::find(named, name) == named.end())
        findings.add(hash, fmt::format("expected an algorithm that the standard names, such as "
                                       "sha256, found '{}', which it does not name and this "
                                       "program does not know",
                                       quotable(text(hash["algorithm"]))));
    }
  });
}

void short_hash(const View& view, Findings& findings) {
  constexpr std::size_t least = 64;
  each_file(view, [&](const Json& hashes) {
    for (const Json& hash : hashes.items())
      if (hash["value"].is_string() && text(hash["value"]).size() < least)
        findings.add(hash["value"], fmt::format("expected a hash of at least {} characters, found "
                                                "{}",
                                                least, text(hash["value"]).size()));
  });
}

}  // namespace lockstep::formats::csaf
