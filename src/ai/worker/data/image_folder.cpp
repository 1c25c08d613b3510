// SPDX-License-Identifier: Apache-2.0
// A data set as people keep pictures: one folder for each class, with the pictures in it.
//
//     test/cat/0001.png  test/cat/0002.png  test/dog/0001.jpg  test/classes.txt (optional)
//
// The classes are the lines of classes.txt, in the order in which the net numbers them, or without
// one the folders in the order of their names' bytes, as the usual loaders of training data have
// it. Folders that are all numbers must not be read in that order by mistake (10 before 2): then
// classes.txt is asked for.
//
// The order of the samples is such that the first N are a fair part of the whole: sample k of n in
// a class stands at (k + 1/2) / n, and the samples are sorted by that, then by class.
//
// Every file is read for the digest, but only the pictures that are wanted are unpacked.
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <system_error>

#include "ai/worker/data/data_set.hpp"
#include "ai/worker/data/image.hpp"
#include "ai/worker/data/loaded.hpp"
#include "ai/worker/limits.hpp"
#include "base/diagnostics.hpp"
#include "base/digest.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "base/tree_digest.hpp"

namespace lockstep::ai {
namespace {

constexpr std::string_view class_file = "classes.txt";

struct Picture {
  std::string path;  ///< below the folder
  std::int64_t label = 0;
  double place = 0;  ///< in its class, from 0 to 1
};

bool is_picture(const std::string& path) {
  const std::string lower = lower_case(path);
  return lower.ends_with(".png") || lower.ends_with(".jpg") || lower.ends_with(".jpeg");
}

bool is_number(const std::string& name) {
  return !name.empty() && name.size() <= 9 &&
         std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

tl::unexpected<Error> bad(const DataRequest& request, std::string code, std::string message) {
  return fail(ErrorKind::input, std::move(code), std::move(message), {request.path, 0, 0});
}

Result<std::vector<std::string>> named_classes(const DataRequest& request) {
  const std::string path = request.path + "/" + std::string(class_file);
  TRY(const std::string text, RealFiles().read(path, limits::image_bytes));
  std::vector<std::string> classes;
  std::string_view rest = text;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);  // a byte order mark
  for (const std::string_view line : split(rest, '\n')) {
    const std::string_view name = trim(line);
    if (name.empty()) continue;
    if (std::ranges::find(classes, name) != classes.end())
      return fail(ErrorKind::input, "ai.classes",
                  fmt::format("expected each class once, found '{}' twice", quotable(name)),
                  {path, 0, 0});
    classes.emplace_back(name);
  }
  return classes;
}

/// A folder without pictures may be a class all the same, and would move the numbers of those
/// behind it; the digest, which is of files, could not tell. Then a file must name the classes.
Result<> check_empty_folders(const DataRequest& request, const std::vector<std::string>& folders) {
  std::vector<std::string> empty;
  std::error_code unused;
  for (const auto& entry : std::filesystem::directory_iterator(request.path, unused)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_directory(unused) && !name.starts_with('.') &&
        std::ranges::find(folders, name) == folders.end())
      empty.push_back(name);
  }
  if (empty.empty()) return {};
  return bad(request, "ai.classes",
             fmt::format("expected a {} that says which folder is which class, since '{}' has no "
                         "pictures; one name a line, in the order of the net's scores",
                         class_file, quotable(std::ranges::min(empty))));
}

/// The classes of the folders, when no file names them.
Result<std::vector<std::string>> sorted_classes(const DataRequest& request,
                                                std::vector<std::string> folders) {
  std::ranges::sort(folders);
  if (!std::ranges::all_of(folders, is_number)) return folders;
  const auto number = [](const std::string& name) { return std::stol(name); };
  if (std::ranges::is_sorted(folders, {}, number)) return folders;
  return bad(request, "ai.classes",
             fmt::format("expected a {} that says which folder is which class, since '10' would "
                         "come before '2'; one name a line, in the order of the net's scores",
                         class_file));
}

/// The pictures by class, then by name; everything that is none is a problem.
std::map<std::string, std::vector<std::string>> pictures_of(const DataRequest& request,
                                                            const std::vector<std::string>& paths,
                                                            Diagnostics& problems) {
  std::map<std::string, std::vector<std::string>> by_folder;
  for (const std::string& path : paths) {
    const std::size_t slash = path.find('/');
    const bool is_one_deep =
        slash != std::string::npos && path.find('/', slash + 1) == std::string::npos;
    if (path == class_file) continue;
    if (is_one_deep && is_picture(path))
      by_folder[path.substr(0, slash)].push_back(path);
    else
      problems.error("ai.image",
                     fmt::format("expected CLASS/NAME.png or .jpg, found '{}'", quotable(path)),
                     {request.path + "/" + path, 0, 0});
  }
  return by_folder;
}

/// The pictures in the order of samples.
Result<std::vector<Picture>> in_order(
    const DataRequest& request,
    const std::map<std::string, std::vector<std::string>>& by_folder,
    const std::vector<std::string>& classes) {
  std::vector<Picture> pictures;
  for (const auto& [folder, paths] : by_folder) {
    const auto label = std::ranges::find(classes, folder);
    if (label == classes.end())
      return bad(request, "ai.classes",
                 fmt::format("expected a folder for a class of {}, found '{}'", class_file,
                             quotable(folder)));
    for (std::size_t k = 0; k < paths.size(); ++k)
      pictures.push_back({paths[k], label - classes.begin(),
                          (static_cast<double>(k) + 0.5) / static_cast<double>(paths.size())});
  }
  std::ranges::sort(pictures, [](const Picture& a, const Picture& b) {
    return std::tie(a.place, a.label, a.path) < std::tie(b.place, b.label, b.path);
  });
  return pictures;
}

/// How a net takes images.
struct Frame {
  bool is_channels_last = false;
  std::int64_t channels = 0;  ///< 0: as the images are
};

/// What the net's shape, and the layout that was declared, say.
Result<Frame> frame_of(const DataRequest& request) {
  const std::vector<std::int64_t>& shape = request.sample;
  const std::string& layout = request.options.preprocessing.layout;
  if (shape.size() != 3) return Frame{};
  const auto counts = [&](std::size_t i) { return shape[i] == 1 || shape[i] == 3; };
  const bool may_be_first = layout != "nhwc" && counts(0);
  const bool may_be_last = layout != "nchw" && counts(2);
  if (may_be_first == may_be_last)
    return bad(
        request, "ai.shape",
        fmt::format("expected a net that takes images of 1 or 3 channels, found an input of "
                    "shape {}{}",
                    shape_text(shape), may_be_first ? "; say --layout nchw or --layout nhwc" : ""));
  return Frame{may_be_last, may_be_last ? shape[2] : shape[0]};
}

/// The images one after the other, of one size.
class Stack {
 public:
  Stack(const DataRequest& request, Frame frame) : request_(request), frame_(frame) {}

