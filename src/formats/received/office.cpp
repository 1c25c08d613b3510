// SPDX-License-Identifier: Apache-2.0
// The words of XML, and of the XML inside Word and OpenDocument files. Expat reads the XML; a
// document type is refused, since entities are declared there and can grow without bound.
#include <algorithm>
#include <array>
#include <expat.h>
#include <fmt/format.h>
#include <memory>

#include "base/text.hpp"
#include "formats/received/limits.hpp"
#include "formats/received/received.hpp"
#include "formats/zip.hpp"

namespace lockstep::formats {
namespace {

/// What the end of an element, or its being there, puts into the text.
struct Mark {
  std::string_view element;
  std::string_view puts;
  std::string_view puts_in_cell;  ///< a row of a table stays on one line
};

// ECMA-376 Part 1, 17.3.3 (runs), 17.3.1.22 (paragraphs), 17.4 (tables)
constexpr std::array word_marks = {
    Mark{"w:p", "\n", " "},
    Mark{"w:br", "\n", " "},
    Mark{"w:cr", "\n", " "},
    Mark{"w:tab", "\t", " "},
    Mark{"w:tc", "\t", " "},
    Mark{"w:tr", "\n", "\n"},
    Mark{"w:noBreakHyphen", "-", "-"},
};
// OpenDocument 1.3 Part 3, 5.1, 6.1, 9.1
constexpr std::array odt_marks = {
    Mark{"text:p", "\n", " "},
    Mark{"text:h", "\n", " "},
    Mark{"text:tab", "\t", " "},
    Mark{"text:line-break", "\n", " "},
    Mark{"text:s", " ", " "},
    Mark{"table:table-cell", "\t", " "},
    Mark{"table:table-row", "\n", "\n"},
};

struct Dialect {
  std::span<const Mark> marks;
  std::string_view cell;
  std::string_view words;  ///< the element whose characters are text; "" for every one
};

constexpr Dialect word_dialect{word_marks, "w:tc", "w:t"};
constexpr Dialect odt_dialect{odt_marks, "table:table-cell", ""};
constexpr Dialect plain_dialect{{}, "", ""};

/// Collects the text while expat walks through the XML.
class Walker {
 public:
  explicit Walker(const Dialect& dialect) : dialect_(dialect) {
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), begin, end);
    XML_SetCharacterDataHandler(parser_.get(), characters);
    XML_SetStartDoctypeDeclHandler(parser_.get(), doctype);
  }

  /// Why the text is not whole, or "".
  std::string read(std::string_view xml) {
    constexpr std::size_t piece = std::size_t{1} << 20U;
    while (unread_.empty()) {
      const std::string_view part = xml.substr(0, piece);
      xml.remove_prefix(part.size());
      const XML_Status status =
          XML_Parse(parser_.get(), part.data(), static_cast<int>(part.size()), xml.empty() ? 1 : 0);
      if (status == XML_STATUS_OK && xml.empty()) break;
      if (status == XML_STATUS_OK || !unread_.empty()) continue;
      unread_ = fmt::format("its XML ends in an error on line {}: {}",
                            XML_GetCurrentLineNumber(parser_.get()),
                            XML_ErrorString(XML_GetErrorCode(parser_.get())));
    }
    return unread_;
  }

  std::string text;

 private:
  struct Free {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
  };

  static Walker& self(void* data) { return *static_cast<Walker*>(data); }

  static void begin(void* data, const XML_Char* name, const XML_Char** /*attributes*/) {
    Walker& here = self(data);
    if (++here.depth_ > received_xml_depth) return here.stop("its XML is nested too deep");
    if (here.dialect_.cell == name) ++here.cells_;
    if (here.dialect_.words == name) ++here.words_;
  }

  static void end(void* data, const XML_Char* name) {
    Walker& here = self(data);
    --here.depth_;
    if (here.dialect_.words == name) --here.words_;
    const bool is_cell = here.dialect_.cell == name;
    if (is_cell) --here.cells_;
    const auto mark =
        std::ranges::find(here.dialect_.marks, std::string_view(name), &Mark::element);
    if (mark != here.dialect_.marks.end())
      here.put(here.cells_ > 0 ? mark->puts_in_cell : mark->puts);
    else if (here.dialect_.marks.empty())
      here.put("\n");
  }

