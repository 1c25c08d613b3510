// SPDX-License-Identifier: Apache-2.0
// What is read of documents that somebody else handed over.
#pragma once

#include <cstddef>

#include "base/json.hpp"
#include "formats/archive.hpp"

namespace lockstep::formats {

/// Text of one document; what is behind it is named as not read.
inline constexpr std::size_t received_text_bytes = std::size_t{4} << 20U;

/// One line; the rest of a longer one is named as not read.
inline constexpr std::size_t received_line_bytes = std::size_t{64} << 10U;

/// Elements inside each other, of XML.
inline constexpr int received_xml_depth = 256;

/// What an office document may unpack to.
inline constexpr ArchiveLimits office_limits{.entries = 2'000,
                                             .entry_bytes = std::uint64_t{64} << 20U,
                                             .total_bytes = std::uint64_t{128} << 20U,
                                             .ratio = 250,
                                             .ratio_from = std::uint64_t{8} << 20U};

/// A JSON document: the largest are bills of materials.
inline constexpr TreeLimits received_json_limits{
    .bytes = std::size_t{64} << 20U, .depth = 96, .nodes = 2'000'000};

/// Letters on a page of a PDF below which it counts as a picture of text.
inline constexpr std::size_t pdf_page_letters = 12;

}  // namespace lockstep::formats