  /// Says what is wrong with the image; "" when nothing is.
  std::string add(const Array& image) {
    const std::int64_t height = image.shape[0];
    const std::int64_t width = image.shape[1];
    const std::int64_t channels = frame_.channels > 0 ? frame_.channels : channels_for(image);
    const std::vector<std::int64_t> shape = frame_.is_channels_last
                                                ? std::vector{height, width, channels}
                                                : std::vector{channels, height, width};
    if (shape_.empty() && fits(shape)) shape_ = shape;
    if (shape != shape_)
      return fmt::format("expected an image that fits the net's input {}{}, found {} x {} pixels",
                         shape_text(request_.sample),
                         shape_.empty() ? "" : " and the images before it", width, height);
    append(with_channels(image, channels));
    return "";
  }

  std::uint64_t bytes() const { return bytes_.size(); }

  Array finish(std::int64_t count) {
    shape_.insert(shape_.begin(), count);
    return {ElementType::uint8, std::move(shape_), std::move(bytes_), {}};
  }

 private:
  /// A flat input takes what its number of features asks for.
  std::int64_t channels_for(const Array& image) const {
    if (request_.sample.size() != 1 || request_.sample.front() < 0) return image.shape[2];
    return image.shape[0] * image.shape[1] == request_.sample.front() ? 1 : 3;
  }

