// SPDX-License-Identifier: Apache-2.0
// What each address gave last, so that the next update asks for what is newer only.
//
//   DATA/feeds.json   by address: the edition, and how far its list of changes was followed
//
// It speaks of the index beside it: without that index, or with a damaged one, nothing is known.
#pragma once

#include <map>
#include <string>

#include "app/download.hpp"
#include "base/files.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace lockstep::app {

struct FeedState {
  Edition edition;
  std::string until;       ///< of lists of changes: everything up to this time is here; "" for none
  std::string fetched_at;  ///< when the server was last asked, RFC 3339
};

class FeedStates {
 public:
  /// Reads the file below a data folder; one that cannot be read is as good as none.
  static FeedStates read(const std::string& data_folder, const Files& files);

  /// The state of an address; an empty one when there is none.
  const FeedState& of(const std::string& address) const;
  void set(const std::string& address, FeedState state);
  /// Error: file.unwritable.
  Result<> write(const std::string& data_folder, Files& files) const;

  const std::map<std::string, FeedState>& all() const { return states_; }

 private:
  std::map<std::string, FeedState> states_;
};

}  // namespace lockstep::app
