// SPDX-License-Identifier: Apache-2.0
#include "formats/kev/read.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace lockstep::formats::kev {

namespace {

constexpr std::size_t max_bytes = std::size_t{64} << 20U;
constexpr std::size_t looked_at = 4096;

/// "CVE-2021-44228": four digits of a year, at least four of a number.
bool is_cve(std::string_view text) {
  if (!text.starts_with("CVE-") || text.size() < 13 || text.size() > 24 || text[8] != '-') {
    return false;
  }
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return std::ranges::all_of(text.substr(4, 4), is_digit) &&
         std::ranges::all_of(text.substr(9), is_digit);
}

/// The day of an entry, written with '-' or '/', as YYYY-MM-DD; "" with a problem.
std::string day_of(const Json& entry,
                   std::string_view member,
                   const std::string& file,
                   Diagnostics& problems) {
  std::string text = entry[member].string_or("");
  std::ranges::replace(text, '/', '-');
  const auto day = parse_day(text.substr(0, 10));
  if (day) return to_text(*day);
  problems.warning(
      "kev.date",
      fmt::format("expected a date such as 2026-09-11 in '{}', found '{}'", member, quotable(text)),
      entry.at(file));
  return "";
}

/// One text, or the texts of a list: both forms occur.
std::vector<std::string> words_of(const Json& value) {
  std::vector<std::string> words;
  if (value.is_string()) words.push_back(lower_case(*value.as_string()));
  for (const Json& item : value.items())
    words.push_back(lower_case(item.string_or("")));
  return words;
}

/// "EUVD-2026-25166", of the form of a CVE id.
bool is_euvd(std::string_view text) {
  return text.starts_with("EUVD-") && is_cve("CVE-" + std::string(text.substr(5)));
}

/// The CVE id of an entry, or nothing, with a problem.
std::optional<std::string> cve_of(const Json& entry,
                                  const std::string& file,
                                  Diagnostics& problems) {
  std::string cve(trim(entry["cveID"].string_or("")));
  if (is_cve(cve)) return cve;
  problems.error("kev.entry",
                 fmt::format("expected a CVE id such as CVE-2021-44228 in 'cveID', found '{}'; the "
                             "entry is left out",
                             quotable(cve)),
                 entry.at(file));
  return std::nullopt;
}

KnownExploitedList read_cisa(const Json& document, const std::string& file, Diagnostics& problems) {
  KnownExploitedList list{"cisa-kev", "", {}};
  const Json& entries = document["vulnerabilities"];
  for (const Json& entry : entries.items()) {
    auto cve = cve_of(entry, file, problems);
    if (!cve) continue;
    KnownExploited known{*std::move(cve), list.source, "", false, ""};
    known.date_added = day_of(entry, "dateAdded", file, problems);
    known.ransomware = lower_case(entry["knownRansomwareCampaignUse"].string_or("")) == "known";
    list.entries.push_back(std::move(known));
  }
  const auto released = parse_instant(document["dateReleased"].string_or(""));
  if (released) list.as_of = to_text(std::chrono::floor<std::chrono::days>(*released));
  const auto count = document["count"].as_int();
  if (count && *count != static_cast<std::int64_t>(entries.items().size())) {
    problems.warning("kev.count",
                     fmt::format("expected {} entries as 'count' says, found {}; the file may be "
                                 "cut off",
                                 *count, entries.items().size()),
                     document["count"].at(file));
  }
  return list;
}

/// The id of an entry of the EU list. Its description calls the CVE id optional and the EUVD id
/// mandatory; its schema wants both.
std::optional<std::string> eu_id_of(const Json& entry,
                                    const std::string& file,
                                    Diagnostics& problems) {
  std::string euvd(trim(entry["euvdID"].string_or("")));
  if (!is_euvd(euvd)) return cve_of(entry, file, problems);
  std::string cve(trim(entry["cveID"].string_or("")));
  if (is_cve(cve)) return cve;
  if (!cve.empty()) {
    problems.warning("kev.entry",
                     fmt::format("expected a CVE id such as CVE-2021-44228 in 'cveID', found '{}'; "
                                 "the entry counts under {}",
                                 quotable(cve), euvd),
                     entry.at(file));
  }
  return euvd;
}

/// Who reported: the names of offices and schemes occur in any case.
std::string origin_of(const Json& entry) {
  std::string origin(trim(entry["originSource"].string_or("")));
  for (const std::string_view word : {"CNW", "CRA", "EUI", "ENISA"}) {
    if (lower_case(origin) == lower_case(word)) origin = word;
  }
  return origin;
}

/// One entry for each id: a list that only grows may report one several times. It is exploited
/// since the first report; all that any of them says holds.
void merge_repeated(std::vector<KnownExploited>& entries) {
  std::unordered_map<std::string, std::size_t> places;
  std::vector<KnownExploited> merged;
  for (KnownExploited& entry : entries) {
    const auto [place, is_new] = places.try_emplace(entry.cve, merged.size());
    if (is_new) {
      merged.push_back(std::move(entry));
      continue;
    }
    KnownExploited& first = merged[place->second];
    first.ransomware = first.ransomware || entry.ransomware;
    if (first.euvd.empty()) first.euvd = std::move(entry.euvd);
    const bool is_earlier = !entry.date_added.empty() &&
                            (first.date_added.empty() || entry.date_added < first.date_added);
    if (!is_earlier) continue;
    first.date_added = std::move(entry.date_added);
    first.origin = std::move(entry.origin);
  }
  entries = std::move(merged);
}

KnownExploitedList read_eu(const Json& document, const std::string& file, Diagnostics& problems) {
  KnownExploitedList list{"eu-kev", "", {}};
  for (const Json& entry : document.items()) {
    auto id = eu_id_of(entry, file, problems);
    if (!id) continue;
    KnownExploited known{*std::move(id), list.source, "", false, "", origin_of(entry)};
    known.euvd = trim(entry["euvdID"].string_or(""));
    known.date_added = day_of(entry, "dateReported", file, problems);
    const auto kinds = words_of(entry["exploitationType"]);
    known.ransomware = std::ranges::find(kinds, "ransomware") != kinds.end();
    list.entries.push_back(std::move(known));
  }
  return list;
}

}  // namespace

Result<KnownExploitedList> read(std::string_view bytes,
                                const std::string& file,
                                Diagnostics& problems) {
  TreeLimits limits;
  limits.bytes = max_bytes;
  limits.depth = 32;
  limits.nodes = 5'000'000;
  TRY(const Json document, parse_json(bytes, file, problems, limits));
  const bool is_cisa = document["vulnerabilities"].is_array();
  if (!is_cisa && !document.is_array()) {
    return fail(ErrorKind::input, "kev.shape",
                "expected the CISA catalogue (an object with 'vulnerabilities') or the EU list (an "
                "array of entries), found neither",
                document.at(file));
  }
  KnownExploitedList list =
      is_cisa ? read_cisa(document, file, problems) : read_eu(document, file, problems);
  merge_repeated(list.entries);
  for (const KnownExploited& entry : list.entries) {
    if (!is_cisa || list.as_of.empty()) list.as_of = std::max(list.as_of, entry.date_added);
  }
  return list;
}

bool looks_like(std::string_view bytes) {
  const std::string_view start = bytes.substr(0, looked_at);
  return start.find("\"cveID\"") != std::string_view::npos ||
         start.find("\"euvdID\"") != std::string_view::npos;
}

}  // namespace lockstep::formats::kev
