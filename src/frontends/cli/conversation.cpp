// SPDX-License-Identifier: Apache-2.0
#include "frontends/cli/conversation.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

class Conversation {
 public:
  Conversation(app::Interview& interview, const std::string& kept, Environment& environment)
      : interview_(interview), kept_(kept), environment_(environment) {}

  Result<Ending> run() {
    const std::size_t earlier = interview_.answers.facts.size();
    if (interview_.answers.name.empty() && earlier == 0) {
      if (!ask_about_product()) return Ending::later;
      TRY_VOID(keep());
    }
    std::string note;
    if (earlier > 0)
      note = fmt::format("Going on with the answers of an earlier sitting ({}).\n", earlier);
    std::string shown;  // the question whose heading the person sees
    while (const auto prompt = interview_.next()) {
      std::string text = note;
      if (prompt->question != shown) text += standing() + heading(*prompt);
      shown = prompt->question;
      note.clear();
      const auto typed = environment_.ask(text + question(*prompt));
      if (!typed || environment_.progress.is_cancelled()) return Ending::later;
      const std::string_view word = trim(*typed);
      if (word == "later") return Ending::later;
      if (word == "done") return Ending::done;
      if (word == "back") {
        note = go_back();
        shown.clear();
      } else if (const auto answered = interview_.answer(word); !answered) {
        note = "  " + wrapped(answered.error().message, 2) + "\n";
        continue;
      }
      TRY_VOID(keep());
    }
    return Ending::complete;
  }

 private:
  bool ask_about_product() {
    const std::string first =
        fmt::format("Question 1 of at most {}: The product\n", app::questions_max);
    for (const auto& [question, answer] :
         {std::pair{first + "  What is it called? ", &interview_.answers.name},
          std::pair{std::string("  Which version? "), &interview_.answers.version},
          std::pair{std::string("  What is it for, in one sentence? "),
                    &interview_.answers.intended_purpose}}) {
      const auto typed = environment_.ask(question);
      if (!typed || environment_.progress.is_cancelled()) return false;
      *answer = trim(*typed);
    }
    return true;
  }

  Result<> keep() { return interview_.keep(kept_, environment_.files); }

  std::string go_back() {
    const auto last = interview_.take_back();
    if (!last) return "  This is the first question about the product's facts.\n";
    return fmt::format("  Taken back: {} = {}\n", last->name, to_text(last->value));
  }

  std::string wrapped(std::string_view text, std::size_t indent) const {
    return wrap(text, static_cast<std::size_t>(std::min(environment_.width, 100)), indent);
  }

  /// What is still possible, once there are answers.
  std::string standing() const {
    if (interview_.answers.facts.empty()) return {};
    const ScopeCodes& codes_now = interview_.view().codes;
    const auto listed = [](std::string_view act, const std::vector<std::string>& codes) {
      constexpr std::size_t few = 3;
      if (codes.size() > few) return fmt::format("{} {} outcomes", act, codes.size());
      return fmt::format("{} {}", act, codes.empty() ? "not known" : join(codes, " or "));
    };
    return "  " +
           wrapped("Still possible: " + listed("CRA", codes_now.cra) + "; " +
                       listed("AI Act", codes_now.ai_act) + "; " + listed("NIS2", codes_now.nis2),
                   4) +
           "\n";
  }

  static std::string heading(const app::Prompt& prompt) {
    return fmt::format("\nQuestion {} of at most {}: {}\n", prompt.number, app::questions_max,
                       prompt.title);
  }

  std::string question(const app::Prompt& prompt) const {
    std::string text = "  " + wrapped(prompt.ask, 2) + "\n";
    std::size_t widest = 0;
    for (const auto& [word, means] : prompt.words)
      widest = std::max(widest, word.size());
    int number = 0;
    for (const auto& [word, means] : prompt.words)
      text +=
          fmt::format("  {:>3}  {:<{}}  {}\n", ++number, word, widest, wrapped(means, widest + 9));
    text += fmt::format("    {}\n    {}\n    More: lockstep explain {}\n",
                        wrapped("Why: " + prompt.why, 6), wrapped("Law: " + prompt.law, 6),
                        prompt.fact);
    if (prompt.is_presumed)
      text += "    " + wrapped("The law presumes that none of this holds until it is stated.", 6) +
              "\n";
    return text + fmt::format("  ({}; or: not sure, back, later, done) ", prompt.what_fits);
  }

  app::Interview& interview_;
  const std::string& kept_;
  Environment& environment_;
};

}  // namespace

Result<Ending> converse(app::Interview& interview,
                        const std::string& kept,
                        Environment& environment) {
  return Conversation(interview, kept, environment).run();
}

}  // namespace lockstep::frontends
