// SPDX-License-Identifier: Apache-2.0
// Reading documents of others: each form by its content, and every way in which one may be odd.
#include "formats/received/received.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "formats/answers/answers.hpp"
#include "formats/received/limits.hpp"
#include "support/paths.hpp"
#include "support/zip.hpp"

namespace lockstep::formats {
namespace {

using test::make_zip;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

PdfText no_pdf(std::string_view) {
  return {{}, "no reader"};
}

ReceivedFile read(std::string_view bytes, const PdfReader& pdf = no_pdf) {
  return read_received(bytes, "file", pdf);
}

std::vector<std::string> texts(const ReceivedFile& file) {
  std::vector<std::string> out;
  for (const ReceivedLine& line : file.lines)
    out.push_back(std::string(trim(line.text)));
  return out;
}

std::string word(const std::string& body) {
  return make_zip({{"[Content_Types].xml", "<Types/>"},
                   {"word/document.xml", "<w:document xmlns:w='w'>" + body + "</w:document>"}});
}

TEST(Received, FormIsToldByContentAndNotByName) {
  EXPECT_EQ(read("%PDF-1.7\n...").form, "pdf");
  EXPECT_EQ(read("\x89PNG\r\n\x1a\n").form, "picture");
  EXPECT_EQ(read("\xFF\xD8\xFF\xE0").form, "picture");
  EXPECT_EQ(read("<!DOCTYPE html><p>x</p>").form, "html");
  EXPECT_EQ(read("<?xml version='1.0'?><a>x</a>").form, "xml");
  EXPECT_EQ(read("{\"a\": 1}").form, "text") << "JSON that is not known is text";
  EXPECT_EQ(read("# Title\n").form, "text");
  EXPECT_EQ(read("\xD0\xCF\x11\xE0\xA1\xB1").form, "old_office");
  EXPECT_EQ(read("{\\rtf1 x}").form, "old_office");
  EXPECT_EQ(read(make_zip({{"a.txt", "a"}})).form, "archive");
  EXPECT_EQ(read(make_zip({{"xl/workbook.xml", "<x/>"}})).form, "spreadsheet");
  EXPECT_EQ(read("").form, "empty");
}

TEST(Received, WhatIsNotReadSaysWhy) {
  for (const std::string& bytes :
       {std::string("\x89PNG\r\n\x1a\n"), std::string("\xFF\xFEx\0", 4), std::string("abc\0def", 7),
        std::string("caf\xE9"), make_zip({{"a.txt", "a"}}),
        std::string("From: a\nMIME-Version: 1.0\n\nx")}) {
    const ReceivedFile file = read(bytes);
    EXPECT_FALSE(file.unread.empty()) << file.form;
    EXPECT_THAT(file.lines, IsEmpty()) << file.form;
  }
}

TEST(Received, HtmlIsItsWordsWithoutScripts) {
  const ReceivedFile file = read(
      "<html><head><title>A &amp; B</title><style>p{}</style><script>if (a<b) "
      "'secret'</script></head>"
      "<body><!-- hidden --><table><tr><th>Name</th><td>X\ny</td></tr></table><p title=\"a>b\">"
      "Schl&uuml;ssel&#32;&#x41;&unknown;</p></body></html>");
  EXPECT_THAT(texts(file), ElementsAre("A & B", "Name\tX y", "Schlüssel A&unknown;"));
  EXPECT_EQ(file.unread, "");
}

TEST(Received, HtmlTermsStandBesideTheirDescription) {
  EXPECT_THAT(texts(read("<html><dl><dt>Name</dt>\n<dd>Reader</dd><dt>Type</dt><dd>T</dd></dl>")),
              ElementsAre("Name\t Reader", "Type\tT"));
}

TEST(Received, HtmlThatIsBrokenIsStillText) {
  EXPECT_THAT(texts(read("<html><p>a<p>b < c <b")), ElementsAre("a", "b < c"));
  EXPECT_THAT(texts(read("<html><p>x<script>never closed")), ElementsAre("x"));
  EXPECT_THAT(texts(read("<html><p a='never closed>x</p><p>y</p>")), testing::Contains("y"));
}

TEST(Received, WordAndOdtKeepRowsOnALine) {
  const ReceivedFile docx =
      read(word("<w:p><w:r><w:t>One</w:t></w:r><w:r><w:instrText>HIDDEN</w:instrText><w:t> "
                "two</w:t></w:r></w:p>"
                "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Type</w:t></w:r></w:p></w:tc>"
                "<w:tc><w:p><w:r><w:t>TR-2</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"));
  EXPECT_EQ(docx.form, "word");
  EXPECT_THAT(texts(docx), ElementsAre("One two", "Type \tTR-2"));
  const ReceivedFile odt = read(
      make_zip({{"mimetype", "application/vnd.oasis.opendocument.text"},
                {"content.xml",
                 "<d xmlns:text='t' "
                 "xmlns:table='b'><text:h>Title</text:h><text:p>a<text:tab/>b</text:p></d>"}}));
  EXPECT_EQ(odt.form, "odt");
  EXPECT_THAT(texts(odt), ElementsAre("Title", "a\tb"));
}

TEST(Received, HostileXmlIsRefusedWithTheReason) {
  const std::string laughs =
      "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><x>&b;</x>";
  EXPECT_THAT(read(laughs).unread, HasSubstr("document type"));
  std::string deep = "<?xml version='1.0'?>";
  for (int i = 0; i < 300; ++i)
    deep += "<a>";
  EXPECT_THAT(read(deep).unread, HasSubstr("nested too deep"));
  EXPECT_THAT(read("<?xml version='1.0'?><a>text<b></a>").unread, HasSubstr("error on line"));
  EXPECT_THAT(read(word("<w:p><w:r><w:t>cut")).unread, HasSubstr("error on line"));
}

TEST(Received, OfficeArchivesKeepTheLimitsOfZip) {
  const ReceivedFile climbing =
      read(make_zip({{"word/document.xml", "<w:document xmlns:w='w'/>"}, {"../evil", "x"}}));
  EXPECT_THAT(climbing.unread, HasSubstr("damaged"));
  EXPECT_FALSE(read(make_zip({{"word/document.xml", "<a", 0100644, 1}})).unread.empty());
}

TEST(Received, LongLinesAndTextsAreCutAndSaySo) {
  const ReceivedFile line = read(std::string(received_line_bytes + 10, 'x') + "\nnext\n");
  EXPECT_EQ(line.lines.size(), 2U);
  EXPECT_EQ(line.lines[0].text.size(), received_line_bytes);
  EXPECT_THAT(line.unread, HasSubstr("of line 1"));
  const ReceivedFile text = read(std::string(received_text_bytes + 10, '\n') + "end");
  EXPECT_THAT(text.unread, HasSubstr("first 4 MiB"));
}

TEST(Received, PagesOfAPdfAreCountedAndScansAreNamed) {
  const ReceivedFile file = read("%PDF-1.4", [](std::string_view) {
    return PdfText{"The first page has a sentence.\n\f\f  \nThe third page has one as well.\n\f",
                   ""};
  });
  ASSERT_EQ(file.lines.size(), 2U);
  EXPECT_EQ(file.lines[1].page, 3);
  EXPECT_EQ(file.lines[1].line, 2);
  EXPECT_EQ(file.unread, "no text on page 2: a scan, or pictures only");
  const ReceivedFile scan = read("%PDF-1.4", [](std::string_view) { return PdfText{"\f\f", ""}; });
  EXPECT_EQ(scan.unread, "no text in it: a scan, or pictures only");
  EXPECT_EQ(read("%PDF-1.4").unread, "no reader");
}

TEST(Received, OurOwnDeclarationIsReadByItsMembers) {
  const ReceivedFile file = read(
      R"({"schema": "lockstep/declaration/1", "status": "draft", "fields": [
          {"id": "identification", "entries": [{"label": "Name", "value": "Reader"}]},
          {"id": "signature", "entries": [{"label": "Name", "value": null}]}]})");
  EXPECT_THAT(file.kinds, ElementsAre("declaration"));
  ASSERT_EQ(file.fields.size(), 2U);
  EXPECT_EQ(file.fields[0].sign, "product_name");
  EXPECT_EQ(file.fields[0].line, 2);
  EXPECT_EQ(file.fields[1].sign, "draft");
}