  static void characters(void* data, const XML_Char* text, int size) {
    Walker& here = self(data);
    if (!here.dialect_.words.empty() && here.words_ == 0) return;
    here.put({text, static_cast<std::size_t>(size)});
  }

  static void doctype(void* data,
                      const XML_Char* /*name*/,
                      const XML_Char* /*system*/,
                      const XML_Char* /*public_id*/,
                      int /*has_internal*/) {
    self(data).stop("its XML declares a document type, which is not read");
  }

  void put(std::string_view words) {
    if (text.size() + words.size() > received_text_bytes)
      return stop(
          fmt::format("only its first {} MiB of text are read", received_text_bytes >> 20U));
    text += words;
  }

  void stop(std::string why) {
    unread_ = std::move(why);
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  const Dialect& dialect_;
  std::unique_ptr<std::remove_pointer_t<XML_Parser>, Free> parser_{XML_ParserCreate(nullptr)};
  int depth_ = 0;
  int cells_ = 0;
  int words_ = 0;
  std::string unread_;
};

std::string add_words(std::string_view xml, const Dialect& dialect, ReceivedFile& file) {
  Walker walker(dialect);
  std::string unread = walker.read(xml);
  const std::string cut = add_lines(walker.text, 0, file.lines);
  return unread.empty() ? cut : unread;
}

/// Whether a part of a Word file holds text that a reader of the document sees.
bool is_word_text(std::string_view name) {
  if (!name.starts_with("word/") || !name.ends_with(".xml")) return false;
  const std::string_view part = name.substr(5);
  return part == "document.xml" || part == "footnotes.xml" || part == "endnotes.xml" ||
         part.starts_with("header") || part.starts_with("footer");
}

struct Parts {
  bool is_word = false;
  bool is_odt = false;
  bool is_other_office = false;
};

Parts parts_of(std::string_view zip, const std::string& path) {
  Parts parts;
  auto reader = ZipReader::open_bytes(zip, path, office_limits);
  while (reader) {
    const auto entry = reader->next();
    if (!entry || !*entry) break;
    const std::string_view name = (*entry)->name;
    parts.is_word = parts.is_word || name == "word/document.xml";
    parts.is_other_office =
        parts.is_other_office || name.starts_with("xl/") || name.starts_with("ppt/");
    if (name != "mimetype") continue;
    parts.is_odt = (*entry)->bytes == "application/vnd.oasis.opendocument.text";
    parts.is_other_office =
        !parts.is_odt && (*entry)->bytes.find("opendocument") != std::string_view::npos;
  }
  return parts;
}

}  // namespace

std::string add_xml_lines(std::string_view xml, std::vector<ReceivedLine>& lines) {
  ReceivedFile file;
  std::string unread = add_words(xml, plain_dialect, file);
  std::ranges::move(file.lines, std::back_inserter(lines));
  return unread;
}

void read_office(std::string_view zip, ReceivedFile& file) {
  const Parts parts = parts_of(zip, file.path);
  if (!parts.is_word && !parts.is_odt) {
    file.form = parts.is_other_office ? "spreadsheet" : "archive";
    file.unread = parts.is_other_office ? "a spreadsheet or slides; save it as PDF"
                                        : "an archive inside the bundle; unpack it";
    return;
  }
  file.form = parts.is_word ? "word" : "odt";
  auto reader = ZipReader::open_bytes(zip, file.path, office_limits);
  while (reader) {
    const auto entry = reader->next();
    if (!entry) file.unread = "its archive is damaged: " + entry.error().message;
    if (!entry || !*entry) break;
    const bool is_text =
        parts.is_word ? is_word_text((*entry)->name) : (*entry)->name == "content.xml";
    if (!is_text) continue;
    const std::string unread =
        add_words((*entry)->bytes, parts.is_word ? word_dialect : odt_dialect, file);
    if (!unread.empty()) file.unread = unread;
  }
  if (file.lines.empty() && file.unread.empty())
    file.unread = "no text in it: empty, encrypted or pictures only";
}

}  // namespace lockstep::formats
