// SPDX-License-Identifier: Apache-2.0
// What an index says about its own bytes, held against them: the digest in the foot is over all
// sections but the records, and among those sections are the digests of the sources, which are over
// the digests of the records.
#include <array>
#include <string>

#include "advisories/bytes.hpp"
#include "advisories/index.hpp"
#include "advisories/index_state.hpp"
#include "advisories/limits.hpp"
#include "advisories/record_codec.hpp"
#include "base/digest.hpp"

namespace lockstep::advisories {

using layout::Section;

namespace {

/// One form's digest, as the builder made it.
struct FormDigest {
  std::int64_t records = 0;
  Sha256 digest;
};

}  // namespace

Result<> AdvisoryIndex::State::verify_records() const {
  std::array<FormDigest, advisory_form_names.size()> forms;
  const std::string_view all = at(Section::records);
  std::size_t place = 0;
  std::size_t kept = 0;
  std::string line;
  for (std::uint32_t number = 0; number < rows(Section::record_table); ++number) {
    TRY(const std::string_view one, record(number));
    const auto front = decode_front(one);
    if (one.data() != all.data() + place || !front || !has_its_digest(one))
      return damaged("a record that differs from its digest");
    place += one.size();
    FormDigest& form = forms[static_cast<std::size_t>(front->form)];
    ++form.records;
    put_line(line, *front);
    form.digest.add(line);
    // The pages that were walked are given back: they count as memory of this process.
    if (place - kept < section_memory_bytes) continue;
    release(all.substr(kept, place - kept));
    kept = place;
  }
  if (place != all.size()) return damaged("bytes behind its records");
  for (const IndexSource& source : sources) {
    const auto form = advisory_form_of(source.source);
    if (!form) continue;
    FormDigest& found = forms[static_cast<std::size_t>(*form)];
    if (found.digest.finish() != source.sha256 || found.records != source.entries)
      return damaged("records that differ from the digest of their source");
    found.records = 0;
  }
  for (const FormDigest& form : forms)
    if (form.records > 0) return damaged("records of a source that it does not name");
  return {};
}

Result<> AdvisoryIndex::verify() const {
  Sha256 digest;
  std::size_t end = layout::head_bytes + state_->at(Section::records).size();
  for (std::size_t i = 1; i < layout::section_count; ++i) {
    const std::string_view section = state_->sections[i];
    if (section.data() != state_->bytes.data() + end)
      return state_->damaged("sections that do not follow each other");
    digest.add(section);
    end += section.size();
  }
  if (digest.finish() != sha256() || end + layout::foot_bytes != state_->bytes.size())
    return state_->damaged("contents that differ from its digest");
  return state_->verify_records();
}

}  // namespace lockstep::advisories
