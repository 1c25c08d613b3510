// SPDX-License-Identifier: Apache-2.0
// Relations between columns as a person writes them:
//
//     relation = sum ("<=" | ">=" | "=") sum
//     sum      = product { ("+" | "-") product }
//     product  = ["-"] (number | column) { ("*" | "/") (number | column) }
//
// A column whose name is no plain word stands in backticks: `hours-per-week`. There are no
// brackets, so that nothing nests; linear rules and ratios need none.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

#include "ai/tabular.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

constexpr std::size_t text_max = 4'000;

using Product = TableRelation::Product;

struct Trouble {
  std::string says;
};

class Reader {
 public:
  Reader(std::string_view text, const std::vector<TableColumn>& columns)
      : text_(text), columns_(columns) {}

  TableRelation read() {
    TableRelation relation;
    relation.text = std::string(trim(text_));
    relation.left = sum();
    relation.comparison = comparison();
    relation.right = sum();
    skip_spaces();
    if (!text_.empty()) throw Trouble{"expected the end, found '" + quotable(text_, 20) + "'"};
    return relation;
  }

 private:
  void skip_spaces() {
    while (!text_.empty() && (text_.front() == ' ' || text_.front() == '\t'))
      text_.remove_prefix(1);
  }

  bool take(std::string_view sign) {
    skip_spaces();
    if (!text_.starts_with(sign)) return false;
    text_.remove_prefix(sign.size());
    return true;
  }

  TableRelation::Comparison comparison() {
    if (take("<=")) return TableRelation::Comparison::at_most;
    if (take(">=")) return TableRelation::Comparison::at_least;
    if (take("=")) return TableRelation::Comparison::equal;
    throw Trouble{text_.empty() ? "expected <=, >= or =, found the end"
                                : "expected <=, >= or =, found '" + quotable(text_, 20) + "'"};
  }

  std::vector<Product> sum() {
    std::vector<Product> products{product(1)};
    for (;;) {
      if (take("+"))
        products.push_back(product(1));
      else if (take("-"))
        products.push_back(product(-1));
      else
        return products;
    }
  }

  Product product(double sign) {
    Product product;
    product.factor = take("-") ? -sign : sign;
    factor(product, false);
    for (;;) {
      if (take("*"))
        factor(product, false);
      else if (take("/"))
        factor(product, true);
      else
        return product;
    }
  }

  void factor(Product& product, bool is_divisor) {
    skip_spaces();
    double number = 0;
    const auto read = std::from_chars(text_.data(), text_.data() + text_.size(), number);
    if (read.ec == std::errc{} && read.ptr != text_.data()) {
      if (!std::isfinite(number) || (is_divisor && number == 0))
        throw Trouble{"expected a finite number, and none that divides by zero"};
      text_.remove_prefix(static_cast<std::size_t>(read.ptr - text_.data()));
      product.factor = is_divisor ? product.factor / number : product.factor * number;
      return;
    }
    (is_divisor ? product.over : product.times).push_back(column());
  }

  std::size_t column() {
    const bool is_quoted = take("`");
    std::size_t end = 0;
    const auto is_plain = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '.';
    };
    while (end < text_.size() && (is_quoted ? text_[end] != '`' : is_plain(text_[end])))
      ++end;
    const std::string name(text_.substr(0, end));
    if (is_quoted && end == text_.size()) throw Trouble{"expected a ` after the column's name"};
    text_.remove_prefix(end + (is_quoted ? 1 : 0));
    const auto found = std::ranges::find(columns_, name, &TableColumn::name);
    if (found != columns_.end()) {
      if (found->type == TableColumn::Type::category)
        throw Trouble{"expected a column of numbers, but '" + quotable(name) + "' is a category"};
      return static_cast<std::size_t>(found - columns_.begin());
    }
    if (name.empty())
      throw Trouble{text_.empty()
                        ? "expected a number or a column, found the end"
                        : "expected a number or a column, found '" + quotable(text_, 20) + "'"};
    std::vector<std::string> names;
    for (const TableColumn& each : columns_)
      names.push_back(each.name);
    const auto near = nearest(name, names);
    throw Trouble{fmt::format("expected a column, found '{}'{}", quotable(name),
                              near ? fmt::format("; did you mean '{}'?", *near) : "")};
  }

  std::string_view text_;
  const std::vector<TableColumn>& columns_;
};

}  // namespace

tl::expected<TableRelation, std::string> read_relation(std::string_view text,
                                                       const std::vector<TableColumn>& columns) {
  if (text.size() > text_max)
    return tl::unexpected(fmt::format("expected a relation of at most {} bytes", text_max));
  try {
    return Reader(text, columns).read();
  } catch (const Trouble& trouble) {
    return tl::unexpected(trouble.says);
  }
}

}  // namespace lockstep::ai
