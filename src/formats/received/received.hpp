// SPDX-License-Identifier: Apache-2.0
// One document that somebody else handed over: what form its bytes have, and its text line by line.
// The form is told by the content; a name is never believed. What cannot be read is no error: the
// file says why in `unread`, so that nobody takes it for empty.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/received.hpp"

namespace lockstep::formats {

/// The text of a PDF, with a form feed behind each page, or why there is none.
struct PdfText {
  std::string text;
  std::string unread;
};

/// Reads the text of a PDF; the reader itself never does, since that takes a program of others.
using PdfReader = std::function<PdfText(std::string_view bytes)>;

/// Reads one file. Forms: pdf (through `pdf`), html, word (docx), odt, json, xml, sbom, text;
/// picture, archive, mail, old_office, spreadsheet, binary and empty are told and not read. Limits:
/// formats/received/limits.hpp. Errors: none; `unread` says what could not be read.
ReceivedFile read_received(std::string_view bytes, const std::string& path, const PdfReader& pdf);

/// Text without a markup, line by line; control characters but tab become spaces. `page` is given
/// to each line. Returns why a part was left out, or "".
std::string add_lines(std::string_view text, int page, std::vector<ReceivedLine>& lines);

/// HTML: words between tags, without scripts and styles; blocks end lines, cells end in a tab.
/// Source: HTML Living Standard, 13.2.5 Tokenization, as far as finding the text needs it.
std::string add_html_lines(std::string_view html, std::vector<ReceivedLine>& lines);

/// XML: the character data of each element on a line of its own.
std::string add_xml_lines(std::string_view xml, std::vector<ReceivedLine>& lines);

/// Whether a zip is a text document of Office Open XML or OpenDocument, and its text.
/// Source: ECMA-376 Part 1, 17.3 and 17.4; OpenDocument 1.3 Part 3, chapters 5, 6 and 9.
void read_office(std::string_view zip, ReceivedFile& file);

/// JSON: bills of materials, and the declaration and dossier that this program writes. False when
/// it is none of them, or no JSON.
bool read_known_json(std::string_view bytes, ReceivedFile& file);

}  // namespace lockstep::formats
