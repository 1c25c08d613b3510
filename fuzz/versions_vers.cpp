// SPDX-License-Identifier: Apache-2.0
// A printed range is read as the same range; a native range becomes one that is read.
#include "versions/vers.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.hpp"

using lockstep::versions::contains;
using lockstep::versions::parse_vers;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto range = parse_vers(text);
  if (range) {
    const auto again = parse_vers(to_text(*range));
    LS_CHECK(again.has_value(), "a printed range is not read");
    LS_CHECK(*again == *range, "a printed range is read as another one");
    static_cast<void>(contains(*range, text.substr(0, 64)));
  }
  static_cast<void>(lockstep::versions::parse_canonical_vers(text));
  for (const char* type : {"npm", "gem", "pypi", "nuget", "conan", "nginx", "openssl"}) {
    const auto native = lockstep::versions::vers_from_native(type, text);
    if (native) static_cast<void>(contains(*native, "1.0.0"));
  }
  return 0;
}
