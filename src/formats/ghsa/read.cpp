// SPDX-License-Identifier: Apache-2.0
#include "formats/ghsa/read.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"

namespace lockstep::formats::ghsa {

namespace {

constexpr TreeLimits limits{.bytes = std::size_t{64} << 20U, .depth = 64, .nodes = 5'000'000};

/// The words of the API, and those of its older forms.
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> ecosystems = {{
    {"actions", "GitHub Actions"},
    {"composer", "Packagist"},
    {"erlang", "Hex"},
    {"github-action", "GitHub Actions"},
    {"githubactions", "GitHub Actions"},
    {"go", "Go"},
    {"hex", "Hex"},
    {"maven", "Maven"},
    {"npm", "npm"},
    {"nuget", "NuGet"},
    {"pip", "PyPI"},
    {"pub", "Pub"},
    {"python", "PyPI"},
    {"rubygems", "RubyGems"},
    {"rust", "crates.io"},
    {"swift", "SwiftURL"},
}};

std::string text_of(const Json& value) {
  return std::string(trim(value.string_or("")));
}

/// Reads one advisory.
class AdvisoryReader {
 public:
  AdvisoryReader(const std::string& file, Diagnostics& problems)
      : file_(file), problems_(problems) {}

  std::optional<Advisory> read(const Json& node) {
    Advisory advisory;
    advisory.form = AdvisoryForm::ghsa;
    advisory.id = text_of(node["ghsa_id"]);
    if (advisory.id.empty()) {
      problems_.error("ghsa.missing",
                      "expected a member 'ghsa_id', found none; the advisory is left out",
                      node.at(file_));
      return std::nullopt;
    }
    read_aliases(node, advisory);
    advisory.summary = text_of(node["summary"]);
    advisory.details = node["description"].string_or("");
    advisory.published = instant(node, "published_at");
    advisory.modified = instant(node, "updated_at");
    advisory.withdrawn = instant(node, "withdrawn_at");
    const std::string word = lower_case(text_of(node["severity"]));
    advisory.severity_word = word == "unknown" ? "" : word;
    read_severity(node, advisory);
    for (const Json& weakness : node["cwes"].items())
      advisory.weaknesses.push_back(text_of(weakness["cwe_id"]));
    // Repository advisories may have the ids alone.
    if (advisory.weaknesses.empty())
      for (const Json& weakness : node["cwe_ids"].items())
        advisory.weaknesses.push_back(weakness.string_or(""));
    for (const Json& reference : node["references"].items())
      advisory.references.push_back(reference.is_object() ? text_of(reference["url"])
                                                          : reference.string_or(""));
    read_vulnerabilities(node, advisory);
    return advisory;
  }

 private:
  static void read_aliases(const Json& node, Advisory& advisory) {
    std::vector<std::string> ids = {text_of(node["cve_id"])};
    for (const Json& identifier : node["identifiers"].items())
      ids.push_back(text_of(identifier["value"]));
    for (std::string& id : ids) {
      const bool is_new = !id.empty() && id != advisory.id &&
                          std::ranges::find(advisory.aliases, id) == advisory.aliases.end();
      if (is_new) advisory.aliases.push_back(std::move(id));
    }
  }

  /// `cvss_severities` has a vector for each version; `cvss` is the older form.
  static void read_severity(const Json& node, Advisory& advisory) {
    const Json& all = node["cvss_severities"];
    for (const Json* score : {&all["cvss_v4"], &all["cvss_v3"], &node["cvss"]}) {
      const std::string vector = text_of((*score)["vector_string"]);
      if (vector.empty()) continue;
      const std::string type = vector.starts_with("CVSS:4")   ? "CVSS_V4"
                               : vector.starts_with("CVSS:3") ? "CVSS_V3"
                                                              : "CVSS_V2";
      const bool is_new = std::ranges::none_of(
          advisory.severity, [&](const auto& known) { return known.score == vector; });
      if (is_new) advisory.severity.push_back({type, vector});
    }
  }

