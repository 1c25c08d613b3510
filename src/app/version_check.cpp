// SPDX-License-Identifier: Apache-2.0
#include "app/version_check.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "versions/native/native.hpp"
#include "versions/native/npm_increment.hpp"
#include "versions/scheme.hpp"
#include "versions/statement.hpp"
#include "versions/vers.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t statements_bytes_max = std::uint64_t{256} << 20U;

Result<const versions::Scheme*> find_scheme(const std::string& name) {
  if (const versions::Scheme* scheme = versions::scheme_named(name)) return scheme;
  if (const std::string_view why = versions::why_no_order(name); !why.empty()) {
    return fail(ErrorKind::usage, "version.ecosystem",
                fmt::format("the versions of '{}' have no order here: {}", quotable(name), why));
  }
  std::vector<std::string> known;
  for (const std::string_view each : versions::scheme_names())
    known.emplace_back(each);
  std::string message = fmt::format("no order of versions is known for '{}'", quotable(name));
  if (const auto near = nearest(name, known)) message += fmt::format("; did you mean '{}'?", *near);
  return fail(ErrorKind::usage, "version.ecosystem", std::move(message));
}

versions::Prereleases prereleases_of(std::string_view word) {
  if (word == "all") return versions::Prereleases::all;
  return word == "none" ? versions::Prereleases::none : versions::Prereleases::by_rule;
}

}  // namespace

Result<VersionCheck> check_versions(const std::string& ecosystem,
                                    const std::string& path,
                                    const Files& files) {
  TRY(const versions::Scheme* scheme, find_scheme(ecosystem));
  TRY(const std::string text, files.read(path, statements_bytes_max));
  TRY(versions::StatementReport report, versions::check_statements(*scheme, text, path));
  return VersionCheck{report.right, report.wrong, std::move(report.lines),
                      versions::summary(report)};
}

Result<RangeCheck> check_range(const std::string& range, const std::string& version) {
  TRY(const versions::Vers parsed, versions::parse_vers(range));
  TRY(const bool inside, versions::contains(parsed, version));
  return RangeCheck{versions::to_text(parsed), inside};
}

Result<RangeCheck> check_native_range(const std::string& type,
                                      const std::string& range,
                                      const std::string& version,
                                      std::string_view prereleases,
                                      bool is_loose) {
  const versions::NativeSyntax* syntax = versions::native_syntax_named(type);
  if (syntax == nullptr) {
    TRY(const versions::Vers made, versions::vers_from_native(type, range));
    TRY(const bool inside, versions::contains(made, version));
    return RangeCheck{versions::to_text(made), inside};
  }
  const versions::NativeOptions options = {prereleases_of(prereleases), is_loose};
  TRY(const versions::NativeRange parsed, versions::parse_native(*syntax, range, options));
  RangeCheck check = {versions::to_text(parsed), versions::contains(parsed, version)};
  check.is_version = versions::is_version(parsed, version);
  if (versions::is_above(parsed, version)) check.place = "above";
  if (versions::is_below(parsed, version)) check.place = "below";
  return check;
}

Result<RangeRelation> relate_native_ranges(const std::string& type,
                                           const std::string& left,
                                           const std::string& right,
                                           std::string_view prereleases) {
  const versions::NativeSyntax* syntax = versions::native_syntax_named(type);
  const auto unknown = [&] {
    return fail(
        ErrorKind::input, "vers.relation",
        fmt::format("expected two ranges of npm, composer or pypi that name versions, found "
                    "'{}' and '{}' of '{}'",
                    quotable(left), quotable(right), quotable(type)));
  };
  if (syntax == nullptr) return unknown();
  const versions::NativeOptions options = {prereleases_of(prereleases), false};
  TRY(const versions::NativeRange a, versions::parse_native(*syntax, left, options));
  TRY(const versions::NativeRange b, versions::parse_native(*syntax, right, options));
  const auto intersect = versions::intersects(a, b);
  if (!intersect) return unknown();
  return RangeRelation{versions::to_text(a), versions::to_text(b), *intersect,
                       versions::is_within(a, b)};
}

Result<std::string> next_version(const std::string& version,
                                 const std::string& step,
                                 const std::string& identifier,
                                 std::string_view base) {
  using versions::PrereleaseBase;
  const PrereleaseBase first = base == "1"      ? PrereleaseBase::one
                               : base == "none" ? PrereleaseBase::none
                                                : PrereleaseBase::zero;
  auto next = versions::next_npm_version(version, step, identifier, first);
  if (next) return *std::move(next);
  return fail(ErrorKind::input, "vers.step",
              fmt::format("expected a semantic version, a step that it can take and an identifier "
                          "of letters, digits and hyphens, found '{}', '{}' and '{}'",
                          quotable(version), quotable(step), quotable(identifier)));
}

}  // namespace lockstep::app
