// SPDX-License-Identifier: Apache-2.0
#include "advisories/revision.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "advisories/ecosystem.hpp"
#include "base/text.hpp"

namespace lockstep::advisories {

namespace {

/// Types whose package is a repository, with the host that their package URLs leave out.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> repository_types = {{
    {"bitbucket", "bitbucket.org/"},
    {"git", ""},
    {"github", "github.com/"},
    {"gitlab", "gitlab.com/"},
    {"swift", ""},
}};

/// "git+https://host/path@revision#folder"
Revision of_download_location(std::string_view text) {
  text = text.substr(0, text.find('#'));
  const std::size_t step = text.rfind('/');
  const std::size_t at = text.rfind('@');
  // An '@' before the path belongs to the host.
  if (at == std::string_view::npos || step == std::string_view::npos || at < step)
    return {normalised_repository(text), ""};
  return {normalised_repository(text.substr(0, at)), std::string(text.substr(at + 1))};
}

bool is_hexadecimal(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

/// Commits are also written short, with seven digits or more.
bool is_commit(std::string_view revision, std::string_view commit) {
  constexpr std::size_t short_digits = 7;
  return revision.size() >= short_digits && revision.size() <= commit.size() &&
         is_hexadecimal(revision) && lower_case(commit).starts_with(lower_case(revision));
}

bool holds_all(const AffectedRangeView& range) {
  return !range.events.empty() && std::ranges::all_of(range.events, [](const EventView& event) {
    return event.kind == EventKind::introduced && event.version == "0";
  });
}

/// What a range says of a revision.
Evaluation evaluate_range(const AffectedRangeView& range, std::string_view revision) {
  const std::string shown = quotable(revision);
  if (holds_all(range))
    return {Verdict::affected, fmt::format("{} is in [0, ...) of its repository", shown), {}};
  bool is_mended = false;
  for (const EventView& event : range.events) {
    if (!is_commit(revision, event.version)) continue;
    if (event.kind == EventKind::introduced)
      return {Verdict::affected, fmt::format("{} is the commit that introduced it", shown), {}};
    if (event.kind == EventKind::last_affected)
      return {Verdict::affected, fmt::format("{} is the last commit with it", shown), {}};
    is_mended = true;
  }
  if (is_mended) return {};
  return {Verdict::not_evaluated,
          fmt::format("the record lists commits, and where '{}' stands among them its "
                      "repository alone can tell",
                      shown),
          {}};
}

}  // namespace

std::string normalised_repository(std::string_view address) {
  std::string text = lower_case(address);
  if (text.starts_with("git+")) text.erase(0, 4);
  const std::size_t scheme = text.find("://");
  if (scheme != std::string::npos) text.erase(0, scheme + 3);
  const std::size_t user = text.find('@');
  if (user < text.find('/')) text.erase(0, user + 1);
  // "git@host:path", where there is no port.
  if (scheme == std::string::npos)
    if (const std::size_t colon = text.find(':'); colon < text.find('/')) text[colon] = '/';
  while (text.ends_with('/'))
    text.pop_back();
  if (text.ends_with(".git")) text.erase(text.size() - 4);
  return text;
}

std::optional<Revision> revision_of(const Purl& purl) {
  if (const std::string_view location = qualifier_of(purl, "vcs_url"); !location.empty()) {
    Revision found = of_download_location(location);
    if (found.name.empty()) found.name = purl.version;
    return found;
  }
  const auto row = std::ranges::find(repository_types, purl.type,
                                     &std::pair<std::string_view, std::string_view>::first);
  if (row == repository_types.end()) return std::nullopt;
  std::string path(row->second);
  if (!purl.name_space.empty()) path += purl.name_space + "/";
  return Revision{normalised_repository(path + purl.name), purl.version};
}

Evaluation evaluate_revision(const AffectedVersions& affected, std::string_view revision) {
  Evaluation result;
  if (affected.listed == Listed::ours)
    result = {Verdict::affected, quotable(revision) + " is listed in versions", {}};
  for (const AffectedRangeView& range : affected.ranges) {
    if (result.verdict == Verdict::affected) break;
    Evaluation one = evaluate_range(range, revision);
    if (one.verdict != Verdict::not_affected) result = std::move(one);
  }
  const bool is_open = result.verdict == Verdict::not_affected && affected.partly_read;
  if (is_open) result = {Verdict::not_evaluated, "a range of the record could not be read", {}};
  if (result.verdict != Verdict::affected) return result;
  for (const AffectedRangeView& range : affected.ranges)
    for (const EventView& event : range.events)
      if (event.kind == EventKind::fixed) result.fixed.push_back(event.version);
  return result;
}

}  // namespace lockstep::advisories
