// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "advisories/index.hpp"
#include "advisories/index_layout.hpp"
#include "advisories/section_out.hpp"
#include "base/digest.hpp"

namespace lockstep::advisories {

/// The file of an index from its front to its foot, each byte given away once.
class IndexOut {
 public:
  /// `take` must outlive it.
  explicit IndexOut(const IndexBuilder::Take& take) : take_(take) {}

  /// Errors of all: those of `take`.
  Result<> begin();
  /// Bytes of the section that was named last.
  Result<> put(std::string_view bytes);
  void begin_section(layout::Section section);
  void end_section(layout::Section section);
  /// A section that was made beside. Errors: file.unreadable, file.unwritable.
  Result<> put_section(layout::Section section, SectionOut& from);
  /// The foot. @returns the size of the file
  Result<std::uint64_t> end();

 private:
  Result<> flush();

  const IndexBuilder::Take& take_;
  std::string pending_;
  std::uint64_t size_ = 0;
  Sha256 contents_;
  std::array<std::array<std::uint64_t, 2>, layout::section_count> places_{};
};

}  // namespace lockstep::advisories
