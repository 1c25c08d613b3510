// SPDX-License-Identifier: Apache-2.0
// The functions of libarchive that this room calls, in place of those that <archive.h> declares: a
// row for each. Used in this folder only.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include "base/late_library.hpp"

namespace lockstep::formats {

inline constexpr LateLibrary libarchive{LOCKSTEP_LIBARCHIVE};

LOCKSTEP_LATE(libarchive, archive_error_string);
LOCKSTEP_LATE(libarchive, archive_read_data);
LOCKSTEP_LATE(libarchive, archive_read_free);
LOCKSTEP_LATE(libarchive, archive_read_new);
LOCKSTEP_LATE(libarchive, archive_read_next_header);
LOCKSTEP_LATE(libarchive, archive_read_open_memory);
LOCKSTEP_LATE(libarchive, archive_read_support_filter_gzip);
LOCKSTEP_LATE(libarchive, archive_read_support_format_empty);
LOCKSTEP_LATE(libarchive, archive_read_support_format_raw);

}  // namespace lockstep::formats
