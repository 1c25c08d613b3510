// SPDX-License-Identifier: Apache-2.0
#include "domain/cvss.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/core.h>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"
#include "domain/cvss_vector.hpp"

namespace lockstep {

namespace {

/// Longer than any vector that names every metric once.
constexpr std::size_t max_vector_bytes = 512;

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorKind::input, "cvss.vector", std::move(message));
}

std::string spaced(std::string_view values) {
  std::string text(values);
  std::ranges::replace(text, ' ', '/');
  return text;
}

/// Whether the value is one of those between the spaces.
bool has_value(const CvssMetric& metric, std::string_view value) {
  for (std::string_view rest = metric.values; !rest.empty();) {
    const std::string_view one = rest.substr(0, rest.find(' '));
    if (one == value) return true;
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
  }
  return false;
}

/// Version 2 has three words, the later ones five.
std::string rating_of(const std::string& version, double score) {
  if (version == "2.0") return score < 4.0 ? "low" : score < 7.0 ? "medium" : "high";
  if (score == 0.0) return "none";
  if (score < 4.0) return "low";
  if (score < 7.0) return "medium";
  return score < 9.0 ? "high" : "critical";
}

Result<CvssScores> score_any(std::string_view vector) {
  if (vector.starts_with("CVSS:4.0/")) return score_cvss_v4(vector.substr(9));
  if (vector.starts_with("CVSS:3.1/")) return score_cvss_v3(vector.substr(9), CvssMinor::one);
  if (vector.starts_with("CVSS:3.0/")) return score_cvss_v3(vector.substr(9), CvssMinor::zero);
  if (!vector.starts_with("AV:")) {
    return refuse(
        fmt::format("expected a CVSS vector that begins with CVSS:4.0/, CVSS:3.1/, "
                    "CVSS:3.0/ or AV: (version 2), found '{}'",
                    quotable(vector)));
  }
  return score_cvss_v2(vector);
}

}  // namespace

std::string_view CvssVector::value(std::string_view metric, std::string_view otherwise) const {
  for (std::size_t i = 0; i < metrics_.size(); ++i) {
    // SPEED: most names already differ in their first letter.
    const std::string_view name = metrics_[i].name;
    if (name.front() == metric.front() && name == metric)
      return values_[i].empty() ? otherwise : values_[i];
  }
  return otherwise;
}

bool CvssVector::names(CvssGroup group) const {
  for (std::size_t i = 0; i < metrics_.size(); ++i) {
    if (metrics_[i].group == group && !values_[i].empty()) return true;
  }
  return false;
}

bool CvssVector::defines(CvssGroup group) const {
  for (std::size_t i = 0; i < metrics_.size(); ++i) {
    if (metrics_[i].group == group && !values_[i].empty() && values_[i] != "X") return true;
  }
  return false;
}

Result<CvssVector> parse_cvss_metrics(std::string_view text,
                                      std::span<const CvssMetric> metrics,
                                      CvssOrder order) {
  std::vector<std::string_view> values(metrics.size());
  std::size_t earliest = 0;
  for (const std::string_view piece : split(text, '/')) {
    const std::size_t colon = piece.find(':');
    const std::string_view name = piece.substr(0, colon);
    const auto row = std::ranges::find(metrics, name, &CvssMetric::name);
    if (colon == std::string_view::npos || row == metrics.end()) {
      return refuse(fmt::format("expected a metric such as {}:{} in a CVSS vector, found '{}'",
                                metrics.front().name, split(metrics.front().values, ' ').front(),
                                quotable(piece)));
    }
    const std::string_view value = piece.substr(colon + 1);
    if (!has_value(*row, value)) {
      return refuse(fmt::format("expected one of {} for the CVSS metric {}, found '{}'",
                                spaced(row->values), name, quotable(value)));
    }
    const auto at = static_cast<std::size_t>(row - metrics.begin());
    if (!values[at].empty()) {
      return refuse(fmt::format("expected the CVSS metric {} once, found it twice", name));
    }
    if (order == CvssOrder::fixed && at < earliest) {
      return refuse(
          fmt::format("expected the CVSS metric {} before {}, in the order of the "
                      "standard, found it after",
                      name, metrics[earliest - 1].name));
    }
    earliest = at + 1;
    values[at] = value;
  }
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    if (metrics[i].group != CvssGroup::base || !values[i].empty()) continue;
    return refuse(fmt::format("expected the CVSS metric {} with one of {}, found none in '{}'",
                              metrics[i].name, spaced(metrics[i].values), quotable(text)));
  }
  return CvssVector(metrics, std::move(values));
}

Result<CvssScores> score_cvss(std::string_view vector) {
  if (vector.size() > max_vector_bytes) {
    return refuse(fmt::format("expected a CVSS vector of at most {} bytes, found {}",
                              max_vector_bytes, vector.size()));
  }
  TRY(CvssScores scores, score_any(vector));
  scores.rating = rating_of(scores.version, scores.overall);
  return scores;
}

}  // namespace lockstep
