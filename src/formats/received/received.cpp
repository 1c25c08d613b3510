// SPDX-License-Identifier: Apache-2.0
#include "formats/received/received.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "formats/archive.hpp"
#include "formats/received/limits.hpp"

namespace lockstep::formats {
namespace {

struct Magic {
  std::size_t at;
  std::string_view bytes;
  std::string_view form;
  std::string_view unread;
};

constexpr std::string_view picture = "a picture; words in it are not read";
constexpr std::array magics = {
    Magic{0, "\x89PNG\r\n", "picture", picture},
    Magic{0, "\xFF\xD8\xFF", "picture", picture},
    Magic{0, "GIF8", "picture", picture},
    Magic{0, "II*", "picture", picture},
    Magic{0, "MM", "picture", picture},
    Magic{8, "WEBP", "picture", picture},
    Magic{4, "ftyp", "picture", picture},
    Magic{0, "\xD0\xCF\x11\xE0", "old_office",
          "an old Office document; save it as .docx, .odt or PDF"},
    Magic{0, "{\\rtf", "old_office", "a rich text document; save it as .docx, .odt or PDF"},
    Magic{0, "7z\xBC\xAF", "archive", "an archive inside the bundle; unpack it"},
    Magic{0, "Rar!", "archive", "an archive inside the bundle; unpack it"},
    Magic{0, "\x1F\x8B", "archive", "an archive inside the bundle; unpack it"},
    Magic{0, "\xFF\xFE", "binary", "a text in UTF-16; save it as UTF-8"},
    Magic{0, "\xFE\xFF", "binary", "a text in UTF-16; save it as UTF-8"},
};

const Magic* magic_of(std::string_view bytes) {
  const auto found = std::ranges::find_if(magics, [&](const Magic& one) {
    if (!bytes.substr(std::min(bytes.size(), one.at)).starts_with(one.bytes)) return false;
    // Two letters are a TIFF only with the number behind them.
    return one.bytes != "MM" || bytes.substr(2).starts_with(std::string_view("\0*", 2));
  });
  return found == magics.end() ? nullptr : &*found;
}

bool is_pdf(std::string_view bytes) {
  // ISO 32000-1, 7.5.2, and what readers accept: the header within the first 1024 bytes.
  return bytes.substr(0, 1024).find("%PDF-") != std::string_view::npos;
}

bool is_html(std::string_view text) {
  const std::string head = lower_case(trim(text.substr(0, 1024)));
  return head.starts_with("<!doctype html") || head.starts_with("<html") ||
         (head.starts_with('<') && head.find("<html") != std::string::npos);
}

bool is_mail(std::string_view text) {
  const std::string head = lower_case(text.substr(0, 4096));
  return head.find("\nmime-version:") != std::string::npos || head.starts_with("mime-version:") ||
         head.starts_with("return-path:");
}

void add_pages(std::string_view text, ReceivedFile& file) {
  std::vector<std::string> empty;
  int page = 0;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find('\f'));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    ++page;
    const auto letters =
        std::ranges::count_if(one, [](char c) { return static_cast<unsigned char>(c) > ' '; });
    if (static_cast<std::size_t>(letters) < pdf_page_letters) empty.push_back(std::to_string(page));
    file.unread = add_lines(one, page, file.lines);
    if (!file.unread.empty()) return;
  }
  if (empty.empty()) return;
  constexpr std::size_t named = 10;
  const std::size_t shown = std::min(named, empty.size());
  file.unread =
      static_cast<int>(empty.size()) == page
          ? "no text in it: a scan, or pictures only"
          : fmt::format("no text on page {}{}: a scan, or pictures only",
                        join(std::span(empty).first(shown), ", "),
                        empty.size() > shown ? fmt::format(" and {} more", empty.size() - shown)
                                             : std::string());
}

void read_pdf(std::string_view bytes, const PdfReader& pdf, ReceivedFile& file) {
  file.form = "pdf";
  const PdfText read = pdf(bytes);
  if (read.text.empty() || !is_utf8(read.text)) {
    file.unread = !read.unread.empty() ? read.unread
                  : read.text.empty()  ? "no text in it: a scan, or pictures only"
                                       : "its text is no UTF-8";
    return;
  }
  add_pages(read.text, file);
  if (file.unread.empty()) file.unread = read.unread;
}

void read_text(std::string_view bytes, ReceivedFile& file) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (bytes.find('\0') != std::string_view::npos) {
    file.form = "binary";
    file.unread = "a form that is not known here";
  } else if (!is_utf8(bytes)) {
    file.form = "binary";
    file.unread = "not UTF-8; save the text as UTF-8";
  } else if (is_html(bytes)) {
    file.form = "html";
    file.unread = add_html_lines(bytes, file.lines);
  } else if (const char first =
                 trim(bytes.substr(0, 1024)).empty() ? ' ' : trim(bytes.substr(0, 1024))[0];
             (first == '{' || first == '[') && read_known_json(bytes, file)) {
    return;
  } else if (trim(bytes.substr(0, 1024)).starts_with("<?xml")) {
    file.form = "xml";
    file.unread = add_xml_lines(bytes, file.lines);
  } else if (is_mail(bytes)) {
    file.form = "mail";
    file.unread = "an e-mail; save its text and what is attached as files";
  } else {
    file.form = "text";
    file.unread = add_lines(bytes, 0, file.lines);
  }
}

}  // namespace

std::string add_lines(std::string_view text, int page, std::vector<ReceivedLine>& lines) {
  std::string unread;
  if (text.size() > received_text_bytes) {
    text = text.substr(0, received_text_bytes);
    unread = fmt::format("only its first {} MiB of text are read", received_text_bytes >> 20U);
  }
  int number = 0;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    ++number;
    if (line.size() > received_line_bytes) {
      line = line.substr(0, received_line_bytes);
      unread = fmt::format("of line {} only the first {} KiB are read", number,
                           received_line_bytes >> 10U);
    }
    std::string clean(line);
    for (char& c : clean)
      if ((static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7F') c = ' ';
    // A cut may have gone through a character.
    while (!clean.empty() && !is_utf8(clean))
      clean.pop_back();
    if (!trim(clean).empty()) lines.push_back({page, number, std::move(clean)});
  }
  return unread;
}

ReceivedFile read_received(std::string_view bytes, const std::string& path, const PdfReader& pdf) {
  ReceivedFile file;
  file.path = path;
  file.sha256 = sha256(bytes);
  file.bytes = bytes.size();
  if (bytes.empty()) {
    file.form = "empty";
    return file;
  }
  if (is_pdf(bytes)) {
    read_pdf(bytes, pdf, file);
  } else if (looks_like_zip(bytes)) {
    read_office(bytes, file);
  } else if (const Magic* magic = magic_of(bytes)) {
    file.form = magic->form;
    file.unread = magic->unread;
  } else {
    read_text(bytes, file);
  }
  return file;
}

}  // namespace lockstep::formats
