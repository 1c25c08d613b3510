// SPDX-License-Identifier: Apache-2.0
#include "app/update_data.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>

#include "advisories/index.hpp"
#include "app/intake.hpp"
#include "base/digest.hpp"
#include "support/full_disk.hpp"
#include "support/http_server.hpp"
#include "support/paths.hpp"
#include "support/patient_fetcher.hpp"
#include "support/zip.hpp"

namespace lockstep::test {
namespace {

using advisories::AdvisoryIndex;
using app::Feed;
using app::FeedKind;
using app::FeedReport;
using app::UpdateReport;
using State = app::FeedReport::State;
using Targets = std::vector<std::string>;

std::string record(const std::string& id, const std::string& modified, const std::string& fixed) {
  return fmt::format(
      R"({{"id": "{}", "modified": "{}", "affected": [{{"package": {{"ecosystem": "npm", )"
      R"("name": "left"}}, "ranges": [{{"type": "SEMVER", "events": [{{"introduced": "0"}}, )"
      R"({{"fixed": "{}"}}]}}]}}]}})",
      id, modified, fixed);
}

std::string kev(const std::string& day, const std::string& cve) {
  return fmt::format(
      R"({{"dateReleased": "{}T00:00:00Z", "count": 1, "vulnerabilities": [{{"cveID": "{}", )"
      R"("dateAdded": "{}", "knownRansomwareCampaignUse": "Known"}}]}})",
      day, cve, day);
}

constexpr const char* epss =
    "#model_version:v2025.03.14,score_date:2026-03-28T12:55:00Z\ncve,epss,percentile\n"
    "CVE-2026-1000,0.5,0.9\n";

class Update : public testing::Test {
 protected:
  void SetUp() override { folder_ = fresh_folder("update"); }

  void TearDown() override { std::filesystem::remove_all(folder_); }

  Feed osv() const { return {"osv/npm", FeedKind::osv, server_.url("/osv/"), "npm"}; }

  Feed list() const { return {"cisa-kev", FeedKind::kev, server_.url("/kev.json"), ""}; }

  Feed table() const { return {"epss", FeedKind::epss, server_.url("/epss.csv.gz"), ""}; }

  Result<UpdateReport> update(const std::vector<Feed>& feeds) {
    problems_ = {};
    return app::update_data({feeds, folder_, *parse_instant("2026-11-27T10:00:00Z"), {}}, fetcher_,
                            files_, progress_, problems_);
  }

  /// Puts the export of npm with records and, newest first, their list.
  void put_osv(std::vector<std::pair<std::string, std::string>> records) {
    std::vector<ZipMember> members;
    std::string lines;
    std::ranges::sort(records, std::greater{}, &std::pair<std::string, std::string>::second);
    for (const auto& [id, modified] : records) {
      members.push_back({id + ".json", record(id, modified, "2.0.0")});
      server_.put("/osv/npm/" + id + ".json", members.back().bytes);
      lines += modified + "," + id + "\n";
    }
    server_.put("/osv/npm/all.zip", make_zip(members));
    server_.put("/osv/npm/modified_id.csv", lines);
  }

  std::string index_bytes() const { return read_file(app::index_path(folder_)); }

  std::vector<std::string> ids() const {
    std::vector<std::string> found;
    const auto index = AdvisoryIndex::open(app::index_path(folder_));
    for (std::uint32_t i = 0; index && i < index->records(); ++i)
      found.emplace_back(*index->id(i));
    return found;
  }

  std::string codes() const {
    std::string text;
    for (const Diagnostic& entry : problems_.entries())
      text += entry.code + " ";
    return text;
  }

