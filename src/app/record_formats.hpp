// SPDX-License-Identifier: Apache-2.0
// The forms in which advisories are published, one row each. A new one is a folder under formats/
// and a row here.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "advisories/index.hpp"
#include "base/diagnostics.hpp"
#include "base/result.hpp"
#include "domain/advisory.hpp"
#include "formats/nvd/read.hpp"
#include "formats/osv/read.hpp"

namespace lockstep::app {

/// Readers that keep their working memory from file to file.
struct RecordReaders {
  formats::osv::Reader osv;
  formats::nvd::Reader nvd;
};

/// The records of one document.
struct TakenRecords {
  std::int64_t count = 0;
  std::optional<Instant> newest;  ///< `modified`
};

struct RecordFormat {
  std::string_view kind;  ///< "osv", "csaf", "nvd", "ghsa"
  bool (*looks_like)(std::string_view bytes);
  /// Puts the records into the builder, and gives their number and the newest `modified`.
  Result<TakenRecords> (*read)(RecordReaders& readers,
                               std::string_view bytes,
                               const std::string& file,
                               Diagnostics& problems,
                               advisories::IndexBuilder& into);
};

/// In the order in which they are tried.
std::span<const RecordFormat> record_formats();

/// The row that the bytes fit, or null.
const RecordFormat* record_format_of(std::string_view bytes);

}  // namespace lockstep::app
