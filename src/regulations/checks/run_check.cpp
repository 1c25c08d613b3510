// SPDX-License-Identifier: Apache-2.0
// From documents to answers, item by item:
//
//   1. which sides of the item apply, on which day: from the law, with the role put in place;
//   2. whether one of the ways to see it holds in the documents that could be read;
//   3. where not: whether it is missing (everything that may hold it was read), may stand in a file
//      that is not legible to us, or cannot be seen in documents at all and is asked for;
//   4. what a person answered stands over all of that.
//
// Missing is said only when nothing unread could hold it: a document of the right kind that was
// read through, or a bundle that was.
#include "regulations/checks/run_check.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "base/text.hpp"
#include "regulations/checks/contradictions.hpp"
#include "regulations/checks/signs.hpp"
#include "regulations/evaluate.hpp"
#include "regulations/reader.hpp"
#include "regulations/walk.hpp"

namespace lockstep::regulations {
namespace {

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

void add_new(std::vector<std::string>& list, const std::vector<std::string>& more) {
  for (const std::string& text : more)
    if (std::ranges::find(list, text) == list.end()) list.push_back(text);
}

bool is_of_actor(std::string_view fact) {
  return fact.starts_with("actor.");
}

/// The facts, with the role that the check is about in the place of any other. What they say of an
/// actor in another role is of somebody else, such as the maker whose product file it is.
std::vector<Fact> with_role(const Check& check, const CheckInput& input) {
  std::vector<Fact> facts = input.facts;
  const auto role = std::ranges::find(facts, "actor.role", &Fact::name);
  const bool is_other = role != facts.end() && lockstep::to_text(role->value) != check.role;
  std::erase_if(facts, [&](const Fact& fact) {
    return fact.name == "actor.role" || (is_other && is_of_actor(fact.name));
  });
  facts.push_back(
      {"actor.role", check.role, {Provenance::Kind::answered, {}, "", "the check", {}}});
  return facts;
}

class Runner {
 public:
  Runner(const Checks& checks,
         const Check& check,
         const Ruleset& law,
         const CheckInput& input,
         const ReceivedBundle& bundle)
      : checks_(checks),
        check_(check),
        law_(law),
        input_(input),
        facts_(with_role(check, input)),
        walk_(law, facts_, input.as_of),
        legal_(evaluate(law, facts_, input.as_of)) {
    view_.bundle = bundle.path;
    for (const ReceivedFile& file : bundle.files)
      documents_.push_back(read_document(checks, file));
  }

  SupplyCheckView run() {
    view_.check = check_.id;
    view_.title = check_.title;
    view_.as_of = input_.as_of;
    view_.product = std::string(trim(input_.product_name + " " + input_.product_version));
    view_.acts = legal_.acts;
    for (const ReadDocument& document : documents_)
      view_.files.push_back(file_of(document));
    for (const ItemRule& rule : check_.items)
      view_.items.push_back(answer(rule));
    view_.contradictions = find_contradictions(checks_, input_, walk_, documents_);
    add_questions();
    const bool is_settled =
        view_.contradictions.empty() && std::ranges::all_of(view_.items, [](const CheckItem& item) {
          return is_settled_item(item.state);
        });
    if (!is_settled) view_.meanwhile = duties(check_.meanwhile);
    view_.keep = duties(check_.keep);
    for (const Language& language : checks_.languages)
      view_.languages.push_back(language.name);
    add_remarks();
    return std::move(view_);
  }

 private:
  CheckedFile file_of(const ReadDocument& document) const {
    const ReceivedFile& file = *document.file;
    CheckedFile row{file.path, file.sha256,       file.form,      file.about,
                    {},        document.language, document.unread};
    for (const int kind : document.kinds)
      row.kinds.push_back(checks_.kinds[at(kind)].id);
    return row;
  }

  /// The days that a named date may have, for what is known.
  std::vector<Day> days_of(int date) const {
    if (date < 0) return {};
    if (const auto day = walk_.day_of(date)) return {*day};
    std::vector<Day> days;
    for (const NamedDate::Choice& choice : law_.dates[at(date)].first_of) {
      if (walk_.test(choice.when) == Truth::no) continue;
      for (const Day day : days_of(choice.date))
        days.push_back(day);
    }
    std::ranges::sort(days);
    const auto doubles = std::ranges::unique(days);
    days.erase(doubles.begin(), doubles.end());
    return days;
  }

  CheckSide side(int requirement,
                 std::vector<std::string> cites,
                 const std::string& differs) const {
    const Requirement& rule = law_.requirements[at(requirement)];
    const Obligation& obligation = legal_.obligations[at(requirement)];
    CheckSide side{rule.id,
                   obligation.act,
                   std::move(cites),
                   differs,
                   obligation.applies,
                   false,
                   days_of(rule.applies_from),
                   obligation.because,
                   obligation.missing,
                   obligation.duty.keep};
    // Nobody stated facts, or only nothing of the person who checks: that one is who the check is
    // for.
    const bool is_taken =
        std::ranges::find(checks_.taken_to_apply, rule.act) != checks_.taken_to_apply.end();
    side.is_assumed =
        side.applies == Truth::unknown &&
        ((!input_.has_facts && is_taken) || std::ranges::all_of(side.missing, is_of_actor));
    return side;
  }

