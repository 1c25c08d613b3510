// SPDX-License-Identifier: Apache-2.0
// Writes the sections of an index in one walk over the records by id. Everything is sorted by the
// data itself, so the order of arrival leaves no trace in the bytes.
//
// What grows with the data is in runs and nameless files, but for some 120 bytes for each id: the
// sets of ids that name one weakness can be joined by any later record.
#include <algorithm>
#include <map>
#include <tuple>

#include "advisories/builder_state.hpp"
#include "advisories/bytes.hpp"
#include "advisories/ecosystem.hpp"
#include "advisories/flaw_order.hpp"
#include "advisories/id_sets.hpp"
#include "advisories/index_layout.hpp"
#include "advisories/limits.hpp"
#include "advisories/package_runs.hpp"
#include "advisories/section_out.hpp"
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

std::string to_hexadecimal(const Digest& digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char c : digest) {
    const auto byte = static_cast<unsigned char>(c);
    text.push_back(digits[byte >> 4U]);
    text.push_back(digits[byte & 0xfU]);
  }
  return text;
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

  void add(const RecordFront& front) {
    count.add(front);
    digest.add(front.id);
    digest.add(" ");
    digest.add(to_hexadecimal(front.digest));
    digest.add("\n");
    if (front.modified) ++days[std::chrono::floor<std::chrono::days>(*front.modified)];
  }
};

/// Numbers in lists that are chained through one table: for each of many owners its numbers,
/// ascending when they are added from the greatest down.
class Chains {
 public:
  Chains(std::size_t owners, std::size_t numbers) : heads_(owners, none), nexts_(numbers, none) {}

  void put_first(std::uint32_t owner, std::uint32_t number) {
    nexts_[number] = heads_[owner];
    heads_[owner] = number;
  }

  template <typename Visit>
  void walk(std::uint32_t owner, const Visit& visit) const {
    for (std::uint32_t at = heads_[owner]; at != none; at = nexts_[at])
      visit(at);
  }

 private:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> heads_;
  std::vector<std::uint32_t> nexts_;
};

/// What the tables need of a record when all records are known.
struct RecordRow {
  std::uint32_t size = 0;
  std::uint32_t id = 0;  ///< its number among the ids
  bool is_withdrawn = false;
};

class IndexWriter {
 public:
  IndexWriter(IndexBuilder::State& state, const AdvisoryIndex::State* older)
      : state_(state), older_(older), packages_(state.folder, state.memory) {
    for (std::size_t i = 0; i < layout::section_count; ++i)
      sections_.emplace_back(state.folder);
  }

  Result<> write_sections();
  Result<std::uint64_t> write_file(const IndexBuilder::Take& take);

 private:
  std::string& at(Section section) { return sections_[static_cast<std::size_t>(section)].tail(); }

  Result<> settle(Section section) { return sections_[static_cast<std::size_t>(section)].settle(); }

  Result<> take_record(std::string_view record, const RecordFront& front);
  Result<> write_flaws();
  void write_flaw(std::uint32_t root, const Chains& members, const Chains& records);
  Result<> write_packages();
  void write_exploited();
  void write_epss();
  void write_sources();
  void write_days();
  Result<std::string> header();

  IndexBuilder::State& state_;
  const AdvisoryIndex::State* older_;  ///< may be null
  std::vector<SectionOut> sections_;
  PackageRuns packages_;
  IdSets ids_;
  std::vector<RecordRow> rows_;
  std::array<FormCount, 2> forms_;  ///< OSV, CSAF
  std::map<std::string, RecordCount, std::less<>> ecosystems_;
};

