// SPDX-License-Identifier: Apache-2.0
#include "app/watch/notices.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <tuple>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace lockstep::app {
namespace {

using Group = std::vector<const WatchEvent*>;

bool is_finding(const Json& face) {
  return face["kind"].string_or("") == "finding";
}

std::string kind_word(const WatchEvent& event) {
  if (!is_finding(event.face) && event.kind != WatchEvent::Kind::settled) return "not_checked";
  return std::string(word_of(event.kind));
}

Json entry_of(const WatchEvent& event, const WatchedRelease& release) {
  const Json& face = event.face;
  const auto bill = static_cast<std::size_t>(event.part.bill);
  Json entry =
      Json::object_of({{"kind", kind_word(event)},
                       {"version", release.version},
                       {"bill", bill < release.bills.size() ? release.bills[bill].path : ""},
                       {"component", face["component"]},
                       {"component_version", face["version"]},
                       {"purl", face["purl"]},
                       {"reference", event.part.reference},
                       {"what", Json::array_of(event.what)}});
  if (is_finding(face)) {
    entry.set("advisory", face["advisory"]);
    entry.set("because", face["because"]);
    entry.set("state", face["state"]);
    entry.set("statement", face["vex"]);
  } else {
    entry.set("because", face["reason"]);
    entry.set("possible", face["possible"]);
  }
  return entry;
}

/// The sources of exploitation of all entries, each once.
Json exploited_of(const Group& group) {
  std::vector<Json> facts;
  for (const WatchEvent* event : group)
    for (const Json& fact : event->face["exploited"].items())
      if (std::ranges::find(facts, fact) == facts.end()) facts.push_back(fact);
  std::ranges::sort(facts, {}, [](const Json& fact) { return to_canonical_json(fact); });
  Json list = Json::array();
  for (Json& fact : facts)
    list.push(std::move(fact));
  return list;
}

Json body_of(const std::string& product,
             const std::string& flaw,
             const Group& group,
             const NoticeContext& context) {
  std::set<std::string> kinds;
  std::set<std::string> ids;
  Json entries = Json::array();
  for (const WatchEvent* event : group) {
    kinds.insert(kind_word(*event));
    for (const Json& id : event->face["ids"].items())
      ids.insert(id.string_or(""));
    entries.push(entry_of(*event, context.releases.at(event->part.release)));
  }
  const Json& face = group.front()->face;
  return Json::object_of({{"schema", "lockstep/watch-notice/1"},
                          {"product", product},
                          {"flaw", flaw.empty() ? Json{} : Json(flaw)},
                          {"ids", Json::array_of({ids.begin(), ids.end()})},
                          {"kinds", Json::array_of({kinds.begin(), kinds.end()})},
                          {"summary", face["summary"].string_or("")},
                          {"severity", face["severity"]},
                          {"fixed", is_finding(face) ? face["fixed"] : Json::array()},
                          {"exploited", exploited_of(group)},
                          {"as_of", context.at.substr(0, 10)},
                          {"index_sha256", context.index_sha256},
                          {"cites", Json::array()},
                          {"entries", std::move(entries)}});
}

WatchNotice notice_of(Json body) {
  const std::string key = sha256(to_canonical_json(body));
  body.set("key", key);
  return {0, key, to_canonical_json(body)};
}

/// Something that the calendar tells about a release.
struct Term {
  std::string kind;
  Day day;  ///< the first on which it is told
  std::string says;
  const std::vector<std::string>& cites;
};

WatchNotice term_notice(const Term& term, const WatchedRelease& release) {
  Json entries = Json::array();
  entries.push(Json::object_of(
      {{"kind", term.kind}, {"version", release.version}, {"what", Json::array()}}));
  return notice_of(Json::object_of({{"schema", "lockstep/watch-notice/1"},
                                    {"product", release.product},
                                    {"flaw", Json{}},
                                    {"ids", Json::array()},
                                    {"kinds", Json::array_of({term.kind})},
                                    {"summary", term.says},
                                    {"severity", Json{}},
                                    {"fixed", Json::array()},
                                    {"exploited", Json::array()},
                                    {"as_of", to_text(term.day)},
                                    {"index_sha256", Json{}},
                                    {"cites", Json::array_of(term.cites)},
                                    {"entries", std::move(entries)}}));
}

}  // namespace

