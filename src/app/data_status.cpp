// SPDX-License-Identifier: Apache-2.0
#include "app/data_status.hpp"

#include <utility>

#include "app/import_data.hpp"
#include "base/json.hpp"

namespace lockstep::app {

namespace {

constexpr std::uint64_t max_manifest_bytes = std::uint64_t{16} << 20U;

}  // namespace

std::string imported_at(const std::string& data_folder,
                        const std::string& index_sha256,
                        const Files& files) {
  const std::string path = manifest_path(data_folder);
  const auto bytes = files.read(path, max_manifest_bytes);
  if (!bytes) return "";
  Diagnostics ignored;
  const auto manifest = parse_json(*bytes, path, ignored);
  if (!manifest || (*manifest)["index_sha256"].string_or("") != index_sha256) return "";
  return (*manifest)["imported_at"].string_or("");
}

std::vector<DataSource> sources_on(Day judged, const advisories::AdvisoryIndex& index) {
  std::vector<DataSource> sources;
  for (const advisories::IndexSource& source : index.sources()) {
    DataSource row{source.source, source.as_of, source.entries, source.sha256};
    if (source.source == "osv") {
      const advisories::RecordAge age = index.age_on(judged);
      row.as_of = age.newest ? to_text(*age.newest) : "";
      row.later = age.later;
    } else if (const auto day = parse_day(source.as_of); day && *day > judged) {
      row.later = source.entries;
    }
    sources.push_back(std::move(row));
  }
  return sources;
}

Result<DataStatus> data_status(const std::string& data_folder, Day as_of, const Files& files) {
  DataStatus status;
  status.index = index_path(data_folder);
  if (!files.exists(status.index)) return status;
  TRY(const auto index, advisories::AdvisoryIndex::open(status.index));
  TRY_VOID(index.verify());
  status.is_there = true;
  status.index_sha256 = index.sha256();
  status.index_bytes = index.size_bytes();
  status.imported_at = imported_at(data_folder, status.index_sha256, files);
  const std::vector<DataSource> sources = sources_on(as_of, index);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    SourceStatus row{sources[i], index.sources()[i].edition, {}};
    const auto day = parse_day(row.source.as_of);
    if (day && *day <= as_of) row.age_days = (as_of - *day).count();
    status.sources.push_back(std::move(row));
  }
  for (const advisories::EcosystemCount& count : index.ecosystems()) {
    status.ecosystems.push_back({count.ecosystem, count.records, count.as_of});
  }
  return status;
}

}  // namespace lockstep::app
