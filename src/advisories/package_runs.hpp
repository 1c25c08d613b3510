// SPDX-License-Identifier: Apache-2.0
// The entries of `affected` on their way into an index, sorted by their packages, with a bound on
// memory: what is over it is sorted and written to a nameless file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "advisories/index.hpp"
#include "base/spill_file.hpp"

namespace lockstep::advisories {

/// One entry under its key.
struct PackageEntry {
  std::uint64_t hash = 0;
  std::string_view ecosystem;
  std::string_view name;  ///< normalised
  Posting posting;
};

class PackageRuns {
 public:
  /// @param folder where runs are spilled; "" to keep all in memory
  PackageRuns(std::string folder, std::size_t memory)
      : folder_(std::move(folder)), memory_(memory) {}

  /// Errors: file.unwritable.
  Result<> hold(const PackageEntry& entry);

  /// Walks the entries by hash, ecosystem, name and posting. The texts are valid during the call.
  /// Errors: file.unwritable, file.unreadable, those of `visit`.
  Result<> walk(const std::function<Result<>(const PackageEntry&)>& visit);

 private:
  struct Item {
    std::uint64_t hash = 0;
    Posting posting;
    std::uint32_t text = 0;  ///< where ecosystem and name stand in the texts
  };
  class Source;

  static PackageEntry entry_of(const Item& item, std::string_view texts);
  void sort();
  Result<> spill();

  std::string folder_;
  std::size_t memory_;
  std::vector<Item> items_;
  std::string texts_;
  std::vector<SpillFile> files_;
};

}  // namespace lockstep::advisories
