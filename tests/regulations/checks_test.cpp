// SPDX-License-Identifier: Apache-2.0
// The data of the checks, and the parts that read words: folding, dates, signs.
#include "regulations/checks/checks.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <map>
#include <set>

#include "regulations/checks/dates.hpp"
#include "regulations/checks/fold.hpp"
#include "regulations/checks/signs.hpp"
#include "regulations/data.hpp"

namespace lockstep::regulations {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Checks& real_checks() {
  static const Checks checks = [] {
    const std::vector<SourceFile> files = test::data_files();
    Diagnostics problems;
    Checks loaded = load_checks(files, test::real_rules(), problems);
    for (const auto& entry : problems.entries())
      ADD_FAILURE() << to_text(entry);
    return loaded;
  }();
  return checks;
}

ReceivedFile text_file(std::initializer_list<std::string> lines) {
  ReceivedFile file;
  file.path = "file.txt";
  file.form = "text";
  int number = 0;
  for (const std::string& line : lines)
    file.lines.push_back({0, ++number, line});
  return file;
}

/// The value of the first hit of a sign that has one; "-" where there is none.
std::string value_of(const ReadDocument& document, std::string_view sign) {
  for (const SignHit& hit : document.hits)
    if (hit.sign == real_checks().sign(sign) && hit.has_value) return hit.value;
  return "-";
}

TEST(Fold, BringsSpellingsTogether) {
  EXPECT_EQ(fold("EU-Konformitätserklärung"), "eu konformitatserklarung");
  EXPECT_EQ(fold("E\xCC\x81tat de l\xE2\x80\x99Union\xC2\xA0 \xEF\xAC\x81n"),
            "etat de l'union fin");
  EXPECT_EQ(fold("Straße, ŁÓDŹ & Ærø"), "strasse, lodz & aero");
  EXPECT_EQ(fold("  a \t— b "), "a b");
  const FoldedText parted =
      fold_lines({{0, 1, "die Konformitäts-"}, {0, 2, "erklärung der EU-"}, {0, 3, "Stelle"}});
  EXPECT_EQ(parted.text, "die konformitatserklarung der eu stelle ");
  EXPECT_EQ(parted.line_of(parted.text.find("eu stelle")), 1U);
  EXPECT_EQ(parted.line_of(parted.text.find("stelle")), 2U);
}

TEST(Fold, FindsWholeWordsOnly) {
  EXPECT_EQ(find_words("a draftsman, a draft.", "draft"), 15U);
  EXPECT_EQ(find_words("draftsman", "draft"), std::string_view::npos);
  EXPECT_EQ(find_words("(eu) 2024/2847.", "2024/2847"), 5U);
  EXPECT_EQ(find_words("(eu) 2024/28471", "2024/2847"), std::string_view::npos);
}

// Every day of some years, in every way of writing, against the calendar of the library.
TEST(Dates, AreReadInEveryWayOfWriting) {
  const auto& languages = real_checks().languages;
  int tried = 0;
  for (Day day = *parse_day("2031-12-20"); day < *parse_day("2033-01-10");
       day += std::chrono::days{1}) {
    const std::chrono::year_month_day ymd{day};
    const WrittenDate want{int(ymd.year()), int(unsigned(ymd.month())), int(unsigned(ymd.day()))};
    std::vector<std::string> ways = {
        lockstep::to_text(day), fmt::format("{}.{}.{}", want.day, want.month, want.year),
        fmt::format("{:02}/{:02}/{}", want.day, want.month, want.year)};
    for (const Language& language : languages) {
      const std::string& month = language.months[static_cast<std::size_t>(want.month - 1)];
      ways.push_back(fmt::format("{}. {} {}", want.day, month, want.year));
      ways.push_back(fmt::format("{} de {} de {}", want.day, month, want.year));
      ways.push_back(fmt::format("{} {}, {}", month, want.day, want.year));
    }
    for (const std::string& way : ways) {
      EXPECT_EQ(first_date(fold("until " + way + " or so"), languages), want) << way;
      ++tried;
    }
  }
  EXPECT_GT(tried, 5'000);
}

TEST(Dates, AreNotSeenWhereThereAreNone) {
  const auto& languages = real_checks().languages;
  for (const char* text :
       {"regulation (eu) 2024/2847", "version 3.2.0", "10 years", "telephone 2034 5678",
        "ISO 27001 of 2022", "2032", "serial 20321231", "31.02.19"})
    EXPECT_EQ(first_date(fold(text), languages), std::nullopt) << text;
  EXPECT_EQ(first_date(fold("12/2032"), languages), (WrittenDate{2032, 12, 0}));
  EXPECT_EQ(first_date(fold("12/31/2032"), languages), (WrittenDate{2032, 12, 31}));
  EXPECT_EQ(last_day({2032, 2, 0}), parse_day("2032-02-29"));
  EXPECT_EQ(last_day({2031, 2, 30}), std::nullopt);
}

// Whatever words a language has for a sign, a document that uses them is understood.
TEST(Signs, AreFoundByEachOfTheirWordsInEachLanguage) {
  const Checks& checks = real_checks();
  int tried = 0;
  const auto expect_found = [&](int sign, const std::string& words) {
    const Sign& rule = checks.signs[static_cast<std::size_t>(sign)];
    const ReadDocument document = read_document(
        checks,
        text_file({words + ": maker 9999, 31.12.2033, a@b.example.com, https://b.example.com"}));
    const auto has = [&](const SignHit& hit) { return hit.sign == sign && hit.has_value; };
    EXPECT_TRUE(std::ranges::any_of(document.hits, has)) << rule.id << ": " << words;
    ++tried;
  };
  for (const Language& language : checks.languages)
    for (const auto& [sign, list] : language.signs)
      for (const std::string& words : list)
        expect_found(sign, words);
  EXPECT_GT(tried, 700);
}

TEST(Signs, EachLanguageTellsItsHeadings) {
  const Checks& checks = real_checks();
  for (const Language& language : checks.languages) {
    for (const auto& [kind, list] : language.headings) {
      for (const std::string& words : list) {
        const DocumentKind& rule = checks.kinds[static_cast<std::size_t>(kind)];
        // What else the kind wants to be seen.
        std::string also = "2024/2847";
        if (!rule.also.empty() && language.signs.contains(rule.also.front()))
          also = language.signs.at(rule.also.front()).front();
        EXPECT_TRUE(read_document(checks, text_file({words, "", also})).is_kind(kind))
            << language.id << ": " << words;
      }
    }
  }
}

TEST(Signs, LabelsAreReadInEveryLayout) {
  for (const auto& lines :
       std::vector<std::vector<std::string>>{{"1. Product name: Reader"},
                                             {"(a)  Product name      Reader"},
                                             {"Product name\tReader"},
                                             {"Product name / Produktname: Reader"},
                                             {"Product name (type):", "Reader"},
                                             {"PRODUCT NAME :", "", "Reader"}}) {
    ReceivedFile file = text_file({});
    for (const std::string& line : lines)
      if (!line.empty()) file.lines.push_back({0, static_cast<int>(file.lines.size()) + 1, line});
    EXPECT_EQ(value_of(read_document(real_checks(), file), "product_name"), "Reader") << lines[0];
  }
  EXPECT_EQ(
      value_of(read_document(real_checks(), text_file({"Product name", "Reader"})), "product_name"),
      "-")
      << "a heading is no label";
  EXPECT_EQ(value_of(read_document(real_checks(), text_file({"The product name is on the box."})),
                     "product_name"),
            "-");
}

TEST(Signs, ValuesAreThoseBehindTheWords) {
  const auto read = [](std::initializer_list<std::string> lines) {
    return read_document(real_checks(), text_file(lines));
  };
  EXPECT_EQ(value_of(read({"Published 01/2027. Support until", "December 2033."}), "support_end"),
            "2033-12");
  EXPECT_EQ(value_of(read({"The support period is announced elsewhere. Printed 12/2027."}),
                     "support_end"),
            "-");
  EXPECT_EQ(
      value_of(read({"Notified body (Regulation (EU) 2024/2847): 0123"}), "notified_body_number"),
      "0123");
  EXPECT_EQ(value_of(read({"Notified body, since 31.12.2027, see list"}), "notified_body_number"),
            "-");
  EXPECT_EQ(value_of(read({"Report vulnerabilities to <psirt_1@b-c.example.com>."}),
                     "vulnerability_contact"),
            "psirt_1@b-c.example.com");
  EXPECT_EQ(value_of(read({"Report vulnerabilities to us @ home"}), "vulnerability_contact"), "-");
}

TEST(Signs, KindsNeedMoreThanAMention) {
  const Checks& checks = real_checks();
  const int declaration = checks.kind("declaration");
  EXPECT_FALSE(read_document(checks, text_file({"EU declaration of conformity ........ 12",
                                                "sole responsibility"}))
                   .is_kind(declaration));
  EXPECT_FALSE(
      read_document(checks, text_file({"EU declaration of conformity"})).is_kind(declaration));
  const ReadDocument simplified = read_document(
      checks,
      text_file(
          {"The maker declares that the type X is in compliance with Regulation (EU) 2024/2847. "
           "The",
           "full text of the EU declaration of conformity is available at the following internet",
           "address: https://maker.example.com/doc"}));
  EXPECT_TRUE(simplified.is_kind(checks.kind("simplified_declaration")));
  EXPECT_FALSE(simplified.is_kind(declaration));
}

// The rows of CRA Art. 19(2) and 20(2) and AI Act Art. 23(1) and 24(1): the item that stands for
// each, the requirement and the provision it must cite, and how it differs at distribution.
TEST(CheckData, HasAnItemForEachRowOfTheActs) {
  const std::map<std::string, std::vector<std::string>> table = {
      {"importer.procedure", {"cra:art_19/par_2/pnt_a", "aia:art_23/par_1/pnt_a"}},
      {"importer.technical_documentation", {"cra:art_19/par_2/pnt_b", "aia:art_23/par_1/pnt_b"}},
      {"importer.ce_marking", {"cra:art_19/par_2/pnt_c", "aia:art_23/par_1/pnt_c"}},
      {"importer.declaration", {"cra:art_19/par_2/pnt_c", "aia:art_23/par_1/pnt_c"}},
      {"importer.user_information", {"cra:art_19/par_2/pnt_c", "aia:art_23/par_1/pnt_c"}},
      {"importer.identification", {"cra:art_13/par_15"}},
      {"importer.manufacturer_contact", {"cra:art_13/par_16"}},
      {"importer.support_end", {"cra:art_13/par_19"}},
      {"importer.authorised_representative", {"aia:art_23/par_1/pnt_d"}},
      {"importer.own_contact", {"cra:art_19/par_4", "aia:art_23/par_3"}},
      {"importer.storage", {"aia:art_23/par_4"}},
      {"importer.conforming", {"cra:art_19/par_1"}},
      {"distributor.ce_marking", {"cra:art_20/par_2/pnt_a", "aia:art_24/par_1"}},
      {"distributor.declaration", {"cra:art_13/par_20", "aia:art_24/par_1"}},
      {"distributor.identification", {"cra:art_13/par_15"}},
      {"distributor.manufacturer_contact", {"cra:art_13/par_16", "aia:art_16/pnt_b"}},
      {"distributor.user_information", {"cra:art_13/par_18", "aia:art_24/par_1"}},
      {"distributor.support_end", {"cra:art_13/par_19"}},
      {"distributor.importer_contact", {"cra:art_19/par_4", "aia:art_23/par_3"}},
      {"distributor.quality_management", {"aia:art_16/pnt_c"}},
      {"distributor.storage", {"aia:art_24/par_3"}},
      {"distributor.care", {"cra:art_20/par_1", "aia:art_24/par_2"}},
      {"distributor.traceability", {"cra:art_23/par_1"}}};
  const Ruleset& law = test::real_rules();
  for (const auto& [id, wanted] : table) {
    const ItemRule* item = real_checks().find_item(id);
    ASSERT_NE(item, nullptr) << id;
    std::vector<std::string> cites;
    std::set<std::string> acts;
    for (const ItemSide& side : item->sides) {
      const int act = law.requirements[static_cast<std::size_t>(side.requirement)].act;
      const bool is_cra = law.acts[static_cast<std::size_t>(act)].id == "eu-2024-2847";
      acts.insert(is_cra ? "cra" : "aia");
      for (const std::string& cite : side.cites)
        cites.push_back((is_cra ? "cra:" : "aia:") + cite);
    }
    for (const std::string& cite : wanted)
      EXPECT_THAT(cites, Contains(cite)) << id;
    const std::set<std::string> wanted_acts = [&] {
      std::set<std::string> names;
      for (const std::string& cite : wanted)
        names.insert(cite.substr(0, 3));
      return names;
    }();
    // Where the table has one act only, so has the item; manufacturer's contact is in both acts.
    if (id != "importer.manufacturer_contact") {
      EXPECT_EQ(acts, wanted_acts) << id;
    }
  }
}

TEST(CheckData, HoldsBackAndKeepsAsTheActsSay) {
  const auto ids = [](const std::vector<DutyRule>& rules) {
    std::vector<std::string> names;
    for (const DutyRule& rule : rules)
      names.push_back(
          test::real_rules().requirements[static_cast<std::size_t>(rule.requirement)].id);
    return names;
  };
  const Check& importer = *real_checks().find_check("importer");
  const Check& distributor = *real_checks().find_check("distributor");
  EXPECT_THAT(ids(importer.meanwhile),
              ElementsAre("cra.importer_doubt", "aia.importer_holds_back"));
  EXPECT_THAT(ids(importer.keep), ElementsAre("cra.importer_documents", "aia.importer_keeps",
                                              "cra.supply_chain_record"));
  EXPECT_THAT(ids(distributor.meanwhile),
              ElementsAre("cra.distributor_doubt", "aia.distributor_holds_back"));
  // A distributor has no duty to keep the declaration, only to name who supplied and was supplied.
  EXPECT_THAT(ids(distributor.keep), ElementsAre("cra.supply_chain_record"));
}

std::vector<std::string> problems_of(const std::string& path, const std::string& yaml) {
  std::vector<SourceFile> files = test::data_files();
  Diagnostics broken;
  const auto tree = parse_yaml(yaml, path, broken);
  EXPECT_TRUE(tree.has_value());
  std::erase_if(files, [&](const SourceFile& file) { return file.path == path; });
  files.push_back({path, *tree});
  Diagnostics problems;
  (void)load_checks(files, test::real_rules(), problems);
  std::vector<std::string> lines;
  for (const Diagnostic& entry : problems.entries())
    if (entry.where.file == path)
      lines.push_back(fmt::format("{}:{}", entry.where.line, entry.code));
  return lines;
}

TEST(CheckData, MistakesAreAllReportedWithTheirPlace) {
  EXPECT_THAT(
      problems_of("checks/broken.yaml", R"(check: broken
title: Broken
role: smuggler
items:
  - id: importer.x
    says: something
    ask: something?
    whom: them
    sides: [{requirement: cra.no_such, cites: [art_19/par_2]}]
  - id: broken.y
    says: something
    sides: [{requirement: cra.importer_checks, cites: [art_999/par_1]}]
    look: [{in: [declared], for: [support_ends]}, {}]
    applies_when: {no.fact: yes}
    ask: something?
)"),
      ElementsAre("3:regulation.word", "8:check.word", "5:check.id", "9:check.word",
                  "14:regulation.fact", "12:regulation.citation", "13:check.word", "13:check.word",
                  "13:regulation.missing_key", "13:regulation.missing_key"));
  EXPECT_THAT(problems_of("checks/languages/xx.yaml", R"(language: xx
name: Test
months: [one, two]
common: [a]
headings: {declaration: [ab]}
signs: {draft: [draft], no_sign: [words]}
)"),
              testing::AllOf(Contains("3:check.months"), Contains("5:check.short"),
                             Contains("6:check.word")));
  EXPECT_THAT(problems_of("checks/contradictions.yaml", R"(contradictions:
  - {id: c.a, rule: differs, sign: draft, says: a, ask: b, cites: [eu-2024-2847/art_13/par_19]}
  - {id: c.b, rule: has_sign, sign: draft, says: a, ask: b, cites: [eu-2024-2847/art_999]}
)"),
              ElementsAre("2:check.word", "3:regulation.missing_key", "3:regulation.citation"));
}

TEST(CheckData, ALanguageWithoutWordsForASignIsReported) {
  std::vector<SourceFile> files = test::data_files();
  Diagnostics broken;
  files.push_back(
      {"checks/languages/xx.yaml",
       *parse_yaml("language: xx\nname: Test\nmonths: [a,b,c,d,e,f,g,h,i,j,k,l]\ncommon: [a]\n",
                   "checks/languages/xx.yaml", broken)});
  Diagnostics problems;
  (void)load_checks(files, test::real_rules(), problems);
  ASSERT_TRUE(problems.has_errors());
  EXPECT_EQ(problems.entries()[0].code, "check.words");
  EXPECT_THAT(problems.entries()[0].message, HasSubstr("Test has no words for the sign"));
}

}  // namespace
}  // namespace lockstep::regulations
