// SPDX-License-Identifier: Apache-2.0
#include "app/watch/documents.hpp"

#include "app/watch/tasks.hpp"

namespace lockstep::app {
namespace {

Json to_json(const DataSource& source) {
  return Json::object_of({{"source", source.source},
                          {"as_of", source.as_of},
                          {"advisories", source.entries},
                          {"later", source.later},
                          {"sha256", source.sha256}});
}

Json to_json(const TargetReport& report) {
  return Json::object_of({{"target", report.target},
                          {"delivered", report.delivered},
                          {"waiting", report.waiting},
                          {"problem", report.problem.empty() ? Json{} : Json(report.problem)}});
}

Json added_row(const WatchAdded& added) {
  return Json::object_of({{"product", added.release.product},
                          {"version", added.release.version},
                          {"components", components_of(added.release)},
                          {"unidentified", added.release.unidentified},
                          {"change", word_of(added)}});
}

Result<Json> tasks_of(std::span<const WatchTask> tasks) {
  Json list = Json::array();
  for (const WatchTask& task : tasks) {
    TRY(Json row, task_json(task));
    list.push(std::move(row));
  }
  return list;
}

}  // namespace

Result<Json> watch_run_json(const WatchRun& run, std::span<const TargetReport> targets, int exit) {
  Json data = Json::array();
  for (const DataSource& source : run.data)
    data.push(to_json(source));
  Json notices = Json::array();
  for (const WatchNotice& notice : run.notices) {
    Diagnostics problems;
    TRY(Json body, parse_json(notice.body, "notice", problems));
    notices.push(std::move(body));
  }
  Json rows = Json::array();
  for (const TargetReport& report : targets)
    rows.push(to_json(report));
  TRY(Json tasks, tasks_of(run.tasks));
  return Json::object_of(
      {{"schema", "lockstep/watch-run/1"},
       {"at", to_text(run.at)},
       {"index_sha256", run.index_sha256},
       {"data", std::move(data)},
       {"delta",
        Json::object_of({{"whole_because",
                          run.delta.whole_because.empty() ? Json{} : Json(run.delta.whole_because)},
                         {"records", run.delta.records},
                         {"components", run.delta.components},
                         {"releases", run.delta.releases}})},
       {"new", run.fresh},
       {"changed", run.changed},
       {"settled", run.settled},
       {"failing", run.failing},
       {"open_tasks", run.open_tasks},
       {"notices", std::move(notices)},
       {"tasks", std::move(tasks)},
       {"support_not_stated", Json::array_of(run.not_stated)},
       {"targets", std::move(rows)},
       {"exit", exit}});
}

Result<Json> watch_tasks_json(std::span<const WatchTask> tasks, int exit) {
  TRY(Json list, tasks_of(tasks));
  return Json::object_of(
      {{"schema", "lockstep/watch-tasks/1"}, {"tasks", std::move(list)}, {"exit", exit}});
}

Json watch_added_json(const WatchAdded& added, int exit) {
  return added_row(added).set("schema", "lockstep/watch-added/1").set("exit", exit);
}

Json watch_removed_json(const WatchRemoved& removed, int exit) {
  return Json::object_of(
      {{"schema", "lockstep/watch-removed/1"},
       {"product", removed.release.product},
       {"version", removed.release.version},
       {"kept_until", removed.is_erased ? Json{} : Json(to_text(removed.kept_until))},
       {"erased", removed.is_erased},
       {"exit", exit}});
}

Result<Json> watch_task_json(const WatchTask& task, int exit) {
  TRY(Json document, task_json(task));
  return document.set("schema", "lockstep/watch-task/1").set("exit", exit);
}

Json watch_table_json(std::span<const WatchTableRow> rows, int exit) {
  Json releases = Json::array();
  std::int64_t failed = 0;
  for (const WatchTableRow& row : rows) {
    Json one = added_row(row.added);
    if (row.problem) {
      ++failed;
      one.set("change", "failed");
    }
    one.set("line", row.line);
    one.set("problem", row.problem ? Json(to_text(*row.problem)) : Json{});
    releases.push(std::move(one));
  }
  return Json::object_of({{"schema", "lockstep/watch-table/1"},
                          {"releases", std::move(releases)},
                          {"failed", failed},
                          {"exit", exit}});
}

Result<std::vector<WatchTask>> list_tasks(const std::string& store_url) {
  TRY(const auto store, store::WatchStore::open(store_url));
  return store->tasks();
}

}  // namespace lockstep::app
