// SPDX-License-Identifier: Apache-2.0
// None is registered or official yet (list of 2026-08-17). Those of the standard's own
// documentation are there so that what asks for a schema and for metadata is shown to work; but for
// the third, whose schema refuses what a valid file of the standard's own tests says with it.
#include "formats/csaf/extensions.hpp"

#include <algorithm>

namespace lockstep::formats::csaf {

namespace {

constexpr std::string_view documentation_11 =
    "https://raw.githubusercontent.com/oasis-tcs/csaf/refs/heads/master/csaf_2.1/extension/data/"
    "valid/documentation-11/documentation-11-content_1.0.0.json";
constexpr std::string_view documentation_12 =
    "https://raw.githubusercontent.com/oasis-tcs/csaf/refs/heads/master/csaf_2.1/extension/data/"
    "valid/documentation-12/documentation-12-content_1.0.0.json";

constexpr std::array<Extension, 2> rows = {{
    {documentation_11, "csaf/extension-documentation-11", {1, 1, 1, 1, 1, 1, 1}, documentation_12},
    {documentation_12,
     "csaf/extension-documentation-12",
     {4096, 4096, 10, 2, 0, 4096, 4096},
     documentation_11},
}};

}  // namespace

const Extension* find_extension(std::string_view url) {
  const auto row = std::ranges::find(rows, url, &Extension::url);
  return row == rows.end() ? nullptr : &*row;
}

}  // namespace lockstep::formats::csaf
