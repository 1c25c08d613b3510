// SPDX-License-Identifier: Apache-2.0
// Worlds of advisories and releases that change by chance, for the tests of watching.
#pragma once

#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "advisories/index.hpp"
#include "app/watch/releases.hpp"
#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/random.hpp"
#include "domain/bom.hpp"
#include "domain/gate_policy.hpp"
#include "domain/vex.hpp"

namespace lockstep::test {

/// Advisories and lists of one day.
struct World {
  std::map<std::string, Advisory> records;
  std::map<std::string, std::map<std::string, KnownExploited>> lists;  ///< by source, by id
  std::map<std::string, double> scores;

  advisories::AdvisoryIndex index() const {
    advisories::IndexBuilder builder;
    for (const auto& [id, record] : records)
      builder.add(record);
    for (const auto& [source, entries] : lists) {
      KnownExploitedList list{source, "2026-01-05", {}};
      for (const auto& [id, entry] : entries)
        list.entries.push_back(entry);
      builder.add(list, sha256(source));
    }
    if (!scores.empty()) {
      EpssTable table{"v1", "2026-01-05", {}};
      for (const auto& [cve, probability] : scores)
        table.rows.push_back({cve, probability, probability});
      builder.add(table, sha256("epss"));
    }
    auto index = advisories::AdvisoryIndex::from_bytes(builder.finish(), "advisories.index");
    EXPECT_TRUE(index.has_value());
    return *std::move(index);
  }
};

inline std::string pick(Random& random, const std::vector<std::string>& from) {
  return from[random.below(static_cast<std::uint32_t>(from.size()))];
}

inline std::string some_version(Random& random) {
  return std::to_string(1 + random.below(6)) + "." + std::to_string(random.below(3));
}

inline std::string some_cve(Random& random) {
  return "CVE-2026-" + std::to_string(1000 + random.below(12));
}

/// An entry by CPE name, as NVD has them.
inline Affected some_named(Random& random) {
  Affected affected;
  affected.ecosystem = cpe_ecosystem;
  affected.package = random.below(2) == 0 ? "a:acme:left" : "o:acme:base";
  affected.cpe = "cpe:2.3:" + affected.package + ":*:*:*:*:*:*:*:*";
  if (random.below(3) != 0) {
    AffectedRange range;
    range.events = {{Event::Kind::introduced, "0"}, {Event::Kind::fixed, some_version(random)}};
    affected.ranges = {range};
  }
  if (random.below(2) == 0) affected.together_with = {0};
  return affected;
}

inline Affected some_affected(Random& random) {
  static const std::vector<std::pair<std::string, std::string>> packages = {
      {"npm", "left"},       {"npm", "@scope/right"}, {"PyPI", "Big_Name"},  {"Debian:11", "zlib"},
      {"Debian:12", "zlib"}, {"Go", "host/Mod"},      {"Go", "host/mod/v2"}, {"crates.io", "left"}};
  const auto& [ecosystem, package] =
      packages[random.below(static_cast<std::uint32_t>(packages.size()))];
  Affected affected;
  affected.ecosystem = ecosystem;
  affected.package = package;
  AffectedRange range;
  range.kind = random.below(8) == 0 ? AffectedRange::Kind::git : AffectedRange::Kind::ecosystem;
  range.events = {{Event::Kind::introduced, random.below(2) == 0 ? "0" : some_version(random)}};
  if (random.below(3) != 0) range.events.push_back({Event::Kind::fixed, some_version(random)});
  affected.ranges = {range};
  if (random.below(6) == 0)
    affected.severity = {{"CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}};
  return affected;
}

inline Advisory some_advisory(Random& random, const std::string& id) {
  Advisory made;
  made.id = id;
  made.modified = parse_instant("2026-01-02T03:04:05Z");
  made.published = parse_instant("2026-01-01T00:00:00Z");
  made.summary = "Summary " + std::to_string(random.below(3));
  if (random.below(2) == 0) made.aliases = {some_cve(random)};
  if (random.below(4) == 0) made.aliases.push_back("GHSA-" + std::to_string(random.below(10)));
  if (random.below(4) == 0) made.upstream = {some_cve(random)};
  if (random.below(3) == 0)
    made.severity = {{"CVSS_V3", random.below(2) == 0
                                     ? "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
                                     : "CVSS:3.1/AV:L/AC:H/PR:L/UI:R/S:U/C:L/I:N/A:N"}};
  if (random.below(8) == 0) made.withdrawn = parse_instant("2026-01-03T00:00:00Z");
  for (std::uint32_t i = 0; i <= random.below(2); ++i)
    made.affected.push_back(some_affected(random));
  if (random.below(3) == 0) {
    made.form = AdvisoryForm::nvd;
    made.affected.push_back(some_named(random));
    made.cpe_groups = {{{random.below(2) == 0 ? "cpe:2.3:o:acme:base:*:*:*:*:*:*:*:*"
                                              : "cpe:2.3:h:acme:board:-:*:*:*:*:*:*:*",
                         {}}}};
  }
  return made;
}

/// A few changes of all kinds.
inline void change(World& world, Random& random) {
  for (std::uint32_t i = 0; i <= random.below(4); ++i) {
    const std::string id =
        (random.below(2) == 0 ? "GHSA-" : "OSV-") + std::to_string(random.below(20));
    if (random.below(4) == 0) {
      world.records.erase(id);
    } else {
      world.records[id] = some_advisory(random, id);
    }
  }
  if (random.below(3) == 0) {
    const std::string source = random.below(2) == 0 ? "cisa-kev" : "eu-kev";
    const std::string cve = some_cve(random);
    if (world.lists[source].contains(cve)) {
      world.lists[source].erase(cve);
    } else {
      KnownExploited known;
      known.cve = cve;
      known.source = source;
      known.date_added = "2026-01-0" + std::to_string(1 + random.below(5));
      if (random.below(3) == 0) known.euvd = "EUVD-2026-" + std::to_string(2000 + random.below(4));
      world.lists[source][cve] = known;
    }
  }
  if (random.below(2) == 0) world.scores[some_cve(random)] = random.uniform();
}

inline Component some_component(Random& random) {
  static const std::vector<std::string> purls = {
      "pkg:npm/left@",        "pkg:npm/%40scope/right@", "pkg:pypi/big-name@",
      "pkg:deb/debian/zlib@", "pkg:golang/host/mod@v",   "pkg:cargo/left@",
      "pkg:generic/none@",
  };
  Component component;
  std::string text = pick(random, purls);
  const bool is_bare = random.below(8) == 0;
  text = is_bare ? text.substr(0, text.rfind('@')) : text + some_version(random);
  if (text.starts_with("pkg:deb") && random.below(3) != 0)
    text += random.below(2) == 0 ? "?distro=debian-11" : "?distro=bookworm";
  if (text.starts_with("pkg:golang") && random.below(3) == 0) text += "#v2";
  component.purl = *parse_purl(text);
  component.name = component.purl->name;
  component.version = component.purl->version;
  if (random.below(3) == 0)
    component.cpe = pick(
        random, {"cpe:2.3:a:acme:left:*:*:*:*:*:*:*:*", "cpe:2.3:o:acme:base:2.1:*:*:*:*:*:*:*",
                 "cpe:2.3:h:acme:board:-:*:*:*:*:*:*:*", "cpe:/a:acme:other:1.0"});
  component.reference = "part-" + std::to_string(random.below(1000));
  component.scope = random.below(3) == 0 ? "optional" : "";
  return component;
}

inline Bom some_bom(Random& random, const std::string& path) {
  Bom bom;
  bom.path = path;
  bom.sha256 = sha256(std::to_string(random.next_u64()));
  bom.format = "CycloneDX 1.6";
  bom.serial = "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79";
  for (std::uint32_t i = 0; i < 6 + random.below(8); ++i)
    bom.components.push_back(some_component(random));
  return bom;
}

inline VexStatement some_statement(Random& random, const Bom& bom) {
  VexStatement statement;
  statement.vulnerability = some_cve(random);
  const Component& component =
      bom.components[random.below(static_cast<std::uint32_t>(bom.components.size()))];
  statement.products = {{to_text(*component.purl), {}}};
  statement.at = parse_instant("2026-01-0" + std::to_string(1 + random.below(5)) + "T00:00:00Z");
  statement.author = "A. Maker";
  switch (random.below(4)) {
    case 0:
      statement.status = VexStatement::Fixed{};
      break;
    case 1:
      statement.status = VexStatement::NotAffected{"component_not_present", ""};
      break;
    case 2:
      statement.status = VexStatement::Affected{"update"};
      statement.accepted_by = "A. Maker";
      statement.accepted_until = Day(std::chrono::days(20'459 + random.below(30)));
      break;
    default:
      statement.status = VexStatement::UnderInvestigation{};
  }
  return statement;
}

inline Reachability some_reachability(Random& random, const Bom& bom) {
  const Component& component =
      bom.components[random.below(static_cast<std::uint32_t>(bom.components.size()))];
  Purl purl = *component.purl;
  if (random.below(2) == 0) purl.version.clear();
  return {to_text(purl), some_cve(random), pick(random, {"yes", "no", "unknown"}), "calls", "tool"};
}

}  // namespace lockstep::test
