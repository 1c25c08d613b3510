// SPDX-License-Identifier: Apache-2.0
// Tests about the names of product_version_range.
#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/csaf/check.hpp"
#include "formats/csaf/ranges.hpp"

namespace lockstep::formats::csaf {
namespace {

template <typename Look>
void each_range(const View& view, Look look) {
  for (const Branch& branch : view.branches)
    if (branch.category == "product_version_range")
      look((*branch.node)["name"], parse_range(branch.name));
}

std::string_view name_of(const Json& node) {
  return text(node);
}

}  // namespace

void invalid_range(const View& view, Findings& findings) {
  each_range(view, [&](const Json& node, const VersionRange& range) {
    const std::string problem =
        range.problem.empty() ? problem_of_order(name_of(node)) : range.problem;
    if (!problem.empty())
      findings.add(node, fmt::format("expected a canonical range such as vers:npm/>=1.2.0|<2.0.0, "
                                     "found '{}': {}",
                                     quotable(name_of(node)), problem));
  });
}

void single_version_range(const View& view, Findings& findings) {
  each_range(view, [&](const Json& node, const VersionRange& range) {
    // A text that is neither form is no version either.
    if (is_single(range) && !name_of(node).starts_with("vers:/"))
      findings.add(node, fmt::format("expected a range of versions, found '{}', which is one",
                                     quotable(name_of(node))));
  });
}

void range_without_vers(const View& view, Findings& findings) {
  each_range(view, [&](const Json& node, const VersionRange& range) {
    if (!range.is_vers)
      findings.add(node, fmt::format("expected a range such as vers:npm/>=1.2.0|<2.0.0, or single "
                                     "versions, found '{}', which tools can compare by guessing "
                                     "only",
                                     quotable(name_of(node))));
  });
}

void open_range(const View& view, Findings& findings) {
  each_range(view, [&](const Json& node, const VersionRange& range) {
    if (is_open_above(range))
      findings.add(node, fmt::format("expected a range with an upper end, found '{}'",
                                     quotable(name_of(node))));
  });
}

void unknown_vers_type(const View& view, Findings& findings) {
  each_range(view, [&](const Json& node, const VersionRange& range) {
    if (!range.is_vers || is_known_type(range.type)) return;
    findings.add(node, fmt::format("expected a registered type of VERS whose order is known here, "
                                   "found '{}', which is {}",
                                   quotable(range.type),
                                   is_registered_type(range.type)
                                       ? "registered, but not known to this program"
                                       : "not registered"));
  });
}

}  // namespace lockstep::formats::csaf
