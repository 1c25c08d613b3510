// SPDX-License-Identifier: Apache-2.0
// The steps of npm's semver: 1.2.3 to 2.0.0 (major), 1.3.0-0 (preminor), 1.2.4-beta.0 (prerelease
// with an identifier).
//
// A step that a pre-release leads up to already only ends it: 2.0.0-rc.1 to 2.0.0 is a major step.
// The next pre-release has its last number plus one; other identifiers begin anew.
//
// Source: npm's semver documentation, "Functions", inc.
#include "versions/native/npm_increment.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "versions/native/comparators.hpp"
#include "versions/native/words.hpp"
#include "versions/semver.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

using Identifiers = std::vector<std::string>;

Identifiers identifiers_of(std::string_view text) {
  Identifiers identifiers;
  if (text.empty()) return identifiers;
  for (const std::string_view piece : split(text, '.'))
    identifiers.emplace_back(piece);
  return identifiers;
}

std::string joined(const Identifiers& identifiers) {
  return join(identifiers, ".");
}

struct Version {
  std::array<std::string, 3> numbers;
  Identifiers prerelease;

  bool has_zeros_from(std::size_t first) const {
    for (std::size_t i = first; i < numbers.size(); ++i) {
      if (!significant(numbers[i]).empty()) return false;
    }
    return true;
  }

  /// The next version whose number at `place` is the last that is not 0.
  void step(std::size_t place) {
    if (!has_zeros_from(place + 1) || prerelease.empty()) {
      numbers[place] = successor(numbers[place]);
    }
    for (std::size_t i = place + 1; i < numbers.size(); ++i)
      numbers[i] = "0";
    prerelease.clear();
  }
};

std::optional<Version> parse(std::string_view text, bool is_loose) {
  const auto full = full_version(text, is_loose, "9007199254740991");
  if (!full) return std::nullopt;
  const std::size_t hyphen = full->find('-');
  const auto numbers = split(std::string_view(*full).substr(0, hyphen), '.');
  Version version;
  for (std::size_t i = 0; i < version.numbers.size(); ++i)
    version.numbers[i] = numbers[i];
  if (hyphen != std::string::npos) version.prerelease = identifiers_of(full->substr(hyphen + 1));
  return version;
}

bool begins_with(const Identifiers& all, const Identifiers& first) {
  return all.size() >= first.size() && std::equal(first.begin(), first.end(), all.begin());
}

/// The last number plus one, or a first number behind; false when nothing would move.
bool step_prerelease(Identifiers& prerelease, std::string_view identifier, PrereleaseBase base) {
  const std::string first = base == PrereleaseBase::one ? "1" : "0";
  bool moved = false;
  for (std::size_t i = prerelease.size(); i-- > 0 && !moved;) {
    moved = is_number(prerelease[i]);
    if (moved) prerelease[i] = successor(prerelease[i]);
  }
  if (!moved) {
    const bool same = !prerelease.empty() && joined(prerelease) == identifier;
    if (same && base == PrereleaseBase::none) return false;
    prerelease.push_back(first);
  }
  if (identifier.empty()) return true;
  Identifiers wanted = identifiers_of(identifier);
  const bool goes_on = begins_with(prerelease, wanted) && prerelease.size() > wanted.size() &&
                       is_number(prerelease[wanted.size()]);
  if (goes_on) return true;
  if (base != PrereleaseBase::none) wanted.push_back(first);
  prerelease = wanted;
  return true;
}

}  // namespace

std::optional<std::string> next_npm_version(std::string_view text,
                                            std::string_view step,
                                            std::string_view identifier,
                                            PrereleaseBase base,
                                            bool is_loose) {
  auto version = parse(text, is_loose);
  if (!version) return std::nullopt;
  constexpr std::array<std::string_view, 3> places = {"major", "minor", "patch"};
  const bool is_pre = step.starts_with("pre");
  if (is_pre && identifier.empty() && base == PrereleaseBase::none) return std::nullopt;
  if (is_pre && !identifier.empty() && !is_identifier_list(identifier, is_loose)) {
    return std::nullopt;
  }
  if (step == "release") {
    if (version->prerelease.empty()) return std::nullopt;
    version->prerelease.clear();
  } else if (step == "prerelease") {
    if (version->prerelease.empty()) version->step(2);
  } else {
    const std::string_view place = is_pre ? step.substr(3) : step;
    const auto* row = std::ranges::find(places, place);
    if (row == places.end()) return std::nullopt;
    if (is_pre) version->prerelease.clear();
    version->step(static_cast<std::size_t>(row - places.begin()));
  }
  if (is_pre && !step_prerelease(version->prerelease, identifier, base)) return std::nullopt;
  std::string next = version->numbers[0] + "." + version->numbers[1] + "." + version->numbers[2];
  if (!version->prerelease.empty()) next += "-" + joined(version->prerelease);
  return next;
}

}  // namespace lockstep::versions
