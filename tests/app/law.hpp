// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <gtest/gtest.h>
#include <utility>

#include "app/embedded_law.hpp"
#include "base/diagnostics.hpp"
#include "base/time.hpp"

namespace lockstep::test {

/// A day on which everything that is enacted applies.
inline constexpr Day usual_day = std::chrono::year{2029} / 1 / 15;

/// The law that is built in, read once.
inline const regulations::Ruleset& law() {
  static const regulations::Ruleset rules = app::embedded_law();
  return rules;
}

}  // namespace lockstep::test
