// SPDX-License-Identifier: Apache-2.0
// The advisory index: one read-only file that answers which records name a package. It is mapped,
// not read: opening looks at the header alone, a lookup touches the pages of its answer. An index
// is never changed; a new one is written beside it and renamed over it.
//
//   head      magic, version
//   records   self-contained, sorted by id, each with a digest of its own
//   record table   {place, flags, keys of id and contents}; the flaw of each record
//   flaws     the sets of ids that name one weakness: the transitive closure of `aliases`
//   packages  {hash, name, postings} sorted by hash     -> binary search
//   postings  {record, offset in it}                    -> entries of `affected`
//   exploited, epss   sorted by CVE number
//   days      how many records of each form were last modified on which day
//   foot      the place of each section, digests; last, so that records are written as they come
//
// docs/adr/0003-advisory-index.md says why. Nothing in the file is believed: every offset is
// checked when it is used, and a damaged file answers with the error data.index.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mapped_file.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/advisory.hpp"
#include "domain/finding.hpp"

namespace lockstep::advisories {

/// To be raised with the layout, and when `normalised_name` files packages under other names.
constexpr std::uint32_t index_version = 7;

/// Where an `affected` entry is: the number of its record, and its offset in that record.
struct Posting {
  std::uint32_t record = 0;
  std::uint32_t offset = 0;

  auto operator<=>(const Posting&) const = default;
};

/// A severity as published, with the base score of a vector. The texts are in the index and live as
/// long as it does.
struct ScoredSeverity {
  std::string_view type;       ///< CVSS_V2, CVSS_V3, CVSS_V4, Ubuntu
  std::string_view score;      ///< a vector, or a word
  std::optional<double> base;  ///< nothing for a word, and for a vector that cannot be scored
};

/// What a list of single versions says of one, compared literally.
enum class Listed { no_list, others, ours };

/// One entry of `affected`. The texts are in the index and live as long as it does.
struct AffectedEntry {
  std::string_view ecosystem;
  std::string_view package;
  bool partly_read = false;
  std::vector<AffectedRangeView> ranges;  ///< git ranges without events but in `git_ecosystem`
  Listed listed = Listed::no_list;        ///< of the version that was asked for
  std::vector<ScoredSeverity> severity;
  std::string_view arch;                     ///< the only one that it is about; "" for all
  std::string_view cpe;                      ///< of NVD: the name of the products; "" otherwise
  std::vector<std::uint32_t> together_with;  ///< numbers of the record's `cpe_groups`
};

/// The parts of a record that a finding shows. The texts are in the index and live as long as it
/// does.
struct RecordHead {
  std::string_view id;
  std::optional<Instant> published;
  std::string_view summary;
  std::string_view severity_word;
  std::vector<std::string_view> upstream;
  std::vector<ScoredSeverity> severity;
};

/// The ids of one weakness, and the records about it.
struct Flaw {
  std::vector<std::string_view> ids;  ///< best to call it by first: CVE, GHSA, others, EUVD
  std::vector<std::uint32_t> records;
};

/// One edition of data in the index.
struct IndexSource {
  std::string source;  ///< "osv", "csaf", "nvd", "ghsa", "cisa-kev", "eu-kev", "epss"
  std::string as_of;   ///< YYYY-MM-DD, "" when unknown
  std::int64_t entries = 0;
  std::string sha256;   ///< records: of the lines "ID DIGEST" by id; others: of the file
  std::string edition;  ///< model version of EPSS; "" for others
};

/// How much of one ecosystem is in the index.
struct EcosystemCount {
  std::string ecosystem;  ///< with its suffix: "Debian:12"
  std::int64_t records = 0;
  std::string as_of;  ///< newest `modified`, YYYY-MM-DD
};

/// How current the records are when one judges on a given day.
struct RecordAge {
  std::optional<Day> newest;  ///< newest day of `modified` that is not after the day of judgement
  std::int64_t later = 0;     ///< records whose `modified` is after the day of judgement
};

class AdvisoryIndex {
 public:
  /// Errors: file.missing, file.unreadable, data.index.
  static Result<AdvisoryIndex> open(const std::string& path);
  /// The same over bytes in memory.
  static Result<AdvisoryIndex> from_bytes(std::string bytes, const std::string& file);

  AdvisoryIndex(AdvisoryIndex&&) noexcept;
  AdvisoryIndex& operator=(AdvisoryIndex&&) noexcept;
  ~AdvisoryIndex();

