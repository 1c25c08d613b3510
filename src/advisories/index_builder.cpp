// SPDX-License-Identifier: Apache-2.0
// Records are encoded as they come and kept in blocks of bytes; the domain's form of a record is
// gone before the next is read. `finish` sorts what is kept, drops what a newer record replaces,
// and writes the sections. Everything is sorted by the data itself, so the order of arrival leaves
// no trace in the bytes.
#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "advisories/bytes.hpp"
#include "advisories/ecosystem.hpp"
#include "advisories/flaw_order.hpp"
#include "advisories/index.hpp"
#include "advisories/index_layout.hpp"
#include "advisories/index_state.hpp"
#include "advisories/record_codec.hpp"
#include "base/check.hpp"
#include "base/digest.hpp"
#include "base/time.hpp"

namespace lockstep::advisories {

using layout::Section;

namespace {

std::uint32_t narrow(std::size_t value) {
  LS_CHECK(value <= std::numeric_limits<std::uint32_t>::max(), "the index is over 4 GiB somewhere");
  return static_cast<std::uint32_t>(value);
}

Digest digest_of(std::string_view hexadecimal) {
  const auto value = [](char c) {
    return c >= 'a' ? c - 'a' + 10 : c >= 'A' ? c - 'A' + 10 : c - '0';
  };
  LS_CHECK(hexadecimal.size() == 64, "a digest is 64 hexadecimal digits");
  Digest digest{};
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<char>(value(hexadecimal[2 * i]) * 16 + value(hexadecimal[2 * i + 1]));
  }
  return digest;
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

std::uint32_t billionths(double share) {
  return static_cast<std::uint32_t>(std::llround(share * layout::billion));
}

/// Sets that grow together; each has the number of one of its members.
class Sets {
 public:
  std::uint32_t add() {
    parents_.push_back(narrow(parents_.size()));
    return parents_.back();
  }

  std::uint32_t root(std::uint32_t member) {
    while (parents_[member] != member) {
      parents_[member] = parents_[parents_[member]];
      member = parents_[member];
    }
    return member;
  }

  void join(std::uint32_t a, std::uint32_t b) {
    a = root(a);
    b = root(b);
    parents_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::uint32_t> parents_;
};

/// A record that stays, with its front.
struct Kept {
  std::string_view bytes;
  RecordFront front;
};

/// The records of one ecosystem, and the newest `modified` among them.
struct RecordCount {
  std::uint64_t records = 0;
  std::optional<Instant> newest;
};

std::string day_text(const std::optional<Instant>& at) {
  return at ? to_text(std::chrono::floor<std::chrono::days>(*at)) : "";
}

/// One `affected` entry under its key.
struct PackageEntry {
  std::uint64_t hash = 0;
  std::string_view ecosystem;
  std::string name;
  Posting posting;

  auto key() const { return std::tie(hash, ecosystem, name); }
};

/// Sorts by hash, ecosystem, name and posting.
/// SPEED: the texts differ only where two packages share a hash, so they are compared only there.
void sort_by_package(std::vector<PackageEntry>& entries) {
  std::ranges::sort(entries, [](const PackageEntry& a, const PackageEntry& b) {
    return std::tie(a.hash, a.posting) < std::tie(b.hash, b.posting);
  });
  for (std::size_t first = 0; first < entries.size();) {
    std::size_t last = first;
    bool is_one_package = true;
    for (; last < entries.size() && entries[last].hash == entries[first].hash; ++last) {
      is_one_package = is_one_package && entries[last].key() == entries[first].key();
    }
    const auto same_hash = std::span(entries).subspan(first, last - first);
    if (!is_one_package) {
      std::ranges::sort(same_hash, [](const PackageEntry& a, const PackageEntry& b) {
        return std::tie(a.ecosystem, a.name, a.posting) < std::tie(b.ecosystem, b.name, b.posting);
      });
    }
    first = last;
  }
}

using Sections = std::array<std::string, layout::section_count>;

std::string& section(Sections& sections, Section which) {
  return sections[static_cast<std::size_t>(which)];
}

struct Edition {
  IndexSource source;
  KnownExploitedList list;
};

}  // namespace

struct IndexBuilder::State {
  std::deque<std::string> blocks;        ///< of records; none ever grows past what it reserved
  std::vector<std::string_view> held;    ///< the records, each in one block
  std::map<std::string, Edition> lists;  ///< by source
  IndexSource epss_source;
  std::vector<std::array<std::uint64_t, 2>> epss;  ///< CVE number, both shares in one word

