// SPDX-License-Identifier: Apache-2.0
#include "app/watch/outbox.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/text.hpp"

namespace lockstep::app {
namespace {

constexpr std::string_view folder_scheme = "folder:";

Result<Json> body_of(const WatchNotice& notice) {
  Diagnostics problems;
  return parse_json(notice.body, "notice", problems);
}

/// One file for each notice, named by its place in the order and its key: writing it again writes
/// the same.
Result<> write_notice(const WatchNotice& notice, const std::string& folder, Files& files) {
  TRY(const Json body, body_of(notice));
  return files.write(
      fmt::format("{}/{:06}-{}.json", folder, notice.number, notice.key.substr(0, 16)),
      to_pretty_json(body));
}

Result<> to_folder(const std::vector<WatchNotice>& waiting,
                   TargetReport& report,
                   store::WatchStore& store,
                   Files& files,
                   Instant at) {
  const std::string folder = report.target.substr(folder_scheme.size());
  const auto work = [&]() -> Result<> {
    for (const WatchNotice& notice : waiting) {
      const auto written = write_notice(notice, folder, files);
      if (!written) {
        report.problem = written.error().message;
        return {};
      }
      TRY_VOID(store.put_delivery({notice.number, report.target, true, 1, to_text(at), ""}));
      ++report.delivered;
    }
    return {};
  };
  return store.transaction(work);
}

}  // namespace

Result<> check_targets(const std::vector<std::string>& targets) {
  for (const std::string& target : targets) {
    if (target.starts_with(folder_scheme) && target.size() > folder_scheme.size()) continue;
    return fail(ErrorKind::usage, "watch.target",
                fmt::format("expected a target such as folder:PATH, found '{}'", quotable(target)));
  }
  return {};
}

Result<std::vector<TargetReport>> deliver(store::WatchStore& store,
                                          const std::vector<std::string>& targets,
                                          Files& files,
                                          Instant at) {
  TRY_VOID(check_targets(targets));
  std::vector<TargetReport> reports;
  for (const std::string& target : targets) {
    TargetReport report{target, 0, 0, ""};
    TRY(const auto waiting, store.waiting(target));
    TRY_VOID(to_folder(waiting, report, store, files, at));
    report.waiting = std::ssize(waiting) - report.delivered;
    reports.push_back(std::move(report));
  }
  return reports;
}

Result<std::vector<TargetReport>> deliver(const std::string& store_url,
                                          const std::vector<std::string>& targets,
                                          Files& files,
                                          Instant at) {
  if (targets.empty()) return std::vector<TargetReport>{};
  TRY(const auto store, store::WatchStore::open(store_url));
  return deliver(*store, targets, files, at);
}

}  // namespace lockstep::app
