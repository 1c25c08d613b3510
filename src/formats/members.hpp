// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "base/json.hpp"

namespace lockstep::formats {

/// The members of an object that is made of foreign names: each is found without a look at all
/// others, however many there are.
class Members {
 public:
  /// The value of a key; null when it is new.
  Json& operator[](const std::string& key) {
    const auto [place, is_new] = places_.emplace(key, members_.size());
    if (is_new) members_.emplace_back(key, Json());
    return members_[place->second].second;
  }

  /// The object; its members are in the order of their keys' first mention.
  Json take() { return Json::object_of_members(std::move(members_)); }

 private:
  std::map<std::string, std::size_t> places_;
  Json::Object members_;
};

}  // namespace lockstep::formats
