// SPDX-License-Identifier: Apache-2.0
// The standards' own suites, read in place: every valid document is accepted, every invalid one is
// refused with a place.
#include <filesystem>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "formats/invalid_files.hpp"
#include "formats/registry.hpp"

namespace lockstep::formats {
namespace {

namespace fs = std::filesystem;
using test::read_file;
using test::shared_path;

struct Outcome {
  bool is_accepted = false;
  bool has_place = true;  ///< every error knows its line
  std::string text;
  Bom bom;
};

Outcome read_as_bom(const fs::path& file) {
  Diagnostics problems;
  Outcome outcome;
  auto bom = read_bom(read_file(file.string()), file.filename().string(), problems);
  outcome.is_accepted = bom.has_value() && !problems.has_errors();
  outcome.text = test::text_of(problems) + (bom ? "" : to_text(bom.error()));
  for (const Diagnostic& entry : problems.entries())
    if (entry.severity == Severity::error && entry.where.line == 0) outcome.has_place = false;
  if (bom) outcome.bom = *std::move(bom);
  return outcome;
}

std::vector<fs::path> json_below(const std::string& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().extension() == ".json")
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

bool has_in_name(const fs::path& file, std::string_view part) {
  return file.filename().string().find(part) != std::string::npos;
}

class CycloneDxSuite : public testing::TestWithParam<const char*> {};

TEST_P(CycloneDxSuite, AcceptsTheValidAndRefusesTheInvalid) {
  const std::string folder = shared_path("vuln/suites/cyclonedx/") + GetParam();
  LS_NEEDS_SHARED("vuln/suites/cyclonedx");
  int valid = 0;
  int invalid = 0;
  for (const fs::path& file : json_below(folder)) {
    const Outcome outcome = read_as_bom(file);
    if (has_in_name(file, "invalid")) {
      ++invalid;
      EXPECT_FALSE(outcome.is_accepted) << file;
      EXPECT_TRUE(outcome.has_place) << file << "\n" << outcome.text;
    } else {
      ++valid;
      EXPECT_TRUE(outcome.is_accepted) << file << "\n" << outcome.text;
    }
  }
  EXPECT_GT(valid, 5);
  EXPECT_GT(invalid, 5);
}

INSTANTIATE_TEST_SUITE_P(Versions,
                         CycloneDxSuite,
                         testing::Values("1.2", "1.3", "1.4", "1.5", "1.6", "1.7"));

TEST(SpdxSuite, AcceptsTheGoodAndRefusesTheBad) {
  LS_NEEDS_SHARED("vuln/suites/spdx");
  int read = 0;
  for (const fs::path& file : json_below(shared_path("vuln/suites/spdx"))) {
    const std::string path = file.string();
    if (path.find("/reference/") != std::string::npos) continue;
    const Outcome outcome = read_as_bom(file);
    const bool is_spdx_3 = outcome.text.find("SPDX 3") != std::string::npos;
    // A file of the Go reader's suite is bad on purpose, but is not named so.
    const bool is_bad = path.find("/invalid/") != std::string::npos ||
                        has_in_name(file, "null-relationships") || is_spdx_3;
    EXPECT_EQ(outcome.is_accepted, !is_bad) << file << "\n" << outcome.text;
    if (!is_spdx_3) ++read;
  }
  EXPECT_GT(read, 8);
}

TEST(OtherSuites, ExamplesAndHostileBillsAreReadWithoutACrash) {
  LS_NEEDS_SHARED("vuln/suites/cyclonedx/bom-examples");
  std::map<bool, int> counts;
  for (const char* folder :
       {"vuln/suites/cyclonedx/bom-examples", "vuln/suites/cyclonedx/dependency-track"})
    for (const fs::path& file : json_below(shared_path(folder)))
      ++counts[read_as_bom(file).is_accepted];
  EXPECT_GT(counts[true], 10);
}

TEST(SpdxSuite, OtherSerialisationsAreNamed) {
  LS_NEEDS_SHARED("vuln/suites/spdx/tools-python");
  const std::string folder = shared_path("vuln/suites/spdx/tools-python/tests/spdx/data/");
  const auto message = [&](const char* name) { return read_as_bom(folder + name).text; };
  EXPECT_NE(message("SPDXTagExample-v2.3.spdx").find("tag-value"), std::string::npos);
  EXPECT_NE(message("SPDXXMLExample-v2.3.spdx.xml").find("XML"), std::string::npos);
  EXPECT_NE(message("SPDXYAMLExample-v2.3.spdx.yaml").find("YAML"), std::string::npos);
  EXPECT_NE(message("SPDXXMLExample-UTF-16.spdx.xml").find("UTF-16"), std::string::npos);
}

}  // namespace
}  // namespace lockstep::formats
