// SPDX-License-Identifier: Apache-2.0
// Three versions, one per line: every scheme orders them antisymmetrically and transitively.
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.hpp"
#include "versions/scheme.hpp"

namespace {

int sign(std::weak_ordering order) {
  return std::is_lt(order) ? -1 : std::is_gt(order) ? 1 : 0;
}

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const std::string_view a = take_line(rest);
  const std::string_view b = take_line(rest);
  const std::string_view c = rest;
  for (const lockstep::versions::Scheme* scheme : lockstep::versions::schemes()) {
    const int ab = sign(scheme->compare(a, b));
    const int bc = sign(scheme->compare(b, c));
    const int ac = sign(scheme->compare(a, c));
    LS_CHECK(sign(scheme->compare(a, a)) == 0, scheme->name);
    LS_CHECK(sign(scheme->compare(b, a)) == -ab, scheme->name);
    scheme->is_valid(a);
    if (!scheme->is_transitive) continue;
    LS_CHECK(ab > 0 || bc > 0 || ac == (ab < bc ? ab : bc), scheme->name);
    LS_CHECK(ab < 0 || bc < 0 || ac == (ab > bc ? ab : bc), scheme->name);
  }
  return 0;
}
