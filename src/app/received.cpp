// SPDX-License-Identifier: Apache-2.0
#include "app/received.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/child.hpp"
#include "base/printable.hpp"
#include "base/text.hpp"
#include "formats/zip.hpp"

namespace lockstep::app {
namespace {

using formats::PdfText;

/// Why pdftotext gave no text. Its exit status: 1 a PDF that cannot be opened, 3 no permission to
/// take text out.
std::string why_unread(const ChildEnd& end) {
  const std::string said = lower_case(end.complaint);
  switch (end.why) {
    case ChildEnd::Why::timeout:
    case ChildEnd::Why::processor_time:
      return "reading it took too long and was stopped";
    case ChildEnd::Why::too_much_output:
      return "it holds more text than is read; only the beginning was";
    case ChildEnd::Why::signalled:
      return "its reader broke down over it; the file is damaged or hostile";
    case ChildEnd::Why::exited:
      break;
  }
  if (end.status == 0) return {};
  if (said.find("password") != std::string::npos) return "it is protected by a password";
  if (end.status == 3) return "it forbids taking text out";
  return "it is damaged, or no whole PDF";
}

/// Adds up what was read, and refuses what is over the limits of the bundle.
class Reader {
 public:
  Reader(const BundleLimits& limits, const formats::PdfReader& pdf) : limits_(limits), pdf_(pdf) {}

  void add(const std::string& path, std::string_view bytes) {
    total_ += bytes.size();
    if (bytes.size() > limits_.file_bytes || total_ > limits_.total_bytes)
      return add_unread(path, "large", over(limits_.file_bytes, limits_.total_bytes));
    ReceivedFile file = formats::read_received(bytes, printable_line(path), pdf_);
    for (const ReceivedLine& line : file.lines)
      text_ += line.text.size();
    if (text_ > limits_.text_bytes) {
      file.lines.clear();
      file.unread =
          fmt::format("the documents before it hold {} MiB of text already, more is not read",
                      limits_.text_bytes >> 20U);
    }
    bundle.files.push_back(std::move(file));
  }

  void add_unread(const std::string& path, std::string form, std::string why) {
    ReceivedFile file;
    file.path = printable_line(path);
    file.form = std::move(form);
    file.unread = std::move(why);
    bundle.files.push_back(std::move(file));
  }

  static std::string over(std::uint64_t file_bytes, std::uint64_t total_bytes) {
    return fmt::format("over the limit of {} MiB a file or {} MiB in all", file_bytes >> 20U,
                       total_bytes >> 20U);
  }

  ReceivedBundle bundle;

 private:
  const BundleLimits& limits_;
  const formats::PdfReader& pdf_;
  std::uint64_t total_ = 0;
  std::uint64_t text_ = 0;
};

Result<> check_cancelled(const Progress& progress) {
  if (!progress.is_cancelled()) return {};
  return fail(ErrorKind::interrupted, "child.cancelled", "stopped at your request");
}

Result<> read_folder(const std::string& folder,
                     const std::vector<FolderEntry>& entries,
                     const Files& files,
                     const BundleLimits& limits,
                     Progress& progress,
                     Reader& reader) {
  progress.stage("reading documents", entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    TRY_VOID(check_cancelled(progress));
    const FolderEntry& entry = entries[i];
    if (entry.kind == FolderEntry::Kind::link) {
      reader.add_unread(entry.path, "link", "a link; what it points to is not followed");
    } else if (entry.kind == FolderEntry::Kind::other) {
      reader.add_unread(entry.path, "device", "no plain file");
    } else {
      const auto bytes = files.read(folder + "/" + entry.path, limits.file_bytes);
      if (bytes)
        reader.add(entry.path, *bytes);
      else if (bytes.error().code == "file.too_large")
        reader.add_unread(entry.path, "large", Reader::over(limits.file_bytes, limits.total_bytes));
      else
        reader.add_unread(entry.path, "unreadable", bytes.error().message);
    }
    progress.advance(i + 1);
  }
  return {};
}

Result<> read_zip(const std::string& path,
                  const BundleLimits& limits,
                  const Progress& progress,
                  Reader& reader) {
  formats::ArchiveLimits archive;
  archive.entries = limits.folder.entries;
  archive.entry_bytes = limits.file_bytes;
  archive.total_bytes = limits.total_bytes;
  archive.ratio = limits.ratio;
  auto opened = formats::ZipReader::open_file(path, archive);
  if (!opened && opened.error().code == "archive.format")
    return fail(ErrorKind::input, "check.bundle",
                "expected a folder or a .zip of received documents, found another file", {path});
  TRY(auto zip, std::move(opened));
  while (true) {
    TRY_VOID(check_cancelled(progress));
    TRY(const auto entry, zip.next());
    if (!entry) return {};
    reader.add(std::string(entry->name), entry->bytes);
  }
}

}  // namespace

formats::PdfReader pdf_reader(const std::string& program, const Progress& progress) {
  return [program, &progress](std::string_view bytes) -> PdfText {
    // "-" twice: from standard input to standard output, so that no path of anybody is opened.
    const ChildSetup setup{
        {program, "-q", "-layout", "-enc", "UTF-8", "-", "-"}, {"LC_ALL=C.UTF-8"}, {}};
    std::string text;
    const auto end = run_child(setup, bytes, progress, [&](std::string_view piece) -> Result<> {
      text += piece;
      return {};
    });
    if (!end)
      return {{},
              end.error().code == "child.missing"
                  ? "pdftotext (Debian package poppler-utils) is not installed"
                  : end.error().message};
    return {std::move(text), why_unread(*end)};
  };
}

Result<ReceivedBundle> read_bundle(const std::string& path,
                                   const Files& files,
                                   const formats::PdfReader& pdf,
                                   Progress& progress,
                                   const BundleLimits& limits) {
  Reader reader(limits, pdf);
  if (!files.exists(path))
    return fail(ErrorKind::input, "file.missing", "there is no such folder or archive", {path});
  const auto entries = files.walk(path, limits.folder);
  if (entries) {
    TRY_VOID(read_folder(path, *entries, files, limits, progress, reader));
  } else if (entries.error().code == "file.folder_limit") {
    return tl::unexpected<Error>(entries.error());
  } else {
    TRY_VOID(read_zip(path, limits, progress, reader));
  }
  reader.bundle.path = printable_line(path);
  std::ranges::sort(reader.bundle.files, {}, &ReceivedFile::path);
  return std::move(reader.bundle);
}

}  // namespace lockstep::app
