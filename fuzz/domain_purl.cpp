// SPDX-License-Identifier: Apache-2.0
// The printed text of a purl is a fixed point: it is read as the same value.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.hpp"
#include "domain/purl.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto purl =
      lockstep::parse_purl(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!purl) return 0;
  const auto text = lockstep::to_text(*purl);
  if (text.size() > lockstep::max_purl_bytes) return 0;
  const auto again = lockstep::parse_purl(text);
  LS_CHECK(again.has_value(), "a printed purl is not read");
  LS_CHECK(*again == *purl, "a printed purl is read as another one");
  LS_CHECK(lockstep::to_text(*again) == text, "a printed purl is printed differently");
  return 0;
}
