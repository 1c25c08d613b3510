// SPDX-License-Identifier: Apache-2.0
// The reader of VNN-LIB files. Three steps, each over foreign text with stated limits:
//
//     (assert (or (and (<= X_0 1) (>= Y_0 Y_1)) ...))
//       -> a tree of lists and words, with lines
//       -> for each assert, the alternatives of bounds that it allows (a disjunctive normal form)
//       -> their product: cases (a box of inputs) with clauses (conditions on outputs)
#include "ai/worker/certify/property.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <optional>

#include "ai/worker/limits.hpp"
#include "base/text.hpp"

namespace lockstep::ai::certify {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Expression {
  std::string_view word;  ///< "" for a list
  std::vector<Expression> items;
  int line = 1;

  bool is_list() const { return word.empty(); }

  bool starts_with(std::string_view name) const {
    return is_list() && !items.empty() && items.front().word == name;
  }
};

/// A bound on one input, or a condition on outputs.
struct Literal {
  std::int64_t input = -1;  ///< of a bound
  bool is_lower = false;
  double value = 0;
  Condition condition;  ///< where `input` is -1
};

using Alternative = std::vector<Literal>;
using Alternatives = std::vector<Alternative>;

/// What stops the reading, where it cannot go on.
struct Stop {
  std::string code;
  std::string message;
  int line = 0;
};

class Tree {
 public:
  explicit Tree(std::string_view text) : text_(text) {}

  std::vector<Expression> read() {
    std::vector<Expression> all;
    for (skip(); at_ < text_.size(); skip())
      all.push_back(expression(0));
    return all;
  }

 private:
  void skip() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ';') {
        while (at_ < text_.size() && text_[at_] != '\n')
          ++at_;
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        line_ += c == '\n';
        ++at_;
      } else {
        return;
      }
    }
  }

  Expression expression(int depth) {
    if (++count_ > limits::property_words)
      throw Stop{"vnnlib.limit",
                 fmt::format("expected at most {} words and lists", limits::property_words), line_};
    if (depth > limits::property_depth)
      throw Stop{"vnnlib.limit",
                 fmt::format("expected lists at most {} deep", limits::property_depth), line_};
    Expression found;
    found.line = line_;
    if (text_[at_] == ')')
      throw Stop{"vnnlib.syntax", "expected a word or a list, found ')' that closes nothing",
                 line_};
    if (text_[at_] != '(') {
      const std::size_t begin = at_;
      while (at_ < text_.size() &&
             std::string_view(" \t\r\n();").find(text_[at_]) == std::string_view::npos)
        ++at_;
      found.word = text_.substr(begin, at_ - begin);
      return found;
    }
    ++at_;
    for (skip(); at_ < text_.size() && text_[at_] != ')'; skip())
      found.items.push_back(expression(depth + 1));
    if (at_ == text_.size())
      throw Stop{"vnnlib.syntax",
                 "expected ')' for the list that begins here, found the end of the file",
                 found.line};
    ++at_;
    return found;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::size_t count_ = 0;
};

/// A linear form: constant + sum over inputs + sum over outputs.
struct Form {
  double constant = 0;
  std::map<std::int64_t, double> inputs;
  std::map<std::int64_t, double> outputs;

  void add(const Form& other, double factor) {
    constant += factor * other.constant;
    for (const auto& [i, value] : other.inputs)
      inputs[i] += factor * value;
    for (const auto& [i, value] : other.outputs)
      outputs[i] += factor * value;
  }

  bool is_constant() const { return inputs.empty() && outputs.empty(); }
};

class Reader {
 public:
  Reader(std::string file, Diagnostics& problems) : file_(std::move(file)), problems_(problems) {}

  void read(const std::vector<Expression>& commands) {
    for (const Expression& command : commands)
      if (command.starts_with("declare-const")) declare(command);
    if (names_.empty())
      complain("vnnlib.name",
               "expected constants X_0, X_1, ... and Y_0, ... to be declared, found none", 1);
    count(property_.inputs, 'X');
    count(property_.outputs, 'Y');
    for (const Expression& command : commands) {
      if (command.starts_with("assert") && command.items.size() == 2)
        asserted_.push_back(alternatives(command.items[1]));
      else if (!command.starts_with("declare-const") && !command.starts_with("check-sat") &&
               !command.starts_with("set-logic") && !command.starts_with("set-info"))
        complain("vnnlib.form",
                 "expected (declare-const NAME Real) or (assert CONDITION), found something else",
                 command.line);
    }
  }

  Property finish() {
    if (problems_.has_errors()) return {};
    multiply();
    return std::move(property_);
  }

 private:
  void complain(std::string code, std::string message, int line) {
    problems_.error(std::move(code), std::move(message), {file_, line, 0});
  }

