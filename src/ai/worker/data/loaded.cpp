// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/data/loaded.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/files.hpp"

namespace lockstep::ai {

Result<> check_digest(const std::string& path,
                      const std::string& expected,
                      const std::string& found) {
  if (expected.empty() || found == expected) return {};
  return fail(
      ErrorKind::verification, "ai.digest",
      fmt::format("expected the file with SHA-256 {}, found {}; it changed since it was read",
                  expected, found),
      {path, 0, 0});
}

Result<Loaded> load(const std::string& path, const std::string& expected, std::uint64_t limit) {
  TRY(std::string bytes, RealFiles().read(path, limit));
  std::string digest = sha256(bytes);
  TRY_VOID(check_digest(path, expected, digest));
  return Loaded{std::move(bytes), std::move(digest)};
}

Result<> first_of(const Diagnostics& problems) {
  constexpr std::size_t notes_max = 20;
  if (!problems.has_errors()) return {};
  const auto& entries = problems.entries();
  const auto first = std::ranges::find(entries, Severity::error, &Diagnostic::severity);
  Error error{ErrorKind::input, first->code, first->message, first->where, {}};
  for (auto entry = first + 1; entry != entries.end() && error.notes.size() < notes_max; ++entry)
    error.notes.push_back(to_text(*entry));
  if (problems.error_count() > error.notes.size() + 1)
    error.notes.push_back(fmt::format("{} problems in all", problems.error_count()));
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace lockstep::ai
