// SPDX-License-Identifier: Apache-2.0
// From a folder or a zip of received documents to their texts: the effects of the check.
#pragma once

#include <cstdint>
#include <string>

#include "base/files.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "domain/received.hpp"
#include "formats/received/received.hpp"

namespace lockstep::app {

/// What is read of a bundle at most. A bundle over a limit of files, folders or archives is an
/// error; a file over a limit of bytes is named as not legible.
struct BundleLimits {
  FolderLimits folder{.entries = 2'000, .depth = 16};
  std::uint64_t file_bytes = std::uint64_t{64} << 20U;
  std::uint64_t total_bytes = std::uint64_t{512} << 20U;
  std::uint64_t text_bytes = std::uint64_t{32} << 20U;  ///< of all documents together
  std::uint64_t ratio = 250;                            ///< of a zip, unpacked to packed
};

/// Reads PDF files with the program at this path (pdftotext of Poppler), as a child with limits.
formats::PdfReader pdf_reader(const std::string& program, const Progress& progress);

/// Every file of a folder or a .zip, sorted by path. Links are named and not followed; nothing is
/// written to disk. Errors: check.bundle, file.*, archive.*, child.cancelled.
Result<ReceivedBundle> read_bundle(const std::string& path,
                                   const Files& files,
                                   const formats::PdfReader& pdf,
                                   Progress& progress,
                                   const BundleLimits& limits = {});

}  // namespace lockstep::app
