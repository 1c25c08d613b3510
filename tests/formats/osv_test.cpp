// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "formats/invalid_files.hpp"
#include "formats/osv/read.hpp"
#include "support/paths.hpp"

namespace lockstep::test {
namespace {

using std::string_literals::operator""s;

std::vector<Advisory> read(const std::string& text, Diagnostics& problems) {
  formats::osv::Reader reader;
  auto records = reader.read(text, "x.json", problems);
  if (!records) problems.add(records.error());
  return records ? *std::move(records) : std::vector<Advisory>{};
}

std::string messages(const std::string& text) {
  Diagnostics problems;
  read(text, problems);
  return text_of(problems);
}

/// A sound record with other members in place of `affected`.
std::string with(const std::string& members) {
  return R"({"id": "GO-2026-1", "modified": "2026-01-02T03:04:05Z", )" + members + "}";
}

std::string with_range(const std::string& range) {
  return with(R"("affected": [{"package": {"ecosystem": "Go", "name": "m"}, "ranges": [)" + range +
              "]}]");
}

TEST(Osv, ReadsAWholeRecord) {
  Diagnostics problems;
  const auto records = read(R"({
    "schema_version": "1.7.5", "id": "GHSA-jfh8-c2jp-5v3q", "modified": "2026-01-02T03:04:05.678Z",
    "published": "2021-12-10T00:40:56Z", "withdrawn": "2026-01-02T00:00:00Z",
    "aliases": ["CVE-2021-44228"], "related": ["CVE-2021-45046"], "upstream": ["CVE-2021-1"],
    "summary": "Remote code", "details": "Long.",
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}],
    "affected": [{"package": {"ecosystem": "Maven", "name": "g:a", "purl": "pkg:maven/g/a"},
      "ranges": [
        {"type": "GIT", "repo": "https://example.org/r", "events": [{"introduced": "0"}]},
        {"type": "ECOSYSTEM", "events": [{"introduced": "2.13.0"}, {"fixed": "2.15.0"}],
         "database_specific": {}}],
      "versions": ["2.13.0", "2.14.1"], "ecosystem_specific": {}}],
    "references": [{"type": "WEB", "url": "https://example.org"}],
    "credits": [{"name": "A", "type": "FINDER"}],
    "database_specific": {"severity": "CRITICAL", "cwe_ids": ["CWE-20"]}})",
                            problems);
  EXPECT_EQ(text_of(problems), "");
  ASSERT_EQ(records.size(), 1U);
  const Advisory& advisory = records[0];
  EXPECT_EQ(advisory.id, "GHSA-jfh8-c2jp-5v3q");
  EXPECT_EQ(advisory.modified, parse_instant("2026-01-02T03:04:05Z"));
  EXPECT_EQ(advisory.published, parse_instant("2021-12-10T00:40:56Z"));
  EXPECT_EQ(advisory.withdrawn, parse_instant("2026-01-02T00:00:00Z"));
  EXPECT_EQ(advisory.aliases, std::vector<std::string>{"CVE-2021-44228"});
  EXPECT_EQ(advisory.related, std::vector<std::string>{"CVE-2021-45046"});
  EXPECT_EQ(advisory.upstream, std::vector<std::string>{"CVE-2021-1"});
  EXPECT_EQ(advisory.severity_word, "critical");
  EXPECT_EQ(advisory.weaknesses, std::vector<std::string>{"CWE-20"});
  EXPECT_EQ(advisory.references, std::vector<std::string>{"https://example.org"});
  ASSERT_EQ(advisory.affected.size(), 2U) << "the package, and the repository";
  const Affected& affected = advisory.affected[0];
  EXPECT_EQ(affected.ecosystem, "Maven");
  EXPECT_EQ(affected.package, "g:a");
  EXPECT_FALSE(affected.partly_read);
  EXPECT_EQ(affected.versions, (std::vector<std::string>{"2.13.0", "2.14.1"}));
  ASSERT_EQ(affected.ranges.size(), 2U);
  EXPECT_EQ(affected.ranges[0].kind, AffectedRange::Kind::git);
  EXPECT_EQ(affected.ranges[0].repo, "https://example.org/r");
  ASSERT_EQ(affected.ranges[1].events.size(), 2U);
  EXPECT_EQ(affected.ranges[1].events[1].kind, Event::Kind::fixed);
  EXPECT_EQ(affected.ranges[1].events[1].version, "2.15.0");
}

