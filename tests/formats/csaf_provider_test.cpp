// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "formats/csaf/provider.hpp"
#include "formats/osv/changes.hpp"
#include "support/paths.hpp"

namespace lockstep::test {
namespace {

using formats::csaf::Distribution;

std::string codes(const Diagnostics& problems) {
  std::string text;
  for (const Diagnostic& entry : problems.entries())
    text += to_text(entry) + "\n";
  return text;
}

/// The standard's own examples break none of its rules.
TEST(CsafProvider, ReadsTheExamplesOfTheStandard) {
  const std::string folder = shared_path("vuln/suites/csaf");
  LS_NEEDS_SHARED("vuln/suites/csaf");
  int read = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().string();
    const bool is_example = path.find("/examples/") != std::string::npos;
    if (!is_example || !entry.is_regular_file()) continue;
    Diagnostics problems;
    if (path.ends_with("provider-metadata.json")) {
      const auto provider = formats::csaf::read_provider(read_file(path), path, problems);
      ASSERT_TRUE(provider.has_value()) << path;
      EXPECT_FALSE(provider->distributions.empty()) << path;
    } else if (path.ends_with("aggregator.json")) {
      EXPECT_TRUE(formats::csaf::looks_like_aggregator(read_file(path)));
      const auto list = formats::csaf::read_aggregator(read_file(path), path, problems);
      ASSERT_TRUE(list.has_value()) << path;
      EXPECT_GE(list->providers.size(), 1U) << path;
    } else {
      continue;
    }
    ++read;
    EXPECT_EQ(codes(problems), "") << path;
  }
  EXPECT_GT(read, 1);
}

TEST(CsafProvider, KnowsBothWaysOfBothVersions) {
  Diagnostics problems;
  const auto provider = formats::csaf::read_provider(
      R"({"metadata_version": "2.0", "role": "csaf_provider", "distributions": [
        {"rolie": {"feeds": [{"tlp_label": "WHITE", "url": "https://a/f.json"},
                             {"tlp_label": "AMBER", "url": "https://a/g.json"}]}},
        {"directory_url": "https://a/d/"},
        {"directory": {"tlp_label": "CLEAR", "url": "https://a/e/"}}]})",
      "p.json", problems);
  ASSERT_TRUE(provider.has_value());
  std::string text;
  for (const Distribution& one : provider->distributions)
    text += (one.kind == Distribution::Kind::feed ? "feed " : "folder ") + one.url + " " +
            one.label + "\n";
  EXPECT_EQ(text,
            "feed https://a/f.json WHITE\nfeed https://a/g.json AMBER\nfolder https://a/d/ \n"
            "folder https://a/e/ CLEAR\n");
  // What the schema asks for and is not there is told, and does not stop anybody.
  EXPECT_FALSE(problems.has_errors());
  EXPECT_NE(codes(problems).find("csaf.provider"), std::string::npos);
}

TEST(CsafProvider, ReadsAFeed) {
  Diagnostics problems;
  const auto offers = formats::csaf::read_feed(
      R"({"feed": {"entry": [
        {"updated": "2026-01-01T00:00:00Z", "link": [
          {"rel": "self", "href": "https://a/1.json"},
          {"rel": "hash", "href": "https://a/1.json.sha256"},
          {"rel": "hash", "href": "https://a/1.json.sha512"},
          {"rel": "signature", "href": "https://a/1.json.asc"}]},
        {"updated": "2026-01-02T00:00:00Z", "content": {"src": "https://a/2.json"}},
        {"updated": "soon", "content": {"src": "https://a/3.json"}},
        {"updated": "2026-01-02T00:00:00Z"}, 7]}})",
      "f.json", problems);
  ASSERT_TRUE(offers.has_value());
  ASSERT_EQ(offers->size(), 2U);
  EXPECT_EQ(offers->at(0).sha256_url, "https://a/1.json.sha256");
  EXPECT_EQ(offers->at(0).sha512_url, "https://a/1.json.sha512");
  EXPECT_EQ(offers->at(0).signature_url, "https://a/1.json.asc");
  EXPECT_EQ(offers->at(1).url, "https://a/2.json");
  EXPECT_EQ(problems.error_count(), 3U);
}

