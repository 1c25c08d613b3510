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

/// Walks one record. Each function reads one kind of object of the schema.
class RecordReader {
 public:
  explicit RecordReader(Walk& walk) : walk_(walk) {}

  std::optional<Advisory> record(const dom::element& value);

 private:
  bool member_of_record(std::string_view key, const dom::element& value, Advisory& advisory);
  void database_specific(const dom::element& value, Advisory& advisory);
  void credits(const dom::element& value);
  std::vector<std::string> references(const dom::element& value);
  std::vector<Affected> affected(const dom::element& value);
  Affected affected_entry(const dom::object& entry);
  void package(const dom::element& value, Affected& into);
  void read_purl(std::string_view written, Affected& into);
  bool ranges(const dom::element& value, std::vector<AffectedRange>& into);
  std::optional<AffectedRange> range(const dom::object& value);
  bool events(const dom::element& value, std::vector<Event>& into);
  std::optional<Event> event(const dom::object& value);
  std::vector<PublishedSeverity> severity(const dom::element& value);

  std::optional<std::string_view> text(const dom::element& value);
  bool texts(const dom::element& value, std::vector<std::string>& into);
  std::optional<Instant> instant(const dom::element& value);
  std::optional<dom::object> object(const dom::element& value);
  std::optional<dom::array> array(const dom::element& value);