  /// "X_12": its letter and number.
  static std::optional<std::pair<char, std::int64_t>> name_of(std::string_view word) {
    if (word.size() < 3 || (word[0] != 'X' && word[0] != 'Y') || word[1] != '_')
      return std::nullopt;
    std::int64_t number = 0;
    const auto [end, trouble] = std::from_chars(word.data() + 2, word.data() + word.size(), number);
    if (trouble != std::errc{} || end != word.data() + word.size() || number < 0 ||
        number >= limits::property_variables)
      return std::nullopt;
    return std::pair{word[0], number};
  }

  void declare(const Expression& command) {
    const auto name = command.items.size() == 3 ? name_of(command.items[1].word) : std::nullopt;
    if (!name || command.items[2].word != "Real") {
      complain("vnnlib.name", "expected (declare-const X_0 Real) with a name X_N or Y_N",
               command.line);
      return;
    }
    if (!names_.emplace(*name, command.line).second)
      complain("vnnlib.name",
               fmt::format("'{}' is declared twice", quotable(command.items[1].word)),
               command.line);
  }

  void count(std::int64_t& number, char letter) {
    for (const auto& [name, line] : names_) {
      if (name.first != letter) continue;
      if (name.second != number) {
        complain("vnnlib.name",
                 fmt::format("expected {}_{} to be declared before {}_{}", letter, number, letter,
                             name.second),
                 line);
        return;
      }
      ++number;
    }
  }

  std::optional<Form> form(const Expression& e) {
    if (!e.is_list()) return word(e);
    const std::string_view name = e.items.empty() ? "" : e.items.front().word;
    const bool is_known = (name == "+" || name == "-" || name == "*") && e.items.size() >= 2;
    if (!is_known) {
      complain("vnnlib.form", "expected a number, a name or a sum, found something else", e.line);
      return std::nullopt;
    }
    auto sum = form(e.items[1]);
    if (!sum) return std::nullopt;
    if (e.items.size() == 2 && name == "-") {
      Form negative;
      negative.add(*sum, -1);
      return negative;
    }
    for (std::size_t i = 2; i < e.items.size(); ++i) {
      const auto next = form(e.items[i]);
      if (!next) return std::nullopt;
      if (name != "*") {
        sum->add(*next, name == "+" ? 1 : -1);
        continue;
      }
      if (!sum->is_constant() && !next->is_constant()) {
        complain("vnnlib.form", "expected a linear term, found a product of names", e.line);
        return std::nullopt;
      }
      Form product;
      if (sum->is_constant())
        product.add(*next, sum->constant);
      else
        product.add(*sum, next->constant);
      sum = std::move(product);
    }
    return sum;
  }

  std::optional<Form> word(const Expression& e) {
    Form found;
    if (const auto name = name_of(e.word)) {
      if (!names_.contains(*name)) {
        complain("vnnlib.name", fmt::format("'{}' is not declared", quotable(e.word)), e.line);
        return std::nullopt;
      }
      (name->first == 'X' ? found.inputs : found.outputs)[name->second] = 1;
      return found;
    }
    const std::string_view digits = e.word.starts_with('+') ? e.word.substr(1) : e.word;
    const auto [end, trouble] =
        std::from_chars(digits.data(), digits.data() + digits.size(), found.constant);
    if (trouble != std::errc{} || end != digits.data() + digits.size() ||
        !std::isfinite(found.constant) || std::abs(found.constant) > limits::magnitude) {
      complain("vnnlib.form",
               fmt::format("expected a number or a name, found '{}'", quotable(e.word)), e.line);
      return std::nullopt;
    }
    return found;
  }

  /// left <= right.
  Alternatives comparison(const Expression& left, const Expression& right, int line) {
    auto difference = form(left);
    const auto subtracted = form(right);
    if (!difference || !subtracted) return {};
    difference->add(*subtracted, -1);
    Literal literal;
    if (difference->inputs.empty() && !difference->outputs.empty()) {
      literal.condition.bound = -difference->constant;
      literal.condition.terms.assign(difference->outputs.begin(), difference->outputs.end());
      return {{literal}};
    }
    if (!difference->outputs.empty() || difference->inputs.size() != 1 ||
        difference->inputs.begin()->second == 0) {
      complain("vnnlib.form", "expected a condition on one input, or on outputs alone", line);
      return {};
    }
    const auto [input, factor] = *difference->inputs.begin();
    literal.input = input;
    literal.is_lower = factor < 0;
    literal.value = -difference->constant / factor;
    return {{literal}};
  }

  Alternatives alternatives(const Expression& e) {
    if ((e.starts_with("<=") || e.starts_with(">=")) && e.items.size() == 3)
      return e.starts_with("<=") ? comparison(e.items[1], e.items[2], e.line)
                                 : comparison(e.items[2], e.items[1], e.line);
    if (e.starts_with("or")) {
      Alternatives all;
      for (std::size_t i = 1; i < e.items.size(); ++i) {
        Alternatives more = alternatives(e.items[i]);
        std::ranges::move(more, std::back_inserter(all));
        check_size(all.size(), e.line);
      }
      return all;
    }
    if (e.starts_with("and")) {
      Alternatives all{{}};
      for (std::size_t i = 1; i < e.items.size(); ++i)
        all = product(all, alternatives(e.items[i]), e.line);
      return all;
    }
    complain("vnnlib.form", "expected <= or >= with two sides, or 'and' or 'or' of conditions",
             e.line);
    return {};
  }

