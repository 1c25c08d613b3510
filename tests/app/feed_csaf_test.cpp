// SPDX-License-Identifier: Apache-2.0
// CSAF providers as a server offers them: feeds, folders, lists of providers, and what is wrong.
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "advisories/index.hpp"
#include "app/update_data.hpp"
#include "base/digest.hpp"
#include "support/http_server.hpp"
#include "support/paths.hpp"
#include "support/patient_fetcher.hpp"

namespace lockstep::test {
namespace {

using app::FeedKind;
using app::FeedReport;
using app::UpdateReport;
using State = app::FeedReport::State;
using Targets = std::vector<std::string>;

std::string advisory(const std::string& id, const std::string& day) {
  return fmt::format(
      R"({{"document": {{"category": "csaf_security_advisory", "csaf_version": "2.0",
      "title": "t", "publisher": {{"category": "vendor", "name": "V",
      "namespace": "https://v.example"}}, "tracking": {{"id": "{}", "status": "final",
      "version": "1", "current_release_date": "{}T00:00:00Z",
      "initial_release_date": "{}T00:00:00Z", "revision_history": []}}}},
      "product_tree": {{"full_product_names": [{{"product_id": "P", "name": "left",
      "product_identification_helper": {{"purl": "pkg:npm/left@1.0.0"}}}}]}},
      "vulnerabilities": [{{"cve": "CVE-2026-1",
      "product_status": {{"known_affected": ["P"]}}}}]}})",
      id, day, day);
}

class Csaf : public testing::Test {
 protected:
  void SetUp() override { folder_ = fresh_folder("csaf"); }

  void TearDown() override { std::filesystem::remove_all(folder_); }

  Result<UpdateReport> update(const std::string& path = "/provider-metadata.json") {
    problems_ = {};
    return app::update_data({{{"csaf", FeedKind::csaf, server_.url(path), ""}},
                             folder_,
                             *parse_instant("2026-11-27T10:00:00Z"),
                             {}},
                            fetcher_, files_, progress_, problems_);
  }

