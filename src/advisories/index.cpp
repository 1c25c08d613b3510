// SPDX-License-Identifier: Apache-2.0
#include "advisories/index.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <utility>
#include <variant>

#include "advisories/bytes.hpp"
#include "advisories/flaw_order.hpp"
#include "advisories/index_layout.hpp"
#include "advisories/index_state.hpp"
#include "advisories/limits.hpp"
#include "advisories/record_codec.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"

namespace lockstep::advisories {

using layout::Section;

namespace {

/// The first row from `low` on whose first word is not below a key, in a table that is sorted by
/// it; `high` when there is none before.
std::size_t first_row_at_least(
    std::string_view table, std::size_t row, std::uint64_t key, std::size_t low, std::size_t high) {
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (u64_at(table, middle * row) < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::size_t first_row_at_least(std::string_view table, std::size_t row, std::uint64_t key) {
  return first_row_at_least(table, row, key, 0, table.size() / row);
}

/// The same in the whole table, where the words are hashes.
/// SPEED: hashes are spread evenly, so that the place is known but for some dozens of rows, which
/// lie in a page or two.
std::size_t first_row_of_hash(std::string_view table, std::size_t row, std::uint64_t hash) {
  constexpr std::size_t first_reach = 32;
  const std::size_t rows = table.size() / row;
  const double part = static_cast<double>(hash) / 0x1p64;
  const std::size_t guess =
      std::min(static_cast<std::size_t>(part * static_cast<double>(rows)), rows);
  std::size_t low = guess;
  std::size_t high = guess;
  for (std::size_t reach = first_reach; low > 0 && u64_at(table, (low - 1) * row) >= hash;
       reach *= 2)
    low -= std::min(low, reach);
  for (std::size_t reach = first_reach; high < rows && u64_at(table, high * row) < hash; reach *= 2)
    high += std::min(rows - high, reach);
  return first_row_at_least(table, row, hash, low, high);
}

}  // namespace

tl::unexpected<Error> AdvisoryIndex::State::damaged(std::string_view what) const {
  return fail(ErrorKind::input, "data.index",
              fmt::format("expected a whole advisory index, found one with {}; run 'lockstep data "
                          "import' again",
                          what),
              {file});
}

Result<std::string_view> AdvisoryIndex::State::blob(Section section,
                                                    std::uint64_t offset,
                                                    std::uint64_t size) const {
  const std::string_view all = at(section);
  if (offset > all.size() || size > all.size() - offset) {
    return damaged("a place outside of its section");
  }
  return all.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
}

Result<std::string_view> AdvisoryIndex::State::record(std::uint32_t number) const {
  const std::string_view table = at(Section::record_table);
  const std::size_t row = row_of(Section::record_table, number);
  if (row >= table.size()) return damaged("a record that is not there");
  return blob(Section::records, u64_at(table, row), u32_at(table, row + 8));
}

Result<std::string_view> AdvisoryIndex::State::records(std::uint32_t from, std::uint32_t to) const {
  if (from == to) return std::string_view();
  const std::string_view table = at(Section::record_table);
  const std::size_t first = row_of(Section::record_table, from);
  const std::size_t last = row_of(Section::record_table, to - 1);
  if (last >= table.size()) return damaged("a record that is not there");
  const std::uint64_t start = u64_at(table, first);
  const std::uint64_t end = u64_at(table, last) + u32_at(table, last + 8);
  if (end < start) return damaged("records in another order");
  return blob(Section::records, start, end - start);
}

Result<std::uint32_t> AdvisoryIndex::State::flaw(std::uint32_t number) const {
  const std::string_view table = at(Section::record_flaws);
  const std::size_t row = row_of(Section::record_flaws, number);
  if (row >= table.size()) return damaged("a record without its ids");
  return u32_at(table, row);
}

Result<> AdvisoryIndex::State::read_frame() {
  if (bytes.size() < layout::head_bytes || !bytes.starts_with(layout::magic)) {
    return damaged("another beginning than an index has");
  }
  if (const std::uint32_t version = u32_at(bytes, layout::version_at); version != index_version) {
    return damaged(
        fmt::format("version {}, where this program reads version {}", version, index_version));
  }
  if (u32_at(bytes, layout::section_count_at) != layout::section_count ||
      bytes.size() < layout::head_bytes + layout::foot_bytes) {
    return damaged("another number of sections or a cut end");
  }
  const std::uint64_t end = bytes.size() - layout::foot_bytes;
  foot = bytes.substr(static_cast<std::size_t>(end));
  const std::uint64_t check = layout::hash_of(foot.substr(0, layout::check_at),
                                              layout::hash_of(bytes.substr(0, layout::head_bytes)));
  if (u64_at(foot, layout::check_at) != check || u64_at(foot, layout::size_at) != bytes.size()) {
    return damaged("another end than an index has");
  }
  for (std::size_t i = 0; i < layout::section_count; ++i) {
    const std::uint64_t offset = u64_at(foot, i * 16);
    const std::uint64_t size = u64_at(foot, i * 16 + 8);
    const bool inside = offset >= layout::head_bytes && offset <= end && size <= end - offset;
    if (!inside || size % layout::row_bytes[i] != 0)
      return damaged("a section outside of the file");
    sections[i] = bytes.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
  }
  if (rows(Section::record_table) > std::numeric_limits<std::uint32_t>::max() ||
      rows(Section::record_table) != rows(Section::record_flaws)) {
    return damaged("more records than it can number");
  }
  return {};
}

Result<> AdvisoryIndex::State::read_lists() {
  BlobReader counts(at(Section::ecosystems));
  while (counts.good() && counts.left() > 0) {
    EcosystemCount count;
    count.ecosystem = counts.text();
    count.records = static_cast<std::int64_t>(counts.count());
    count.as_of = counts.text();
    ecosystems.push_back(std::move(count));
  }
  BlobReader kept(at(Section::sources));
  while (kept.good() && kept.left() > 0) {
    IndexSource source;
    source.source = kept.text();
    source.as_of = kept.text();
    source.entries = static_cast<std::int64_t>(kept.count());
    source.sha256 = kept.text();
    source.edition = kept.text();
    sources.push_back(std::move(source));
  }
  if (!counts.good() || !kept.good()) return damaged("a list of sources that ends early");
  return {};
}

AdvisoryIndex::AdvisoryIndex(std::unique_ptr<State> state) : state_(std::move(state)) {}

AdvisoryIndex::AdvisoryIndex(AdvisoryIndex&&) noexcept = default;
AdvisoryIndex& AdvisoryIndex::operator=(AdvisoryIndex&&) noexcept = default;
AdvisoryIndex::~AdvisoryIndex() = default;

Result<AdvisoryIndex> AdvisoryIndex::check(std::unique_ptr<State> state) {
  TRY_VOID(state->read_frame());
  TRY_VOID(state->read_lists());
  return AdvisoryIndex(std::move(state));
}

Result<AdvisoryIndex> AdvisoryIndex::open(const std::string& path) {
  TRY(MappedFile file, MappedFile::open(path));
  auto state = std::make_unique<State>();
  state->file = path;
  state->bytes = file.bytes();
  state->storage = std::move(file);
  return check(std::move(state));
}

Result<AdvisoryIndex> AdvisoryIndex::from_bytes(std::string bytes, const std::string& file) {
  auto state = std::make_unique<State>();
  state->file = file;
  state->storage = std::move(bytes);
  state->bytes = std::get<std::string>(state->storage);
  return check(std::move(state));
}

Result<std::vector<Posting>> AdvisoryIndex::find(std::string_view ecosystem,
                                                 std::string_view name) const {
  const std::string_view table = state_->at(Section::packages);
  const std::string_view postings = state_->at(Section::postings);
  constexpr std::size_t row = layout::row_bytes[static_cast<std::size_t>(Section::packages)];
  const std::uint64_t hash = layout::hash_of_package(ecosystem, name);
  std::vector<Posting> found;
  std::size_t place = first_row_of_hash(table, row, hash) * row;
  for (; place < table.size() && u64_at(table, place) == hash; place += row) {
    const std::string_view names = state_->at(Section::package_names);
    const std::uint32_t name_at = u32_at(table, place + 8);
    if (name_at > names.size()) return state_->damaged("a package without a name");
    BlobReader key(names.substr(name_at));
    const bool is_it = key.text() == ecosystem && key.text() == name;
    if (!key.good()) return state_->damaged("a package without a name");
    if (!is_it) continue;
    const std::uint64_t first = u32_at(table, place + 12);
    const std::uint64_t count = u32_at(table, place + 16);
    if ((first + count) * 8 > postings.size())
      return state_->damaged("postings that are not there");
    found.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = first; i < first + count; ++i) {
      const auto at = static_cast<std::size_t>(i * 8);
      found.push_back({u32_at(postings, at), u32_at(postings, at + 4)});
    }
    break;
  }
  return found;
}

std::uint32_t AdvisoryIndex::records() const {
  return static_cast<std::uint32_t>(state_->rows(Section::record_table));
}

Result<> AdvisoryIndex::entry(Posting posting,
                              std::string_view version,
                              AffectedEntry& into) const {
  TRY(const std::string_view bytes, state_->record(posting.record));
  if (!decode_entry(bytes, posting.offset, version, into))
    return state_->damaged("an unreadable entry");
  return {};
}

Result<AffectedEntry> AdvisoryIndex::entry(Posting posting, std::string_view version) const {
  AffectedEntry found;
  TRY_VOID(entry(posting, version, found));
  return found;
}

Result<Advisory> AdvisoryIndex::record(std::uint32_t number) const {
  TRY(const std::string_view bytes, state_->record(number));
  auto advisory = decode_head(bytes);
  if (!advisory) return state_->damaged("an unreadable record");
  return *std::move(advisory);
}

Result<> AdvisoryIndex::head(std::uint32_t number, RecordHead& into) const {
  TRY(const std::string_view bytes, state_->record(number));
  if (!decode_record_head(bytes, into)) return state_->damaged("an unreadable record");
  return {};
}

Result<RecordHead> AdvisoryIndex::head(std::uint32_t number) const {
  RecordHead found;
  TRY_VOID(head(number, found));
  return found;
}

Result<std::string_view> AdvisoryIndex::id(std::uint32_t number) const {
  TRY(const std::string_view bytes, state_->record(number));
  BlobReader blob(bytes);
  const std::string_view id = blob.text();
  if (!blob.good()) return state_->damaged("an unreadable record");
  return id;
}

Result<bool> AdvisoryIndex::is_withdrawn(std::uint32_t number) const {
  const std::string_view table = state_->at(Section::record_table);
  const std::size_t row = state_->row_of(Section::record_table, number);
  if (row >= table.size()) return state_->damaged("a record that is not there");
  return (u32_at(table, row + 12) & layout::is_withdrawn) != 0;
}

Result<std::string_view> AdvisoryIndex::digest(std::uint32_t number) const {
  TRY(const std::string_view bytes, state_->record(number));
  const auto front = decode_front(bytes);
  if (!front) return state_->damaged("an unreadable record");
  return front->digest;
}

Result<std::vector<std::string_view>> AdvisoryIndex::ecosystems_of(std::uint32_t number) const {
  TRY(const std::string_view bytes, state_->record(number));
  std::vector<EntryPlace> places;
  if (!decode_places(bytes, places)) return state_->damaged("an unreadable record");
  std::vector<std::string_view> found;
  for (const EntryPlace& place : places)
    if (!place.ecosystem.empty() && std::ranges::find(found, place.ecosystem) == found.end())
      found.push_back(place.ecosystem);
  return found;
}

Result<Flaw> AdvisoryIndex::flaw_of(std::uint32_t number) const {
  Flaw found;
  TRY_VOID(flaw_of(number, found));
  return found;
}

Result<> AdvisoryIndex::flaw_of(std::uint32_t number, Flaw& flaw) const {
  TRY(const std::uint32_t numbered, state_->flaw(number));
  const std::string_view flaws = state_->at(Section::flaw_table);
  const std::size_t place = state_->row_of(Section::flaw_table, numbered);
  if (place >= flaws.size()) return state_->damaged("a record without its ids");
  TRY(const std::string_view bytes,
      state_->blob(Section::flaws, u64_at(flaws, place), u32_at(flaws, place + 8)));
  BlobReader blob(bytes);
  flaw.ids.clear();
  flaw.records.clear();
  const std::size_t ids = blob.elements();
  for (std::size_t i = 0; i < ids && blob.good(); ++i)
    flaw.ids.push_back(blob.text());
  const std::size_t members = blob.elements();
  for (std::size_t i = 0; i < members && blob.good(); ++i) {
    const std::uint64_t member = blob.count();
    if (member >= records()) return state_->damaged("a record that is not there");
    flaw.records.push_back(static_cast<std::uint32_t>(member));
  }
  if (!blob.good() || flaw.ids.empty()) return state_->damaged("a record without its ids");
  return {};
}

Result<std::vector<KnownExploited>> AdvisoryIndex::known_exploited(std::string_view id) const {
  std::vector<KnownExploited> found;
  const std::string_view table = state_->at(Section::exploited);
  if (table.empty()) return found;
  const auto key = listed_number(id);
  if (!key) return found;
  constexpr std::size_t row = layout::row_bytes[static_cast<std::size_t>(Section::exploited)];
  std::size_t place = first_row_at_least(table, row, *key) * row;
  for (; place < table.size() && u64_at(table, place) == *key; place += row) {
    TRY(KnownExploited known, state_->exploited_at(place));
    found.push_back(std::move(known));
  }
  return found;
}

Result<KnownExploited> AdvisoryIndex::State::exploited_at(std::size_t place) const {
  const std::string_view table = at(Section::exploited);
  TRY(const std::string_view row,
      blob(Section::exploited_texts, u32_at(table, place + 8), u32_at(table, place + 12)));
  BlobReader texts(row);
  KnownExploited known;
  known.cve = texts.text();
  known.source = texts.text();
  known.date_added = texts.text();
  known.euvd = texts.text();
  known.ransomware = texts.count() != 0;
  known.origin = texts.text();
  if (!texts.good()) return damaged("an unreadable list of exploited vulnerabilities");
  return known;
}

Result<std::optional<EpssScore>> AdvisoryIndex::epss(std::string_view cve) const {
  const std::string_view table = state_->at(Section::epss);
  if (table.empty()) return std::nullopt;
  const auto key = cve_number(cve);
  if (!key) return std::nullopt;
  constexpr std::size_t row = layout::row_bytes[static_cast<std::size_t>(Section::epss)];
  const std::size_t place = first_row_at_least(table, row, *key) * row;
  if (place >= table.size() || u64_at(table, place) != *key) return std::nullopt;
  EpssScore score;
  score.probability = u32_at(table, place + 8) / layout::billion;
  score.percentile = u32_at(table, place + 12) / layout::billion;
  for (const IndexSource& source : state_->sources) {
    if (source.source == "epss") score.date = source.as_of;
  }
  return score;
}

const std::vector<IndexSource>& AdvisoryIndex::sources() const {
  return state_->sources;
}

const std::vector<EcosystemCount>& AdvisoryIndex::ecosystems() const {
  return state_->ecosystems;
}

RecordAge AdvisoryIndex::age_on(Day judged, AdvisoryForm form) const {
  const std::string_view table = state_->at(Section::days);
  RecordAge age;
  for (std::size_t row = 0; row < table.size(); row += state_->row_of(Section::days, 1)) {
    const std::uint32_t number = u32_at(table, row);
    if (number >> layout::day_bits != static_cast<std::uint32_t>(form)) continue;
    const Day day{std::chrono::days(number & ((1U << layout::day_bits) - 1))};
    if (day <= judged) {
      age.newest = day;
    } else {
      age.later += u32_at(table, row + 4);
    }
  }
  return age;
}

void AdvisoryIndex::State::release(std::string_view part) const {
  if (const auto* mapped = std::get_if<MappedFile>(&storage)) mapped->release(part);
}

std::string AdvisoryIndex::sha256() const {
  return std::string(state_->foot.substr(layout::digest_at, layout::digest_bytes));
}

std::uint64_t AdvisoryIndex::size_bytes() const {
  return state_->bytes.size();
}

}  // namespace lockstep::advisories
