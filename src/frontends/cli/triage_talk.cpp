// SPDX-License-Identifier: Apache-2.0
#include "frontends/cli/triage_talk.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::string_view keys =
    "  a affected        n not affected    f fixed    u under investigation\n"
    "  r accept the risk s skip            b back     w write now    q quit\n";

struct Justification {
  std::string_view word;
  std::string_view means;
};

/// Source: OpenVEX 0.2.0, "Status Justifications".
constexpr std::array<Justification, 5> justifications = {{
    {"component_not_present", "the component is not in the product"},
    {"vulnerable_code_not_present", "the component is there, its vulnerable code is not"},
    {"vulnerable_code_not_in_execute_path", "the vulnerable code is there and never runs"},
    {"vulnerable_code_cannot_be_controlled_by_adversary", "nobody can bring the attack to it"},
    {"inline_mitigations_already_exist", "what is built in stops the attack"},
}};

/// An answer to a question about a decision: the person may also go back or stop.
enum class Said { text, back, stop };

struct Answer {
  Said said = Said::text;
  std::string text;
};

class Talk {
 public:
  Talk(const std::vector<const app::TriageCase*>& chosen,
       const std::string& kept,
       Environment& environment)
      : chosen_(chosen), kept_(kept), environment_(environment) {}

  Result<TriageTalk> run(std::vector<Decision> decisions, std::string by) {
    talk_.decisions = std::move(decisions);
    by_ = std::move(by);
    if (!talk_.decisions.empty())
      note_ = fmt::format("Going on with the decisions of an earlier sitting ({}).\n",
                          talk_.decisions.size());
    std::size_t at = 0;
    std::vector<std::size_t> way;  // of cases that were shown, to go back
    while (at < chosen_.size()) {
      if (is_decided(*chosen_[at]) && !is_again_) {
        ++at;
        continue;
      }
      is_again_ = false;
      TRY(const Step step, ask_about(at));
      if (step == Step::stop) return end(TriageTalk::Ending::stopped);
      if (step == Step::write) return end(TriageTalk::Ending::written);
      if (step == Step::back) {
        if (way.empty()) {
          note_ = "  This is the first finding.\n";
          continue;
        }
        at = way.back();
        way.pop_back();
        TRY_VOID(take_back(*chosen_[at]));
        is_again_ = true;
        continue;
      }
      way.push_back(at++);
    }
    return end(TriageTalk::Ending::complete);
  }

 private:
  enum class Step { next, back, write, stop };

  TriageTalk end(TriageTalk::Ending ending) {
    talk_.ending = ending;
    return std::move(talk_);
  }

  bool is_decided(const app::TriageCase& one) const {
    return std::ranges::any_of(talk_.decisions, [&](const Decision& decision) {
      return app::is_about(decision, one.finding);
    });
  }

  Result<> take_back(const app::TriageCase& one) {
    std::erase_if(talk_.decisions,
                  [&](const Decision& decision) { return app::is_about(decision, one.finding); });
    return app::keep_decisions(kept_, talk_.decisions, environment_.files);
  }

  /// One line; nothing at the end of the input and after Ctrl-C.
  std::optional<std::string> line(const std::string& question) {
    auto typed = environment_.ask(std::exchange(note_, "") + question);
    if (!typed || environment_.progress.is_cancelled()) return std::nullopt;
    return std::string(trim(*typed));
  }

  Answer text(const std::string& question) {
    while (true) {
      const auto typed = line("    " + question + ": ");
      if (!typed || *typed == "q") return {Said::stop, ""};
      if (*typed == "b") return {Said::back, ""};
      if (!typed->empty()) return {Said::text, *typed};
      note_ = "    Expected an answer, found nothing; b goes back.\n";
    }
  }

  Result<Step> ask_about(std::size_t at) {
    const app::TriageCase& one = *chosen_[at];
    std::string question = fmt::format("\nFinding {} of {}\n", at + 1, chosen_.size()) +
                           facts_of(one, environment_.width) + std::string(keys) + "  ? ";
    while (true) {
      const auto typed = line(question);
      if (!typed || *typed == "q") return Step::stop;
      if (*typed == "w") return Step::write;
      if (*typed == "b") return Step::back;
      if (*typed == "s") return Step::next;
      Decision decision;
      decision.vulnerability = one.finding.flaw;
      decision.component = one.finding.purl;
      const Said said = ask_for(*typed, decision);
      if (said == Said::stop) return Step::stop;
      if (said == Said::text) {
        talk_.decisions.push_back(std::move(decision));
        TRY_VOID(app::keep_decisions(kept_, talk_.decisions, environment_.files));
        return Step::next;
      }
      question = "  ? ";
    }
  }

  /// Fills in what the key asks for. Back when the key is none, or the person went back.
  Said ask_for(const std::string& key, Decision& decision) {
    if (key.size() != 1 || std::string_view("anfur").find(key) == std::string_view::npos) {
      note_ = fmt::format("  Expected one of a, n, f, u, r, s, b, w and q, found '{}'.\n",
                          quotable(key, 30));
      return Said::back;
    }
    Said said = Said::text;
    if (key == "a") {
      VexStatement::Affected status;
      said = fill("What do users do", status.action_statement);
      decision.status = std::move(status);
    } else if (key == "n") {
      said = ask_reason(decision);
    } else if (key == "f") {
      decision.status = VexStatement::Fixed{};
    } else if (key == "r") {
      said = ask_acceptance(decision);
    }
    if (said != Said::text) return said;
    if (by_.empty()) said = fill("Who decides", by_);
    decision.by = by_;
    return said;
  }

