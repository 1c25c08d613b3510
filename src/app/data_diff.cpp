// SPDX-License-Identifier: Apache-2.0
#include "app/data_diff.hpp"

#include <fmt/format.h>
#include <map>
#include <utility>

#include "app/import_data.hpp"
#include "base/text.hpp"

namespace lockstep::app {

using advisories::AdvisoryIndex;
using advisories::RecordChange;
using advisories::RecordDifference;

namespace {

/// Every byte is held against its digest: a record that is read wrongly must not look changed.
Result<AdvisoryIndex> open(const std::string& path, const Files& files) {
  const bool is_folder = files.list(path, "").has_value();
  const std::string file = is_folder ? index_path(path) : path;
  if (is_folder && !files.exists(file))
    return fail(ErrorKind::input, "data.missing",
                fmt::format("expected advisory data in '{}', found none; `lockstep data import "
                            "PATH...` takes it in",
                            quotable(path)),
                {file, 0, 0});
  TRY(AdvisoryIndex index, AdvisoryIndex::open(file));
  TRY_VOID(index.verify());
  return index;
}

std::vector<SourceChange> sources_of(const AdvisoryIndex& before, const AdvisoryIndex& after) {
  std::map<std::string, std::pair<advisories::IndexSource, advisories::IndexSource>> found;
  for (const advisories::IndexSource& source : before.sources())
    found[source.source].first = source;
  for (const advisories::IndexSource& source : after.sources())
    found[source.source].second = source;
  std::vector<SourceChange> changes;
  for (const auto& [name, both] : found)
    changes.push_back(
        {name, both.first.entries, both.second.entries, both.first.sha256 == both.second.sha256});
  return changes;
}

std::string_view word_of(RecordChange change) {
  switch (change) {
    case RecordChange::added:
      return "added";
    case RecordChange::changed:
      return "changed";
    case RecordChange::withdrawn:
      return "withdrawn";
    case RecordChange::removed:
      return "removed";
  }
  return "";
}

Json counts_json(const ChangeCounts& counts) {
  return Json::object_of({{"added", counts.added},
                          {"changed", counts.changed},
                          {"withdrawn", counts.withdrawn},
                          {"removed", counts.removed}});
}

Json instant_json(const std::optional<Instant>& at) {
  return at ? Json(to_text(*at)) : Json{};
}

}  // namespace

void ChangeCounts::add(RecordChange change) {
  added += change == RecordChange::added ? 1 : 0;
  changed += change == RecordChange::changed ? 1 : 0;
  withdrawn += change == RecordChange::withdrawn ? 1 : 0;
  removed += change == RecordChange::removed ? 1 : 0;
}

Result<DataDiff> data_diff(const std::string& before,
                           const std::string& after,
                           const Files& files) {
  TRY(const AdvisoryIndex was, open(before, files));
  TRY(const AdvisoryIndex is, open(after, files));
  DataDiff diff;
  diff.sha256_before = was.sha256();
  diff.sha256_after = is.sha256();
  diff.sources = sources_of(was, is);
  TRY(diff.records, advisories::differences(was, is));
  std::map<std::string, ChangeCounts> ecosystems;
  for (const RecordDifference& record : diff.records) {
    diff.all.add(record.change);
    for (const std::string& ecosystem : record.ecosystems)
      ecosystems[ecosystem].add(record.change);
  }
  diff.ecosystems.assign(ecosystems.begin(), ecosystems.end());
  return diff;
}

Json data_diff_json(const DataDiff& diff, int exit) {
  Json sources = Json::array();
  for (const SourceChange& source : diff.sources)
    sources.push(Json::object_of({{"source", source.source},
                                  {"entries_before", source.entries_before},
                                  {"entries_after", source.entries_after},
                                  {"same", source.is_same}}));
  Json ecosystems = Json::array();
  for (const auto& [name, counts] : diff.ecosystems)
    ecosystems.push(counts_json(counts).set("ecosystem", name));
  Json records = Json::array();
  for (const RecordDifference& record : diff.records)
    records.push(Json::object_of({{"id", record.id},
                                  {"change", word_of(record.change)},
                                  {"ecosystems", Json::array_of(record.ecosystems)},
                                  {"modified_before", instant_json(record.modified_before)},
                                  {"modified_after", instant_json(record.modified_after)}}));
  return Json::object_of({{"schema", "lockstep/data-diff/1"},
                          {"before", Json::object_of({{"index_sha256", diff.sha256_before}})},
                          {"after", Json::object_of({{"index_sha256", diff.sha256_after}})},
                          {"sources", std::move(sources)},
                          {"counts", counts_json(diff.all)},
                          {"ecosystems", std::move(ecosystems)},
                          {"records", std::move(records)},
                          {"exit", exit}});
}

}  // namespace lockstep::app
