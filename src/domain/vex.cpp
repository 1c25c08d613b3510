// SPDX-License-Identifier: Apache-2.0
#include "domain/vex.hpp"

#include <array>

namespace lockstep {

std::string_view status_word(const VexStatement& statement) {
  constexpr std::array<std::string_view, 4> words = {"not_affected", "affected", "fixed",
                                                     "under_investigation"};
  return words[statement.status.index()];
}

}  // namespace lockstep
