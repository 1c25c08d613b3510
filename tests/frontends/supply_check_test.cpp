// SPDX-License-Identifier: Apache-2.0
// `importer check` and `distributor check` over the sample bundles of tests/data/received/ (made by
// make.py there), over bundles that are changed one file at a time, and over hostile ones.
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <sys/stat.h>

#include "base/text.hpp"
#include "documents/schema_check.hpp"
#include "frontends/cli/run.hpp"
#include "support/golden.hpp"
#include "support/zip.hpp"

namespace lockstep::frontends {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

#define LS_NEEDS_PDFTOTEXT() \
  if (!fs::exists("/usr/bin/pdftotext")) GTEST_SKIP() << "pdftotext is not installed"

Printed run_words(std::vector<std::string> words, const std::string& pdf_program = "") {
  RealFiles files;
  Progress progress;
  const auto fetcher = make_fetcher();
  Environment environment{files, *fetcher, progress, Instant{}, "", {}, false, 80, false, nullptr};
  if (!pdf_program.empty()) environment.variables["LOCKSTEP_PDFTOTEXT"] = pdf_program;
  return run(words, environment);
}

std::string sample(const std::string& name) {
  return test::source_path("tests/data/received/" + name);
}

std::vector<std::string> check(const std::string& which, const std::string& bundle) {
  return {which, "check", bundle, "--as-of", "2028-01-15"};
}

Json json_of(std::vector<std::string> words, const std::string& pdf_program = "") {
  words.insert(words.end(), {"--format", "json"});
  Diagnostics problems;
  const auto tree = parse_json(run_words(words, pdf_program).output, "output", problems);
  EXPECT_TRUE(tree.has_value());
  return tree ? *tree : Json();
}

std::map<std::string, std::string> states_of(const Json& document) {
  std::map<std::string, std::string> states;
  for (const Json& item : document["items"].items())
    states[item["id"].string_or("")] = item["state"].string_or("");
  return states;
}

std::vector<std::string> contradictions_of(const Json& document) {
  std::vector<std::string> ids;
  for (const Json& one : document["contradictions"].items())
    ids.push_back(one["id"].string_or(""));
  return ids;
}

/// What is printed, with the path of the checkout left out.
std::string page_of(std::vector<std::string> words) {
  const std::string root = test::source_path("");
  std::string text = run_words(std::move(words)).output;
  for (std::size_t at = text.find(root); at != std::string::npos; at = text.find(root, at))
    text.erase(at, root.size());
  return text;
}

class SupplyCheck : public testing::Test {
 protected:
  void SetUp() override { folder_ = test::fresh_folder("supply"); }

  void TearDown() override { fs::remove_all(folder_); }

