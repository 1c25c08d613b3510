// SPDX-License-Identifier: Apache-2.0
// The part of the watch store that leaves the house: notices, where they went, and tasks.
#include "store/watch_store.hpp"

namespace lockstep::store {

Result<bool> WatchStore::add_notice(std::string_view key, std::string_view body) {
  TRY(SqliteStatement* const statement,
      prepared("INSERT OR IGNORE INTO watch_notice (key, body) VALUES (?, ?) RETURNING number"));
  statement->bind(key).bind(body);
  TRY(const bool is_new, statement->step());
  if (is_new) TRY_VOID(statement->run());
  return is_new;
}

namespace {

Result<std::vector<WatchNotice>> notices_of(SqliteStatement& statement) {
  std::vector<WatchNotice> found;
  while (true) {
    TRY(const bool is_row, statement.step());
    if (!is_row) return found;
    found.push_back(
        {statement.number(0), std::string(statement.text(1)), std::string(statement.text(2))});
  }
}

}  // namespace

Result<std::vector<WatchNotice>> WatchStore::waiting(std::string_view target) {
  TRY(SqliteStatement* const named,
      prepared("INSERT OR IGNORE INTO watch_target SELECT ?, coalesce(max(notice), 0) FROM "
               "watch_delivery WHERE done = 1"));
  TRY_VOID(named->bind(target).run());
  TRY(SqliteStatement* const statement,
      prepared("SELECT number, key, body FROM watch_notice WHERE (number > (SELECT after FROM "
               "watch_target WHERE target = ?) OR NOT EXISTS (SELECT 1 FROM watch_delivery WHERE "
               "notice = number AND done = 1)) AND NOT EXISTS (SELECT 1 FROM watch_delivery WHERE "
               "notice = number AND target = ? AND done = 1) ORDER BY number"));
  statement->bind(target).bind(target);
  return notices_of(*statement);
}

Result<std::optional<WatchDelivery>> WatchStore::delivery(std::int64_t notice,
                                                          std::string_view target) {
  TRY(SqliteStatement* const statement,
      prepared("SELECT done, attempts, at, problem FROM watch_delivery WHERE notice = ? AND target "
               "= ?"));
  statement->bind(notice).bind(target);
  TRY(const bool is_row, statement->step());
  if (!is_row) return std::nullopt;
  WatchDelivery found{notice,
                      std::string(target),
                      statement->number(0) != 0,
                      statement->number(1),
                      std::string(statement->text(2)),
                      std::string(statement->text(3))};
  statement->reset();
  return found;
}

Result<> WatchStore::put_delivery(const WatchDelivery& delivery) {
  TRY(SqliteStatement* const statement,
      prepared("INSERT OR REPLACE INTO watch_delivery VALUES (?, ?, ?, ?, ?, ?)"));
  statement->bind(delivery.notice).bind(delivery.target);
  statement->bind(std::int64_t{delivery.is_done ? 1 : 0}).bind(delivery.attempts);
  return statement->bind(delivery.at).bind(delivery.problem).run();
}

Result<std::vector<WatchTask>> WatchStore::tasks() {
  TRY(SqliteStatement* const statement,
      prepared("SELECT number, product, flaw, body, closed_at, decision, decided_by, reason FROM "
               "watch_task ORDER BY number"));
  std::vector<WatchTask> found;
  while (true) {
    TRY(const bool is_row, statement->step());
    if (!is_row) return found;
    WatchTask task;
    task.number = statement->number(0);
    task.product = statement->text(1);
    task.flaw = statement->text(2);
    task.body = statement->text(3);
    task.closed_at = statement->text(4);
    task.decision = statement->text(5);
    task.decided_by = statement->text(6);
    task.reason = statement->text(7);
    found.push_back(std::move(task));
  }
}

Result<std::int64_t> WatchStore::put_task(const WatchTask& task) {
  TRY(SqliteStatement* const statement,
      prepared("INSERT OR REPLACE INTO watch_task VALUES (NULLIF(?, 0), ?, ?, ?, ?, ?, ?, ?) "
               "RETURNING number"));
  statement->bind(task.number).bind(task.product).bind(task.flaw).bind(task.body);
  statement->bind(task.closed_at).bind(task.decision).bind(task.decided_by).bind(task.reason);
  TRY(const bool is_row, statement->step());
  const std::int64_t number = is_row ? statement->number(0) : 0;
  TRY_VOID(statement->run());
  return number;
}

}  // namespace lockstep::store
