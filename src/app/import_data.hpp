// SPDX-License-Identifier: Apache-2.0
// The use case of `lockstep data import PATH...`: advisories, lists of exploited vulnerabilities
// and EPSS scores from files into the index under the data folder.
//
//   DATA/advisories.index   the index; the only file that answers
//   DATA/manifest.json      what the last import took in, and the digest of the index it made
//   DATA/lock               held while the data changes
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/finding.hpp"

namespace lockstep::app {

/// Where the index and the manifest lie below a data folder.
std::string index_path(const std::string& data_folder);
std::string manifest_path(const std::string& data_folder);

struct ImportRequest {
  std::vector<std::string> paths;  ///< files and folders, in any mix
  std::string data_folder;
  Instant now;  ///< for the manifest; the index holds no time of its own making
};

/// One file that was taken in. A folder of single records is one row with the folder's path.
struct ImportedFile {
  std::string path;
  std::string kind;  ///< "osv", "csaf", "nvd", "ghsa", "cisa-kev", "eu-kev", "epss"
  std::int64_t entries = 0;
  std::string sha256;  ///< of the file as it is on disk; "" for a folder
};

/// One file that holds no data of a known kind.
struct SkippedFile {
  std::string path;
  std::string reason;
};

struct ImportReport {
  std::vector<ImportedFile> files;   ///< sorted by path
  std::vector<SkippedFile> skipped;  ///< sorted by path
  std::int64_t records_read = 0;
  std::int64_t records_before = 0;  ///< OSV records in the index that was there
  std::int64_t records_after = 0;
  std::uint64_t bytes_read = 0;     ///< unpacked
  std::vector<DataSource> sources;  ///< of the new index
  std::string index;                ///< its path
  std::string index_sha256;
  std::uint64_t index_bytes = 0;
};

/// Reads the paths and replaces the index by one that also holds what was there: a record gives way
/// to one of the same id with a newer `modified`, a list to its newer edition. Kinds are known by
/// content. A record that cannot be read is reported and left out; a file that cannot be read, a
/// cancelled run or a full disk leaves the old data as it was.
/// Errors: data.nothing, data.content, data.cancelled, archive.*, file.* (file.locked when another
/// process changes the data). Problems: those of the readers,
/// data.index (an older index was damaged and is not taken over).
Result<ImportReport> import_data(const ImportRequest& request,
                                 Files& files,
                                 Progress& progress,
                                 Diagnostics& problems);

}  // namespace lockstep::app
