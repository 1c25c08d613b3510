// SPDX-License-Identifier: Apache-2.0
#include "advisories/record_codec.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "advisories/bytes.hpp"

namespace lockstep::advisories {

namespace {

/// A damaged count must not ask for memory before its elements are seen.
std::size_t room_for(std::size_t elements) {
  return std::min<std::size_t>(elements, 4096);
}

/// Seconds are kept with an offset of one, so that zero says "none"; none lies before 1970.
void put_instant(std::string& into, const std::optional<Instant>& at) {
  const std::int64_t seconds = at ? at->time_since_epoch().count() : -1;
  put_count(into, seconds < 0 ? 0 : static_cast<std::uint64_t>(seconds) + 1);
}

std::optional<Instant> take_instant(BlobReader& blob) {
  const std::uint64_t kept = blob.count();
  constexpr std::uint64_t year_9999 = 253'402'300'799;
  if (kept == 0 || kept > year_9999) return std::nullopt;
  return Instant(std::chrono::seconds(static_cast<std::int64_t>(kept - 1)));
}

void put_texts(std::string& into, const std::vector<std::string>& texts) {
  put_count(into, texts.size());
  for (const std::string& text : texts)
    put_text(into, text);
}

template <typename Text>
std::vector<Text> take_texts(BlobReader& blob) {
  const std::size_t number = blob.elements();
  std::vector<Text> texts;
  texts.reserve(room_for(number));
  for (std::size_t i = 0; i < number && blob.good(); ++i)
    texts.emplace_back(blob.text());
  return texts;
}

void pass_over_texts(BlobReader& blob) {
  const std::size_t number = blob.elements();
  for (std::size_t i = 0; i < number && blob.good(); ++i)
    blob.text();
}

ListedVersions take_versions(BlobReader& blob) {
  const std::size_t number = blob.elements();
  const BlobReader start = blob;
  for (std::size_t i = 0; i < number && blob.good(); ++i)
    blob.text();
  return blob.good() ? ListedVersions(start.up_to(blob)) : ListedVersions();
}

void put_severities(std::string& into, const std::vector<PublishedSeverity>& severities) {
  put_count(into, severities.size());
  for (const PublishedSeverity& severity : severities) {
    put_text(into, severity.type);
    put_text(into, severity.score);
  }
}

std::vector<PublishedSeverity> take_severities(BlobReader& blob) {
  const std::size_t number = blob.elements();
  std::vector<PublishedSeverity> severities;
  severities.reserve(room_for(number));
  for (std::size_t i = 0; i < number && blob.good(); ++i) {
    PublishedSeverity severity;
    severity.type = blob.text();
    severity.score = blob.text();
    severities.push_back(std::move(severity));
  }
  return severities;
}

void put_events(std::string& into, std::span<const Event> events) {
  put_count(into, events.size());
  for (const Event& event : events) {
    put_count(into, static_cast<std::uint64_t>(event.kind));
    put_text(into, event.version);
  }
}

void put_range(std::string& into, const AffectedRange& range) {
  put_count(into, static_cast<std::uint64_t>(range.kind));
  // Commits cannot be compared without their repository; that there is such a range is all we use.
  const bool is_git = range.kind == AffectedRange::Kind::git;
  put_events(into, is_git ? std::span<const Event>() : range.events);
}

/// Numbers of kinds that no writer makes read as the last kind: they cannot do harm.
std::vector<Event> take_events(BlobReader& blob) {
  const std::size_t number = blob.elements();
  std::vector<Event> events;
  events.reserve(room_for(number));
  for (std::size_t i = 0; i < number && blob.good(); ++i) {
    Event event;
    event.kind = static_cast<Event::Kind>(std::min<std::uint64_t>(blob.count(), 4));
    event.version = blob.text();
    events.push_back(std::move(event));
  }
  return events;
}

AffectedRange take_range(BlobReader& blob) {
  AffectedRange range;
  range.kind = static_cast<AffectedRange::Kind>(std::min<std::uint64_t>(blob.count(), 2));
  range.events = take_events(blob);
  return range;
}

std::string encode_entry(const Affected& affected) {
  std::string entry;
  put_text(entry, affected.ecosystem);
  put_text(entry, affected.package);
  put_count(entry, affected.partly_read ? 1 : 0);
  put_severities(entry, affected.severity);
  put_count(entry, affected.ranges.size());
  for (const AffectedRange& range : affected.ranges)
    put_range(entry, range);
  put_texts(entry, affected.versions);
  put_text(entry, affected.arch);
  put_text(entry, affected.cpe);
  put_count(entry, affected.together_with.size());
  for (const std::uint32_t group : affected.together_with)
    put_count(entry, group);
  return entry;
}

AffectedEntry take_entry(BlobReader& blob) {
  AffectedEntry entry;
  entry.ecosystem = blob.text();
  entry.package = blob.text();
  entry.partly_read = blob.count() != 0;
  entry.severity = take_severities(blob);
  const std::size_t ranges = blob.elements();
  entry.ranges.reserve(room_for(ranges));
  for (std::size_t i = 0; i < ranges && blob.good(); ++i)
    entry.ranges.push_back(take_range(blob));
  entry.versions = take_versions(blob);
  entry.arch = blob.text();
  entry.cpe = blob.text();
  const std::size_t groups = blob.elements();
  entry.together_with.reserve(room_for(groups));
  for (std::size_t i = 0; i < groups && blob.good(); ++i)
    entry.together_with.push_back(static_cast<std::uint32_t>(blob.count()));
  return entry;
}

void put_groups(std::string& into, const std::vector<std::vector<CpeCriterion>>& groups) {
  put_count(into, groups.size());
  for (const std::vector<CpeCriterion>& group : groups) {
    put_count(into, group.size());
    for (const CpeCriterion& criterion : group) {
      put_text(into, criterion.name);
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
      criterion.events = take_events(blob);
      group.push_back(std::move(criterion));
    }
  }
  return groups;
}

/// Reads the front and leaves the reader behind it.
std::optional<RecordFront> take_front(BlobReader& blob) {
  RecordFront front;
  front.id = blob.text();
  const std::string_view digest = blob.raw(front.digest.size());
  if (!blob.good()) return std::nullopt;
  std::ranges::copy(digest, front.digest.begin());
  front.modified = take_instant(blob);
  const std::uint64_t kinds = blob.count();
  front.is_withdrawn = (kinds & 1U) != 0;
  front.is_csaf = (kinds & 2U) != 0;
  front.aliases = take_texts<std::string_view>(blob);
  if (!blob.good()) return std::nullopt;
  return front;
}

/// The members between the front and the entries.
void take_middle(BlobReader& blob, Advisory& into) {
  into.published = take_instant(blob);
  into.withdrawn = take_instant(blob);
  into.summary = blob.text();
  into.severity_word = blob.text();
  into.upstream = take_texts<std::string>(blob);
  into.weaknesses = take_texts<std::string>(blob);
  into.severity = take_severities(blob);
  into.cpe_groups = take_groups(blob);
}

}  // namespace

Listed ListedVersions::says_of(std::string_view version) const {
  if (texts_.empty()) return Listed::no_list;
  for (BlobReader blob(texts_); blob.left() > 0;)
    if (blob.text() == version) return Listed::ours;
  return Listed::others;
}

std::string encode(const Advisory& advisory, const Digest& digest) {
  std::string record;
  put_text(record, advisory.id);
  record.append(digest.data(), digest.size());
  put_instant(record, advisory.modified);
  put_count(record,
            (advisory.withdrawn ? 1U : 0U) | (advisory.form == AdvisoryForm::csaf ? 2U : 0U));
  put_texts(record, advisory.aliases);
  put_instant(record, advisory.published);
  put_instant(record, advisory.withdrawn);
  put_text(record, advisory.summary);
  put_text(record, advisory.severity_word);
  put_texts(record, advisory.upstream);
  put_texts(record, advisory.weaknesses);
  put_severities(record, advisory.severity);
  put_groups(record, advisory.cpe_groups);
  put_count(record, advisory.affected.size());
  for (const Affected& affected : advisory.affected)
    put_text(record, encode_entry(affected));
  return record;
}

std::optional<RecordFront> decode_front(std::string_view record) {
  BlobReader blob(record);
  return take_front(blob);
}

std::optional<std::vector<EntryPlace>> decode_places(std::string_view record) {
  if (record.size() > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  BlobReader blob(record);
  if (!take_front(blob)) return std::nullopt;
  Advisory passed_over;
  take_middle(blob, passed_over);
  const std::size_t number = blob.elements();
  std::vector<EntryPlace> places;
  places.reserve(room_for(number));
  for (std::size_t i = 0; i < number && blob.good(); ++i) {
    EntryPlace place;
    place.offset = static_cast<std::uint32_t>(record.size() - blob.left());
    BlobReader entry(blob.text());
    place.ecosystem = entry.text();
    place.package = entry.text();
    if (!entry.good()) return std::nullopt;
    places.push_back(place);
  }
  if (!blob.good()) return std::nullopt;
  return places;
}

std::optional<AffectedEntry> decode_entry(std::string_view record, std::uint32_t offset) {
  if (offset > record.size()) return std::nullopt;
  BlobReader blob(record.substr(offset));
  BlobReader bytes(blob.text());
  AffectedEntry entry = take_entry(bytes);
  if (!blob.good() || !bytes.good()) return std::nullopt;
  return entry;
}

std::optional<RecordHead> decode_record_head(std::string_view record) {
  BlobReader blob(record);
  RecordHead head;
  head.id = blob.text();
  blob.raw(Digest().size());
  take_instant(blob);
  blob.count();
  pass_over_texts(blob);
  head.published = take_instant(blob);
  take_instant(blob);
  head.summary = blob.text();
  head.severity_word = blob.text();
  head.upstream = take_texts<std::string_view>(blob);
  pass_over_texts(blob);
  head.severity = take_severities(blob);
  if (!blob.good()) return std::nullopt;
  return head;
}

std::optional<Advisory> decode_head(std::string_view record) {
  BlobReader blob(record);
  const auto front = take_front(blob);
  if (!front) return std::nullopt;
  Advisory advisory;
  advisory.id = front->id;
  advisory.modified = front->modified;
  advisory.aliases.assign(front->aliases.begin(), front->aliases.end());
  take_middle(blob, advisory);
  if (!blob.good()) return std::nullopt;
  return advisory;
}

}  // namespace lockstep::advisories
