// SPDX-License-Identifier: Apache-2.0
// SPEED: simdjson's DOM parser as for OSV: a feed has hundreds of megabytes.
//
// Source: NVD CVE API 2.0, cve_api_json_2.0.schema.
#include "formats/nvd/read.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <simdjson.h>
#include <utility>

#include "base/text.hpp"
#include "domain/cpe.hpp"
#include "formats/nvd/configurations.hpp"
#include "formats/nvd/limits.hpp"
#include "formats/osv/walk.hpp"
#include "formats/record_parser.hpp"

namespace lockstep::formats::nvd {

namespace {

namespace dom = simdjson::dom;
using osv::Inside;
using osv::Walk;

/// Reads one CVE.
class RecordReader {
 public:
  explicit RecordReader(Walk& walk) : walk_(walk) {}

  std::optional<Advisory> record(const dom::element& value);

 private:
  void member_of_record(std::string_view key, const dom::element& value, Advisory& advisory);
  void descriptions(const dom::element& value, Advisory& advisory);
  void metrics(const dom::element& value, Advisory& advisory);
  void weaknesses(const dom::element& value, Advisory& advisory);
  void references(const dom::element& value, Advisory& advisory);
  void configurations(const dom::element& value, Advisory& advisory);
  Configuration configuration(const dom::object& value);
  Node node(const dom::object& value);
  std::optional<Match> match(const dom::object& value);

  std::optional<std::string_view> text(const dom::element& value);
  std::optional<Instant> instant(const dom::element& value);
  std::optional<dom::object> object(const dom::element& value);
  bool flag(const dom::object& value, std::string_view key, bool otherwise);
  bool is_and(const dom::object& value);
  /// Calls `take` with each object of a list.
  template <typename Take>
  void objects(const dom::element& value, Take take);

