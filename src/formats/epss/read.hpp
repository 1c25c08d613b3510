// SPDX-License-Identifier: Apache-2.0
// Reads the daily table of EPSS: for each CVE id the probability that its exploitation is seen
// anywhere within 30 days.
// Source: FIRST, EPSS data format: a comment line with model and date, a header, rows.
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "base/result.hpp"
#include "domain/advisory.hpp"

namespace lockstep::formats::epss {

/// Reads the CSV text, or a gzip stream of it. Rows that cannot be read are left out and reported.
/// Errors: epss.header, archive.*. Problems: epss.row, epss.date.
Result<EpssTable> read(std::string_view bytes, const std::string& file, Diagnostics& problems);

/// Whether the (unpacked) bytes begin like such a table.
bool looks_like(std::string_view bytes);

}  // namespace lockstep::formats::epss
