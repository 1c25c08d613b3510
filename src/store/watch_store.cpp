// SPDX-License-Identifier: Apache-2.0
#include "store/watch_store.hpp"

#include <bit>
#include <fmt/format.h>
#include <utility>

#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "store/store.hpp"

namespace lockstep::store {
namespace {

std::int64_t as_signed(std::uint64_t number) {
  return std::bit_cast<std::int64_t>(number);
}

Json to_json(const WatchedBill& bill) {
  return Json::object_of({{"path", bill.path},
                          {"sha256", bill.sha256},
                          {"format", bill.format},
                          {"serial", bill.serial},
                          {"components", bill.components}});
}

std::string to_text(const std::vector<WatchedBill>& bills) {
  Json list = Json::array();
  for (const WatchedBill& bill : bills)
    list.push(to_json(bill));
  return to_canonical_json(list);
}

std::string to_text(const std::vector<Reachability>& all) {
  Json list = Json::array();
  for (const Reachability& one : all)
    list.push(Json::object_of({{"component", one.component},
                               {"vulnerability", one.vulnerability},
                               {"reachable", one.reachable},
                               {"because", one.because},
                               {"tool", one.tool}}));
  return to_canonical_json(list);
}

tl::unexpected<Error> corrupt(std::string_view what) {
  return fail(ErrorKind::verification, "store.corrupt",
              fmt::format("expected a watched release that lockstep wrote, found one with {}; "
                          "restore a copy of the store",
                          what));
}

Result<Json> read(std::string_view text, std::string_view what) {
  Diagnostics problems;
  auto json = parse_json(text, std::string(what), problems);
  if (!json || !json->is_array()) return corrupt(fmt::format("other {}", what));
  return json;
}

Result<WatchedRelease> release_of(const SqliteStatement& row) {
  WatchedRelease release;
  release.number = row.number(0);
  release.product = row.text(1);
  release.version = row.text(2);
  const auto released = parse_day(row.text(3));
  if (!released) return corrupt("another day of release");
  release.released = *released;
  release.support_until = parse_day(row.text(4));
  if (!release.support_until && !row.text(4).empty()) return corrupt("another end of support");
  release.added_at = row.text(5);
  release.removed_at = row.text(6);
  TRY(const Json bills, read(row.text(7), "bills"));
  for (const Json& bill : bills.items())
    release.bills.push_back({bill["path"].string_or(""), bill["sha256"].string_or(""),
                             bill["format"].string_or(""), bill["serial"].string_or(""),
                             bill["components"].as_int().value_or(0)});
  TRY(const Json names, read(row.text(8), "names"));
  for (const Json& name : names.items())
    release.names.push_back(name.string_or(""));
  release.bill_statements = row.text(9);
  release.statements = row.text(10);
  release.unidentified = row.number(11);
  release.is_pending = row.number(12) != 0;
  TRY(const Json reachability, read(row.text(13), "reachability"));
  for (const Json& one : reachability.items())
    release.reachability.push_back(
        {one["component"].string_or(""), one["vulnerability"].string_or(""),
         one["reachable"].string_or(""), one["because"].string_or(""), one["tool"].string_or("")});
  return release;
}

constexpr std::string_view release_columns =
    "SELECT number, product, version, released, support_until, added_at, removed_at, bills, names, "
    "bill_statements, statements, unidentified, pending, reachability FROM watch_release";

}  // namespace

Result<std::unique_ptr<WatchStore>> WatchStore::open(const std::string& url,
                                                     const SqliteOptions& options) {
  TRY(const StoreUrl place, parse_store_url(url));
  TRY(SqliteConnection connection,
      open_database(place.path.empty() ? ":memory:" : place.path, options));
  return std::unique_ptr<WatchStore>(new WatchStore(std::move(connection)));
}

Result<> WatchStore::transaction(const std::function<Result<>()>& work) {
  return connection_.transaction(work);
}

Result<SqliteStatement*> WatchStore::prepared(std::string_view sql) {
  const auto known = statements_.find(sql);
  if (known != statements_.end()) {
    known->second.reset();
    return &known->second;
  }
  TRY(SqliteStatement made, SqliteStatement::prepare(connection_, sql));
  return &statements_.emplace(sql, std::move(made)).first->second;
}

Result<std::vector<std::int64_t>> WatchStore::numbers(std::string_view sql,
                                                      std::int64_t parameter) {
  TRY(SqliteStatement* const statement, prepared(sql));
  statement->bind(parameter);
  std::vector<std::int64_t> found;
  while (true) {
    TRY(const bool is_row, statement->step());
    if (!is_row) return found;
    found.push_back(statement->number(0));
  }
}

Result<> WatchStore::change(std::string_view sql, std::int64_t parameter) {
  TRY(SqliteStatement* const statement, prepared(sql));
  return statement->bind(parameter).run();
}

Result<std::vector<WatchedRelease>> WatchStore::releases() {
  static const std::string sql = fmt::format("{} ORDER BY number", release_columns);
  TRY(SqliteStatement* const statement, prepared(sql));
  std::vector<WatchedRelease> found;
  while (true) {
    TRY(const bool is_row, statement->step());
    if (!is_row) return found;
    TRY(WatchedRelease release, release_of(*statement));
    found.push_back(std::move(release));
  }
}

Result<std::optional<WatchedRelease>> WatchStore::find(std::string_view product,
                                                       std::string_view version) {
  static const std::string sql =
      fmt::format("{} WHERE product = ? AND version = ?", release_columns);
  TRY(SqliteStatement* const statement, prepared(sql));
  statement->bind(product).bind(version);
  TRY(const bool is_row, statement->step());
  if (!is_row) return std::nullopt;
  TRY(WatchedRelease release, release_of(*statement));
  statement->reset();
  return release;
}

Result<std::int64_t> WatchStore::put(const WatchedRelease& release) {
  TRY(SqliteStatement* const statement,
      prepared("INSERT OR REPLACE INTO watch_release VALUES (NULLIF(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, "
               "?, ?, ?, ?, ?) RETURNING number"));
  statement->bind(release.number).bind(release.product).bind(release.version);
  statement->bind(lockstep::to_text(release.released));
  statement->bind(release.support_until ? lockstep::to_text(*release.support_until) : "");
  statement->bind(release.added_at).bind(release.removed_at).bind(to_text(release.bills));
  statement->bind(to_canonical_json(Json::array_of(release.names)));
  statement->bind(release.bill_statements).bind(release.statements);
  statement->bind(release.unidentified).bind(std::int64_t{release.is_pending ? 1 : 0});
  statement->bind(to_text(release.reachability));
  TRY(const bool is_row, statement->step());
  const std::int64_t number = is_row ? statement->number(0) : 0;
  TRY_VOID(statement->run());
  return number;
}

Result<> WatchStore::clear_pending(std::int64_t release) {
  return change("UPDATE watch_release SET pending = 0 WHERE number = ?", release);
}

Result<> WatchStore::erase(std::int64_t release) {
  TRY_VOID(erase_rows(release));
  TRY_VOID(erase_parts(release));
  TRY_VOID(change("DELETE FROM watch_release WHERE number = ?", release));
  // A release whose bill was renewed has rows of its earlier components until the next run.
  return connection_.run(
      "DELETE FROM watch_component WHERE id NOT IN (SELECT component FROM watch_part) AND id NOT "
      "IN (SELECT component FROM watch_row);"
      "DELETE FROM watch_products WHERE id NOT IN (SELECT products FROM watch_component);"
      "DELETE FROM watch_package WHERE component NOT IN (SELECT id FROM watch_component);"
      "DELETE FROM watch_mark WHERE component NOT IN (SELECT id FROM watch_component);");
}

Result<std::int64_t> WatchStore::products_id(const std::string& names) {
  if (names.empty()) return 0;
  for (std::int64_t id = static_cast<std::int64_t>(hash_of(names) >> 2U) + 1;; ++id) {
    TRY(SqliteStatement* const known, prepared("SELECT names FROM watch_products WHERE id = ?"));
    known->bind(id);
    TRY(const bool is_there, known->step());
    if (is_there) {
      const bool is_it = known->text(0) == names;
      known->reset();
      if (is_it) return id;
      continue;
    }
    TRY(SqliteStatement* const added, prepared("INSERT INTO watch_products VALUES (?, ?)"));
    TRY_VOID(added->bind(id).bind(names).run());
    return id;
  }
}

Result<std::int64_t> WatchStore::component_id(const NewPart& part) {
  const WatchedComponent& wanted = part.component;
  TRY(const std::int64_t products, products_id(wanted.beside));
  for (std::int64_t id = part.id;; ++id) {
    TRY(SqliteStatement* const known,
        prepared("SELECT purl, name, version, names, products FROM watch_component WHERE id = ?"));
    known->bind(id);
    TRY(const bool is_there, known->step());
    if (is_there) {
      const bool is_it = known->text(0) == wanted.purl && known->text(1) == wanted.name &&
                         known->text(2) == wanted.version && known->text(3) == wanted.cpe_names &&
                         known->number(4) == products;
      known->reset();
      if (is_it) return id;
      continue;  // Another component has the same number: the next one is free or ours.
    }
    TRY(SqliteStatement* const added,
        prepared("INSERT INTO watch_component VALUES (?, ?, ?, ?, ?, ?)"));
    added->bind(id).bind(wanted.purl).bind(wanted.name).bind(wanted.version);
    TRY_VOID(added->bind(wanted.cpe_names).bind(products).run());
    TRY_VOID(add_packages(id, part.packages));
    return id;
  }
}

Result<> WatchStore::add_packages(std::int64_t component, std::span<const std::uint64_t> packages) {
  TRY(SqliteStatement* const listed, prepared("INSERT OR IGNORE INTO watch_package VALUES (?, ?)"));
  for (const std::uint64_t package : packages)
    TRY_VOID(listed->bind(as_signed(package)).bind(component).run());
  return {};
}

Result<> WatchStore::add_part(std::int64_t release, const NewPart& part) {
  TRY(const std::int64_t id, component_id(part));
  TRY(SqliteStatement* const statement,
      prepared("INSERT OR IGNORE INTO watch_part VALUES (?, ?, ?, ?, ?)"));
  statement->bind(id).bind(release).bind(part.bill).bind(part.reference).bind(part.scope);
  return statement->run();
}

Result<> WatchStore::erase_parts(std::int64_t release) {
  return change("DELETE FROM watch_part WHERE release = ?", release);
}

Result<WatchedComponent> WatchStore::component(std::int64_t id) {
  TRY(SqliteStatement* const statement,
      prepared("SELECT c.purl, c.name, c.version, c.names, p.names FROM watch_component AS c "
               "LEFT JOIN watch_products AS p ON p.id = c.products WHERE c.id = ?"));
  statement->bind(id);
  TRY(const bool is_row, statement->step());
  if (!is_row) return corrupt("a component that is not there");
  WatchedComponent found;
  found.purl = statement->text(0);
  found.name = statement->text(1);
  found.version = statement->text(2);
  found.cpe_names = statement->text(3);
  found.beside = statement->text(4);
  statement->reset();
  return found;
}

Result<std::vector<WatchedPart>> WatchStore::parts(std::string_view sql, std::int64_t parameter) {
  TRY(SqliteStatement* const statement, prepared(sql));
  statement->bind(parameter);
  std::vector<WatchedPart> found;
  while (true) {
    TRY(const bool is_row, statement->step());
    if (!is_row) return found;
    found.push_back({statement->number(0), statement->number(1), statement->number(2),
                     std::string(statement->text(3)), std::string(statement->text(4))});
  }
}

Result<std::vector<WatchedPart>> WatchStore::parts_of_component(std::int64_t component) {
  return parts(
      "SELECT component, release, bill, reference, scope FROM watch_part WHERE component = ? "
      "ORDER BY component, release, bill, reference",
      component);
}

Result<std::vector<WatchedPart>> WatchStore::parts_of_release(std::int64_t release) {
  return parts(
      "SELECT component, release, bill, reference, scope FROM watch_part WHERE release = ? "
      "ORDER BY component, release, bill, reference",
      release);
}

Result<std::vector<std::int64_t>> WatchStore::components_of_package(std::uint64_t package) {
  return numbers("SELECT component FROM watch_package WHERE package = ? ORDER BY component",
                 as_signed(package));
}

Result<std::vector<std::int64_t>> WatchStore::components_of_mark(std::uint64_t mark) {
  return numbers("SELECT component FROM watch_mark WHERE mark = ? ORDER BY component",
                 as_signed(mark));
}

Result<> WatchStore::set_marks(std::int64_t component, std::span<const std::uint64_t> marks) {
  TRY_VOID(change("DELETE FROM watch_mark WHERE component = ?", component));
  TRY(SqliteStatement* const statement, prepared("INSERT OR IGNORE INTO watch_mark VALUES (?, ?)"));
  for (const std::uint64_t mark : marks)
    TRY_VOID(statement->bind(as_signed(mark)).bind(component).run());
  return {};
}

Result<std::vector<WatchedRow>> WatchStore::rows(std::string_view sql, std::int64_t parameter) {
  TRY(SqliteStatement* const statement, prepared(sql));
  statement->bind(parameter);
  std::vector<WatchedRow> found;
  while (true) {
    TRY(const bool is_row, statement->step());
    if (!is_row) return found;
    found.push_back({statement->number(0),
                     {statement->number(1), statement->number(2), statement->number(3),
                      std::string(statement->text(4)), std::string(statement->text(5))},
                     std::string(statement->text(6)),
                     std::string(statement->text(7)),
                     statement->number(8)});
  }
}

Result<std::vector<WatchedRow>> WatchStore::rows_of_component(std::int64_t component) {
  return rows(
      "SELECT number, component, release, bill, reference, scope, face, recheck_after, tally FROM "
      "watch_row WHERE component = ? ORDER BY number",
      component);
}

Result<std::vector<WatchedRow>> WatchStore::rows_of_release(std::int64_t release) {
  return rows(
      "SELECT number, component, release, bill, reference, scope, face, recheck_after, tally FROM "
      "watch_row WHERE release = ? ORDER BY number",
      release);
}

Result<std::vector<std::int64_t>> WatchStore::components_with_rows() {
  return numbers("SELECT DISTINCT component FROM watch_row WHERE ? = 0 ORDER BY component", 0);
}

Result<std::vector<std::int64_t>> WatchStore::components_to_recheck(std::string_view day) {
  TRY(SqliteStatement* const statement,
      prepared("SELECT DISTINCT component FROM watch_row WHERE recheck_after <> '' AND "
               "recheck_after < ? ORDER BY component"));
  statement->bind(day);
  std::vector<std::int64_t> found;
  while (true) {
    TRY(const bool is_row, statement->step());
    if (!is_row) return found;
    found.push_back(statement->number(0));
  }
}

Result<> WatchStore::put_row(const WatchedRow& row) {
  TRY(SqliteStatement* const statement,
      prepared("INSERT OR REPLACE INTO watch_row VALUES (NULLIF(?, 0), ?, ?, ?, ?, ?, ?, ?, ?)"));
  statement->bind(row.number).bind(row.part.component).bind(row.part.release).bind(row.part.bill);
  statement->bind(row.part.reference).bind(row.part.scope).bind(row.face).bind(row.recheck_after);
  statement->bind(row.tally);
  return statement->run();
}

Result<std::map<std::int64_t, WatchCounts>> WatchStore::counts() {
  TRY(SqliteStatement* const statement,
      prepared("SELECT release, tally, count(*) FROM watch_row GROUP BY release, tally"));
  std::map<std::int64_t, WatchCounts> found;
  while (true) {
    TRY(const bool is_row, statement->step());
    if (!is_row) return found;
    WatchCounts& counts = found[statement->number(0)];
    const std::int64_t tally = statement->number(1);
    const std::int64_t rows = statement->number(2);
    counts.open += (tally & WatchTally::open) != 0 ? rows : 0;
    counts.failing += (tally & WatchTally::failing) != 0 ? rows : 0;
    counts.exploited += (tally & WatchTally::exploited) != 0 ? rows : 0;
    counts.not_checked += (tally & WatchTally::not_checked) != 0 ? rows : 0;
  }
}

Result<> WatchStore::erase_row(std::int64_t number) {
  return change("DELETE FROM watch_row WHERE number = ?", number);
}

Result<> WatchStore::erase_rows(std::int64_t release) {
  return change("DELETE FROM watch_row WHERE release = ?", release);
}

Result<WatchSizes> WatchStore::sizes() {
  WatchSizes sizes;
  const auto count = [this](std::string_view sql, std::int64_t& into) -> Result<> {
    TRY(const auto found, numbers(sql, 0));
    if (!found.empty()) into = found.front();
    return {};
  };
  TRY_VOID(count("SELECT count(*) FROM watch_release WHERE ? = 0", sizes.releases));
  TRY_VOID(count("SELECT count(*) FROM watch_component WHERE ? = 0", sizes.components));
  TRY_VOID(count("SELECT count(*) FROM watch_part WHERE ? = 0", sizes.parts));
  TRY_VOID(count("SELECT count(*) FROM watch_row WHERE ? = 0", sizes.rows));
  return sizes;
}

Result<std::string> WatchStore::state(std::string_view name) {
  TRY(SqliteStatement* const statement, prepared("SELECT value FROM watch_state WHERE name = ?"));
  statement->bind(name);
  TRY(const bool is_row, statement->step());
  std::string value(is_row ? statement->text(0) : std::string_view());
  statement->reset();
  return value;
}

Result<> WatchStore::set_state(std::string_view name, std::string_view value) {
  TRY(SqliteStatement* const statement,
      prepared("INSERT OR REPLACE INTO watch_state VALUES (?, ?)"));
  return statement->bind(name).bind_bytes(value).run();
}

}  // namespace lockstep::store