  void hold(std::string_view record);
  std::vector<Kept> newest() const;
  void write_records(std::span<const Kept> kept, Sections& sections) const;
  void write_flaws(std::span<const Kept> kept, Sections& sections) const;
  void write_packages(std::span<const Kept> kept, Sections& sections) const;
  void write_exploited(Sections& sections) const;
  void write_epss(Sections& sections) const;
  void write_sources(std::span<const Kept> kept, Sections& sections) const;
  void write_days(std::span<const Kept> kept, Sections& sections) const;
};

IndexBuilder::IndexBuilder() : state_(std::make_unique<State>()) {}

IndexBuilder::IndexBuilder(IndexBuilder&&) noexcept = default;
IndexBuilder& IndexBuilder::operator=(IndexBuilder&&) noexcept = default;
IndexBuilder::~IndexBuilder() = default;

void IndexBuilder::State::hold(std::string_view record) {
  constexpr std::size_t block_bytes = std::size_t{1} << 20U;
  if (blocks.empty() || blocks.back().capacity() - blocks.back().size() < record.size()) {
    blocks.emplace_back().reserve(std::max(block_bytes, record.size()));
  }
  std::string& block = blocks.back();
  block += record;
  held.push_back(std::string_view(block).substr(block.size() - record.size()));
}

std::size_t IndexBuilder::mark() const {
  return state_->held.size();
}

void IndexBuilder::back_to(std::size_t mark) {
  LS_CHECK(mark <= state_->held.size(), "a mark is of this builder");
  state_->held.resize(mark);
}

void IndexBuilder::add(const Advisory& advisory, std::string_view sha256) {
  state_->hold(encode(advisory, digest_of(sha256)));
}

void IndexBuilder::add(const KnownExploitedList& list, std::string_view sha256) {
  Edition edition{{list.source, list.as_of, 0, std::string(sha256), ""}, list};
  const auto age = [](const IndexSource& source) { return std::tie(source.as_of, source.sha256); };
  const auto [held, is_new] = state_->lists.try_emplace(list.source, edition);
  if (!is_new && age(held->second.source) < age(edition.source)) held->second = std::move(edition);
}

void IndexBuilder::add(const EpssTable& table, std::string_view sha256) {
  IndexSource source{"epss", table.score_date, 0, std::string(sha256), table.model_version};
  IndexSource& held = state_->epss_source;
  if (std::tie(source.as_of, source.sha256) < std::tie(held.as_of, held.sha256)) return;
  held = std::move(source);
  state_->epss.clear();
  for (const Epss& row : table.rows) {
    const auto number = cve_number(row.cve);
    if (!number) continue;
    const std::uint64_t shares = std::uint64_t{billionths(row.probability)} << 32U;
    state_->epss.push_back({*number, shares | billionths(row.percentile)});
  }
}

Result<> IndexBuilder::add_all(const AdvisoryIndex& index) {
  const AdvisoryIndex::State& old = *index.state_;
  for (std::uint32_t number = 0; number < index.records(); ++number) {
    TRY(const std::string_view record, old.record(number));
    if (!decode_front(record) || !decode_places(record)) return old.damaged("an unreadable record");
    state_->hold(record);
  }
  std::map<std::string, KnownExploitedList> lists;
  for (std::size_t row = 0; row < old.rows(Section::exploited); ++row) {
    TRY(KnownExploited known, old.exploited_at(old.row_of(Section::exploited, row)));
    lists[known.source].entries.push_back(std::move(known));
  }
  for (const IndexSource& source : index.sources()) {
    if (source.source == "epss" &&
        std::tie(source.as_of, source.sha256) >=
            std::tie(state_->epss_source.as_of, state_->epss_source.sha256)) {
      state_->epss_source = source;
      state_->epss.clear();
      const std::string_view table = old.at(Section::epss);
      for (std::size_t row = 0; row < table.size(); row += 16) {
        const std::uint64_t shares = std::uint64_t{u32_at(table, row + 8)} << 32U;
        state_->epss.push_back({u64_at(table, row), shares | u32_at(table, row + 12)});
      }
    } else if (source.source != "epss" && source.source != "osv") {
      KnownExploitedList& list = lists[source.source];
      list.source = source.source;
      list.as_of = source.as_of;
      add(list, source.sha256);
    }
  }
  return {};
}

/// The records that stay, sorted by id: of each id the newest.
std::vector<Kept> IndexBuilder::State::newest() const {
  std::vector<Kept> all;
  all.reserve(held.size());
  for (const std::string_view record : held) {
    auto front = decode_front(record);
    LS_CHECK(front.has_value(), "the builder cannot read its own record");
    all.push_back({record, *std::move(front)});
  }
  // The bytes come last, so that even two records with one digest have an order.
  std::ranges::sort(all, [](const Kept& a, const Kept& b) {
    return std::tie(a.front.id, a.front.modified, a.front.digest, a.bytes) <
           std::tie(b.front.id, b.front.modified, b.front.digest, b.bytes);
  });
  std::vector<Kept> kept;
  kept.reserve(all.size());
  for (Kept& one : all) {
    if (!kept.empty() && kept.back().front.id == one.front.id) kept.pop_back();
    kept.push_back(std::move(one));
  }
  return kept;
}

/// The records themselves; `write_flaws` makes their table.
void IndexBuilder::State::write_records(std::span<const Kept> kept, Sections& sections) const {
  std::size_t size = 0;
  for (const Kept& one : kept)
    size += one.bytes.size();
  std::string& records = section(sections, Section::records);
  records.reserve(size);
  for (const Kept& one : kept)
    records += one.bytes;
}

/// Joins the ids that name one weakness. A withdrawn record joins nothing: what it said about
/// aliases is withdrawn with it.
void IndexBuilder::State::write_flaws(std::span<const Kept> kept, Sections& sections) const {
  Sets sets;
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  std::vector<std::string_view> ids;
  const auto number_of = [&](std::string_view id) {
    const auto [place, is_new] = numbers.try_emplace(id, narrow(ids.size()));
    if (is_new) {
      ids.push_back(id);
      sets.add();
    }
    return place->second;
  };
  for (const Kept& one : kept) {
    const std::uint32_t self = number_of(one.front.id);
    if (one.front.is_withdrawn) continue;
    for (const std::string_view alias : one.front.aliases)
      sets.join(self, number_of(alias));
  }
  for (const auto& [name, edition] : lists) {
    for (const KnownExploited& known : edition.list.entries) {
      if (!known.euvd.empty() && numbers.contains(known.cve)) {
        sets.join(number_of(known.cve), number_of(known.euvd));
      }
    }
  }

  std::vector<std::vector<std::string_view>> members(ids.size());
  for (std::uint32_t i = 0; i < ids.size(); ++i)
    members[sets.root(i)].push_back(ids[i]);
  std::vector<std::vector<std::uint32_t>> records(ids.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    records[sets.root(numbers.at(kept[i].front.id))].push_back(narrow(i));
  }

  std::string& table = section(sections, Section::record_table);
  std::string& flaws = section(sections, Section::flaws);
  std::unordered_map<std::uint32_t, std::uint32_t> placed;
  std::uint64_t offset = 0;
  for (const Kept& one : kept) {
    const std::uint32_t root = sets.root(numbers.at(one.front.id));
    const auto [flaw, is_new] = placed.try_emplace(root, narrow(placed.size()));
    if (is_new) {
      const std::size_t start = flaws.size();
      std::ranges::sort(members[root], is_better_id);
      put_count(flaws, members[root].size());
      for (const std::string_view id : members[root])
        put_text(flaws, id);
      put_count(flaws, records[root].size());
      for (const std::uint32_t record : records[root])
        put_count(flaws, record);
      put_u64(section(sections, Section::flaw_table), start);
      put_u32(section(sections, Section::flaw_table), narrow(flaws.size() - start));
    }
    put_u64(table, offset);
    put_u32(table, narrow(one.bytes.size()));
    put_u32(table, flaw->second);
    put_u32(table, one.front.is_withdrawn ? 1 : 0);
    offset += one.bytes.size();
  }
}

void IndexBuilder::State::write_packages(std::span<const Kept> kept, Sections& sections) const {
  std::vector<PackageEntry> entries;
  std::map<std::string_view, RecordCount> counts;
  for (std::size_t number = 0; number < kept.size(); ++number) {
    const auto places = decode_places(kept[number].bytes);
    LS_CHECK(places.has_value(), "the builder cannot read its own record");
    std::vector<std::string_view> seen;
    for (const EntryPlace& place : *places) {
      if (place.ecosystem.empty() || place.package.empty()) continue;
      PackageEntry entry;
      entry.ecosystem = place.ecosystem;
      entry.name = normalised_name(place.ecosystem, place.package);
      entry.hash = layout::hash_of_package(entry.ecosystem, entry.name);
      entry.posting = {narrow(number), place.offset};
      entries.push_back(std::move(entry));
      if (std::ranges::find(seen, place.ecosystem) != seen.end()) continue;
      seen.push_back(place.ecosystem);
      RecordCount& count = counts[place.ecosystem];
      ++count.records;
      count.newest = std::max(count.newest, kept[number].front.modified);
    }
  }
  sort_by_package(entries);
  std::string& packages = section(sections, Section::packages);
  std::string& names = section(sections, Section::package_names);
  std::string& postings = section(sections, Section::postings);
  for (std::size_t first = 0; first < entries.size();) {
    std::size_t last = first;
    while (last < entries.size() && entries[last].key() == entries[first].key())
      ++last;
    put_u64(packages, entries[first].hash);
    put_u32(packages, narrow(names.size()));
    put_u32(packages, narrow(postings.size() / 8));
    put_u32(packages, narrow(last - first));
    put_text(names, entries[first].ecosystem);
    put_text(names, entries[first].name);
    for (; first < last; ++first) {
      put_u32(postings, entries[first].posting.record);
      put_u32(postings, entries[first].posting.offset);
    }
  }
  for (const auto& [ecosystem, count] : counts) {
    put_text(section(sections, Section::ecosystems), ecosystem);
    put_count(section(sections, Section::ecosystems), count.records);
    put_text(section(sections, Section::ecosystems), day_text(count.newest));
  }
}

void IndexBuilder::State::write_exploited(Sections& sections) const {
  std::map<std::tuple<std::uint64_t, std::string_view>, const KnownExploited*> sorted;
  for (const auto& [name, edition] : lists) {
    for (const KnownExploited& known : edition.list.entries) {
      const auto number = listed_number(known.cve);
      if (number) sorted.try_emplace({*number, name}, &known);
    }
  }
  std::string& texts = section(sections, Section::exploited_texts);
  for (const auto& [key, known] : sorted) {
    const std::size_t start = texts.size();
    put_text(texts, known->cve);
    put_text(texts, known->source);
    put_text(texts, known->date_added);
    put_text(texts, known->euvd);
    put_count(texts, known->ransomware ? 1 : 0);
    put_text(texts, known->origin);
    put_u64(section(sections, Section::exploited), std::get<0>(key));
    put_u32(section(sections, Section::exploited), narrow(start));
    put_u32(section(sections, Section::exploited), narrow(texts.size() - start));
  }
}

void IndexBuilder::State::write_epss(Sections& sections) const {
  auto sorted = epss;
  std::ranges::sort(sorted);
  const auto same_number = [](const auto& a, const auto& b) { return a[0] == b[0]; };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), same_number), sorted.end());
  for (const auto& [number, shares] : sorted) {
    put_u64(section(sections, Section::epss), number);
    put_u32(section(sections, Section::epss), static_cast<std::uint32_t>(shares >> 32U));
    put_u32(section(sections, Section::epss), static_cast<std::uint32_t>(shares & 0xffffffffU));
  }
}

