// SPDX-License-Identifier: Apache-2.0
// `lockstep vuln triage` with a person whose words are written down beforehand.
#include <deque>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <string>

#include "base/text.hpp"
#include "documents/schema_check.hpp"
#include "frontends/cli/run.hpp"
#include "frontends/cli/table.hpp"
#include "support/paths.hpp"

namespace lockstep::frontends {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::deque<std::string> to_say;  // and then nothing: the end of the input
std::string heard;

std::optional<std::string> ask(std::string_view question) {
  heard += question;
  if (to_say.empty()) return std::nullopt;
  std::string word = to_say.front();
  to_say.pop_front();
  heard += word + "\n";
  return word;
}

constexpr const char* bill = R"({
  "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
  "metadata": {"component": {"type": "application", "bom-ref": "reader", "name": "reader",
    "version": "1.0", "purl": "pkg:generic/reader@1.0"}},
  "components": [
    {"type": "library", "bom-ref": "hook", "name": "hook", "version": "2.0.0",
     "purl": "pkg:npm/hook@2.0.0"},
    {"type": "library", "bom-ref": "rope", "name": "rope", "version": "1.0.0",
     "purl": "pkg:npm/rope@1.0.0"}],
  "dependencies": [{"ref": "reader", "dependsOn": ["rope"]}, {"ref": "rope", "dependsOn": ["hook"]}]
})";

std::string record(const std::string& id, const std::string& package, const std::string& vector) {
  return R"({"id": ")" + id + R"(", "modified": "2026-01-02T00:00:00Z", "summary": "About )" +
         package + R"(", "severity": [{"type": "CVSS_V3", "score": ")" + vector +
         R"("}], "affected": [{"package": {"ecosystem": "npm", "name": ")" + package +
         R"("}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "9.0.0"}]}]}]})";
}