  Walk& walk_;
};

std::optional<std::string_view> RecordReader::text(const dom::element& value) {
  std::string_view view;
  if (value.get(view) == simdjson::SUCCESS) return view;
  walk_.error("nvd.type", "expected a text, found something else");
  return std::nullopt;
}

std::optional<dom::object> RecordReader::object(const dom::element& value) {
  dom::object members;
  if (value.get(members) == simdjson::SUCCESS) return members;
  walk_.error("nvd.type", "expected an object, found something else");
  return std::nullopt;
}

template <typename Take>
void RecordReader::objects(const dom::element& value, Take take) {
  dom::array items;
  if (value.get(items) != simdjson::SUCCESS) {
    walk_.error("nvd.type", "expected a list, found something else");
    return;
  }
  std::size_t number = 0;
  for (const dom::element item : items) {
    const Inside here(walk_, number++);
    if (const auto members = object(item)) take(*members);
  }
}

/// Times of the NVD are in UTC and mostly do not say so.
std::optional<Instant> RecordReader::instant(const dom::element& value) {
  const auto written = text(value);
  if (!written) return std::nullopt;
  auto at = parse_instant(*written);
  if (!at) at = parse_instant(std::string(*written) + "Z");
  if (!at) {
    walk_.error("nvd.value", fmt::format("expected a time such as 2026-09-11T10:00:00.000, found "
                                         "'{}'",
                                         quotable(*written)));
  }
  return at;
}

bool RecordReader::flag(const dom::object& value, std::string_view key, bool otherwise) {
  dom::element found;
  if (value[key].get(found) != simdjson::SUCCESS) return otherwise;
  bool is_set = otherwise;
  if (found.get(is_set) == simdjson::SUCCESS) return is_set;
  const Inside here(walk_, key);
  walk_.error("nvd.type", "expected true or false, found something else");
  return otherwise;
}

bool RecordReader::is_and(const dom::object& value) {
  dom::element found;
  if (value["operator"].get(found) != simdjson::SUCCESS) return false;
  const Inside here(walk_, std::string_view("operator"));
  const auto word = text(found);
  if (word && *word != "AND" && *word != "OR") {
    walk_.error("nvd.value", fmt::format("expected AND or OR, found '{}'", quotable(*word)));
  }
  return word == "AND";
}

std::optional<Advisory> RecordReader::record(const dom::element& value) {
  const auto members = object(value);
  if (!members) return std::nullopt;
  Advisory advisory;
  advisory.form = AdvisoryForm::nvd;
  bool is_rejected = false;
  for (const dom::key_value_pair member : *members) {
    const Inside here(walk_, member.key);
    member_of_record(member.key, member.value, advisory);
    if (member.key == "vulnStatus") is_rejected = text(member.value) == "Rejected";
  }
  if (advisory.id.empty()) {
    walk_.error("nvd.missing",
                "expected a member 'id' with a CVE, found none; the record is left "
                "out");
    return std::nullopt;
  }
  if (is_rejected) {
    advisory.withdrawn = advisory.modified ? advisory.modified : advisory.published;
    if (!advisory.withdrawn) advisory.withdrawn = Instant{};
  }
  return advisory;
}

void RecordReader::member_of_record(std::string_view key,
                                    const dom::element& value,
                                    Advisory& advisory) {
  if (key == "id") {
    const auto id = text(value);
    if (!id || id->empty()) return;
    advisory.id = fmt::format("NVD:{}", *id);
    advisory.aliases = {std::string(*id)};
  } else if (key == "published") {
    advisory.published = instant(value);
  } else if (key == "lastModified") {
    advisory.modified = instant(value);
  } else if (key == "descriptions") {
    descriptions(value, advisory);
  } else if (key == "metrics") {
    metrics(value, advisory);
  } else if (key == "weaknesses") {
    weaknesses(value, advisory);
  } else if (key == "references") {
    references(value, advisory);
  } else if (key == "configurations") {
    configurations(value, advisory);
  }
}

/// The first sentence of a description, since records have no title.
std::string summary_of(std::string_view description) {
  const std::string_view line = description.substr(0, description.find('\n'));
  const std::size_t end = line.find(". ");
  return quotable(end == std::string_view::npos ? line : line.substr(0, end + 1),
                  max_summary_bytes);
}

void RecordReader::descriptions(const dom::element& value, Advisory& advisory) {
  objects(value, [&](const dom::object& description) {
    std::string_view language;
    std::string_view words;
    const bool is_whole = description["lang"].get(language) == simdjson::SUCCESS &&
                          description["value"].get(words) == simdjson::SUCCESS;
    if (!is_whole || language != "en" || !advisory.details.empty()) return;
    advisory.details = words;
    advisory.summary = summary_of(words);
  });
}

/// Of each version of CVSS the scores of the NVD itself ("Primary"), or else those of others.
void RecordReader::metrics(const dom::element& value, Advisory& advisory) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kinds = {{
      {"cvssMetricV40", "CVSS_V4"},
      {"cvssMetricV31", "CVSS_V3"},
      {"cvssMetricV30", "CVSS_V3"},
      {"cvssMetricV2", "CVSS_V2"},
  }};
  const auto members = object(value);
  if (!members) return;
  for (const auto& [key, type] : kinds) {
    dom::element list;
    if ((*members)[key].get(list) != simdjson::SUCCESS) continue;
    const Inside here(walk_, key);
    std::vector<PublishedSeverity> primary;
    std::vector<PublishedSeverity> others;
    objects(list, [&](const dom::object& metric) {
      std::string_view vector;
      if (metric.at_pointer("/cvssData/vectorString").get(vector) != simdjson::SUCCESS) {
        walk_.error("nvd.missing", "expected a vector in cvssData/vectorString, found none");
        return;
      }
      std::string_view source;
      const bool is_primary =
          metric["type"].get(source) == simdjson::SUCCESS && source == "Primary";
      (is_primary ? primary : others).push_back({std::string(type), std::string(vector)});
    });
    std::ranges::move(primary.empty() ? others : primary, std::back_inserter(advisory.severity));
  }
}

void RecordReader::weaknesses(const dom::element& value, Advisory& advisory) {
  objects(value, [&](const dom::object& weakness) {
    dom::array names;
    if (weakness["description"].get(names) != simdjson::SUCCESS) return;
    for (const dom::element name : names) {
      std::string_view id;
      // "NVD-CWE-noinfo" and "NVD-CWE-Other" name no weakness.
      if (name["value"].get(id) != simdjson::SUCCESS || !id.starts_with("CWE-")) continue;
      if (std::ranges::find(advisory.weaknesses, id) == advisory.weaknesses.end())
        advisory.weaknesses.emplace_back(id);
    }
  });
}

void RecordReader::references(const dom::element& value, Advisory& advisory) {
  objects(value, [&](const dom::object& reference) {
    std::string_view url;
    if (reference["url"].get(url) == simdjson::SUCCESS) advisory.references.emplace_back(url);
  });
}

void RecordReader::configurations(const dom::element& value, Advisory& advisory) {
  objects(value, [&](const dom::object& one) { add_entries(configuration(one), advisory); });
}

Configuration RecordReader::configuration(const dom::object& value) {
  Configuration read;
  read.is_and = is_and(value);
  const bool is_negated = flag(value, "negate", false);
  if (is_negated) {
    walk_.warning("nvd.configuration",
                  "expected a configuration without 'negate', found one; it is not evaluated");
  }
  dom::element nodes;
  if (value["nodes"].get(nodes) != simdjson::SUCCESS) {
    walk_.error("nvd.missing", "expected a member 'nodes', found none");
    return read;
  }
  const Inside here(walk_, std::string_view("nodes"));
  objects(nodes, [&](const dom::object& one) { read.nodes.push_back(node(one)); });
  for (Node& one : read.nodes)
    one.is_negated = one.is_negated || is_negated;
  return read;
}

Node RecordReader::node(const dom::object& value) {
  Node read;
  read.is_and = is_and(value);
  if (flag(value, "negate", false)) {
    read.is_negated = true;
    walk_.warning("nvd.configuration",
                  "expected a node without 'negate', found one; it is not evaluated");
  }
  dom::element matches;
  if (value["cpeMatch"].get(matches) != simdjson::SUCCESS) {
    walk_.error("nvd.missing", "expected a member 'cpeMatch', found none");
    return read;
  }
  const Inside here(walk_, std::string_view("cpeMatch"));
  objects(matches, [&](const dom::object& one) {
    if (auto found = match(one)) read.matches.push_back(*std::move(found));
  });
  return read;
}

std::optional<Match> RecordReader::match(const dom::object& value) {
  constexpr std::array<std::pair<std::string_view, Event::Kind>, 4> ends = {{
      {"versionStartIncluding", Event::Kind::introduced},
      {"versionStartExcluding", Event::Kind::introduced_after},
      {"versionEndIncluding", Event::Kind::last_affected},
      {"versionEndExcluding", Event::Kind::fixed},
  }};
  dom::element written;
  if (value["criteria"].get(written) != simdjson::SUCCESS) {
    walk_.error("nvd.missing", "expected a member 'criteria', found none");
    return std::nullopt;
  }
  const auto criteria = text(written);
  if (!criteria) return std::nullopt;
  const auto cpe = parse_cpe(*criteria);
  if (!cpe) {
    const Inside here(walk_, std::string_view("criteria"));
    walk_.error("nvd.value", cpe.error().message);
    return std::nullopt;
  }
  Match match;
  match.criterion.name = to_formatted_string(*cpe);
  match.product = product_of(*cpe);
  match.is_vulnerable = flag(value, "vulnerable", true);
  for (const auto& [key, kind] : ends) {
    if (value[key].get(written) != simdjson::SUCCESS) continue;
    const Inside here(walk_, key);
    const auto version = text(written);
    match.is_partly_read = match.is_partly_read || !version;
    if (!version) continue;
    const bool is_end = kind == Event::Kind::last_affected || kind == Event::Kind::fixed;
    if (is_end && match.criterion.events.empty())
      match.criterion.events.push_back({Event::Kind::introduced, "0"});
    match.criterion.events.push_back({kind, std::string(*version)});
  }
  return match;
}

/// The CVEs of a document, by its form; nothing when it has none of the forms.
template <typename Take>
bool each_record(const dom::element& document, Walk& walk, Take take) {
  const auto take_item = [&](const dom::element& item) {
    dom::element cve;
    if (item["cve"].get(cve) == simdjson::SUCCESS) {
      const Inside here(walk, std::string_view("cve"));
      take(cve);
    } else {
      take(item);
    }
  };
  if (!document.is_object()) return false;
  for (const std::string_view key : {"vulnerabilities", "cve_items"}) {
    dom::array list;
    if (document[key].get(list) != simdjson::SUCCESS) continue;
    const Inside inside(walk, key);
    std::size_t number = 0;
    for (const dom::element item : list) {
      const Inside here(walk, number++);
      take_item(item);
    }
    return true;
  }
  dom::element item;
  if (document["item"].get(item) == simdjson::SUCCESS) {
    const Inside here(walk, std::string_view("item"));
    take_item(item);
    return true;
  }
  dom::element found;
  const bool is_one = document["cve"].get(found) == simdjson::SUCCESS ||
                      document["sourceIdentifier"].get(found) == simdjson::SUCCESS ||
                      document["vulnStatus"].get(found) == simdjson::SUCCESS;
  if (is_one) take_item(document);
  return is_one;
}

}  // namespace

struct Reader::State {
  RecordParser parser{"nvd.size", "nvd.syntax", max_document_bytes, max_depth};
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
  const bool is_known = each_record(document, state_->walk, [&](const dom::element& cve) {
    auto advisory = RecordReader(state_->walk).record(cve);
    if (advisory) advisories.push_back(*std::move(advisory));
  });
  if (!is_known) {
    return fail(ErrorKind::input, "nvd.shape",
                "expected a page of the NVD API ('vulnerabilities'), a list ('cve_items'), an item "
                "('cve') or a CVE, found none of them",
                {file});
  }
  state_->walk.report(bytes, file, problems, "nvd.more");
  return advisories;
}

bool looks_like(std::string_view bytes) {
  const std::size_t start = bytes.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  if (start == std::string_view::npos || bytes[start] != '{') return false;
  return bytes.find("\"lastModified\"") != std::string_view::npos &&
         (bytes.find("\"vulnStatus\"") != std::string_view::npos ||
          bytes.find("\"sourceIdentifier\"") != std::string_view::npos);
}

}  // namespace lockstep::formats::nvd
