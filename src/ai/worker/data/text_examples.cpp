// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/data/text_examples.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace lockstep::ai {
namespace {

constexpr std::string_view original_name = "original_text";
constexpr std::string_view changed_name = "changed_text";

Array array_of_texts(std::span<const WrittenPair> pairs, std::string WrittenPair::* text) {
  std::size_t width = 1;
  for (const WrittenPair& pair : pairs)
    width = std::max(width, (pair.*text).size());
  Array array{ElementType::uint8,
              {std::ssize(pairs), static_cast<std::int64_t>(width)},
              std::string(pairs.size() * width, '\0'),
              {}};
  for (std::size_t i = 0; i < pairs.size(); ++i)
    array.bytes.replace(i * width, (pairs[i].*text).size(), pairs[i].*text);
  return array;
}

Array array_of_numbers(std::span<const WrittenPair> pairs, std::int64_t WrittenPair::* number) {
  std::vector<std::int64_t> numbers;
  for (const WrittenPair& pair : pairs)
    numbers.push_back(pair.*number);
  return array_of<std::int64_t>({std::ssize(pairs)}, numbers);
}

std::string quoted(std::string_view text) {
  std::string made = "\"";
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t quote = std::min(text.find('"', at), text.size());
    made += text.substr(at, quote - at);
    if (quote < text.size()) made += "\"\"";
    at = quote + 1;
  }
  return made + "\"";
}

}  // namespace

Result<std::string> write_text_examples(std::span<const WrittenPair> pairs) {
  const std::vector<NamedArray> arrays{
      {"index", array_of_numbers(pairs, &WrittenPair::index)},
      {"y", array_of_numbers(pairs, &WrittenPair::label)},
      {"predicted", array_of_numbers(pairs, &WrittenPair::predicted)},
      {"edits", array_of_numbers(pairs, &WrittenPair::edits)},
      {std::string(original_name), array_of_texts(pairs, &WrittenPair::original)},
      {std::string(changed_name), array_of_texts(pairs, &WrittenPair::changed)}};
  return write_npz(arrays);
}

bool are_text_examples(std::span<const NamedArray> arrays) {
  return find_array(arrays, changed_name) != nullptr;
}

Result<std::vector<WrittenPair>> read_text_examples(std::span<const NamedArray> arrays,
                                                    const std::string& file) {
  const auto bad = [&](std::string_view name) {
    return fail(ErrorKind::input, "ai.data",
                fmt::format("expected an array '{}' with a row for each pair of texts", name),
                {file, 0, 0});
  };
  const Array* const index = find_array(arrays, "index");
  if (index == nullptr || index->shape.size() != 1) return bad("index");
  std::vector<WrittenPair> pairs(static_cast<std::size_t>(index->shape.front()));
  for (const auto& [name, number] : {std::pair{"index", &WrittenPair::index},
                                     {"y", &WrittenPair::label},
                                     {"predicted", &WrittenPair::predicted},
                                     {"edits", &WrittenPair::edits}}) {
    const Array* const array = find_array(arrays, name);
    if (array == nullptr || array->type != ElementType::int64 || array->shape != index->shape)
      return bad(name);
    for (std::size_t i = 0; i < pairs.size(); ++i)
      std::memcpy(&(pairs[i].*number), array->bytes.data() + i * 8, 8);
  }
  for (const auto& [name, text] :
       {std::pair{original_name, &WrittenPair::original}, {changed_name, &WrittenPair::changed}}) {
    const Array* const array = find_array(arrays, name);
    if (array == nullptr || array->type != ElementType::uint8 || array->shape.size() != 2 ||
        array->shape.front() != index->shape.front())
      return bad(name);
    const auto width = static_cast<std::size_t>(array->shape[1]);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const std::string_view row = std::string_view(array->bytes).substr(i * width, width);
      pairs[i].*text = row.substr(0, row.find('\0'));
    }
  }
  return pairs;
}

std::string table_of(std::span<const WrittenPair> pairs) {
  std::string text = "sample,label,predicted,edits,original,changed\n";
  for (const WrittenPair& pair : pairs)
    text += fmt::format("{},{},{},{},{},{}\n", pair.index, pair.label, pair.predicted, pair.edits,
                        quoted(pair.original), quoted(pair.changed));
  return text;
}

}  // namespace lockstep::ai
