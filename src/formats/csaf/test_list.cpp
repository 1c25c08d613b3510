// SPDX-License-Identifier: Apache-2.0
#include "formats/csaf/test_list.hpp"

namespace lockstep::formats::csaf {

std::span<const Test> tests_of(Version version) {
  return version == Version::v2_0 ? tests_2_0() : tests_2_1();
}

}  // namespace lockstep::formats::csaf
