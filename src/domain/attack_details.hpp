// SPDX-License-Identifier: Apache-2.0
// What became of single samples under attack: by class, and the inputs that deceived the net.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lockstep {

/// The samples of one class.
struct ClassOutcome {
  std::int64_t label = 0;
  std::string name;  ///< "" when nothing names the classes
  std::int64_t total = 0;
  std::int64_t right = 0;     ///< without attack
  std::int64_t standing = 0;  ///< under attack

  bool operator==(const ClassOutcome&) const = default;
};

/// An input near a sample that the net gets right, which it gets wrong; confirmed alone.
struct AdversarialExample {
  std::int64_t index = 0;  ///< of the sample in the data
  std::string name;        ///< of the sample; "" when it has none
  std::int64_t label = 0;
  std::int64_t predicted = 0;
  double distance = 0;  ///< from the sample, in the test's norm
  /// Whether the net is wrong also about the nearest input that the data can hold: pixels of 8
  /// bits, or a row of the table.
  bool is_kept = false;
  std::vector<std::string> problems;  ///< why no such row exists or can be made; of tables only

  bool operator==(const AdversarialExample&) const = default;
};

struct AttackDetails {
  std::string
      grid;  ///< what the data can hold: "8-bit pixels", "rows of the table"; "" for anything
  std::vector<std::string> class_names;      ///< by number; empty when nothing names them
  std::vector<ClassOutcome> classes;         ///< those that have samples, by number
  std::vector<AdversarialExample> examples;  ///< by index
  std::string examples_sha256;               ///< of the file that holds them; "" when none is kept

  bool operator==(const AttackDetails&) const = default;
};

}  // namespace lockstep
