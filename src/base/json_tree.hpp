// SPDX-License-Identifier: Apache-2.0
// Builds a tree from the calls that write a text (json_text.hpp), so that one description of a
// value makes both.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/json.hpp"
#include "base/json_text.hpp"

namespace lockstep {

class JsonTree {
 public:
  void open_object() { open_.push_back({std::move(key_), Json::object()}); }

  void close_object() { close(); }

  void open_array() { open_.push_back({std::move(key_), Json::array()}); }

  void close_array() { close(); }

  void key(JsonKey key) { key_ = key.text(); }

  template <typename Value>
  void value(Value&& value) {
    add(std::move(key_), Json(std::forward<Value>(value)));
  }

  /// What was built, when every list and map is closed.
  Json take() {
    LS_CHECK(open_.empty(), "a list or map was not closed");
    return std::move(root_);
  }

 private:
  struct Open {
    std::string key;  ///< under which it goes into what is around it
    Json value;
  };

  void close() {
    LS_CHECK(!open_.empty(), "a list or map is closed that was not opened");
    Open inner = std::move(open_.back());
    open_.pop_back();
    add(std::move(inner.key), std::move(inner.value));
  }

  void add(std::string key, Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().value.is_array()) {
      open_.back().value.push(std::move(value));
    } else {
      open_.back().value.set(std::move(key), std::move(value));
    }
  }

  std::vector<Open> open_;
  std::string key_;
  Json root_;
};

}  // namespace lockstep
