// SPDX-License-Identifier: Apache-2.0
// What the index and the builder that takes over an older index both see of the file.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "advisories/index.hpp"
#include "advisories/index_layout.hpp"
#include "base/mapped_file.hpp"

namespace lockstep::advisories {

struct AdvisoryIndex::State {
  std::string file;
  std::variant<std::string, MappedFile> storage;
  std::string_view bytes;
  std::string_view foot;
  std::array<std::string_view, layout::section_count> sections;
  std::vector<IndexSource> sources;
  std::vector<EcosystemCount> ecosystems;

  Result<> read_frame();
  Result<> read_lists();

  std::string_view at(layout::Section section) const {
    return sections[static_cast<std::size_t>(section)];
  }

  std::size_t rows(layout::Section section) const {
    return at(section).size() / layout::row_bytes[static_cast<std::size_t>(section)];
  }

  /// Where a row begins; it may lie behind the end.
  std::size_t row_of(layout::Section section, std::size_t number) const {
    return number * layout::row_bytes[static_cast<std::size_t>(section)];
  }

  Result<std::string_view> blob(layout::Section section,
                                std::uint64_t offset,
                                std::uint64_t size) const;
  Result<std::string_view> record(std::uint32_t number) const;
  /// The records from one number to before another, which lie one behind the other.
  Result<std::string_view> records(std::uint32_t from, std::uint32_t to) const;
  Result<std::uint32_t> flaw(std::uint32_t number) const;
  /// Holds the records against their digests, and these against the sources. Error: data.index.
  Result<> verify_records() const;
  /// Gives the pages of a part back to the system; they are read again when they are touched.
  void release(std::string_view part) const;
  Result<KnownExploited> exploited_at(std::size_t place) const;
  tl::unexpected<Error> damaged(std::string_view what) const;
};

}  // namespace lockstep::advisories
