// SPDX-License-Identifier: Apache-2.0
// Tests about CVSS objects: their form, their scores and what they say beside their vector.
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <tuple>

#include "base/text.hpp"
#include "domain/cvss.hpp"
#include "formats/csaf/check.hpp"
#include "formats/csaf/cvss_words.hpp"

namespace lockstep::formats::csaf {
namespace {

constexpr std::array versions = {"cvss_v2", "cvss_v3", "cvss_v4"};

/// Any key for CVSS, also of a version that the standard does not know yet.
bool is_cvss(std::string_view key) {
  return key.size() == 7 && key.starts_with("cvss_v");
}

bool has_cvss(const Score& score) {
  return std::ranges::any_of(score.content->members(),
                             [](const auto& member) { return is_cvss(member.first); });
}

template <typename Look>
void each_score(const View& view, Look look) {
  for (const Json& vulnerability : view.vulnerabilities)
    for (const Score& score : view.scores_of(vulnerability))
      look(score);
}

template <typename Look>
void each_cvss(const View& view, Look look) {
  each_score(view, [&](const Score& score) {
    for (const char* key : versions)
      if ((*score.content)[key].is_object()) look(std::string_view(key), (*score.content)[key]);
  });
}

/// The value of a metric in a vector, "" when it is not named.
std::string_view value_in(std::string_view vector, std::string_view metric) {
  for (const std::string_view piece : split(vector, '/'))
    if (piece.size() > metric.size() && piece.starts_with(metric) && piece[metric.size()] == ':')
      return piece.substr(metric.size() + 1);
  return "";
}

bool is_undefined(std::string_view letter) {
  return letter.empty() || letter == "X" || letter == "ND";
}

/// The letter of a property's word; nothing for a word that the property does not have.
std::optional<std::string_view> letter_of(const CvssWord& word, std::string_view value) {
  for (const std::string_view pair : split(word.values, ' ')) {
    const std::size_t sign = pair.find('=');
    if (pair.substr(0, sign) == value) return pair.substr(sign + 1);
  }
  return std::nullopt;
}

std::string_view severity_of(double score) {
  if (score == 0) return "NONE";
  if (score < 4) return "LOW";
  if (score < 7) return "MEDIUM";
  return score < 9 ? "HIGH" : "CRITICAL";
}

void compare_score(const Json& cvss,
                   std::string_view name,
                   double right,
                   std::string_view vector,
                   Findings& findings) {
  const Json& score = cvss[std::string(name) + "Score"];
  const auto given = score.as_number();
  if (given && std::abs(*given - right) > 0.001)
    findings.add(score, fmt::format("expected {:.1f}, the {} score of {}, found {:.1f}", right,
                                    name, quotable(vector, 200), *given));
}

void compare_severity(const Json& cvss, std::string_view name, double right, Findings& findings) {
  const Json& severity = cvss[std::string(name) + "Severity"];
  if (severity.is_string() && text(severity) != severity_of(right))
    findings.add(severity, fmt::format("expected {}, the severity of {:.1f}, found '{}'",
                                       severity_of(right), right, quotable(text(severity))));
}

/// Whether the score of a product that is fixed is brought to nothing by environmental metrics.
bool is_nothing(std::string_view key, const Json& cvss) {
  const auto scores = score_cvss(text(cvss["vectorString"]));
  if (scores && scores->overall == 0) return true;
  if (key != "cvss_v4" && cvss["environmentalScore"].as_number() == 0.0) return true;
  // The properties may say what the vector leaves out.
  const auto all_are = [&](std::initializer_list<const char*> properties, std::string_view word) {
    return std::ranges::all_of(properties,
                               [&](const char* one) { return text(cvss[one]) == word; });
  };
  if (key == "cvss_v2") return all_are({"targetDistribution"}, "NONE");
  if (key == "cvss_v3")
    return all_are(
        {"modifiedAvailabilityImpact", "modifiedConfidentialityImpact", "modifiedIntegrityImpact"},
        "NONE");
  return all_are({"modifiedVulnAvailabilityImpact", "modifiedVulnConfidentialityImpact",
                  "modifiedVulnIntegrityImpact"},
                 "NONE") &&
         all_are({"modifiedSubAvailabilityImpact", "modifiedSubConfidentialityImpact",
                  "modifiedSubIntegrityImpact"},
                 "NEGLIGIBLE");
}

std::string_view version_of(std::string_view key, const Json& cvss) {
  const std::string_view version = text(cvss["version"]);
  return version.empty() ? key : version;
}

bool is_own(const View& view, const Score& score) {
  if (score.source.empty()) return true;
  for (const Json& reference : view.document["references"].items())
    if (text(reference["category"]) == "self" && text(reference["url"]) == score.source)
      return true;
  return false;
}

}  // namespace

void repeated_scores(const View& view, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities) {
    std::map<std::tuple<std::string_view, std::string_view, std::string_view>, const Json*> first;
    for (const Score& score : view.scores_of(vulnerability))
      for (const auto& [key, cvss] : score.content->members()) {
        if (!is_cvss(key)) continue;
        for (const Json& id : (*score.node)["products"].items()) {
          const std::tuple tuple(text(id), version_of(key, cvss), score.source);
          const auto [known, is_new] = first.emplace(tuple, score.node);
          if (!is_new && known->second != score.node)
            findings.add(cvss,
                         fmt::format("expected one score of CVSS {} for '{}'{}, found another "
                                     "in line {}",
                                     quotable(version_of(key, cvss)), quotable(text(id)),
                                     view.is_2_1() ? " of one source" : "", known->second->line()));
        }
      }
  }
}

