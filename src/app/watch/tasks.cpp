// SPDX-License-Identifier: Apache-2.0
#include "app/watch/tasks.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "app/case_clock.hpp"
#include "base/text.hpp"

namespace lockstep::app {
namespace {

/// What is listed about one flaw in one product.
struct Hit {
  std::set<std::string> ids;
  std::set<std::string> versions;
  std::map<std::string, Json> lists;  ///< by source
};

using Hits = std::map<std::pair<std::string, std::string>, Hit>;

Hits hits_of(std::span<const ListedFinding> listed, const TaskContext& context) {
  Hits hits;
  for (const auto& [part, face] : listed) {
    const WatchedRelease& release = context.releases.at(part.release);
    Hit& hit = hits[{release.product, face["flaw"].string_or("")}];
    hit.versions.insert(release.version);
    for (const Json& id : face["ids"].items())
      hit.ids.insert(id.string_or(""));
    for (const Json& fact : face["exploited"].items())
      hit.lists.emplace(fact["source"].string_or(""), fact);
  }
  return hits;
}

Json candidate(const std::string& at, const std::string& what, const std::string& source) {
  return Json::object_of({{"at", at}, {"what", what}, {"source", source}});
}

Json candidates_of(const Hit& hit, const TaskContext& context) {
  Json list = Json::array();
  for (const auto& [source, fact] : hit.lists) {
    const std::string since = fact["since"].string_or("");
    if (since.empty()) continue;
    list.push(candidate(since, "the list took it up; it gives a day and no time", source));
  }
  if (!context.imported_at.empty())
    list.push(candidate(context.imported_at, "the data that names it was taken in here",
                        "manifest of the advisory data"));
  list.push(
      candidate(to_text(context.at), "this run of the watch found it", "lockstep vuln watch"));
  return list;
}

/// The day from which the law asks for reports, by the clock that the terms name.
Result<Json> applies_from(const WatchTerms& terms, Day as_of) {
  TRY(const ClockData data, embedded_clocks());
  const regulations::Clock* clock = data.rules.find(terms.task_clock);
  if (clock == nullptr) return Json{};
  for (const auto& choice : clock->applies_from) {
    if (choice.date < 0) continue;
    const regulations::NamedDate& date = data.law.dates.at(static_cast<std::size_t>(choice.date));
    for (const regulations::DatedValue& value : date.values) {
      if (!value.in_force.on(as_of)) continue;
      Json cites = Json::array();
      for (const std::string& cite : date.cites)
        cites.push(
            fmt::format("{}/{}", data.law.acts.at(static_cast<std::size_t>(date.act)).id, cite));
      return Json::object_of({{"day", to_text(value.day)}, {"cites", std::move(cites)}});
    }
  }
  return Json{};
}

Result<Json> read_body(const WatchTask& task) {
  Diagnostics problems;
  auto body = parse_json(task.body, "task", problems);
  if (body && body->is_object()) return body;
  return fail(ErrorKind::verification, "store.corrupt",
              fmt::format("expected task {} as lockstep wrote it, found something else; restore a "
                          "copy of the store",
                          task.number));
}

bool has(const Json& list, const std::string& text) {
  return std::ranges::find(list.items(), Json(text)) != list.items().end();
}

bool knows_source(const Json& body, const std::string& source) {
  return std::ranges::any_of(body["exploited"].items(), [&](const Json& fact) {
    return fact["source"].string_or("") == source;
  });
}

/// Whether a task speaks of all that the hit says.
bool covers(const Json& body, const Hit& hit) {
  return std::ranges::all_of(hit.versions,
                             [&](const auto& one) { return has(body["versions"], one); }) &&
         std::ranges::all_of(hit.lists,
                             [&](const auto& one) { return knows_source(body, one.first); });
}

bool is_same_flaw(const Json& body, const Hit& hit) {
  return std::ranges::any_of(hit.ids, [&](const auto& id) { return has(body["ids"], id); });
}

/// What an open task says with what is new; the instants that it gave stay.
Json renewed(Json body, const Hit& hit, const TaskContext& context) {
  std::set<std::string> versions = hit.versions;
  for (const Json& version : body["versions"].items())
    versions.insert(version.string_or(""));
  std::set<std::string> ids = hit.ids;
  for (const Json& id : body["ids"].items())
    ids.insert(id.string_or(""));
  Json exploited = body["exploited"];
  for (const auto& [source, fact] : hit.lists)
    if (!knows_source(body, source)) exploited.push(fact);
  Json candidates = body["candidates"];
  const Json found = candidates_of(hit, context);
  for (const Json& one : found.items()) {
    const bool is_known = std::ranges::find(candidates.items(), one) != candidates.items().end();
    if (!is_known) candidates.push(one);
  }
  body.set("versions", Json::array_of({versions.begin(), versions.end()}));
  body.set("ids", Json::array_of({ids.begin(), ids.end()}));
  body.set("exploited", std::move(exploited));
  body.set("candidates", std::move(candidates));
  return body;
}

Json body_of(const std::string& product,
             const std::string& flaw,
             const Hit& hit,
             const Json& from,
             const TaskContext& context) {
  Json exploited = Json::array();
  for (const auto& [source, fact] : hit.lists)
    exploited.push(fact);
  return Json::object_of({{"product", product},
                          {"flaw", flaw},
                          {"ids", Json::array_of({hit.ids.begin(), hit.ids.end()})},
                          {"versions", Json::array_of({hit.versions.begin(), hit.versions.end()})},
                          {"exploited", std::move(exploited)},
                          {"candidates", candidates_of(hit, context)},
                          {"opened_at", to_text(context.at)},
                          {"title", context.terms.task_title},
                          {"asks", context.terms.task_asks},
                          {"next", context.terms.task_next},
                          {"cites", Json::array_of(context.terms.task_cites)},
                          {"applies_from", from}});
}

/// What has to be written for a hit, if anything.
Result<std::optional<WatchTask>> task_of(const std::pair<std::string, std::string>& key,
                                         const Hit& hit,
                                         std::span<const WatchTask> known,
                                         const Json& from,
                                         const TaskContext& context) {
  for (WatchTask task : known) {
    if (task.product != key.first) continue;
    TRY(Json body, read_body(task));
    if (!is_same_flaw(body, hit)) continue;
    if (covers(body, hit)) return std::nullopt;
    if (!task.closed_at.empty()) continue;
    task.body = to_canonical_json(renewed(std::move(body), hit, context));
    return task;
  }
  WatchTask task;
  task.product = key.first;
  task.flaw = key.second;
  task.body = to_canonical_json(body_of(key.first, key.second, hit, from, context));
  return task;
}

}  // namespace

Result<std::vector<WatchTask>> open_tasks(std::span<const ListedFinding> listed,
                                          const TaskContext& context,
                                          store::WatchStore& store) {
  const Hits hits = hits_of(listed, context);
  std::vector<WatchTask> written;
  if (hits.empty()) return written;
  TRY(const Json from,
      applies_from(context.terms, std::chrono::floor<std::chrono::days>(context.at)));
  TRY(const auto known, store.tasks());
  for (const auto& [key, hit] : hits) {
    TRY(auto task, task_of(key, hit, known, from, context));
    if (!task) continue;
    TRY(task->number, store.put_task(*task));
    written.push_back(*std::move(task));
  }
  return written;
}

Result<Json> task_json(const WatchTask& task) {
  TRY(Json body, read_body(task));
  body.set("number", task.number);
  body.set("state", task.closed_at.empty() ? "open" : "closed");
  body.set("closed_at", task.closed_at.empty() ? Json{} : Json(task.closed_at));
  body.set("decision", task.decision.empty() ? Json{} : Json(task.decision));
  body.set("decided_by", task.decided_by.empty() ? Json{} : Json(task.decided_by));
  body.set("reason", task.reason.empty() ? Json{} : Json(task.reason));
  return body;
}

std::vector<std::string> decision_words() {
  return {"exploited", "not_exploited", "not_contained"};
}

Result<WatchTask> settle_task(const SettleRequest& request) {
  const auto words = decision_words();
  const bool is_whole = std::ranges::find(words, request.decision) != words.end() &&
                        !trim(request.by).empty() && !trim(request.reason).empty();
  if (!is_whole)
    return fail(ErrorKind::usage, "watch.decision",
                fmt::format("expected --decision {}, --by NAME and --reason TEXT, found decision "
                            "'{}', by '{}' and reason '{}'",
                            join(words, "|"), quotable(request.decision), quotable(request.by),
                            quotable(request.reason)));
  TRY(const auto store, store::WatchStore::open(request.store_url));
  WatchTask settled;
  const auto work = [&]() -> Result<> {
    TRY(const auto tasks, store->tasks());
    const auto found = std::ranges::find(tasks, request.task, &WatchTask::number);
    if (found == tasks.end() || !found->closed_at.empty())
      return fail(ErrorKind::usage, "watch.task",
                  fmt::format("expected the number of an open task, found {}; `lockstep vuln watch "
                              "tasks` lists them",
                              request.task));
    settled = *found;
    settled.closed_at = to_text(request.at);
    settled.decision = request.decision;
    settled.decided_by = request.by;
    settled.reason = request.reason;
    TRY(settled.number, store->put_task(settled));
    return {};
  };
  TRY_VOID(store->transaction(work));
  return settled;
}

}  // namespace lockstep::app