class Triage : public testing::Test {
 protected:
  void SetUp() override {
    write("lockstep.yaml",
          "lockstep: 1\nproduct:\n  name: Reader\n  version: '1.0'\n  intended_purpose: It reads.\n"
          "operators:\n  manufacturer: {name: Quayside}\n"
          "sboms: [{path: bill.json}]\n");
    write("bill.json", bill);
    write("hook.json",
          record("CVE-2026-1000", "hook", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"));
    write("rope.json",
          record("CVE-2026-1001", "rope", "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"));
    call({"data", "import", folder + "/hook.json", folder + "/rope.json", "--data", folder});
  }

  void write(const std::string& name, const std::string& text) {
    ASSERT_TRUE(files.write(folder + "/" + name, text).has_value());
  }

  Printed call(std::vector<std::string> words) {
    Progress progress;
    const auto fetcher = make_fetcher();
    Environment environment{files, *fetcher, progress, *parse_instant("2026-11-27T10:00:00Z"),
                            "",    {},       false,    80,
                            true,  ask};
    return run(words, environment);
  }

  Printed triage(std::deque<std::string> said, const std::vector<std::string>& more = {}) {
    to_say = std::move(said);
    heard.clear();
    std::vector<std::string> words = {"vuln",   "triage", "--config", folder + "/lockstep.yaml",
                                      "--data", folder,   "--as-of",  "2026-11-27",
                                      "--vex",  vex};
    words.insert(words.end(), more.begin(), more.end());
    return call(words);
  }

  RealFiles files;
  std::string folder = test::fresh_folder("triage");
  std::string vex = folder + "/own.json";
  std::string kept = folder + "/own.json.decisions.yaml";
};

TEST_F(Triage, ShowsTheFactsAndWritesWhatIsDecided) {
  const Printed printed = triage({"n", "6", "2", "the module is not built", "r", "no port is open",
                                  "A. Maker", "soon", "2027-01-31"});
  EXPECT_EQ(printed.exit, exit_code::ok) << printed.problems;
  EXPECT_EQ(printed.output,
            "2 statements written to " + vex + "; 0 findings still need a decision\n");
  for (const char* fact :
       {"Finding 1 of 2", "CVE-2026-1000", "hook 2.0.0", "bill.json:6", "critical 9.8",
        "on no list; not imported: cisa-kev, eu-kev", "no score", "fixed in   9.0.0",
        "reader > rope 1.0.0 > hook 2.0.0", "Finding 2 of 2", "1 component_not_present",
        "Expected a number from 1 to 5, found '6'", "Expected a day that is not past"})
    EXPECT_THAT(heard, HasSubstr(fact));
  const std::string written = test::read_file(vex);
  for (const char* part :
       {"\"justification\": \"vulnerable_code_not_present\"", "the module is not built",
        "\"@id\": \"pkg:generic/reader@1.0\"", "no port is open", "A. Maker", "2027-01-31"})
    EXPECT_THAT(written, HasSubstr(part));
  EXPECT_FALSE(files.exists(kept));
}

TEST_F(Triage, StopsKeepsGoesOnAndGoesBack) {
  const Printed stopped = triage({"x", "n", "b", "f", "q"});
  EXPECT_THAT(stopped.problems, HasSubstr("triage.stopped"));
  EXPECT_THAT(stopped.problems, HasSubstr("1 decisions are kept"));
  EXPECT_THAT(heard, HasSubstr("Expected one of a, n, f, u, r, s, b, w and q, found 'x'"));
  EXPECT_FALSE(files.exists(vex));
  EXPECT_TRUE(files.exists(kept));
  // The end of the input is a stop too; nothing is lost.
  EXPECT_THAT(triage({}).problems, HasSubstr("1 decisions are kept"));
  EXPECT_THAT(heard, HasSubstr("Going on with the decisions of an earlier sitting (1)"));
  EXPECT_THAT(heard, Not(HasSubstr("Finding 1 of 2")));
  const Printed written = triage({"s"});
  EXPECT_EQ(written.exit, exit_code::human);
  EXPECT_THAT(written.output, HasSubstr("1 statements written"));
  EXPECT_THAT(written.output, HasSubstr("1 findings still need a decision"));
  EXPECT_THAT(test::read_file(vex), HasSubstr("\"status\": \"fixed\""));
}

TEST_F(Triage, GoingBackTakesADecisionBack) {
  triage({"f", "b", "u", "w"});
  EXPECT_THAT(test::read_file(vex), HasSubstr("under_investigation"));
  EXPECT_THAT(test::read_file(vex), Not(HasSubstr("\"fixed\"")));
}

TEST_F(Triage, NothingDecidedWritesNothing) {
  EXPECT_THAT(triage({"q"}).problems, HasSubstr("nothing was written"));
  EXPECT_EQ(triage({"s", "s"}).exit, exit_code::human);
  EXPECT_FALSE(files.exists(vex));
  EXPECT_FALSE(files.exists(kept));
}

TEST_F(Triage, TakesDecisionsFromAFileOrSaysAllThatIsWrong) {
  write("d.yaml",
        "lockstep_decisions: 1\nby: A. Maker\ndecisions:\n"
        "  - {vulnerability: CVE-2026-1000, component: 'pkg:npm/hook', status: fixed}\n"
        "  - {vulnerability: CVE-2026-1001, status: affected, action: wait}\n");
  const Printed printed = triage({}, {"--decisions", folder + "/d.yaml", "--format", "json"});
  EXPECT_EQ(printed.exit, exit_code::ok) << printed.problems;
  EXPECT_EQ(heard, "");
  Diagnostics problems;
  const auto json = parse_json(printed.output, "triage.json", problems);
  ASSERT_TRUE(json.has_value());
  EXPECT_THAT(test::SchemaCheck::problems(*json, "triage.schema.json"), IsEmpty());
  EXPECT_EQ((*json)["statements"].as_int(), 2);
  const std::string before = test::read_file(vex);
  write("d.yaml",
        "lockstep_decisions: 1\nby: A. Maker\ndecisions:\n"
        "  - {vulnerability: CVE-2026-1000, component: 'pkg:npm/rope', status: fixed}\n"
        "  - {vulnerability: CVE-2026-9, status: fixed}\n"
        "  - {vulnerability: CVE-2026-1001, status: affected}\n");
  const Printed wrong = triage({}, {"--decisions", folder + "/d.yaml"});
  EXPECT_EQ(wrong.exit, exit_code::input);
  EXPECT_THAT(wrong.problems, HasSubstr("which is found in pkg:npm/hook@2.0.0"));
  EXPECT_THAT(wrong.problems, HasSubstr("which is found nowhere in the product"));
  EXPECT_THAT(wrong.problems, HasSubstr("expected an action with affected"));
  EXPECT_EQ(test::read_file(vex), before);
}

/// The JSON documents of vulnerabilities, each against its schema.
TEST_F(Triage, JsonAnswersKeepTheirSchemas) {
  const auto check = [&](std::vector<std::string> words, const std::string& schema) {
    for (const char* word : {"--format", "json", "--data", folder.c_str()})
      words.emplace_back(word);
    const Printed printed = call(words);
    const std::string answer = printed.output + joined(printed.more);
    Diagnostics problems;
    const auto json = parse_json(answer, schema, problems);
    ASSERT_TRUE(json.has_value()) << printed.problems;
    EXPECT_THAT(test::SchemaCheck::problems(*json, schema), IsEmpty());
    write("answer.json", answer);
  };
  const std::string product = folder + "/lockstep.yaml";
  check({"vuln", "gate", "--config", product, "--as-of", "2026-11-27"}, "gate-record.schema.json");
  check({"vuln", "scan", folder + "/bill.json"}, "findings.schema.json");
  write("before.json", test::read_file(folder + "/answer.json"));
  check({"vuln", "scan", folder + "/bill.json", "--baseline", folder + "/before.json"},
        "findings.schema.json");
  check({"vuln", "accept", "CVE-2026-1000", "--component", "pkg:npm/hook@2.0.0", "--by", "A. Maker",
         "--reason", "the port is closed", "--until", "2027-01-31", "--vex", vex},
        "acceptance.schema.json");
  check({"ssvc", "supplier"}, "ssvc.schema.json");
  check({"ssvc"}, "ssvc_trees.schema.json");
}

/// Without --vex an acceptance goes to the document that the product file names.
TEST_F(Triage, AnAcceptanceGoesToTheDocumentOfTheProduct) {
  const std::vector<std::string> accept = {"vuln",
                                           "accept",
                                           "CVE-2026-1000",
                                           "--component",
                                           "pkg:npm/hook@2.0.0",
                                           "--by",
                                           "A. Maker",
                                           "--reason",
                                           "closed",
                                           "--until",
                                           "2027-01-31",
                                           "--config",
                                           folder + "/lockstep.yaml"};
  EXPECT_THAT(call(accept).problems, HasSubstr("error[triage.vex]"));
  write("lockstep.yaml", test::read_file(folder + "/lockstep.yaml") + "vex: [own.json]\n");
  const Printed printed = call(accept);
  EXPECT_EQ(printed.exit, exit_code::ok) << printed.problems;
  EXPECT_THAT(test::read_file(vex), HasSubstr("A. Maker"));
  // A key that is there twice would lose one of its values.
  write("own.json", R"({"@context": "https://openvex.dev/ns/v0.2.0", "author": "a", "author": "b",
    "statements": []})");
  EXPECT_THAT(call(accept).problems, HasSubstr("json.duplicate_key"));
  EXPECT_THAT(test::read_file(vex), HasSubstr("\"author\": \"b\""));
}

/// Names of any length and width fit the terminal.
TEST_F(Triage, FactsFitEightyColumns) {
  std::string wide = bill;
  const std::string from = "\"name\": \"hook\"";
  std::string name = "\"name\": \"";
  for (int i = 0; i < 60; ++i)
    name += "\xE6\xA8\xA1";  // a character that takes two columns
  wide.replace(wide.find(from), from.size(), name + "\"");
  write("bill.json", wide);
  triage({"s", "s"});
  for (const std::string_view line : split(heard, '\n'))
    EXPECT_LE(columns(line), 80U) << line;
  const Printed scan = call({"vuln", "scan", folder + "/bill.json", "--data", folder});
  EXPECT_THAT(scan.output, HasSubstr("CVE-2026-1000"));
  const std::string table = scan.output.substr(scan.output.find("Component"));
  for (const std::string_view line : split(table.substr(0, table.find("\n\n")), '\n'))
    EXPECT_LE(columns(line), 80U) << line;
  const Printed gate = call({"vuln", "gate", "--config", folder + "/lockstep.yaml", "--data",
                             folder, "--as-of", "2026-11-27"});
  for (const std::string_view line : split(gate.output, '\n'))
    EXPECT_LE(columns(line), 80U) << line;
}

/// Widths by the standard of Unicode, not by bytes or code points.
TEST(Tables, FitWhateverStandsInThem) {
  EXPECT_EQ(columns("abc"), 3U);
  EXPECT_EQ(columns("\xC3\xA9"), 1U);
  EXPECT_EQ(columns("e\xCC\x81"), 1U);
  EXPECT_EQ(columns("\xE6\xA8\xA1"), 2U);
  EXPECT_EQ(columns("\xF0\x9F\x94\x92"), 2U);
  for (const int width : {40, 60, 80, 120}) {
    Table table({"Component", "Version", "Advisory", "State"});
    std::string wide;
    for (int i = 0; i < 50; ++i)
      wide += "\xE6\xA8\xA1";
    table.add({wide, std::string(90, '1'), "GHSA-aaaa-bbbb-cccc", "NEEDS A DECISION"});
    table.add({"left", "1.0", std::string(200, 'x') + " y", wide + " " + wide});
    for (const std::string_view line : split(table.to_text(width), '\n'))
      EXPECT_LE(columns(line), static_cast<std::size_t>(width)) << line;
  }
}

}  // namespace
}  // namespace lockstep::frontends
