// SPDX-License-Identifier: Apache-2.0
#include "ai/text_description.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

using Split = TextDescription::Split;
using Keys = std::vector<std::string>;

constexpr TreeLimits tree_limits{std::size_t{4} << 20U, 8, 200'000};
constexpr std::int64_t length_max = 65'536;
constexpr std::size_t prompt_bytes_max = 65'536;

constexpr std::array<std::pair<std::string_view, Split>, 4> splits{{
    {"words", Split::words},
    {"characters", Split::characters},
    {"wordpiece", Split::wordpiece},
    {"none", Split::none},
}};

class Reader {
 public:
  Reader(std::string file, Diagnostics& problems) : file_(std::move(file)), problems_(problems) {}

  TextDescription read(const Json& tree) {
    check_keys(tree, {"lockstep_text", "tokenizer", "vocabulary", "lower_case", "unknown",
                      "padding", "first", "last", "length", "file", "classes", "prompt"});
    if (tree["lockstep_text"].as_int() != 1)
      problem(tree["lockstep_text"].is_null() ? tree : tree["lockstep_text"],
              "expected 'lockstep_text: 1', the version of the description");
    const std::string name = text(tree, "tokenizer", "");
    const auto* const row = std::ranges::find(splits, name, [](const auto& s) { return s.first; });
    if (row == splits.end())
      problem(
          tree["tokenizer"].is_null() ? tree : tree["tokenizer"],
          fmt::format("expected words, characters, wordpiece or none as 'tokenizer', found '{}'",
                      quotable(name)));
    else
      read_.split = row->second;
    read_.vocabulary = text(tree, "vocabulary", "");
    if (read_.vocabulary.empty() && read_.split != Split::none)
      problem(tree, "expected a file as 'vocabulary', found none");
    const Json& lower = tree["lower_case"];
    if (!lower.is_null() && !lower.as_bool()) problem(lower, "expected yes or no as 'lower_case'");
    read_.is_lower_case = lower.as_bool().value_or(false);
    read_.unknown = text(tree, "unknown", read_.unknown);
    read_.padding = text(tree, "padding", read_.padding);
    read_.first = text(tree, "first", "");
    read_.last = text(tree, "last", "");
    read_.prompt = text(tree, "prompt", "");
    if (read_.prompt.size() > prompt_bytes_max)
      problem(tree["prompt"],
              fmt::format("expected a 'prompt' of at most {} bytes", prompt_bytes_max));
    const Json& length = tree["length"];
    read_.length = length.as_int().value_or(0);
    if (!length.is_null() && (read_.length < 1 || read_.length > length_max))
      problem(length, fmt::format("expected 1 to {} tokens as 'length'", length_max));
    read_file(tree["file"]);
    for (const Json& item : tree["classes"].items()) {
      if (!item.is_string()) problem(item, "expected texts in 'classes'");
      read_.classes.push_back(item.string_or(""));
    }
    if (!tree["classes"].is_null() && !tree["classes"].is_array())
      problem(tree["classes"], "expected a list of texts as 'classes'");
    return std::move(read_);
  }

 private:
  void read_file(const Json& node) {
    if (!node.is_null() && !node.is_object()) return problem(node, "expected a map as 'file'");
    check_keys(node, {"text", "label", "separator"});
    read_.text_column = text(node, "text", read_.text_column);
    read_.label_column = text(node, "label", read_.label_column);
    const std::string separator = text(node, "separator", ",");
    if (separator != "," && separator != ";" && separator != "\t" && separator != "|")
      return problem(node["separator"], "expected a comma, semicolon, tab or bar as 'separator'");
    read_.separator = separator.front();
  }

  void problem(const Json& at, const std::string& message) {
    problems_.error("ai.text", message, at.at(file_));
  }

  void check_keys(const Json& node, const Keys& known) {
    for (const auto& [key, value] : node.members()) {
      if (std::ranges::find(known, key) != known.end()) continue;
      const auto near = nearest(key, known);
      problems_.error(
          "ai.text",
          fmt::format("expected one of {}, found '{}'{}", join(known, ", "), quotable(key),
                      near ? fmt::format("; did you mean '{}'?", *near) : ""),
          value.key_at(file_));
    }
  }

  std::string text(const Json& node, std::string_view key, std::string_view otherwise) {
    const Json& value = node[key];
    if (!value.is_null() && !value.is_string())
      problem(value, fmt::format("expected a text as '{}'", key));
    return value.string_or(otherwise);
  }

  std::string file_;
  Diagnostics& problems_;
  TextDescription read_;
};

}  // namespace

Result<TextDescription> read_text_description(std::string_view bytes,
                                              const std::string& file,
                                              Diagnostics& problems) {
  TRY(const Json tree, parse_yaml(bytes, file, problems, tree_limits));
  if (!tree.is_object()) {
    problems.error("ai.text", "expected a description of texts: a map", tree.at(file));
    return TextDescription{};
  }
  return Reader(file, problems).read(tree);
}

}  // namespace lockstep::ai
