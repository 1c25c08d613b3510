// SPDX-License-Identifier: Apache-2.0
#include "app/import_data.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "advisories/index.hpp"
#include "app/data_status.hpp"
#include "base/digest.hpp"
#include "support/full_disk.hpp"
#include "support/paths.hpp"
#include "support/zip.hpp"

namespace lockstep::test {
namespace {

using advisories::AdvisoryIndex;
using app::ImportReport;

std::string record(const std::string& id,
                   const std::string& modified,
                   const std::string& fixed,
                   const std::string& package = "left") {
  return R"({"id": ")" + id + R"(", "modified": ")" + modified +
         R"(T00:00:00Z", "aliases": ["CVE-2026-1000"], "affected": [{"package": {"ecosystem": )" +
         R"("npm", "name": ")" + package +
         R"("}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": ")" +
         fixed + R"("}]}]}]})";
}

constexpr const char* kev =
    R"({"dateReleased": "2026-08-07T00:00:00Z", "count": 1, "vulnerabilities": [
       {"cveID": "CVE-2026-1000", "dateAdded": "2026-08-01",
        "knownRansomwareCampaignUse": "Known"}]})";
constexpr const char* eu_kev = R"([{"cveID": "CVE-2026-1000", "euvdID": "EUVD-2026-7",
       "dateReported": "2026/08/10", "originSource": "CRA", "exploitationType": "APT"}])";
constexpr const char* epss =
    "#model_version:v2025.03.14,score_date:2026-03-28T12:55:00Z\ncve,epss,percentile\n"
    "CVE-2026-1000,0.5,0.9\n";

/// Says stop after a number of questions.
class Stopping final : public Progress {
 public:
  explicit Stopping(int questions) : left_(questions) {}

  bool is_cancelled() const override { return left_-- <= 0; }

 private:
  mutable int left_;
};

