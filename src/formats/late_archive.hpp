// SPDX-License-Identifier: Apache-2.0
// The functions of libarchive that this room calls, in place of those that <archive.h> declares: a
// row for each. Used in this folder only.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include "base/late_library.hpp"

namespace lockstep::formats {

inline constexpr LateLibrary libarchive{LOCKSTEP_LIBARCHIVE};

#define LATE(function) \
  inline constinit const LateFunction<decltype(::function)> function(libarchive, #function)

LATE(archive_error_string);
LATE(archive_read_data);
LATE(archive_read_free);
LATE(archive_read_new);
LATE(archive_read_next_header);
LATE(archive_read_open_memory);
LATE(archive_read_support_filter_gzip);
LATE(archive_read_support_format_empty);
LATE(archive_read_support_format_raw);

#undef LATE

}  // namespace lockstep::formats
