// SPDX-License-Identifier: Apache-2.0
#include "app/version_check.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "versions/native/native.hpp"
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
  versions::NativeOptions options;
  options.is_loose = is_loose;
  if (prereleases == "all") options.prereleases = versions::Prereleases::all;
  if (prereleases == "none") options.prereleases = versions::Prereleases::none;
  TRY(const versions::NativeRange parsed, versions::parse_native(*syntax, range, options));
  RangeCheck check = {versions::to_text(parsed), versions::contains(parsed, version)};
  check.is_version = versions::is_version(parsed, version);
  if (versions::is_above(parsed, version)) check.place = "above";
  if (versions::is_below(parsed, version)) check.place = "below";
  return check;
}

}  // namespace lockstep::app
