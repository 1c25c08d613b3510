// SPDX-License-Identifier: Apache-2.0
#include "advisories/section_out.hpp"

#include "advisories/limits.hpp"

namespace lockstep::advisories {

Result<> SectionOut::settle() {
  if (folder_.empty() || tail_.size() < section_memory_bytes) return {};
  if (!file_) {
    TRY(file_, SpillFile::create(folder_));
  }
  TRY_VOID(file_->append(tail_));
  tail_.clear();
  return {};
}

Result<> SectionOut::read(const std::function<Result<>(std::string_view)>& take) {
  if (file_) {
    TRY_VOID(file_->flush());
    std::string piece(section_memory_bytes, '\0');
    for (std::uint64_t at = 0; at < file_->size();) {
      TRY(const std::size_t got, file_->read(at, piece.data(), piece.size()));
      if (got == 0) break;
      TRY_VOID(take(std::string_view(piece).substr(0, got)));
      at += got;
    }
  }
  return take(tail_);
}

}  // namespace lockstep::advisories
