// SPDX-License-Identifier: Apache-2.0
// The databases of the grype-matcher suite as records of our domain. Each file is an envelope
// around a record of its source: OSV, the NVD, GitHub, a distribution's tracker, OpenVEX.
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
#include "domain/vex.hpp"
#include "formats/ghsa/read.hpp"
#include "formats/nvd/read.hpp"
#include "formats/osv/read.hpp"
#include "support/paths.hpp"

namespace lockstep::test::grype {

struct Database {
  std::vector<Advisory> records;
  std::vector<VexStatement> statements;
  std::vector<std::string> passed_over;  ///< identifiers of other kinds of records
};

/// The OSV ecosystem of a distribution's namespace: "Debian:12" of "debian:12".
inline std::string ecosystem_of(const std::string& name) {
  const std::size_t colon = name.find(':');
  const std::string release = name.substr(colon + 1);
  constexpr std::array<std::array<std::string_view, 2>, 5> rows = {{{"debian", "Debian:"},
                                                                    {"alpine", "Alpine:v"},
                                                                    {"ubuntu", "Ubuntu:"},
                                                                    {"wolfi", "Wolfi"},
                                                                    {"chainguard", "Chainguard"}}};
  for (const auto& [word, ecosystem] : rows) {
    if (name.substr(0, colon) != word) continue;
    return std::string(ecosystem) + (ecosystem.find(':') == std::string_view::npos ? "" : release);
  }
  if (name.starts_with("rhel:")) return "Red Hat:enterprise_linux:" + release + "::baseos";
  return "";
}

inline AffectedRange up_to(const std::string& fixed) {
  AffectedRange range;
  range.events = {{Event::Kind::introduced, "0"}};
  if (!fixed.empty() && fixed != "None") range.events.push_back({Event::Kind::fixed, fixed});
  return range;
}

/// A distribution's tracker: a fix of "0" says that the package is not affected, one of "None" that
/// there is none.
inline Advisory distribution_record(const std::string& identifier, const Json& item) {
  const Json& vulnerability = item["Vulnerability"];
  Advisory advisory;
  advisory.id = identifier;
  advisory.upstream = {vulnerability["Name"].string_or("")};
  for (const Json& fix : vulnerability["FixedIn"].items()) {
    Affected affected;
    affected.ecosystem = ecosystem_of(fix["NamespaceName"].string_or(""));
    EXPECT_NE(affected.ecosystem, "") << identifier;
    affected.package = fix["Name"].string_or("");
    affected.ranges.push_back(up_to(fix["Version"].string_or("")));
    // OSV has no member for the stream; records of distributions name it in their summary.
    advisory.summary += fix["Module"].string_or("") + " ";
    advisory.affected.push_back(std::move(affected));
  }
  return advisory;
}

/// GitHub's advisories in the words of its GraphQL interface.
inline Advisory github_record(const Json& item) {
  const Json& from = item["Advisory"];
  Advisory advisory;
  advisory.id = from["ghsaId"].string_or("");
  for (const Json& cve : from["CVE"].items())
    advisory.aliases.push_back(cve.string_or(""));
  advisory.summary = from["Summary"].string_or("");
  advisory.withdrawn = parse_instant(from["withdrawn"].string_or(""));
  for (const Json& fix : from["FixedIn"].items()) {
    const std::string word = fix["ecosystem"].string_or("");
    Affected affected;
    affected.ecosystem = word == "java" ? "Maven" : std::string(formats::ghsa::ecosystem_of(word));
    EXPECT_NE(affected.ecosystem, "") << word;
    affected.package = fix["name"].string_or("");
    auto ranges = formats::ghsa::parse_range(fix["range"].string_or(""), affected.versions);
    EXPECT_TRUE(ranges.has_value()) << fix["range"].string_or("");
    if (ranges) affected.ranges = *std::move(ranges);
    advisory.affected.push_back(std::move(affected));
  }
  return advisory;
}

inline VexStatement vex_record(const Json& item) {
  const Json& from = item["document"];
  VexStatement statement;
  statement.vulnerability = from["vulnerability"]["name"].string_or("");
  for (const Json& alias : from["vulnerability"]["aliases"].items())
    statement.aliases.push_back(alias.string_or(""));
  for (const Json& product : from["products"].items())
    statement.products.push_back({product["identifiers"]["purl"].string_or(""), {}});
  EXPECT_EQ(from["status"].string_or(""), "fixed");
  statement.status = VexStatement::Fixed{};
  statement.at = parse_instant(from["timestamp"].string_or(""));
  return statement;
}

/// Reads one database, or those of its records whose identifiers are in `only`.
inline Database read(const std::string& folder, const std::vector<std::string>& only) {
  Database database;
  formats::osv::Reader osv;
  formats::nvd::Reader nvd;
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.path().string().find("/results/") != std::string::npos && entry.is_regular_file())
      paths.push_back(entry.path().string());
  std::ranges::sort(paths);
  for (const std::string& path : paths) {
    const std::string bytes = read_file(path);
    Diagnostics problems;
    const auto envelope = parse_json(bytes, path, problems);
    EXPECT_TRUE(envelope.has_value()) << path;
    if (!envelope) continue;
    const std::string identifier = (*envelope)["identifier"].string_or("");
    const bool is_wanted = only.empty() || std::ranges::any_of(only, [&](const std::string& one) {
                             return lower_case(identifier).ends_with(lower_case(one));
                           });
    if (!is_wanted) continue;
    const Json& item = (*envelope)["item"];
    const std::string schema = (*envelope)["schema"].string_or("");
    const auto is_kind = [&schema](std::string_view kind) {
      return schema.find(kind) != std::string::npos;
    };
    if (is_kind("/osv/")) {
      auto read = osv.read(to_canonical_json(item), path, problems);
      EXPECT_TRUE(read.has_value() && read->size() == 1) << path;
      if (read) std::ranges::move(*read, std::back_inserter(database.records));
    } else if (is_kind("/nvd/")) {
      auto read = nvd.read(bytes, path, problems);
      EXPECT_TRUE(read.has_value() && read->size() == 1) << path;
      if (read) std::ranges::move(*read, std::back_inserter(database.records));
    } else if (is_kind("/vulnerability/os/")) {
      database.records.push_back(distribution_record(identifier, item));
    } else if (is_kind("/github-security-advisory/")) {
      database.records.push_back(github_record(item));
    } else if (is_kind("/annotated-openvex/")) {
      database.statements.push_back(vex_record(item));
    } else {
      database.passed_over.push_back(identifier);
    }
  }
  return database;
}

}  // namespace lockstep::test::grype
