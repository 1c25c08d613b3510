// SPDX-License-Identifier: Apache-2.0
// embed_data OUTPUT ROOT FILE...: writes a C++ file that holds each YAML file, with its path below
// ROOT, as compact canonical JSON. Reading that takes a small part of the time of reading YAML, and
// the program needs no data folder beside it. Run by the build (cmake/LockstepData.cmake).
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

#include "base/files.hpp"
#include "base/json.hpp"

namespace {

using lockstep::Diagnostics;
using lockstep::Json;
using lockstep::Result;

constexpr std::uint64_t bytes_max = 16U << 20U;

/// The text as C++ string literals, a few thousand bytes each.
std::string literals(const std::string& text) {
  constexpr std::size_t bytes_per_literal = 8000;
  std::string out;
  for (std::size_t begin = 0; begin < text.size(); begin += bytes_per_literal) {
    out += "      \"";
    for (const char c : text.substr(begin, bytes_per_literal)) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        out += '\\';
        out += c;
      } else if (byte < 0x20 || byte >= 0x7f || c == '?') {
        out += fmt::format("\\{:03o}", static_cast<unsigned>(byte));
      } else {
        out += c;
      }
    }
    out += "\"\n";
  }
  return out;
}

/// The tree with the type that each plain scalar of YAML shows: yes and no become booleans, numbers
/// become numbers. JSON would otherwise take them for texts. A number that is not written in its
/// shortest form ("0.10", which may be meant as a version) is a problem: quote it, or shorten it.
Json typed(const Json& node, const std::string& path, Diagnostics& problems) {
  if (node.is_array()) {
    Json list = Json::array();
    for (const Json& item : node.items())
      list.push(typed(item, path, problems));
    return list;
  }
  if (node.is_object()) {
    Json::Object members;
    for (const auto& [key, value] : node.members())
      members.emplace_back(key, typed(value, path, problems));
    return Json::object_of_members(std::move(members));
  }
  if (!node.is_plain()) return node;
  const std::string text = node.string_or("");
  // In small letters only: NO is a country, and a code of its own.
  if (text == "yes" || text == "true") return Json(true);
  if (text == "no" || text == "false") return Json(false);
  if (const auto whole = node.as_int(); whole && std::to_string(*whole) == text)
    return Json(*whole);
  if (const auto number = node.as_number()) {
    if (std::isfinite(*number) && lockstep::to_canonical_json(Json(*number)) == text)
      return Json(*number);
    problems.error("embed.number",
                   "expected a number in its shortest form or a quoted text, found '" + text + "'",
                   node.at(path));
  }
  return Json(text);
}

/// The row of one file; its problems go to `problems`.
Result<std::string> row_of(const std::string& path,
                           const std::string& root,
                           Diagnostics& problems) {
  TRY(const std::string bytes, lockstep::RealFiles().read(path, bytes_max));
  TRY(const auto tree, lockstep::parse_yaml(bytes, path, problems));
  const std::string json = lockstep::to_canonical_json(typed(tree, path, problems));
  return fmt::format("    {{\"{}\",\n     std::string_view(\n{}      , {})}},\n",
                     std::filesystem::relative(path, root).generic_string(), literals(json),
                     json.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: embed_data OUTPUT ROOT FILE...\n");
    return 2;
  }
  std::vector<std::string> paths(argv + 3, argv + argc);
  std::ranges::sort(paths);
  Diagnostics problems;
  std::string text =
      "// Made by tools/embed_data.cpp from data/.\n#include \"app/embedded_data.hpp\"\n\n"
      "namespace lockstep::app {\nnamespace {\n\nconstexpr EmbeddedFile files[] = {\n";
  for (const std::string& path : paths) {
    const auto row = row_of(path, argv[2], problems);
    if (!row) problems.add(row.error());
    if (row) text += *row;
  }
  text +=
      "};\n\n}  // namespace\n\nstd::span<const EmbeddedFile> embedded_data() {\n  return files;\n"
      "}\n\n}  // namespace lockstep::app\n";
  if (!problems.has_errors()) {
    const auto written = lockstep::RealFiles().write(argv[1], text);
    if (!written) problems.add(written.error());
  }
  for (const auto& entry : problems.entries()) {
    fmt::print(stderr, "{}\n", lockstep::to_text(entry));
  }
  return problems.has_errors() ? 1 : 0;
}
