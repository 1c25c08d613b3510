// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/metrics/groups.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"

namespace lockstep::ai {
namespace {

tl::unexpected<Error> bad(const std::string& file, std::string message) {
  return fail(ErrorKind::input, "ai.data", std::move(message), {file, 0, 0});
}

/// Numbers the distinct keys in their own order.
template <typename Key, typename ToText>
Result<Grouping> numbered(const std::vector<Key>& keys,
                          const std::string& name,
                          const std::string& file,
                          const ToText& to_text) {
  std::map<Key, std::int32_t> number;
  for (const Key& key : keys)
    if (number.emplace(key, 0).second && number.size() > groups_max)
      return bad(file, fmt::format("expected at most {} groups in '{}', found more; is it a "
                                   "number of each sample?",
                                   groups_max, quotable(name)));
  Grouping grouping;
  grouping.name = name;
  for (auto& [key, place] : number) {
    place = static_cast<std::int32_t>(grouping.names.size());
    grouping.names.push_back(to_text(key));
  }
  grouping.of.reserve(keys.size());
  for (const Key& key : keys)
    grouping.of.push_back(number.at(key));
  return grouping;
}

Result<Grouping> by_number(const Array& array,
                           std::size_t count,
                           const std::string& name,
                           const std::string& file) {
  std::vector<double> numbers = numbers_of(array);
  if (numbers.size() < count)
    return bad(file, fmt::format("expected texts or whole numbers in '{}', found {}",
                                 quotable(name), name_of(array.type)));
  numbers.resize(count);
  std::vector<std::int64_t> keys;
  keys.reserve(count);
  for (const double one : numbers) {
    if (!(std::abs(one) < 1e15) || one != std::floor(one))
      return bad(file, fmt::format("expected texts or whole numbers in '{}', found {}",
                                   quotable(name), one));
    keys.push_back(static_cast<std::int64_t>(one));
  }
  return numbered(keys, name, file, [](std::int64_t key) { return std::to_string(key); });
}

}  // namespace

Result<std::optional<Grouping>> grouping_of(std::span<const NamedArray> arrays,
                                            const std::string& name,
                                            std::int64_t count,
                                            const std::string& file) {
  const std::string wanted = name.empty() ? "groups" : name;
  const Array* array = find_array(arrays, wanted);
  if (array == nullptr && name.empty()) return std::nullopt;
  if (array == nullptr)
    return bad(file, fmt::format("expected an array '{}' with the group of each sample, found none",
                                 quotable(name)));
  if (array->shape.size() != 1 || array->shape.front() < count)
    return bad(file, fmt::format("expected one group for each of {} samples in '{}', found an "
                                 "array of shape {}",
                                 count, quotable(wanted), shape_text(array->shape)));
  const auto samples = static_cast<std::size_t>(count);
  if (array->type != ElementType::string) return by_number(*array, samples, wanted, file);
  const std::vector<std::string> keys(
      array->strings.begin(), array->strings.begin() + static_cast<std::ptrdiff_t>(samples));
  return numbered(keys, wanted, file, [](const std::string& key) { return key; });
}

}  // namespace lockstep::ai
