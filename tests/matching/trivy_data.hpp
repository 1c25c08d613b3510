// SPDX-License-Identifier: Apache-2.0
// The advisory database of the trivy-e2e suite as records of our domain. A bucket is a release of a
// distribution ("debian 9") or an ecosystem with its source ("npm::GitHub Security Advisory Npm");
// in it packages, and in those vulnerabilities.
#pragma once

#include <algorithm>
#include <array>
#include <filesystem>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/text.hpp"
#include "domain/advisory.hpp"
#include "formats/ghsa/read.hpp"
#include "support/paths.hpp"
#include "versions/vers.hpp"

namespace lockstep::test::trivy {

/// The OSV ecosystem of a bucket, and the type of VERS that its ranges are native to; nothing for
/// buckets that no ecosystem of OSV stands for.
struct Place {
  std::string ecosystem;
  std::string type;  ///< "" for distributions
};

inline std::optional<Place> place_of(const std::string& bucket) {
  constexpr std::array<std::array<std::string_view, 3>, 15> languages = {{
      {"cargo", "crates.io", "cargo"},
      {"cocoapods", "purl:cocoapods", "gem"},
      {"composer", "Packagist", "composer"},
      {"conan", "ConanCenter", "conan"},
      {"erlang", "Hex", "hex"},
      {"go", "Go", "golang"},
      {"k8s", "Kubernetes", "semver"},
      {"maven", "Maven", "maven"},
      {"npm", "npm", "npm"},
      {"nuget", "NuGet", "nuget"},
      {"pip", "PyPI", "pypi"},
      {"pub", "Pub", "pub"},
      {"rubygems", "RubyGems", "gem"},
      {"swift", "SwiftURL", "swift"},
      {"julia", "Julia", "semver"},
  }};
  if (const std::size_t colons = bucket.find("::"); colons != std::string::npos) {
    for (const auto& [word, ecosystem, type] : languages)
      if (bucket.substr(0, colons) == word && !ecosystem.empty())
        return Place{std::string(ecosystem), std::string(type)};
    return std::nullopt;
  }
  constexpr std::array<std::pair<std::string_view, std::string_view>, 11> distributions = {{
      {"alma ", "AlmaLinux:"},
      {"alpine edge", "Alpine:edge"},
      {"alpine ", "Alpine:v"},
      {"CBL-Mariner ", "Azure Linux:"},
      {"Azure Linux ", "Azure Linux:"},
      {"debian ", "Debian:"},
      {"openSUSE ", "openSUSE:"},
      {"Photon OS ", "Photon OS:"},
      {"rocky ", "Rocky Linux:"},
      {"SUSE Linux Enterprise Micro ", "SUSE:Linux Enterprise Micro "},
      {"ubuntu ", "Ubuntu:"},
  }};
  for (const auto& [start, name] : distributions) {
    if (!bucket.starts_with(start)) continue;
    std::string ecosystem = std::string(name) + bucket.substr(start.size());
    if (ecosystem.starts_with("Azure Linux:")) ecosystem = ecosystem.substr(0, ecosystem.find('.'));
    return Place{ecosystem, ""};
  }
  constexpr std::string_view enterprise = "SUSE Linux Enterprise ";
  if (bucket.starts_with(enterprise)) {
    std::string release = bucket.substr(enterprise.size());
    std::ranges::replace(release, '-', ' ');
    return Place{"SUSE:Linux Enterprise Server " + release, ""};
  }
  return std::nullopt;
}

inline std::vector<std::string> texts_of(const Json& list) {
  std::vector<std::string> texts;
  for (const Json& item : list.items())
    texts.push_back(item.string_or(""));
  return texts;
}

/// One piece of a VERS for each interval.
inline void add_vers(const versions::Vers& vers, Affected& affected) {
  using versions::Comparator;
  AffectedRange open;
  for (const versions::VersConstraint& one : vers.constraints) {
    if (one.comparator == Comparator::equal) affected.versions.push_back(one.version);
    if (one.comparator == Comparator::greater || one.comparator == Comparator::greater_or_equal)
      open.events = {{one.comparator == Comparator::greater ? Event::Kind::introduced_after
                                                            : Event::Kind::introduced,
                      one.version}};
    if (one.comparator != Comparator::less && one.comparator != Comparator::less_or_equal) continue;
    if (open.events.empty()) open.events = {{Event::Kind::introduced, "0"}};
    open.events.push_back(
        {one.comparator == Comparator::less ? Event::Kind::fixed : Event::Kind::last_affected,
         one.version});
    affected.ranges.push_back(std::move(open));
    open = {};
  }
  if (!open.events.empty()) affected.ranges.push_back(std::move(open));
}

/// Ranges stand in the notation of GitHub, or in that of the package manager.
inline void add_ranges(const Json& value, const Place& place, Affected& affected) {
  const std::size_t before = affected.ranges.size();
  for (const std::string& written : texts_of(value["VulnerableVersions"])) {
    auto ranges = formats::ghsa::parse_range(written, affected.versions);
    if (ranges) {
      std::ranges::move(*ranges, std::back_inserter(affected.ranges));
      continue;
    }
    const auto vers = versions::vers_from_native(place.type, written);
    EXPECT_TRUE(vers.has_value()) << written;
    if (vers) add_vers(*vers, affected);
  }
  for (const std::string& patched : texts_of(value["PatchedVersions"])) {
    // A version that mends, or a range of them: all before its start are open then.
    const std::size_t digits = patched.find_first_of("0123456789");
    if (digits == 0) {
      AffectedRange fix;
      fix.events = {{Event::Kind::introduced, patched}, {Event::Kind::fixed, patched}};
      affected.ranges.push_back(std::move(fix));
    }
  }
  if (place.ecosystem == "Kubernetes")
    for (std::size_t i = before; i < affected.ranges.size(); ++i)
      affected.ranges[i].kind = AffectedRange::Kind::semver;
  if (!value["VulnerableVersions"].items().empty() || value["PatchedVersions"].items().empty())
    return;
  // Only what is mended is told: all else is affected (">= 3.1.0", ">= 2.1.3, < 3.0.0").
  std::vector<std::string> starts;
  AffectedRange rest;
  rest.events = {{Event::Kind::introduced, "0"}};
  for (const std::string& patched : texts_of(value["PatchedVersions"])) {
    std::vector<std::string> none;
    const auto ranges = formats::ghsa::parse_range(patched, none);
    EXPECT_TRUE(ranges && ranges->size() == 1) << patched;
    for (const Event& event : ranges->front().events) {
      const bool is_start = event.kind == Event::Kind::introduced;
      rest.events.push_back(
          {is_start ? Event::Kind::fixed : Event::Kind::introduced, event.version});
    }
  }
  affected.ranges.push_back(std::move(rest));
}

/// The records of one package of a bucket.
inline void add_package(const std::string& bucket,
                        const Place& place,
                        const Json& package,
                        std::vector<Advisory>& into) {
  for (const Json& pair : package["pairs"].items()) {
    const std::string key(trim(pair["key"].string_or("")));
    const Json& value = pair["value"];
    Advisory advisory;
    // Records are told apart by all three: one vulnerability has a record in each.
    advisory.id = bucket + "/" + package["bucket"].string_or("") + "/" + key;
    (place.type.empty() ? advisory.upstream : advisory.aliases).push_back(key);
    for (const std::string& id : texts_of(value["VendorIDs"]))
      advisory.upstream.push_back(id);
    Affected affected;
    affected.ecosystem = place.ecosystem;
    affected.package = package["bucket"].string_or("");
    if (place.type.empty()) {
      AffectedRange range;
      range.events = {{Event::Kind::introduced, "0"}};
      const std::string fixed = value["FixedVersion"].string_or("");
      if (!fixed.empty()) range.events.push_back({Event::Kind::fixed, fixed});
      affected.ranges.push_back(std::move(range));
    } else {
      add_ranges(value, place, affected);
    }
    advisory.affected.push_back(std::move(affected));
    into.push_back(std::move(advisory));
  }
}

/// Red Hat: entries of a package name repositories by number, which stand for CPE names.
inline void add_red_hat(const Json& bucket,
                        const std::vector<std::pair<std::int64_t, std::string>>& products,
                        std::vector<Advisory>& into) {
  for (const Json& package : bucket["pairs"].items()) {
    for (const Json& pair : package["pairs"].items()) {
      Advisory advisory;
      const std::string key = pair["key"].string_or("");
      advisory.id = "Red Hat/" + package["bucket"].string_or("") + "/" + key;
      advisory.upstream.push_back(key);
      for (const Json& entry : pair["value"]["Entries"].items()) {
        for (const Json& cve : entry["Cves"].items())
          if (cve["ID"].is_string()) advisory.upstream.push_back(cve["ID"].string_or(""));
        for (const Json& number : entry["Affected"].items()) {
          const auto product = std::ranges::find(products, number.as_int().value_or(-1),
                                                 &std::pair<std::int64_t, std::string>::first);
          if (product == products.end()) continue;
          Affected affected;
          affected.ecosystem = "Red Hat:" + product->second;
          affected.package = package["bucket"].string_or("");
          AffectedRange range;
          range.events = {{Event::Kind::introduced, "0"}};
          const std::string fixed = entry["FixedVersion"].string_or("");
          if (!fixed.empty()) range.events.push_back({Event::Kind::fixed, fixed});
          affected.ranges.push_back(std::move(range));
          advisory.affected.push_back(std::move(affected));
        }
      }
      into.push_back(std::move(advisory));
    }
  }
}

/// All records of the database, and the buckets that have no place.
inline std::pair<std::vector<Advisory>, std::vector<std::string>> records(
    const std::string& folder) {
  std::vector<Json> files;
  std::vector<std::pair<std::int64_t, std::string>> products;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    Diagnostics problems;
    auto tree = parse_yaml(read_file(entry.path().string()), entry.path().string(), problems);
    EXPECT_TRUE(tree.has_value()) << entry.path();
    if (tree) files.push_back(*std::move(tree));
  }
  for (const Json& file : files)
    for (const Json& bucket : file.items())
      for (const Json& part : bucket["pairs"].items())
        if (bucket["bucket"].string_or("") == "Red Hat CPE" &&
            part["bucket"].string_or("") == "cpe")
          for (const Json& pair : part["pairs"].items()) {
            // "cpe:/o:redhat:enterprise_linux:7::server": OSV keeps what follows the vendor.
            const std::string name = pair["value"].string_or("");
            constexpr std::string_view vendor = ":redhat:";
            const std::size_t at = name.find(vendor);
            products.emplace_back(std::stoll(pair["key"].string_or("0")),
                                  name.substr(at + vendor.size()));
          }
  std::pair<std::vector<Advisory>, std::vector<std::string>> result;
  for (const Json& file : files) {
    for (const Json& bucket : file.items()) {
      const std::string name = bucket["bucket"].string_or("");
      if (name == "Red Hat") {
        add_red_hat(bucket, products, result.first);
        continue;
      }
      if (name == "Red Hat CPE" || name == "data-source" || name == "vulnerability") continue;
      const auto place = place_of(name);
      if (!place) {
        result.second.push_back(name);
        continue;
      }
      for (const Json& package : bucket["pairs"].items())
        add_package(name, *place, package, result.first);
    }
  }
  std::ranges::sort(result.second);
  return result;
}

}  // namespace lockstep::test::trivy
