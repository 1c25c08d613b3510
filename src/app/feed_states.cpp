// SPDX-License-Identifier: Apache-2.0
#include "app/feed_states.hpp"

#include <utility>

#include "app/intake.hpp"
#include "base/json.hpp"

namespace lockstep::app {

namespace {

constexpr std::uint64_t file_bytes_max = std::uint64_t{16} << 20U;

}  // namespace

FeedStates FeedStates::read(const std::string& data_folder, const Files& files) {
  FeedStates states;
  const std::string path = feeds_path(data_folder);
  const auto bytes = files.read(path, file_bytes_max);
  Diagnostics ignored;
  const auto tree = bytes ? parse_json(*bytes, path, ignored) : Result<Json>(Json());
  if (!tree) return states;
  for (const Json& row : (*tree)["feeds"].items()) {
    states.set(row["address"].string_or(""),
               {{row["etag"].string_or(""), row["last_modified"].string_or("")},
                row["until"].string_or(""),
                row["fetched_at"].string_or("")});
  }
  return states;
}

const FeedState& FeedStates::of(const std::string& address) const {
  static const FeedState none;
  const auto found = states_.find(address);
  return found == states_.end() ? none : found->second;
}

void FeedStates::set(const std::string& address, FeedState state) {
  states_[address] = std::move(state);
}

Result<> FeedStates::write(const std::string& data_folder, Files& files) const {
  Json rows = Json::array();
  for (const auto& [address, state] : states_) {
    rows.push(Json::object_of({{"address", address},
                               {"etag", state.edition.etag},
                               {"last_modified", state.edition.last_modified},
                               {"until", state.until},
                               {"fetched_at", state.fetched_at}}));
  }
  const Json tree =
      Json::object_of({{"schema", "lockstep/data-feeds/1"}, {"feeds", std::move(rows)}});
  return files.write(feeds_path(data_folder), to_pretty_json(tree));
}

}  // namespace lockstep::app