void IndexBuilder::State::write_sources(std::span<const Kept> kept, Sections& sections) const {
  std::vector<IndexSource> sources;
  IndexSource osv{"osv", "", static_cast<std::int64_t>(kept.size()), "", ""};
  std::string lines;
  std::optional<Instant> newest;
  for (const Kept& one : kept) {
    lines += one.front.id;
    lines += ' ';
    lines += to_hexadecimal(one.front.digest);
    lines += '\n';
    newest = std::max(newest, one.front.modified);
  }
  osv.as_of = day_text(newest);
  osv.sha256 = sha256(lines);
  if (!kept.empty()) sources.push_back(std::move(osv));
  for (const auto& [name, edition] : lists) {
    sources.push_back(edition.source);
    sources.back().entries = static_cast<std::int64_t>(edition.list.entries.size());
  }
  if (!epss_source.source.empty()) {
    sources.push_back(epss_source);
    sources.back().entries =
        static_cast<std::int64_t>(section(sections, Section::epss).size() / 16);
  }
  std::ranges::sort(sources, {}, &IndexSource::source);
  std::string& texts = section(sections, Section::sources);
  for (const IndexSource& source : sources) {
    put_text(texts, source.source);
    put_text(texts, source.as_of);
    put_count(texts, static_cast<std::uint64_t>(source.entries));
    put_text(texts, source.sha256);
    put_text(texts, source.edition);
  }
}

