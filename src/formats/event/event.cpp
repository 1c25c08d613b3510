// SPDX-License-Identifier: Apache-2.0
#include "formats/event/event.hpp"

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "formats/limits.hpp"
#include "formats/product/facts.hpp"
#include "formats/product/section.hpp"

namespace lockstep::formats {
namespace {

class EventReader {
 public:
  EventReader(const std::string& path, Diagnostics& problems)
      : path_(path), problems_(problems), source_{path, problems, Rules::errors} {}

  Event read(const Json& tree, const std::string& sha256) {
    Event event;
    event.path = path_;
    Section root(tree, source_, "");
    root.text("event", Presence::required);
    event.title = root.text("title", Presence::required);
    event.member_state = root.text("member_state");
    event.time_zone = root.text("time_zone");
    event.places_at["member_state"] = root.any("member_state").at(path_);
    event.places_at["time_zone"] = root.any("time_zone").at(path_);
    for (const auto& [place, state] : map(root.any("places"), "places")) {
      event.places[place] = state.string_or("");
      event.places_at[place] = state.key_at(path_);
    }
    const Json& facts = root.any("facts");
    map(facts, "facts");
    event.facts = flatten_facts(facts, path_, sha256, problems_);
    for (Fact& fact : event.facts)
      fact.name.insert(0, "event.");
    read_instants(root.any("instants"), "instants", event.instants);
    read_instants(root.any("submitted"), "submitted", event.submitted);
    read_aware(root, event);
    for (std::size_t i = 0; i < root.list("candidates").size(); ++i) {
      Section row = root.element("candidates", i);
      const auto at = instant(row.any("at"), row.where());
      std::string what = row.text("what", Presence::required);
      if (at) event.candidates.push_back({*at, std::move(what)});
      row.finish();
    }
    root.finish();
    return event;
  }

 private:
  const Json::Object& map(const Json& node, std::string_view name) {
    if (!node.is_null() && !node.is_object())
      problems_.error("product.type",
                      fmt::format("expected a map for '{}', found {}", name, describe(node)),
                      node.at(path_));
    return node.members();
  }

  /// An instant must have a time and an offset: a bare day would hide the hours that count.
  std::optional<StatedInstant> instant(const Json& node, const Position& otherwise) {
    const std::string text = node.string_or("");
    const auto at = text.size() > 10 ? parse_instant(text) : std::nullopt;
    const Position where = node.is_null() ? otherwise : node.at(path_);
    if (at) return StatedInstant{*at, where};
    problems_.error("event.instant",
                    fmt::format("expected an instant with its offset such as "
                                "2026-11-27T16:20:00+01:00, found {}",
                                describe(node)),
                    where);
    return std::nullopt;
  }

  void read_instants(const Json& node,
                     std::string_view name,
                     std::map<std::string, StatedInstant>& into) {
    for (const auto& [key, value] : map(node, name)) {
      if (value.is_null() || value.string_or("") == "unknown") continue;
      if (const auto at = instant(value, value.key_at(path_))) into.emplace(key, *at);
    }
  }

  void read_aware(Section& root, Event& event) {
    for (std::size_t i = 0; i < root.list("aware").size(); ++i) {
      Section row = root.element("aware", i);
      Awareness aware;
      const auto at = instant(row.any("at"), row.where());
      aware.by = row.text("by", Presence::required);
      aware.reason = row.text("reason");
      aware.acts = row.texts("acts");
      row.finish();
      if (!at) continue;
      aware.at = *at;
      event.aware.push_back(std::move(aware));
    }
  }

  const std::string& path_;
  Diagnostics& problems_;
  Source source_;
};

}  // namespace

Result<Event> read_event(std::string_view bytes, const std::string& path, Diagnostics& problems) {
  TRY(const Json tree, parse_yaml(bytes, path, problems, product_limits));
  Diagnostics found;
  EventReader reader(path, found);
  Event event = reader.read(tree, sha256(bytes));
  append_in_file_order(problems, found);
  return event;
}

}  // namespace lockstep::formats
