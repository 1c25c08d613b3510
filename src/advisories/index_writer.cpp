// SPDX-License-Identifier: Apache-2.0
// Writes an index in one walk over the records by id. Everything is sorted by the data itself, so
// the order of arrival leaves no trace in the bytes.
//
// Of an older index the records between two new ones are copied as one run of bytes; of each only
// the front and the ecosystems are looked at. What grows with the data is in runs and nameless
// files, but for the sets of ids (flaw_sets.hpp) and four bytes for each older record.
#include <algorithm>
#include <map>
#include <tuple>

#include "advisories/builder_state.hpp"
#include "advisories/bytes.hpp"
#include "advisories/ecosystem.hpp"
#include "advisories/flaw_order.hpp"
#include "advisories/flaw_sets.hpp"
#include "advisories/index_layout.hpp"
#include "advisories/index_out.hpp"
#include "advisories/limits.hpp"
#include "advisories/package_tables.hpp"
#include "advisories/section_out.hpp"
#include "advisories/snapshot.hpp"
#include "base/check.hpp"
#include "base/digest.hpp"
#include "base/time.hpp"

namespace lockstep::advisories {

using layout::Section;

namespace {

std::uint32_t narrow(std::uint64_t value) {
  LS_CHECK(value <= std::numeric_limits<std::uint32_t>::max(), "the index is over 4 GiB somewhere");
  return static_cast<std::uint32_t>(value);
}

std::string day_text(const std::optional<Instant>& at) {
  return at ? to_text(std::chrono::floor<std::chrono::days>(*at)) : "";
}

/// The records of one source or ecosystem, and the newest `modified` among them.
struct RecordCount {
  std::uint64_t records = 0;
  std::optional<Instant> newest;

  void add(const RecordFront& front) {
    ++records;
    newest = std::max(newest, front.modified);
  }
};

/// The records of one form of advisories, as a source of the index.
struct FormCount {
  RecordCount count;
  Sha256 digest;
  std::map<Day, std::uint32_t> days;
  std::string line;

  void add(const RecordFront& front) {
    count.add(front);
    put_line(line, front);
    digest.add(line);
    if (front.modified) ++days[std::chrono::floor<std::chrono::days>(*front.modified)];
  }
};

class IndexWriter {
 public:
  IndexWriter(IndexBuilder::State& state,
              const AdvisoryIndex::State* older,
              const IndexBuilder::Take& take)
      : state_(state), older_(older), out_(take), packages_(state.folder, state.memory) {
    for (std::size_t i = 0; i < layout::section_count; ++i)
      sections_.emplace_back(state.folder);
    if (older_ != nullptr) numbers_.assign(older_->rows(Section::record_table), no_record);
  }

  /// @returns the size of the file
  Result<std::uint64_t> write();

 private:
  SectionOut& section(Section one) { return sections_[static_cast<std::size_t>(one)]; }

  std::string& at(Section one) { return section(one).tail(); }

  Result<> write_records();
  Result<> take(std::string_view record);
  Result<> take_new(std::string_view record);
  Result<std::uint32_t> first_old_from(std::string_view id) const;
  Result<> take_old(std::uint32_t end);
  Result<> note_old(std::string_view record, std::size_t row);
  Result<> note(std::string_view record, const RecordFront& front, std::uint32_t flags);
  void count_ecosystems(const RecordFront& front);
  Result<> write_flaws();
  void write_ecosystems();
  void write_exploited();
  void write_epss();
  void write_sources();
  void write_days();

