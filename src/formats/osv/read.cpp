// SPDX-License-Identifier: Apache-2.0
// The reader walks each object of a record once, member by member, in document order, and builds
// the domain's Advisory on the way. Problems carry the path that the walk has reached.
//
// SPEED: simdjson's DOM parser instead of the Json tree. It chooses its kernel for the processor at
// run time, which the on-demand parser of the packaged version does not do without special flags.
//
// Source: OSV schema 1.7.5, docs/schema.md and validation/schema.json.
#include "formats/osv/read.hpp"

#include <memory>
#include <utility>

#include "formats/osv/limits.hpp"
#include "formats/osv/record_reader.hpp"
#include "formats/record_parser.hpp"

namespace lockstep::formats::osv {

struct Reader::State {
  RecordParser parser{"osv.size", "osv.syntax", max_document_bytes, max_depth};
  RecordMemory memory;
};

Reader::Reader() : state_(std::make_unique<State>()) {}

Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<> Reader::read_each(std::string_view bytes,
                           const std::string& file,
                           Diagnostics& problems,
                           const Take& take_record) {
  TRY(const dom::element document, state_->parser.parse(bytes, file));
  RecordMemory& memory = state_->memory;
  memory.made.clear();
  const auto take = [&](const dom::element& value) {
    const auto advisory = RecordReader(memory).record(value);
    if (advisory) take_record(*advisory);
  };
  const auto take_all = [&](const dom::element& value) {
    dom::array list;
    if (value.get(list) != simdjson::SUCCESS) return take(value);
    std::size_t number = 0;
    for (const dom::element one : list) {
      const Inside here(memory.walk, number);
      if (number++ < max_records) take(one);
    }
  };
  dom::element vulns;
  if (document.is_object() && document["vulns"].get(vulns) == simdjson::SUCCESS) {
    const Inside here(memory.walk, std::string_view("vulns"));
    take_all(vulns);
  } else {
    take_all(document);
  }
  memory.walk.report(bytes, file, problems);
  return {};
}

Result<std::vector<Advisory>> Reader::read(std::string_view bytes,
                                           const std::string& file,
                                           Diagnostics& problems) {
  std::vector<Advisory> advisories;
  TRY_VOID(read_each(bytes, file, problems,
                     [&](const AdvisoryView& advisory) { advisories.push_back(owned(advisory)); }));
  return advisories;
}

bool looks_like(std::string_view bytes) {
  const std::size_t start = bytes.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  if (start == std::string_view::npos || (bytes[start] != '{' && bytes[start] != '[')) return false;
  // SPEED: a search stops at each first letter; quotes are everywhere.
  constexpr std::string_view modified = "modified\"";
  std::size_t at = bytes.find(modified);
  while (at != std::string_view::npos && bytes[at - 1] != '"')
    at = bytes.find(modified, at + 1);
  return at != std::string_view::npos && bytes.find("\"id\"") != std::string_view::npos;
}

}  // namespace lockstep::formats::osv
