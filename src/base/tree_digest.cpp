// SPDX-License-Identifier: Apache-2.0
#include "base/tree_digest.hpp"

#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace lockstep {

namespace {

std::string name_of(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

}  // namespace

void TreeDigest::add_by_name(const std::string& path, std::string_view sha256) {
  add(name_of(path), sha256);
}

std::string TreeDigest::finish() const {
  return sha256(lines_);
}

Result<std::vector<std::string>> files_of_tree(const Files& files,
                                               const std::string& folder,
                                               const FolderLimits& limits) {
  TRY(const std::vector<FolderEntry> entries, files.walk(folder, limits));
  std::vector<std::string> paths;
  for (const FolderEntry& entry : entries) {
    if (entry.path.starts_with('.') || entry.path.find("/.") != std::string::npos) continue;
    if (entry.kind != FolderEntry::Kind::file)
      return fail(ErrorKind::input, "file.link",
                  fmt::format("expected files in a folder of data, but '{}' is a link or a device; "
                              "put the file itself there",
                              quotable(entry.path)),
                  {folder, 0, 0});
    paths.push_back(entry.path);
  }
  return paths;
}

std::string labels_beside(const std::string& path) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 2> words{
      {{"images", "labels"}, {"x", "y"}}};
  const std::string name = name_of(path);
  if (!name.ends_with(".npy")) return "";
  for (const auto& [samples, labels] : words) {
    if (!name.starts_with(samples)) continue;
    const std::string rest = name.substr(samples.size());
    const bool is_longer_word = rest.front() >= 'a' && rest.front() <= 'z';  // "xrays.npy"
    if (is_longer_word) continue;
    return path.substr(0, path.size() - name.size()).append(labels).append(rest);
  }
  return "";
}

Result<std::string> digest_of_data(const Files& files, const std::string& path) {
  if (const std::string labels = labels_beside(path); !labels.empty()) {
    TreeDigest digest;
    for (const std::string& each : {path, labels}) {
      TRY(const std::string sha256, files.digest(each));
      digest.add_by_name(each, sha256);
    }
    return digest.finish();
  }
  auto whole = files.digest(path);
  if (whole || whole.error().code != "file.unreadable") return whole;
  const auto paths = files_of_tree(files, path, data_folder_limits);
  if (!paths) {
    // What is no folder keeps the reason why it cannot be read.
    if (paths.error().code == "file.unreadable") return whole;
    return tl::unexpected<Error>(paths.error());
  }
  TreeDigest digest;
  for (const std::string& each : *paths) {
    TRY(const std::string sha256, files.digest(path + "/" + each));
    digest.add(each, sha256);
  }
  return digest.finish();
}

}  // namespace lockstep