class Import : public testing::Test {
 protected:
  void SetUp() override { folder_ = fresh_folder("import"); }

  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string put(const std::string& name, const std::string& bytes) {
    const std::string path = folder_ + "/in/" + name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  std::string data() const { return folder_ + "/data"; }

  Result<ImportReport> import(const std::vector<std::string>& paths) {
    RealFiles files;
    Progress progress;
    return app::import_data({paths, data(), *parse_instant("2026-09-11T10:00:00Z")}, files,
                            progress, problems_);
  }

  std::string index_bytes() const { return read_file(app::index_path(data())); }

  /// The fixed version of the one entry of npm's "left".
  std::string fixed_version() const {
    const auto index = AdvisoryIndex::open(app::index_path(data()));
    const auto entry = index->entry(index->find("npm", "left")->at(0));
    return std::string(entry->ranges.at(0).events.at(1).version);
  }

  std::string folder_;
  Diagnostics problems_;
};

TEST_F(Import, TakesEveryKindInAnyMix) {
  put("npm/all.zip", make_zip({{"GHSA-1.json", record("GHSA-1", "2026-01-01", "2.0.0")},
                               {"GHSA-2.json", record("GHSA-2", "2026-01-02", "3.0.0")}}));
  put("single/GHSA-3.json", record("GHSA-3", "2026-01-03", "4.0.0"));
  put("single/README.md", "about");
  put("kev.json", kev);
  put("eukev.json", eu_kev);
  put("epss.csv.gz", make_gzip(epss));
  put("other.json", "{\"a\": 1}");
  const auto report = import({folder_ + "/in"});
  ASSERT_TRUE(report.has_value()) << to_text(report.error());
  EXPECT_EQ(report->records_read, 3);
  EXPECT_EQ(report->records_after, 3);
  std::string kinds;
  for (const app::ImportedFile& file : report->files) {
    kinds += file.kind + ":" + std::to_string(file.entries) + " ";
  }
  EXPECT_EQ(kinds, "osv:1 epss:1 eu-kev:1 cisa-kev:1 osv:2 ");
  ASSERT_EQ(report->skipped.size(), 2U);
  EXPECT_TRUE(report->skipped[0].path.ends_with("other.json"));
  EXPECT_TRUE(report->skipped[1].path.ends_with("README.md"));
  ASSERT_EQ(report->sources.size(), 4U);
  EXPECT_EQ(report->sources[0].source, "cisa-kev");
  EXPECT_EQ(report->sources[0].sha256, sha256(kev));
  EXPECT_EQ(report->sources[1].source, "epss");
  EXPECT_EQ(report->sources[1].as_of, "2026-03-28");
  EXPECT_EQ(report->sources[3].source, "osv");
  EXPECT_EQ(report->sources[3].as_of, "2026-01-03");
  EXPECT_EQ(problems_.entries().size(), 0U);

  RealFiles files;
  const auto status = app::data_status(data(), *parse_day("2026-03-30"), files);
  ASSERT_TRUE(status.has_value());
  EXPECT_TRUE(status->is_there);
  EXPECT_EQ(status->imported_at, "2026-09-11T10:00:00Z");
  EXPECT_EQ(status->index_sha256, report->index_sha256);
  EXPECT_EQ(status->sources.at(1).age_days, 2);
  ASSERT_EQ(status->ecosystems.size(), 1U);
  EXPECT_EQ(status->ecosystems[0].ecosystem, "npm");
  EXPECT_EQ(status->ecosystems[0].records, 3);
}

TEST_F(Import, TakesRecordsOfNvdAndGitHubAlsoFromArchives) {
  const std::string nvd = read_file(source_path("tests/data/formats/nvd/page.json"));
  const std::string ghsa = read_file(source_path("tests/data/formats/ghsa/list.json"));
  put("nvd.json.gz", make_gzip(nvd));
  put("all.zip",
      make_zip({{"ghsa.json", ghsa}, {"GHSA-1.json", record("GHSA-1", "2026-01-01", "2.0.0")}}));
  const auto report = import({folder_ + "/in"});
  ASSERT_TRUE(report.has_value()) << to_text(report.error());
  std::string kinds;
  for (const app::ImportedFile& file : report->files)
    kinds += file.kind + ":" + std::to_string(file.entries) + " ";
  EXPECT_EQ(kinds, "nvd:3 ghsa:2 osv:1 ");
  EXPECT_EQ(report->records_after, 6);
  const auto index = AdvisoryIndex::open(app::index_path(data()));
  ASSERT_TRUE(index.has_value());
  EXPECT_EQ(index->find("npm", "@acme/pad")->size(), 1U);
  EXPECT_EQ(index->find("CPE", "a:acme:pump_control")->size(), 2U);
  // Groups of products come back as they were.
  const auto posting = index->find("CPE", "o:acme:pump_firmware")->at(0);
  const auto entry = index->entry(posting);
  ASSERT_EQ(entry->together_with.size(), 1U);
  const auto groups = index->record(posting.record)->cpe_groups;
  EXPECT_EQ(groups.at(entry->together_with[0]).at(1).name,
            "cpe:2.3:h:acme:pump_200:-:*:*:*:*:*:*:*");
}

TEST_F(Import, ReplacesOlderRecordsAndKeepsTheOthers) {
  ASSERT_TRUE(import({put("a.json", record("GHSA-1", "2026-02-01", "2.0.0")),
                      put("b.json", record("GHSA-2", "2026-02-01", "2.0.0", "right")),
                      put("kev.json", kev)}));
  ASSERT_TRUE(import({put("a.json", record("GHSA-1", "2026-01-01", "1.0.0"))}));
  EXPECT_EQ(fixed_version(), "2.0.0");
  const auto report = import({put("a.json", record("GHSA-1", "2026-03-01", "3.0.0"))});
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(fixed_version(), "3.0.0");
  EXPECT_EQ(report->records_before, 2);
  EXPECT_EQ(report->records_after, 2);
  const auto index = AdvisoryIndex::open(app::index_path(data()));
  EXPECT_EQ(index->known_exploited("CVE-2026-1000")->size(), 1U);
}

TEST_F(Import, MakesTheSameIndexWhateverTheOrderAndThePacking) {
  const std::string a = record("GHSA-1", "2026-02-01", "2.0.0");
  const std::string b = record("GHSA-2", "2026-02-01", "2.0.0");
  ASSERT_TRUE(import({put("a.json", a), put("b.json", b), put("kev.json", kev)}));
  const std::string first = index_bytes();
  std::filesystem::remove_all(data());
  ASSERT_TRUE(
      import({put("kev.json", kev), put("all.zip", make_zip({{"b.json", b}, {"a.json", a}}))}));
  EXPECT_EQ(index_bytes(), first);
  std::filesystem::remove_all(data());
  ASSERT_TRUE(import({put("b.json", b)}));
  ASSERT_TRUE(import({put("a.json", a), put("kev.json", kev)}));
  EXPECT_EQ(index_bytes(), first);
  ASSERT_TRUE(import({put("a.json", a)}));
  EXPECT_EQ(index_bytes(), first);
}

TEST_F(Import, ReportsABadRecordAndKeepsTheOthers) {
  const auto report = import(
      {put("all.zip",
           make_zip({{"a.json", "{\"id\": "}, {"b.json", record("GHSA-2", "2026-02-01", "2")}}))});
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->records_after, 1);
  ASSERT_EQ(problems_.error_count(), 1U);
  EXPECT_TRUE(problems_.entries()[0].where.file.ends_with("all.zip:a.json"));
}