  std::string metadata(const std::string& role, const std::string& distribution) {
    return fmt::format(
        R"({{"canonical_url": "https://v.example/provider-metadata.json", "role": "{}",
        "last_updated": "2026-01-01T00:00:00Z", "list_on_CSAF_aggregators": true,
        "metadata_version": "2.0", "mirror_on_CSAF_aggregators": true,
        "publisher": {{"category": "vendor", "name": "V", "namespace": "https://v.example"}},
        "distributions": [{}]}})",
        role, distribution);
  }

  std::string feed_distribution(const std::string& label = "WHITE") {
    return fmt::format(R"({{"rolie": {{"feeds": [{{"tlp_label": "{}", "url": "{}"}}]}}}})", label,
                       server_.url("/feed.json"));
  }

  /// A provider with a feed; each document has the digests that are named.
  void put_feed(const std::vector<std::pair<std::string, std::string>>& documents,
                const std::vector<std::string>& digests = {"sha256", "sha512"},
                const std::string& role = "csaf_trusted_provider") {
    std::string entries;
    for (const auto& [id, day] : documents) {
      const std::string path = "/docs/" + id + ".json";
      const std::string bytes = advisory(id, day);
      server_.put(path, bytes);
      server_.put(path + ".sha256", sha256(bytes) + "  " + id + ".json\n");
      server_.put(path + ".sha512", sha512(bytes) + " *" + id + ".json\n");
      std::string links = fmt::format(R"({{"rel": "self", "href": "{}"}})", server_.url(path));
      for (const std::string& digest : digests)
        links += fmt::format(R"(, {{"rel": "hash", "href": "{}.{}"}})", server_.url(path), digest);
      entries += fmt::format(R"({}{{"id": "{}", "updated": "{}T00:00:00Z", "link": [{}]}})",
                             entries.empty() ? "" : ", ", id, day, links);
    }
    server_.put("/feed.json", R"({"feed": {"id": "f", "entry": [)" + entries + "]}}");
    server_.put("/provider-metadata.json", metadata(role, feed_distribution()));
  }

  void put_folder(const std::vector<std::pair<std::string, std::string>>& documents) {
    std::string changes;
    std::string index;
    for (const auto& [id, day] : documents) {
      server_.put("/folder/2026/" + id + ".json", advisory(id, day));
      changes += fmt::format("\"2026/{}.json\",\"{}T00:00:00Z\"\n", id, day);
      index += fmt::format("2026/{}.json\n", id);
    }
    server_.put("/folder/changes.csv", changes);
    server_.put("/folder/index.txt", index);
    server_.put("/provider-metadata.json",
                metadata("csaf_provider",
                         fmt::format(R"({{"directory_url": "{}"}})", server_.url("/folder/"))));
  }

  std::string ids() const {
    std::string text;
    const auto index = advisories::AdvisoryIndex::open(app::index_path(folder_));
    for (std::uint32_t i = 0; index && i < index->records(); ++i)
      text += std::string(*index->id(i)) + " ";
    return text;
  }

  bool has_problem(const std::string& code) const {
    return std::ranges::find(problems_.entries(), code, &Diagnostic::code) !=
           problems_.entries().end();
  }

  void expect_no_document(const std::string& code) {
    std::filesystem::remove_all(folder_);
    const auto report = update();
    ASSERT_TRUE(report.has_value());
    ASSERT_EQ(report->feeds.size(), 1U);
    EXPECT_EQ(report->feeds[0].state, State::failed) << code;
    ASSERT_FALSE(report->failures.empty()) << code;
    EXPECT_EQ(report->failures[0].code, code) << report->failures[0].message;
    EXPECT_EQ(ids(), "");
  }

  std::string folder_;
  HttpServer server_;
  PatientFetcher fetcher_;
  RealFiles files_;
  Progress progress_;
  Diagnostics problems_;
};

TEST_F(Csaf, FollowsAFeedAndChecksTheDigests) {
  put_feed({{"v-2", "2026-02-02"}, {"v-1", "2026-02-01"}});
  const auto report = update();
  ASSERT_TRUE(report.has_value());
  ASSERT_EQ(report->feeds.size(), 1U);
  EXPECT_EQ(report->feeds[0].state, State::updated);
  EXPECT_EQ(report->feeds[0].says, "2 documents, the digests of 2 checked; signatures not checked");
  EXPECT_EQ(ids(), "v-1 v-2 ");
  EXPECT_EQ(server_.take_targets(),
            (Targets{"/provider-metadata.json", "/feed.json", "/docs/v-2.json",
                     "/docs/v-2.json.sha512", "/docs/v-1.json", "/docs/v-1.json.sha512"}));
  EXPECT_EQ(update()->feeds[0].state, State::unchanged);
  EXPECT_EQ(server_.take_targets(), (Targets{"/provider-metadata.json", "/feed.json"}));
  put_feed({{"v-3", "2026-02-03"}, {"v-2", "2026-02-02"}, {"v-1", "2026-02-01"}});
  EXPECT_EQ(update()->feeds[0].state, State::updated);
  EXPECT_EQ(ids(), "v-1 v-2 v-3 ");
  // The newest of last time is asked for again: its second may have brought another.
  const Targets asked = server_.take_targets();
  EXPECT_EQ(std::ranges::count(asked, "/docs/v-2.json"), 1);
  EXPECT_EQ(std::ranges::count(asked, "/docs/v-1.json"), 0);
}

TEST_F(Csaf, TakesTheDigestThatItCanGet) {
  const auto closed = [](const Asked&) { return Answer{403, ""}; };
  put_feed({{"v-1", "2026-02-01"}});
  server_.on("/docs/v-1.json.sha512", closed);
  EXPECT_EQ(update()->feeds[0].state, State::updated);
  put_feed({{"v-1", "2026-02-01"}}, {"sha256"});
  std::filesystem::remove_all(folder_);
  EXPECT_EQ(update()->feeds[0].state, State::updated);
  put_feed({{"v-1", "2026-02-01"}});
  server_.on("/docs/v-1.json.sha512", closed);
  server_.on("/docs/v-1.json.sha256", closed);
  expect_no_document("fetch.status");
}

