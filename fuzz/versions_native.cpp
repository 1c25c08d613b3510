// SPDX-License-Identifier: Apache-2.0
// Two ranges and a version, one per line, in the notation of every package manager: a version in a
// range is neither above nor below it, and whether two ranges intersect does not depend on which
// comes first.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.hpp"
#include "versions/native/native.hpp"

using lockstep::versions::NativeOptions;
using lockstep::versions::parse_native;
using lockstep::versions::Prereleases;

namespace {

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const std::string_view one = take_line(rest);
  const std::string_view other = take_line(rest);
  const std::string_view version = rest;
  const bool is_loose = size % 2 == 1;
  for (const auto* syntax : lockstep::versions::native_syntaxes()) {
    for (const Prereleases prereleases : {Prereleases::by_rule, Prereleases::all}) {
      const NativeOptions options = {prereleases, is_loose};
      const auto range = parse_native(*syntax, one, options);
      if (!range) continue;
      const bool inside = contains(*range, version);
      LS_CHECK(!inside || (!is_above(*range, version) && !is_below(*range, version)), syntax->name);
      static_cast<void>(to_text(*range));
      const auto second = parse_native(*syntax, other, options);
      if (!second) continue;
      LS_CHECK(intersects(*range, *second) == intersects(*second, *range), syntax->name);
    }
  }
  return 0;
}
