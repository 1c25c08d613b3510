// SPDX-License-Identifier: Apache-2.0
#include "app/explain.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "app/embedded_law.hpp"
#include "app/explain_spelling.hpp"
#include "base/text.hpp"
#include "regulations/facts.hpp"

namespace lockstep::app {
namespace {

using regulations::Decision;
using regulations::EvidenceKind;
using regulations::FactDefinition;
using regulations::Provision;
using regulations::Requirement;
using regulations::Row;
using regulations::Ruleset;
using regulations::SourceFile;
using regulations::Step;

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

class Explainer {
 public:
  Explainer(const Ruleset& law, const std::vector<SourceFile>& rows) : law_(law), rows_(rows) {}

  std::optional<Explanation> find(std::string_view id) const {
    if (const FactDefinition* fact = law_.find_fact(id)) return of_fact(*fact);
    if (const Decision* decision = law_.find_decision(id)) return of_decision(*decision);
    if (const Requirement* found = law_.find_requirement(id)) return of_requirement(*found);
    if (auto found = find_conflict(id)) return found;
    if (auto found = find_step(id)) return found;
    if (auto found = find_code(id)) return found;
    if (auto found = find_provisions(id)) return found;
    const auto kind = law_.kind_index.find(id);
    if (kind != law_.kind_index.end()) return of_kind(law_.evidence_kinds[at(kind->second)]);
    if (auto found = find_row(id)) return found;
    if (auto found = find_duty_word(id)) return found;
    if (auto found = find_sanction(id)) return found;
    return find_spelling(id);
  }

  std::vector<std::string> ids() const {
    std::vector<std::string> all;
    for (const FactDefinition& fact : law_.facts)
      all.push_back(fact.name);
    for (const Decision& decision : law_.decisions) {
      all.push_back(decision.id);
      for (const Step& step : decision.steps)
        all.push_back(decision.id + "/" + step.id);
    }
    for (const Requirement& requirement : law_.requirements)
      all.push_back(requirement.id);
    for (const regulations::ConflictRule& conflict : law_.conflicts)
      all.push_back(conflict.id);
    for (const EvidenceKind& kind : law_.evidence_kinds)
      all.push_back(kind.kind);
    for (const auto* words : {&law_.parties, &law_.triggers, &law_.documents})
      for (const regulations::DutyWord& word : *words)
        all.push_back(word.word);
    for (std::size_t i = 0; i < law_.acts.size(); ++i)
      for (const regulations::Sanction& sanction : law_.acts[i].sanctions)
        all.push_back(prefix_of(i) + "." + sanction.id);
    for (const Provision& provision : law_.provisions) {
      all.push_back(lower_case(law_.acts[at(provision.act)].short_title) + "/" + provision.path);
    }
    for (const SourceFile& file : rows_) {
      for (const Json& row : file.tree.items())
        all.push_back(id_of(row));
    }
    return all;
  }

 private:
  /// "CRA Art. 14(2)(a): our paraphrase", for a path of the act or ACT/PATH.
  std::string cited(int act, std::string_view cite) const {
    const Citation citation = citation_of(cite, act < 0 ? "" : law_.acts[at(act)].id);
    std::string name = law_.cited(citation);
    const Provision* provision = law_.find_provision(citation.act, citation.path);
    if (provision == nullptr) return name;
    return fmt::format("{}: {}{}", name, provision->says,
                       provision->unchecked ? " (from memory, not checked)" : "");
  }

  std::vector<std::string> cited(int act, const std::vector<std::string>& cites) const {
    std::vector<std::string> lines;
    for (const std::string& cite : cites)
      lines.push_back(cited(act, cite));
    return lines;
  }

  static void add(Explanation& page, std::string heading, std::vector<std::string> lines) {
    std::erase_if(lines, [](const std::string& line) { return line.empty(); });
    if (!lines.empty()) page.sections.push_back({std::move(heading), std::move(lines)});
  }

  Explanation of_fact(const FactDefinition& fact) const {
    Explanation page{fact.name, fact.is_switch() ? "state of the law" : "fact", fact.ask, {}};
    add(page, "Answer with", {regulations::what_fits(fact)});
    std::vector<std::string> words;
    for (const regulations::Word& word : fact.words) {
      if (!word.means.empty()) words.push_back(word.word + ": " + word.means);
    }
    add(page, "Words", std::move(words));
    add(page, "Why asked", {fact.why});
    add(page, "Who would know", {fact.who});
    std::vector<std::string> lines;
    for (const Citation& cite : fact.cites)
      lines.push_back(cited(-1, cite.act + "/" + cite.path));
    add(page, "Law", std::move(lines));
    return page;
  }