TEST(Osv, ReadsListsAndAnswersOfTheService) {
  Diagnostics problems;
  const std::string one = with("\"summary\": \"a\"");
  EXPECT_EQ(read("[" + one + ", " + one + "]", problems).size(), 2U);
  EXPECT_EQ(read("{\"vulns\": [" + one + "]}", problems).size(), 1U);
  EXPECT_EQ(read("\xef\xbb\xbf" + one, problems).size(), 1U);
  EXPECT_EQ(text_of(problems), "");
}

TEST(Osv, SaysWhatEachRuleExpects) {
  EXPECT_EQ(messages("{}"),
            "x.json:1:1: error[osv.missing]: expected a member 'modified', found none\n"
            "x.json:1:1: error[osv.missing]: expected a member 'id', found none\n");
  EXPECT_EQ(messages("7"), "x.json:1:1: error[osv.type]: expected an object, found a number\n");
  EXPECT_EQ(messages(with("\"published\": \"2026-01-02\"")),
            "x.json:1:70: error[osv.value]: published: expected a time in UTC such as "
            "2026-09-11T10:00:00Z, found '2026-01-02'\n");
  EXPECT_EQ(messages(with("\"sumary\": \"a\"")),
            "x.json:1:67: warning[osv.unknown]: sumary: expected a member of OSV schema 1.7.5, "
            "found an unknown one; did you mean 'summary'?\n");
  EXPECT_EQ(messages(with(R"("affected": [{"package": {"ecosystem": "Pypi", "name": "a"}}])")),
            "x.json:1:96: warning[osv.unknown]: affected[0].package.ecosystem: expected an "
            "ecosystem of OSV schema 1.7.5, found 'Pypi'; did you mean 'PyPI'?\n");
  EXPECT_EQ(
      messages(with(R"("affected": [{"package": {"ecosystem": "Debian:", "name": "a"}}])")),
      "x.json:1:96: error[osv.value]: affected[0].package.ecosystem: expected a release after "
      "the colon, found 'Debian:'\n");
  EXPECT_EQ(
      messages(with(
          R"("affected": [{"package": {"ecosystem": "Go", "name": "a"}, "ecosystem_specific": []}])")),
      "x.json:1:138: error[osv.type]: affected[0].ecosystem_specific: expected an object, found a "
      "list\n");
  EXPECT_EQ(messages(with_range(
                R"({"type": "SEMVER", "events": [{"introduced": "0"}], "database_specific": 1})")),
            "x.json:1:200: error[osv.type]: affected[0].ranges[0].database_specific: expected an "
            "object, found a number\n");
  EXPECT_EQ(messages(with(R"("aliases": ["CVE-2026-1", 5])")),
            "x.json:1:83: error[osv.type]: aliases[1]: expected a text, found a number\n");
  EXPECT_EQ(
      messages(with(R"("severity": [{"type": "CVSS_V3", "score": "9.8"}])")),
      "x.json:1:70: error[osv.severity]: severity[0]: expected a score of type CVSS_V3, found "
      "'9.8'\n");
  EXPECT_EQ(
      messages(with(R"("references": [{"type": "BLOG", "url": "u"}, {"type": "WEB"}])")),
      "x.json:1:72: error[osv.value]: references[0]: expected a type of reference, found "
      "'BLOG'\n"
      "x.json:1:102: error[osv.missing]: references[1]: expected a member 'url', found none\n");
}

