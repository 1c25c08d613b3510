// SPDX-License-Identifier: Apache-2.0
// Reads YAML with yaml-cpp into the tree. The event interface is used, so that limits hold while
// the document is read, aliases are refused before they can expand, and every value has its place.
#include <algorithm>
#include <fmt/format.h>
#include <sstream>
#include <unordered_set>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "base/json.hpp"
#include "base/printable.hpp"
#include "base/text.hpp"

namespace lockstep {
namespace {

std::uint32_t from_zero(int value) {
  return static_cast<std::uint32_t>(std::max(0, value)) + 1;
}

/// Thrown through yaml-cpp to stop at the first problem that ends the reading; caught below.
struct Stop {
  Error error;
};

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& file, Diagnostics& problems, const TreeLimits& limits)
      : file_(file), problems_(problems), limits_(limits) {}

  Json root;
  int documents = 0;

  void OnDocumentStart(const YAML::Mark&) override { ++documents; }

  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { add(Json{}, mark); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw Stop{{ErrorKind::input,
                "yaml.alias",
                "expected plain values, found a YAML alias; write the value out",
                at(mark),
                {}}};
  }

  void OnScalar(const YAML::Mark& mark,
                const std::string& tag,
                YAML::anchor_t,
                const std::string& value) override {
    const bool is_plain = tag == "?";
    refuse_tag(tag, mark);
    const bool is_null = is_plain && (value == "~" || value == "null" || value.empty());
    if (is_null) return add(Json{}, mark);
    add(is_plain ? Json::plain(value) : Json(value), mark);
  }

  void OnSequenceStart(const YAML::Mark& mark,
                       const std::string& tag,
                       YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    refuse_tag(tag, mark);
    open(Json::array(), mark);
  }

  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    refuse_tag(tag, mark);
    open(Json::object(), mark);
  }

  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    Json node;
    Json::Object members;
    std::unordered_set<std::string> keys;
    std::string key;
    std::uint32_t key_line = 0;
    std::uint32_t key_column = 0;
    bool has_key = false;
  };

  Position at(const YAML::Mark& mark) const { return {file_, mark.line + 1, mark.column + 1}; }

  /// yaml-cpp says "?" for a plain value and "!" for a quoted one; all else a person wrote.
  void refuse_tag(const std::string& tag, const YAML::Mark& mark) const {
    if (tag.empty() || tag == "?" || tag == "!" || tag == "tag:yaml.org,2002:str") return;
    throw Stop{{ErrorKind::input,
                "yaml.tag",
                "expected plain values, found the YAML tag '" + quotable(tag) + "'; leave it out",
                at(mark),
                {}}};
  }

  void count(const YAML::Mark& mark) {
    if (++nodes_ > limits_.nodes)
      throw Stop{{ErrorKind::input,
                  "yaml.size",
                  "expected at most " + std::to_string(limits_.nodes) + " values",
                  at(mark),
                  {}}};
  }

  void open(Json node, const YAML::Mark& mark) {
    count(mark);
    if (stack_.size() >= limits_.depth)
      throw Stop{{ErrorKind::input,
                  "yaml.depth",
                  "expected at most " + std::to_string(limits_.depth) + " levels of nesting",
                  at(mark),
                  {}}};
    if (!stack_.empty() && stack_.back().node.is_object() && !stack_.back().has_key)
      throw Stop{{ErrorKind::input,
                  "yaml.syntax",
                  "expected a word as a key, found a collection",
                  at(mark),
                  {}}};
    node.set_place(from_zero(mark.line), from_zero(mark.column));
    stack_.push_back(Frame{std::move(node), {}, {}, {}, 0, 0, false});
  }

  void close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    Json node = std::move(frame.node);
    if (node.is_object()) {
      const auto line = static_cast<std::uint32_t>(node.line());
      const auto column = static_cast<std::uint32_t>(node.column());
      node = Json::object_of_members(std::move(frame.members));
      node.set_place(line, column);
    }
    put(std::move(node));
  }

  void add(Json node, const YAML::Mark& mark) {
    count(mark);
    if (!stack_.empty() && stack_.back().node.is_object() && !stack_.back().has_key) {
      take_key(node, mark);
      return;
    }
    node.set_place(from_zero(mark.line), from_zero(mark.column));
    put(std::move(node));
  }

  void take_key(const Json& node, const YAML::Mark& mark) {
    Frame& frame = stack_.back();
    frame.key = node.string_or("null");
    frame.key_line = from_zero(mark.line);
    frame.key_column = from_zero(mark.column);
    frame.has_key = true;
    if (!frame.keys.insert(frame.key).second)
      problems_.error("yaml.duplicate_key",
                      "expected each key once, found '" + quotable(frame.key) + "' again",
                      at(mark));
  }

  void put(Json node) {
    if (stack_.empty()) {
      root = std::move(node);
      return;
    }
    Frame& frame = stack_.back();
    if (frame.node.is_array()) {
      frame.node.push(std::move(node));
      return;
    }
    node.set_key_place(frame.key_line, frame.key_column);
    frame.members.emplace_back(std::move(frame.key), std::move(node));
    frame.has_key = false;
  }

  const std::string& file_;
  Diagnostics& problems_;
  const TreeLimits& limits_;
  std::vector<Frame> stack_;
  std::size_t nodes_ = 0;
};

Position place_of(std::string_view bytes, std::size_t offset, const std::string& file) {
  const std::string_view before = bytes.substr(0, offset);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is the beginning
  return {file, static_cast<int>(std::ranges::count(before, '\n')) + 1,
          static_cast<int>(offset - line_start) + 1};
}

/// YAML 1.2.2, production 1, c-printable: of the control characters a file has only tabs and line
/// ends. Others can be written as escapes inside double quotes.
Result<> check_characters(std::string_view bytes, const std::string& file) {
  const std::size_t size = utf8_prefix(bytes);
  if (size < bytes.size())
    return fail(ErrorKind::input, "yaml.syntax", "expected UTF-8, found other bytes",
                place_of(bytes, size, file));
  const auto is_stray = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
  };
  const auto stray = std::ranges::find_if(bytes, is_stray);
  if (stray == bytes.end()) return {};
  return fail(ErrorKind::input, "yaml.syntax",
              fmt::format("expected text, found the control character {:#04x}",
                          static_cast<unsigned char>(*stray)),
              place_of(bytes, static_cast<std::size_t>(stray - bytes.begin()), file));
}

}  // namespace

Result<Json> parse_yaml(std::string_view bytes,
                        const std::string& file,
                        Diagnostics& problems,
                        const TreeLimits& limits) {
  if (bytes.size() > limits.bytes)
    return fail(ErrorKind::input, "yaml.size",
                "expected at most " + std::to_string(limits.bytes) + " bytes, found " +
                    std::to_string(bytes.size()),
                {file, 0, 0});
  TRY_VOID(check_characters(bytes, file));
  try {
    std::istringstream stream{std::string(bytes)};
    YAML::Parser parser(stream);
    TreeBuilder builder(file, problems, limits);
    while (parser.HandleNextDocument(builder)) {
      if (builder.documents > 1)
        return fail(ErrorKind::input, "yaml.syntax", "expected one document, found a second one",
                    {file, 0, 0});
    }
    return std::move(builder.root);
  } catch (const Stop& stop) {
    return tl::unexpected<Error>(stop.error);
  } catch (const YAML::Exception& exception) {
    return fail(ErrorKind::input, "yaml.syntax", "expected YAML, but " + exception.msg,
                {file, exception.mark.line + 1, exception.mark.column + 1});
  }
}

}  // namespace lockstep
