// SPDX-License-Identifier: Apache-2.0
// Walks the document tree and writes HTML. Every word passes through escape_html exactly once, in
// the functions of SpanWriter and in `attribute`; no other function writes text of the tree.
//
// Tables become cards on narrow screens, which takes their table roles away in some browsers, so
// that the roles are written out.
#include "documents/render/html.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/check.hpp"
#include "base/signature.hpp"
#include "documents/render/escape.hpp"
#include "documents/render/style.hpp"

namespace lockstep::documents {
namespace {

std::string_view tone_class(Tone tone) {
  switch (tone) {
    case Tone::neutral:
      return "t-neutral";
    case Tone::info:
      return "t-info";
    case Tone::low:
      return "t-low";
    case Tone::medium:
      return "t-medium";
    case Tone::high:
      return "t-high";
    case Tone::serious:
      return "t-serious";
  }
  return "t-neutral";
}

struct SpanWriter {
  std::string& out;

  void operator()(const Plain& span) const { out += escape_html(span.text); }

  void operator()(const Strong& span) const { wrap("strong", span.text); }

  void operator()(const Foreign& span) const { wrap("bdi", span.text); }

  void operator()(const Code& span) const {
    // Digests, paths and package URLs may break anywhere; short names stay whole.
    constexpr std::size_t long_from = 28;
    out += span.text.size() < long_from ? "<code>" : "<code class=\"long\">";
    out += escape_html(span.text) + "</code>";
  }

  void operator()(const Link& span) const {
    out += fmt::format("<a href=\"#{}\">{}</a>", escape_html(span.anchor), escape_html(span.text));
  }

  void operator()(const Mark& span) const {
    out += fmt::format("<span class=\"mark {}\"><i aria-hidden=\"true\">{}</i> {}</span>",
                       tone_class(span.tone), escape_html(span.symbol), escape_html(span.word));
  }

  void operator()(const Date& span) const {
    const std::string day = to_text(span.day);
    out += fmt::format("<time datetime=\"{0}\">{0}</time>", day);
  }

  void operator()(const Break&) const { out += "<br>"; }

 private:
  void wrap(std::string_view tag, const std::string& text) const {
    out += fmt::format("<{0}>{1}</{0}>", tag, escape_html(text));
  }
};

/// The words of a line without marks and links, for labels.
std::string attribute(std::string_view text) {
  return escape_html(text);
}

class HtmlWriter {
 public:
  std::string write(const Document& document);

 private:
  void contents(const Document& document);
  void section(const Section& section, int level);
  void blocks(const std::vector<Block>& blocks, int level);
  void line(const Line& line);
  void table(const Table& table);
  void row(const Table& table, const Row& row);
  void figure(const Figure& figure);
  void gallery(const Gallery& gallery);

  std::string out_;
  int tables_ = 0;
  int figures_ = 0;
};

void HtmlWriter::line(const Line& line) {
  for (const Span& span : line.spans)
    std::visit(SpanWriter{out_}, span);
}

void HtmlWriter::row(const Table& table, const Row& row) {
  LS_CHECK(row.cells.size() == table.columns.size(), "a row has one cell for each column");
  out_ += "<tr role=\"row\"";
  if (!row.anchor.empty()) out_ += fmt::format(" id=\"{}\"", attribute(row.anchor));
  out_ += '>';
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const bool heads = i == 0;
    const bool numbers = table.columns[i].align == Column::Align::numbers;
    out_ += heads ? "<th scope=\"row\" role=\"rowheader\"" : "<td role=\"cell\"";
    if (numbers) out_ += " class=\"n\"";
    if (!heads) out_ += fmt::format(" data-label=\"{}\"", attribute(table.columns[i].title));
    out_ += '>';
    line(row.cells[i]);
    out_ += heads ? "</th>" : "</td>";
  }
  out_ += "</tr>\n";
}

void HtmlWriter::table(const Table& table) {
  const int number = ++tables_;
  out_ += fmt::format(
      "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-labelledby=\"table-{0}\">"
      "<table role=\"table\"><caption id=\"table-{0}\">{1}</caption>\n"
      "<thead role=\"rowgroup\"><tr role=\"row\">",
      number, escape_html(table.caption));
  for (const Column& column : table.columns)
    out_ += fmt::format("<th scope=\"col\" role=\"columnheader\"{}>{}</th>",
                        column.align == Column::Align::numbers ? " class=\"n\"" : "",
                        escape_html(column.title));
  out_ += "</tr></thead>\n<tbody role=\"rowgroup\">\n";
  for (const Row& one : table.rows)
    row(table, one);
  out_ += "</tbody></table></div>\n";
}

void HtmlWriter::figure(const Figure& figure) {
  const int number = ++figures_;
  const Drawing& drawing = figure.drawing;
  out_ += fmt::format(
      "<figure aria-labelledby=\"figure-{0}\"><figcaption id=\"figure-{0}\">{1}</figcaption>\n"
      "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-labelledby=\"figure-{0}\">"
      "<svg role=\"img\" viewBox=\"0 0 {2} {3}\" aria-labelledby=\"figure-{0}-t figure-{0}-d\">"
      "<title id=\"figure-{0}-t\">{4}</title><desc id=\"figure-{0}-d\">{5}</desc>\n",
      number, escape_html(figure.caption), drawing.width, drawing.height,
      escape_html(drawing.title), escape_html(drawing.description));
  out_ += drawing.shapes;
  out_ += "</svg></div>\n";
  table(figure.data);
  out_ += "</figure>\n";
}

void HtmlWriter::gallery(const Gallery& gallery) {
  const int number = ++figures_;
  out_ += fmt::format(
      "<figure aria-labelledby=\"figure-{0}\"><figcaption id=\"figure-{0}\">{1}</figcaption>\n"
      "<div class=\"gallery\">",
      number, escape_html(gallery.caption));
  for (const Picture& picture : gallery.pictures)
    out_ += fmt::format(
        "<figure><img src=\"data:image/png;base64,{}\" alt=\"{}\"><figcaption>{}</figcaption>"
        "</figure>\n",
        to_base64(picture.png), attribute(picture.says), escape_html(picture.caption));
  out_ += "</div></figure>\n";
}

void HtmlWriter::section(const Section& section, int level) {
  constexpr int deepest = 6;
  const int heading = std::min(level, deepest);
  out_ +=
      fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-h\"><h{1} id=\"{0}-h\">{2}</h{1}>\n",
                  attribute(section.anchor), heading, escape_html(section.title));
  blocks(section.blocks, level + 1);
  out_ += "</section>\n";
}