TEST(Osv, ChecksTheEventsOfRanges) {
  const auto codes = [](const std::string& range) {
    Diagnostics problems;
    const auto records = read(with_range(range), problems);
    std::string text;
    for (const Diagnostic& entry : problems.entries()) {
      text += entry.message.substr(entry.message.find(": ") + 2) + "\n";
    }
    return text + (records.at(0).affected.at(0).partly_read ? "partly" : "whole");
  };
  EXPECT_EQ(codes(R"({"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1"}]})"),
            "whole");
  EXPECT_EQ(codes(R"({"type": "SEMVER", "events": [{"fixed": "1"}]})"),
            "expected at least one introduced event, found none\nwhole");
  EXPECT_EQ(codes(R"({"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2"},
                      {"last_affected": "1"}]})"),
            "expected fixed or last_affected events, found both\nwhole");
  EXPECT_EQ(codes(R"({"type": "SEMVER", "events": [{"introduced": "0", "fixed": "1"}]})"),
            "expected exactly one of introduced, fixed, last_affected and limit, found 2\n"
            "expected at least one introduced event, found none\npartly");
  EXPECT_EQ(codes(R"({"type": "SEMVR", "events": [{"introduced": "0"}]})"),
            "expected SEMVER, ECOSYSTEM or GIT, found 'SEMVR'\npartly");
  EXPECT_EQ(codes(R"({"events": [{"introduced": "0"}]})"),
            "expected a member 'type', found none\npartly");
  EXPECT_EQ(codes(R"({"type": "SEMVER"})"), "expected a member 'events', found none\npartly");
  EXPECT_EQ(codes(R"({"type": "SEMVER", "events": [{"introduced": "1"}, {"fixed": "1"}]})"),
            "expected distinct versions, found '1' as introduced and as fixed\nwhole");
  EXPECT_EQ(
      codes(R"({"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"last_affected": "1"},
                      {"last_affected": "2"}]})"),
      "expected one last_affected for each introduced, found more; the lowest decides\nwhole");
  EXPECT_EQ(codes(R"({"type": "GIT", "events": [{"introduced": "abc"}]})"),
            "expected a member 'repo', found none\n"
            "expected a commit of 40 or 64 hexadecimal digits, found 'abc'\nwhole");
}

TEST(Osv, SaysWhatIsNoJson) {
  for (const std::string& text : {""s, "{"s, "{\"id\": \"\xff\"}"s, "[1, 2"s}) {
    Diagnostics problems;
    EXPECT_TRUE(read(text, problems).empty());
    ASSERT_EQ(problems.error_count(), 1U) << text;
    EXPECT_EQ(problems.entries()[0].code, "osv.syntax");
  }
  std::string deep(1000, '[');
  EXPECT_TRUE(messages(deep + std::string(1000, ']')).starts_with("x.json: error[osv.syntax]"));
}

TEST(Osv, KeepsAtMostAHundredProblemsOfADocument) {
  std::string items;
  for (int i = 0; i < 150; ++i)
    items += i == 0 ? "1" : ", 1";
  Diagnostics problems;
  read(with("\"aliases\": [" + items + "]"), problems);
  ASSERT_EQ(problems.entries().size(), 101U);
  EXPECT_EQ(problems.entries().back().message, "50 more problems in the document");
}

TEST(Osv, KnowsItsOwnDocuments) {
  EXPECT_TRUE(formats::osv::looks_like(with("\"summary\": \"a\"")));
  EXPECT_FALSE(formats::osv::looks_like("cve,epss,percentile"));
  EXPECT_FALSE(formats::osv::looks_like("{\"document\": {\"csaf_version\": \"2.0\"}}"));
}

TEST(Osv, TakesTheSoundRecordsOfTheSchemasOwnToolsAndRefusesTheOthers) {
  LS_NEEDS_SHARED("vuln/suites/osv-schema/tools");
  std::size_t sound = 0;
  std::size_t refused = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(shared_path("vuln/suites/osv-schema/tools"))) {
    const std::string path = entry.path().string();
    if (!entry.is_regular_file() || !path.ends_with(".json")) continue;
    const bool is_github_form =
        path.find("/ghsa/") != std::string::npos && !path.ends_with(".osv.json");
    const bool is_broken = is_github_form || path.find("nointroduced") != std::string::npos;
    Diagnostics problems;
    read(read_file(path), problems);
    EXPECT_EQ(problems.has_errors(), is_broken) << path << "\n" << text_of(problems);
    const bool warns = path.find("nondistinct") != std::string::npos;
    EXPECT_EQ(!problems.entries().empty(), is_broken || warns) << path << text_of(problems);
    ++(is_broken ? refused : sound);
  }
  EXPECT_GE(sound, 11U);
  EXPECT_GE(refused, 7U);
}

