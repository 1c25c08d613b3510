// SPDX-License-Identifier: Apache-2.0
#include "app/watch/face.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <tuple>

#include "advisories/baseline.hpp"
#include "base/text.hpp"

namespace lockstep::app {
namespace {

/// Rows of one part belong together.
using PartKey = std::tuple<std::int64_t, std::int64_t, std::string>;

PartKey key_of(const WatchedPart& part) {
  return {part.component, part.bill, part.reference};
}

struct Kept {
  const WatchedRow* row = nullptr;
  Json face;
  bool is_taken = false;
};

Result<Json> face_of(const WatchedRow& row) {
  Diagnostics problems;
  auto face = parse_json(row.face, "face", problems);
  if (face && face->is_object()) return face;
  return fail(ErrorKind::verification, "store.corrupt",
              "expected a kept finding that lockstep wrote, found something else; restore a copy "
              "of the store");
}

bool shares_an_id(const Json& a, const Json& b) {
  return std::ranges::any_of(a["ids"].items(), [&](const Json& id) {
    return std::ranges::find(b["ids"].items(), id) != b["ids"].items().end();
  });
}

bool is_same(const Json& a, const Json& b) {
  if (!(a["kind"] == b["kind"])) return false;
  return a["kind"].string_or("") == "finding" ? shares_an_id(a, b) : a["reason"] == b["reason"];
}

/// A kept face of the same flaw; of several, the one with the same name for it.
Kept* find_same(std::vector<Kept>& kept, const Json& face) {
  Kept* found = nullptr;
  for (Kept& one : kept) {
    if (one.is_taken || !is_same(one.face, face)) continue;
    if (found == nullptr || one.face["flaw"] == face["flaw"]) found = &one;
  }
  return found;
}

bool is_open(const Json& face) {
  return face["open"].as_bool().value_or(true);
}

std::int64_t tally_of(const Json& face) {
  if (face["kind"].string_or("") != "finding") return WatchTally::not_checked;
  if (!is_open(face)) return 0;
  return WatchTally::open |
         (face["state"].string_or("") == "fail" ? WatchTally::failing : std::int64_t{0}) |
         (face["exploited"].items().empty() ? std::int64_t{0} : WatchTally::exploited);
}

std::string rating_words(const Json& face) {
  const Json& severity = face["severity"];
  const auto score = severity["score"].as_number();
  const std::string word = severity["word"].string_or("unknown");
  return score ? fmt::format("{} {:.1f}", word, *score) : word;
}

std::string list_words(const Json& list) {
  std::vector<std::string> words;
  for (const Json& item : list.items())
    words.push_back(item.is_object() ? item["source"].string_or("") : item.string_or(""));
  return words.empty() ? "none" : join(words, ", ");
}

std::vector<std::string> differences(const Json& before, const Json& now) {
  std::vector<std::string> what;
  const auto note = [&](std::string_view name, const std::string& was, const std::string& is) {
    if (was != is) what.push_back(fmt::format("{} {} -> {}", name, was, is));
  };
  note("severity", rating_words(before), rating_words(now));
  note("fixed in", list_words(before["fixed"]), list_words(now["fixed"]));
  note("exploited by the list", list_words(before["exploited"]), list_words(now["exploited"]));
  note("statement", before["vex"].string_or("none"), now["vex"].string_or("none"));
  note("state", before["state"].string_or(""), now["state"].string_or(""));
  note("rule", before["rule"].string_or(""), now["rule"].string_or(""));
  note("may apply", list_words(before["possible"]), list_words(now["possible"]));
  return what;
}

bool lists_more(const Json& before, const Json& now) {
  return std::ranges::any_of(now["exploited"].items(), [&](const Json& fact) {
    return std::ranges::none_of(before["exploited"].items(), [&](const Json& known) {
      return known["source"] == fact["source"];
    });
  });
}

/// Whether a person has to look at it: that the policy lets it pass says nothing about the duty to
/// report.
bool is_asked(const Json& face) {
  const std::string statement = face["vex"].string_or("");
  const bool is_settled = !is_open(face) && (statement == "fixed" || statement == "not_affected");
  return !face["exploited"].items().empty() && !is_settled;
}

bool is_listed_now(const Json* before, const Json& now) {
  return is_asked(now) && (before == nullptr || !is_asked(*before) || lists_more(*before, now));
}

/// What became of a face that was kept.
std::optional<WatchEvent> event_of(const WatchedPart& part, const Json& before, const Json& now) {
  WatchEvent event{WatchEvent::Kind::changed, part, now, {}};
  if (is_open(before) && !is_open(now)) {
    event.kind = WatchEvent::Kind::settled;
    event.what = {
        now["vex"].is_string()
            ? fmt::format("a statement says {}", now["vex"].string_or(""))
            : fmt::format("the policy's rule '{}' lets it pass", now["rule"].string_or(""))};
    return event;
  }
  if (!is_open(now)) return std::nullopt;
  if (!is_open(before)) {
    event.kind = WatchEvent::Kind::fresh;
    event.what = {"it was settled, and is open again"};
    return event;
  }
  event.what = differences(before, now);
  return event.what.empty() ? std::nullopt : std::optional(std::move(event));
}

}  // namespace

Json face_of(const Finding& finding) {
  std::set<std::string> ids(finding.aliases.begin(), finding.aliases.end());
  ids.insert(finding.advisory);
  ids.insert(finding.flaw);
  Json exploited = Json::array();
  for (const Exploitation& fact : finding.exploited)
    exploited.push(
        Json::object_of({{"source", fact.source}, {"since", fact.since}, {"origin", fact.origin}}));
  return Json::object_of(
      {{"kind", "finding"},
       {"component", finding.component},
       {"purl", finding.purl},
       {"version", finding.version},
       {"advisory", finding.advisory},
       {"flaw", finding.flaw},
       {"ids", Json::array_of({ids.begin(), ids.end()})},
       {"matched", Json::array_of(finding.matched)},
       {"summary", finding.summary},
       {"because", finding.because},
       {"severity",
        Json::object_of({{"word", finding.severity.word},
                         {"score", finding.severity.score ? Json(*finding.severity.score) : Json{}},
                         {"vector", finding.severity.vector}})},
       {"fixed", Json::array_of(finding.fixed)},
       {"exploited", std::move(exploited)},
       {"vex", finding.vex ? Json(finding.vex->status) : Json{}},
       {"state", lockstep::to_text(finding.state)},
       {"rule", finding.decided_by.rule},
       {"open", advisories::is_open(finding)}});
}

Json face_of(const Unmatched& unmatched, const std::string& version) {
  return Json::object_of({{"kind", "not_checked"},
                          {"component", unmatched.component},
                          {"purl", unmatched.purl},
                          {"version", version},
                          {"reason", unmatched.reason},
                          {"possible", Json::array_of(unmatched.possible)}});
}

std::string recheck_after(const Finding& finding, Day as_of) {
  if (!finding.vex) return {};
  const auto until = parse_day(finding.vex->accepted_until);
  return until && *until >= as_of ? finding.vex->accepted_until : "";
}

Result<RowChanges> compare_rows(std::span<const WatchedRow> before,
                                std::span<const Told> now,
                                std::span<const WatchedPart> held) {
  std::map<PartKey, std::vector<Kept>> kept;
  for (const WatchedRow& row : before) {
    TRY(Json face, face_of(row));
    kept[key_of(row.part)].push_back({&row, std::move(face), false});
  }
  RowChanges changes;
  for (const Told& told : now) {
    Kept* const same = find_same(kept[key_of(told.part)], told.face);
    if (is_listed_now(same == nullptr ? nullptr : &same->face, told.face))
      changes.listed.push_back({told.part, told.face});
    WatchedRow row{0, told.part, to_canonical_json(told.face), told.recheck_after,
                   tally_of(told.face)};
    if (same == nullptr) {
      changes.put.push_back(std::move(row));
      if (is_open(told.face))
        changes.events.push_back({WatchEvent::Kind::fresh, told.part, told.face, {}});
      continue;
    }
    same->is_taken = true;
    row.number = same->row->number;
    const bool is_as_it_was = row.face == same->row->face && row.part == same->row->part &&
                              row.recheck_after == same->row->recheck_after;
    if (is_as_it_was) continue;
    changes.put.push_back(std::move(row));
    if (auto event = event_of(told.part, same->face, told.face))
      changes.events.push_back(*std::move(event));
  }
  for (auto& [key, rows] : kept) {
    for (const Kept& one : rows) {
      if (one.is_taken) continue;
      changes.erased.push_back(one.row->number);
      // Two flaws that became one: the other row tells it.
      const bool lives_on = std::ranges::any_of(now, [&](const Told& told) {
        return key_of(told.part) == key && is_same(told.face, one.face);
      });
      if (lives_on || !is_open(one.face)) continue;
      changes.events.push_back({WatchEvent::Kind::settled,
                                one.row->part,
                                one.face,
                                {std::ranges::binary_search(held, one.row->part)
                                     ? "no advisory says any more that this version is affected"
                                     : "the component is not in the release any more"}});
    }
  }
  return changes;
}

std::string_view word_of(WatchEvent::Kind kind) {
  switch (kind) {
    case WatchEvent::Kind::fresh:
      return "new";
    case WatchEvent::Kind::changed:
      return "changed";
    case WatchEvent::Kind::settled:
      return "settled";
  }
  return "new";
}

}  // namespace lockstep::app
