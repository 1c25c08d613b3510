// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/json.hpp"
#include "base/time.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// Where a node stands. Cheap to keep, as long as its file is there.
struct Place {
  const std::string* file;
  const Json* node;

  Position position() const { return node->at(*file); }
};

/// Reads the members of one file's nodes and reports what does not fit, with its line.
class Reader {
 public:
  /// The file's path must outlive this.
  Reader(const std::string& file, Diagnostics& problems) : file_(&file), problems_(problems) {}

  void error(std::string_view code, std::string message, const Json& at);
  /// Reports members that are not among `known`, with the nearest of them.
  void only(const Json& node, std::span<const std::string_view> known);
  /// The member's text; reports when it is missing or no text.
  std::string text(const Json& node, std::string_view key);
  /// The member's text, or "" when there is none.
  std::string optional_text(const Json& node, std::string_view key);
  /// The member as a list of texts; a single text is a list of one. Empty when there is none.
  std::vector<std::string> texts(const Json& node, std::string_view key);
  std::optional<Day> day(const Json& node, std::string_view key);
  std::optional<Truth> truth(const Json& node, std::string_view key);
  InForce in_force(const Json& node);
  /// The elements of a member that must be a list; empty when there is none.
  const Json::Array& list(const Json& node, std::string_view key);

  Position at(const Json& node) const { return place(node).position(); }

  Place place(const Json& node) const { return {file_, &node}; }

  const std::string& file() const { return *file_; }

 private:
  const std::string* file_;
  Diagnostics& problems_;
};

/// Reads a condition; every name must already stand in the ruleset. Reports unknown facts, words
/// that the fact does not have, tests that do not fit its type; returns `always` in their place.
Condition read_condition(const Json& node, const Ruleset& rules, Reader& reader);

/// The names of facts, decisions and dates that the condition mentions, by index.
void collect_decisions(const Condition& condition, std::vector<int>& decisions);
void collect_facts(const Condition& condition, std::vector<int>& facts);

/// "; did you mean 'x'?" when one of the candidates is near, or "".
std::string suggestion(std::string_view word, std::span<const std::string> candidates);

}  // namespace lockstep::regulations
