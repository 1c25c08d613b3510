// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/data/text_samples.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <optional>

#include "ai/worker/data/loaded.hpp"
#include "ai/worker/data/npz.hpp"
#include "ai/worker/limits.hpp"
#include "base/csv.hpp"
#include "base/diagnostics.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

constexpr std::size_t problems_max = 20;

tl::unexpected<Error> bad(const std::string& file, const char* code, std::string message) {
  return fail(ErrorKind::input, code, std::move(message), {file, 0, 0});
}

Result<Tokenizer> tokenizer_of(const DataOptions& options) {
  TRY(const Loaded file, load(options.text, options.text_sha256, limits::columns_bytes));
  Diagnostics problems;
  auto description = read_text_description(file.bytes, options.text, problems);
  TRY_VOID(first_of(problems));
  if (!description) return tl::unexpected<Error>(std::move(description).error());
  if (description->split == TextDescription::Split::none)
    return Tokenizer::build(*std::move(description), Vocabulary(), options.text);
  const std::string path =
      (std::filesystem::path(options.text).parent_path() / description->vocabulary).string();
  TRY(const Loaded tokens, load(path, options.vocabulary_sha256, limits::vocabulary_bytes));
  TRY(Vocabulary vocabulary, Vocabulary::read(tokens.bytes, path));
  return Tokenizer::build(*std::move(description), std::move(vocabulary), options.text);
}

