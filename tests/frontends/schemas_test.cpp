// SPDX-License-Identifier: Apache-2.0
// Every JSON document has a schema of its name, and what commands write fits it.
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <set>

#include "documents/schema_check.hpp"
#include "frontends/cli/run.hpp"
#include "support/paths.hpp"

namespace lockstep::frontends {
namespace {

using test::source_path;
using testing::IsEmpty;
using Words = std::vector<std::string>;

Json parsed(const std::string& text) {
  Diagnostics problems;
  const auto tree = parse_json(text, "output", problems);
  EXPECT_TRUE(tree.has_value()) << text.substr(0, 200);
  return tree ? *tree : Json();
}

Printed run_words(const Words& words) {
  RealFiles files;
  Progress progress;
  const auto fetcher = make_fetcher();
  const Instant now = std::chrono::sys_days(std::chrono::year{2028} / 9 / 4);
  const auto programs = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
  Environment environment{files, *fetcher, progress, now, "", {}, false, 80, false, nullptr};
  environment.variables["LOCKSTEP_ATTACK"] = (programs / "lockstep-attack").string();
  return run(words, environment);
}

/// @param name of the schema
void expect_fit_of(const Json& document, const std::string& name) {
  EXPECT_THAT(test::SchemaCheck::problems(document, name + ".schema.json"), IsEmpty()) << name;
}

/// What the command writes as JSON, which has to fit.
Json expect_fit(Words words, const std::string& name) {
  words.insert(words.end(), {"--format", "json"});
  const Printed printed = run_words(words);
  Json document = parsed(printed.output);
  SCOPED_TRACE(printed.problems);
  expect_fit_of(document, name);
  return document;
}

/// Names in "lockstep/NAME/1" of a text.
std::set<std::string> names_in(const std::string& text) {
  static const std::regex pattern("\"lockstep/([a-z_-]+)/[0-9]+\"");
  std::set<std::string> names;
  for (std::sregex_iterator found(text.begin(), text.end(), pattern), end; found != end; ++found)
    names.insert((*found)[1].str());
  return names;
}

TEST(Schemas, EveryDocumentHasOne) {
  std::map<std::string, std::string> files;  // by name of the document
  for (const auto& entry :
       std::filesystem::directory_iterator(source_path("data/schemas/lockstep"))) {
    const std::string file = entry.path().filename().string();
    EXPECT_EQ(test::SchemaCheck::load(file)["$id"].string_or(""),
              "https://lockstep.example/schemas/" + file);
    const std::set<std::string> names = names_in(test::read_file(entry.path().string()));
    for (const std::string& name : names)
      EXPECT_TRUE(files.emplace(name, file).second) << name << " in " << file;
    if (names.size() == 1) {
      EXPECT_EQ(file, *names.begin() + ".schema.json");
    }
  }
  std::size_t found = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source_path("src"))) {
    if (!entry.is_regular_file()) continue;
    for (const std::string& name : names_in(test::read_file(entry.path().string()))) {
      EXPECT_TRUE(files.contains(name)) << name << " of " << entry.path();
      ++found;
    }
  }
  EXPECT_GT(found, 50U);
}

TEST(Schemas, SmallAnswersFit) {
  expect_fit({"config", "show"}, "config");
  for (const char* vector :
       {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H/E:P/CR:H", "AV:N/AC:L/Au:N/C:N/I:N/A:C",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:P"})
    expect_fit({"cvss", vector}, "cvss");
  expect_fit({"purl", "parse", "pkg:npm/a"}, "purl");
  expect_fit({"purl", "parse", "pkg:deb/debian/curl@7.88.1-10?arch=amd64#a/b"}, "purl");
  expect_fit({"vers", "contains", "vers:pypi/>=1.0|<2.0", "1.5"}, "vers");
  expect_fit({"vers", "contains", "--native", "npm", "^1.2 || 3.x", "1.1.0"}, "vers");
  expect_fit({"vers", "next", "1.2.3", "minor"}, "vers-next");
  expect_fit({"vers", "overlap", "^1.2", "<1.4.7"}, "vers-overlap");
  expect_fit({"vers", "overlap", "^1.2", "<1"}, "vers-overlap");
  expect_fit({"explain", "cra.sbom"}, "explanation");
  expect_fit({"law", "show", "cra/art_14"}, "explanation");
  expect_fit({"ssvc"}, "ssvc_trees");
  expect_fit({"purl", "parse", "nonsense"}, "error");
  expect_fit({"asess"}, "error");
}

