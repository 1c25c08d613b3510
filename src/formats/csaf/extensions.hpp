// SPDX-License-Identifier: Apache-2.0
// The family of CSAF extensions whose schema and metadata this program knows: one row each.
// Source: CSAF 2.1, "CSAF Extension Collection"; the repository of the standard.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace lockstep::formats::csaf {

/// Where a list of extensions stands, in the order of the metadata's `requirement`.
enum class ExtensionPlace : std::size_t {
  document,
  branch,
  name,
  path,
  metric,
  vulnerability,
  root,
};

struct Extension {
  std::string_view url;              ///< `$id` of its schema, which a document gives as `$schema`
  std::string_view schema;           ///< as shipped: "csaf/extension-documentation-11"
  std::array<std::size_t, 7> most;   ///< in one list, by ExtensionPlace
  std::string_view not_beside = "";  ///< the URL of one that it is incompatible with
};

/// The row of that URL; null without one.
const Extension* find_extension(std::string_view url);

}  // namespace lockstep::formats::csaf
