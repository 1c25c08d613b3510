// SPDX-License-Identifier: Apache-2.0
#include "app/import_data.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <string_view>
#include <utility>

#include "advisories/index.hpp"
#include "app/data_status.hpp"
#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "formats/archive.hpp"
#include "formats/csaf/advisory.hpp"
#include "formats/epss/read.hpp"
#include "formats/ghsa/read.hpp"
#include "formats/kev/read.hpp"
#include "formats/nvd/read.hpp"
#include "formats/osv/read.hpp"
#include "formats/zip.hpp"

namespace lockstep::app {

namespace {

using advisories::AdvisoryIndex;
using advisories::IndexBuilder;

constexpr std::uint64_t max_file_bytes = std::uint64_t{512} << 20U;
/// A name that ends so may hold data; others in a folder are passed over with that reason.
constexpr std::string_view no_data = "no advisory data of a known kind";

bool is_zip_name(std::string_view path) {
  return lower_case(path).ends_with(".zip");
}

/// Readers that keep their working memory from file to file.
struct RecordReaders {
  formats::osv::Reader osv;
  formats::nvd::Reader nvd;
};

/// A form in which advisories are published.
struct RecordFormat {
  std::string_view kind;
  bool (*looks_like)(std::string_view bytes);
  Result<std::vector<Advisory>> (*read)(RecordReaders& readers,
                                        std::string_view bytes,
                                        const std::string& file,
                                        Diagnostics& problems);
};

/// The first row that fits the bytes reads them.
constexpr std::array<RecordFormat, 4> record_formats = {{
    {"osv", formats::osv::looks_like,
     [](RecordReaders& readers,
        std::string_view bytes,
        const std::string& file,
        Diagnostics& problems) { return readers.osv.read(bytes, file, problems); }},
    {"csaf", formats::csaf::looks_like,
     [](RecordReaders&, std::string_view bytes, const std::string& file, Diagnostics& problems) {
       return formats::csaf::read_advisories(bytes, file, problems);
     }},
    {"nvd", formats::nvd::looks_like,
     [](RecordReaders& readers,
        std::string_view bytes,
        const std::string& file,
        Diagnostics& problems) { return readers.nvd.read(bytes, file, problems); }},
    {"ghsa", formats::ghsa::looks_like,
     [](RecordReaders&, std::string_view bytes, const std::string& file, Diagnostics& problems) {
       return formats::ghsa::read_advisories(bytes, file, problems);
     }},
}};

const RecordFormat* format_of(std::string_view bytes) {
  const auto row = std::ranges::find_if(
      record_formats, [bytes](const RecordFormat& format) { return format.looks_like(bytes); });
  return row == record_formats.end() ? nullptr : &*row;
}

/// Takes files in, one after the other, into a builder.
class Importer {
 public:
  Importer(const Files& files, Progress& progress, Diagnostics& problems)
      : files_(files), progress_(progress), problems_(problems) {}

  Result<> take_path(const std::string& path);
  Result<> take_old(const std::string& index);

  ImportReport& report() { return report_; }

  IndexBuilder& builder() { return builder_; }

 private:
  enum class Asked { by_name, in_folder };

  Result<> take_file(const std::string& path, const std::string& folder, Asked asked);
  Result<> take_zip(const std::string& path);
  Result<> take_bytes(std::string_view bytes, const std::string& path, const std::string& row);
  std::int64_t take_records(const RecordFormat& format,
                            std::string_view bytes,
                            const std::string& file);
  Result<> go_on();
  void note_file(ImportedFile file);

