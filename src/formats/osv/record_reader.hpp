// SPDX-License-Identifier: Apache-2.0
// The walk over one record, for read.cpp.
#pragma once

#include <cstddef>
#include <cstring>
#include <deque>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/advisory.hpp"
#include "formats/osv/check.hpp"
#include "formats/osv/walk.hpp"

namespace lockstep::formats::osv {

namespace dom = simdjson::dom;

/// SPEED: the comparison with a word of known length is a few instructions, without a call.
template <std::size_t Size>
bool is(std::string_view text, const char (&word)[Size]) {
  return text.size() == Size - 1 && std::memcmp(text.data(), word, Size - 1) == 0;
}

/// What is kept from record to record, so that it need not be made again.
struct RecordMemory {
  Walk walk;
  GoodVectors good_vectors;
  std::string good_ecosystem;    ///< that was found in the list last
  std::deque<std::string> made;  ///< texts that no record holds as they are
};

/// Walks one record. Each function reads one kind of object of the schema.
class RecordReader {
 public:
  explicit RecordReader(RecordMemory& memory) : walk_(memory.walk), memory_(memory) {}

  /// The views live as long as the parsed document and the memory.
  std::optional<AdvisoryView> record(const dom::element& value);

 private:
  bool member_of_record(std::string_view key, const dom::element& value, AdvisoryView& advisory);
  void database_specific(const dom::element& value, AdvisoryView& advisory);
  void credits(const dom::element& value);
  std::vector<std::string_view> references(const dom::element& value);
  std::vector<AffectedView> affected(const dom::element& value);
  AffectedView affected_entry(const dom::object& entry);
  void package(const dom::element& value, AffectedView& into);
  bool is_listed(std::string_view ecosystem);
  void read_purl(std::string_view written, AffectedView& into);
  bool ranges(const dom::element& value, std::vector<AffectedRangeView>& into);
  std::optional<AffectedRangeView> range(const dom::object& value);
  bool events(const dom::element& value, std::vector<EventView>& into);
  std::optional<EventView> event(const dom::object& value);
  std::vector<PublishedSeverityView> severity(const dom::element& value);

  std::optional<std::string_view> text(const dom::element& value);
  bool texts(const dom::element& value, std::vector<std::string_view>& into);
  std::optional<Instant> instant(const dom::element& value);
  std::optional<dom::object> object(const dom::element& value);
  std::optional<dom::array> array(const dom::element& value);

  /// Walks into each element, and gives `take` the object that it is. @returns whether all are
  template <typename Take>
  bool each_object(const dom::array& items, const Take& take) {
    bool all = true;
    std::size_t number = 0;
    for (const dom::element item : items) {
      const Inside here(walk_, number++);
      const auto members = object(item);
      if (members) take(*members);
      all = all && members.has_value();
    }
    return all;
  }

  /// Reads each object of a list; one that `read` makes nothing of is left out. @returns whether
  /// all could be read
  template <typename Item, typename Read>
  bool each_read(const dom::element& value, std::vector<Item>& into, const Read& read) {
    const auto items = array(value);
    if (!items) return false;
    into.reserve(items->size());
    bool all = true;
    const bool are_objects = each_object(*items, [&](const dom::object& members) {
      auto one = read(members);
      all = all && one.has_value();
      if (one) into.push_back(*std::move(one));
    });
    return all && are_objects;
  }

  Walk& walk_;
  RecordMemory& memory_;
  bool severity_of_record_ = false;
  bool severity_of_entry_ = false;
};

}  // namespace lockstep::formats::osv