TEST_F(Csaf, TakesNoDocumentThatIsNotWhatItsDigestSays) {
  put_feed({{"v-1", "2026-02-01"}});
  server_.put("/docs/v-1.json.sha512", sha512("other"));
  expect_no_document("fetch.digest");
  put_feed({{"v-1", "2026-02-01"}});
  server_.put("/docs/v-1.json.sha512", "no digest");
  expect_no_document("fetch.digest");
  put_feed({{"v-1", "2026-02-01"}}, {"sha256"});
  server_.put("/docs/v-1.json", advisory("v-1", "2026-02-02"));
  expect_no_document("fetch.digest");
  // Who must have digests and has none is no trusted provider.
  put_feed({{"v-1", "2026-02-01"}}, {});
  expect_no_document("fetch.digest");
  put_feed({{"v-1", "2026-02-01"}}, {}, "csaf_provider");
  std::filesystem::remove_all(folder_);
  EXPECT_EQ(update()->feeds[0].says,
            "1 documents, the digests of 0 checked; signatures not checked");
}

TEST_F(Csaf, AsksAgainForTheDocumentsThatFailed) {
  put_feed({{"v-3", "2026-02-03"}, {"v-2", "2026-02-02"}, {"v-1", "2026-02-01"}});
  server_.on("/docs/v-2.json", [](const Asked&) { return Answer{500, ""}; });
  const auto report = update();
  EXPECT_EQ(report->feeds[0].state, State::failed);
  EXPECT_EQ(ids(), "v-1 v-3 ");
  server_.put("/docs/v-2.json", advisory("v-2", "2026-02-02"));
  server_.take_targets();
  EXPECT_EQ(update()->feeds[0].state, State::updated);
  EXPECT_EQ(ids(), "v-1 v-2 v-3 ");
  const Targets asked = server_.take_targets();
  EXPECT_EQ(std::ranges::count(asked, "/docs/v-1.json"), 0);
}

TEST_F(Csaf, FollowsAFolderWithAndWithoutTimes) {
  put_folder({{"v-2", "2026-02-02"}, {"v-1", "2026-02-01"}});
  EXPECT_EQ(update()->feeds[0].state, State::updated);
  EXPECT_EQ(ids(), "v-1 v-2 ");
  EXPECT_EQ(update()->feeds[0].state, State::unchanged);
  put_folder({{"v-3", "2026-02-03"}, {"v-2", "2026-02-02"}, {"v-1", "2026-02-01"}});
  server_.take_targets();
  EXPECT_EQ(update()->feeds[0].state, State::updated);
  const Targets asked = server_.take_targets();
  EXPECT_EQ(std::ranges::count(asked, "/folder/2026/v-1.json"), 0);
  EXPECT_EQ(ids(), "v-1 v-2 v-3 ");

  std::filesystem::remove_all(folder_);
  server_.on("/folder/changes.csv", [](const Asked&) { return Answer{404, ""}; });
  EXPECT_EQ(update()->feeds[0].state, State::updated);
  EXPECT_EQ(ids(), "v-1 v-2 v-3 ");
}

TEST_F(Csaf, FollowsNoPathOutOfTheFolder) {
  put_folder({{"v-1", "2026-02-01"}});
  server_.put("/folder/changes.csv",
              "\"../secret.json\",\"2026-02-01T00:00:00Z\"\n"
              "\"/secret.json\",\"2026-02-01T00:00:00Z\"\n"
              "\"https://example.com/x.json\",\"2026-02-01T00:00:00Z\"\n"
              "\"2026/v-1.json\",\"2026-02-01T00:00:00Z\"\n");
  server_.take_targets();
  ASSERT_TRUE(update().has_value());
  EXPECT_EQ(ids(), "v-1 ");
  EXPECT_TRUE(has_problem("csaf.listing"));
  for (const std::string& target : server_.take_targets())
    EXPECT_EQ(target.find("secret"), std::string::npos) << target;
}

