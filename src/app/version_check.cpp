// SPDX-License-Identifier: Apache-2.0
#include "app/version_check.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "versions/scheme.hpp"
#include "versions/statement.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t statements_bytes_max = std::uint64_t{256} << 20U;

Result<const versions::Scheme*> find_scheme(const std::string& name) {
  if (const versions::Scheme* scheme = versions::scheme_for_ecosystem(name)) return scheme;
  std::vector<std::string> known;
  for (const versions::Scheme* scheme : versions::schemes())
    known.emplace_back(scheme->name);
  for (const char* ecosystem : {"crates.io", "Debian", "Go", "Maven", "npm", "PyPI", "SemVer"})
    known.emplace_back(ecosystem);
  const std::string wanted = lower_case(name);
  for (const versions::Scheme* scheme : versions::schemes())
    if (wanted == scheme->name) return scheme;
  for (const std::string& ecosystem : known)
    if (wanted == lower_case(ecosystem)) return versions::scheme_for_ecosystem(ecosystem);
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

}  // namespace lockstep::app