  Explanation of_decision(const Decision& decision) const {
    Explanation page{decision.id, "decision", decision.question, {}};
    std::vector<std::string> lines;
    for (const Step& step : decision.steps) {
      lines.push_back(fmt::format("{}: {} -> {}", step.id,
                                  step.ask.empty() ? "otherwise" : step.ask,
                                  decision.outcomes[at(step.outcome)]));
    }
    add(page, "Steps, the first that holds decides", std::move(lines));
    add(page, "Law", cited(decision.act, decision.cites));
    return page;
  }

  Explanation of_step(const Decision& decision, const Step& step) const {
    Explanation page{decision.id + "/" + step.id, "step", step.ask, {}};
    if (step.ask.empty()) page.title = "Every case that the steps before have left";
    add(page, "Leads to", {decision.outcomes[at(step.outcome)]});
    add(page, "Codes", step.codes);
    std::vector<std::string> lines;
    for (const Row& row : step.rows) {
      const FactDefinition& fact = law_.facts[at(step.each)];
      const std::string basis =
          row.basis > 0 ? fmt::format(" (basis: {})", law_.basis_word(row.basis)) : "";
      lines.push_back(fmt::format("{} = {}: {}{}", fact.name, fact.words[at(row.word)].word,
                                  join(row.codes, ", "), basis));
    }
    add(page, "Lines", std::move(lines));
    add(page, "Note", {step.note});
    add_basis(page, step.basis, step.other_reading);
    add(page, "Law", cited(decision.act, step.cites));
    return page;
  }

  /// "word: what it means", or "" for no word.
  static std::string meaning(const std::vector<regulations::DutyWord>& words,
                             std::string_view word) {
    const auto found = std::ranges::find(words, word, &regulations::DutyWord::word);
    return found == words.end() ? std::string() : found->word + ": " + found->means;
  }

  void add_basis(Explanation& page, int basis, const std::string& other_reading) const {
    add(page, "Rests on", {meaning(law_.bases, law_.basis_word(basis))});
    if (!other_reading.empty()) add(page, "Another reading is stated by", {other_reading});
  }

  Explanation of_requirement(const Requirement& requirement) const {
    Explanation page{requirement.id, "requirement", requirement.says, {}};
    add(page, "Group", {requirement.group});
    add(page, "Owed by", {requirement.owed_by});
    add(page, "Owed to", {join(requirement.duty.owed_to, ", ")});
    add(page, "When", {meaning(law_.triggers, requirement.duty.trigger)});
    if (requirement.applies_from >= 0) {
      std::vector<std::string> lines;
      for (const regulations::DatedValue& value : law_.dates[at(requirement.applies_from)].values) {
        const std::string since =
            value.in_force.from ? lockstep::to_text(*value.in_force.from) : std::string("ever");
        lines.push_back(fmt::format("{} (the law since {})", lockstep::to_text(value.day), since));
      }
      add(page, "Applies from", std::move(lines));
    }
    std::vector<std::string> kinds;
    for (const int kind : requirement.shown_by) {
      const EvidenceKind& definition = law_.evidence_kinds[at(kind)];
      kinds.push_back(definition.kind + ": " + definition.means);
    }
    add(page, requirement.any_shows ? "Shown by one of" : "Shown by all of", std::move(kinds));
    std::vector<std::string> documents;
    for (const std::string& document : requirement.duty.documents)
      documents.push_back(meaning(law_.documents, document));
    add(page, "Documents", std::move(documents));
    add(page, "Kept for", {requirement.duty.keep});
    std::vector<std::string> sanctions;
    for (const int sanction : requirement.sanctions)
      sanctions.push_back(law_.acts[at(requirement.act)].sanctions[at(sanction)].says);
    add(page, "A breach may cost", std::move(sanctions));
    add(page, "Evidence for it also helps to show (a hint, it makes nothing met)",
        overlaps(requirement));
    add(page, "Law", cited(requirement.act, requirement.cites));
    add(page, "Exception", cited(requirement.act, requirement.unless_cites));
    add_basis(page, requirement.basis, requirement.other_reading);
    return page;
  }

  std::vector<std::string> overlaps(const Requirement& requirement) const {
    std::vector<std::string> lines;
    for (const Overlap& overlap : requirement.crosswalk) {
      const Requirement* other = law_.find_requirement(overlap.id);
      lines.push_back(fmt::format("{} ({}): {}", overlap.id, lockstep::to_text(overlap.strength),
                                  other == nullptr ? "" : other->says));
    }
    return lines;
  }

