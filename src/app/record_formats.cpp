// SPDX-License-Identifier: Apache-2.0
#include "app/record_formats.hpp"

#include <algorithm>
#include <array>

#include "formats/csaf/advisory.hpp"
#include "formats/ghsa/read.hpp"

namespace lockstep::app {
namespace {

template <typename Text>
void take(const BasicAdvisory<Text>& advisory,
          advisories::IndexBuilder& into,
          TakenRecords& taken) {
  into.add(advisory);
  ++taken.count;
  taken.newest = std::max(taken.newest, advisory.modified);
}

Result<TakenRecords> take_all(const Result<std::vector<Advisory>>& read,
                              advisories::IndexBuilder& into) {
  if (!read) return tl::unexpected<Error>(read.error());
  TakenRecords taken;
  for (const Advisory& advisory : *read)
    take(advisory, into, taken);
  return taken;
}

constexpr std::array<RecordFormat, 4> rows = {{
    {"osv", formats::osv::looks_like,
     [](RecordReaders& readers,
        std::string_view bytes,
        const std::string& file,
        Diagnostics& problems,
        advisories::IndexBuilder& into) -> Result<TakenRecords> {
       TakenRecords taken;
       TRY_VOID(readers.osv.read_each(bytes, file, problems, [&](const AdvisoryView& advisory) {
         take(advisory, into, taken);
       }));
       return taken;
     }},
    {"csaf", formats::csaf::looks_like,
     [](RecordReaders&,
        std::string_view bytes,
        const std::string& file,
        Diagnostics& problems,
        advisories::IndexBuilder& into) {
       return take_all(formats::csaf::read_advisories(bytes, file, problems), into);
     }},
    {"nvd", formats::nvd::looks_like,
     [](RecordReaders& readers,
        std::string_view bytes,
        const std::string& file,
        Diagnostics& problems,
        advisories::IndexBuilder& into) {
       return take_all(readers.nvd.read(bytes, file, problems), into);
     }},
    {"ghsa", formats::ghsa::looks_like,
     [](RecordReaders&,
        std::string_view bytes,
        const std::string& file,
        Diagnostics& problems,
        advisories::IndexBuilder& into) {
       return take_all(formats::ghsa::read_advisories(bytes, file, problems), into);
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