/// The number of a class that is written as its name, or as a number where classes have no names.
std::optional<std::int64_t> class_of(const TextDescription& said, std::string_view text) {
  if (!said.classes.empty()) {
    const auto found = std::ranges::find(said.classes, text);
    if (found == said.classes.end()) return std::nullopt;
    return found - said.classes.begin();
  }
  std::int64_t number = 0;
  const auto [end, trouble] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (trouble != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

Result<> read_table(std::string_view bytes, const DataRequest& request, TextSet& set) {
  const TextDescription& said = set.tokenizer.description();
  CsvReader reader(bytes, said.separator, request.path, "ai.csv");
  TRY(const auto header, reader.next());
  const std::vector<std::string> names = header ? header->fields : std::vector<std::string>();
  const auto place_of = [&](const std::string& name) {
    return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
  };
  const std::size_t text_at = place_of(said.text_column);
  const std::size_t label_at = place_of(said.label_column);
  Diagnostics problems;
  for (const auto& [at, name] :
       {std::pair{text_at, &said.text_column}, {label_at, &said.label_column}})
    if (at == names.size())
      problems.error(
          "ai.csv",
          fmt::format("expected a column '{}' in the first line, found none", quotable(*name)),
          {request.path, 1, 0});
  TRY_VOID(first_of(problems));
  while (std::ssize(set.samples) < request.wanted && problems.error_count() < problems_max) {
    TRY(const auto line, reader.next());
    if (!line) break;
    const auto complain = [&](const char* code, std::string message) {
      problems.error(code, std::move(message), {request.path, line->number, 0});
    };
    if (line->fields.size() != names.size()) {
      complain("ai.csv",
               fmt::format("expected {} fields, found {}", names.size(), line->fields.size()));
      continue;
    }
    const auto label = class_of(said, line->fields[label_at]);
    if (!label)
      complain("ai.csv",
               fmt::format("expected a class as '{}', found '{}'", quotable(said.label_column),
                           quotable(line->fields[label_at])));
    set.samples.push_back({line->fields[text_at], {}});
    set.labels.push_back(label.value_or(0));
  }
  return first_of(problems);
}

/// Whole numbers of any type; nothing when one is none.
std::optional<std::vector<std::int64_t>> whole_numbers(const Array& array) {
  if (array.type == ElementType::string || count_not_finite(array) > 0) return std::nullopt;
  std::vector<std::int64_t> whole;
  for (const double value : numbers_of(array)) {
    if (value != static_cast<double>(static_cast<std::int64_t>(value)) || value < -1e15 ||
        value > 1e15)
      return std::nullopt;
    whole.push_back(static_cast<std::int64_t>(value));
  }
  return whole;
}

Result<> add_inputs(const Array& x, const std::string& file, TextSet& set) {
  const auto ids = whole_numbers(x);
  if (!ids || x.shape.size() != 2 || x.shape[1] < 1)
    return bad(file, "ai.data",
               fmt::format("expected texts [samples], or numbers of tokens [samples, length], as "
                           "'x', found {} of shape {}",
                           name_of(x.type), shape_text(x.shape)));
  const std::int64_t tokens = set.tokenizer.vocabulary().size();
  const auto length = static_cast<std::size_t>(x.shape[1]);
  for (std::size_t i = 0; i < set.samples.size(); ++i) {
    const auto* const first = ids->data() + i * length;
    set.samples[i].input.assign(first, first + length);
    for (const std::int64_t id : set.samples[i].input)
      if (id < 0 || id >= tokens)
        return bad(file, "ai.text",
                   fmt::format("expected numbers of tokens from 0 to {}, as the vocabulary has, "
                               "found {} in sample {}",
                               tokens - 1, id, i));
    set.samples[i].text = set.tokenizer.text_of(set.samples[i].input);
  }
  return {};
}

Result<> read_arrays(const std::string& bytes, const DataRequest& request, TextSet& set) {
  TRY(const std::vector<NamedArray> arrays, read_npz(bytes, request.path));
  const Array* x = find_array(arrays, "x");
  const Array* y = find_array(arrays, "y");
  if (y == nullptr) y = find_array(arrays, "labels");
  if (x == nullptr || y == nullptr || x->shape.empty() || y->shape.size() != 1 ||
      y->shape.front() != x->shape.front())
    return bad(request.path, "ai.data",
               "expected an array 'x' and an array 'y' or 'labels' with a class for each sample");
  const auto labels = whole_numbers(*y);
  if (!labels) return bad(request.path, "ai.data", "expected a class number as each label");
  const auto count = static_cast<std::size_t>(std::min(x->shape.front(), request.wanted));
  set.samples.resize(count);
  set.labels.assign(labels->begin(), labels->begin() + static_cast<std::ptrdiff_t>(count));
  if (x->type != ElementType::string) return add_inputs(*x, request.path, set);
  if (x->shape.size() != 1)
    return bad(request.path, "ai.data", "expected texts [samples] as 'x', found more dimensions");
  for (std::size_t i = 0; i < count; ++i)
    set.samples[i].text = x->strings[i];
  return {};
}

/// Gives texts their inputs, of the length of the net or of the description.
Result<> complete(TextSet& set, const DataRequest& request, std::int64_t length) {
  const std::int64_t said = set.tokenizer.description().length;
  const bool has_inputs = !set.samples.front().input.empty();
  const std::int64_t given = has_inputs ? std::ssize(set.samples.front().input)
                             : said > 0 ? said
                                        : length;
  const bool has_tokens = set.tokenizer.vocabulary().size() > 0;
  if (given < 1 && has_tokens)
    return bad(request.options.text, "ai.text",
               "expected a 'length', in tokens, since the net takes any");
  if ((length > 0 && given != length) || (said > 0 && given != said))
    return bad(
        has_inputs ? request.path : request.options.text, "ai.shape",
        fmt::format("expected inputs of {} tokens, as the {}, found {}", length > 0 ? length : said,
                    length > 0 ? "net takes" : "description says", given));
  for (std::size_t i = 0; i < set.samples.size(); ++i) {
    TextSample& sample = set.samples[i];
    if (sample.text.size() > limits::text_bytes || !is_utf8(sample.text))
      return bad(request.path, "ai.text",
                 fmt::format("expected texts in UTF-8 of at most {} bytes, sample {} is none",
                             limits::text_bytes, i));
    if (!has_inputs && has_tokens) sample.input = set.tokenizer.input_of(sample.text, given);
  }
  return {};
}

}  // namespace

Result<TextSet> read_texts(const DataRequest& request, std::int64_t length) {
  TRY(Tokenizer tokenizer, tokenizer_of(request.options));
  TextSet set{std::move(tokenizer), {}, {}, {}, {}};
  TRY(const Loaded file, load(request.path, request.sha256, limits::data_bytes));
  set.sha256 = file.sha256;
  set.classes = set.tokenizer.description().classes;
  if (lower_case(request.path).ends_with(".csv"))
    TRY_VOID(read_table(file.bytes, request, set));
  else
    TRY_VOID(read_arrays(file.bytes, request, set));
  if (set.samples.empty())
    return bad(request.path, "ai.data", "expected at least one text, found none");
  TRY_VOID(complete(set, request, length));
  return set;
}

}  // namespace lockstep::ai