  std::optional<Explanation> find_conflict(std::string_view id) const {
    const auto found = std::ranges::find(law_.conflicts, id, &regulations::ConflictRule::id);
    if (found == law_.conflicts.end()) return std::nullopt;
    Explanation page{found->id, "conflict", found->collides, {}};
    add(page, "Way out, as lockstep proposes it", {found->ours});
    add(page, "State another one under", {law_.facts[at(found->stated_in)].name});
    std::vector<std::string> lines;
    for (const Citation& cite : found->provisions)
      lines.push_back(cited(-1, cite.act + "/" + cite.path));
    add(page, "Law", std::move(lines));
    return page;
  }

  Explanation of_kind(const EvidenceKind& kind) const {
    Explanation page{kind.kind, "evidence kind", kind.means, {}};
    add(page, "Counts for",
        {kind.named ? "the requirements that it names under `shows`"
                    : "every requirement that asks for the kind"});
    std::vector<std::string> lines;
    for (const Requirement& requirement : law_.requirements) {
      for (const int shown : requirement.shown_by) {
        if (&law_.evidence_kinds[at(shown)] == &kind) {
          lines.push_back(requirement.id + ": " + requirement.says);
        }
      }
    }
    add(page, "Asked for by", std::move(lines));
    return page;
  }

