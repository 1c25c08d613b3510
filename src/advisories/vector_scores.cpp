// SPDX-License-Identifier: Apache-2.0
#include "advisories/vector_scores.hpp"

#include <cmath>

#include "domain/cvss.hpp"

namespace lockstep::advisories {

std::optional<int> VectorScores::tenths_of(std::string_view vector) {
  constexpr std::size_t most = 65'536;  // made-up vectors must not fill the memory
  if (const auto known = known_.find(vector); known != known_.end()) return known->second;
  if (known_.size() == most) known_.clear();
  std::optional<int> tenths;
  if (const Result<CvssScores> scores = score_cvss(vector))
    tenths = static_cast<int>(std::lround(scores->base.value_or(scores->overall) * 10));
  known_.emplace(vector, tenths);
  return tenths;
}

}  // namespace lockstep::advisories
