// SPDX-License-Identifier: Apache-2.0
// Advisory data of every kind into one builder, and from there into the index of a data folder:
// what `data import` and `data update` share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "advisories/index.hpp"
#include "advisories/limits.hpp"
#include "app/feeds.hpp"
#include "app/import_data.hpp"
#include "app/record_formats.hpp"
#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"

namespace lockstep::app {

/// Where the states of the feeds lie below a data folder (feed_states.hpp).
std::string feeds_path(const std::string& data_folder);

/// Takes the lock of a data folder, for as long as its data changes.
/// Errors: file.locked, file.unwritable.
Result<std::unique_ptr<FileLock>> lock_data(const std::string& data_folder, Files& files);

/// Takes files in, one after the other.
class Intake {
 public:
  /// @param data_folder whose index is to be replaced; large data spills to it on the way
  Intake(std::string data_folder, Files& files, Progress& progress, Diagnostics& problems)
      : data_folder_(std::move(data_folder)),
        files_(files),
        progress_(progress),
        problems_(problems),
        builder_(data_folder_, advisories::builder_memory_bytes) {}

  /// A file, or all files of a folder. Kinds are known by content.
  /// Errors: data.cancelled, archive.*, file.*, kev.*, epss.*.
  Result<> take_path(const std::string& path);

  /// A file that was fetched from an address, under which it is reported. A file that fails leaves
  /// no record behind. Errors: as for a path, and data.content (not what such a feed is asked for).
  Result<> take_fetched_file(const std::string& path, const std::string& address, FeedKind kind);

  /// A document that was fetched, likewise. @param row the address under which it is counted
  Result<> take_fetched(std::string_view bytes,
                        const std::string& address,
                        const std::string& row,
                        FeedKind kind);

  /// Entries that were taken in and reported under a path or an address.
  std::int64_t entries_of(std::string_view row) const;

  /// The newest `modified` of the records since the last call of this function.
  std::optional<Instant> take_newest();

  /// Takes the older index of the folder over, replaces it by the new one, and writes the manifest.
  /// An old index that is damaged or of another version is not taken over: a warning, data.index.
  /// Errors: data.cancelled, file.unwritable; the old index then stays.
  Result<ImportReport> replace_index(Instant now);

  ImportReport& report() { return report_; }

 private:
  enum class Asked { by_name, in_folder };

  Result<> take_file(const std::string& path, const std::string& folder, Asked asked);
  Result<> take_packed(std::string_view bytes, const std::string& path, const std::string& row);
  Result<> take_zip(const std::string& path, const std::string& row);
  Result<> take_bytes(std::string_view bytes, const std::string& path, const std::string& row);
  std::int64_t take_records(const RecordFormat& format,
                            std::string_view bytes,
                            const std::string& file);
  Result<> take_list(std::string_view bytes, const std::string& path);
  Result<> take_table(std::string_view text, std::string_view bytes, const std::string& path);
  Result<> take_old();
  Result<> lose_old(const Error& why);
  Result<> write_index();
  Result<std::uint64_t> write_part(const std::string& part);
  Result<> go_on();
  bool may_bring(FeedKind kind) const;
  bool may_bring(const RecordFormat& format) const;
  void note_file(ImportedFile file);

  std::string data_folder_;
  Files& files_;
  Progress& progress_;
  Diagnostics& problems_;
  advisories::IndexBuilder builder_;
  RecordReaders readers_;
  ImportReport report_;
  std::optional<Instant> newest_;
  std::optional<FeedKind> feed_;  ///< of what is fetched; files of a person may hold anything
};

}  // namespace lockstep::app
