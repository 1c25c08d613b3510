// SPDX-License-Identifier: Apache-2.0
#include "formats/lists.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/text.hpp"

namespace lockstep::formats {
namespace {

using Words = std::unordered_set<std::string_view>;

/// One run of editions in which a weakness is described in the same way.
struct WeaknessRun {
  std::size_t first = 0;  ///< places in the list of editions
  std::size_t last = 0;
  Weakness weakness;
};

struct WeaknessList {
  std::vector<std::pair<std::string_view, std::string_view>> editions;  ///< name and day
  std::unordered_map<std::string_view, std::vector<WeaknessRun>> runs;  ///< by number, oldest first

  std::size_t place_of(std::string_view edition) const {
    const auto found = std::ranges::find(editions, edition, &decltype(editions)::value_type::first);
    return static_cast<std::size_t>(found - editions.begin());
  }
};

Weakness::Mapping mapping_of(std::string_view word) {
  if (word == "allowed") return Weakness::Mapping::allowed;
  if (word == "review") return Weakness::Mapping::review;
  if (word == "discouraged") return Weakness::Mapping::discouraged;
  return word == "prohibited" ? Weakness::Mapping::prohibited : Weakness::Mapping::unstated;
}

/// Lines "version NAME DAY", then "cwe NUMBER FIRST LAST STATUS MAPPING NAME", between tabs.
const WeaknessList& weaknesses() {
  static const WeaknessList list = [] {
    WeaknessList built;
    for (const std::string_view line : split(shipped_list("cwe.tsv"), '\n')) {
      const auto fields = split(line, '\t');
      if (fields[0] == "version") built.editions.emplace_back(fields[1], fields[2]);
      if (fields[0] == "cwe")
        built.runs[fields[1]].push_back(
            {built.place_of(fields[2]),
             built.place_of(fields[3]),
             {fields[6], fields[4] == "deprecated", mapping_of(fields[5])}});
    }
    return built;
  }();
  return list;
}

const std::vector<WeaknessRun>* runs_of(std::string_view id) {
  if (!id.starts_with("CWE-")) return nullptr;
  const auto found = weaknesses().runs.find(id.substr(4));
  return found == weaknesses().runs.end() ? nullptr : &found->second;
}

/// Lines "KIND word word ...".
Words words_of(std::string_view list, std::string_view kind) {
  Words words;
  for (const std::string_view line : split(shipped_list(list), '\n')) {
    auto fields = split(line, ' ');
    if (fields[0] == kind) words.insert(fields.begin() + 1, fields.end());
  }
  return words;
}

struct Subtags {
  Words language = words_of("language_subtags.txt", "language");
  Words extlang = words_of("language_subtags.txt", "extlang");  ///< "gsg/sgn": with its prefix
  Words script = words_of("language_subtags.txt", "script");
  Words region = words_of("language_subtags.txt", "region");
  Words variant = words_of("language_subtags.txt", "variant");
  Words grandfathered = words_of("language_subtags.txt", "grandfathered");
};

const Subtags& subtags() {
  static const Subtags all;
  return all;
}

bool is_alphabetic(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
}

bool is_numeric(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_alphanumeric(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

bool is_private_language(std::string_view subtag) {
  return subtag.size() == 3 && subtag >= "qaa" && subtag <= "qtz" && is_alphabetic(subtag);
}

bool is_private_script(std::string_view subtag) {
  return subtag.size() == 4 && subtag >= "qaaa" && subtag <= "qabx" && is_alphabetic(subtag);
}

bool is_private_region(std::string_view subtag) {
  return subtag == "aa" || subtag == "zz" ||
         (subtag.size() == 2 && is_alphabetic(subtag) &&
          ((subtag >= "qm" && subtag <= "qz") || (subtag >= "xa" && subtag <= "xz")));
}

/// Reads the subtags of a tag from the left. Source: RFC 5646, Figure 1.
class Tag {
 public:
  explicit Tag(std::string_view lower) : pieces_(split(lower, '-')) {}

  std::string problem() {
    if (!std::ranges::all_of(pieces_, is_alphanumeric))
      return "expected letters and digits between single hyphens";
    if (pieces_[0] == "x") return private_use();
    for (const auto& part : {language(), extended(), script(), region(), variants(), extensions()})
      if (!part.empty()) return part;
    return at_ < pieces_.size() ? private_use() : "";
  }

 private:
  std::string_view next() const { return at_ < pieces_.size() ? pieces_[at_] : std::string_view(); }

  static std::string unknown(std::string_view kind, std::string_view subtag) {
    return "the registry has no " + std::string(kind) + " '" + std::string(subtag) + "'";
  }

  std::string language() {
    language_ = next();
    ++at_;
    if (subtags().language.contains(language_) || is_private_language(language_)) return "";
    return unknown("language", language_);
  }

  /// No registered one stands behind another.
  std::string extended() {
    if (next().size() != 3 || !is_alphabetic(next())) return "";
    const std::string_view subtag = pieces_[at_++];
    const std::string with_prefix = std::string(subtag) + "/" + std::string(language_);
    if (!subtags().extlang.contains(with_prefix))
      return unknown("extended language of '" + std::string(language_) + "' named", subtag);
    return next().size() == 3 && is_alphabetic(next()) ? "a second extended language" : "";
  }

  std::string script() {
    if (next().size() != 4 || !is_alphabetic(next())) return "";
    const std::string_view subtag = pieces_[at_++];
    if (subtags().script.contains(subtag) || is_private_script(subtag)) return "";
    return unknown("script", subtag);
  }

  std::string region() {
    const bool is_here =
        (next().size() == 2 && is_alphabetic(next())) || (next().size() == 3 && is_numeric(next()));
    if (!is_here) return "";
    const std::string_view subtag = pieces_[at_++];
    if (subtags().region.contains(subtag) || is_private_region(subtag)) return "";
    return unknown("region", subtag);
  }

  std::string variants() {
    Words seen;
    for (; next().size() > 3; ++at_) {
      if (!subtags().variant.contains(next())) return unknown("variant", next());
      if (!seen.insert(next()).second) return "the variant '" + std::string(next()) + "' twice";
    }
    return "";
  }

  std::string extensions() {
    Words seen;
    while (next().size() == 1 && next() != "x") {
      const std::string_view singleton = pieces_[at_++];
      if (!seen.insert(singleton).second)
        return "the extension '" + std::string(singleton) + "' twice";
      const std::size_t first = at_;
      while (next().size() >= 2 && next().size() <= 8)
        ++at_;
      if (at_ == first) return "the extension '" + std::string(singleton) + "' without a subtag";
    }
    return "";
  }

  std::string private_use() {
    if (next() != "x") return unknown("place for", next());
    const bool is_empty = ++at_ == pieces_.size();
    if (is_empty) return "nothing after 'x'";
    return std::ranges::all_of(pieces_, [](auto piece) { return piece.size() <= 8; })
               ? ""
               : "a subtag of more than 8 characters";
  }

  std::vector<std::string_view> pieces_;
  std::size_t at_ = 0;
  std::string_view language_;
};

/// In lower case, since letters of either case are one in identifiers of licences (SPDX 3.0.1,
/// annex of license expressions).
using LicenseIds = std::unordered_set<std::string>;

LicenseIds license_ids(std::string_view kind) {
  LicenseIds ids;
  for (const std::string_view word : words_of("licenses.txt", kind))
    ids.insert(lower_case(word));
  return ids;
}

struct Licenses {
  LicenseIds spdx = license_ids("spdx");
  LicenseIds spdx_deprecated = license_ids("spdx-deprecated");
  LicenseIds exception = license_ids("exception");
  LicenseIds exception_deprecated = license_ids("exception-deprecated");
  LicenseIds scancode = license_ids("scancode");
  LicenseIds scancode_deprecated = license_ids("scancode-deprecated");
};

const Licenses& licenses() {
  static const Licenses all;
  return all;
}

Listed listed(std::string_view id, const LicenseIds& active, const LicenseIds& deprecated) {
  const std::string lower = lower_case(id);
  if (active.contains(lower)) return Listed::active;
  return deprecated.contains(lower) ? Listed::deprecated : Listed::unknown;
}

std::optional<Listed> listed_reference(std::string_view id) {
  constexpr std::string_view scancode = "licenseref-scancode-";
  if (lower_case(id).starts_with(scancode))
    return listed(id.substr(scancode.size()), licenses().scancode, licenses().scancode_deprecated);
  if (id.starts_with("LicenseRef-") || id.starts_with("AdditionRef-") ||
      id.starts_with("DocumentRef-"))
    return Listed::other_list;
  return std::nullopt;
}

}  // namespace

bool has_cwe_edition(std::string_view edition) {
  return weaknesses().place_of(edition) < weaknesses().editions.size();
}

std::string_view cwe_edition_on(std::string_view day) {
  std::string_view newest;
  for (const auto& [edition, published] : weaknesses().editions)
    if (published <= day) newest = edition;
  return newest;
}

std::string_view newest_cwe_edition() {
  return weaknesses().editions.back().first;
}

std::optional<Weakness> weakness_in(std::string_view id, std::string_view edition) {
  const std::size_t place = weaknesses().place_of(edition);
  const auto* runs = runs_of(id);
  if (runs == nullptr) return std::nullopt;
  for (const WeaknessRun& run : *runs)
    if (run.first <= place && place <= run.last) return run.weakness;
  return std::nullopt;
}

std::vector<std::string_view> names_of_weakness(std::string_view id) {
  std::vector<std::string_view> names;
  const auto* runs = runs_of(id);
  if (runs == nullptr) return names;
  for (auto run = runs->rbegin(); run != runs->rend(); ++run)
    if (std::ranges::find(names, run->weakness.name) == names.end())
      names.push_back(run->weakness.name);
  return names;
}

std::string problem_of_language(std::string_view tag) {
  constexpr std::size_t longest_tag = 256;
  if (tag.size() > longest_tag) return "more than 256 characters";
  const std::string lower = lower_case(tag);
  if (subtags().grandfathered.contains(lower)) return "";
  return Tag(lower).problem();
}

bool has_private_subtag(std::string_view tag) {
  const std::string lower = lower_case(tag);
  if (subtags().grandfathered.contains(lower)) return false;
  const auto pieces = split(lower, '-');
  if (is_private_language(pieces[0])) return true;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i] == "x") return true;
    // Behind another singleton stands an extension, whose subtags mean something else.
    if (i > 0 && pieces[i].size() == 1) return lower.find("-x-") != std::string::npos;
    if (i > 0 && (is_private_script(pieces[i]) || is_private_region(pieces[i]))) return true;
  }
  return false;
}

Listed listed_license(std::string_view id) {
  if (const auto reference = listed_reference(id)) return *reference;
  return listed(id, licenses().spdx, licenses().spdx_deprecated);
}

Listed listed_exception(std::string_view id) {
  if (const auto reference = listed_reference(id)) return *reference;
  return listed(id, licenses().exception, licenses().exception_deprecated);
}

const std::vector<DecisionPoint>& decision_points() {
  static const std::vector<DecisionPoint> points = [] {
    std::vector<DecisionPoint> built;
    for (const std::string_view line : split(shipped_list("ssvc_points.tsv"), '\n')) {
      const auto fields = split(line, '\t');
      if (fields.size() != 5) continue;
      DecisionPoint point{fields[0], fields[1], fields[2], fields[3], {}};
      for (const std::string_view value : split(fields[4], '|')) {
        const std::size_t sign = value.find('=');
        point.values.emplace_back(value.substr(0, sign), value.substr(sign + 1));
      }
      built.push_back(std::move(point));
    }
    return built;
  }();
  return points;
}

}  // namespace lockstep::formats
