// SPDX-License-Identifier: Apache-2.0
#include "formats/csaf/file_name.hpp"

#include "base/text.hpp"

namespace lockstep::formats::csaf {

std::string file_name(std::string_view tracking_id) {
  std::string name;
  bool is_in_run = false;
  for (const char c : lower_case(tracking_id)) {
    const bool is_kept = c == '+' || c == '-' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (is_kept)
      name += c;
    else if (!is_in_run)
      name += '_';
    is_in_run = !is_kept;
  }
  return name + ".json";
}

}  // namespace lockstep::formats::csaf
