// SPDX-License-Identifier: Apache-2.0
// The two lists of a folder of CSAF documents, and the files with digests beside the documents.
#include <algorithm>
#include <fmt/format.h>

#include "base/csv.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "formats/csaf/provider.hpp"

namespace lockstep::formats::csaf {

namespace {

/// A path below the folder, with '/' between names, of a JSON document.
bool is_path_of_document(std::string_view path) {
  if (!path.ends_with(".json") || path.starts_with('/') || path.size() > 1024) return false;
  const auto names = split(path, '/');
  return std::ranges::none_of(names, [](std::string_view name) {
    return name.empty() || name == "." || name == ".." ||
           name.find_first_of(":\\?#%") != std::string_view::npos ||
           std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) <= 0x20; });
  });
}

template <typename Read>
std::vector<Offer> read_lines(std::string_view bytes, const Read& read) {
  std::vector<Offer> offers;
  int number = 0;
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string_view line = trim(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    ++number;
    if (!line.empty()) read(line, number, offers);
  }
  return offers;
}

}  // namespace

std::vector<Offer> read_changes(std::string_view bytes,
                                const std::string& file,
                                Diagnostics& problems) {
  return read_lines(bytes, [&](std::string_view line, int number, std::vector<Offer>& offers) {
    auto fields = CsvReader(line, ',', file, "csaf.listing").next();
    const bool is_pair = fields && *fields && (*fields)->fields.size() >= 2;
    if (is_pair && is_path_of_document((*fields)->fields[0]) &&
        parse_instant((*fields)->fields[1])) {
      offers.push_back(
          {std::move((*fields)->fields[0]), std::move((*fields)->fields[1]), {}, {}, {}});
    } else {
      problems.error("csaf.listing",
                     fmt::format("expected a line such as \"2026/advisory-1.json\","
                                 "\"2026-09-11T10:00:00Z\", found '{}'",
                                 quotable(line)),
                     {file, number, 1});
    }
  });
}

std::vector<Offer> read_index(std::string_view bytes,
                              const std::string& file,
                              Diagnostics& problems) {
  return read_lines(bytes, [&](std::string_view line, int number, std::vector<Offer>& offers) {
    if (is_path_of_document(line)) {
      offers.push_back({std::string(line), {}, {}, {}, {}});
    } else {
      problems.error("csaf.listing",
                     fmt::format("expected the path of a JSON document below the folder, found "
                                 "'{}'",
                                 quotable(line)),
                     {file, number, 1});
    }
  });
}

std::string read_digest(std::string_view bytes, std::size_t digits) {
  const std::string_view text = trim(bytes);
  const std::string word = lower_case(text.substr(0, text.find_first_of(" \t\r\n")));
  const bool is_digest =
      word.size() == digits && word.find_first_not_of("0123456789abcdef") == std::string::npos;
  return is_digest ? word : "";
}

}  // namespace lockstep::formats::csaf
