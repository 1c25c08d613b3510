// SPDX-License-Identifier: Apache-2.0
#include "versions/native/native.hpp"

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <fmt/core.h>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"
#include "versions/scheme.hpp"

namespace lockstep::versions {

namespace {

constexpr std::array rows = {
    &native_cargo, &native_composer, &native_gem,   &native_golang,
    &native_maven, &native_npm,      &native_nuget, &native_pypi,
};

struct Sign {
  Relation relation;
  std::string_view before;
  std::string_view after = "";
};

constexpr std::array signs = {
    Sign{Relation::any, "*"},
    Sign{Relation::equal, ""},
    Sign{Relation::not_equal, "!="},
    Sign{Relation::less, "<"},
    Sign{Relation::less_or_equal, "<="},
    Sign{Relation::greater, ">"},
    Sign{Relation::greater_or_equal, ">="},
    Sign{Relation::like, "==", ".*"},
    Sign{Relation::unlike, "!=", ".*"},
    Sign{Relation::compatible, "~>"},
    Sign{Relation::identical, "==="},
};

tl::unexpected<Error> refuse(std::string code, std::string message) {
  return fail(ErrorKind::input, std::move(code), std::move(message));
}

/// Asks for the version as such, whatever the rule for pre-releases.
bool fulfils(const NativeRange& range, std::string_view version, NativeTerm term) {
  return range.syntax->holds({std::move(term)}, version,
                             {Prereleases::all, range.options.is_loose});
}

/// Whether a term that holds only up to some version fails.
bool ends_before(const NativeRange& range, std::string_view version, const NativeTerm& term) {
  const bool upper = term.relation == Relation::less || term.relation == Relation::less_or_equal;
  if (upper) return !fulfils(range, version, term);
  return term.relation == Relation::equal &&
         fulfils(range, version, {Relation::greater, term.version});
}

/// Whether a term that holds only from some version on fails.
bool begins_after(const NativeRange& range, std::string_view version, const NativeTerm& term) {
  const bool lower =
      term.relation == Relation::greater || term.relation == Relation::greater_or_equal;
  if (lower) return !fulfils(range, version, term);
  return term.relation == Relation::equal &&
         fulfils(range, version, {Relation::less, term.version});
}

using Fails = bool (*)(const NativeRange&, std::string_view version, const NativeTerm& term);

bool is_beside(const NativeRange& range, std::string_view version, Fails fails) {
  if (!is_version(range, version) || contains(range, version)) return false;
  return std::ranges::all_of(range.alternatives, [&](const NativeTerms& terms) {
    return std::ranges::any_of(terms,
                               [&](const NativeTerm& term) { return fails(range, version, term); });
  });
}

}  // namespace

std::span<const NativeSyntax* const> native_syntaxes() {
  return rows;
}

const NativeSyntax* native_syntax_named(std::string_view name) {
  const Scheme* scheme = scheme_named(name);
  const auto row = std::ranges::find_if(
      rows, [scheme](const NativeSyntax* syntax) { return syntax->scheme == scheme; });
  return row == rows.end() ? nullptr : *row;
}

Result<NativeRange> parse_native(const NativeSyntax& syntax,
                                 std::string_view text,
                                 const NativeOptions& options) {
  if (text.size() > max_native_bytes) {
    return refuse("vers.size", fmt::format("expected a range of at most {} bytes, found {}",
                                           max_native_bytes, text.size()));
  }
  auto alternatives = syntax.parse(text, options);
  if (!alternatives) {
    return refuse("vers.native", fmt::format("expected a range in the notation of '{}' ({}), found "
                                             "'{}'",
                                             syntax.name, syntax.specified_by, quotable(text)));
  }
  std::size_t terms = 0;
  for (const NativeTerms& each : *alternatives)
    terms += each.size();
  if (terms > max_native_terms) {
    return refuse("vers.size", fmt::format("expected a range of at most {} terms, found {}",
                                           max_native_terms, terms));
  }
  return NativeRange{&syntax, options, *std::move(alternatives)};
}

bool is_version(const NativeRange& range, std::string_view text) {
  return fulfils(range, text, NativeTerm());
}

bool contains(const NativeRange& range, std::string_view version) {
  return std::ranges::any_of(range.alternatives, [&](const NativeTerms& terms) {
    return range.syntax->holds(terms, version, range.options);
  });
}

bool is_above(const NativeRange& range, std::string_view version) {
  return is_beside(range, version, ends_before);
}

bool is_below(const NativeRange& range, std::string_view version) {
  return is_beside(range, version, begins_after);
}

std::optional<bool> intersects(const NativeRange& a, const NativeRange& b) {
  return a.syntax->intersects == nullptr ? std::nullopt : a.syntax->intersects(a, b);
}

std::optional<bool> is_within(const NativeRange& a, const NativeRange& b) {
  return a.syntax->is_within == nullptr ? std::nullopt : a.syntax->is_within(a, b);
}

bool meet_two_by_two(const NativeRange& a, const NativeRange& b, Meets meets) {
  const auto meet = [&](const NativeTerms& left, const NativeTerms& right) {
    return std::ranges::all_of(left, [&](const NativeTerm& one) {
      return std::ranges::all_of(
          right, [&](const NativeTerm& other) { return meets(one, other, a.options); });
    });
  };
  const auto possible = [&](const NativeRange& range) {
    std::vector<const NativeTerms*> alternatives;
    for (const NativeTerms& each : range.alternatives) {
      if (meet(each, each)) alternatives.push_back(&each);
    }
    return alternatives;
  };
  const auto others = possible(b);
  return std::ranges::any_of(possible(a), [&](const NativeTerms* left) {
    return std::ranges::any_of(others,
                               [&](const NativeTerms* right) { return meet(*left, *right); });
  });
}

std::string to_text(const NativeTerm& term) {
  const auto* row = std::ranges::find(signs, term.relation, &Sign::relation);
  return fmt::format("{}{}{}", row->before, term.version, row->after);
}

std::string to_text(const NativeRange& range) {
  std::string text;
  for (std::size_t i = 0; i < range.alternatives.size(); ++i) {
    if (i > 0) text += "||";
    const NativeTerms& terms = range.alternatives[i];
    if (terms.empty()) text += '*';
    for (std::size_t k = 0; k < terms.size(); ++k) {
      if (k > 0) text += ' ';
      text += to_text(terms[k]);
    }
  }
  return text;
}

bool holds(Relation relation, std::weak_ordering order) {
  switch (relation) {
    case Relation::any:
      return true;
    case Relation::equal:
      return std::is_eq(order);
    case Relation::not_equal:
      return std::is_neq(order);
    case Relation::less:
      return std::is_lt(order);
    case Relation::less_or_equal:
      return std::is_lteq(order);
    case Relation::greater:
      return std::is_gt(order);
    case Relation::greater_or_equal:
      return std::is_gteq(order);
    default:
      return false;
  }
}

}  // namespace lockstep::versions
