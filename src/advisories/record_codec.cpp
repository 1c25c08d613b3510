// SPDX-License-Identifier: Apache-2.0
#include "advisories/record_codec.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "advisories/bytes.hpp"
#include "advisories/version_list.hpp"
#include "base/digest.hpp"

namespace lockstep::advisories {

namespace {

/// A damaged count must not ask for memory before its elements are seen.
std::size_t room_for(std::size_t elements) {
  return std::min<std::size_t>(elements, 4096);
}

/// Seconds are kept with an offset of one, so that zero says "none"; none lies before 1970.
void put_instant(BlobWriter& into, const std::optional<Instant>& at) {
  const std::int64_t seconds = at ? at->time_since_epoch().count() : -1;
  into.count(seconds < 0 ? 0 : static_cast<std::uint64_t>(seconds) + 1);
}

std::optional<Instant> take_instant(BlobReader& blob) {
  const std::uint64_t kept = blob.count();
  constexpr std::uint64_t year_9999 = 253'402'300'799;
  if (kept == 0 || kept > year_9999) return std::nullopt;
  return Instant(std::chrono::seconds(static_cast<std::int64_t>(kept - 1)));
}

template <typename Text>
void put_texts(BlobWriter& into, const std::vector<Text>& texts) {
  into.count(texts.size());
  for (const Text& text : texts)
    into.text(text);
}

template <typename Text>
void take_texts(BlobReader& blob, std::vector<Text>& into) {
  const std::size_t number = blob.elements();
  into.clear();
  into.reserve(room_for(number));
  for (std::size_t i = 0; i < number && blob.good(); ++i)
    into.emplace_back(blob.text());
}

void pass_over_texts(BlobReader& blob) {
  const std::size_t number = blob.elements();
  for (std::size_t i = 0; i < number && blob.good(); ++i)
    blob.text();
}

/// A score is kept in tenths with an offset of one, so that zero says "none".
void take_severities(BlobReader& blob, std::vector<ScoredSeverity>& into) {
  const std::size_t number = blob.elements();
  into.clear();
  into.reserve(room_for(number));
  for (std::size_t i = 0; i < number && blob.good(); ++i) {
    ScoredSeverity& severity = into.emplace_back();
    severity.type = blob.text();
    severity.score = blob.text();
    if (const std::uint64_t kept = blob.count(); kept != 0)
      severity.base = static_cast<double>(kept - 1) / 10;
  }
}

std::vector<PublishedSeverity> take_published(BlobReader& blob) {
  std::vector<ScoredSeverity> scored;
  take_severities(blob, scored);
  std::vector<PublishedSeverity> published;
  published.reserve(scored.size());
  for (const ScoredSeverity& one : scored)
    published.push_back({std::string(one.type), std::string(one.score)});
  return published;
}

template <typename Text>
void put_events(BlobWriter& into, const std::vector<BasicEvent<Text>>& events) {
  into.count(events.size());
  for (const auto& event : events) {
    into.count(static_cast<std::uint64_t>(event.kind));
    into.text(event.version);
  }
}

/// @param has_commits whether those of a range of commits are kept: beside versions of packages,
/// that there is such a range is all that is used
template <typename Text>
void put_range(BlobWriter& into, const BasicAffectedRange<Text>& range, bool has_commits) {
  into.count(static_cast<std::uint64_t>(range.kind));
  if (range.kind == RangeKind::git && !has_commits) {
    into.count(0);
  } else {
    put_events(into, range.events);
  }
}

/// Numbers of kinds that no writer makes read as the last kind: they cannot do harm.
template <typename Text>
void take_events(BlobReader& blob, std::vector<BasicEvent<Text>>& into) {
  const std::size_t number = blob.elements();
  into.clear();
  into.reserve(room_for(number));
  for (std::size_t i = 0; i < number && blob.good(); ++i) {
    BasicEvent<Text>& event = into.emplace_back();
    event.kind = static_cast<EventKind>(std::min<std::uint64_t>(blob.count(), 4));
    event.version = blob.text();
  }
}

void take_range(BlobReader& blob, AffectedRangeView& into) {
  into.kind = static_cast<RangeKind>(std::min<std::uint64_t>(blob.count(), 2));
  take_events(blob, into.events);
}

void take_entry(BlobReader& blob, std::string_view version, AffectedEntry& entry) {
  entry.ecosystem = blob.text();
  entry.package = blob.text();
  entry.partly_read = blob.count() != 0;
  take_severities(blob, entry.severity);
  const std::size_t ranges = blob.elements();
  entry.ranges.reserve(room_for(ranges));
  for (std::size_t i = 0; i < ranges && blob.good(); ++i) {
    if (i == entry.ranges.size()) entry.ranges.emplace_back();
    take_range(blob, entry.ranges[i]);
  }
  if (ranges < entry.ranges.size()) entry.ranges.resize(ranges);
  entry.listed = take_listed(blob, version);
  entry.arch = blob.text();
  entry.cpe = blob.text();
  const std::size_t groups = blob.elements();
  entry.together_with.clear();
  entry.together_with.reserve(room_for(groups));
  for (std::size_t i = 0; i < groups && blob.good(); ++i)
    entry.together_with.push_back(static_cast<std::uint32_t>(blob.count()));
}

template <typename Text>
void put_groups(BlobWriter& into, const std::vector<std::vector<BasicCpeCriterion<Text>>>& groups) {
  into.count(groups.size());
  for (const auto& group : groups) {
    into.count(group.size());
    for (const auto& criterion : group) {
      into.text(criterion.name);
      put_events(into, criterion.events);
    }
  }
}

std::vector<std::vector<CpeCriterion>> take_groups(BlobReader& blob) {
  const std::size_t number = blob.elements();
  std::vector<std::vector<CpeCriterion>> groups;
  groups.reserve(room_for(number));
  for (std::size_t i = 0; i < number && blob.good(); ++i) {
    const std::size_t members = blob.elements();
    std::vector<CpeCriterion>& group = groups.emplace_back();
    group.reserve(room_for(members));
    for (std::size_t m = 0; m < members && blob.good(); ++m) {
      CpeCriterion criterion;
      criterion.name = blob.text();
      take_events(blob, criterion.events);
      group.push_back(std::move(criterion));
    }
  }
  return groups;
}

/// Reads the front and leaves the reader behind it.
std::optional<RecordFront> take_front(BlobReader& blob, std::string_view record) {
  RecordFront front;
  front.id = blob.text();
  front.digest = blob.raw(record_digest_bytes);
  front.modified = take_instant(blob);
  const std::uint64_t kinds = blob.count();
  front.is_withdrawn = (kinds & 1U) != 0;
  front.has_upstream = (kinds & 2U) != 0;
  front.form = static_cast<AdvisoryForm>(
      std::min(kinds >> 2U, static_cast<std::uint64_t>(AdvisoryForm::ghsa)));
  const std::size_t start = record.size() - blob.left();
  pass_over_texts(blob);
  if (!blob.good()) return std::nullopt;
  front.aliases = record.substr(start, record.size() - blob.left() - start);
  return front;
}

/// The members between the front and the entries.
void take_middle(BlobReader& blob, Advisory& into) {
  into.published = take_instant(blob);
  into.withdrawn = take_instant(blob);
  into.summary = blob.text();
  into.severity_word = blob.text();
  take_texts(blob, into.upstream);
  take_texts(blob, into.weaknesses);
  into.severity = take_published(blob);
  into.cpe_groups = take_groups(blob);
}

}  // namespace

template <typename Text>
void RecordEncoder::put_severities(const std::vector<BasicPublishedSeverity<Text>>& severities) {
  part_.count(severities.size());
  for (const auto& severity : severities) {
    part_.text(severity.type);
    part_.text(severity.score);
    const std::optional<int> tenths = scores_.tenths_of(severity);
    part_.count(tenths ? static_cast<std::uint64_t>(*tenths) + 1 : 0);
  }
}

template <typename Text>
void RecordEncoder::put_middle(const BasicAdvisory<Text>& advisory) {
  put_instant(part_, advisory.published);
  put_instant(part_, advisory.withdrawn);
  part_.text(advisory.summary);
  part_.text(advisory.severity_word);
  put_texts(part_, advisory.upstream);
  put_texts(part_, advisory.weaknesses);
  put_severities(advisory.severity);
  put_groups(part_, advisory.cpe_groups);
}

template <typename Text>
void RecordEncoder::put_entry(const BasicAffected<Text>& affected) {
  part_.text(affected.ecosystem);
  part_.text(affected.package);
  part_.count(affected.partly_read ? 1 : 0);
  put_severities(affected.severity);
  part_.count(affected.ranges.size());
  for (const auto& range : affected.ranges)
    put_range(part_, range, affected.ecosystem == git_ecosystem);
  versions_.put(affected.versions, part_);
  part_.text(affected.arch);
  part_.text(affected.cpe);
  part_.count(affected.together_with.size());
  for (const std::uint32_t group : affected.together_with)
    part_.count(group);
}

template <typename Text>
std::string_view RecordEncoder::encode_any(const BasicAdvisory<Text>& advisory) {
  rest_.clear();
  put_instant(rest_, advisory.modified);
  rest_.count((advisory.withdrawn ? 1U : 0U) | (advisory.upstream.empty() ? 0U : 2U) |
              static_cast<std::uint64_t>(advisory.form) << 2U);
  put_texts(rest_, advisory.aliases);
  part_.clear();
  put_middle(advisory);
  rest_.text(part_.bytes());
  rest_.count(advisory.affected.size());
  for (const auto& affected : advisory.affected) {
    part_.clear();
    put_entry(affected);
    rest_.text(part_.bytes());
  }
  record_.clear();
  record_.text(advisory.id);
  const auto digest = sha256_bytes(rest_.bytes());
  record_.raw({digest.data(), digest.size()});
  record_.raw(rest_.bytes());
  return record_.bytes();
}

std::string_view RecordEncoder::encode(const Advisory& advisory) {
  return encode_any(advisory);
}

std::string_view RecordEncoder::encode(const AdvisoryView& advisory) {
  return encode_any(advisory);
}

std::optional<RecordFront> decode_front(std::string_view record) {
  BlobReader blob(record);
  return take_front(blob, record);
}

bool has_its_digest(std::string_view record) {
  BlobReader blob(record);
  blob.text();
  const std::string_view digest = blob.raw(record_digest_bytes);
  if (!blob.good()) return false;
  const auto found = sha256_bytes(record.substr(record.size() - blob.left()));
  return digest == std::string_view(found.data(), found.size());
}

void put_line(std::string& line, const RecordFront& front) {
  constexpr std::string_view digits = "0123456789abcdef";
  line.resize(front.id.size() + 2 * front.digest.size() + 2);
  char* to = std::ranges::copy(front.id, line.data()).out;
  *to++ = ' ';
  for (const char c : front.digest) {
    const auto byte = static_cast<unsigned char>(c);
    *to++ = digits[byte >> 4U];
    *to++ = digits[byte & 0xfU];
  }
  *to = '\n';
}

std::string_view decode_id(std::string_view record) {
  return BlobReader(record).text();
}

bool decode_places(std::string_view record, std::vector<EntryPlace>& places) {
  places.clear();
  if (record.size() > std::numeric_limits<std::uint32_t>::max()) return false;
  BlobReader blob(record);
  if (!take_front(blob, record)) return false;
  blob.text();
  const std::size_t number = blob.elements();
  for (std::size_t i = 0; i < number && blob.good(); ++i) {
    EntryPlace place;
    place.offset = static_cast<std::uint32_t>(record.size() - blob.left());
    BlobReader entry(blob.text());
    place.ecosystem = entry.text();
    place.package = entry.text();
    if (!entry.good()) return false;
    places.push_back(place);
  }
  return blob.good();
}

bool decode_entry(std::string_view record,
                  std::uint32_t offset,
                  std::string_view version,
                  AffectedEntry& into) {
  if (offset > record.size()) return false;
  BlobReader blob(record.substr(offset));
  BlobReader bytes(blob.text());
  take_entry(bytes, version, into);
  return blob.good() && bytes.good();
}

bool decode_record_head(std::string_view record, RecordHead& head) {
  BlobReader blob(record);
  const auto front = take_front(blob, record);
  if (!front) return false;
  head.id = front->id;
  blob.count();
  head.published = take_instant(blob);
  take_instant(blob);
  head.summary = blob.text();
  head.severity_word = blob.text();
  take_texts(blob, head.upstream);
  pass_over_texts(blob);
  take_severities(blob, head.severity);
  return blob.good();
}

std::optional<Advisory> decode_head(std::string_view record) {
  BlobReader blob(record);
  const auto front = take_front(blob, record);
  if (!front) return std::nullopt;
  Advisory advisory;
  advisory.id = front->id;
  advisory.modified = front->modified;
  advisory.form = front->form;
  BlobReader aliases(front->aliases);
  take_texts(aliases, advisory.aliases);
  blob.count();
  take_middle(blob, advisory);
  if (!blob.good()) return std::nullopt;
  return advisory;
}

}  // namespace lockstep::advisories
