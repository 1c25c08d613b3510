// SPDX-License-Identifier: Apache-2.0
// The forms in which advisories are published, one row each. A new one is a folder under formats/
// and a row here.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

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

struct RecordFormat {
  std::string_view kind;  ///< "osv", "csaf", "nvd", "ghsa"
  bool (*looks_like)(std::string_view bytes);
  Result<std::vector<Advisory>> (*read)(RecordReaders& readers,
                                        std::string_view bytes,
                                        const std::string& file,
                                        Diagnostics& problems);
};

/// In the order in which they are tried.
std::span<const RecordFormat> record_formats();

/// The row that the bytes fit, or null.
const RecordFormat* record_format_of(std::string_view bytes);

}  // namespace lockstep::app
