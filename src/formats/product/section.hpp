// SPDX-License-Identifier: Apache-2.0
// One map of a file of ours, read key by key. A section knows which keys were asked for, so that a
// key that nobody asked for is reported with the nearest one that exists. Every problem is
// collected; what could not be read is left at its default.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"
#include "formats/source.hpp"

namespace lockstep::formats {

/// Whether a key must be there.
enum class Presence { optional, required };

/// An interval of numbers. `above` and `at_least` may be minus infinity, `at_most` infinity.
struct NumberRange {
  double at_least;
  double at_most;
  bool is_open_below = false;  ///< the lower end itself is not allowed
  std::string_view says;       ///< "a number from 0 to 1"
};

class Section {
 public:
  /// `name` is how messages call the map: "product", "models[0].evasion[1]"; "" is the file. A node
  /// that is no map is reported and read as an empty one; a null node is an empty map.
  Section(const Json& node, const Source& source, std::string name);

  const std::string& name() const { return name_; }

  const Position& where() const { return where_; }

  /// The text of a scalar, "" when absent.
  std::string text(std::string_view key, Presence presence = Presence::optional);
  /// A text that is one of `words`; "" when absent or another.
  std::string word(std::string_view key,
                   std::span<const std::string> words,
                   Presence presence = Presence::optional);
  std::optional<double> number(std::string_view key,
                               const NumberRange& range,
                               Presence presence = Presence::optional);
  std::optional<std::int64_t> whole_number(std::string_view key,
                                           std::int64_t at_least,
                                           std::int64_t at_most);
  std::optional<Day> day(std::string_view key);
  /// The same as text, "" when absent or no date.
  std::string day_text(std::string_view key);
  /// A list of texts; empty when absent.
  std::vector<std::string> texts(std::string_view key);
  /// A list of numbers; empty when absent or when any of them is refused.
  std::vector<double> numbers(std::string_view key, const NumberRange& range);
  /// The elements of a list; empty when absent.
  const Json::Array& list(std::string_view key);
  /// The value of any kind; null when absent.
  const Json& any(std::string_view key);
  /// The map below a key as a section of its own.
  Section section(std::string_view key);
  /// One element of list(key) as a section of its own: "models[0]".
  Section element(std::string_view key, std::size_t index);

  /// Reports a problem with the value of `key`, or with the section when it has none.
  void problem(std::string code, std::string message, std::string_view key);

  /// Reports every key that was never asked for. To be called last.
  void finish();

 private:
  const Json* ask(std::string_view key, Presence presence);
  void wrong_type(std::string_view expected, const Json& found, std::string_view key);
  std::string path_of(std::string_view key) const;
  std::optional<double> in_range(const Json& value, const NumberRange& range, std::string_view key);

  const Json& node_;
  const Source& source_;
  std::string name_;
  Position where_;
  bool is_map_;
  std::vector<std::string> known_;
};

}  // namespace lockstep::formats