  /// That a feed fails with the code, and changes nothing.
  void expect_failure(const Feed& feed, const std::string& code) {
    const std::string before = index_bytes();
    const auto report = update({feed});
    ASSERT_TRUE(report.has_value()) << code;
    ASSERT_EQ(report->feeds.size(), 1U);
    EXPECT_EQ(report->feeds[0].state, State::failed) << code;
    ASSERT_EQ(report->failures.size(), 1U) << code;
    EXPECT_EQ(report->failures[0].code, code) << report->failures[0].message;
    EXPECT_FALSE(report->is_replaced);
    EXPECT_EQ(index_bytes(), before) << code;
  }

  std::string folder_;
  HttpServer server_;
  PatientFetcher fetcher_;
  RealFiles files_;
  Progress progress_;
  Diagnostics problems_;
};

TEST_F(Update, FetchesEveryKindAndThenNothingAgain) {
  put_osv({{"GHSA-1", "2026-01-01T00:00:00Z"}, {"GHSA-2", "2026-01-02T00:00:00.5Z"}});
  server_.put("/kev.json", kev("2026-08-07", "CVE-2026-1000"));
  server_.put("/epss.csv.gz", make_gzip(epss));
  const auto report = update({list(), table(), osv()});
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(codes(), "");
  ASSERT_EQ(report->feeds.size(), 3U);
  for (const FeedReport& feed : report->feeds)
    EXPECT_EQ(feed.state, State::updated) << feed.name;
  EXPECT_EQ(report->feeds[2].entries, 2);
  EXPECT_EQ(ids(), (Targets{"GHSA-1", "GHSA-2"}));
  const auto index = AdvisoryIndex::open(app::index_path(folder_));
  EXPECT_EQ(index->known_exploited("CVE-2026-1000")->size(), 1U);
  EXPECT_TRUE(index->epss("CVE-2026-1000")->has_value());
  EXPECT_TRUE(std::filesystem::is_empty(folder_ + "/downloads"));
  EXPECT_EQ(server_.take_targets(),
            (Targets{"/kev.json", "/epss.csv.gz", "/osv/npm/modified_id.csv", "/osv/npm/all.zip"}));

  const std::string before = index_bytes();
  const auto again = update({list(), table(), osv()});
  ASSERT_TRUE(again.has_value());
  for (const FeedReport& feed : again->feeds)
    EXPECT_EQ(feed.state, State::unchanged) << feed.name;
  EXPECT_FALSE(again->is_replaced);
  EXPECT_EQ(index_bytes(), before);
  EXPECT_EQ(server_.take_targets(),
            (Targets{"/kev.json", "/epss.csv.gz", "/osv/npm/modified_id.csv"}));
}

TEST_F(Update, FetchesOnlyTheRecordsThatChanged) {
  put_osv({{"GHSA-1", "2026-01-01T00:00:00Z"}, {"GHSA-2", "2026-01-02T00:00:00.5Z"}});
  ASSERT_TRUE(update({osv()}).has_value());
  server_.take_targets();
  put_osv({{"GHSA-1", "2026-01-03T00:00:00Z"},
           {"GHSA-2", "2026-01-02T00:00:00.5Z"},
           {"GHSA-3", "2026-01-02T00:00:00.9Z"}});
  const auto report = update({osv()});
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(codes(), "");
  // The last second is read again: a list may bring more of it.
  EXPECT_EQ(server_.take_targets(), (Targets{"/osv/npm/modified_id.csv", "/osv/npm/GHSA-1.json",
                                             "/osv/npm/GHSA-3.json", "/osv/npm/GHSA-2.json"}));
  EXPECT_EQ(ids(), (Targets{"GHSA-1", "GHSA-2", "GHSA-3"}));
  // The same bytes as from the archive alone.
  const std::string by_changes = index_bytes();
  std::filesystem::remove_all(folder_);
  ASSERT_TRUE(update({osv()}).has_value());
  EXPECT_EQ(index_bytes(), by_changes);
}

TEST_F(Update, FetchesTheArchiveAgainWhenMuchChanged) {
  put_osv({{"GHSA-1", "2026-01-01T00:00:00Z"}});
  ASSERT_TRUE(update({osv()}).has_value());
  server_.take_targets();
  std::vector<std::pair<std::string, std::string>> many;
  for (int i = 0; i < 600; ++i)
    many.emplace_back(fmt::format("GHSA-{}", i), fmt::format("2026-02-01T00:{:02}:00Z", i % 60));
  put_osv(many);
  ASSERT_TRUE(update({osv()}).has_value());
  EXPECT_EQ(server_.take_targets(), (Targets{"/osv/npm/modified_id.csv", "/osv/npm/all.zip"}));
  EXPECT_EQ(ids().size(), 600U);
}

TEST_F(Update, HidesNoChangeBehindARecordOfTheFuture) {
  put_osv({{"GHSA-1", "2027-06-01T00:00:00Z"}});
  ASSERT_TRUE(update({osv()}).has_value());
  put_osv({{"GHSA-1", "2027-06-01T00:00:00Z"}, {"GHSA-2", "2026-11-27T10:00:30Z"}});
  ASSERT_TRUE(update({osv()}).has_value());
  EXPECT_EQ(ids(), (Targets{"GHSA-1", "GHSA-2"}));
}

TEST_F(Update, WorksWithAnExportWithoutAListOfChanges) {
  server_.put("/osv/npm/all.zip",
              make_zip({{"GHSA-1.json", record("GHSA-1", "2026-01-01T00:00:00Z", "1.0.0")}}));
  EXPECT_EQ(update({osv()})->feeds[0].state, State::updated);
  EXPECT_EQ(update({osv()})->feeds[0].state, State::unchanged);
  EXPECT_EQ(ids(), (Targets{"GHSA-1"}));
}

TEST_F(Update, KeepsWhatIsThereWhenAFeedFails) {
  put_osv({{"GHSA-1", "2026-01-01T00:00:00Z"}});
  server_.put("/kev.json", kev("2026-08-07", "CVE-2026-1000"));
  ASSERT_TRUE(update({list(), osv()}).has_value());

  const std::string zip =
      make_zip({{"GHSA-1.json", record("GHSA-1", "2026-03-01T00:00:00Z", "9.0.0")},
                {"GHSA-9.json", record("GHSA-9", "2026-03-01T00:00:00Z", "9.0.0")}});
  const auto put_zip = [&](const std::string& bytes) {
    server_.on("/osv/npm/modified_id.csv", [](const Asked&) { return Answer{404, ""}; });
    server_.put("/osv/npm/all.zip", bytes);
    std::filesystem::remove(app::feeds_path(folder_));
  };
  std::string cut = zip;
  cut.resize(cut.size() - 30);
  put_zip(cut);
  expect_failure(osv(), "archive.format");
  std::string damaged = zip;
  damaged[zip.find("GHSA-9\"")] = 'X';  // The first record is right, the second is not.
  put_zip(damaged);
  expect_failure(osv(), "archive.entry");
  put_zip("<html>please log in</html>");
  expect_failure(osv(), "data.content");
  put_zip(make_zip({}));
  expect_failure(osv(), "data.content");
  server_.on("/osv/npm/all.zip", [&](const Asked& asked) {
    Answer answer = HttpServer::honest(zip, asked);
    answer.dies_after = 20;
    return answer;
  });
  expect_failure(osv(), "fetch.broken");
  server_.on("/osv/npm/all.zip", [&](const Asked&) { return Answer{404, ""}; });
  expect_failure(osv(), "fetch.missing");

  server_.put("/kev.json", "<html>");
  expect_failure(list(), "data.content");
  server_.put("/kev.json", R"({"dateReleased": "2026-09-01T00:00:00Z", "vulnerabilities": []})");
  expect_failure(list(), "data.content");
  server_.put("/kev.json", kev("2026-09-01", "CVE-2026-1").substr(0, 100));
  expect_failure(list(), "json.syntax");
  // What another feed would bring is as foreign as a page of words.
  server_.put("/kev.json", epss);
  expect_failure(list(), "data.content");
  server_.put("/kev.json", record("GHSA-1", "2026-03-01T00:00:00Z", "9.0.0"));
  expect_failure(list(), "data.content");
  server_.put("/epss.csv.gz", kev("2026-09-01", "CVE-2026-1000"));
  expect_failure(table(), "data.content");
  put_zip(kev("2026-09-01", "CVE-2026-1000"));
  expect_failure(osv(), "data.content");
  server_.put("/epss.csv.gz", make_gzip_bomb(200'000));
  expect_failure(table(), "archive.limit");
}

TEST_F(Update, UsesWhatSucceededBesideWhatFailed) {
  put_osv({{"GHSA-1", "2026-01-01T00:00:00Z"}});
  const auto report = update({list(), osv()});
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->feeds[0].state, State::failed);
  EXPECT_EQ(report->failures.at(0).code, "fetch.missing");
  EXPECT_EQ(report->feeds[1].state, State::updated);
  EXPECT_EQ(ids(), (Targets{"GHSA-1"}));
}

TEST_F(Update, TakesTheChangesThatArrivedAndAsksForTheOthersAgain) {
  put_osv({{"GHSA-1", "2026-01-01T00:00:00Z"}});
  ASSERT_TRUE(update({osv()}).has_value());
  put_osv({{"GHSA-1", "2026-01-01T00:00:00Z"},
           {"GHSA-2", "2026-01-02T00:00:00Z"},
           {"GHSA-3", "2026-01-03T00:00:00Z"}});
  server_.on("/osv/npm/GHSA-2.json", [](const Asked&) { return Answer{500, ""}; });
  const auto report = update({osv()});
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->feeds[0].state, State::failed);
  EXPECT_EQ(report->feeds[0].entries, 1);
  EXPECT_EQ(ids(), (Targets{"GHSA-1", "GHSA-3"}));
  server_.put("/osv/npm/GHSA-2.json", record("GHSA-2", "2026-01-02T00:00:00Z", "1.0.0"));
  EXPECT_EQ(update({osv()})->feeds[0].state, State::updated);
  EXPECT_EQ(ids(), (Targets{"GHSA-1", "GHSA-2", "GHSA-3"}));
}

TEST_F(Update, BuildsADamagedIndexAgain) {
  put_osv({{"GHSA-1", "2026-01-01T00:00:00Z"}});
  server_.put("/kev.json", kev("2026-08-07", "CVE-2026-1000"));
  ASSERT_TRUE(update({list(), osv()}).has_value());
  const std::string whole = index_bytes();
  const auto damage = [&](std::string bytes) {
    std::ofstream(app::index_path(folder_), std::ios::binary | std::ios::trunc) << bytes;
    const auto report = update({list(), osv()});
    ASSERT_TRUE(report.has_value());
    EXPECT_EQ(codes(), "data.index ");
    EXPECT_EQ(index_bytes(), whole);
  };
  damage(whole.substr(0, whole.size() / 2));
  damage("");
  std::string other_version = whole;
  other_version[8] = static_cast<char>(other_version[8] + 1);
  damage(other_version);
  std::string flipped = whole;
  flipped.back() = static_cast<char>(flipped.back() ^ 1);
  damage(flipped);
  // Without an index, what feeds gave before does not count.
  std::filesystem::remove(app::index_path(folder_));
  ASSERT_TRUE(update({list(), osv()}).has_value());
  EXPECT_EQ(index_bytes(), whole);
}

TEST_F(Update, ForgetsWhatFeedsGaveWhenAnImportLosesIt) {
  put_osv({{"GHSA-1", "2026-01-01T00:00:00Z"}});
  ASSERT_TRUE(update({osv()}).has_value());
  std::ofstream(app::index_path(folder_), std::ios::binary | std::ios::trunc) << "damaged";
  const std::string file = folder_ + "/own.json";
  std::ofstream(file) << record("GHSA-7", "2026-01-01T00:00:00Z", "1.0.0");
  ASSERT_TRUE(app::import_data({{file}, folder_, {}}, files_, progress_, problems_).has_value());
  EXPECT_EQ(ids(), (Targets{"GHSA-7"}));
  EXPECT_EQ(update({osv()})->feeds[0].state, State::updated);
  EXPECT_EQ(ids(), (Targets{"GHSA-1", "GHSA-7"}));
}

TEST_F(Update, LeavesEverythingAsItWasWhenTheDiskIsFull) {
  put_osv({{"GHSA-1", "2026-01-01T00:00:00Z"}});
  ASSERT_TRUE(update({osv()}).has_value());
  const std::string before = index_bytes();
  server_.put("/kev.json", kev("2026-08-07", "CVE-2026-1000"));
  int failed = 0;
  for (int writes = 0; writes < 100; ++writes) {
    FullDisk full;
    full.writes_left = writes;
    const auto report =
        app::update_data({{list()}, folder_, {}, {}}, fetcher_, full, progress_, problems_);
    const bool is_new = index_bytes() != before;
    if (is_new) break;
    ++failed;
    EXPECT_TRUE(!report || report->feeds[0].state == State::failed);
    EXPECT_TRUE(AdvisoryIndex::open(app::index_path(folder_))->verify());
    EXPECT_FALSE(std::filesystem::exists(app::index_path(folder_) + ".part"));
  }
  EXPECT_GT(failed, 2);
  EXPECT_LT(failed, 100);
}

TEST_F(Update, LetsNoTwoChangeTheDataAtOnce) {
  put_osv({{"GHSA-1", "2026-01-01T00:00:00Z"}});
  {
    const auto other = app::lock_data(folder_, files_);
    ASSERT_TRUE(other.has_value());
    const auto report = update({osv()});
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(report.error().code, "file.locked");
    const std::string file = folder_ + "/own.json";
    std::ofstream(file) << record("GHSA-7", "2026-01-01T00:00:00Z", "1.0.0");
    const auto imported = app::import_data({{file}, folder_, {}}, files_, progress_, problems_);
    ASSERT_FALSE(imported.has_value());
    EXPECT_EQ(imported.error().code, "file.locked");
  }
  EXPECT_TRUE(update({osv()}).has_value());
}

TEST(Feeds, AreKnownByNameOrGivenByAddress) {
  const auto names = [](const std::vector<std::string>& words) {
    const auto feeds = app::wanted_feeds(words);
    std::string text;
    if (!feeds) return feeds.error().code;
    for (const Feed& feed : *feeds)
      text += feed.name + " ";
    return text;
  };
  EXPECT_EQ(names({}),
            "cisa-kev eu-kev epss osv/Alpine osv/Debian osv/Go osv/Maven osv/NuGet osv/Packagist "
            "osv/PyPI osv/RubyGems osv/crates.io osv/npm ");
  EXPECT_EQ(names({"osv/Rocky Linux", "epss", "epss"}), "osv/Rocky Linux epss ");
  EXPECT_EQ(names({"kev=https://a/b", "csaf=example.com", "csaf=https://a/aggregator.json"}),
            "kev=https://a/b csaf=example.com csaf=https://a/aggregator.json ");
  EXPECT_EQ(app::wanted_feeds({"osv/PyPI=http://127.0.0.1:80/x"})->at(0).address,
            "http://127.0.0.1:80/x/");
  for (const char* bad : {"kev", "cisa", "osv/pypi", "csaf/x", "kev/a=https://b", "osv/", "x=y"})
    EXPECT_EQ(names({bad}), "usage.feed") << bad;
  for (const char* bad : {"kev=http://a/b", "kev=", "osv=ftp://a", "csaf=a b", "csaf=u@b"})
    EXPECT_EQ(names({bad}), "fetch.address") << bad;
}

}  // namespace
}  // namespace lockstep::test
