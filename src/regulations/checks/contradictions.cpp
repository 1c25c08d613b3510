// SPDX-License-Identifier: Apache-2.0
#include "regulations/checks/contradictions.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "regulations/checks/dates.hpp"
#include "regulations/checks/fold.hpp"

namespace lockstep::regulations {
namespace {

struct Place {
  const ReadDocument* document;
  const SignHit* hit;
};

class Finder {
 public:
  Finder(const Checks& checks, const CheckInput& input, std::span<const ReadDocument> documents)
      : checks_(checks), input_(input), documents_(documents) {}

  void run(const ContradictionRule& rule, std::vector<Contradiction>& into) const {
    switch (rule.rule) {
      case ContradictionRule::Kind::differ:
        return differ(rule, into);
      case ContradictionRule::Kind::in_past:
        return in_past(rule, into);
      case ContradictionRule::Kind::has_sign:
        return has_sign(rule, into);
      case ContradictionRule::Kind::without_value:
        return without_value(rule, into);
      case ContradictionRule::Kind::other_act:
        return other_act(rule, into);
      case ContradictionRule::Kind::other_name:
        return other_product(rule, input_.product_name, into);
      case ContradictionRule::Kind::other_version:
        return other_product(rule, input_.product_version, into);
    }
  }

 private:
  std::vector<Place> places_of(const ContradictionRule& rule) const {
    std::vector<Place> places;
    for (const ReadDocument& document : documents_) {
      if (rule.kind >= 0 && !document.is_kind(rule.kind)) continue;
      for (const SignHit& hit : document.hits)
        if (hit.sign == rule.sign) places.push_back({&document, &hit});
    }
    return places;
  }

  Contradiction begin(const ContradictionRule& rule, std::span<const Place> places) const {
    Contradiction found{rule.id, rule.says, {}, rule.cites, rule.ask};
    for (const Place& place : places)
      found.seen.push_back(seen_at(checks_, *place.document, *place.hit));
    return found;
  }

  bool is_date(int sign) const {
    const SignValue value = checks_.signs[static_cast<std::size_t>(sign)].value;
    return value == SignValue::month || value == SignValue::day;
  }

  bool are_same(int sign, const std::string& a, const std::string& b) const {
    constexpr std::size_t month = 7;  // "2032-12"
    if (is_date(sign)) return a.substr(0, month) == b.substr(0, month);
    const std::string one = fold(a);
    const std::string other = fold(b);
    return holds(one, other) || holds(other, one);
  }

  /// Whether a text begins with the other, as "3.2.0" with "3.2", or has it among its words.
  static bool holds(const std::string& text, const std::string& part) {
    if (part.empty()) return true;
    const bool begins =
        text.starts_with(part) && (text.size() == part.size() || find_words(text, part) == 0);
    return begins || (" " + text + " ").find(" " + part + " ") != std::string::npos;
  }

  void differ(const ContradictionRule& rule, std::vector<Contradiction>& into) const {
    std::vector<Place> distinct;
    for (const Place& place : places_of(rule)) {
      if (!place.hit->has_value) continue;
      const bool is_known = std::ranges::any_of(distinct, [&](const Place& one) {
        return are_same(rule.sign, one.hit->value, place.hit->value);
      });
      if (!is_known) distinct.push_back(place);
    }
    if (distinct.size() > 1) into.push_back(begin(rule, distinct));
  }

  void in_past(const ContradictionRule& rule, std::vector<Contradiction>& into) const {
    std::vector<Place> past;
    for (const Place& place : places_of(rule)) {
      const auto date = first_date(place.hit->value, {});
      const auto day = date ? last_day(*date) : std::nullopt;
      if (day && *day < input_.as_of) past.push_back(place);
    }
    if (!past.empty()) into.push_back(begin(rule, past));
  }

  void has_sign(const ContradictionRule& rule, std::vector<Contradiction>& into) const {
    const auto places = places_of(rule);
    if (!places.empty()) into.push_back(begin(rule, places));
  }