TEST(Received, BillsOfMaterialsAreToldByTheirFormat) {
  const ReceivedFile file = read(
      R"({"bomFormat": "CycloneDX", "specVersion": "1.6", "components":
          [{"type": "library", "name": "a", "version": "1"}]})");
  EXPECT_EQ(file.form, "sbom");
  EXPECT_EQ(file.about, "CycloneDX 1.6, 1 component");
}

TEST(CheckAnswers, AreReadWithAllProblemsAtOnce) {
  Diagnostics problems;
  const auto answers = read_check_answers(
      "importer.storage: {answer: yes, by: A, on: 2028-01-10}\n"
      "importer.proof: {answer: maybe, on: 2028-13-01}\nimporter.language: {answer: unknown, by: "
      "A, when: 2}\n",
      "answers.yaml", problems);
  ASSERT_TRUE(answers.has_value());
  EXPECT_EQ(answers->at("importer.storage").answer, Truth::yes);
  EXPECT_EQ(answers->at("importer.language").answer, Truth::unknown);
  std::vector<std::string> codes;
  for (const Diagnostic& entry : problems.entries())
    codes.push_back(fmt::format("{}:{}", entry.where.line, entry.code));
  EXPECT_THAT(codes, ElementsAre("2:product.required", "2:answers.word", "2:product.date",
                                 "3:product.required", "3:product.unknown_key"));
}

}  // namespace
}  // namespace lockstep::formats
