// SPDX-License-Identifier: Apache-2.0
#include "advisories/module_stream.hpp"

#include <gtest/gtest.h>

#include "advisories/index.hpp"
#include "advisories/match.hpp"
#include "formats/osv/read.hpp"

namespace lockstep::advisories {
namespace {

TEST(ModuleStream, IsTheFrontOfALabel) {
  EXPECT_EQ(module_stream("nodejs:12:8030020201124152102:229f0a1c"), "nodejs:12");
  EXPECT_EQ(module_stream("nodejs:12"), "nodejs:12");
  for (const char* none : {"", "nodejs", "nodejs:", ":12", "nodejs::8030"})
    EXPECT_EQ(module_stream(none), "") << none;
}

TEST(ModuleStream, IsNamedBySummaries) {
  for (const char* summary : {"Important: nodejs:12 security update", "nodejs:12", "(nodejs:12).",
                              "Moderate: virt:rhel and nodejs:12 bug fix update"}) {
    EXPECT_FALSE(is_other_stream(summary, "nodejs:12")) << summary;
    EXPECT_TRUE(is_other_stream(summary, "nodejs:10")) << summary;
    EXPECT_TRUE(is_other_stream(summary, "nodejs:1")) << summary;
  }
  // Without a word about streams, it may be any.
  for (const char* summary : {"", "Important: varnish security update", "ruby: two flaws"})
    EXPECT_FALSE(is_other_stream(summary, "nodejs:10")) << summary;
}

/// Whether the package is found under a record with this fix and summary.
/// @param versions that the record lists, as a list of JSON
bool is_found(const std::string& fixed,
              const std::string& summary,
              Component component,
              const std::string& versions = "[]") {
  const std::string text =
      R"({"id": "ALSA-2026:1", "modified": "2026-01-01T00:00:00Z", "summary": ")" + summary +
      R"(", "affected": [{"package": {"ecosystem": "AlmaLinux:8", "name": "nodejs"}, "ranges": [
       {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": ")" +
      fixed + R"("}]}], "versions": )" + versions + "}]}";
  Diagnostics problems;
  const auto records = formats::osv::Reader().read(text, "x.json", problems);
  EXPECT_TRUE(records.has_value());
  IndexBuilder builder;
  builder.add(records->front());
  const auto index = AdvisoryIndex::from_bytes(builder.finish(), "x.index");
  EXPECT_TRUE(index.has_value());
  Bom bom;
  bom.components.push_back(std::move(component));
  return !match(bom, *index)->findings.empty();
}

Component package(const std::string& version, const std::string& qualifiers = "") {
  Component component;
  component.purl =
      *parse_purl("pkg:rpm/almalinux/nodejs@" + version + "?distro=almalinux-8" + qualifiers);
  component.name = "nodejs";
  component.version = component.purl->version;
  return component;
}

TEST(ModuleStream, WhatMendsOneBuildSaysNothingAboutAnother) {
  const std::string in_module = "1:12.22.5-1.module_el8.4.0+1234+abcd";
  const std::string outside = "1:12.22.5-1.el8";
  const std::string summary = "Important: nodejs:12 security update";
  const Component ours = package("10.24.0-1.module_el8.3.0%2B2023%2Bd2377ea3");
  EXPECT_TRUE(is_found(in_module, summary, ours));  // which stream ours is of, nobody says
  EXPECT_FALSE(is_found(outside, summary, ours));
  EXPECT_FALSE(is_found(in_module, summary, package("10.24.0-1.el8")));
  EXPECT_TRUE(is_found(outside, summary, package("10.24.0-1.el8")));
  // What a record lists by name it is about, whatever mends it.
  EXPECT_TRUE(is_found(in_module, summary, package("10.24.0-1.el8"), R"(["10.24.0-1.el8"])"));
}

TEST(ModuleStream, TheStreamOfThePackageUrlOrOfTheBillDecides) {
  const std::string fixed = "1:12.22.5-1.module_el8.4.0+1234+abcd";
  const std::string summary = "Important: nodejs:12 security update";
  const std::string version = "10.24.0-1.module_el8.3.0%2B2023%2Bd2377ea3";
  EXPECT_TRUE(is_found(fixed, summary, package(version, "&rpmmod=nodejs:12:8030:229f")));
  EXPECT_FALSE(is_found(fixed, summary, package(version, "&rpmmod=nodejs:10:8030:229f")));
  EXPECT_TRUE(is_found(fixed, "nodejs update", package(version, "&rpmmod=nodejs:10:8030:229f")));
  Component of_bill = package(version);
  of_bill.source.module = "nodejs:10:8030020201124152102:229f0a1c";
  EXPECT_FALSE(is_found(fixed, summary, of_bill));
  of_bill.source.module = "nodejs:12:8030020201124152102:229f0a1c";
  EXPECT_TRUE(is_found(fixed, summary, of_bill));
}

}  // namespace
}  // namespace lockstep::advisories