  static void check_size(std::size_t size, int line) {
    if (size > limits::property_clauses)
      throw Stop{"vnnlib.limit",
                 fmt::format("expected at most {} alternatives", limits::property_clauses), line};
  }

  Alternatives product(const Alternatives& a, const Alternatives& b, int line) {
    check_size(a.size() * b.size(), line);
    Alternatives all;
    for (const Alternative& left : a)
      for (const Alternative& right : b) {
        all.push_back(left);
        all.back().insert(all.back().end(), right.begin(), right.end());
        literals_ += left.size() + right.size();
        if (literals_ > limits::property_words)
          throw Stop{"vnnlib.limit", "the conditions multiply to too many", line};
      }
    return all;
  }

  void multiply() {
    const auto inputs = static_cast<std::size_t>(property_.inputs);
    Case base{std::vector<double>(inputs, -infinity), std::vector<double>(inputs, infinity), {}};
    Alternatives rest{{}};
    Clause common;
    for (const Alternatives& each : asserted_) {
      if (each.size() != 1) {
        rest = product(rest, each, 0);
        continue;
      }
      for (const Literal& literal : each.front())
        apply(literal, base, common);
    }
    check_size(rest.size() * std::max<std::size_t>(inputs, 1) / 100'000, 0);
    for (const Alternative& alternative : rest) {
      Case one = base;
      Clause clause = common;
      for (const Literal& literal : alternative)
        apply(literal, one, clause);
      put(std::move(one), std::move(clause));
    }
    for (const Case& each : property_.cases)
      for (std::size_t i = 0; i < inputs; ++i)
        if (!std::isfinite(each.low[i]) || !std::isfinite(each.high[i])) {
          complain("vnnlib.range", fmt::format("expected bounds below and above for X_{}", i), 0);
          return;
        }
  }

  static void apply(const Literal& literal, Case& box, Clause& clause) {
    if (literal.input < 0) {
      clause.push_back(literal.condition);
      return;
    }
    const auto i = static_cast<std::size_t>(literal.input);
    if (literal.is_lower)
      box.low[i] = std::max(box.low[i], literal.value);
    else
      box.high[i] = std::min(box.high[i], literal.value);
  }

  /// Clauses over the same box are one case; a box without points is none.
  void put(Case box, Clause clause) {
    for (std::size_t i = 0; i < box.low.size(); ++i)
      if (box.low[i] > box.high[i]) return;
    for (Case& each : property_.cases)
      if (each.low == box.low && each.high == box.high) {
        each.clauses.push_back(std::move(clause));
        return;
      }
    box.clauses.push_back(std::move(clause));
    property_.cases.push_back(std::move(box));
  }

  std::string file_;
  Diagnostics& problems_;
  std::map<std::pair<char, std::int64_t>, int> names_;
  std::vector<Alternatives> asserted_;
  std::size_t literals_ = 0;
  Property property_;
};

}  // namespace

Result<Property> read_property(std::string_view text,
                               const std::string& file,
                               Diagnostics& problems) {
  try {
    Reader reader(file, problems);
    reader.read(Tree(text).read());
    Property property = reader.finish();
    if (!problems.has_errors()) return property;
  } catch (const Stop& stop) {
    problems.error(stop.code, stop.message, {file, stop.line, 0});
  }
  const Diagnostic& first =
      *std::ranges::find(problems.entries(), Severity::error, &Diagnostic::severity);
  return fail(ErrorKind::input, first.code, first.message, first.where);
}

bool is_counterexample(const Property& property,
                       const std::vector<double>& inputs,
                       const std::vector<double>& outputs,
                       double slack) {
  const auto holds = [&](const Condition& condition) {
    double sum = 0;
    for (const auto& [i, factor] : condition.terms)
      sum += factor * outputs[static_cast<std::size_t>(i)];
    return sum <= condition.bound + slack;
  };
  // Inputs are float32: a bound between two of them is met by the next one.
  const auto is_inside = [&](const Case& box) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const double give = 1e-7 * std::max(1.0, std::abs(inputs[i]));
      if (!(inputs[i] >= box.low[i] - give && inputs[i] <= box.high[i] + give)) return false;
    }
    return true;
  };
  return std::ranges::any_of(property.cases, [&](const Case& each) {
    return is_inside(each) && std::ranges::any_of(each.clauses, [&](const Clause& clause) {
             return std::ranges::all_of(clause, holds);
           });
  });
}

}  // namespace lockstep::ai::certify