TEST(CsafProvider, ReadsListsOfFolders) {
  Diagnostics problems;
  const auto changes = formats::csaf::read_changes(
      "\"2026/a.json\",\"2026-01-01T00:00:00Z\"\r\n2026/b.json,2026-01-01T00:00:00.5+02:00\n\n"
      "\"2026/\"\"c.json\",\"2026-01-01T00:00:00Z\"\n",
      "changes.csv", problems);
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes[0].url, "2026/a.json");
  EXPECT_EQ(changes[1].updated, "2026-01-01T00:00:00.5+02:00");
  EXPECT_EQ(changes[2].url, "2026/\"c.json");
  EXPECT_EQ(codes(problems), "");
  for (const char* bad :
       {"../a.json", "/a.json", "a//b.json", "a/./b.json", "https://a/b.json", "a.txt", "a b.json",
        "a/%2e%2e/b.json", "a\\b.json", "a.json?x.json", "#.json"}) {
    Diagnostics found;
    EXPECT_TRUE(formats::csaf::read_index(bad, "index.txt", found).empty()) << bad;
    EXPECT_EQ(found.error_count(), 1U) << bad;
  }
}

TEST(CsafProvider, ReadsDigests) {
  const std::string digest = sha256("a");
  EXPECT_EQ(formats::csaf::read_digest(digest, 64), digest);
  EXPECT_EQ(formats::csaf::read_digest(digest + "  a.json\n", 64), digest);
  EXPECT_EQ(formats::csaf::read_digest("\r\n" + digest + "\t*a.json", 64), digest);
  EXPECT_EQ(formats::csaf::read_digest(digest, 128), "");
  EXPECT_EQ(formats::csaf::read_digest(digest + "0", 64), "");
  EXPECT_EQ(formats::csaf::read_digest("<html>", 64), "");
  EXPECT_EQ(formats::csaf::read_digest("", 64), "");
  // FIPS 180-4, the example of one block.
  EXPECT_EQ(
      sha512("abc"),
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23"
      "a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

TEST(OsvChanges, StopAtWhatIsKnown) {
  const std::string list =
      "2026-01-03T00:00:00.25Z,GHSA-3\n2026-01-02T00:00:00Z,GHSA-2\n2026-01-01T00:00:00Z,GHSA-1\n";
  const auto ids = [&](const std::string& since, std::size_t most) {
    Diagnostics problems;
    std::string text;
    for (const auto& change : formats::osv::read_changes(list, since, most, "list", problems))
      text += change.id + " ";
    EXPECT_FALSE(problems.has_errors());
    return text;
  };
  EXPECT_EQ(ids("", 10), "GHSA-3 GHSA-2 GHSA-1 ");
  EXPECT_EQ(ids("2026-01-01T23:59:59Z", 10), "GHSA-3 GHSA-2 ");
  EXPECT_EQ(ids("2026-01-02T00:00:00Z", 10), "GHSA-3 ");
  EXPECT_EQ(ids("", 2), "GHSA-3 GHSA-2 ");
  for (const char* bad : {"GHSA-1", "2026-01-01T00:00:00Z,", "2026-01-01T00:00:00Z,../x",
                          "2026-01-01T00:00:00Z,a/b", "2026-01-01T00:00:00+00:00,GHSA-1",
                          "2026-13-01T00:00:00Z,GHSA-1", "2026-01-01T00:00:00Z,.", "<html>"}) {
    Diagnostics problems;
    EXPECT_TRUE(formats::osv::read_changes(bad, "", 10, "list", problems).empty()) << bad;
    EXPECT_EQ(problems.error_count(), 1U) << bad;
  }
}

}  // namespace
}  // namespace lockstep::test