  Said fill(const std::string& question, std::string& into) {
    Answer answer = text(question);
    into = std::move(answer.text);
    return answer.said;
  }

  Said ask_reason(Decision& decision) {
    std::string list;
    for (std::size_t i = 0; i < justifications.size(); ++i)
      list += fmt::format("    {} {}\n      {}\n", i + 1, justifications[i].word,
                          justifications[i].means);
    note_ = list;
    VexStatement::NotAffected status;
    while (status.justification.empty()) {
      const Answer answer = text("Which, 1 to 5");
      if (answer.said != Said::text) return answer.said;
      for (std::size_t i = 0; i < justifications.size(); ++i)
        if (answer.text == std::to_string(i + 1) || answer.text == justifications[i].word)
          status.justification = justifications[i].word;
      if (status.justification.empty())
        note_ = fmt::format("    Expected a number from 1 to 5, found '{}'.\n",
                            quotable(answer.text, 40));
    }
    const Said said = fill("What makes you sure", status.impact_statement);
    decision.status = std::move(status);
    return said;
  }

  Said ask_acceptance(Decision& decision) {
    VexStatement::Affected status;
    Said said = fill("Why is the risk acceptable", status.action_statement);
    if (said != Said::text) return said;
    decision.status = std::move(status);
    said = fill("Who accepts it", decision.accepted_by);
    while (said == Said::text && !decision.accepted_until) {
      std::string day;
      said = fill("Until which day, such as 2027-01-31", day);
      if (said != Said::text) break;
      const auto until = parse_day(day);
      if (until && *until >= std::chrono::floor<std::chrono::days>(environment_.now))
        decision.accepted_until = until;
      else
        note_ =
            fmt::format("    Expected a day that is not past, such as 2027-01-31, found '{}'.\n",
                        quotable(day, 40));
    }
    return said;
  }

  const std::vector<const app::TriageCase*>& chosen_;
  const std::string& kept_;
  Environment& environment_;
  TriageTalk talk_;
  std::string by_;
  std::string note_;
  bool is_again_ = false;
};

std::string severity_of(const Finding& finding) {
  std::string text = finding.severity.word;
  if (finding.severity.score) text += fmt::format(" {:.1f}", *finding.severity.score);
  if (!finding.severity.vector.empty()) text += ", " + finding.severity.vector;
  return text;
}

/// That no list names it is known of those that were looked at.
std::string exploited(const Finding& finding, const std::vector<std::string>& lists_missing) {
  std::vector<std::string> lists;
  for (const Exploitation& one : finding.exploited)
    lists.push_back(one.source + (one.since.empty() ? "" : " since " + one.since) +
                    (one.ransomware ? ", by ransomware" : ""));
  std::string text = lists.empty() ? "on no list" : "listed by " + join(lists, "; ");
  if (!lists_missing.empty()) text += "; not imported: " + join(lists_missing, ", ");
  return text;
}

}  // namespace

std::string facts_of(const app::TriageCase& one, int width) {
  const Finding& finding = one.finding;
  const auto limit = static_cast<std::size_t>(std::max(width, 40));
  std::string text;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty())
      text += fmt::format("  {:<10} {}\n", name, wrap_all(quotable(value, 2000), limit, 13));
  };
  std::string title = finding.flaw;
  if (const auto others = other_ids_of(finding); !others.empty())
    title += " (" + join(others, ", ") + ")";
  add("flaw", title);
  add("about", finding.summary);
  add("component", finding.component + " " + finding.version);
  add("package", finding.purl);
  add("bill",
      one.where.line > 0 ? fmt::format("{}:{}", finding.sbom, one.where.line) : finding.sbom);
  add("because", finding.because);
  add("severity", severity_of(finding));
  add("exploited", exploited(finding, one.lists_missing));
  add("EPSS", finding.epss
                  ? fmt::format("{:.4f}, percentile {:.2f}, of {}", finding.epss->probability,
                                finding.epss->percentile, finding.epss->date)
                  : "no score");
  add("fixed in", finding.fixed.empty() ? "no version is known" : join(finding.fixed, ", "));
  add("path", join(one.path, " > ") +
                  (one.parents > 1 ? fmt::format(" (needed by {} components)", one.parents) : ""));
  add("state", fmt::format("{}: {}", words(finding.state), finding.state_because));
  for (const std::string& earlier : one.earlier)
    add("earlier", earlier);
  return text;
}

Result<TriageTalk> talk_about(const std::vector<const app::TriageCase*>& chosen,
                              std::vector<Decision> decisions,
                              const std::string& by,
                              const std::string& kept,
                              Environment& environment) {
  return Talk(chosen, kept, environment).run(std::move(decisions), by);
}

}  // namespace lockstep::frontends
