// SPDX-License-Identifier: Apache-2.0
// The standards' own suites, read in place: every valid document is accepted, every invalid one is
// refused with a place.
#include <filesystem>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "formats/cyclonedx/cyclonedx.hpp"
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

/// The files below a folder that end in one of the extensions.
std::vector<fs::path> files_below(const std::string& folder,
                                  const std::set<std::string>& extensions) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && extensions.contains(entry.path().extension().string()))
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
  for (const fs::path& file : files_below(folder, {".json", ".xml"})) {
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
  EXPECT_GT(valid, 2);
  EXPECT_GT(invalid, 5);
}

/// What a bill says of its parts, without the places.
std::string said_by(Bom bom) {
  std::string text = write_cyclonedx(bom);
  for (const Component& component : bom.components)
    text += component.has_unreadable_purl ? "unreadable purl\n" : "";
  return text;
}

/// Pairs of the suite whose two files say different things, by how their names begin.
bool differs_itself(const fs::path& file) {
  const std::string name = file.filename().string();
  return std::ranges::any_of(
      std::vector<std::string>{"valid-bom-", "valid-dependency-", "valid-license-",
                               "valid-compositions-", "valid-metadata-timestamp-",
                               "valid-cryptography-implementation-"},
      [&](const std::string& begin) { return name.starts_with(begin); });
}

TEST(CycloneDxSuite, XmlAndJsonGiveTheSameBill) {
  LS_NEEDS_SHARED("vuln/suites/cyclonedx");
  int pairs = 0;
  for (const char* version : {"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"}) {
    const std::string folder = shared_path("vuln/suites/cyclonedx/") + version;
    for (const fs::path& file : files_below(folder, {".json"})) {
      const fs::path twin = fs::path(file).replace_extension(".xml");
      if (!has_in_name(file, "valid-") || has_in_name(file, "invalid") || !fs::exists(twin))
        continue;
      const std::string json = said_by(read_as_bom(file).bom);
      const std::string xml = said_by(read_as_bom(twin).bom);
      pairs += json == xml ? 1 : 0;
      if (differs_itself(file)) continue;
      EXPECT_EQ(json, xml) << file;
    }
  }
  EXPECT_GT(pairs, 60);
}

INSTANTIATE_TEST_SUITE_P(Versions,
                         CycloneDxSuite,
                         testing::Values("1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"));

TEST(SpdxSuite, AcceptsTheGoodAndRefusesTheBad) {
  LS_NEEDS_SHARED("vuln/suites/spdx");
  int read = 0;
  for (const fs::path& file :
       files_below(shared_path("vuln/suites/spdx"), {".json", ".spdx", ".yaml", ".xml"})) {
    const std::string path = file.string();
    if (path.find("/reference/") != std::string::npos) continue;
    const Outcome outcome = read_as_bom(file);
    // A file of the Go reader's suite is bad on purpose, but is not named so; RDF is not read.
    const bool is_bad = path.find("/invalid/") != std::string::npos ||
                        has_in_name(file, "null-relationships") || has_in_name(file, ".rdf.");
    EXPECT_EQ(outcome.is_accepted, !is_bad) << file << "\n" << outcome.text;
    EXPECT_TRUE(outcome.has_place) << file << "\n" << outcome.text;
    ++read;
  }
  EXPECT_GT(read, 40);
}

TEST(OtherSuites, ExamplesAndHostileBillsAreReadWithoutACrash) {
  LS_NEEDS_SHARED("vuln/suites/cyclonedx/bom-examples");
  std::map<bool, int> counts;
  for (const char* folder :
       {"vuln/suites/cyclonedx/bom-examples", "vuln/suites/cyclonedx/dependency-track"})
    for (const fs::path& file : files_below(shared_path(folder), {".json", ".xml"}))
      ++counts[read_as_bom(file).is_accepted];
  EXPECT_GT(counts[true], 10);
}

TEST(SpdxSuite, OneDocumentInFiveFormsGivesOneBill) {
  LS_NEEDS_SHARED("vuln/suites/spdx/tools-python");
  const std::string folder = shared_path("vuln/suites/spdx/tools-python/tests/spdx/data/");
  const std::string json = said_by(read_as_bom(folder + "SPDXJSONExample-v2.3.spdx.json").bom);
  EXPECT_NE(json.find("pkg:maven/org.apache.jena/apache-jena@3.12.0"), std::string::npos);
  for (const char* other : {"SPDXXMLExample-v2.3.spdx.xml", "SPDXYAMLExample-v2.3.spdx.yaml"})
    EXPECT_EQ(json, said_by(read_as_bom(folder + other).bom)) << other;
  // The tag-value form lists the packages in another order.
  const auto names = [](const Bom& bom) {
    std::multiset<std::string> found;
    for (const Component& component : bom.components)
      found.insert(component.reference + " " + component.name + " " + component.version);
    return found;
  };
  for (const char* other : {"SPDXTagExample-v2.3.spdx", "SPDXXMLExample-UTF-16.spdx.xml"})
    EXPECT_EQ(names(read_as_bom(folder + "SPDXJSONExample-v2.3.spdx.json").bom),
              names(read_as_bom(folder + other).bom))
        << other;
}

TEST(SpdxSuite, PackagesOfTheAiAndDatasetProfilesAreModelsAndData) {
  LS_NEEDS_SHARED("vuln/suites/spdx/spdx-examples/ai");
  const Bom bom = read_as_bom(shared_path("vuln/suites/spdx/spdx-examples/ai/example01/spdx3.0/"
                                          "simplehtr-example.json"))
                      .bom;
  std::map<std::string, std::string> types;
  for (const Component& component : bom.components)
    types[component.name] = component.type;
  EXPECT_EQ(types["word-model"], "machine-learning-model");
  EXPECT_EQ(types["IAMdataset"], "data");
  EXPECT_EQ(types["tensorflow"], "library");
  EXPECT_EQ(bom.subject.value_or(Component{}).name, "SimpleHTR");
  EXPECT_EQ(bom.format, "SPDX 3.0.1");
}

TEST(EnvelopeSuite, ABillInAnAttestationIsTheBillItself) {
  LS_NEEDS_SHARED("vuln/suites/trivy-e2e");
  const std::string folder = shared_path("vuln/suites/trivy-e2e/reference/fixtures/sbom/");
  const Outcome inside = read_as_bom(folder + "centos-7-cyclonedx.intoto.jsonl");
  const Outcome plain = read_as_bom(folder + "centos-7-cyclonedx.json");
  EXPECT_TRUE(inside.is_accepted) << inside.text;
  EXPECT_NE(inside.text.find("note[envelope.signature]"), std::string::npos) << inside.text;
  ASSERT_EQ(plain.bom.components.size(), inside.bom.components.size());
  for (std::size_t i = 0; i < plain.bom.components.size(); ++i)
    EXPECT_EQ(plain.bom.components[i].purl, inside.bom.components[i].purl);
}

}  // namespace
}  // namespace lockstep::formats