Result<> IndexWriter::take_record(std::string_view record, const RecordFront& front) {
  const auto places = decode_places(record);
  if (!places) return older_->damaged("an unreadable record");
  const std::uint32_t number = narrow(rows_.size());
  at(Section::records) += record;
  TRY_VOID(settle(Section::records));
  const std::uint32_t self = ids_.number_of(front.id);
  rows_.push_back({narrow(record.size()), self, front.is_withdrawn});
  // A withdrawn record joins nothing: what it said about aliases is withdrawn with it.
  if (!front.is_withdrawn) {
    for (const std::string_view alias : front.aliases)
      ids_.join(self, ids_.number_of(alias));
  }
  forms_[front.is_csaf ? 1 : 0].add(front);
  std::vector<std::string_view> seen;
  for (const EntryPlace& place : *places) {
    if (place.ecosystem.empty() || place.package.empty()) continue;
    const std::string name = normalised_name(place.ecosystem, place.package);
    TRY_VOID(packages_.hold({layout::hash_of_package(place.ecosystem, name),
                             place.ecosystem,
                             name,
                             {number, place.offset}}));
    if (std::ranges::find(seen, place.ecosystem) != seen.end()) continue;
    seen.push_back(place.ecosystem);
    const auto known = ecosystems_.find(place.ecosystem);
    (known == ecosystems_.end() ? ecosystems_[std::string(place.ecosystem)] : known->second)
        .add(front);
  }
  return {};
}

Result<> IndexWriter::write_sections() {
  std::uint32_t next = 0;
  std::uint64_t released = 0;
  const RecordRuns::Older older_records = [&]() -> Result<std::optional<std::string_view>> {
    if (older_ == nullptr || next == older_->rows(Section::record_table)) return std::nullopt;
    TRY(const std::string_view record, older_->record(next++));
    if (!decode_front(record)) return older_->damaged("an unreadable record");
    // The pages that were walked are given back: they count as memory of this process.
    released += record.size();
    if (released > section_memory_bytes) {
      older_->release(older_->at(Section::records));
      released = 0;
    }
    return record;
  };
  TRY_VOID(
      state_.records.walk(older_records, [this](std::string_view record, const RecordFront& front) {
        return take_record(record, front);
      }));
  TRY_VOID(write_flaws());
  TRY_VOID(write_packages());
  write_exploited();
  write_epss();
  write_sources();
  write_days();
  return {};
}

/// The flaws in the order of their first records, and the table of the records, which names them.
Result<> IndexWriter::write_flaws() {
  for (const auto& [name, edition] : state_.lists) {
    for (const KnownExploited& known : edition.list.entries) {
      if (!known.euvd.empty() && ids_.find(known.cve))
        ids_.join(ids_.number_of(known.cve), ids_.number_of(known.euvd));
    }
  }
  Chains members(ids_.size(), ids_.size());
  for (std::uint32_t id = ids_.size(); id-- > 0;)
    members.put_first(ids_.root(id), id);
  Chains records(ids_.size(), rows_.size());
  for (std::uint32_t number = narrow(rows_.size()); number-- > 0;)
    records.put_first(ids_.root(rows_[number].id), number);

  constexpr std::uint32_t unplaced = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> flaw_of_root(ids_.size(), unplaced);
  std::uint32_t flaws = 0;
  std::uint64_t offset = 0;
  for (const RecordRow& row : rows_) {
    const std::uint32_t root = ids_.root(row.id);
    if (flaw_of_root[root] == unplaced) {
      flaw_of_root[root] = flaws++;
      write_flaw(root, members, records);
      TRY_VOID(settle(Section::flaws));
    }
    std::string& table = at(Section::record_table);
    put_u64(table, offset);
    put_u32(table, row.size);
    put_u32(table, flaw_of_root[root]);
    put_u32(table, row.is_withdrawn ? 1 : 0);
    TRY_VOID(settle(Section::record_table));
    offset += row.size;
  }
  return {};
}

