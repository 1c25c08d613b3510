// SPDX-License-Identifier: Apache-2.0
#include "formats/osv/walk.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <span>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "formats/osv/limits.hpp"

namespace lockstep::formats::osv {

namespace {

using Path = std::vector<std::pair<std::string, std::size_t>>;

/// "affected[0].ranges[1].type", "" for the document itself
std::string to_text(const Path& path) {
  std::string text;
  for (const auto& [member, element] : path) {
    if (member.empty()) {
      text += fmt::format("[{}]", element);
    } else {
      text += (text.empty() ? "" : ".") + quotable(member, 40);
    }
  }
  return text;
}

/// The node at the path, or the nearest one above it that exists.
const Json& node_at(const Json& document, const Path& path) {
  const Json* node = &document;
  for (const auto& [member, element] : path) {
    const Json* next = nullptr;
    if (!member.empty()) {
      next = node->find(member);
    } else if (element < node->items().size()) {
      next = &node->items()[element];
    }
    if (next == nullptr) break;
    node = next;
  }
  return *node;
}

}  // namespace

void Walk::add(Severity severity, std::string_view code, std::string message) {
  if (found_.size() >= max_problems) {
    ++dropped_;
    return;
  }
  Found found;
  for (const Step& step : std::span(steps_).first(depth_))
    found.path.emplace_back(std::string(step.member), step.element);
  const std::string place = to_text(found.path);
  found.diagnostic.severity = severity;
  found.diagnostic.code = code;
  found.diagnostic.message = place.empty() ? std::move(message) : place + ": " + message;
  found_.push_back(std::move(found));
}

void Walk::report(std::string_view bytes,
                  const std::string& file,
                  Diagnostics& problems,
                  std::string_view more) {
  if (found_.empty()) return;
  // SPEED: the fast parser keeps no places. A document with problems is read once more into the
  // tree that has them, while there is still room for problems to show.
  Diagnostics ignored;
  const bool has_room = std::ranges::any_of(
      found_, [&](const Found& found) { return problems.has_room_for(found.diagnostic.severity); });
  const Result<Json> tree =
      has_room ? parse_json(bytes, file, ignored) : Result<Json>(Json(nullptr));
  for (Found& found : found_) {
    found.diagnostic.where = {file};
    if (tree) found.diagnostic.where = node_at(*tree, found.path).at(file);
    problems.add(std::move(found.diagnostic));
  }
  if (dropped_ > 0) {
    problems.note(std::string(more), fmt::format("{} more problems in the document", dropped_),
                  {file});
  }
  found_.clear();
  dropped_ = 0;
}

}  // namespace lockstep::formats::osv
