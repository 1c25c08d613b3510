// SPDX-License-Identifier: Apache-2.0
#include "domain/fact.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep {
namespace {

struct TextOf {
  std::string operator()(std::monostate) const { return "unknown"; }

  std::string operator()(bool value) const { return value ? "yes" : "no"; }

  std::string operator()(std::int64_t value) const { return std::to_string(value); }

  std::string operator()(double value) const { return fmt::format("{}", value); }

  std::string operator()(const std::string& value) const { return value; }

  std::string operator()(Day value) const { return to_text(value); }

  std::string operator()(const std::vector<std::string>& value) const {
    return value.empty() ? "none" : join(value, ", ");
  }
};

}  // namespace

std::string_view to_text(Truth truth) {
  switch (truth) {
    case Truth::no:
      return "no";
    case Truth::unknown:
      return "unknown";
    case Truth::yes:
      return "yes";
  }
  return "unknown";
}

bool is_known(const FactValue& value) {
  return !std::holds_alternative<std::monostate>(value);
}

std::string to_text(const FactValue& value) {
  return std::visit(TextOf{}, value);
}

}  // namespace lockstep