  std::optional<Explanation> find_step(std::string_view id) const {
    const std::size_t slash = id.rfind('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const Decision* decision = law_.find_decision(id.substr(0, slash));
    if (decision == nullptr) return std::nullopt;
    const auto step = std::ranges::find(decision->steps, id.substr(slash + 1), &Step::id);
    if (step == decision->steps.end()) return std::nullopt;
    return of_step(*decision, *step);
  }

  std::optional<Explanation> find_code(std::string_view code) const {
    Explanation page{std::string(code), "code", "", {}};
    const auto has = [&](const std::vector<std::string>& codes) {
      return std::ranges::find(codes, code) != codes.end();
    };
    for (const Decision& decision : law_.decisions) {
      for (const Step& step : decision.steps) {
        const std::string where = decision.id + "/" + step.id;
        if (has(step.codes)) {
          add(page, where, {step.ask.empty() ? decision.question : step.ask});
          add(page, "Law", cited(decision.act, step.cites));
        }
        for (const Row& row : step.rows) {
          if (!has(row.codes)) continue;
          const FactDefinition& fact = law_.facts[at(step.each)];
          const regulations::Word& word = fact.words[at(row.word)];
          add(page, where,
              {step.ask, fmt::format("{} = {}: {}", fact.name, word.word, word.means)});
          add(page, "Law", cited(decision.act, row.cites));
        }
      }
    }
    if (page.sections.empty()) return std::nullopt;
    page.title = page.sections.front().lines.front();
    return page;
  }

  std::optional<Explanation> find_provisions(std::string_view id) const {
    const std::size_t slash = id.find('/');
    const std::string act_name = lower_case(id.substr(0, slash));
    const auto act = std::ranges::find_if(law_.acts, [&](const regulations::Act& one) {
      return one.id == act_name || lower_case(one.short_title) == act_name;
    });
    if (act == law_.acts.end()) return std::nullopt;
    const std::string_view path = slash == std::string_view::npos ? "" : id.substr(slash + 1);
    const int index = static_cast<int>(act - law_.acts.begin());
    Explanation page{std::string(id), "provision", act->title, {}};
    std::vector<std::string> lines;
    std::vector<std::string> used;
    for (const Provision& provision : law_.provisions) {
      if (provision.act != index || !is_below(provision.path, path)) continue;
      lines.push_back(cited(index, provision.path));
      if (!provision.gap.empty()) lines.back() += " [no rule yet: " + provision.gap + "]";
      for (const Requirement& one : law_.requirements) {
        if (one.act == index && std::ranges::find(one.cites, provision.path) != one.cites.end()) {
          used.push_back(one.id + ": " + one.says);
        }
      }
    }
    if (lines.empty()) return std::nullopt;
    add(page, "In our words", std::move(lines));
    add(page, "Requirements", std::move(used));
    add(page, "Official text",
        {act->eli + (path.empty() ? "" : " at ") + std::string(path), act->oj});
    return page;
  }

  /// The provisions that a person's spelling means; of several acts where it names none.
  std::optional<Explanation> find_spelling(std::string_view id) const {
    std::optional<Explanation> page;
    for (const std::string& provision : provisions_spelt(law_, id)) {
      auto one = find_provisions(provision);
      if (!one) continue;
      if (!page) {
        page = std::move(one);
      } else {
        page->title += "; " + one->title;
        std::ranges::move(one->sections, std::back_inserter(page->sections));
      }
    }
    return page;
  }

  std::optional<Explanation> find_duty_word(std::string_view id) const {
    const auto find_in = [&](const std::vector<regulations::DutyWord>& words,
                             std::string_view kind) -> std::optional<Explanation> {
      const auto found = std::ranges::find(words, id, &regulations::DutyWord::word);
      if (found == words.end()) return std::nullopt;
      Explanation page{found->word, std::string(kind), found->means, {}};
      std::vector<std::string> lines;
      for (const Requirement& one : law_.requirements) {
        const auto& to = one.duty.owed_to;
        const auto& documents = one.duty.documents;
        if (one.owed_by == id || one.duty.trigger == id || std::ranges::find(to, id) != to.end() ||
            std::ranges::find(documents, id) != documents.end())
          lines.push_back(one.id + ": " + one.says);
      }
      add(page, "Requirements", std::move(lines));
      return page;
    };
    if (auto found = find_in(law_.parties, "party")) return found;
    if (auto found = find_in(law_.triggers, "occasion")) return found;
    return find_in(law_.documents, "document");
  }

  /// "cra" of "cra.sbom", by the requirements of the act; "" for an act without any.
  std::string prefix_of(std::size_t act) const {
    const auto found =
        std::ranges::find(law_.requirements, static_cast<int>(act), &Requirement::act);
    return found == law_.requirements.end() ? "" : found->id.substr(0, found->id.find('.'));
  }

  /// "cra.fine_high", "eu-2024-2847/fine_high", or the sanction's id alone.
  std::optional<Explanation> find_sanction(std::string_view id) const {
    for (std::size_t i = 0; i < law_.acts.size(); ++i) {
      for (const regulations::Sanction& sanction : law_.acts[i].sanctions) {
        if (id != sanction.id && id != law_.acts[i].id + "/" + sanction.id &&
            id != prefix_of(i) + "." + sanction.id)
          continue;
        Explanation page{std::string(id), "sanction", sanction.says, {}};
        std::vector<std::string> lines;
        for (const Requirement& one : law_.requirements)
          if (one.act == static_cast<int>(i) && one.duty.sanction == sanction.says)
            lines.push_back(one.id + ": " + one.says);
        add(page, "Requirements", std::move(lines));
        add(page, "Law", cited(static_cast<int>(i), sanction.cites));
        return page;
      }
    }
    return std::nullopt;
  }

  static bool is_below(std::string_view path, std::string_view top) {
    return top.empty() || path == top ||
           (path.starts_with(top) && path.size() > top.size() && path[top.size()] == '/');
  }

  static std::string id_of(const Json& row) {
    for (const std::string_view key : {"code", "state", "term"}) {
      if (const Json* found = row.find(key)) return found->string_or("");
    }
    return {};
  }

  std::optional<Explanation> find_row(std::string_view id) const {
    for (const SourceFile& file : rows_) {
      for (const Json& row : file.tree.items()) {
        if (id_of(row) != id) continue;
        const std::string kind = row.find("code") != nullptr    ? "error"
                                 : row.find("state") != nullptr ? "state"
                                                                : "term";
        Explanation page{std::string(id), kind, row["means"].string_or(""), {}};
        add(page, "What to do", {row["do"].string_or("")});
        add(page, "Source", {row["source"].string_or("")});
        return page;
      }
    }
    return std::nullopt;
  }

  const Ruleset& law_;
  const std::vector<SourceFile>& rows_;
};

}  // namespace

Result<Explanation> explain(const Ruleset& law,
                            const std::vector<SourceFile>& rows,
                            std::string_view id) {
  const Explainer explainer(law, rows);
  if (auto found = explainer.find(id)) return *std::move(found);
  const auto near = nearest(id, explainer.ids());
  return fail(ErrorKind::usage, "usage.explain",
              fmt::format("nothing is named '{}'{}", quotable(id),
                          near ? fmt::format("; did you mean '{}'?", *near) : std::string()));
}

Result<std::vector<SourceFile>> explain_rows() {
  TRY(std::vector<SourceFile> rows, embedded_trees("errors/"));
  for (const std::string_view name : {"states.yaml", "glossary.yaml"}) {
    TRY(auto more, embedded_trees(name));
    std::ranges::move(more, std::back_inserter(rows));
  }
  return rows;
}

}  // namespace lockstep::app
