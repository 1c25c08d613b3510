// SPDX-License-Identifier: Apache-2.0
// How a record lies in the index: one self-contained run of bytes. The middle and the `affected`
// entries carry their sizes, so that a reader passes over those it does not need.
//
//   id, digest, modified, kinds, aliases     the front: what the index needs to place it
//   size of the middle, the middle           what a finding shows
//   number of entries; of each its size, ecosystem, package, versions and the rest
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "advisories/bytes.hpp"
#include "advisories/index.hpp"
#include "advisories/vector_scores.hpp"
#include "advisories/version_list.hpp"
#include "domain/advisory.hpp"

namespace lockstep::advisories {

/// Bytes of the digest of a record: SHA-256 over the rest of it.
constexpr std::size_t record_digest_bytes = 32;

/// Makes the bytes of records, one after the other in the same memory.
class RecordEncoder {
 public:
  /// Valid until the next call.
  std::string_view encode(const Advisory& advisory);
  std::string_view encode(const AdvisoryView& advisory);

 private:
  template <typename Text>
  std::string_view encode_any(const BasicAdvisory<Text>& advisory);
  template <typename Text>
  void put_severities(const std::vector<BasicPublishedSeverity<Text>>& severities);
  template <typename Text>
  void put_middle(const BasicAdvisory<Text>& advisory);
  template <typename Text>
  void put_entry(const BasicAffected<Text>& affected);

  BlobWriter record_;
  BlobWriter rest_;  ///< what stands behind the digest
  BlobWriter part_;  ///< the middle, or an entry
  VectorScores scores_;
  VersionListWriter versions_;
};

/// The front of a record: what the index needs to place it.
struct RecordFront {
  std::string_view id;
  std::string_view digest;
  std::optional<Instant> modified;
  bool is_withdrawn = false;
  bool has_upstream = false;
  AdvisoryForm form = AdvisoryForm::osv;
  std::string_view aliases;  ///< a number, and so many counted texts
};

/// Whether the record's bytes are those that its digest was made of.
bool has_its_digest(std::string_view record);

/// Makes `line` "ID DIGEST" and a line feed: what the digest of a source is over.
void put_line(std::string& line, const RecordFront& front);

/// An `affected` entry as its place and its package.
struct EntryPlace {
  std::uint32_t offset = 0;  ///< from the start of the record
  std::string_view ecosystem;
  std::string_view package;
};

/// Each reads one record, or one entry of it; nothing when the bytes are damaged.
std::optional<RecordFront> decode_front(std::string_view record);
/// The id alone; "" when the bytes are damaged.
std::string_view decode_id(std::string_view record);
/// Takes the place of what is in `places`. @returns false when the bytes are damaged
bool decode_places(std::string_view record, std::vector<EntryPlace>& places);
/// Takes the place of what is in `into`, as `decode_record_head` does. @returns as decode_places
bool decode_entry(std::string_view record,
                  std::uint32_t offset,
                  std::string_view version,
                  AffectedEntry& into);
/// All but the entries of `affected`.
std::optional<Advisory> decode_head(std::string_view record);

/// The parts of it that a finding shows, as views of the record.
bool decode_record_head(std::string_view record, RecordHead& head);

}  // namespace lockstep::advisories
