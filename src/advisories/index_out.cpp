// SPDX-License-Identifier: Apache-2.0
#include "advisories/index_out.hpp"

#include "advisories/bytes.hpp"

namespace lockstep::advisories {

using layout::Section;

namespace {

constexpr std::size_t pending_max = std::size_t{256} << 10U;

std::string head() {
  std::string bytes(layout::magic);
  put_u32(bytes, index_version);
  put_u32(bytes, layout::section_count);
  return bytes;
}

}  // namespace

Result<> IndexOut::begin() {
  const std::string bytes = head();
  size_ = bytes.size();
  return take_(bytes);
}

Result<> IndexOut::put(std::string_view bytes) {
  size_ += bytes.size();
  if (pending_.size() + bytes.size() >= pending_max) TRY_VOID(flush());
  if (bytes.size() >= pending_max) {
    return take_(bytes);
  }
  pending_ += bytes;
  return {};
}

Result<> IndexOut::flush() {
  TRY_VOID(take_(pending_));
  pending_.clear();
  return {};
}

void IndexOut::begin_section(Section section) {
  places_[static_cast<std::size_t>(section)][0] = size_;
}

void IndexOut::end_section(Section section) {
  auto& place = places_[static_cast<std::size_t>(section)];
  place[1] = size_ - place[0];
}

Result<> IndexOut::put_section(Section section, SectionOut& from) {
  begin_section(section);
  TRY_VOID(from.read([this](std::string_view bytes) {
    contents_.add(bytes);
    return put(bytes);
  }));
  end_section(section);
  return {};
}

Result<std::uint64_t> IndexOut::end() {
  TRY_VOID(flush());
  std::string foot;
  for (const auto& [start, bytes] : places_) {
    put_u64(foot, start);
    put_u64(foot, bytes);
  }
  foot += contents_.finish();
  size_ += layout::foot_bytes;
  put_u64(foot, size_);
  put_u64(foot, layout::hash_of(foot, layout::hash_of(head())));
  TRY_VOID(take_(foot));
  return size_;
}

}  // namespace lockstep::advisories
