// SPDX-License-Identifier: Apache-2.0
// Debian versions: [epoch:]upstream[-revision].
//
// The epoch is compared as a number, then the upstream part, then the revision. Both texts are
// walked in turns: first a run of other characters, then a run of digits. In the first run, '~'
// comes before the end of the text, the end before letters, letters before everything else; the
// second runs are numbers. So 1.0~rc1 < 1.0 < 1.0a < 1.0+b1 < 1.00.1, and a missing revision
// equals "0".
//
// It is a total preorder on all texts: each text stands for one sequence of (characters, number)
// pairs, and such sequences are compared from the left by fixed total orders. A text before the
// first colon that is no number is not taken for an epoch.
//
// Source: deb-version(7), "Sorting algorithm"; Debian Policy 5.6.12.
#include "versions/debian.hpp"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <string_view>

#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

struct Parts {
  std::string_view epoch;
  std::string_view upstream;
  std::string_view revision;
};

Parts parts_of(std::string_view version) {
  Parts parts;
  const std::size_t colon = version.find(':');
  if (colon != std::string_view::npos && is_number(version.substr(0, colon))) {
    parts.epoch = version.substr(0, colon);
    version.remove_prefix(colon + 1);
  }
  const std::size_t hyphen = version.rfind('-');
  parts.upstream = version.substr(0, hyphen);
  if (hyphen != std::string_view::npos) parts.revision = version.substr(hyphen + 1);
  return parts;
}

/// The weight of the character at `i` in a run of other characters; digits and the end weigh 0.
int weight(std::string_view text, std::size_t i) {
  if (i >= text.size() || is_digit(text[i])) return 0;
  if (text[i] == '~') return -1;
  const int byte = static_cast<unsigned char>(text[i]);
  return is_letter(text[i]) ? byte : byte + 256;
}

std::weak_ordering compare(std::string_view a, std::string_view b) {
  const Parts left = parts_of(a);
  const Parts right = parts_of(b);
  if (const auto order = compare_numbers(left.epoch, right.epoch); std::is_neq(order)) return order;
  if (const auto order = compare_debian_part(left.upstream, right.upstream); std::is_neq(order)) {
    return order;
  }
  return compare_debian_part(left.revision, right.revision);
}

bool is_valid(std::string_view version) {
  constexpr std::string_view upstream_marks = ".+-:~";
  constexpr std::string_view revision_marks = ".+~";
  const auto consists_of = [](std::string_view text, std::string_view marks) {
    return std::ranges::all_of(text, [marks](char c) {
      return is_digit(c) || is_letter(c) || marks.find(c) != std::string_view::npos;
    });
  };
  if (version.size() > max_version_bytes) return false;
  const Parts parts = parts_of(version);
  const bool has_epoch = !parts.epoch.empty();
  if (!has_epoch && parts.upstream.find(':') != std::string_view::npos) return false;
  // dpkg keeps the epoch in a C int.
  if (has_epoch && std::is_gt(compare_numbers(parts.epoch, "2147483647"))) return false;
  if (parts.upstream.empty() || !is_digit(parts.upstream.front())) return false;
  if (version.ends_with('-')) return false;
  return consists_of(parts.upstream, upstream_marks) && consists_of(parts.revision, revision_marks);
}

}  // namespace

std::weak_ordering compare_debian_part(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    while ((i < a.size() && !is_digit(a[i])) || (j < b.size() && !is_digit(b[j]))) {
      const int left = weight(a, i);
      const int right = weight(b, j);
      if (left != right) return left <=> right;
      ++i;
      ++j;
    }
    const std::size_t a_end = end_of_digits(a, i);
    const std::size_t b_end = end_of_digits(b, j);
    const auto order = compare_numbers(a.substr(i, a_end - i), b.substr(j, b_end - j));
    if (std::is_neq(order)) return order;
    i = a_end;
    j = b_end;
  }
  return std::weak_ordering::equivalent;
}

constinit const Scheme debian = {"debian", "deb-version(7)", compare, is_valid};

}  // namespace lockstep::versions
