// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace lockstep::app {

/// One file of data/, as it was when the program was built.
struct EmbeddedFile {
  std::string_view path;  ///< below data/, such as "facts.yaml"
  std::string_view json;  ///< the same tree as canonical JSON
};

/// All of data/, sorted by path.
std::span<const EmbeddedFile> embedded_data();

/// The ruleset that data/ holds, as regulations/compiled.hpp writes it.
std::string_view embedded_ruleset();

}  // namespace lockstep::app