  const Files& files_;
  Progress& progress_;
  Diagnostics& problems_;
  IndexBuilder builder_;
  RecordReaders readers_;
  ImportReport report_;
};

Result<> Importer::go_on() {
  progress_.advance(report_.bytes_read);
  if (!progress_.is_cancelled()) return {};
  return fail(ErrorKind::interrupted, "data.cancelled",
              "the import was stopped; the data from before is unchanged");
}

/// Rows of one path and kind add up: a folder of single records, a folder of zips.
void Importer::note_file(ImportedFile file) {
  for (ImportedFile& known : report_.files) {
    if (known.path == file.path && known.kind == file.kind) {
      known.entries += file.entries;
      return;
    }
  }
  report_.files.push_back(std::move(file));
}

/// A document that cannot be read at all is a problem of its own; the others of the archive or
/// folder count.
std::int64_t Importer::take_records(const RecordFormat& format,
                                    std::string_view bytes,
                                    const std::string& file) {
  auto records = format.read(readers_, bytes, file, problems_);
  report_.bytes_read += bytes.size();
  if (!records) {
    problems_.add(records.error());
    return 0;
  }
  const std::string digest = sha256(bytes);
  for (const Advisory& advisory : *records)
    builder_.add(advisory, digest);
  report_.records_read += static_cast<std::int64_t>(records->size());
  return static_cast<std::int64_t>(records->size());
}

Result<> Importer::take_zip(const std::string& path) {
  TRY(formats::ZipReader zip, formats::ZipReader::open_file(path));
  TRY(const std::string digest, sha256_of_file(path));
  std::map<std::string_view, std::int64_t> records;
  while (true) {
    TRY(const auto entry, zip.next());
    if (!entry) break;
    const std::string name = fmt::format("{}:{}", path, entry->name);
    if (!entry->name.ends_with(".json")) {
      report_.skipped.push_back({name, std::string(no_data)});
      continue;
    }
    // Other exports than those of OSV are rare; what no row knows is a broken record of OSV.
    const RecordFormat* known = format_of(entry->bytes);
    const RecordFormat& format = known == nullptr ? record_formats.front() : *known;
    records[format.kind] += take_records(format, entry->bytes, name);
    TRY_VOID(go_on());
  }
  if (records.empty()) records["osv"] = 0;
  for (const auto& [kind, count] : records)
    note_file({path, std::string(kind), count, digest});
  return {};
}

/// @param row the path under which the report counts the file
Result<> Importer::take_bytes(std::string_view bytes,
                              const std::string& path,
                              const std::string& row) {
  if (formats::kev::looks_like(bytes)) {
    TRY(const KnownExploitedList list, formats::kev::read(bytes, path, problems_));
    report_.bytes_read += bytes.size();
    builder_.add(list, sha256(bytes));
    note_file({path, list.source, static_cast<std::int64_t>(list.entries.size()), sha256(bytes)});
    return {};
  }
  if (const RecordFormat* format = format_of(bytes)) {
    const std::int64_t records = take_records(*format, bytes, path);
    note_file({row, std::string(format->kind), records, row == path ? sha256(bytes) : ""});
    return {};
  }
  report_.skipped.push_back({path, std::string(no_data)});
  return {};
}

Result<> Importer::take_file(const std::string& path, const std::string& folder, Asked asked) {
  TRY_VOID(go_on());
  if (is_zip_name(path)) return take_zip(path);
  const std::string name = lower_case(path);
  const bool may_hold_data =
      name.ends_with(".json") || name.ends_with(".csv") || name.ends_with(".gz");
  if (asked == Asked::in_folder && !may_hold_data) {
    report_.skipped.push_back({path, std::string(no_data)});
    return {};
  }
  TRY(const std::string bytes, files_.read(path, max_file_bytes));
  if (formats::looks_like_zip(bytes)) return take_zip(path);
  std::string unpacked;
  if (formats::looks_like_gzip(bytes)) {
    TRY(unpacked, formats::unpack_gzip(bytes, path));
  }
  const std::string_view text = unpacked.empty() ? bytes : unpacked;
  if (formats::epss::looks_like(text)) {
    TRY(const EpssTable table, formats::epss::read(text, path, problems_));
    report_.bytes_read += text.size();
    builder_.add(table, sha256(bytes));
    note_file({path, "epss", static_cast<std::int64_t>(table.rows.size()), sha256(bytes)});
    return {};
  }
  return take_bytes(text, path, asked == Asked::in_folder ? folder : path);
}

Result<> Importer::take_path(const std::string& path) {
  const auto inside = files_.list(path, "");
  if (!inside) return take_file(path, "", Asked::by_name);
  for (const std::string& file : *inside)
    TRY_VOID(take_file(file, path, Asked::in_folder));
  return {};
}

/// An older index that is damaged cannot be taken over; the new one then holds less, and says so.
Result<> Importer::take_old(const std::string& index) {
  if (!files_.exists(index)) return {};
  const auto old = AdvisoryIndex::open(index);
  Result<> taken = old ? old->verify() : Result<>(tl::unexpected<Error>(old.error()));
  if (taken) taken = builder_.add_all(*old);
  if (taken) {
    report_.records_before = old->records();
  } else {
    problems_.warning(
        "data.index",
        fmt::format("{}; the new index holds only what is imported now", taken.error().message),
        {index});
  }
  return {};
}

Json manifest_of(const ImportRequest& request, const ImportReport& report) {
  Json files = Json::array();
  for (const ImportedFile& file : report.files) {
    files.push(Json::object_of({{"path", file.path},
                                {"kind", file.kind},
                                {"entries", file.entries},
                                {"sha256", file.sha256}}));
  }
  return Json::object_of({{"schema", "lockstep/data-manifest/1"},
                          {"imported_at", to_text(request.now)},
                          {"index_sha256", report.index_sha256},
                          {"files", std::move(files)}});
}

}  // namespace

std::string index_path(const std::string& data_folder) {
  return data_folder + "/advisories.index";
}

std::string manifest_path(const std::string& data_folder) {
  return data_folder + "/manifest.json";
}

Result<ImportReport> import_data(const ImportRequest& request,
                                 Files& files,
                                 Progress& progress,
                                 Diagnostics& problems) {
  Importer importer(files, progress, problems);
  progress.stage("reading advisory data", 0);
  for (const std::string& path : request.paths)
    TRY_VOID(importer.take_path(path));
  ImportReport& report = importer.report();
  if (report.files.empty()) {
    return fail(ErrorKind::input, "data.nothing",
                "expected records of OSV, CSAF, NVD or GitHub, a KEV list or an EPSS table in the "
                "paths, found none; the data from before is unchanged");
  }
  report.index = index_path(request.data_folder);
  TRY_VOID(importer.take_old(report.index));

  progress.stage("building the index", 0);
  const std::string bytes = importer.builder().finish();
  if (progress.is_cancelled()) {
    return fail(ErrorKind::interrupted, "data.cancelled",
                "the import was stopped; the data from before is unchanged");
  }
  TRY_VOID(files.write(report.index, bytes));
  TRY(const AdvisoryIndex index, AdvisoryIndex::open(report.index));
  report.records_after = index.records();
  report.index_sha256 = index.sha256();
  report.index_bytes = bytes.size();
  report.sources = sources_on(std::chrono::floor<std::chrono::days>(request.now), index);
  std::ranges::sort(report.files, {}, &ImportedFile::path);
  std::ranges::sort(report.skipped, {}, &SkippedFile::path);
  TRY_VOID(files.write(manifest_path(request.data_folder),
                       to_pretty_json(manifest_of(request, report))));
  return std::move(report);
}

}  // namespace lockstep::app
