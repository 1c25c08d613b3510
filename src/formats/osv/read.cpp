// SPDX-License-Identifier: Apache-2.0
// The reader walks each object of a record once, member by member, in document order, and builds
// the domain's Advisory on the way. Problems carry the path that the walk has reached.
//
// SPEED: simdjson's DOM parser instead of the Json tree. It chooses its kernel for the processor at
// run time, which the on-demand parser of the packaged version does not do without special flags.
//
// Source: OSV schema 1.7.5, docs/schema.md and validation/schema.json.
#include "formats/osv/read.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <fmt/format.h>
#include <optional>
#include <simdjson.h>
#include <span>
#include <utility>

#include "base/text.hpp"
#include "domain/purl.hpp"
#include "formats/osv/check.hpp"
#include "formats/osv/limits.hpp"
#include "formats/osv/walk.hpp"
#include "formats/osv/words.hpp"
#include "formats/record_parser.hpp"

namespace lockstep::formats::osv {

namespace {

namespace dom = simdjson::dom;

std::string_view kind_of(const dom::element& value) {
  switch (value.type()) {
    case dom::element_type::ARRAY:
      return "a list";
    case dom::element_type::OBJECT:
      return "an object";
    case dom::element_type::STRING:
      return "a text";
    case dom::element_type::BOOL:
      return "true or false";
    case dom::element_type::NULL_VALUE:
      return "null";
    case dom::element_type::INT64:
    case dom::element_type::UINT64:
    case dom::element_type::DOUBLE:
      return "a number";
  }
  return "nothing";
}

/// SPEED: the comparison with a word of known length is a few instructions, without a call.
template <std::size_t Size>
bool is(std::string_view text, const char (&word)[Size]) {
  return text.size() == Size - 1 && std::memcmp(text.data(), word, Size - 1) == 0;
}

/// What is kept from record to record, so that it need not be made again.
struct Memory {
  Walk walk;
  GoodVectors good_vectors;
  std::string good_ecosystem;    ///< that was found in the list last
  std::deque<std::string> made;  ///< texts that no record holds as they are
};

/// Walks one record. Each function reads one kind of object of the schema.
class RecordReader {
 public:
  explicit RecordReader(Memory& memory) : walk_(memory.walk), memory_(memory) {}

  /// The views live as long as the parsed document and the memory.
  std::optional<AdvisoryView> record(const dom::element& value);

 private:
  bool member_of_record(std::string_view key, const dom::element& value, AdvisoryView& advisory);
  void database_specific(const dom::element& value, AdvisoryView& advisory);
  void credits(const dom::element& value);
  std::vector<std::string_view> references(const dom::element& value);
  std::vector<AffectedView> affected(const dom::element& value);
  AffectedView affected_entry(const dom::object& entry);
  void package(const dom::element& value, AffectedView& into);
  bool is_listed(std::string_view ecosystem);
  void read_purl(std::string_view written, AffectedView& into);
  bool ranges(const dom::element& value, std::vector<AffectedRangeView>& into);
  std::optional<AffectedRangeView> range(const dom::object& value);
  bool events(const dom::element& value, std::vector<EventView>& into);
  std::optional<EventView> event(const dom::object& value);
  std::vector<PublishedSeverityView> severity(const dom::element& value);

  std::optional<std::string_view> text(const dom::element& value);
  bool texts(const dom::element& value, std::vector<std::string_view>& into);
  std::optional<Instant> instant(const dom::element& value);
  std::optional<dom::object> object(const dom::element& value);
  std::optional<dom::array> array(const dom::element& value);