void IndexBuilder::State::write_days(std::span<const Kept> kept, Sections& sections) const {
  std::map<Day, std::uint32_t> days;
  for (const Kept& one : kept)
    if (one.front.modified) ++days[std::chrono::floor<std::chrono::days>(*one.front.modified)];
  std::string& table = section(sections, Section::days);
  for (const auto& [day, records] : days) {
    put_u32(table, narrow(static_cast<std::size_t>(day.time_since_epoch().count())));
    put_u32(table, records);
  }
}

std::string IndexBuilder::finish() {
  Sections sections;
  const std::vector<Kept> kept = state_->newest();
  state_->write_records(kept, sections);
  state_->write_flaws(kept, sections);
  state_->write_packages(kept, sections);
  state_->write_exploited(sections);
  state_->write_epss(sections);
  state_->write_sources(kept, sections);
  state_->write_days(kept, sections);

  std::size_t size = layout::header_bytes;
  for (const std::string& one : sections)
    size += one.size();
  std::string file(layout::magic);
  file.reserve(size);
  put_u32(file, index_version);
  put_u32(file, layout::section_count);
  put_u64(file, size);
  std::size_t place = layout::header_bytes;
  for (const std::string& one : sections) {
    put_u64(file, place);
    put_u64(file, one.size());
    place += one.size();
  }
  // The digests follow when what they cover is there.
  file.resize(layout::header_bytes);
  for (std::string& one : sections) {
    file += one;
    one = {};
  }
  file.replace(layout::digest_at, layout::digest_bytes,
               sha256(std::string_view(file).substr(layout::header_bytes)));
  std::string check;
  put_u64(check, layout::hash_of(std::string_view(file).substr(0, layout::check_at)));
  file.replace(layout::check_at, check.size(), check);
  return file;
}

}  // namespace lockstep::advisories
