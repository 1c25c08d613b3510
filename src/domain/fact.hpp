// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "domain/provenance.hpp"

namespace lockstep {

/// Kleene's three values. `unknown` is an answer and never rounds to yes or no.
enum class Truth { no, unknown, yes };

constexpr Truth operator!(Truth a) {
  return a == Truth::yes ? Truth::no : a == Truth::no ? Truth::yes : Truth::unknown;
}

constexpr Truth both(Truth a, Truth b) {
  return a < b ? a : b;
}

constexpr Truth either(Truth a, Truth b) {
  return a > b ? a : b;
}

constexpr Truth truth_of(bool value) {
  return value ? Truth::yes : Truth::no;
}

std::string_view to_text(Truth truth);  ///< "yes", "no", "unknown"

/// What a fact may hold; nothing means unknown. Words of a choice are strings, sets of words are
/// lists in the order of the catalogue.
using FactValue = std::
    variant<std::monostate, bool, std::int64_t, double, std::string, Day, std::vector<std::string>>;

/// A named statement about the product, its maker or its world. Names are those of data/facts.yaml.
struct Fact {
  std::string name;
  FactValue value;
  Provenance provenance;
};

bool is_known(const FactValue& value);

/// "yes", "no", "unknown", "42", "2028-01-17", "a, b"
std::string to_text(const FactValue& value);

}  // namespace lockstep
