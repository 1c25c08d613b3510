// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/nets/texts.hpp"

#include <deque>
#include <mutex>
#include <unordered_map>

#include "ai/worker/nets/operators.hpp"

namespace lockstep::ai {
namespace {

struct Texts {
  std::mutex mutex;
  std::deque<std::string> all{""};  ///< a deque: texts stay where they are
  std::unordered_map<std::string_view, std::int64_t> numbers{{"", 0}};
};

Texts& texts() {
  static Texts all;
  return all;
}

}  // namespace

std::int64_t number_of_text(std::string_view text) {
  Texts& known = texts();
  const std::lock_guard lock(known.mutex);
  const auto found = known.numbers.find(text);
  if (found != known.numbers.end()) return found->second;
  const auto number = static_cast<std::int64_t>(known.all.size());
  known.numbers.emplace(known.all.emplace_back(text), number);
  return number;
}

std::string text_of(std::int64_t number) {
  Texts& known = texts();
  const std::lock_guard lock(known.mutex);
  require(number >= 0 && number < static_cast<std::int64_t>(known.all.size()),
          "expected the number of a text");
  return known.all[static_cast<std::size_t>(number)];
}

}  // namespace lockstep::ai