void IndexWriter::write_flaw(std::uint32_t root, const Chains& members, const Chains& records) {
  std::vector<std::string_view> texts;
  members.walk(root, [&](std::uint32_t id) { texts.push_back(ids_.text(id)); });
  std::ranges::sort(texts, is_better_id);
  std::string flaw;
  put_count(flaw, texts.size());
  for (const std::string_view id : texts)
    put_text(flaw, id);
  std::vector<std::uint32_t> numbers;
  records.walk(root, [&](std::uint32_t number) { numbers.push_back(number); });
  put_count(flaw, numbers.size());
  for (const std::uint32_t number : numbers)
    put_count(flaw, number);
  put_u64(at(Section::flaw_table), sections_[static_cast<std::size_t>(Section::flaws)].size());
  put_u32(at(Section::flaw_table), narrow(flaw.size()));
  at(Section::flaws) += flaw;
}

Result<> IndexWriter::write_packages() {
  std::string ecosystem;
  std::string name;
  std::uint64_t hash = 0;
  std::uint32_t postings = 0;
  std::uint32_t first = 0;
  std::uint64_t name_at = 0;
  Result<> settled;
  const auto close = [&] {
    if (postings == first) return;
    std::string& packages = at(Section::packages);
    put_u64(packages, hash);
    put_u32(packages, narrow(name_at));
    put_u32(packages, first);
    put_u32(packages, postings - first);
    for (const Section one : {Section::packages, Section::package_names, Section::postings})
      if (settled) settled = settle(one);
  };
  TRY_VOID(packages_.walk([&](const PackageEntry& entry) {
    if (postings == first || entry.hash != hash || entry.ecosystem != ecosystem ||
        entry.name != name) {
      close();
      first = postings;
      hash = entry.hash;
      ecosystem = entry.ecosystem;
      name = entry.name;
      name_at = sections_[static_cast<std::size_t>(Section::package_names)].size();
      put_text(at(Section::package_names), ecosystem);
      put_text(at(Section::package_names), name);
    }
    put_u32(at(Section::postings), entry.posting.record);
    put_u32(at(Section::postings), entry.posting.offset);
    ++postings;
  }));
  close();
  TRY_VOID(settled);
  std::string& texts = at(Section::ecosystems);
  for (const auto& [known, count] : ecosystems_) {
    put_text(texts, known);
    put_count(texts, count.records);
    put_text(texts, day_text(count.newest));
  }
  return {};
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
  constexpr std::array names = {"osv", "csaf"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const RecordCount& count = forms_[i].count;
    IndexSource source{names[i], day_text(count.newest), static_cast<std::int64_t>(count.records),
                       forms_[i].digest.finish(), ""};
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
      put_u32(at(Section::days), number | (form == 1 ? layout::day_of_csaf : 0));
      put_u32(at(Section::days), records);
    }
  }
}

/// The header, with the digest of what follows it.
Result<std::string> IndexWriter::header() {
  std::uint64_t size = layout::header_bytes;
  Sha256 contents;
  for (SectionOut& one : sections_) {
    size += one.size();
    TRY_VOID(one.read([&](std::string_view bytes) -> Result<> {
      contents.add(bytes);
      return {};
    }));
  }
  std::string header(layout::magic);
  put_u32(header, index_version);
  put_u32(header, layout::section_count);
  put_u64(header, size);
  std::uint64_t place = layout::header_bytes;
  for (const SectionOut& one : sections_) {
    put_u64(header, place);
    put_u64(header, one.size());
    place += one.size();
  }
  header += contents.finish();
  LS_CHECK(header.size() == layout::check_at, "the header is as its layout says");
  put_u64(header, layout::hash_of(header));
  return header;
}

Result<std::uint64_t> IndexWriter::write_file(const IndexBuilder::Take& take) {
  TRY(const std::string front, header());
  TRY_VOID(take(front));
  std::uint64_t size = front.size();
  for (SectionOut& one : sections_) {
    size += one.size();
    TRY_VOID(one.read(take));
  }
  return size;
}

}  // namespace

Result<std::uint64_t> IndexBuilder::write(const Take& take) {
  if (state_->trouble) return tl::unexpected<Error>(*state_->trouble);
  IndexWriter writer(*state_, state_->older ? state_->older->state_.get() : nullptr);
  TRY_VOID(writer.write_sections());
  return writer.write_file(take);
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
