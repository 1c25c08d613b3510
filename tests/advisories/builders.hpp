// SPDX-License-Identifier: Apache-2.0
// Small records, bills and indexes for the tests of this room.
#pragma once

#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include "advisories/index.hpp"
#include "advisories/record_codec.hpp"
#include "base/diagnostics.hpp"
#include "base/digest.hpp"
#include "domain/bom.hpp"

namespace lockstep::test {

/// A record of one package, affected from the start until `fixed`.
inline Advisory advisory(const std::string& id,
                         const std::string& ecosystem,
                         const std::string& package,
                         const std::string& fixed) {
  Advisory made;
  made.id = id;
  made.modified = parse_instant("2026-01-02T03:04:05Z");
  made.summary = "About " + package;
  Affected affected;
  affected.ecosystem = ecosystem;
  affected.package = package;
  AffectedRange range;
  range.events = {{Event::Kind::introduced, "0"}};
  if (!fixed.empty()) range.events.push_back({Event::Kind::fixed, fixed});
  affected.ranges = {range};
  made.affected = {affected};
  return made;
}

inline advisories::AdvisoryIndex index_of(advisories::IndexBuilder& builder) {
  auto index = advisories::AdvisoryIndex::from_bytes(builder.finish(), "advisories.index");
  EXPECT_TRUE(index.has_value()) << to_text(index.error());
  return *std::move(index);
}

inline advisories::AdvisoryIndex index_of(const std::vector<Advisory>& records) {
  advisories::IndexBuilder builder;
  for (const Advisory& record : records)
    builder.add(record);
  return index_of(builder);
}

/// "ID DIGEST" and a line feed: what the digest of a source is over. The digest of a record is that
/// of all its bytes but the id and itself.
inline std::string line_of(const Advisory& record) {
  advisories::RecordEncoder encoder;
  const std::string_view bytes = encoder.encode(record);
  return record.id + " " + sha256(bytes.substr(1 + record.id.size() + 32)) + "\n";
}

inline Component component(const std::string& purl) {
  Component made;
  made.reference = purl;
  auto read = parse_purl(purl);
  EXPECT_TRUE(read.has_value()) << purl;
  made.purl = *std::move(read);
  made.name = made.purl->name;
  made.version = made.purl->version;
  return made;
}

inline Bom bill(const std::vector<std::string>& purls) {
  Bom bom;
  bom.path = "app.cdx.json";
  for (const std::string& purl : purls)
    bom.components.push_back(component(purl));
  return bom;
}

}  // namespace lockstep::test
