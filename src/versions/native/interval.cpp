// SPDX-License-Identifier: Apache-2.0
#include "versions/native/interval.hpp"

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "versions/text.hpp"

namespace lockstep::versions {

std::optional<Interval> take_interval(std::string_view& rest) {
  const std::size_t end = rest.find_first_of("])");
  if (rest.empty() || (rest.front() != '[' && rest.front() != '(') ||
      end == std::string_view::npos) {
    return std::nullopt;
  }
  Interval interval;
  interval.is_from_included = rest.front() == '[';
  interval.is_to_included = rest[end] == ']';
  const std::string_view inside = rest.substr(1, end - 1);
  rest.remove_prefix(end + 1);
  const std::size_t comma = inside.find(',');
  interval.from = without_spaces(inside.substr(0, comma));
  if (comma == std::string_view::npos) {
    interval.to = interval.from;
    const bool one = interval.is_from_included && interval.is_to_included;
    if (!one || interval.from.empty()) return std::nullopt;
  } else {
    interval.to = without_spaces(inside.substr(comma + 1));
  }
  if (interval.to.find_first_of(",[(") != std::string_view::npos ||
      interval.from.find_first_of("[(") != std::string_view::npos) {
    return std::nullopt;
  }
  return interval;
}

bool is_impossible(const Interval& interval, const Scheme& scheme) {
  if (interval.from.empty() || interval.to.empty()) return false;
  const auto order = scheme.compare(interval.from, interval.to);
  if (std::is_neq(order)) return std::is_gt(order);
  return !interval.is_from_included || !interval.is_to_included;
}

NativeTerms terms_of(const Interval& interval) {
  if (!interval.from.empty() && interval.from == interval.to) {
    return {{Relation::equal, std::string(interval.from)}};
  }
  NativeTerms terms;
  if (!interval.from.empty()) {
    terms.push_back({interval.is_from_included ? Relation::greater_or_equal : Relation::greater,
                     std::string(interval.from)});
  }
  if (!interval.to.empty()) {
    terms.push_back({interval.is_to_included ? Relation::less_or_equal : Relation::less,
                     std::string(interval.to)});
  }
  if (terms.empty()) terms.push_back({Relation::any, ""});
  return terms;
}

}  // namespace lockstep::versions