TEST_F(Import, LeavesTheOldDataOnAnyFailure) {
  const std::string good = put("a.json", record("GHSA-1", "2026-02-01", "2.0.0"));
  ASSERT_TRUE(import({good}));
  const std::string before = index_bytes();
  const std::string newer = put("b.json", record("GHSA-1", "2026-03-01", "3.0.0"));

  const auto bad_zip = import({newer, put("bad.zip", "PK\x03\x04 nonsense")});
  ASSERT_FALSE(bad_zip.has_value());
  EXPECT_TRUE(bad_zip.error().code.starts_with("archive.")) << to_text(bad_zip.error());
  EXPECT_EQ(index_bytes(), before);

  const auto missing = import({newer, folder_ + "/nowhere.json"});
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, "file.missing");
  EXPECT_EQ(index_bytes(), before);

  const auto nothing = import({put("other.json", "{}")});
  ASSERT_FALSE(nothing.has_value());
  EXPECT_EQ(nothing.error().code, "data.nothing");

  FullDisk full;
  Progress progress;
  const auto stopped = app::import_data({{newer}, data(), {}}, full, progress, problems_);
  ASSERT_FALSE(stopped.has_value());
  EXPECT_EQ(stopped.error().code, "file.unwritable");
  EXPECT_EQ(index_bytes(), before);

  RealFiles files;
  bool finished = false;
  for (int questions = 0; !finished && questions < 100; ++questions) {
    const std::string was = index_bytes();
    Stopping stopping(questions);
    const auto cancelled = app::import_data({{newer}, data(), {}}, files, stopping, problems_);
    finished = cancelled.has_value();
    if (finished) break;
    EXPECT_EQ(cancelled.error().code, "data.cancelled");
    EXPECT_EQ(cancelled.error().kind, ErrorKind::interrupted);
    EXPECT_EQ(index_bytes(), was);
  }
  EXPECT_TRUE(finished);
  EXPECT_EQ(fixed_version(), "3.0.0");
}

TEST_F(Import, WarnsWhenTheOldIndexIsDamaged) {
  const std::string good = put("a.json", record("GHSA-1", "2026-02-01", "2.0.0"));
  ASSERT_TRUE(import({good}));
  std::string bytes = index_bytes();
  bytes.back() = static_cast<char>(bytes.back() + 1);
  std::ofstream(app::index_path(data()), std::ios::binary) << bytes;
  RealFiles files;
  const auto status = app::data_status(data(), Day{}, files);
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, "data.index");
  ASSERT_TRUE(import({good}).has_value());
  ASSERT_EQ(problems_.entries().size(), 1U);
  EXPECT_EQ(problems_.entries()[0].code, "data.index");
  EXPECT_TRUE(app::data_status(data(), Day{}, files).has_value());
}

TEST_F(Import, CountsNoAgeFromRecordsOfTheFuture) {
  const auto report =
      import({put("a.json", record("GHSA-1", "2026-02-01", "2.0.0")),
              put("b.json", record("GHSA-2", "2027-06-01", "2.0.0")), put("kev.json", kev)});
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->sources.at(1).as_of, "2026-02-01");  // imported on 2026-09-11
  EXPECT_EQ(report->sources.at(1).later, 1);
  RealFiles files;
  const auto status_on = [&](const char* day) {
    auto status = app::data_status(data(), *parse_day(day), files);
    EXPECT_TRUE(status.has_value());
    return status->sources;
  };
  const auto now = status_on("2026-09-11");
  EXPECT_EQ(now.at(1).age_days, 222);
  EXPECT_EQ(now.at(1).source.later, 1);
  EXPECT_EQ(now.at(0).age_days, 35);
  EXPECT_EQ(now.at(0).source.later, 0);
  const auto afterwards = status_on("2027-06-03");
  EXPECT_EQ(afterwards.at(1).age_days, 2);
  EXPECT_EQ(afterwards.at(1).source.later, 0);
  const auto before = status_on("2026-01-01");
  EXPECT_FALSE(before.at(1).age_days.has_value());
  EXPECT_EQ(before.at(1).source.as_of, "");
  EXPECT_EQ(before.at(1).source.later, 2);
  EXPECT_FALSE(before.at(0).age_days.has_value());
  EXPECT_EQ(before.at(0).source.as_of, "2026-08-07");
  EXPECT_EQ(before.at(0).source.later, 1);
}

TEST_F(Import, SaysThatThereIsNoDataYet) {
  RealFiles files;
  const auto status = app::data_status(data(), Day{}, files);
  ASSERT_TRUE(status.has_value());
  EXPECT_FALSE(status->is_there);
  EXPECT_EQ(status->index, app::index_path(data()));
}

}  // namespace
}  // namespace lockstep::test
