// SPDX-License-Identifier: Apache-2.0
// What stands in a record beside its affected entries.
#include "formats/osv/record_reader.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "base/text.hpp"
#include "formats/osv/words.hpp"

namespace lockstep::formats::osv {

namespace {

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

}  // namespace

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
  each_object(*items, [&](const dom::object& members) {
    dom::element found;
    if (members["name"].get(found) != simdjson::SUCCESS) {
      report_missing(walk_, "name");
    } else {
      text(found);
    }
    if (members["type"].get(found) != simdjson::SUCCESS) return;
    const auto type = text(found);
    if (type && !is_one_of(*type, credit_types)) {
      walk_.error("osv.value", fmt::format("expected a type of credit, found '{}'{}",
                                           quotable(*type), suggestion(*type, credit_types)));
    }
  });
}

std::vector<std::string_view> RecordReader::references(const dom::element& value) {
  std::vector<std::string_view> urls;
  const auto items = array(value);
  if (!items) return urls;
  urls.reserve(items->size());
  each_object(*items, [&](const dom::object& members) {
    dom::element found;
    if (members["type"].get(found) != simdjson::SUCCESS) {
      report_missing(walk_, "type");
    } else if (const auto type = text(found); type && !is_one_of(*type, reference_types)) {
      walk_.error("osv.value", fmt::format("expected a type of reference, found '{}'{}",
                                           quotable(*type), suggestion(*type, reference_types)));
    }
    if (members["url"].get(found) != simdjson::SUCCESS) {
      report_missing(walk_, "url");
    } else if (const auto url = text(found)) {
      urls.emplace_back(*url);
    }
  });
  return urls;
}

std::vector<PublishedSeverityView> RecordReader::severity(const dom::element& value) {
  std::vector<PublishedSeverityView> severities;
  const auto items = array(value);
  if (!items) return severities;
  severities.reserve(items->size());
  each_object(*items, [&](const dom::object& members) {
    PublishedSeverityView severity;
    for (const dom::key_value_pair member : members) {
      if (is(member.key, "type")) severity.type = text(member.value).value_or("");
      if (is(member.key, "score")) severity.score = text(member.value).value_or("");
    }
    check_severity(severity, walk_, memory_.good_vectors);
    severities.push_back(std::move(severity));
  });
  return severities;
}

}  // namespace lockstep::formats::osv
