// SPDX-License-Identifier: Apache-2.0
// How a record lies in the index: one self-contained run of bytes. `affected` entries carry their
// size, so that a reader passes over those it does not need.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "advisories/index.hpp"
#include "domain/advisory.hpp"

namespace lockstep::advisories {

using Digest = std::array<char, 32>;

/// The bytes of a record.
std::string encode(const Advisory& advisory, const Digest& digest);

/// The front of a record: what the index needs to place it.
struct RecordFront {
  std::string_view id;
  Digest digest{};
  std::optional<Instant> modified;
  bool is_withdrawn = false;
  bool is_csaf = false;
  std::vector<std::string_view> aliases;
};

/// An `affected` entry as its place and its package.
struct EntryPlace {
  std::uint32_t offset = 0;  ///< from the start of the record
  std::string_view ecosystem;
  std::string_view package;
};

/// Each reads one record, or one entry of it; nothing when the bytes are damaged.
std::optional<RecordFront> decode_front(std::string_view record);
std::optional<std::vector<EntryPlace>> decode_places(std::string_view record);
std::optional<AffectedEntry> decode_entry(std::string_view record, std::uint32_t offset);
/// All but the entries of `affected`.
std::optional<Advisory> decode_head(std::string_view record);

/// The parts of it that a finding shows, as views of the record; nothing for damaged bytes.
std::optional<RecordHead> decode_record_head(std::string_view record);

}  // namespace lockstep::advisories