  bool fits(const std::vector<std::int64_t>& shape) const {
    const std::vector<std::int64_t>& wanted = request_.sample;
    if (wanted.size() == 1)
      return wanted.front() < 0 || wanted.front() == shape[0] * shape[1] * shape[2];
    if (wanted.size() == 2)
      return (wanted[0] < 0 || wanted[0] == shape[1]) && (wanted[1] < 0 || wanted[1] == shape[2]);
    for (std::size_t i = 0; i < 3 && wanted.size() == 3; ++i)
      if (wanted[i] >= 0 && wanted[i] != shape[i]) return false;
    return wanted.size() == 3;
  }

  void append(const Array& image) {
    const auto channels = static_cast<std::size_t>(image.shape[2]);
    if (frame_.is_channels_last || channels == 1) {
      bytes_ += image.bytes;
      return;
    }
    const std::size_t start = bytes_.size();
    const std::size_t pixels = image.bytes.size() / channels;
    bytes_.resize(start + image.bytes.size());
    for (std::size_t c = 0; c < channels; ++c)
      for (std::size_t i = 0; i < pixels; ++i)
        bytes_[start + c * pixels + i] = image.bytes[i * channels + c];
  }

  const DataRequest& request_;
  Frame frame_;
  std::vector<std::int64_t> shape_;
  std::string bytes_;
};

/// Reads every file for the digest.
Result<std::map<std::string, std::string>> wanted_bytes(const DataRequest& request,
                                                        const std::vector<std::string>& paths,
                                                        const std::vector<Picture>& wanted,
                                                        std::string& digest) {
  std::map<std::string, std::string> kept;
  for (const Picture& picture : wanted)
    kept[picture.path];
  TreeDigest tree;
  const RealFiles files;
  for (const std::string& path : paths) {
    TRY(std::string bytes, files.read(request.path + "/" + path, limits::image_bytes));
    tree.add(path, sha256(bytes));
    if (const auto found = kept.find(path); found != kept.end()) found->second = std::move(bytes);
  }
  digest = tree.finish();
  return kept;
}

}  // namespace

Result<DataSet> read_image_folder(const DataRequest& request) {
  TRY(const auto paths, files_of_tree(RealFiles(), request.path, data_folder_limits));
  Diagnostics problems;
  const auto by_folder = pictures_of(request, paths, problems);
  TRY_VOID(first_of(problems));
  DataSet set;
  if (std::ranges::binary_search(paths, class_file)) {
    TRY(set.classes, named_classes(request));
  } else {
    std::vector<std::string> folders;
    for (const auto& [folder, unused] : by_folder)
      folders.push_back(folder);
    TRY_VOID(check_empty_folders(request, folders));
    TRY(set.classes, sorted_classes(request, std::move(folders)));
  }
  TRY(std::vector<Picture> pictures, in_order(request, by_folder, set.classes));
  if (pictures.empty())
    return bad(request, "ai.data", "expected pictures as CLASS/NAME.png or .jpg, found none");
  if (static_cast<std::int64_t>(pictures.size()) > request.wanted)
    pictures.resize(static_cast<std::size_t>(std::max<std::int64_t>(request.wanted, 1)));
  TRY(auto bytes, wanted_bytes(request, paths, pictures, set.sha256));
  TRY_VOID(check_digest(request.path, request.sha256, set.sha256));

  TRY(const Frame frame, frame_of(request));
  Stack stack(request, frame);
  std::vector<std::int64_t> labels;
  for (const Picture& picture : pictures) {
    const std::string path = request.path + "/" + picture.path;
    const auto image = read_image(bytes[picture.path], path);
    bytes.erase(picture.path);
    if (!image) {
      problems.add(image.error());
      continue;
    }
    if (const std::string trouble = stack.add(*image); !trouble.empty())
      problems.error("ai.shape", trouble, {path, 0, 0});
    if (stack.bytes() > limits::data_bytes)
      return bad(request, "ai.data",
                 fmt::format("expected at most {} bytes of pictures, found more; ask for fewer "
                             "samples",
                             limits::data_bytes));
    labels.push_back(picture.label);
    set.names.push_back(picture.path);
  }
  TRY_VOID(first_of(problems));
  const auto count = static_cast<std::int64_t>(labels.size());
  set.arrays.push_back({"images", stack.finish(count)});
  set.arrays.push_back(
      {"labels", array_of<std::int64_t>({count}, std::span<const std::int64_t>(labels))});
  return set;
}

}  // namespace lockstep::ai