std::vector<WatchNotice> notices_of(std::span<const WatchEvent> events,
                                    const NoticeContext& context) {
  std::map<std::pair<std::string, std::string>, Group> groups;
  for (const WatchEvent& event : events) {
    const WatchedRelease& release = context.releases.at(event.part.release);
    groups[{release.product, event.face["flaw"].string_or("")}].push_back(&event);
  }
  std::vector<WatchNotice> notices;
  for (auto& [key, group] : groups) {
    const auto order = [&](const WatchEvent* event) {
      return std::tuple(context.releases.at(event->part.release).version, event->part.bill,
                        event->face["component"].string_or(""), event->part.reference,
                        to_canonical_json(event->face));
    };
    std::ranges::sort(group, {}, order);
    notices.push_back(notice_of(body_of(key.first, key.second, group, context)));
  }
  return notices;
}

Result<WatchNotice> told_again(const WatchNotice& notice) {
  Diagnostics problems;
  TRY(Json body, parse_json(notice.body, "notice", problems));
  const std::string key = sha256(notice.key);
  body.set("key", key);
  return WatchNotice{0, key, to_canonical_json(body)};
}

Result<std::vector<WatchNotice>> notices_of_terms(const WatchTerms& terms,
                                                  store::WatchStore& store,
                                                  Day as_of) {
  std::vector<WatchNotice> notices;
  TRY(const auto releases, store.releases());
  for (const WatchedRelease& release : releases) {
    const std::string name = fmt::format("{} {}", release.product, release.version);
    if (const auto lead = due_lead(terms, release, as_of); lead && release.removed_at.empty()) {
      const Day end = *release.support_until;
      const std::string says =
          *lead == 0 ? fmt::format("the support period of {} ended on {}; {}", name, to_text(end),
                                   terms.after_support)
                     : fmt::format("the support period of {} ends on {}, within {} days", name,
                                   to_text(end), *lead);
      notices.push_back(term_notice(
          {"support_ends", end - std::chrono::days(*lead), says, terms.support_cites}, release));
    }
    const Day kept_until = kept_until_of(terms, release);
    if (as_of <= kept_until) continue;
    notices.push_back(
        term_notice({"keeping_ended", kept_until,
                     fmt::format("documentation and declaration of {} had to be kept until {}",
                                 name, to_text(kept_until)),
                     terms.keeping_cites},
                    release));
  }
  return notices;
}

std::string notice_text(const Json& notice) {
  const std::string flaw = notice["flaw"].string_or("");
  std::string text = fmt::format("{}: {}", notice["product"].string_or(""),
                                 flaw.empty() ? notice["summary"].string_or("") : flaw);
  if (flaw.empty() && notice["summary"].string_or("").empty())
    text += "records could not be held against components";
  std::vector<std::string> kinds;
  for (const Json& kind : notice["kinds"].items())
    kinds.push_back(kind.string_or(""));
  text += fmt::format(" ({})\n\n", join(kinds, ", "));
  if (!flaw.empty() && !notice["summary"].string_or("").empty())
    text += notice["summary"].string_or("") + "\n";
  if (notice["severity"].is_object())
    text += fmt::format("Severity: {}\n", notice["severity"]["word"].string_or("unknown"));
  for (const Json& fact : notice["exploited"].items())
    text += fmt::format("Exploited: listed by {} since {}\n", fact["source"].string_or(""),
                        fact["since"].string_or("an unknown day"));
  for (const Json& entry : notice["entries"].items()) {
    text += fmt::format("- {} {}", entry["kind"].string_or(""), entry["version"].string_or(""));
    if (entry.find("component") != nullptr)
      text += fmt::format(": {} {}, {}", entry["component"].string_or(""),
                          entry["component_version"].string_or(""), entry["because"].string_or(""));
    for (const Json& what : entry["what"].items())
      text += fmt::format("; {}", what.string_or(""));
    text += "\n";
  }
  for (const Json& cite : notice["cites"].items())
    text += fmt::format("Source: {}\n", cite.string_or(""));
  return text + fmt::format("\nAs of {}.\n", notice["as_of"].string_or(""));
}

}  // namespace lockstep::app