  IndexBuilder::State& state_;
  const AdvisoryIndex::State* older_;  ///< may be null
  IndexOut out_;
  std::vector<SectionOut> sections_;
  PackageRuns packages_;
  FlawSets flaws_;
  std::uint32_t records_ = 0;
  std::uint64_t record_place_ = 0;
  std::uint32_t next_old_ = 0;
  std::string last_old_id_;
  std::vector<std::uint32_t> numbers_;  ///< of each older record
  std::array<FormCount, advisory_form_names.size()> forms_;
  std::map<std::string, RecordCount, std::less<>> ecosystems_;
  std::vector<EntryPlace> places_;
  std::vector<std::string_view> seen_;
};

/// Counts a record whose bytes go out, and whose places are known.
Result<> IndexWriter::note(std::string_view record, const RecordFront& front, std::uint32_t flags) {
  std::string& table = at(Section::record_table);
  put_u64(table, record_place_);
  put_u32(table, narrow(record.size()));
  put_u32(table, flags);
  put_u64(table, record_key(front.id));
  put_u64(table, u64_at(front.digest, 0));
  record_place_ += record.size();
  narrow(std::uint64_t{records_} + 1);
  ++records_;
  flaws_.add(front);
  forms_[static_cast<std::size_t>(front.form)].add(front);
  count_ecosystems(front);
  return section(Section::record_table).settle();
}

void IndexWriter::count_ecosystems(const RecordFront& front) {
  seen_.clear();
  for (const EntryPlace& place : places_) {
    if (place.ecosystem.empty() || place.package.empty()) continue;
    if (std::ranges::find(seen_, place.ecosystem) != seen_.end()) continue;
    seen_.push_back(place.ecosystem);
    const auto known = ecosystems_.find(place.ecosystem);
    (known == ecosystems_.end() ? ecosystems_[std::string(place.ecosystem)] : known->second)
        .add(front);
  }
}

Result<> IndexWriter::take_new(std::string_view record) {
  const auto front = decode_front(record);
  const bool is_whole = front && decode_places(record, places_);
  LS_CHECK(is_whole, "the builder cannot read its own record");
  for (const EntryPlace& place : places_) {
    if (place.ecosystem.empty() || place.package.empty()) continue;
    const std::string name = normalised_name(place.ecosystem, place.package);
    TRY_VOID(packages_.hold({layout::hash_of_package(place.ecosystem, name),
                             place.ecosystem,
                             name,
                             {records_, place.offset}}));
  }
  TRY_VOID(out_.put(record));
  return note(record, *front,
              (front->is_withdrawn ? layout::is_withdrawn : 0U) |
                  (front->has_upstream ? layout::has_upstream : 0U));
}

/// The first record of the older index, from the next one on, whose id is not before this one.
/// SPEED: the steps grow, so that a few new records do not look at all of the old ones.
Result<std::uint32_t> IndexWriter::first_old_from(std::string_view id) const {
  const std::uint32_t count = narrow(numbers_.size());
  std::uint32_t low = next_old_;
  std::uint32_t high = low;
  for (std::uint32_t step = 1; high < count; step *= 2) {
    TRY(const std::string_view record, older_->record(high));
    if (decode_id(record) >= id) break;
    low = high + 1;
    high += std::min(step, count - high);
  }
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    TRY(const std::string_view record, older_->record(middle));
    if (decode_id(record) < id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/// Takes over the records of the older index before a number, in pieces whose pages are given back:
/// they count as memory of this process.
Result<> IndexWriter::take_old(std::uint32_t end) {
  const std::string_view table = older_->at(Section::record_table);
  while (next_old_ < end) {
    const std::uint32_t start = next_old_;
    TRY(const std::string_view first, older_->record(start));
    std::size_t bytes = 0;
    for (; next_old_ < end && bytes < section_memory_bytes; ++next_old_) {
      const std::size_t row = older_->row_of(Section::record_table, next_old_);
      TRY(const std::string_view record, older_->record(next_old_));
      if (record.data() != first.data() + bytes)
        return older_->damaged("records that do not follow each other");
      TRY_VOID(note_old(record, row));
      bytes += record.size();
    }
    TRY(const std::string_view run, older_->records(start, next_old_));
    TRY_VOID(out_.put(run));
    older_->release(run);
    if (table.size() > section_memory_bytes) older_->release(table);
  }
  return {};
}

/// What the tables need of an older record whose bytes are copied.
Result<> IndexWriter::note_old(std::string_view record, std::size_t row) {
  const auto front = decode_front(record);
  if (!front || !decode_places(record, places_)) return older_->damaged("an unreadable record");
  if (next_old_ > 0 && front->id <= last_old_id_) return older_->damaged("records out of order");
  last_old_id_ = front->id;
  numbers_[next_old_] = records_;
  return note(record, *front, u32_at(older_->at(Section::record_table), row + 12));
}

/// The next record by id of those that were taken in.
Result<> IndexWriter::take(std::string_view record) {
  if (older_ == nullptr) return take_new(record);
  const std::string_view id = decode_id(record);
  TRY(const std::uint32_t place, first_old_from(id));
  TRY_VOID(take_old(place));
  if (place == numbers_.size()) return take_new(record);
  TRY(const std::string_view old, older_->record(place));
  if (decode_id(old) != id) return take_new(record);
  if (!decode_front(old)) return older_->damaged("an unreadable record");
  if (!is_later_edition(record, old)) return take_old(place + 1);
  ++next_old_;
  return take_new(record);
}

Result<> IndexWriter::write_records() {
  out_.begin_section(Section::records);
  TRY_VOID(state_.records.walk([this](std::string_view record) { return take(record); }));
  if (older_ != nullptr) TRY_VOID(take_old(narrow(numbers_.size())));
  out_.end_section(Section::records);
  return {};
}

Result<std::uint64_t> IndexWriter::write() {
  TRY_VOID(out_.begin());
  TRY_VOID(write_records());
  TRY_VOID(write_flaws());
  TRY_VOID(write_packages(
      packages_, older_, numbers_,
      {section(Section::packages), section(Section::package_names), section(Section::postings)}));
  write_ecosystems();
  write_exploited();
  write_epss();
  write_sources();
  write_days();
  for (std::size_t i = 1; i < layout::section_count; ++i)
    TRY_VOID(out_.put_section(static_cast<Section>(i), sections_[i]));
  return out_.end();
}

Result<> IndexWriter::write_flaws() {
  for (const auto& [name, edition] : state_.lists) {
    for (const KnownExploited& known : edition.list.entries)
      if (!known.euvd.empty()) flaws_.join_if_known(known.cve, known.euvd);
  }
  return flaws_.write(section(Section::record_flaws), section(Section::flaw_table),
                      section(Section::flaws));
}

void IndexWriter::write_ecosystems() {
  std::string& texts = at(Section::ecosystems);
  for (const auto& [known, count] : ecosystems_) {
    put_text(texts, known);
    put_count(texts, count.records);
    put_text(texts, day_text(count.newest));
  }
}

void IndexWriter::write_exploited() {
  std::map<std::tuple<std::uint64_t, std::string_view>, const KnownExploited*> sorted;
  for (const auto& [name, edition] : state_.lists) {
    for (const KnownExploited& known : edition.list.entries) {
      const auto number = listed_number(known.cve);
      if (number) sorted.try_emplace({*number, name}, &known);
    }
  }
  std::string& texts = at(Section::exploited_texts);
  for (const auto& [key, known] : sorted) {
    const std::size_t start = texts.size();
    put_text(texts, known->cve);
    put_text(texts, known->source);
    put_text(texts, known->date_added);
    put_text(texts, known->euvd);
    put_count(texts, known->ransomware ? 1 : 0);
    put_text(texts, known->origin);
    put_u64(at(Section::exploited), std::get<0>(key));
    put_u32(at(Section::exploited), narrow(start));
    put_u32(at(Section::exploited), narrow(texts.size() - start));
  }
}

void IndexWriter::write_epss() {
  auto& sorted = state_.epss;
  std::ranges::sort(sorted);
  const auto same_number = [](const auto& a, const auto& b) { return a[0] == b[0]; };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), same_number), sorted.end());
  for (const auto& [number, shares] : sorted) {
    put_u64(at(Section::epss), number);
    put_u32(at(Section::epss), static_cast<std::uint32_t>(shares >> 32U));
    put_u32(at(Section::epss), static_cast<std::uint32_t>(shares & 0xffffffffU));
  }
}

void IndexWriter::write_sources() {
  std::vector<IndexSource> sources;
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    const RecordCount& count = forms_[i].count;
    IndexSource source{std::string(advisory_form_names[i]), day_text(count.newest),
                       static_cast<std::int64_t>(count.records), forms_[i].digest.finish(), ""};
    if (count.records > 0) sources.push_back(std::move(source));
  }
  for (const auto& [name, edition] : state_.lists) {
    sources.push_back(edition.source);
    sources.back().entries = static_cast<std::int64_t>(edition.list.entries.size());
  }
  if (!state_.epss_source.source.empty()) {
    sources.push_back(state_.epss_source);
    sources.back().entries = static_cast<std::int64_t>(at(Section::epss).size() / 16);
  }
  std::ranges::sort(sources, {}, &IndexSource::source);
  std::string& texts = at(Section::sources);
  for (const IndexSource& source : sources) {
    put_text(texts, source.source);
    put_text(texts, source.as_of);
    put_count(texts, static_cast<std::uint64_t>(source.entries));
    put_text(texts, source.sha256);
    put_text(texts, source.edition);
  }
}

void IndexWriter::write_days() {
  for (std::size_t form = 0; form < forms_.size(); ++form) {
    for (const auto& [day, records] : forms_[form].days) {
      const auto number = static_cast<std::uint32_t>(day.time_since_epoch().count());
      put_u32(at(Section::days), number | static_cast<std::uint32_t>(form) << layout::day_bits);
      put_u32(at(Section::days), records);
    }
  }
}

}  // namespace

Result<std::uint64_t> IndexBuilder::write(const Take& take) {
  if (state_->trouble) return tl::unexpected<Error>(*state_->trouble);
  return IndexWriter(*state_, state_->older ? state_->older->state_.get() : nullptr, take).write();
}

std::string IndexBuilder::finish() {
  std::string file;
  const auto written = write([&](std::string_view bytes) -> Result<> {
    file += bytes;
    return {};
  });
  LS_CHECK(written.has_value(), "only a disk or an older index can fail");
  return file;
}

}  // namespace lockstep::advisories
