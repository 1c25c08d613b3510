// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/files.hpp"

namespace lockstep {

/// The digest of a folder's files: SHA-256 of the lines "DIGEST  PATH\n", as sha256sum writes them,
/// in the order of the paths below the folder.
class TreeDigest {
 public:
  void add(std::string_view path, std::string_view sha256) {
    lines_.append(sha256).append("  ").append(path).append("\n");
  }

  /// A file by its name alone, wherever it lies.
  void add_by_name(const std::string& path, std::string_view sha256);

  std::string finish() const;

 private:
  std::string lines_;
};

/// The files of a folder that count as its content, by their paths below it, sorted: those whose
/// name, or whose folder's name, begins with '.' do not count. Links are refused, since they may
/// lead outside.
/// Errors: file.missing, file.unreadable, file.folder_limit, file.link.
Result<std::vector<std::string>> files_of_tree(const Files& files,
                                               const std::string& folder,
                                               const FolderLimits& limits);

/// The file with the labels of an .npy with samples, which stands beside it: y_test.npy of
/// x_test.npy, labels.npy of images.npy; "" for every other path.
std::string labels_beside(const std::string& path);

/// Of a file: the SHA-256 of its bytes. Of a folder: the TreeDigest of its files. Of an .npy with
/// labels beside it: the TreeDigest of the two.
/// Errors: those of Files::digest and files_of_tree.
Result<std::string> digest_of_data(const Files& files, const std::string& path);

/// How far a folder of data is walked.
inline constexpr FolderLimits data_folder_limits{1'000'000, 8};

}  // namespace lockstep