  std::string put(const std::string& name, const std::string& bytes) {
    const std::string path = folder_ + "/" + name;
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  std::string copy_of(const std::string& name) {
    fs::copy(sample(name), folder_ + "/" + name, fs::copy_options::recursive);
    return folder_ + "/" + name;
  }

  std::string folder_;
};

TEST_F(SupplyCheck, PagesAreAsCommitted) {
  LS_NEEDS_PDFTOTEXT();
  for (const char* which : {"importer", "distributor"}) {
    for (const char* name :
         {"complete", "incomplete", "contradictory", "german", "french", "foreign"})
      test::expect_golden(std::string("checks/") + which + "-" + name + ".txt",
                          page_of(check(which, "tests/data/received/" + std::string(name))));
    auto wide = check(which, "tests/data/received/contradictory");
    wide.insert(wide.end(), {"--format", "markdown"});
    test::expect_golden(std::string("checks/") + which + "-contradictory.md", page_of(wide));
  }
}

TEST_F(SupplyCheck, DocumentsFitTheirSchemaAndSayTheExit) {
  LS_NEEDS_PDFTOTEXT();
  for (const char* which : {"importer", "distributor"}) {
    for (const char* name :
         {"complete", "incomplete", "contradictory", "german", "french", "foreign"}) {
      const auto words = check(which, sample(name));
      const Json document = json_of(words);
      EXPECT_THAT(test::SchemaCheck::problems(document, "supply-check.schema.json"), IsEmpty())
          << name;
      EXPECT_EQ(document["exit"].as_int(), run_words(words).exit) << name;
    }
  }
}

// Where the files of the complete bundle say something, by hand: the states that must come out.
TEST_F(SupplyCheck, WhatTheCompleteBundleSaysIsSeen) {
  LS_NEEDS_PDFTOTEXT();
  const Json document = json_of(check("importer", sample("complete")));
  const auto states = states_of(document);
  for (const auto& [id, state] : states) {
    const bool is_asked = id == "importer.procedure" || id == "importer.conforming" ||
                          id == "importer.ce_marking" || id == "importer.language" ||
                          id == "importer.storage" || id == "importer.proof";
    EXPECT_EQ(state, is_asked ? "ask" : "seen") << id;
  }
  EXPECT_THAT(contradictions_of(document), IsEmpty());
  for (const Json& item : document["items"].items()) {
    if (item["id"].string_or("") != "importer.support_end") continue;
    const Json& where = item["where"].items().at(0);
    EXPECT_EQ(where["file"].string_or(""), "manual.html");
    EXPECT_EQ(where["value"].string_or(""), "2037-12-31");
  }
}

// What lay in one file only is missing without it, and not legible behind a picture of it: never
// the other way round, whichever file it is.
TEST_F(SupplyCheck, MissingIsSaidOnlyWhereEverythingWasRead) {
  LS_NEEDS_PDFTOTEXT();
  const auto whole = states_of(json_of(check("importer", sample("complete"))));
  std::size_t lost = 0;
  for (const auto& entry : fs::directory_iterator(sample("complete"))) {
    const std::string name = entry.path().filename().string();
    fs::remove_all(folder_ + "/complete");
    const std::string bundle = copy_of("complete");
    fs::remove(bundle + "/" + name);
    const auto without = states_of(json_of(check("importer", bundle)));
    put("complete/" + name, "\x89PNG\r\n\x1a\n");
    const auto pictured = states_of(json_of(check("importer", bundle)));
    for (const auto& [id, state] : whole) {
      if (without.at(id) == "missing") {
        ++lost;
        // Inside a declaration that is there and was read, a picture beside it changes nothing.
        EXPECT_EQ(pictured.at(id), "not_legible") << name << " " << id;
      } else if (without.at(id) == state) {
        EXPECT_EQ(pictured.at(id), state) << name << " " << id;
      }
      EXPECT_NE(without.at(id), "not_legible") << name << " " << id;
    }
  }
  EXPECT_GE(lost, 15U);
}

TEST_F(SupplyCheck, ContradictionsAreFound) {
  LS_NEEDS_PDFTOTEXT();
  const Json document = json_of(check("importer", sample("contradictory")));
  EXPECT_THAT(contradictions_of(document),
              testing::ElementsAre("contradiction.support_end", "contradiction.product_name",
                                   "contradiction.product_version", "contradiction.draft",
                                   "contradiction.other_act"));
  EXPECT_EQ(states_of(document)["importer.declaration_cra"], "missing");
  EXPECT_EQ(document["exit"].as_int(), 1);
  auto later = check("importer", sample("complete"));
  later.back() = "2038-01-15";
  EXPECT_THAT(contradictions_of(json_of(later)),
              testing::ElementsAre("contradiction.support_over"));
}

TEST_F(SupplyCheck, TheProductFileIsHeldAgainstTheDeclaration) {
  LS_NEEDS_PDFTOTEXT();
  const std::string other =
      put("other.yaml", "lockstep: 1\nproduct: {name: Quayside Reader, version: 3.2.0}\n");
  const std::string same =
      put("same.yaml", "lockstep: 1\nproduct: {name: Tidewatch reader, version: 2.1.0}\n");
  auto words = check("importer", sample("complete"));
  words.insert(words.end(), {"--config", other});
  EXPECT_THAT(contradictions_of(json_of(words)),
              testing::ElementsAre("contradiction.other_product", "contradiction.other_version"));
  words.back() = same;
  EXPECT_THAT(contradictions_of(json_of(words)), IsEmpty());
}

TEST_F(SupplyCheck, FactsDecideWhichItemsApply) {
  LS_NEEDS_PDFTOTEXT();
  const std::string facts = put(
      "facts.yaml",
      "product: {kind: hardware, data_connection: yes, supply: commercial, union_acts: [], "
      "special_cases: [],\n"
      "  placed_on_market: 2028-01-15, type_first_placed: 2028-01-15, foss: no}\n"
      "ai: {is_ai_system: no, is_gpai_model: no}\nmaker: {country: SG}\n"
      "actor: {role: importer, own_name: no, substantial_modification: no, new_high_risk_purpose: "
      "no}\n"
      "cra: {core_function: none_of_these}\n");
  auto words = check("importer", sample("incomplete"));
  words.insert(words.end(), {"--facts", facts});
  const Json document = json_of(words);
  const auto states = states_of(document);
  EXPECT_EQ(states.at("importer.human_oversight"), "not_applicable");
  EXPECT_EQ(states.at("importer.authorised_representative"), "not_applicable");
  EXPECT_EQ(states.at("importer.support_end"), "missing");
  for (const Json& item : document["items"].items())
    for (const Json& side : item["sides"].items()) {
      EXPECT_EQ(side["applies"].string_or(""),
                side["act"].string_or("") == "eu-2024-2847" ? "yes" : "no")
          << item["id"].string_or("");
      EXPECT_FALSE(*side["assumed"].as_bool());
    }
  EXPECT_EQ(document["exit"].as_int(), 1);
  // Before the CRA applies nothing is owed, though the same is missing.
  words[4] = "2027-12-10";
  const Json before = json_of(words);
  EXPECT_EQ(before["exit"].as_int(), 0);
  EXPECT_EQ(states_of(before).at("importer.support_end"), "missing");
  words[4] = "2027-12-11";
  EXPECT_EQ(json_of(words)["exit"].as_int(), 1);
}

TEST_F(SupplyCheck, WhoPutsHisNameOnItIsTheManufacturer) {
  const std::string facts =
      put("facts.yaml",
          "product: {kind: software, data_connection: yes, supply: commercial}\n"
          "ai: {is_ai_system: no, is_gpai_model: no}\nactor: {own_name: yes}\n");
  auto words = check("importer", sample("french"));
  words.insert(words.end(), {"--facts", facts});
  const Json document = json_of(words);
  for (const auto& [id, state] : states_of(document))
    EXPECT_EQ(state, "not_applicable") << id;
  EXPECT_EQ(document["remarks"].items().size(), 1U);
}

// The product file of a maker says of the maker that it uses its own name: that is not us.
TEST_F(SupplyCheck, WhatAMakersFileSaysOfItselfIsNotOfTheImporter) {
  auto words = check("importer", sample("french"));
  words[4] = "2028-09-04";
  words.insert(words.end(), {"--config", test::source_path("examples/quayside/lockstep.yaml")});
  const Json document = json_of(words);
  EXPECT_THAT(document["remarks"].items(), IsEmpty());
  EXPECT_EQ(states_of(document).at("importer.authorised_representative"), "missing");
  EXPECT_EQ(document["exit"].as_int(), 1);
  for (const Json& side : document["items"].items().front()["sides"].items())
    EXPECT_TRUE(*side["assumed"].as_bool()) << side["act"].string_or("");
}

// The declaration that this program writes is understood by it, as HTML and as JSON.
TEST_F(SupplyCheck, OurOwnDeclarationIsUnderstood) {
  fs::create_directories(folder_ + "/own");
  fs::copy_file(test::source_path("tests/golden/documents/declaration.html"),
                folder_ + "/own/declaration.html");
  fs::copy_file(test::source_path("tests/golden/documents/declaration.json"),
                folder_ + "/own/declaration.json");
  const Json document = json_of(check("importer", folder_ + "/own"));
  EXPECT_THAT(contradictions_of(document), testing::ElementsAre("contradiction.draft"));
  const auto states = states_of(document);
  for (const char* part : {"declaration", "declaration_product", "declaration_manufacturer",
                           "declaration_responsibility", "declaration_cra", "declaration_ai_act"})
    EXPECT_EQ(states.at(std::string("importer.") + part), "seen") << part;
  EXPECT_EQ(states.at("importer.declaration_signed"), "seen");
  // The same without name and function of who signs.
  fs::remove(folder_ + "/own/declaration.html");
  fs::copy_file(test::source_path("fuzz/corpus/formats_received/declaration.json"),
                folder_ + "/own/declaration.json", fs::copy_options::overwrite_existing);
  const auto unsigned_one = states_of(json_of(check("importer", folder_ + "/own")));
  EXPECT_EQ(unsigned_one.at("importer.declaration_signed"), "missing");
  EXPECT_EQ(unsigned_one.at("importer.declaration_product"), "seen");
}

TEST_F(SupplyCheck, AnswersFinishTheList) {
  LS_NEEDS_PDFTOTEXT();
  const std::string facts = put(
      "facts.yaml",
      "product: {kind: hardware, data_connection: yes, supply: commercial, special_cases: [],\n"
      "  placed_on_market: 2028-01-15, type_first_placed: 2028-01-15, foss: no, union_acts: []}\n"
      "ai: {is_ai_system: no, is_gpai_model: no}\nmaker: {country: DE}\n"
      "actor: {own_name: no, substantial_modification: no, new_high_risk_purpose: no}\n"
      "cra: {core_function: none_of_these, route_chosen: internal_control}\n");
  std::string answers;
  for (const char* id : {"procedure", "conforming", "ce_marking", "language", "proof"})
    answers += std::string("importer.") + id + ": {answer: yes, by: A. Person, on: 2028-01-10}\n";
  const std::string file = put("answers.yaml", answers);
  auto words = check("importer", sample("complete"));
  words.insert(words.end(), {"--facts", facts, "--answers", file});
  const Json document = json_of(words);
  EXPECT_EQ(document["exit"].as_int(), 0);
  EXPECT_THAT(document["meanwhile"].items(), IsEmpty());
  EXPECT_THAT(document["questions"].items(), IsEmpty());
  put("answers.yaml",
      answers + "importer.support_end: {answer: no, by: A. Person, on: 2028-01-10}\n");
  const Json denied = json_of(words);
  EXPECT_EQ(denied["exit"].as_int(), 1);
  EXPECT_EQ(states_of(denied)["importer.support_end"], "denied");
  put("answers.yaml", "importer.support_ends: {answer: yes, by: A, on: 2028-01-20}\n");
  const Printed wrong = run_words(words);
  EXPECT_EQ(wrong.exit, 3);
  EXPECT_THAT(wrong.problems,
              AllOf(HasSubstr("answers.yaml:1"), HasSubstr("answers.item"),
                    HasSubstr("did you mean 'importer.support_end'"), HasSubstr("answers.day")));
}

TEST_F(SupplyCheck, WithoutThePdfReaderNothingOfItIsMissing) {
  const auto states =
      states_of(json_of(check("importer", sample("complete")), "/nowhere/pdftotext"));
  EXPECT_EQ(states.at("importer.declaration"), "not_legible");
  EXPECT_EQ(states.at("importer.support_end"), "seen");
  for (const auto& [id, state] : states)
    EXPECT_NE(state, "missing") << id;
}

TEST_F(SupplyCheck, AZipIsReadAsTheFolder) {
  LS_NEEDS_PDFTOTEXT();
  for (const char* name : {"complete", "contradictory", "german"}) {
    std::vector<test::ZipMember> members;
    for (const auto& entry : fs::directory_iterator(sample(name)))
      members.push_back({entry.path().filename().string(), test::read_file(entry.path().string())});
    const std::string zip = put("bundle.zip", test::make_zip(members));
    Json folder = json_of(check("importer", sample(name)));
    EXPECT_EQ(json_of(check("importer", zip)), folder.set("bundle", zip)) << name;
  }
}

TEST_F(SupplyCheck, NothingOutsideTheBundleIsRead) {
  put("outside/manual.txt", "User manual\nSupport until 12/2033\n");
  put("in/readme.txt", "hello\n");
  fs::create_symlink(folder_ + "/outside/manual.txt", folder_ + "/in/manual.txt");
  fs::create_directory_symlink(folder_ + "/outside", folder_ + "/in/folder");
  ASSERT_EQ(::mkfifo((folder_ + "/in/pipe").c_str(), 0600), 0);
  const Json document = json_of(check("importer", folder_ + "/in"));
  EXPECT_EQ(states_of(document).at("importer.support_end"), "not_legible");
  EXPECT_EQ(document["documents"].items().size(), 4U);
  for (const char* name : {"../manual.txt", "/etc/manual.txt"}) {
    const std::string zip = put("bad.zip", test::make_zip({{name, "Support until 12/2033"}}));
    const Printed printed = run_words(check("importer", zip));
    EXPECT_EQ(printed.exit, 3) << name;
    EXPECT_THAT(printed.problems, HasSubstr("archive.entry"));
  }
  const std::string link = put("link.zip", test::make_zip({{"a", "/etc/passwd", 0120777}}));
  EXPECT_EQ(run_words(check("importer", link)).exit, 3);
}

TEST_F(SupplyCheck, HostileFilesAreNamedAndEndNothing) {
  LS_NEEDS_PDFTOTEXT();
  put("in/empty.pdf", "");
  put("in/broken.pdf", "%PDF-1.7\n1 0 obj << /Length 99999999999 >> stream\n");
  put("in/huge-line.txt", std::string(5'000'000, 'a'));
  put("in/bytes.txt", std::string("\xC3\x28\xA0\xA1", 4));
  put("in/nul.txt", std::string("a\0b", 3));
  put("in/deep.json", std::string(100'000, '['));
  put("in/\x1B[31mname\xFF.txt", "Support until 12/2033 \x1B[31m\n");
  put("in/inner.zip", test::make_zip({{"a.txt", "a"}}));
  std::string path = "in";
  for (int i = 0; i < 10; ++i)
    path += "/d";
  put(path + "/deep.txt", "hello\n");
  const Printed printed = run_words(check("distributor", folder_ + "/in"));
  EXPECT_EQ(printed.exit, 5);
  EXPECT_THAT(printed.output, AllOf(Not(HasSubstr("\x1B")), HasSubstr("damaged, or no whole PDF"),
                                    HasSubstr("an archive inside the bundle")));
  const auto states = states_of(json_of(check("distributor", folder_ + "/in")));
  EXPECT_EQ(states.at("distributor.support_end"), "seen");
  EXPECT_EQ(states.at("distributor.declaration"), "not_legible");
  for (int i = 0; i < 10; ++i)
    path += "/d";
  put(path + "/too-deep.txt", "hello\n");
  EXPECT_EQ(run_words(check("distributor", folder_ + "/in")).exit, 3);
}

TEST_F(SupplyCheck, LimitsOfABundleHold) {
  std::vector<test::ZipMember> members;
  for (int i = 0; i < 2'001; ++i)
    members.push_back({std::to_string(i) + ".txt", "a"});
  const Printed many = run_words(check("importer", put("many.zip", test::make_zip(members))));
  EXPECT_EQ(many.exit, 3);
  EXPECT_THAT(many.problems, HasSubstr("archive.limit"));
  for (const test::ZipMember& member : members)
    put("many/" + member.name, member.bytes);
  const Printed folder = run_words(check("importer", folder_ + "/many"));
  EXPECT_EQ(folder.exit, 3);
  EXPECT_THAT(folder.problems, HasSubstr("file.folder_limit"));
}

TEST_F(SupplyCheck, ABundleIsAFolderOrAZip) {
  const std::string file = put("a.txt", "text");
  const Printed printed = run_words(check("importer", file));
  EXPECT_EQ(printed.exit, 3);
  EXPECT_THAT(printed.problems, HasSubstr("check.bundle"));
  EXPECT_EQ(run_words(check("importer", folder_ + "/none")).exit, 3);
}

TEST_F(SupplyCheck, PagesFitIntoEightyColumns) {
  LS_NEEDS_PDFTOTEXT();
  auto words = check("importer", "tests/data/received/contradictory");
  words.push_back("--wide");
  for (const std::string_view line : split(page_of(words), '\n'))
    EXPECT_LE(line.size(), 80U) << line;
}

TEST_F(SupplyCheck, ExplainKnowsEveryItem) {
  const Json document = json_of(check("importer", sample("french")));
  for (const Json& item : document["items"].items())
    EXPECT_EQ(run_words({"explain", item["id"].string_or("")}).exit, 0);
  EXPECT_THAT(run_words({"explain", "contradiction.draft"}).output, HasSubstr("CRA Annex V(8)"));
}

}  // namespace
}  // namespace lockstep::frontends
