// SPDX-License-Identifier: Apache-2.0
#include "app/record_formats.hpp"

#include <algorithm>
#include <array>

#include "formats/csaf/advisory.hpp"
#include "formats/ghsa/read.hpp"

namespace lockstep::app {
namespace {

constexpr std::array<RecordFormat, 4> rows = {{
    {"osv", formats::osv::looks_like,
     [](RecordReaders& readers,
        std::string_view bytes,
        const std::string& file,
        Diagnostics& problems) { return readers.osv.read(bytes, file, problems); }},
    {"csaf", formats::csaf::looks_like,
     [](RecordReaders&, std::string_view bytes, const std::string& file, Diagnostics& problems) {
       return formats::csaf::read_advisories(bytes, file, problems);
     }},
    {"nvd", formats::nvd::looks_like,
     [](RecordReaders& readers,
        std::string_view bytes,
        const std::string& file,
        Diagnostics& problems) { return readers.nvd.read(bytes, file, problems); }},
    {"ghsa", formats::ghsa::looks_like,
     [](RecordReaders&, std::string_view bytes, const std::string& file, Diagnostics& problems) {
       return formats::ghsa::read_advisories(bytes, file, problems);
     }},
}};

}  // namespace

std::span<const RecordFormat> record_formats() {
  return rows;
}

const RecordFormat* record_format_of(std::string_view bytes) {
  const auto row = std::ranges::find_if(
      rows, [bytes](const RecordFormat& format) { return format.looks_like(bytes); });
  return row == rows.end() ? nullptr : &*row;
}

}  // namespace lockstep::app