  bool is_owed(const CheckSide& side) const {
    const bool applies = side.applies == Truth::yes || side.is_assumed;
    return applies && (side.from.empty() || side.from.front() <= input_.as_of);
  }

  std::vector<CheckDuty> duties(std::span<const DutyRule> rules) const {
    std::vector<CheckDuty> duties;
    for (const DutyRule& rule : rules) {
      CheckSide one = side(rule.requirement, law_.requirements[at(rule.requirement)].cites, "");
      if (one.applies == Truth::no) continue;
      duties.push_back({rule.says, std::move(one)});
    }
    return duties;
  }

  CheckItem answer(const ItemRule& rule) const {
    CheckItem item;
    item.id = rule.id;
    item.says = rule.says;
    item.ask = rule.ask;
    item.asks_supplier = rule.asks_supplier;
    judge_application(rule, item);
    if (item.applies == Truth::no) {
      item.state = CheckItem::State::not_applicable;
      return item;
    }
    look_for(rule, item);
    const auto said = input_.answers.find(rule.id);
    if (said == input_.answers.end()) return item;
    item.answer = said->second;
    if (said->second.answer == Truth::yes) item.state = CheckItem::State::answered;
    if (said->second.answer == Truth::no) item.state = CheckItem::State::denied;
    return item;
  }

  void judge_application(const ItemRule& rule, CheckItem& item) const {
    const Truth own = walk_.test(rule.applies_when);
    Truth sides = Truth::no;
    for (const ItemSide& one : rule.sides) {
      item.sides.push_back(side(one.requirement, one.cites, one.differs));
      sides = either(sides, item.sides.back().applies);
    }
    item.applies = both(own, sides);
    if (own == Truth::no) walk_.add_reasons(rule.applies_when, item.because);
    std::vector<int> missing;
    if (own == Truth::unknown) walk_.add_missing(rule.applies_when, missing);
    item.missing = walk_.names(missing);
    for (const CheckSide& one : item.sides) {
      if (item.applies == Truth::no && own != Truth::no) add_new(item.because, one.because);
      if (sides == Truth::unknown) add_new(item.missing, one.missing);
      // A condition of its own that is open is an assumption that nobody made.
      item.is_owed = item.is_owed || (own == Truth::yes && is_owed(one));
      item.is_assumed = item.is_assumed || (own == Truth::yes && one.is_assumed);
    }
  }

  /// What one way to see an item comes to.
  struct Sight {
    bool is_seen = false;
    bool is_read_through = false;  ///< nothing unread could hold what was not seen
    bool has_documents = false;    ///< of the kinds that are looked at
    std::vector<SeenAt> seen;
    std::vector<std::string> not_found;
  };

  std::vector<const ReadDocument*> candidates(const Look& look) const {
    std::vector<const ReadDocument*> found;
    for (const ReadDocument& document : documents_) {
      const auto is_kind = [&](int kind) { return document.is_kind(kind); };
      if (look.kinds.empty() || std::ranges::any_of(look.kinds, is_kind))
        found.push_back(&document);
    }
    return found;
  }

  /// The best place of a sign in the documents; one with its value comes first.
  const SignHit* best_hit(const ReadDocument& document, int sign) const {
    const auto hit = std::ranges::find(document.hits, sign, &SignHit::sign);
    return hit == document.hits.end() ? nullptr : &*hit;
  }

  void look_for_sign(int sign,
                     const Look& look,
                     const std::vector<const ReadDocument*>& documents,
                     Sight& sight) const {
    bool is_anywhere = false;
    std::vector<std::string> lacking;
    std::vector<SeenAt> without_value;
    for (const ReadDocument* document : documents) {
      const SignHit* hit = best_hit(*document, sign);
      const bool holds = hit != nullptr && hit->has_value;
      is_anywhere = is_anywhere || holds;
      if (holds) sight.seen.push_back(seen_at(checks_, *document, *hit));
      if (!holds) lacking.push_back(document->file->path);
      if (hit != nullptr && !holds) without_value.push_back(seen_at(checks_, *document, *hit));
    }
    const std::string& means = checks_.signs[at(sign)].means;
    if (!is_anywhere) {
      sight.is_seen = false;
      sight.not_found.push_back(without_value.empty() ? means
                                                      : means + " (the words stand there alone)");
      std::ranges::move(without_value, std::back_inserter(sight.seen));
    } else if (look.in_each && !lacking.empty()) {
      sight.is_seen = false;
      sight.not_found.push_back(means + " in " + join(lacking, ", "));
    }
  }