  Walk& walk_;
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
bool RecordReader::texts(const dom::element& value, std::vector<std::string>& into) {
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
void take_mended(Advisory& advisory) {
  constexpr std::array<std::string_view, 6> rebuilds = {"ALBA-", "ALEA-", "ALSA-",
                                                        "RLBA-", "RLSA-", "RXSA-"};
  const bool is_rebuild = std::ranges::any_of(
      rebuilds, [&](std::string_view prefix) { return advisory.id.starts_with(prefix); });
  if (!is_rebuild || !advisory.upstream.empty()) return;
  for (const std::string& id : advisory.related)
    if (id.starts_with("CVE-")) advisory.upstream.push_back(id);
}

std::optional<Advisory> RecordReader::record(const dom::element& value) {
  const auto members = object(value);
  if (!members) return std::nullopt;
  Advisory advisory;
  bool has_modified = false;
  for (const dom::key_value_pair member : *members) {
    const Inside here(walk_, member.key);
    has_modified = has_modified || member.key == "modified";
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
                                    Advisory& advisory) {
  const bool may_be_null =
      key == "aliases" || key == "affected" || key == "references" || key == "severity";
  if (may_be_null && value.is_null()) return true;
  if (key == "id") {
    advisory.id = text(value).value_or("");
    check_id(advisory.id, walk_);
  } else if (key == "modified") {
    advisory.modified = instant(value);
  } else if (key == "published") {
    advisory.published = instant(value);
  } else if (key == "withdrawn") {
    advisory.withdrawn = instant(value);
  } else if (key == "aliases") {
    texts(value, advisory.aliases);
  } else if (key == "related") {
    texts(value, advisory.related);
  } else if (key == "upstream") {
    texts(value, advisory.upstream);
  } else if (key == "summary") {
    advisory.summary = text(value).value_or("");
  } else if (key == "details") {
    advisory.details = text(value).value_or("");
  } else if (key == "severity") {
    advisory.severity = severity(value);
    severity_of_record_ = true;
  } else if (key == "affected") {
    advisory.affected = affected(value);
  } else if (key == "references") {
    advisory.references = references(value);
  } else if (key == "credits") {
    credits(value);
  } else if (key == "database_specific") {
    database_specific(value, advisory);
  } else if (key == "schema_version") {
    text(value);
  } else {
    return false;
  }
  return true;
}

/// What GitHub's records add: a word for the severity, and the kinds of weakness.
void RecordReader::database_specific(const dom::element& value, Advisory& advisory) {
  const auto members = object(value);
  if (!members) return;
  std::string_view word;
  if ((*members)["severity"].get(word) == simdjson::SUCCESS) {
    advisory.severity_word = lower_case(word);
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

std::vector<std::string> RecordReader::references(const dom::element& value) {
  std::vector<std::string> urls;
  const auto items = array(value);
  if (!items) return urls;
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

std::vector<Affected> RecordReader::affected(const dom::element& value) {
  std::vector<Affected> entries;
  const auto items = array(value);
  if (!items) return entries;
  entries.reserve(items->size());
  std::size_t number = 0;
  for (const dom::element item : *items) {
    const Inside here(walk_, number++);
    if (const auto entry = object(item)) entries.push_back(affected_entry(*entry));
  }
  return entries;
}

Affected RecordReader::affected_entry(const dom::object& entry) {
  Affected affected;
  for (const dom::key_value_pair member : entry) {
    const Inside here(walk_, member.key);
    if (member.key == "package") {
      package(member.value, affected);
    } else if (member.key == "ranges") {
      affected.partly_read |= !ranges(member.value, affected.ranges);
    } else if (member.key == "versions") {
      affected.partly_read |= !texts(member.value, affected.versions);
    } else if (member.key == "severity" && !member.value.is_null()) {
      affected.severity = severity(member.value);
      severity_of_entry_ = true;
    }
  }
  return affected;
}

void RecordReader::package(const dom::element& value, Affected& into) {
  const auto members = object(value);
  if (!members) return;
  bool has_ecosystem = false;
  bool has_name = false;
  std::string_view purl;
  for (const dom::key_value_pair member : *members) {
    const Inside here(walk_, member.key);
    if (member.key == "ecosystem") {
      has_ecosystem = true;
      into.ecosystem = text(member.value).value_or("");
      check_ecosystem(into.ecosystem, walk_);
    } else if (member.key == "name") {
      has_name = true;
      into.package = text(member.value).value_or("");
    } else if (member.key == "purl") {
      purl = text(member.value).value_or("");
    }
  }
  if (!purl.empty()) read_purl(purl, into);
  if (!has_ecosystem) report_missing(walk_, "ecosystem");
  if (!has_name) report_missing(walk_, "name");
}

/// A package URL repeats ecosystem and name, but for two things: records of packages that are built
/// for several architectures tell these apart by it; and where the schema does not list the
/// ecosystem, it is what the package is found by.
void RecordReader::read_purl(std::string_view written, Affected& into) {
  const bool is_listed = is_one_of(into.ecosystem.substr(0, into.ecosystem.find(':')), ecosystems);
  // SPEED: most records repeat themselves here, and are not worth the parsing.
  if (is_listed && written.find("arch=") == std::string_view::npos) return;
  const auto purl = parse_purl(written);
  if (!purl) {
    walk_.warning("osv.value", purl.error().message);
    return;
  }
  for (const auto& [key, value] : purl->qualifiers)
    if (key == "arch" && value != "source" && value != "noarch" && value != "all" && value != "any")
      into.arch = value;
  if (is_listed) return;
  into.ecosystem = std::string(purl_ecosystem) + purl->type;
  into.package = package_of(*purl);
  if (!purl->version.empty() && into.ranges.empty() && into.versions.empty())
    into.versions.push_back(purl->version);
}

/// @returns whether every range could be read
bool RecordReader::ranges(const dom::element& value, std::vector<AffectedRange>& into) {
  const auto items = array(value);
  if (!items) return false;
  bool all = true;
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

std::optional<AffectedRange> RecordReader::range(const dom::object& value) {
  AffectedRange range;
  bool has_type = false;
  bool has_events = false;
  bool whole = true;
  for (const dom::key_value_pair member : value) {
    const Inside here(walk_, member.key);
    if (member.key == "type") {
      has_type = true;
      const std::string_view type = text(member.value).value_or("");
      range.kind = type == "GIT"      ? AffectedRange::Kind::git
                   : type == "SEMVER" ? AffectedRange::Kind::semver
                                      : AffectedRange::Kind::ecosystem;
      if (range.kind == AffectedRange::Kind::ecosystem && type != "ECOSYSTEM") {
        whole = false;
        walk_.error("osv.value",
                    fmt::format("expected SEMVER, ECOSYSTEM or GIT, found '{}'", quotable(type)));
      }
    } else if (member.key == "repo") {
      range.repo = text(member.value).value_or("");
    } else if (member.key == "events") {
      has_events = true;
      whole = events(member.value, range.events) && whole;
    }
  }
  if (!has_type) report_missing(walk_, "type");
  if (!has_events) report_missing(walk_, "events");
  if (has_events) check_events(range, walk_);
  if (!has_type || !has_events || !whole) return std::nullopt;
  return range;
}

/// @returns whether every event could be read
bool RecordReader::events(const dom::element& value, std::vector<Event>& into) {
  const auto items = array(value);
  if (!items) return false;
  bool all = true;
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

std::optional<Event> RecordReader::event(const dom::object& value) {
  std::optional<Event> event;
  std::size_t kinds = 0;
  for (const dom::key_value_pair member : value) {
    Event::Kind kind = Event::Kind::introduced;
    if (member.key == "fixed") {
      kind = Event::Kind::fixed;
    } else if (member.key == "last_affected") {
      kind = Event::Kind::last_affected;
    } else if (member.key == "limit") {
      kind = Event::Kind::limit;
    } else if (member.key != "introduced") {
      continue;
    }
    ++kinds;
    const Inside here(walk_, member.key);
    if (const auto version = text(member.value)) event = Event{kind, std::string(*version)};
  }
  if (kinds == 1) return event;
  walk_.error("osv.events",
              fmt::format("expected exactly one of introduced, fixed, last_affected and limit, "
                          "found {}",
                          kinds));
  return std::nullopt;
}

std::vector<PublishedSeverity> RecordReader::severity(const dom::element& value) {
  std::vector<PublishedSeverity> severities;
  const auto items = array(value);
  if (!items) return severities;
  std::size_t number = 0;
  for (const dom::element item : *items) {
    const Inside here(walk_, number++);
    const auto members = object(item);
    if (!members) continue;
    PublishedSeverity severity;
    for (const dom::key_value_pair member : *members) {
      if (member.key == "type") severity.type = text(member.value).value_or("");
      if (member.key == "score") severity.score = text(member.value).value_or("");
    }
    check_severity(severity, walk_);
    severities.push_back(std::move(severity));
  }
  return severities;
}

}  // namespace

struct Reader::State {
  RecordParser parser{"osv.size", "osv.syntax", max_document_bytes, max_depth};
  Walk walk;
};

Reader::Reader() : state_(std::make_unique<State>()) {}

Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<std::vector<Advisory>> Reader::read(std::string_view bytes,
                                           const std::string& file,
                                           Diagnostics& problems) {
  TRY(const dom::element document, state_->parser.parse(bytes, file));
  std::vector<Advisory> advisories;
  const auto take = [&](const dom::element& value) {
    auto advisory = RecordReader(state_->walk).record(value);
    if (advisory) advisories.push_back(*std::move(advisory));
  };
  dom::array list;
  dom::element vulns;
  const bool is_wrapped = document.is_object() && document["vulns"].get(vulns) == simdjson::SUCCESS;
  if (is_wrapped) state_->walk.enter(std::string_view("vulns"));
  if ((is_wrapped ? vulns : document).get(list) == simdjson::SUCCESS) {
    std::size_t number = 0;
    for (const dom::element value : list) {
      const Inside here(state_->walk, number);
      if (number++ < max_records) take(value);
    }
  } else {
    take(is_wrapped ? vulns : document);
  }
  if (is_wrapped) state_->walk.leave();
  state_->walk.report(bytes, file, problems);
  return advisories;
}

bool looks_like(std::string_view bytes) {
  const std::size_t start = bytes.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  if (start == std::string_view::npos || (bytes[start] != '{' && bytes[start] != '[')) return false;
  return bytes.find("\"modified\"") != std::string_view::npos &&
         bytes.find("\"id\"") != std::string_view::npos;
}

}  // namespace lockstep::formats::osv
