// SPDX-License-Identifier: Apache-2.0
#include "documents/report.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "documents/glossary.hpp"
#include "documents/html_check.hpp"
#include "documents/render/html.hpp"
#include "documents/writers.hpp"
#include "support/golden.hpp"
#include "support/sample_dossier.hpp"

namespace lockstep::documents {
namespace {

using test::HtmlPage;
using test::HtmlTag;
using test::read_html;
using test::sample_dossier;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string report_of(const Dossier& dossier) {
  return write_report(dossier)[0].bytes;
}

const std::vector<std::string> part_anchors = {
    "verdict", "law",      "requirements", "vulnerabilities", "metrics", "tests",
    "risks",   "handling", "documents",    "supply",          "method",  "annex"};

/// What must hold for every page, whatever the dossier.
void expect_sound(const std::string& html) {
  const HtmlPage page = read_html(html);
  EXPECT_THAT(page.problems, IsEmpty());
  EXPECT_EQ(page.count("h1"), 1U);
  EXPECT_EQ(page.count("main"), 1U);
  EXPECT_EQ(page.count("header"), 1U);
  EXPECT_EQ(page.count("footer"), 1U);
  EXPECT_EQ(page.count("script"), 0U);
  std::set<std::string> ids;
  int last_heading = 0;
  for (const HtmlTag& tag : page.tags) {
    if (const auto id = tag.attributes.find("id"); id != tag.attributes.end()) {
      EXPECT_TRUE(ids.insert(id->second).second) << "twice: " << id->second;
    }
    for (const auto& [name, value] : tag.attributes)
      EXPECT_FALSE(name.starts_with("on")) << tag.name << " has a handler " << name;
    if (tag.name.size() == 2 && tag.name[0] == 'h' && tag.name[1] >= '1' && tag.name[1] <= '6') {
      const int level = tag.name[1] - '0';
      EXPECT_LE(level, last_heading + 1) << "a heading skips a level";
      last_heading = level;
    }
  }
  for (const HtmlTag& tag : page.tags) {
    if (tag.name == "a") {
      const std::string target = tag.attributes.at("href");
      ASSERT_TRUE(target.starts_with("#")) << target;
      EXPECT_TRUE(ids.contains(target.substr(1))) << "leads nowhere: " << target;
    }
    for (const char* name : {"aria-labelledby"})
      if (const auto label = tag.attributes.find(name); label != tag.attributes.end())
        for (std::size_t at = 0; at < label->second.size();) {
          const std::size_t end = std::min(label->second.find(' ', at), label->second.size());
          EXPECT_TRUE(ids.contains(label->second.substr(at, end - at))) << label->second;
          at = end + 1;
        }
  }
}

TEST(Report, IsTheGoldenOne) {
  test::expect_golden("documents/report.html", report_of(sample_dossier()));
}

TEST(Report, IsSoundForTheSampleAndForNothing) {
  expect_sound(report_of(sample_dossier()));
  expect_sound(report_of(Dossier{}));
}

TEST(Report, HasAllPartsAlsoForAnEmptyDossierAndSaysWhatIsMissing) {
  for (const Dossier& dossier : {sample_dossier(), Dossier{}}) {
    const Document document = report_document(dossier);
    std::vector<std::string> anchors;
    for (const Section& section : document.sections) {
      anchors.push_back(section.anchor);
      EXPECT_FALSE(section.blocks.empty()) << section.anchor;
    }
    EXPECT_EQ(anchors, part_anchors);
  }
  const std::string empty = read_html(report_of(Dossier{})).text;
  for (const char* sentence :
       {"No area was looked at in this run.", "No question of law was asked in this run.",
        "No requirement was evaluated in this run.", "No bill of materials was given.",
        "No advisory data was there to look in.",
        "Nothing was compared, so that nothing was found.", "No evasion test was run.",
        "The register is empty", "No evidence was recorded.", "not given"})
    EXPECT_THAT(empty, HasSubstr(sentence));
}

TEST(Report, SaysNeitherCompliantNorCertified) {
  const std::string text = read_html(report_of(sample_dossier())).text;
  EXPECT_THAT(text, Not(HasSubstr("ompliant")));
  EXPECT_THAT(text, Not(HasSubstr("ertified")));
}

TEST(Report, SaysOnceWhatItIsNot) {
  const std::string text = read_html(report_of(sample_dossier())).text;
  const std::size_t first = text.find("What this report is not");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(text.find("What this report is not", first + 1), std::string::npos);
  EXPECT_LT(first, text.find("The release gate"));
}

TEST(Report, ShowsEveryFindingRiskRequirementTestAndDigest) {
  const Dossier dossier = sample_dossier();
  const std::string text = read_html(report_of(dossier)).text;
  for (const Finding& one : dossier.findings)
    EXPECT_THAT(text, HasSubstr(one.advisory));
  for (const Risk& one : dossier.risks)
    EXPECT_THAT(text, HasSubstr(one.title));
  for (const Obligation& one : dossier.law.obligations)
    EXPECT_THAT(text, HasSubstr(one.id));
  for (const TestVerdict& one : dossier.verdicts)
    EXPECT_THAT(text, HasSubstr(one.because));
  for (const Evidence& one : dossier.evidence)
    EXPECT_THAT(text, HasSubstr(one.sha256));
  for (const NotChecked& one : dossier.not_checked)
    EXPECT_THAT(text, HasSubstr(one.reason));
  for (const Blocker& one : dossier.blockers)
    EXPECT_THAT(text, HasSubstr(one.says));
}

TEST(Report, SpeaksTheExitOfTheRun) {
  Dossier dossier = sample_dossier();
  const std::vector<std::pair<int, std::string>> sentences = {
      {0, "The release gate is open"},
      {1, "The release gate is closed: 4 items stand against it, and 2 decisions are missing."},
      {4, "was not checked, is too old or was tested with too few samples"},
      {5, "The release gate waits: 2 decisions of a person are missing."},
      {6, "a legal deadline has passed"},
      {7, "a digest, signature or chain does not hold"},
      {70, "The run did not come to a verdict (exit 70)."}};
  for (const auto& [exit, sentence] : sentences) {
    dossier.exit = exit;
    EXPECT_THAT(read_html(report_of(dossier)).text, HasSubstr(sentence));
  }
}

TEST(Report, ForbidsEverythingButItsOwnStyle) {
  EXPECT_THAT(report_of(Dossier{}),
              HasSubstr("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:"));
}

TEST(Report, IsTheSameTwice) {
  EXPECT_EQ(report_of(sample_dossier()), report_of(sample_dossier()));
}

/// Hostile words in every text of the dossier that the report shows.
Dossier hostile(const std::string& words) {
  Dossier dossier = sample_dossier();
  dossier.product.name = words;
  dossier.product.description = words;
  dossier.product.manufacturer.name = words;
  dossier.product.facts[0].name = words;
  dossier.product.facts[0].value = words;
  dossier.product.declaration.object = words;
  dossier.boms[0].path = words;
  dossier.boms[0].components[0].supplier = words;
  dossier.findings[0].advisory = words;
  dossier.findings[0].component = words;
  dossier.findings[0].because = words;
  dossier.findings[0].severity.word = words;
  dossier.findings[1].vex->statement = words;
  dossier.measurements[0].id = words;
  dossier.measurements[0].norm = words;
  dossier.verdicts[0].test = words;
  dossier.verdicts[0].because = words;
  dossier.risks[0].id = words;
  dossier.risks[0].title = words;
  dossier.risks[0].level = words;
  dossier.law.obligations[0].id = words;
  dossier.law.obligations[0].group = words;
  dossier.law.dates[0].what = words;
  dossier.law.answers[0].question = words;
  dossier.evidence[0].id = words;
  dossier.areas[0].area = words;
  dossier.areas[0].worst = words;
  dossier.blockers[0].says = words;
  dossier.not_checked[0].what = words;
  dossier.problems[0].message = words;
  dossier.run_id = words;
  return dossier;
}

TEST(Report, LetsNoForeignTextBecomeMarkup) {
  for (const std::string& words :
       {std::string("<script>alert(1)</script>"), std::string("\" onclick=\"x"),
        std::string("'><img src=x onerror=y>"), std::string("</style></title><b>"),
        std::string("\x01\x1b[31m\x7f"), std::string("\xff\xfe\xc3"),
        std::string("\xE2\x80\xAE"
                    "live"),
        std::string("]]>--><!--"), std::string("a\0b", 3)}) {
    const Dossier dossier = hostile(words);
    for (const Writer& writer : writers())
      for (const WrittenFile& file : writer.write(dossier)) {
        if (file.media_type != "text/html") continue;
        expect_sound(file.bytes);
        EXPECT_THAT(file.bytes, Not(HasSubstr("<script")));
        EXPECT_THAT(file.bytes, Not(HasSubstr("<img")));
        EXPECT_THAT(file.bytes, Not(HasSubstr("<b>")));
        EXPECT_THAT(file.bytes, Not(HasSubstr("\xE2\x80\xAE")));
        EXPECT_EQ(file.bytes.find('\0'), std::string::npos);
        EXPECT_EQ(file.bytes.find('\x1b'), std::string::npos);
      }
  }
}

TEST(Report, StaysBelowTwoMegabytesForAThousandFindings) {
  Dossier dossier = sample_dossier();
  for (int i = 0; i < 1000; ++i) {
    Finding finding = dossier.findings[static_cast<std::size_t>(i) % 5];
    finding.advisory += "-" + std::to_string(i);
    dossier.findings.push_back(finding);
    dossier.unmatched.push_back(dossier.unmatched[0]);
  }
  for (int i = 0; i < 150; ++i) {
    Obligation one = dossier.law.obligations[static_cast<std::size_t>(i) % 8];
    one.id += "." + std::to_string(i);
    dossier.law.obligations.push_back(one);
  }
  const std::string html = report_of(dossier);
  EXPECT_LT(html.size(), std::size_t{2} << 20U);
  EXPECT_THAT(html, HasSubstr("These are the first 400 of"));
  expect_sound(html);
}

TEST(Report, KeepsPartsWithoutASourceApartFromGaps) {
  Dossier dossier = sample_dossier();
  Unmatched own = dossier.unmatched[0];
  own.component = "yard-gateway";
  own.kind = Unmatched::Kind::no_source;
  own.reason = "no advisory source covers pkg:generic";
  const std::string gaps = "For these no advisory could be asked for.";
  const std::string others = "Components that no source of advisories covers";
  EXPECT_THAT(report_of(dossier), Not(HasSubstr(others)));
  dossier.unmatched.push_back(own);
  const std::string both = report_of(dossier);
  EXPECT_THAT(both, HasSubstr(gaps));
  EXPECT_LT(both.find("camera-driver</bdi></th>"), both.find(others));
  EXPECT_GT(both.find("yard-gateway</bdi></th>"), both.find(others));
  dossier.unmatched = {own};
  EXPECT_THAT(report_of(dossier), Not(HasSubstr(gaps)));
  expect_sound(both);
}

TEST(Report, SaysHowManyAdvisoriesAreDatedLater) {
  Dossier dossier = sample_dossier();
  EXPECT_THAT(report_of(dossier), Not(HasSubstr("dated later")));
  dossier.data[0].later = 3;
  EXPECT_THAT(report_of(dossier), HasSubstr("3 dated later, left out of the age"));
}

TEST(Glossary, IsTheSameInTheDocumentation) {
  const std::string page = test::read_file(test::source_path("docs/glossary.md"));
  std::string_view before;
  for (const GlossaryTerm& term : glossary()) {
    EXPECT_THAT(page, HasSubstr("**" + std::string(term.term) + "**: " + std::string(term.meaning) +
                                " Source: " + std::string(term.source)));
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : int{c}; };
    EXPECT_TRUE(std::ranges::lexicographical_compare(before, term.term, {}, lower, lower))
        << term.term << " is out of order";
    before = term.term;
  }
}

// Distances of attacks that look for the nearest wrong answer, and what answered.
TEST(Report, ShowsDistancesAndWhatAnswered) {
  Dossier dossier = sample_dossier();
  ASSERT_FALSE(dossier.measurements.empty());
  Measurement& test = dossier.measurements[0];
  EXPECT_THAT(report_of(dossier), Not(HasSubstr("Nearest wrong answers")));
  test.distances = Distances{9, 4, 1.5, 1.25, std::nullopt, {{1000, 0, 0}, {5000, 4, 1.375}}};
  test.answered_by.engine = "fused loops";
  const std::string html = report_of(dossier);
  EXPECT_THAT(html, HasSubstr("Nearest wrong answers of " + test.id));
  EXPECT_THAT(html, HasSubstr("1.375"));
  EXPECT_THAT(html, HasSubstr("5\xC2\xA0"
                              "000 questions"));
  EXPECT_THAT(html, HasSubstr("fused loops"));
  expect_sound(html);
}

}  // namespace
}  // namespace lockstep::documents