void HtmlWriter::blocks(const std::vector<Block>& blocks_in, int level) {
  struct Visitor {
    HtmlWriter& writer;
    int level;

    void operator()(const Paragraph& block) const {
      writer.out_ += "<p>";
      writer.line(block.line);
      writer.out_ += "</p>\n";
    }

    void operator()(const List& block) const {
      const std::string_view tag = block.kind == List::Kind::numbers ? "ol" : "ul";
      writer.out_ += fmt::format("<{}>", tag);
      for (const Line& item : block.items) {
        writer.out_ += "<li>";
        writer.line(item);
        writer.out_ += "</li>\n";
      }
      writer.out_ += fmt::format("</{}>\n", tag);
    }

    void operator()(const Table& block) const { writer.table(block); }

    void operator()(const Figure& block) const { writer.figure(block); }

    void operator()(const Gallery& block) const { writer.gallery(block); }

    void operator()(const Definitions& block) const {
      writer.out_ += "<dl>";
      for (const auto& [term, meaning] : block.entries) {
        writer.out_ += "<dt>";
        writer.line(term);
        writer.out_ += "</dt><dd>";
        writer.line(meaning);
        writer.out_ += "</dd>\n";
      }
      writer.out_ += "</dl>\n";
    }

    void operator()(const Details& block) const {
      writer.out_ +=
          block.open == Details::Open::yes ? "<details open><summary>" : "<details><summary>";
      writer.line(block.summary);
      writer.out_ += "</summary>\n";
      writer.blocks(block.blocks, level);
      writer.out_ += "</details>\n";
    }

    void operator()(const Callout& block) const {
      writer.out_ += fmt::format("<div class=\"box {}\"><p class=\"box-title\">{}</p>\n",
                                 tone_class(block.tone), escape_html(block.title));
      writer.blocks(block.blocks, level);
      writer.out_ += "</div>\n";
    }

    void operator()(const Section& block) const { writer.section(block, level); }
  };

  for (const Block& block : blocks_in)
    std::visit(Visitor{*this, level}, block.content);
}

void HtmlWriter::contents(const Document& document) {
  if (document.sections.size() < 2) return;
  out_ += "<nav aria-labelledby=\"contents\"><h2 id=\"contents\">Contents</h2><ol>";
  for (const Section& section : document.sections)
    out_ += fmt::format("<li><a href=\"#{}\">{}</a></li>", attribute(section.anchor),
                        escape_html(section.title));
  out_ += "</ol></nav>\n";
}

std::string HtmlWriter::write(const Document& document) {
  out_ = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>{}</title>\n<style>\n{}</style>\n"
      "</head>\n<body{}>\n<a class=\"skip\" href=\"#content\">Skip to the content</a>\n"
      "<header><p class=\"kind\">{}</p><h1>{}</h1></header>\n",
      attribute(document.language), escape_html(document.title + " - " + document.kind),
      style_sheet(document.subject),
      document.print == Document::Print::flowing ? " class=\"flowing\"" : "",
      escape_html(document.kind), escape_html(document.title));
  out_ += "<main id=\"content\" tabindex=\"-1\">\n";
  blocks(document.cover, 2);
  contents(document);
  for (const Section& one : document.sections)
    section(one, 2);
  out_ += fmt::format("</main>\n<footer><p>{}</p></footer>\n</body>\n</html>\n",
                      escape_html(document.footer));
  return std::move(out_);
}

}  // namespace

std::string to_html(const Document& document) {
  return HtmlWriter().write(document);
}

}  // namespace lockstep::documents