TEST(Schemas, AnswersAboutFilesFit) {
  const std::string folder = test::fresh_folder("schemas-files");
  RealFiles files;
  const std::string statements = folder + "/versions.txt";
  ASSERT_TRUE(files.write(statements, "1 < 2\n1.0 > 2.0\n"));
  const Json statement = expect_fit({"version-check", "PyPI", statements}, "version-check");
  EXPECT_EQ(statement["wrong"].as_int(), 1);
  ASSERT_TRUE(files.write(folder + "/a.json", R"({"bomFormat": "CycloneDX", "version": "x"})"));
  const Json checked =
      expect_fit({"validate", folder + "/a.json", "--as", "cyclonedx"}, "validation");
  EXPECT_FALSE(checked["problems"].items().empty());
  ASSERT_TRUE(files.write(folder + "/answers.yaml",
                          "name: Reader\nversion: 1.0\nfacts: {product: {kind: software}}\n"));
  expect_fit({"init", "--answers", folder + "/answers.yaml", "-o", folder + "/lockstep.yaml"},
             "init");
  std::filesystem::remove_all(folder);
}

TEST(Schemas, DocumentsOfAnAssessmentFit) {
  const std::string folder = test::fresh_folder("schemas-assess");
  const std::string product = folder + "/quayside";
  std::filesystem::copy(source_path("examples/quayside"), product,
                        std::filesystem::copy_options::recursive);
  const std::string data = folder + "/data";
  expect_fit({"data", "status", "--data", data}, "data-status");
  expect_fit({"data", "import", source_path("examples/advisories"), "--data", data}, "data-import");
  const Json status = expect_fit({"data", "status", "--data", data}, "data-status");
  EXPECT_FALSE(status["sources"].items().empty());
  expect_fit_of(parsed(test::read_file(data + "/manifest.json")), "data-manifest");
  const Words of_product = {"--config", product + "/lockstep.yaml",   "--data",  data,
                            "--store",  "sqlite:" + folder + "/s.db", "--as-of", "2028-09-04"};
  const auto with = [&](Words words) {
    words.insert(words.end(), of_product.begin(), of_product.end());
    return words;
  };
  const Words assess = {"assess", "--only", "vulnerabilities", "-o", folder + "/out"};
  const Json first = expect_fit(with(assess), "assessment");
  EXPECT_TRUE(first["baseline"].is_null());
  Words again = with(assess);
  again.insert(again.end(), {"--baseline", folder + "/out/dossier.json"});
  EXPECT_FALSE(expect_fit(again, "assessment")["baseline"].is_null());
  expect_fit(with({"docs", "plan"}), "documents");
  expect_fit(with({"evidence", "verify"}), "evidence-verification");
  expect_fit(with({"thresholds", "show"}), "thresholds-check");
  expect_fit_of(parsed(test::read_file(product + "/thresholds.lock")), "thresholds");
  expect_fit(with({"thresholds", "lock", "--approver", "product safety"}), "thresholds-lock");
  std::filesystem::remove_all(folder);
}

TEST(Schemas, TheAnswerOfConformanceFits) {
  LS_NEEDS_SHARED("ai/suites/onnx/node");
  const Json found =
      expect_fit({"ai", "conformance", test::shared_path("ai/suites/onnx/node/test_add_uint8")},
                 "conformance");
  EXPECT_EQ(found["passed"].as_int(), 1);
}

}  // namespace
}  // namespace lockstep::frontends
