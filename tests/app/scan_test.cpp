// SPDX-License-Identifier: Apache-2.0
#include "app/scan.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "advisories/builders.hpp"
#include "app/import_data.hpp"
#include "support/paths.hpp"

namespace lockstep::app {
namespace {

/// A bill of so many components, that is read by several cores; every third is touched by records.
std::string bill(int components) {
  std::string text = R"({"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [)";
  for (int i = 0; i < components; ++i) {
    const std::string name = "part-" + std::to_string(i);
    if (i > 0) text += ",\n";
    text += R"({"type": "library", "bom-ref": ")" + std::to_string(i) + R"(", "name": ")" + name;
    text += R"(", "version": "1.)" + std::to_string(i % 7) + R"(.0")";
    if (i % 11 != 0)
      text += R"(, "purl": "pkg:npm/)" + name + "@1." + std::to_string(i % 7) + ".0\"";
    text += "}";
  }
  return text + "]}";
}

std::string records() {
  advisories::IndexBuilder builder;
  for (int i = 0; i < 2'000; i += 3) {
    const std::string name = "part-" + std::to_string(i);
    for (int j = 0; j < i % 4; ++j) {
      Advisory record =
          test::advisory("OSV-" + std::to_string(4 * i + j), "npm", name, j == 2 ? "?" : "1.3.0");
      record.severity = {{"CVSS_V3", j == 0 ? "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
                                            : "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:N/I:L/A:N"}};
      record.affected[0].versions = {"1.5.0", "1.6.0"};
      builder.add(record);
    }
  }
  return builder.finish();
}

/// What is left out where only the document is asked for changes none of its bytes.
TEST(Scan, FindingsThatAreNotKeptAreWrittenTheSame) {
  RealFiles files;
  const std::string folder = test::fresh_folder("scan");
  ASSERT_TRUE(files.write(index_path(folder), records()).has_value());
  ScanRequest request;
  for (const int components : {0, 1, 70, 1'900}) {
    request.boms.push_back(folder + "/" + std::to_string(components) + ".cdx.json");
    ASSERT_TRUE(files.write(request.boms.back(), bill(components)).has_value());
  }
  request.data_folder = folder;
  request.as_of = *parse_day("2026-11-27");
  Diagnostics problems;
  const auto kept = scan_files(request, files, problems);
  ASSERT_TRUE(kept.has_value()) << to_text(kept.error());
  EXPECT_GT(kept->findings.size(), 500U);
  EXPECT_GT(kept->unmatched.size(), 100U);
  request.only_document = true;
  const auto written = scan_files(request, files, problems);
  ASSERT_TRUE(written.has_value()) << to_text(written.error());
  EXPECT_TRUE(written->findings.empty());
  EXPECT_EQ(open_states(*written), open_states(*kept));
  EXPECT_EQ(joined(findings_document(*written, 1)), joined(findings_document(*kept, 1)));
}

}  // namespace
}  // namespace lockstep::app
