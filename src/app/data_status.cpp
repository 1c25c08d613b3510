// SPDX-License-Identifier: Apache-2.0
#include "app/data_status.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "app/feed_states.hpp"
#include "app/import_data.hpp"
#include "base/json.hpp"

namespace lockstep::app {

namespace {

constexpr std::uint64_t max_manifest_bytes = std::uint64_t{16} << 20U;

void judge(SourceStatus& row, std::chrono::days oldest) {
  if (!row.age_days) {
    row.because = "no entry is of that day or earlier, so that its age is not known";
  } else if (*row.age_days > oldest.count()) {
    row.state = State::stale;
    row.because = fmt::format("its newest entry is older than {} days", oldest.count());
  } else {
    row.state = State::pass;
  }
}

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

std::chrono::days age_max(std::string_view source) {
  if (source == "epss") return std::chrono::days(7);
  if (source == "csaf" || source == "eu-kev") return std::chrono::days(90);
  return std::chrono::days(30);
}

std::string age_gap(std::span<const DataSource> sources, Day judged) {
  for (const DataSource& source : sources) {
    // Makers publish when they have something to say: their documents are as old as they are.
    const auto form = advisory_form_of(source.source);
    if (!form || *form == AdvisoryForm::csaf) continue;
    const auto newest = parse_day(source.as_of);
    if (!newest)
      return fmt::format("no advisory is of {} or earlier, so that their age is not known",
                         to_text(judged));
    if (judged - *newest > age_max(source.source))
      return fmt::format("the newest advisory is of {}", source.as_of);
  }
  return "";
}

std::vector<DataSource> sources_on(Day judged, const advisories::AdvisoryIndex& index) {
  std::vector<DataSource> sources;
  for (const advisories::IndexSource& source : index.sources()) {
    DataSource row{source.source, source.as_of, source.entries, source.sha256};
    if (const auto form = advisory_form_of(source.source)) {
      const advisories::RecordAge age = index.age_on(judged, *form);
      row.as_of = age.newest ? to_text(*age.newest) : "";
      row.later = age.later;
    } else if (const auto day = parse_day(source.as_of); day && *day > judged) {
      row.later = source.entries;
    }
    sources.push_back(std::move(row));
  }
  return sources;
}

Result<DataStatus> data_status(const std::string& data_folder,
                               Day as_of,
                               const Files& files,
                               std::optional<std::chrono::days> oldest) {
  DataStatus status;
  status.index = index_path(data_folder);
  if (!files.exists(status.index)) return status;
  TRY(const auto index, advisories::AdvisoryIndex::open(status.index));
  TRY_VOID(index.verify());
  status.is_there = true;
  status.index_sha256 = index.sha256();
  status.index_bytes = index.size_bytes();
  status.imported_at = imported_at(data_folder, status.index_sha256, files);
  const FeedStates feeds = FeedStates::read(data_folder, files);
  for (const auto& [address, state] : feeds.all())
    status.asked_at = std::max(status.asked_at, state.fetched_at);
  const std::vector<DataSource> sources = sources_on(as_of, index);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    SourceStatus row{sources[i], index.sources()[i].edition, std::nullopt, State::not_checked, ""};
    const auto day = parse_day(row.source.as_of);
    if (day && *day <= as_of) row.age_days = (as_of - *day).count();
    judge(row, oldest.value_or(age_max(row.source.source)));
    status.sources.push_back(std::move(row));
  }
  for (const advisories::EcosystemCount& count : index.ecosystems()) {
    status.ecosystems.push_back({count.ecosystem, count.records, count.as_of});
  }
  return status;
}

}  // namespace lockstep::app
