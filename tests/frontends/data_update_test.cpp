// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "documents/schema_check.hpp"
#include "frontends/cli/run.hpp"
#include "support/http_server.hpp"
#include "support/paths.hpp"
#include "support/patient_fetcher.hpp"

namespace lockstep::frontends {
namespace {

class DataUpdate : public testing::Test {
 protected:
  void SetUp() override { folder_ = test::fresh_folder("data-update"); }

  void TearDown() override { std::filesystem::remove_all(folder_); }

  Printed update(std::vector<std::string> words) {
    RealFiles files;
    Progress progress;
    Environment environment{files,    fetcher_,
                            progress, Instant{},
                            "",       {{"LOCKSTEP_FEEDS", "kev=" + server_.url("/setting.json")}},
                            false,    80,
                            false,    nullptr};
    words.insert(words.begin(), {"data", "update", "--data", folder_});
    return run(words, environment);
  }

  std::string folder_;
  test::HttpServer server_;
  test::PatientFetcher fetcher_;
};

constexpr const char* kev =
    R"({"dateReleased": "2026-08-07T00:00:00Z", "count": 1, "vulnerabilities": [
       {"cveID": "CVE-2026-1000", "dateAdded": "2026-08-01"}]})";

TEST_F(DataUpdate, AnswersAsItsSchemaSays) {
  server_.put("/kev.json", kev);
  const Printed printed =
      update({"--from", "kev=" + server_.url("/kev.json") + ",epss=" + server_.url("/none.csv.gz"),
              "--format", "json"});
  EXPECT_EQ(printed.exit, exit_code::input);
  Diagnostics problems;
  const auto document = parse_json(printed.output, "stdout", problems);
  ASSERT_TRUE(document.has_value());
  EXPECT_EQ(test::SchemaCheck::problems(*document, "data-update.schema.json"),
            std::vector<std::string>{});
  EXPECT_EQ((*document)["feeds"].items().at(0)["state"].string_or(""), "updated");
  EXPECT_EQ((*document)["feeds"].items().at(1)["state"].string_or(""), "failed");
  EXPECT_EQ((*document)["exit"].as_int(), exit_code::input);
  EXPECT_NE(printed.problems.find("error[fetch.missing]"), std::string::npos) << printed.problems;
}

TEST_F(DataUpdate, TakesTheSettingWhenNothingIsNamed) {
  server_.put("/setting.json", kev);
  const Printed printed = update({});
  EXPECT_EQ(printed.exit, exit_code::ok) << printed.problems;
  EXPECT_EQ(server_.take_targets(), std::vector<std::string>{"/setting.json"});
  EXPECT_NE(update({}).output.find("unchanged"), std::string::npos);
}

TEST_F(DataUpdate, UsesNoNetworkWhenToldSo) {
  const Printed printed = update({"--offline"});
  EXPECT_EQ(printed.exit, exit_code::usage);
  EXPECT_NE(printed.problems.find("error[data.offline]"), std::string::npos);
  EXPECT_TRUE(server_.take_targets().empty());
}

}  // namespace
}  // namespace lockstep::frontends