  void without_value(const ContradictionRule& rule, std::vector<Contradiction>& into) const {
    const auto places = places_of(rule);
    const bool has_none =
        std::ranges::none_of(places, [](const Place& place) { return place.hit->has_value; });
    if (!places.empty() && has_none) into.push_back(begin(rule, places));
  }

  /// "2014/53" of "Directive 2014/53/EU": numbers of acts that a document names.
  std::vector<SeenAt> acts_in(const ReadDocument& document) const {
    constexpr std::size_t acts_max = 6;
    std::vector<SeenAt> acts;
    for (const ReceivedLine& line : document.file->lines) {
      for (std::size_t at = line.text.find('/'); at != std::string::npos;
           at = line.text.find('/', at + 1)) {
        const std::string number = number_around(line.text, at);
        const bool is_known = std::ranges::find(acts, number, &SeenAt::value) != acts.end();
        if (number.empty() || is_known) continue;
        acts.push_back({document.file->path, line.page, line.line, "act",
                        quotable(trim(line.text), 160), number});
        if (acts.size() == acts_max) return acts;
      }
    }
    return acts;
  }

  static std::string number_around(std::string_view text, std::size_t slash) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    std::size_t begin = slash;
    while (begin > 0 && is_digit(text[begin - 1]))
      --begin;
    std::size_t end = slash + 1;
    while (end < text.size() && is_digit(text[end]))
      ++end;
    const std::size_t number = end - slash - 1;
    const bool is_act = slash - begin == 4 && number >= 2 && number <= 4 &&
                        (text[begin] == '1' || text[begin] == '2');
    return is_act ? std::string(text.substr(begin, end - begin)) : std::string();
  }

  void other_act(const ContradictionRule& rule, std::vector<Contradiction>& into) const {
    Contradiction found = begin(rule, {});
    bool is_named = false;
    for (const ReadDocument& document : documents_) {
      if (!document.is_kind(rule.kind) || !document.unread.empty()) continue;
      is_named = is_named || document.has(rule.sign);
      std::ranges::move(acts_in(document), std::back_inserter(found.seen));
    }
    if (!is_named && !found.seen.empty()) into.push_back(std::move(found));
  }

  /// Whether the document names the text anywhere.
  static bool names(const ReadDocument& document, const std::string& text) {
    const std::string wanted = fold(text);
    return wanted.empty() ||
           find_words(fold_lines(document.file->lines).text, wanted) != std::string::npos;
  }

  /// A name must stand in the document; a version may be left out, but not be another one.
  void other_product(const ContradictionRule& rule,
                     const std::string& wanted,
                     std::vector<Contradiction>& into) const {
    if (wanted.empty()) return;
    Contradiction found = begin(rule, {});
    found.says += fmt::format(" (the product file says '{}')", quotable(wanted));
    for (const ReadDocument& document : documents_) {
      if (!document.is_kind(rule.kind) || !document.unread.empty() || names(document, wanted))
        continue;
      const auto hit = std::ranges::find_if(document.hits, [&](const SignHit& one) {
        return one.sign == rule.sign && one.has_value;
      });
      if (hit != document.hits.end())
        found.seen.push_back(seen_at(checks_, document, *hit));
      else if (rule.rule == ContradictionRule::Kind::other_name)
        found.seen.push_back({document.file->path, 0, 0, "", "the name is not there", ""});
    }
    if (!found.seen.empty()) into.push_back(std::move(found));
  }

  const Checks& checks_;
  const CheckInput& input_;
  std::span<const ReadDocument> documents_;
};

}  // namespace

SeenAt seen_at(const Checks& checks, const ReadDocument& document, const SignHit& hit) {
  return {
      document.file->path, hit.page, hit.line, checks.signs[static_cast<std::size_t>(hit.sign)].id,
      hit.words,           hit.value};
}

std::vector<Contradiction> find_contradictions(const Checks& checks,
                                               const CheckInput& input,
                                               const Walk& walk,
                                               std::span<const ReadDocument> documents) {
  std::vector<Contradiction> found;
  const Finder finder(checks, input, documents);
  for (const ContradictionRule& rule : checks.contradictions)
    if (walk.test(rule.applies_when) != Truth::no) finder.run(rule, found);
  return found;
}

}  // namespace lockstep::regulations