  Walk& walk_;
  Memory& memory_;
  bool severity_of_record_ = false;
  bool severity_of_entry_ = false;
};

std::optional<std::string_view> RecordReader::text(const dom::element& value) {
  std::string_view view;
  if (value.get(view) == simdjson::SUCCESS) return view;
  walk_.error("osv.type", fmt::format("expected a text, found {}", kind_of(value)));
  return std::nullopt;
}

std::optional<dom::object> RecordReader::object(const dom::element& value) {
  dom::object members;
  if (value.get(members) == simdjson::SUCCESS) return members;
  walk_.error("osv.type", fmt::format("expected an object, found {}", kind_of(value)));
  return std::nullopt;
}

std::optional<dom::array> RecordReader::array(const dom::element& value) {
  dom::array items;
  if (value.get(items) == simdjson::SUCCESS) return items;
  walk_.error("osv.type", fmt::format("expected a list, found {}", kind_of(value)));
  return std::nullopt;
}

/// @returns whether every element was a text
bool RecordReader::texts(const dom::element& value, std::vector<std::string_view>& into) {
  const auto items = array(value);
  if (!items) return false;
  bool all = true;
  into.reserve(items->size());
  std::size_t number = 0;
  for (const dom::element item : *items) {
    const Inside here(walk_, number++);
    const auto one = text(item);
    if (one) into.emplace_back(*one);
    all = all && one.has_value();
  }
  return all;
}

std::optional<Instant> RecordReader::instant(const dom::element& value) {
  const auto written = text(value);
  if (!written) return std::nullopt;
  const auto at = parse_instant(*written);
  if (!at || written->size() < 20 || written->back() != 'Z') {
    walk_.error("osv.value", fmt::format("expected a time in UTC such as 2026-09-11T10:00:00Z, "
                                         "found '{}'",
                                         quotable(*written)));
  }
  return at;
}

/// Before the schema had `upstream`, rebuilds of an enterprise distribution listed the CVEs that an
/// advisory mends under `related`.
void take_mended(AdvisoryView& advisory) {
  constexpr std::array<std::string_view, 6> rebuilds = {"ALBA-", "ALEA-", "ALSA-",
                                                        "RLBA-", "RLSA-", "RXSA-"};
  const bool is_rebuild = std::ranges::any_of(
      rebuilds, [&](std::string_view prefix) { return advisory.id.starts_with(prefix); });
  if (!is_rebuild || !advisory.upstream.empty()) return;
  for (const std::string_view id : advisory.related)
    if (id.starts_with("CVE-")) advisory.upstream.push_back(id);
}

std::optional<AdvisoryView> RecordReader::record(const dom::element& value) {
  const auto members = object(value);
  if (!members) return std::nullopt;
  AdvisoryView advisory;
  bool has_modified = false;
  for (const dom::key_value_pair member : *members) {
    const Inside here(walk_, member.key);
    has_modified = has_modified || is(member.key, "modified");
    if (!member_of_record(member.key, member.value, advisory)) {
      walk_.warning("osv.unknown", "expected a member of OSV schema 1.7.5, found an unknown one" +
                                       suggestion(member.key, record_members));
    }
  }
  if (!has_modified) report_missing(walk_, "modified");
  take_mended(advisory);
  if (severity_of_record_ && severity_of_entry_) {
    walk_.error("osv.severity",
                "expected severity at the record or at its affected entries, found both");
  }
  if (advisory.id.empty()) {
    report_missing(walk_, "id");
    return std::nullopt;
  }
  return advisory;
}

/// @returns false for a member that the schema does not list
bool RecordReader::member_of_record(std::string_view key,
                                    const dom::element& value,
                                    AdvisoryView& advisory) {
  const bool may_be_null =
      is(key, "aliases") || is(key, "affected") || is(key, "references") || is(key, "severity");
  if (may_be_null && value.is_null()) return true;
  if (is(key, "id")) {
    advisory.id = text(value).value_or("");
    check_id(advisory.id, walk_);
  } else if (is(key, "modified")) {
    advisory.modified = instant(value);
  } else if (is(key, "published")) {
    advisory.published = instant(value);
  } else if (is(key, "withdrawn")) {
    advisory.withdrawn = instant(value);
  } else if (is(key, "aliases")) {
    texts(value, advisory.aliases);
  } else if (is(key, "related")) {
    texts(value, advisory.related);
  } else if (is(key, "upstream")) {
    texts(value, advisory.upstream);
  } else if (is(key, "summary")) {
    advisory.summary = text(value).value_or("");
  } else if (is(key, "details")) {
    advisory.details = text(value).value_or("");
  } else if (is(key, "severity")) {
    advisory.severity = severity(value);
    severity_of_record_ = true;
  } else if (is(key, "affected")) {
    advisory.affected = affected(value);
  } else if (is(key, "references")) {
    advisory.references = references(value);
  } else if (is(key, "credits")) {
    credits(value);
  } else if (is(key, "database_specific")) {
    database_specific(value, advisory);
  } else if (is(key, "schema_version")) {
    text(value);
  } else {
    return false;
  }
  return true;
}

/// What GitHub's records add: a word for the severity, and the kinds of weakness.
void RecordReader::database_specific(const dom::element& value, AdvisoryView& advisory) {
  const auto members = object(value);
  if (!members) return;
  std::string_view word;
  if ((*members)["severity"].get(word) == simdjson::SUCCESS) {
    advisory.severity_word = memory_.made.emplace_back(lower_case(word));
  }
  dom::array weaknesses;
  if ((*members)["cwe_ids"].get(weaknesses) != simdjson::SUCCESS) return;
  for (const dom::element weakness : weaknesses) {
    std::string_view id;
    if (weakness.get(id) == simdjson::SUCCESS) advisory.weaknesses.emplace_back(id);
  }
}

void RecordReader::credits(const dom::element& value) {
  const auto items = array(value);
  if (!items) return;
  std::size_t number = 0;
  for (const dom::element item : *items) {
    const Inside here(walk_, number++);
    const auto members = object(item);
    if (!members) continue;
    dom::element found;
    if ((*members)["name"].get(found) != simdjson::SUCCESS) {
      report_missing(walk_, "name");
    } else {
      text(found);
    }
    if ((*members)["type"].get(found) != simdjson::SUCCESS) continue;
    const auto type = text(found);
    if (type && !is_one_of(*type, credit_types)) {
      walk_.error("osv.value", fmt::format("expected a type of credit, found '{}'{}",
                                           quotable(*type), suggestion(*type, credit_types)));
    }
  }
}

std::vector<std::string_view> RecordReader::references(const dom::element& value) {
  std::vector<std::string_view> urls;
  const auto items = array(value);
  if (!items) return urls;
  urls.reserve(items->size());
  std::size_t number = 0;
  for (const dom::element item : *items) {
    const Inside here(walk_, number++);
    const auto members = object(item);
    if (!members) continue;
    dom::element found;
    if ((*members)["type"].get(found) != simdjson::SUCCESS) {
      report_missing(walk_, "type");
    } else if (const auto type = text(found); type && !is_one_of(*type, reference_types)) {
      walk_.error("osv.value", fmt::format("expected a type of reference, found '{}'{}",
                                           quotable(*type), suggestion(*type, reference_types)));
    }
    if ((*members)["url"].get(found) != simdjson::SUCCESS) {
      report_missing(walk_, "url");
    } else if (const auto url = text(found)) {
      urls.emplace_back(*url);
    }
  }
  return urls;
}

/// Files the last entry under the repositories whose commits its ranges list: beside its package,
/// or, where it names none, in its place.
void add_repositories(std::vector<AffectedView>& entries) {
  const AffectedView& entry = entries.back();
  const bool is_package = !entry.package.empty();
  std::vector<AffectedView> repositories;
  for (const AffectedRangeView& range : entry.ranges) {
    if (range.kind != RangeKind::git || range.repo.empty()) continue;
    auto of_repository = std::ranges::find(repositories, range.repo, &AffectedView::package);
    if (of_repository == repositories.end()) {
      AffectedView& one = repositories.emplace_back();
      one.ecosystem = git_ecosystem;
      one.package = range.repo;
      one.severity = entry.severity;
      one.partly_read = entry.partly_read;
      // Versions of packages are no tags, but where the package is the repository.
      if (!is_package || entry.ecosystem == "OSS-Fuzz") one.versions = entry.versions;
      of_repository = repositories.end() - 1;
    }
    of_repository->ranges.push_back(range);
  }
  if (!is_package && !repositories.empty()) entries.pop_back();
  std::ranges::move(repositories, std::back_inserter(entries));
}

std::vector<AffectedView> RecordReader::affected(const dom::element& value) {
  std::vector<AffectedView> entries;
  const auto items = array(value);
  if (!items) return entries;
  entries.reserve(items->size());
  std::size_t number = 0;
  for (const dom::element item : *items) {
    const Inside here(walk_, number++);
    const auto entry = object(item);
    if (!entry) continue;
    entries.push_back(affected_entry(*entry));
    add_repositories(entries);
  }
  return entries;
}

/// Members whose content is the database's own, but which are objects.
bool is_specific(std::string_view key) {
  return is(key, "database_specific") || is(key, "ecosystem_specific");
}

AffectedView RecordReader::affected_entry(const dom::object& entry) {
  AffectedView affected;
  for (const dom::key_value_pair member : entry) {
    const Inside here(walk_, member.key);
    if (is(member.key, "package")) {
      package(member.value, affected);
    } else if (is(member.key, "ranges")) {
      affected.partly_read |= !ranges(member.value, affected.ranges);
    } else if (is(member.key, "versions")) {
      affected.partly_read |= !texts(member.value, affected.versions);
    } else if (is(member.key, "severity") && !member.value.is_null()) {
      affected.severity = severity(member.value);
      severity_of_entry_ = true;
    } else if (is_specific(member.key)) {
      object(member.value);
    }
  }
  return affected;
}

void RecordReader::package(const dom::element& value, AffectedView& into) {
  const auto members = object(value);
  if (!members) return;
  bool has_ecosystem = false;
  bool has_name = false;
  std::string_view purl;
  for (const dom::key_value_pair member : *members) {
    const Inside here(walk_, member.key);
    if (is(member.key, "ecosystem")) {
      has_ecosystem = true;
      into.ecosystem = text(member.value).value_or("");
      if (!is_listed(into.ecosystem)) check_ecosystem(into.ecosystem, walk_);
    } else if (is(member.key, "name")) {
      has_name = true;
      into.package = text(member.value).value_or("");
    } else if (is(member.key, "purl")) {
      purl = text(member.value).value_or("");
    }
  }
  if (!purl.empty()) read_purl(purl, into);
  if (!has_ecosystem) report_missing(walk_, "ecosystem");
  if (!has_name) report_missing(walk_, "name");
}

/// Whether the schema lists the ecosystem, which has no suffix; others are looked at more closely.
/// SPEED: neighbouring records are of one ecosystem.
bool RecordReader::is_listed(std::string_view ecosystem) {
  if (ecosystem == memory_.good_ecosystem) return !ecosystem.empty();
  if (!is_one_of(ecosystem, ecosystems)) return false;
  memory_.good_ecosystem = ecosystem;
  return true;
}

/// A package URL repeats ecosystem and name, but for two things: records of packages that are built
/// for several architectures tell these apart by it; and where the schema does not list the
/// ecosystem, it is what the package is found by.
void RecordReader::read_purl(std::string_view written, AffectedView& into) {
  const bool is_known = is_listed(into.ecosystem) ||
                        is_one_of(into.ecosystem.substr(0, into.ecosystem.find(':')), ecosystems);
  // SPEED: most records repeat themselves here, and are not worth the parsing.
  if (is_known && written.find("arch=") == std::string_view::npos) return;
  const auto purl = parse_purl(written);
  if (!purl) {
    walk_.warning("osv.value", purl.error().message);
    return;
  }
  for (const auto& [key, value] : purl->qualifiers)
    if (is(key, "arch") && !is_one_of(value, general_architectures))
      into.arch = memory_.made.emplace_back(value);
  if (is_known) return;
  into.ecosystem = memory_.made.emplace_back(std::string(purl_ecosystem) + purl->type);
  into.package = memory_.made.emplace_back(package_of(*purl));
  if (!purl->version.empty() && into.ranges.empty() && into.versions.empty())
    into.versions.push_back(memory_.made.emplace_back(purl->version));
}

/// @returns whether every range could be read
bool RecordReader::ranges(const dom::element& value, std::vector<AffectedRangeView>& into) {
  const auto items = array(value);
  if (!items) return false;
  bool all = true;
  into.reserve(items->size());
  std::size_t number = 0;
  for (const dom::element item : *items) {
    const Inside here(walk_, number++);
    const auto members = object(item);
    auto one = members ? range(*members) : std::nullopt;
    all = all && one.has_value();
    if (one) into.push_back(*std::move(one));
  }
  return all;
}

std::optional<AffectedRangeView> RecordReader::range(const dom::object& value) {
  AffectedRangeView range;
  bool has_type = false;
  bool has_events = false;
  bool whole = true;
  for (const dom::key_value_pair member : value) {
    const Inside here(walk_, member.key);
    if (is(member.key, "type")) {
      has_type = true;
      const std::string_view type = text(member.value).value_or("");
      range.kind = is(type, "GIT")      ? RangeKind::git
                   : is(type, "SEMVER") ? RangeKind::semver
                                        : RangeKind::ecosystem;
      if (range.kind == RangeKind::ecosystem && type != "ECOSYSTEM") {
        whole = false;
        walk_.error("osv.value",
                    fmt::format("expected SEMVER, ECOSYSTEM or GIT, found '{}'", quotable(type)));
      }
    } else if (is(member.key, "repo")) {
      range.repo = text(member.value).value_or("");
    } else if (is(member.key, "events")) {
      has_events = true;
      whole = events(member.value, range.events) && whole;
    } else if (is_specific(member.key)) {
      object(member.value);
    }
  }
  if (!has_type) report_missing(walk_, "type");
  if (!has_events) report_missing(walk_, "events");
  if (has_events) check_events(range, walk_);
  if (!has_type || !has_events || !whole) return std::nullopt;
  return range;
}

/// @returns whether every event could be read
bool RecordReader::events(const dom::element& value, std::vector<EventView>& into) {
  const auto items = array(value);
  if (!items) return false;
  bool all = true;
  into.reserve(items->size());
  std::size_t number = 0;
  for (const dom::element item : *items) {
    const Inside here(walk_, number++);
    const auto members = object(item);
    auto one = members ? event(*members) : std::nullopt;
    all = all && one.has_value();
    if (one) into.push_back(*std::move(one));
  }
  return all;
}

std::optional<EventView> RecordReader::event(const dom::object& value) {
  std::optional<EventView> event;
  std::size_t kinds = 0;
  for (const dom::key_value_pair member : value) {
    EventKind kind = EventKind::introduced;
    if (is(member.key, "fixed")) {
      kind = EventKind::fixed;
    } else if (is(member.key, "last_affected")) {
      kind = EventKind::last_affected;
    } else if (is(member.key, "limit")) {
      kind = EventKind::limit;
    } else if (member.key != "introduced") {
      continue;
    }
    ++kinds;
    const Inside here(walk_, member.key);
    if (const auto version = text(member.value)) event = EventView{kind, *version};
  }
  if (kinds == 1) return event;
  walk_.error("osv.events",
              fmt::format("expected exactly one of introduced, fixed, last_affected and limit, "
                          "found {}",
                          kinds));
  return std::nullopt;
}

std::vector<PublishedSeverityView> RecordReader::severity(const dom::element& value) {
  std::vector<PublishedSeverityView> severities;
  const auto items = array(value);
  if (!items) return severities;
  severities.reserve(items->size());
  std::size_t number = 0;
  for (const dom::element item : *items) {
    const Inside here(walk_, number++);
    const auto members = object(item);
    if (!members) continue;
    PublishedSeverityView severity;
    for (const dom::key_value_pair member : *members) {
      if (is(member.key, "type")) severity.type = text(member.value).value_or("");
      if (is(member.key, "score")) severity.score = text(member.value).value_or("");
    }
    check_severity(severity, walk_, memory_.good_vectors);
    severities.push_back(std::move(severity));
  }
  return severities;
}

}  // namespace

struct Reader::State {
  RecordParser parser{"osv.size", "osv.syntax", max_document_bytes, max_depth};
  Memory memory;
};

Reader::Reader() : state_(std::make_unique<State>()) {}

Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<> Reader::read_each(std::string_view bytes,
                           const std::string& file,
                           Diagnostics& problems,
                           const Take& take_record) {
  TRY(const dom::element document, state_->parser.parse(bytes, file));
  Memory& memory = state_->memory;
  memory.made.clear();
  const auto take = [&](const dom::element& value) {
    const auto advisory = RecordReader(memory).record(value);
    if (advisory) take_record(*advisory);
  };
  const auto take_all = [&](const dom::element& value) {
    dom::array list;
    if (value.get(list) != simdjson::SUCCESS) return take(value);
    std::size_t number = 0;
    for (const dom::element one : list) {
      const Inside here(memory.walk, number);
      if (number++ < max_records) take(one);
    }
  };
  dom::element vulns;
  if (document.is_object() && document["vulns"].get(vulns) == simdjson::SUCCESS) {
    const Inside here(memory.walk, std::string_view("vulns"));
    take_all(vulns);
  } else {
    take_all(document);
  }
  memory.walk.report(bytes, file, problems);
  return {};
}

Result<std::vector<Advisory>> Reader::read(std::string_view bytes,
                                           const std::string& file,
                                           Diagnostics& problems) {
  std::vector<Advisory> advisories;
  TRY_VOID(read_each(bytes, file, problems,
                     [&](const AdvisoryView& advisory) { advisories.push_back(owned(advisory)); }));
  return advisories;
}

bool looks_like(std::string_view bytes) {
  const std::size_t start = bytes.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  if (start == std::string_view::npos || (bytes[start] != '{' && bytes[start] != '[')) return false;
  // SPEED: a search stops at each first letter; quotes are everywhere.
  constexpr std::string_view modified = "modified\"";
  std::size_t at = bytes.find(modified);
  while (at != std::string_view::npos && bytes[at - 1] != '"')
    at = bytes.find(modified, at + 1);
  return at != std::string_view::npos && bytes.find("\"id\"") != std::string_view::npos;
}

}  // namespace lockstep::formats::osv
