// SPDX-License-Identifier: Apache-2.0
// Reads the list of the newest records that the export of osv.dev offers beside each all.zip.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"

namespace lockstep::formats::osv {

/// A record that was changed at a time.
struct Change {
  std::string modified;  ///< as written, RFC 3339 in UTC: texts sort as times do
  std::string id;
};

/// The lines "TIME,ID" of modified_id.csv that are newer than `since` ("" for all), and at most
/// `most` of them; the list has the newest first. A line that is none, or whose id could name
/// another file than a record, is reported and left out: osv.changes.
/// Source: https://google.github.io/osv.dev/data/.
std::vector<Change> read_changes(std::string_view bytes,
                                 std::string_view since,
                                 std::size_t most,
                                 const std::string& file,
                                 Diagnostics& problems);

}  // namespace lockstep::formats::osv