void invalid_cvss(const View& view, Findings& findings) {
  for (const BrokenRule& rule : view.schema.broken)
    if (owner_of(rule.pointer) == SchemaOwner::cvss) findings.add(*rule.at, rule.message);
}

void wrong_cvss_scores(const View& view, Findings& findings) {
  each_cvss(view, [&](std::string_view key, const Json& cvss) {
    const std::string_view vector = text(cvss["vectorString"]);
    const auto scores = score_cvss(vector);
    if (!scores) {
      if (!vector.empty())
        findings.add(cvss["vectorString"], "no score can be computed: " + scores.error().message);
      return;
    }
    if (key == "cvss_v4") {
      // CVSS 4.0 has one score, computed from all metrics that the vector names.
      compare_score(cvss, "base", scores->overall, vector, findings);
      compare_severity(cvss, "base", scores->overall, findings);
      return;
    }
    const double base = scores->base.value_or(scores->overall);
    const double temporal = scores->temporal.value_or(base);
    const std::array<std::pair<std::string_view, double>, 3> named = {
        {{"base", base},
         {"temporal", temporal},
         {"environmental", scores->environmental.value_or(temporal)}}};
    for (const auto& [name, right] : named) {
      compare_score(cvss, name, right, vector, findings);
      // Version 2 has no words for its scores.
      if (key == "cvss_v3") compare_severity(cvss, name, right, findings);
    }
  });
}

void contradicting_cvss(const View& view, Findings& findings) {
  each_cvss(view, [&](std::string_view key, const Json& cvss) {
    const std::string_view vector = text(cvss["vectorString"]);
    if (vector.empty()) return;
    const std::string_view version = text(cvss["version"]);
    if (key != "cvss_v2" && !version.empty() &&
        !vector.starts_with("CVSS:" + std::string(version) + "/"))
      findings.add(cvss["version"], fmt::format("expected the version of {}, found '{}'",
                                                quotable(vector, 200), quotable(version)));
    for (const CvssWord& word : cvss_words(key)) {
      const Json& property = cvss[word.property];
      const auto letter = letter_of(word, text(property));
      if (!letter) continue;
      // What the vector leaves open, a property may add.
      const std::string_view named = value_in(vector, word.metric);
      const bool agrees =
          *letter == named || named.empty() || (is_undefined(*letter) && is_undefined(named));
      if (!agrees)
        findings.add(property, fmt::format("expected what the vector says, {}:{}, found '{}'",
                                           word.metric, quotable(named), text(property)));
    }
  });
}