TEST_F(Csaf, LeavesOutWhatIsNotOpenToAll) {
  put_feed({{"v-1", "2026-02-01"}});
  server_.put("/provider-metadata.json", metadata("csaf_provider", feed_distribution("AMBER")));
  EXPECT_EQ(update()->feeds[0].state, State::unchanged);
  EXPECT_TRUE(has_problem("csaf.not_open"));
  EXPECT_EQ(ids(), "");
}

TEST_F(Csaf, SaysWhatIsWrongWithAProvider) {
  server_.put("/provider-metadata.json", "<html>");
  expect_no_document("json.syntax");
  server_.put("/provider-metadata.json", "{}");
  expect_no_document("csaf.provider");
  put_feed({{"v-1", "2026-02-01"}});
  server_.put("/feed.json", "{}");
  expect_no_document("csaf.feed");
  put_feed({{"v-1", "2026-02-01"}}, {}, "csaf_provider");
  server_.put("/docs/v-1.json", "<html>log in</html>");
  expect_no_document("data.content");
  // A provider has no say about what is exploited.
  server_.put("/docs/v-1.json", R"({"dateReleased": "2026-09-01T00:00:00Z", "count": 1,
      "vulnerabilities": [{"cveID": "CVE-2026-1000", "dateAdded": "2026-09-01",
      "knownRansomwareCampaignUse": "Known"}]})");
  expect_no_document("data.content");
  put_feed({{"v-1", "2026-02-01"}}, {}, "csaf_provider");
  server_.put("/feed.json", R"({"feed": {"entry": [{"updated": "2026-01-01T00:00:00Z", "link":
      [{"rel": "self", "href": "file:///etc/passwd"}]}]}})");
  expect_no_document("fetch.address");
  put_folder({{"v-1", "2026-02-01"}});
  server_.put("/folder/changes.csv", "<html>\nlog in\n</html>\n");
  expect_no_document("data.content");
}

TEST_F(Csaf, FollowsTheProvidersOfAList) {
  put_feed({{"v-1", "2026-02-01"}});
  const auto row = [&](const std::string& name, const std::string& url, const std::string& mirror) {
    return fmt::format(
        R"({{"metadata": {{"last_updated": "2026-01-01T00:00:00Z", "url": "{}", "publisher":
        {{"category": "vendor", "name": "{}", "namespace": "https://v.example"}}}},
        "mirrors": ["{}"]}})",
        server_.url(url), name, server_.url(mirror));
  };
  server_.put(
      "/aggregator.json",
      fmt::format(R"({{"aggregator": {{"category": "aggregator", "name": "A", "namespace":
        "https://a.example"}}, "aggregator_version": "2.0", "canonical_url":
        "https://a.example/aggregator.json", "last_updated": "2026-01-01T00:00:00Z",
        "csaf_providers": [{}, {}, {}]}})",
                  row("One", "/provider-metadata.json", "/none"), row("Gone", "/none", "/none"),
                  row("Mirrored", "/none", "/provider-metadata.json")));
  const auto report = update("/aggregator.json");
  ASSERT_TRUE(report.has_value());
  ASSERT_EQ(report->feeds.size(), 3U);
  EXPECT_EQ(report->feeds[0].name, "csaf: One");
  EXPECT_EQ(report->feeds[0].state, State::updated);
  EXPECT_EQ(report->feeds[1].state, State::failed);
  EXPECT_EQ(report->feeds[2].name, "csaf: Mirrored");
  EXPECT_NE(report->feeds[2].state, State::failed);
  EXPECT_EQ(ids(), "v-1 ");
}

}  // namespace
}  // namespace lockstep::test