  Sight sight_of(const Look& look) const {
    Sight sight;
    const auto documents = candidates(look);
    sight.has_documents = !documents.empty();
    sight.is_seen = sight.has_documents;
    sight.is_read_through =
        !look.kinds.empty() && !documents.empty() &&
        std::ranges::all_of(documents, [](const ReadDocument* one) { return one->unread.empty(); });
    if (look.signs.empty() || documents.empty()) {
      for (const ReadDocument* document : documents)
        for (const auto& [kind, where] : document->headings)
          if (std::ranges::find(look.kinds, kind) != look.kinds.end()) sight.seen.push_back(where);
      if (documents.empty()) sight.not_found.push_back(names_of(look.kinds));
      return sight;
    }
    for (const int sign : look.signs)
      look_for_sign(sign, look, documents, sight);
    return sight;
  }

  std::string names_of(const std::vector<int>& kinds) const {
    std::vector<std::string> names;
    for (const int kind : kinds)
      names.push_back(checks_.kinds[at(kind)].means);
    return names.empty() ? "any document" : join(names, " or ");
  }

  void look_for(const ItemRule& rule, CheckItem& item) const {
    std::vector<Sight> sights;
    for (const Look& look : rule.look)
      sights.push_back(sight_of(look));
    const bool is_seen = std::ranges::any_of(sights, &Sight::is_seen);
    const bool has_documents = std::ranges::any_of(sights, &Sight::has_documents);
    // Where every way leads to documents that were read through, no other file can hold it.
    const bool is_read_through =
        !sights.empty() && std::ranges::all_of(sights, &Sight::is_read_through);
    for (Sight& sight : sights) {
      if (is_seen ? !sight.is_seen : has_documents && !sight.has_documents) continue;
      std::ranges::move(sight.seen, std::back_inserter(item.seen));
      add_new(item.not_found, sight.not_found);
    }
    constexpr std::size_t seen_max = 6;
    if (item.seen.size() > seen_max) item.seen.resize(seen_max);
    item.state = CheckItem::State::ask;
    if (rule.hint_only) item.not_found.clear();
    if (rule.hint_only || rule.look.empty()) return;
    if (is_seen) {
      item.state = CheckItem::State::seen;
      return;
    }
    if (!is_read_through)
      for (const ReadDocument& document : documents_)
        if (!document.unread.empty()) item.unread.push_back(document.file->path);
    if (!item.unread.empty())
      item.state = CheckItem::State::not_legible;
    else if (!rule.is_asked)
      item.state = CheckItem::State::missing;
  }

  static bool is_settled_item(CheckItem::State state) {
    return state == CheckItem::State::seen || state == CheckItem::State::answered ||
           state == CheckItem::State::not_applicable;
  }

  void add_questions() {
    const auto add = [](std::vector<CheckQuestion>& list, const std::string& id,
                        const std::string& ask, bool is_conditional) {
      if (std::ranges::find(list, ask, &CheckQuestion::ask) == list.end())
        list.push_back({id, ask, is_conditional});
    };
    for (const Contradiction& one : view_.contradictions)
      add(view_.supplier_questions, one.id, one.ask, false);
    for (const CheckItem& item : view_.items) {
      if (is_settled_item(item.state)) continue;
      const bool is_conditional = item.applies == Truth::unknown && !item.is_assumed;
      if (item.asks_supplier)
        add(view_.supplier_questions, item.id, item.ask, is_conditional);
      else if (item.state != CheckItem::State::denied)
        add(view_.own_questions, item.id, item.ask, is_conditional);
    }
  }

  void add_remarks() {
    const auto turned = std::ranges::find_if(check_.items, [&](const ItemRule& rule) {
      return std::ranges::any_of(rule.sides, [&](const ItemSide& one) {
        return legal_.obligations[at(one.requirement)].applies != Truth::no;
      });
    });
    if (turned != check_.items.end() || check_.items.empty()) return;
    view_.remarks.emplace_back(
        "no duty of this role applies for these facts; `lockstep scope --why` shows which role and "
        "which acts do");
  }

  const Checks& checks_;
  const Check& check_;
  const Ruleset& law_;
  const CheckInput& input_;
  std::vector<Fact> facts_;
  Walk walk_;
  LegalView legal_;
  std::vector<ReadDocument> documents_;
  SupplyCheckView view_;
};

}  // namespace

SupplyCheckView run_check(const Checks& checks,
                          const Check& check,
                          const Ruleset& law,
                          const CheckInput& input,
                          const ReceivedBundle& bundle) {
  return Runner(checks, check, law, input, bundle).run();
}

void check_answers(const Check& check, const CheckInput& input, Diagnostics& problems) {
  std::vector<std::string> ids;
  for (const ItemRule& rule : check.items)
    ids.push_back(rule.id);
  for (const auto& [id, answer] : input.answers) {
    if (std::ranges::find(ids, id) == ids.end()) {
      problems.error("answers.item",
                     fmt::format("'{}' is no item of the {} check{}", quotable(id), check.id,
                                 suggestion(id, ids)),
                     answer.where);
    }
    if (answer.on > input.as_of)
      problems.error(
          "answers.day",
          fmt::format("the answer to {} is of {}, after the day of judgement {}", quotable(id),
                      lockstep::to_text(answer.on), lockstep::to_text(input.as_of)),
          answer.where);
  }
}

}  // namespace lockstep::regulations
