// SPDX-License-Identifier: Apache-2.0
// Documents that are checked and not used: SARIF logs and security.txt files.
#include <filesystem>
#include <gtest/gtest.h>
#include <set>

#include "formats/invalid_files.hpp"
#include "formats/limits.hpp"
#include "formats/sarif/sarif.hpp"
#include "formats/security_txt/security_txt.hpp"

namespace lockstep::formats {
namespace {

using test::read_file;
using test::shared_path;
using test::source_path;

Diagnostics sarif_problems(const std::string& bytes, const std::string& name) {
  Diagnostics problems;
  const auto document = parse_json(bytes, name, problems, bom_limits);
  if (!document)
    problems.add(document.error());
  else
    check_sarif(*document, {name, problems});
  return problems;
}

Diagnostics security_problems(const std::string& bytes, const std::string& name) {
  Diagnostics problems;
  (void)read_security_txt(bytes, *parse_instant("2026-11-27"), {name, problems});
  return problems;
}

TEST(Sarif, EveryInvalidFileGivesItsMessages) {
  test::expect_messages("tests/data/formats/sarif/invalid",
                        [](const std::string& bytes, const std::string& name) {
                          return test::text_of(sarif_problems(bytes, name));
                        });
}

TEST(Sarif, AValidLogHasNoProblem) {
  const std::string path = source_path("tests/data/formats/sarif/valid/log.sarif");
  EXPECT_EQ(test::text_of(sarif_problems(read_file(path), "log.sarif")), "");
}

TEST(SarifSuite, RefusesWhatTheMultitoolFindsInvalid) {
  LS_NEEDS_SHARED("vuln/suites/sarif/sdk-multitool/ValidateCommand/Inputs");
  int valid = 0;
  int invalid = 0;
  for (const auto& file :
       test::files_in(shared_path("vuln/suites/sarif/sdk-multitool/ValidateCommand/Inputs"))) {
    const std::string name = file.filename().string();
    const Diagnostics problems = sarif_problems(read_file(file.string()), name);
    // SARIF1xxx and JSON1xxx are rules of the standard; the others are advice of one vendor.
    const bool is_rule = name.starts_with("SARIF1") || name.starts_with("JSON1");
    const bool is_invalid = is_rule && name.find("_Valid") == std::string::npos;
    (is_invalid ? invalid : valid) += 1;
    EXPECT_EQ(problems.has_errors(), is_invalid) << name << "\n" << test::text_of(problems);
    for (const Diagnostic& entry : problems.entries())
      EXPECT_GT(entry.where.line, 0) << name;
  }
  EXPECT_GT(invalid, 8);
  EXPECT_GT(valid, 20);
}

TEST(SecurityTxt, EveryInvalidFileGivesItsMessages) {
  test::expect_messages("tests/data/formats/security_txt/invalid",
                        [](const std::string& bytes, const std::string& name) {
                          return test::text_of(security_problems(bytes, name));
                        });
}

TEST(SecurityTxt, AValidFileHasAdviceAtMost) {
  const std::string folder = "tests/data/formats/security_txt/valid/";
  const Diagnostics plain = security_problems(read_file(source_path(folder + "plain.txt")), "p");
  EXPECT_EQ(test::text_of(plain),
            "p:1: warning[security_txt.advice]: expected a file with an OpenPGP signature, found "
            "none\n");
  const Diagnostics armoured =
      security_problems(read_file(source_path(folder + "signed.txt")), "s");
  EXPECT_EQ(test::text_of(armoured),
            "s:8: note[security_txt.signature]: the signature was not checked\n");
}

TEST(SecurityTxt, IsJudgedByTheDay) {
  const std::string bytes = "Contact: https://a.example\nExpires: 2027-06-30T12:00:00Z\n";
  const std::string path = "s";
  const auto errors_on = [&](const char* day) {
    Diagnostics problems;
    const SecurityTxt file = read_security_txt(bytes, *parse_instant(day), {path, problems});
    EXPECT_EQ(to_text(file.expires.value()), "2027-06-30T12:00:00Z");
    return problems.error_count();
  };
  EXPECT_EQ(errors_on("2027-06-30T11:59:59Z"), 0U);
  EXPECT_EQ(errors_on("2027-06-30T12:00:00Z"), 1U);
}

/// Which of our codes says what a code of the suite says.
std::string code_of(const std::string& theirs) {
  if (theirs == "prec_ws" || theirs == "empty_key") return "security_txt.field";
  if (theirs == "long_expiry") return "security_txt.advice";
  return "security_txt.value";
}

TEST(SecurityTxtSuite, FindsWhatTheSuiteExpects) {
  LS_NEEDS_SHARED("vuln/suites/security-txt/sectxt.jsonl");
  int cases = 0;
  const std::string lines = read_file(shared_path("vuln/suites/security-txt/sectxt.jsonl"));
  std::size_t begin = 0;
  while (begin < lines.size()) {
    const std::size_t end = std::min(lines.find('\n', begin), lines.size());
    Diagnostics ignored;
    const auto one = parse_json(lines.substr(begin, end - begin), "suite", ignored);
    begin = end + 1;
    ASSERT_TRUE(one.has_value());
    std::string content = (*one)["content"].string_or("");
    const std::string template_year = "{date.today().year + 3}";
    if (const std::size_t at = content.find(template_year); at != std::string::npos)
      content.replace(at, template_year.size(), "2029");
    std::set<std::string> codes;
    const Diagnostics problems = security_problems(content, "s");
    for (const Diagnostic& entry : problems.entries())
      codes.insert(entry.code);
    for (const Json& expected : (*one)["expect"].items())
      EXPECT_TRUE(codes.contains(code_of(expected["code"].string_or(""))))
          << content << "\n"
          << test::text_of(problems);
    ++cases;
  }
  EXPECT_GT(cases, 4);
}

}  // namespace
}  // namespace lockstep::formats