void cvss_of_fixed(const View& view, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities) {
    Ids fixed;
    for (const auto& [id, group] : view.statuses_of(vulnerability))
      if (group == StatusGroup::fixed) fixed.insert(id);
    for (const Score& score : view.scores_of(vulnerability))
      for (const Json& id : (*score.node)["products"].items())
        for (const char* key : versions) {
          const Json& cvss = (*score.content)[key];
          if (cvss.is_object() && fixed.contains(text(id)) && !is_nothing(key, cvss))
            findings.add(cvss,
                         fmt::format("expected an environmental score of 0 for '{}', which is "
                                     "fixed, found another",
                                     quotable(text(id))));
        }
  }
}

void cvss_v2_alone(const View& view, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities) {
    Ids otherwise;
    const auto scores = view.scores_of(vulnerability);
    for (const Score& score : scores)
      for (const auto& [key, value] : score.content->members()) {
        const bool is_other = key != "cvss_v2" && key != "products" && key != "x_extensions";
        if (is_other && (view.is_2_1() || is_cvss(key)))
          for (const Json& id : (*score.node)["products"].items())
            otherwise.insert(text(id));
      }
    for (const Score& score : scores) {
      const Json& cvss = (*score.content)["cvss_v2"];
      if (cvss.is_null()) continue;
      for (const Json& id : (*score.node)["products"].items())
        if (!otherwise.contains(text(id)))
          findings.add(cvss, fmt::format("expected a newer score beside CVSS 2.0 for '{}', found "
                                         "none",
                                         quotable(text(id))));
    }
  }
}

void cvss_v3_0(const View& view, Findings& findings) {
  each_cvss(view, [&](std::string_view key, const Json& cvss) {
    const bool is_3_0 =
        text(cvss["version"]) == "3.0" || text(cvss["vectorString"]).starts_with("CVSS:3.0/");
    if (key == "cvss_v3" && is_3_0) findings.add(cvss, "expected CVSS 3.1 or newer, found 3.0");
  });
}

void missing_cvss_v4(const View& view, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities) {
    Ids covered;
    for (const Score& score : view.scores_of(vulnerability)) {
      if (!has_cvss(score)) continue;
      for (const Json& id : (*score.node)["products"].items())
        covered.insert(text(id));
      if ((*score.content)["cvss_v4"].is_null())
        findings.add(*score.content, "expected a score of CVSS 4.0, found none");
    }
    for (const StatusKey& row : status_keys()) {
      if (row.group != StatusGroup::affected) continue;
      for (const Json& node : vulnerability["product_status"][row.key].items())
        if (!covered.contains(text(node)))
          findings.add(node, fmt::format("expected a CVSS score for '{}', found none",
                                         quotable(text(node))));
    }
  }
}

void cvss_with_rating(const View& view, Findings& findings) {
  for (const Json& vulnerability : view.vulnerabilities) {
    std::map<std::pair<std::string_view, std::string_view>, const Json*> scored;
    const auto scores = view.scores_of(vulnerability);
    for (const Score& score : scores)
      if (has_cvss(score))
        for (const Json& id : (*score.node)["products"].items())
          scored.emplace(std::pair(text(id), score.source), score.node);
    for (const Score& score : scores) {
      const Json& rating = (*score.content)["qualitative_severity_rating"];
      if (rating.is_null()) continue;
      for (const Json& id : (*score.node)["products"].items())
        if (scored.contains(std::pair(text(id), score.source)))
          findings.add(rating, fmt::format("expected a CVSS score or a rating for '{}', found both "
                                           "of one source",
                                           quotable(text(id))));
    }
  }
}

void own_rating(const View& view, Findings& findings) {
  each_score(view, [&](const Score& score) {
    const Json& rating = (*score.content)["qualitative_severity_rating"];
    if (!rating.is_null() && is_own(view, score))
      findings.add(rating,
                   "expected a scored metric of the issuing party, found a rating in words");
  });
}

void any_rating(const View& view, Findings& findings) {
  each_score(view, [&](const Score& score) {
    const Json& rating = (*score.content)["qualitative_severity_rating"];
    if (!rating.is_null())
      findings.add(rating, "expected a scored metric, found a rating in words");
  });
}

}  // namespace lockstep::formats::csaf