  void read_vulnerabilities(const Json& node, Advisory& advisory) {
    std::map<std::pair<std::string_view, std::string>, std::size_t> places;
    for (const Json& one : node["vulnerabilities"].items()) {
      const Json& package = one["package"];
      const std::string word = text_of(package["ecosystem"]);
      const std::string_view ecosystem = ecosystem_of(word);
      std::string name = text_of(package["name"]);
      if (ecosystem.empty() || name.empty()) {
        problems_.note("ghsa.ecosystem",
                       fmt::format("expected a package of an ecosystem that packages are matched "
                                   "in, found '{}' of '{}' in {}; it is not evaluated",
                                   quotable(name), quotable(word), quotable(advisory.id)),
                       one.at(file_));
        continue;
      }
      const auto [place, is_new] = places.try_emplace({ecosystem, name}, advisory.affected.size());
      if (is_new) {
        Affected& made = advisory.affected.emplace_back();
        made.ecosystem = ecosystem;
        made.package = std::move(name);
      }
      read_range(one, advisory.id, advisory.affected[place->second]);
    }
  }

  void read_range(const Json& node, const std::string& id, Affected& affected) {
    const Json& member = node["vulnerable_version_range"];
    const std::string written = text_of(member);
    const auto ranges = parse_range(written, affected.versions);
    if (!ranges) {
      affected.partly_read = true;
      problems_.warning("ghsa.range",
                        fmt::format("expected a range such as '>= 1.0.0, < 1.0.5', found '{}' in "
                                    "{}",
                                    quotable(written), quotable(id)),
                        member.is_null() ? node.at(file_) : member.at(file_));
      return;
    }
    for (const AffectedRange& range : *ranges)
      affected.ranges.push_back(range);
    add_patched(node, affected);
  }

  /// "<= 1.0.4" with a first patched version 1.0.5 is the same as "< 1.0.5" for every release, and
  /// tells where to go. The affected versions stay as they are written; the fix is an end that a
  /// range of its own has, which holds nothing.
  static void add_patched(const Json& node, Affected& affected) {
    const Json& member = node["first_patched_version"];
    const std::string patched =
        member.is_object() ? text_of(member["identifier"]) : text_of(member);
    if (patched.empty()) return;
    const bool is_known = std::ranges::any_of(affected.ranges, [&](const AffectedRange& range) {
      return std::ranges::any_of(range.events, [&](const Event& event) {
        return event.kind == Event::Kind::fixed && event.version == patched;
      });
    });
    if (is_known) return;
    AffectedRange fix;
    fix.events = {{Event::Kind::introduced, patched}, {Event::Kind::fixed, patched}};
    affected.ranges.push_back(std::move(fix));
  }

  std::optional<Instant> instant(const Json& node, std::string_view member) {
    const Json& value = node[member];
    if (value.is_null()) return std::nullopt;
    const auto at = parse_instant(value.string_or(""));
    if (!at) {
      problems_.warning("ghsa.time",
                        fmt::format("expected a time such as 2026-09-11T10:00:00Z in '{}', found "
                                    "'{}'",
                                    member, quotable(value.string_or(""))),
                        value.at(file_));
    }
    return at;
  }

  const std::string& file_;
  Diagnostics& problems_;
};

}  // namespace

std::string_view ecosystem_of(std::string_view word) {
  const std::string wanted = lower_case(word);
  const auto row =
      std::ranges::find(ecosystems, wanted, &std::pair<std::string_view, std::string_view>::first);
  return row == ecosystems.end() ? std::string_view() : row->second;
}

Result<std::vector<Advisory>> read_advisories(std::string_view bytes,
                                              const std::string& file,
                                              Diagnostics& problems) {
  TRY(const Json document, parse_json(bytes, file, problems, limits));
  if (!document.is_array() && !document["ghsa_id"].is_string()) {
    return fail(ErrorKind::input, "ghsa.shape",
                "expected an advisory of GitHub's API with 'ghsa_id', or a list of them, found "
                "neither",
                document.at(file));
  }
  std::vector<Advisory> advisories;
  AdvisoryReader reader(file, problems);
  const auto take = [&](const Json& node) {
    if (auto advisory = reader.read(node)) advisories.push_back(*std::move(advisory));
  };
  if (document.is_object()) take(document);
  for (const Json& node : document.items())
    take(node);
  return advisories;
}

bool looks_like(std::string_view bytes) {
  const std::size_t start = bytes.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  if (start == std::string_view::npos || (bytes[start] != '{' && bytes[start] != '[')) return false;
  return bytes.find("\"ghsa_id\"") != std::string_view::npos;
}

}  // namespace lockstep::formats::ghsa
