// SPDX-License-Identifier: Apache-2.0
#include "app/intake.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <string_view>
#include <utility>

#include "app/data_status.hpp"
#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "formats/archive.hpp"
#include "formats/epss/read.hpp"
#include "formats/kev/read.hpp"
#include "formats/zip.hpp"

namespace lockstep::app {

namespace {

using advisories::AdvisoryIndex;

constexpr std::uint64_t max_file_bytes = std::uint64_t{512} << 20U;
/// A name that ends so may hold data; others in a folder are passed over with that reason.
constexpr std::string_view no_data = "no advisory data of a known kind";

bool is_zip_name(std::string_view path) {
  return lower_case(path).ends_with(".zip");
}

/// What a feed of a kind is asked for, for messages.
std::string_view expected_of(FeedKind kind) {
  switch (kind) {
    case FeedKind::osv:
      return "records of OSV";
    case FeedKind::kev:
      return "a list of exploited vulnerabilities";
    case FeedKind::epss:
      return "a table of EPSS";
    case FeedKind::csaf:
      return "a CSAF document";
  }
  return "";
}

Json manifest_of(Instant now, const ImportReport& report) {
  Json files = Json::array();
  for (const ImportedFile& file : report.files) {
    files.push(Json::object_of({{"path", file.path},
                                {"kind", file.kind},
                                {"entries", file.entries},
                                {"sha256", file.sha256}}));
  }
  return Json::object_of({{"schema", "lockstep/data-manifest/1"},
                          {"imported_at", to_text(now)},
                          {"index_sha256", report.index_sha256},
                          {"files", std::move(files)}});
}

}  // namespace

std::string feeds_path(const std::string& data_folder) {
  return data_folder + "/feeds.json";
}

Result<std::unique_ptr<FileLock>> lock_data(const std::string& data_folder, Files& files) {
  return files.lock(data_folder + "/lock");
}

Result<> Intake::go_on() {
  progress_.advance(report_.bytes_read);
  if (!progress_.is_cancelled()) return {};
  return fail(ErrorKind::interrupted, "data.cancelled",
              "the import was stopped; the data from before is unchanged");
}

/// A feed brings what it is asked for and nothing else: a provider of CSAF documents has no say
/// about the list of exploited vulnerabilities.
bool Intake::may_bring(FeedKind kind) const {
  return !feed_ || *feed_ == kind;
}

bool Intake::may_bring(const RecordFormat& format) const {
  return !feed_ || (*feed_ == FeedKind::osv && format.kind == "osv") ||
         (*feed_ == FeedKind::csaf && format.kind == "csaf");
}

/// Rows of one path and kind add up: a folder of single records, a folder of zips.
void Intake::note_file(ImportedFile file) {
  for (ImportedFile& known : report_.files) {
    if (known.path == file.path && known.kind == file.kind) {
      known.entries += file.entries;
      return;
    }
  }
  report_.files.push_back(std::move(file));
}

std::optional<Instant> Intake::take_newest() {
  return std::exchange(newest_, std::nullopt);
}

/// A document that cannot be read at all is a problem of its own; the others of the archive or
/// folder count. What a document says about products that cannot be evaluated is in its problems.
std::int64_t Intake::take_records(const RecordFormat& format,
                                  std::string_view bytes,
                                  const std::string& file) {
  const auto taken = format.read(readers_, bytes, file, problems_, builder_);
  report_.bytes_read += bytes.size();
  if (!taken) {
    problems_.add(taken.error());
    return 0;
  }
  newest_ = std::max(newest_, taken->newest);
  report_.records_read += taken->count;
  return taken->count;
}

Result<> Intake::take_zip(const std::string& path, const std::string& row) {
  TRY(formats::ZipReader zip, formats::ZipReader::open_file(path));
  TRY(const std::string digest, sha256_of_file(path));
  std::map<std::string_view, std::int64_t> records;
  std::string name = row + ':';
  const std::size_t name_start = name.size();
  while (true) {
    TRY(const auto entry, zip.next());
    if (!entry) break;
    name.replace(name_start, std::string::npos, entry->name);
    if (!entry->name.ends_with(".json")) {
      report_.skipped.push_back({name, std::string(no_data)});
      continue;
    }
    // Other exports than those of OSV are rare; what no row knows is a broken record of OSV.
    const RecordFormat* known = record_format_of(entry->bytes);
    const RecordFormat& format = known == nullptr ? record_formats().front() : *known;
    if (!may_bring(format)) {
      report_.skipped.push_back({name, std::string(no_data)});
      continue;
    }
    records[format.kind] += take_records(format, entry->bytes, name);
    TRY_VOID(go_on());
  }
  if (records.empty()) records["osv"] = 0;
  for (const auto& [kind, count] : records)
    note_file({row, std::string(kind), count, digest});
  return {};
}

/// An empty list would take the place of a full one, and nobody would be warned any more.
Result<> Intake::take_list(std::string_view bytes, const std::string& path) {
  TRY(const KnownExploitedList list, formats::kev::read(bytes, path, problems_));
  report_.bytes_read += bytes.size();
  if (list.entries.empty())
    return fail(ErrorKind::input, "data.content",
                "expected at least one exploited vulnerability in the list, found none",
                {path, 0, 0});
  builder_.add(list, sha256(bytes));
  note_file({path, list.source, static_cast<std::int64_t>(list.entries.size()), sha256(bytes)});
  return {};
}

/// @param text the table; @param bytes the file as it is, for its digest
Result<> Intake::take_table(std::string_view text,
                            std::string_view bytes,
                            const std::string& path) {
  TRY(const EpssTable table, formats::epss::read(text, path, problems_));
  report_.bytes_read += text.size();
  if (table.rows.empty())
    return fail(ErrorKind::input, "data.content",
                "expected at least one score in the table, found none", {path, 0, 0});
  builder_.add(table, sha256(bytes));
  note_file({path, "epss", static_cast<std::int64_t>(table.rows.size()), sha256(bytes)});
  return {};
}

/// @param row the path under which the report counts the file
Result<> Intake::take_bytes(std::string_view bytes,
                            const std::string& path,
                            const std::string& row) {
  if (may_bring(FeedKind::kev) && formats::kev::looks_like(bytes)) return take_list(bytes, path);
  const RecordFormat* const format = record_format_of(bytes);
  if (format != nullptr && may_bring(*format)) {
    const std::int64_t records = take_records(*format, bytes, path);
    note_file({row, std::string(format->kind), records, row == path ? sha256(bytes) : ""});
    return {};
  }
  report_.skipped.push_back({path, std::string(no_data)});
  return {};
}

/// The bytes of a file that is no zip; it may be a gzip stream.
Result<> Intake::take_packed(std::string_view bytes,
                             const std::string& path,
                             const std::string& row) {
  std::string unpacked;
  if (formats::looks_like_gzip(bytes)) {
    // Tables and lists as JSON shrink to a fifth or a twentieth.
    formats::ArchiveLimits limits;
    limits.total_bytes = max_file_bytes;
    limits.ratio = 100;
    TRY(unpacked, formats::unpack_gzip(bytes, path, limits));
  }
  const std::string_view text = unpacked.empty() ? bytes : unpacked;
  if (may_bring(FeedKind::epss) && formats::epss::looks_like(text))
    return take_table(text, bytes, path);
  return take_bytes(text, path, row);
}

Result<> Intake::take_file(const std::string& path, const std::string& folder, Asked asked) {
  TRY_VOID(go_on());
  if (is_zip_name(path)) return take_zip(path, path);
  const std::string name = lower_case(path);
  const bool may_hold_data =
      name.ends_with(".json") || name.ends_with(".csv") || name.ends_with(".gz");
  if (asked == Asked::in_folder && !may_hold_data) {
    report_.skipped.push_back({path, std::string(no_data)});
    return {};
  }
  TRY(const std::string bytes, files_.read(path, max_file_bytes));
  if (formats::looks_like_zip(bytes)) return take_zip(path, path);
  return take_packed(bytes, path, asked == Asked::in_folder ? folder : path);
}

Result<> Intake::take_path(const std::string& path) {
  progress_.stage("reading advisory data", 0);
  const auto inside = files_.list(path, "");
  const bool is_other = !inside && inside.error().code != "file.missing";
  if (is_other) return tl::unexpected<Error>(inside.error());
  if (!inside) return take_file(path, "", Asked::by_name);
  for (const std::string& file : *inside)
    TRY_VOID(take_file(file, path, Asked::in_folder));
  return {};
}

Result<> Intake::take_fetched_file(const std::string& path,
                                   const std::string& address,
                                   FeedKind kind) {
  feed_ = kind;
  progress_.stage("reading advisory data", 0);
  TRY(const std::string start, files_.read_start(path, 4));
  const std::size_t records = builder_.mark();
  Result<> taken;
  if (formats::looks_like_zip(start)) {
    taken = take_zip(path, address);
  } else {
    TRY(const std::string bytes, files_.read(path, max_file_bytes));
    taken = take_packed(bytes, address, address);
  }
  if (taken && entries_of(address) == 0)
    taken = fail(ErrorKind::input, "data.content",
                 fmt::format("expected {}, found none", expected_of(kind)));
  if (taken) return {};
  builder_.back_to(records);
  std::erase_if(report_.files, [&](const ImportedFile& file) { return file.path == address; });
  Error error = std::move(taken.error());
  error.where.file = address;
  return tl::unexpected<Error>(std::move(error));
}

Result<> Intake::take_fetched(std::string_view bytes,
                              const std::string& address,
                              const std::string& row,
                              FeedKind kind) {
  feed_ = kind;
  TRY_VOID(go_on());
  const std::int64_t before = entries_of(row);
  const std::size_t skipped = report_.skipped.size();
  const std::size_t errors = problems_.error_count();
  TRY_VOID(take_bytes(bytes, address, row));
  // A document whose products have no package URL is read whole and gives no record.
  const bool is_skipped = report_.skipped.size() > skipped;
  if (is_skipped) report_.skipped.pop_back();
  const bool is_read = entries_of(row) > before || problems_.error_count() == errors;
  if (is_read && !is_skipped) return {};
  return fail(ErrorKind::input, "data.content",
              fmt::format("expected {}, found none", expected_of(kind)), {address, 0, 0});
}

std::int64_t Intake::entries_of(std::string_view row) const {
  std::int64_t entries = 0;
  for (const ImportedFile& file : report_.files)
    if (file.path == row) entries += file.entries;
  return entries;
}

/// What feeds gave is lost with an index, so that the next update fetches them from their
/// beginning.
Result<> Intake::take_old() {
  if (!files_.exists(report_.index)) return files_.remove(feeds_path(data_folder_));
  auto old = AdvisoryIndex::open(report_.index);
  Result<> taken = old ? old->verify() : Result<>(tl::unexpected<Error>(old.error()));
  if (taken) report_.records_before = old->records();
  if (taken) taken = builder_.add_all(*std::move(old));
  return taken ? taken : lose_old(taken.error());
}

/// An older index that is damaged cannot be taken over; the new one then holds less, and says so.
Result<> Intake::lose_old(const Error& why) {
  report_.records_before = 0;
  problems_.warning("data.index",
                    fmt::format("{}; the new index holds only what is imported now", why.message),
                    {report_.index});
  return files_.remove(feeds_path(data_folder_));
}

/// Writes the new index beside the old one, and gives it its place when it is whole.
Result<> Intake::write_index() {
  const std::string part = report_.index + ".part";
  auto written = write_part(part);
  if (!written && written.error().code == "data.index") {
    builder_.forget_older();
    TRY_VOID(lose_old(written.error()));
    written = write_part(part);
  }
  Result<> placed = written ? go_on() : Result<>(tl::unexpected<Error>(written.error()));
  if (placed) placed = files_.rename(part, report_.index);
  if (!placed) {
    (void)files_.remove(part);
    return placed;
  }
  report_.index_bytes = *written;
  return {};
}

Result<std::uint64_t> Intake::write_part(const std::string& part) {
  TRY(const auto file, files_.grow(part, 0));
  TRY(const std::uint64_t size, builder_.write([&](std::string_view bytes) -> Result<> {
    if (progress_.is_cancelled()) return go_on();
    return file->append(bytes);
  }));
  TRY_VOID(file->sync());
  return size;
}

Result<ImportReport> Intake::replace_index(Instant now) {
  report_.index = index_path(data_folder_);
  TRY_VOID(take_old());
  progress_.stage("building the index", 0);
  TRY_VOID(write_index());
  TRY(const AdvisoryIndex index, AdvisoryIndex::open(report_.index));
  report_.records_after = index.records();
  report_.index_sha256 = index.sha256();
  report_.sources = sources_on(std::chrono::floor<std::chrono::days>(now), index);
  std::ranges::sort(report_.files, {}, &ImportedFile::path);
  std::ranges::sort(report_.skipped, {}, &SkippedFile::path);
  TRY_VOID(files_.write(manifest_path(data_folder_), to_pretty_json(manifest_of(now, report_))));
  return report_;
}

}  // namespace lockstep::app