  /// The entries for a package, by full ecosystem name and normalised package name
  /// (ecosystem.hpp), in the order of the records' ids. Errors: data.index, as of all below.
  Result<std::vector<Posting>> find(std::string_view ecosystem, std::string_view name) const;

  std::uint32_t records() const;
  /// @param version what is looked for in its list of versions
  Result<AffectedEntry> entry(Posting posting, std::string_view version = "") const;
  /// SPEED: the same, and `head` and `flaw_of` below, in the memory of an earlier answer.
  Result<> entry(Posting posting, std::string_view version, AffectedEntry& into) const;
  /// A record without its entries, and without what the index does not hold: details, references,
  /// related ids.
  Result<Advisory> record(std::uint32_t number) const;
  /// The same without what a finding does not show, and without copies.
  Result<RecordHead> head(std::uint32_t number) const;
  Result<> head(std::uint32_t number, RecordHead& into) const;
  Result<std::string_view> id(std::uint32_t number) const;
  Result<bool> is_withdrawn(std::uint32_t number) const;
  /// SHA-256 of what is kept of the record, 32 bytes: two records of one id and digest are the
  /// same.
  Result<std::string_view> digest(std::uint32_t number) const;
  /// The ecosystems of its entries, each once, in their order.
  Result<std::vector<std::string_view>> ecosystems_of(std::uint32_t number) const;
  Result<Flaw> flaw_of(std::uint32_t number) const;
  Result<> flaw_of(std::uint32_t number, Flaw& flaw) const;

  /// The lists that name a CVE or EUVD id, sorted by source; nothing for other ids.
  Result<std::vector<KnownExploited>> known_exploited(std::string_view id) const;
  Result<std::optional<EpssScore>> epss(std::string_view cve) const;

  const std::vector<IndexSource>& sources() const;
  /// Sorted by name.
  const std::vector<EcosystemCount>& ecosystems() const;
  /// Of the records of one form. One dated in the future must not hide how old the others are.
  RecordAge age_on(Day judged, AdvisoryForm form) const;

  /// Reads the whole file and compares it with its own digests: for `data status`. Error:
  /// data.index.
  Result<> verify() const;
  /// SHA-256 that stands for the contents, as the foot gives it (index_layout.hpp).
  std::string sha256() const;
  std::uint64_t size_bytes() const;

  struct State;

 private:
  friend class IndexBuilder;
  friend class IndexWalk;
  explicit AdvisoryIndex(std::unique_ptr<State> state);
  static Result<AdvisoryIndex> check(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

/// Gathers data and makes the bytes of an index. The same set of data gives the same bytes,
/// whatever the order in which it came.
///
/// With a folder, what is over the bound on memory lies in nameless files there, until the index is
/// written: the builder then needs the memory of limits.hpp, whatever the size of the data. Trouble
/// with the disk is told by `write`.
class IndexBuilder {
 public:
  /// Keeps everything in memory.
  IndexBuilder();
  /// @param folder where to spill; on the disk where the index will lie
  /// @param memory bytes of records and entries that are kept in memory, each
  IndexBuilder(std::string folder, std::size_t memory);
  IndexBuilder(IndexBuilder&&) noexcept;
  IndexBuilder& operator=(IndexBuilder&&) noexcept;
  ~IndexBuilder();

  /// Takes a record. Of two with one id the one with the newer `modified` stays, then the one with
  /// the greater digest.
  void add(const Advisory& advisory);
  void add(const AdvisoryView& advisory);
  /// Takes everything of an older index, once. Its records are copied when the index is written.
  /// Error: data.index.
  Result<> add_all(AdvisoryIndex index);
  /// Gives the older index up, whose records `write` found damaged; its lists stay.
  void forget_older();
  /// Takes a list; of two of one source the one with the newer `as_of` stays.
  void add(const KnownExploitedList& list, std::string_view sha256);
  /// Takes a table; of two the one with the newer date stays.
  void add(const EpssTable& table, std::string_view sha256);

  /// A place among the records, to go back to when what came after is not whole.
  std::size_t mark();
  /// Forgets the records that were taken since. Lists and tables are whole, and stay.
  void back_to(std::size_t mark);

  using Take = std::function<Result<>(std::string_view)>;
  /// Gives the bytes of the index, in pieces from its front. @returns their number
  /// Errors: file.unwritable, file.unreadable (of spilled data), data.index (of the older index),
  /// those of `take`.
  Result<std::uint64_t> write(const Take& take);
  /// The same as one text, without a folder and a damaged older index (LS_CHECK).
  std::string finish();

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace lockstep::advisories