// The schema's `package.purl` tells architectures apart, and names what no listed ecosystem has.
// Versions beside commits are tags where the entry names no other package than the repository.
TEST(Osv, FilesCommitsUnderTheirRepositories) {
  Diagnostics problems;
  const auto records =
      read(R"({"id": "OSV-2026-1", "modified": "2026-01-01T00:00:00Z", "affected": [
      {"ranges": [{"type": "GIT", "repo": "https://a.example/x", "events": [{"introduced": "0"}]},
                  {"type": "GIT", "repo": "https://a.example/y", "events": [{"introduced": "0"}]},
                  {"type": "GIT", "repo": "https://a.example/x", "events": [{"introduced": "0"}]}],
       "versions": ["v1"]},
      {"package": {"ecosystem": "PyPI", "name": "p"}, "versions": ["2"],
       "ranges": [{"type": "GIT", "repo": "https://a.example/x", "events": [{"introduced": "0"}]}]},
      {"package": {"ecosystem": "OSS-Fuzz", "name": "f"}, "versions": ["v3"],
       "ranges": [{"type": "GIT", "repo": "https://a.example/x", "events": [{"introduced": "0"}]}]},
      {"ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]}]})",
           problems);
  ASSERT_EQ(records.size(), 1U) << text_of(problems);
  std::string text;
  for (const Affected& affected : records[0].affected) {
    text += affected.ecosystem + " " + affected.package + ": " +
            std::to_string(affected.ranges.size()) + " ranges";
    for (const std::string& version : affected.versions)
      text += " " + version;
    text += "\n";
  }
  EXPECT_EQ(text,
            "GIT https://a.example/x: 2 ranges v1\n"
            "GIT https://a.example/y: 1 ranges v1\n"
            "PyPI p: 1 ranges 2\n"
            "GIT https://a.example/x: 1 ranges\n"
            "OSS-Fuzz f: 1 ranges v3\n"
            "GIT https://a.example/x: 1 ranges v3\n"
            " : 1 ranges\n");
}

TEST(Osv, ReadsWhatAPackageUrlAdds) {
  Diagnostics problems;
  formats::osv::Reader reader;
  const auto read = reader.read(R"([
    {"id": "CGA-1", "modified": "2026-01-01T00:00:00Z", "upstream": ["CVE-2026-1000"], "affected": [
      {"package": {"ecosystem": "Chainguard", "name": "a",
                   "purl": "pkg:apk/chainguard/a?arch=x86_64"}, "versions": ["1"]},
      {"package": {"ecosystem": "Debian:12", "name": "a",
                   "purl": "pkg:deb/debian/a?arch=source"}, "versions": ["1"]},
      {"package": {"ecosystem": "Mageia:9", "name": "a",
                   "purl": "pkg:rpm/mageia/a?arch=src"}, "versions": ["1"]},
      {"package": {"ecosystem": "Hugging Face", "name": "a/b", "purl": "pkg:huggingface/a/b@ab12"}},
      {"package": {"ecosystem": "Acme:2", "name": "c",
                   "purl": "pkg:rpm/acme/c?distro=acme-2"}, "versions": ["1"]},
      {"package": {"ecosystem": "Acme:2", "name": "d"}, "versions": ["1"]}]},
    {"id": "ALSA-2026:1", "modified": "2026-01-01T00:00:00Z",
     "related": ["CVE-2026-1001", "RHSA-2026:1"]}])",
                                "records.json", problems);
  ASSERT_TRUE(read.has_value());
  ASSERT_EQ(read->size(), 2U);
  std::string text;
  for (const Affected& affected : read->front().affected)
    text += affected.ecosystem + " " + affected.package + " " + affected.arch + "\n";
  EXPECT_EQ(text,
            "Chainguard a x86_64\n"
            "Debian:12 a \n"
            "Mageia:9 a \n"
            "purl:huggingface a/b \n"
            "purl:rpm acme/c?distro=acme-2 \n"
            "Acme:2 d \n");
  EXPECT_EQ(read->front().affected[3].versions, std::vector<std::string>{"ab12"});
  // Rebuilds of an enterprise distribution listed there what they mend.
  EXPECT_EQ(read->back().upstream, std::vector<std::string>{"CVE-2026-1001"});
}

}  // namespace
}  // namespace lockstep::test
