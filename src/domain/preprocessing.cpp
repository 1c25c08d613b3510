// SPDX-License-Identifier: Apache-2.0
#include "domain/preprocessing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace lockstep {
namespace {

std::string list_of(const std::vector<double>& values) {
  return values.size() == 1 ? fmt::format("{}", values.front())
                            : fmt::format("[{}]", fmt::join(values, ", "));
}

}  // namespace

std::string to_text(const Preprocessing& preprocessing) {
  if (preprocessing.is_identity()) return "";
  std::string text = preprocessing.scale == 1 ? "x" : fmt::format("{} x", preprocessing.scale);
  if (!preprocessing.mean.empty()) text += " - " + list_of(preprocessing.mean);
  if (preprocessing.deviation.empty()) return text;
  return fmt::format("({}) / {}", text, list_of(preprocessing.deviation));
}

}  // namespace lockstep
