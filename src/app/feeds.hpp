// SPDX-License-Identifier: Apache-2.0
// Which feeds there are (data/feeds.yaml), and which a person asks for.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace lockstep::app {

enum class FeedKind { osv, kev, epss, csaf };

/// One feed to fetch.
struct Feed {
  std::string name;  ///< "osv/PyPI", "cisa-kev", "csaf=https://..."
  FeedKind kind = FeedKind::kev;
  std::string address;    ///< of osv: the folder of all ecosystems, with a slash at its end
  std::string ecosystem;  ///< of osv only
};

/// One row of data/feeds.yaml.
struct KnownFeed {
  Feed feed;
  bool by_default = false;
  std::string about;
  std::vector<std::string> ecosystems;
};

/// The rows, in file order. Error: internal.* when the shipped file is wrong.
Result<std::vector<KnownFeed>> known_feeds();

/// The feeds that the words name, in their order and each once; those of by_default when there are
/// none. A word is a name ("osv", "osv/PyPI", "cisa-kev") or KIND=ADDRESS ("kev=https://...",
/// "osv/PyPI=https://mirror/osv/", "csaf=example.com"). Error: usage.feed.
Result<std::vector<Feed>> wanted_feeds(const std::vector<std::string>& words);

}  // namespace lockstep::app
