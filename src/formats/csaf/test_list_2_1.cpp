// SPDX-License-Identifier: Apache-2.0
// The tests of CSAF 2.1, chapter 6.
#include <array>

#include "formats/csaf/test_list.hpp"

namespace lockstep::formats::csaf {
namespace {
constexpr std::array tests = {
    Test{"6.1.1", "missing definition of product id", missing_product},
};
}  // namespace

std::span<const Test> tests_2_1() {
  return tests;
}

}  // namespace lockstep::formats::csaf
