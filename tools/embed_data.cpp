// SPDX-License-Identifier: Apache-2.0
// embed_data OUTPUT ROOT FILE...: writes a C++ file that holds each YAML file, with its path below
// ROOT, as compact canonical JSON, and the ruleset that load_ruleset makes of them, as bytes. The
// program reads no YAML and checks no law when it starts, and needs no data folder beside it;
// broken law ends the build with all its problems. Run by the build (cmake/LockstepData.cmake).
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
#include "regulations/compiled.hpp"
#include "regulations/load.hpp"

namespace {

using lockstep::Diagnostics;
using lockstep::Json;
using lockstep::Result;
using lockstep::regulations::SourceFile;

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

/// The value that a plain scalar of YAML shows: yes and no become booleans, numbers become numbers.
/// JSON would otherwise take them for texts. A number that is not written in its shortest form
/// ("0.10", which may be meant as a version) is a problem: quote it, or shorten it.
Json typed_scalar(const Json& node, const std::string& path, Diagnostics& problems) {
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

/// The tree with the type of each scalar, and with the members of each map sorted as in the JSON.
Json typed(const Json& node, const std::string& path, Diagnostics& problems) {
  Json out = node;
  if (node.is_array()) {
    out = Json::array();
    for (const Json& item : node.items())
      out.push(typed(item, path, problems));
  } else if (node.is_object()) {
    Json::Object members;
    for (const auto& [key, value] : node.members())
      members.emplace_back(key, typed(value, path, problems));
    std::ranges::sort(members, {}, &Json::Object::value_type::first);
    out = Json::object_of_members(std::move(members));
  } else if (node.is_plain()) {
    out = typed_scalar(node, path, problems);
  }
  out.set_place(static_cast<std::uint32_t>(node.line()), static_cast<std::uint32_t>(node.column()));
  return out;
}

/// One file below ROOT; its problems go to `problems`.
Result<SourceFile> read_file(const std::string& path,
                             const std::string& root,
                             Diagnostics& problems) {
  const std::string name = std::filesystem::relative(path, root).generic_string();
  TRY(const std::string bytes, lockstep::RealFiles().read(path, bytes_max));
  TRY(const auto tree, lockstep::parse_yaml(bytes, path, problems));
  return SourceFile{name, typed(tree, path, problems)};
}

std::string row_of(const SourceFile& file) {
  const std::string json = lockstep::to_canonical_json(file.tree);
  return fmt::format("    {{\"{}\",\n     std::string_view(\n{}      , {})}},\n", file.path,
                     literals(json), json.size());
}

/// The C++ file: all files, and the ruleset that they hold.
std::string text_of(const std::vector<SourceFile>& files, const std::string& ruleset) {
  std::string text =
      "// Made by tools/embed_data.cpp from data/.\n#include \"app/embedded_data.hpp\"\n\n"
      "namespace lockstep::app {\nnamespace {\n\nconstexpr EmbeddedFile files[] = {\n";
  for (const SourceFile& file : files)
    text += row_of(file);
  return text +
         fmt::format(
             "}};\n\nconstexpr std::string_view ruleset(\n{}      , {});\n\n}}  // namespace\n\n"
             "std::span<const EmbeddedFile> embedded_data() {{\n  return files;\n}}\n\n"
             "std::string_view embedded_ruleset() {{\n  return ruleset;\n}}\n\n"
             "}}  // namespace lockstep::app\n",
             literals(ruleset), ruleset.size());
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
  std::vector<SourceFile> files;
  for (const std::string& path : paths) {
    auto file = read_file(path, argv[2], problems);
    if (!file) problems.add(file.error());
    if (file) files.push_back(std::move(*file));
  }
  const auto law = lockstep::regulations::load_ruleset(files, problems);
  if (!problems.has_errors()) {
    const auto written =
        lockstep::RealFiles().write(argv[1], text_of(files, lockstep::regulations::to_bytes(law)));
    if (!written) problems.add(written.error());
  }
  for (const auto& entry : problems.entries()) {
    fmt::print(stderr, "{}\n", lockstep::to_text(entry));
  }
  return problems.has_errors() ? 1 : 0;
}
