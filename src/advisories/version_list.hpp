// SPDX-License-Identifier: Apache-2.0
// How the list of single versions of an entry lies in the index, of which there may be thousands:
//
//   number of versions; two bytes of a hash of each; size of the texts; the texts, counted
//
// Nearly every question is answered by the hashes alone.
#pragma once

#include <string_view>
#include <vector>

#include "advisories/bytes.hpp"
#include "advisories/index.hpp"

namespace lockstep::advisories {

/// Writes lists, one after the other with the same memory.
class VersionListWriter {
 public:
  template <typename Text>
  void put(const std::vector<Text>& versions, BlobWriter& into) {
    hashes_.clear();
    texts_.clear();
    for (const Text& version : versions)
      add(version);
    into.count(versions.size());
    into.raw(hashes_.bytes());
    into.text(texts_.bytes());
  }

 private:
  void add(std::string_view version);

  BlobWriter hashes_;
  BlobWriter texts_;
};

/// Passes over a list, and says whether the version is in it.
Listed take_listed(BlobReader& blob, std::string_view version);

}  // namespace lockstep::advisories
