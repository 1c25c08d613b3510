// SPDX-License-Identifier: Apache-2.0
// The one document tree that all writers build and all renderers read. It holds words, tables and
// figures, never markup: what a renderer writes is escaped there, once. A heading has no level of
// its own; it is as deep as its section, so that headings cannot come in the wrong order.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.hpp"

namespace lockstep::documents {

/// The colour family of a mark. A mark always carries a shape and a word beside its colour.
enum class Tone { neutral, info, low, medium, high, serious };

/// Words of ours; the one kind of span that bare text becomes.
struct Plain {
  std::string text;

  Plain(std::string words) : text(std::move(words)) {}  // NOLINT: text is a span

  Plain(std::string_view words) : text(words) {}  // NOLINT: text is a span

  Plain(const char* words) : text(words) {}  // NOLINT: text is a span
};

struct Strong {
  std::string text;

  explicit Strong(std::string words) : text(std::move(words)) {}
};

/// Words that somebody else wrote: kept apart from the direction of the text around them.
struct Foreign {
  std::string text;

  explicit Foreign(std::string words) : text(std::move(words)) {}
};

/// Identifiers, paths, digests: a fixed-width face that may break anywhere.
struct Code {
  std::string text;

  explicit Code(std::string words) : text(std::move(words)) {}
};

/// Leads to an anchor of the same document.
struct Link {
  std::string text;
  std::string anchor;

  Link(std::string words, std::string target) : text(std::move(words)), anchor(std::move(target)) {}
};

/// A state, level or severity: shape, colour and word.
struct Mark {
  Tone tone = Tone::neutral;
  std::string symbol;
  std::string word;
};

struct Date {
  Day day;
};

/// A new line within a cell or paragraph.
struct Break {};

using Span = std::variant<Plain, Strong, Foreign, Code, Link, Mark, Date, Break>;

/// Words in a row: a paragraph, a cell, a list item.
struct Line {
  std::vector<Span> spans;

  Line() = default;

  Line(const char* text) : spans{Plain{text}} {}  // NOLINT: words are lines

  Line(std::string text) : spans{Plain{std::move(text)}} {}  // NOLINT: words are lines

  Line(std::string_view text) : spans{Plain{std::string(text)}} {}  // NOLINT: words are lines

  Line(Span span) { spans.push_back(std::move(span)); }  // NOLINT: one span is a line

  Line(std::initializer_list<Span> parts) : spans(parts) {}

  Line& add(Span span) {
    spans.push_back(std::move(span));
    return *this;
  }

  Line& append(const Line& other) {
    spans.insert(spans.end(), other.spans.begin(), other.spans.end());
    return *this;
  }

  bool is_empty() const { return spans.empty(); }
};

struct Paragraph {
  Line line;
};

struct List {
  enum class Kind { bullets, numbers };
  Kind kind = Kind::bullets;
  std::vector<Line> items;
};

struct Column {
  enum class Align { words, numbers };
  std::string title;
  Align align = Align::words;
};

struct Row {
  std::vector<Line> cells;  ///< as many as the table has columns
  std::string anchor;       ///< "" when nothing leads here
};

/// The first column heads its rows.
struct Table {
  std::string caption;
  std::vector<Column> columns;
  std::vector<Row> rows;
};

/// A drawing that our own chart code made (charts/svg.hpp escapes every word in it).
struct Drawing {
  std::string title;        ///< what it shows, for those who cannot see it
  std::string description;  ///< what can be read from it, one or two sentences
  int width = 0;            ///< of the view box
  int height = 0;
  std::string shapes;  ///< SVG elements
};

/// A drawing, with the numbers it draws as a table below it.
struct Figure {
  std::string caption;
  Drawing drawing;
  Table data;
};

/// A picture made of pixels, as the bytes of a PNG file that a worker of ours wrote.
struct Picture {
  std::string caption;
  std::string says;  ///< what it shows, for those who cannot see it
  std::string png;
};

/// Pictures beside each other.
struct Gallery {
  std::string caption;
  std::vector<Picture> pictures;
};

struct Definitions {
  std::vector<std::pair<Line, Line>> entries;  ///< term, meaning
};

struct Block;

/// Folded on the screen unless `open`; always open in print.
struct Details {
  enum class Open { no, yes };
  Line summary;
  Open open = Open::no;
  std::vector<Block> blocks;
};

/// A box that must not be overlooked.
struct Callout {
  Tone tone = Tone::info;
  std::string title;
  std::vector<Block> blocks;
};

/// A heading with an anchor, and what stands under it.
struct Section {
  std::string anchor;
  std::string title;
  std::vector<Block> blocks;
};

using BlockContent =
    std::variant<Paragraph, List, Table, Figure, Gallery, Definitions, Details, Callout, Section>;

struct Block {
  BlockContent content;

  Block(Paragraph value) : content(std::move(value)) {}  // NOLINT: each kind is a block

  Block(List value) : content(std::move(value)) {}  // NOLINT: each kind is a block

  Block(Table value) : content(std::move(value)) {}  // NOLINT: each kind is a block

  Block(Figure value) : content(std::move(value)) {}  // NOLINT: each kind is a block

  Block(Gallery value) : content(std::move(value)) {}  // NOLINT: each kind is a block

  Block(Definitions value) : content(std::move(value)) {}  // NOLINT: each kind is a block

  Block(Details value) : content(std::move(value)) {}  // NOLINT: each kind is a block

  Block(Callout value) : content(std::move(value)) {}  // NOLINT: each kind is a block

  Block(Section value) : content(std::move(value)) {}  // NOLINT: each kind is a block
};

/// One whole document: a cover, then sections in order.
struct Document {
  /// Whether each section begins a new page on paper.
  enum class Print { page_per_section, flowing };

  std::string language = "en";
  std::string kind;     ///< above the title: "Product security report"
  std::string title;    ///< the one heading of the first level
  std::string subject;  ///< product and version, on every printed page
  std::string footer;   ///< the last line
  Print print = Print::page_per_section;
  std::vector<Block> cover;
  std::vector<Section> sections;
};

/// An anchor made of `prefix` and any text: lower-case letters, digits, '.', '-' and '_'; other
/// bytes become '-'. When something was replaced, eight digits of the text's digest follow, so that
/// different texts have different anchors.
std::string anchor_of(std::string_view prefix, std::string_view text);

}  // namespace lockstep::documents
