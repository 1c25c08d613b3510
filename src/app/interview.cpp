// SPDX-License-Identifier: Apache-2.0
#include "app/interview.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "app/embedded_law.hpp"
#include "app/init.hpp"
#include "app/scope.hpp"
#include "base/text.hpp"
#include "formats/product/facts.hpp"
#include "formats/source.hpp"
#include "regulations/facts.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t answers_bytes_max = std::uint64_t{1} << 20U;
constexpr int tries_max = 3;

Result<InitAnswers> read_answers(const std::string& path,
                                 const Files& files,
                                 Diagnostics& problems) {
  TRY(const std::string bytes, files.read(path, answers_bytes_max));
  TRY(const Json tree, parse_yaml(bytes, path, problems));
  if (!tree.is_object())
    return fail(ErrorKind::input, "init.answers",
                fmt::format("expected a map of name, version, intended_purpose and facts, found {}",
                            formats::describe(tree)),
                {path, 0, 0});
  const std::vector<std::string> known = {"name", "version", "intended_purpose", "facts"};
  for (const auto& [key, value] : tree.members()) {
    if (std::ranges::find(known, key) != known.end()) continue;
    std::string message =
        fmt::format("expected name, version, intended_purpose or facts, found '{}'", quotable(key));
    if (const auto near = nearest(key, known))
      message += fmt::format("; did you mean '{}'?", *near);
    problems.error("init.answers", std::move(message), value.key_at(path));
  }
  InitAnswers answers{tree["name"].string_or(""),
                      tree["version"].string_or(""),
                      tree["intended_purpose"].string_or(""),
                      {}};
  answers.facts = formats::flatten_facts(tree["facts"], path, "", problems);
  return answers;
}

std::string question_text(const regulations::FactDefinition& fact, int number, std::size_t total) {
  std::string text = fmt::format("\n{} of {}: {}\n", number, total, fact.ask);
  if (!fact.why.empty()) text += fmt::format("   why: {}\n", fact.why);
  for (const Citation& citation : fact.cites)
    text += fmt::format("   see: {} {}\n", citation.act, citation.path);
  for (const regulations::Word& word : fact.words)
    if (word.word != "yes" && word.word != "no")
      text += fmt::format("   {:<24} {}\n", word.word, word.means);
  return text + fmt::format("   {}, or 'not sure': ", regulations::what_fits(fact));
}

/// One fact from a person, which does not contradict those answered before; unknown after three
/// answers that do not fit.
Fact ask_fact(const regulations::Ruleset& law,
              const regulations::FactDefinition& fact,
              const std::vector<Fact>& before,
              const std::string& question,
              const InterviewRequest& request) {
  const Provenance by_person{Provenance::Kind::answered, {}, "", "init", {}};
  std::string text = question;
  for (int tries = 0; tries < tries_max; ++tries) {
    const std::string typed(trim(request.ask(text)));
    if (typed.empty()) break;
    const auto value = parse_answer(fact, typed);
    if (value && !is_known(*value)) break;
    if (value) {
      const Fact answer{fact.name, *value, by_person};
      Diagnostics problems;
      std::vector<Fact> all = before;
      all.push_back(answer);
      auto fitted = regulations::fit_facts(law, all, problems);
      if (!problems.has_errors()) return std::move(fitted.back());
      const Diagnostic& problem = problems.entries().front();
      if (problem.code == "facts.contradiction") {
        text = fmt::format("   {}: ", problem.message);
        continue;
      }
    }
    text =
        fmt::format("   expected {}, found '{}': ", regulations::what_fits(fact), quotable(typed));
  }
  return {fact.name, std::monostate{}, by_person};
}

bool is_stopped(const InterviewRequest& request) {
  return request.progress != nullptr && request.progress->is_cancelled();
}

/// What a person answered; what was asked after they stopped is unknown.
InitAnswers ask_person(const regulations::Ruleset& law, const InterviewRequest& request) {
  InitAnswers answers;
  answers.name = trim(request.ask("Name of the product: "));
  answers.version = trim(request.ask("Version: "));
  answers.intended_purpose = trim(request.ask("What is it for, in one sentence? "));
  const auto questions = init_questions(law);
  int number = 0;
  for (const regulations::FactDefinition* question : questions) {
    ++number;
    if (is_stopped(request)) break;
    if (!is_asked(law, *question, answers.facts)) continue;
    answers.facts.push_back(ask_fact(law, *question, answers.facts,
                                     question_text(*question, number, questions.size()), request));
  }
  return answers;
}

}  // namespace

Result<InterviewReport> interview(const InterviewRequest& request,
                                  Files& files,
                                  Diagnostics& problems) {
  if (files.exists(request.path))
    return fail(ErrorKind::usage, "init.exists",
                "this file is there already, and `lockstep init` never overwrites; name another "
                "with -o",
                {request.path, 0, 0});
  if (request.answers_file.empty() && request.ask == nullptr)
    return fail(ErrorKind::usage, "init.nobody",
                "there is no terminal to ask a person; give the answers with --answers FILE");
  TRY(const auto law, embedded_law());
  InitAnswers answers;
  if (request.answers_file.empty()) {
    answers = ask_person(law, request);
    if (is_stopped(request))
      return fail(ErrorKind::interrupted, "init.cancelled",
                  "stopped at your request; nothing was written");
  } else {
    TRY(answers, read_answers(request.answers_file, files, problems));
    answers.facts = regulations::fit_facts(law, answers.facts, problems);
  }
  if (problems.has_errors())
    return fail(
        ErrorKind::input, "input.problems",
        fmt::format("{} problems in the answers; nothing was written", problems.error_count()));
  TRY(const std::string text, write_product_file(law, answers, request.as_of, problems));
  TRY_VOID(files.write(request.path, text));
  InterviewReport report{request.path, {}, {}};
  for (const Fact& fact : answers.facts)
    (is_known(fact.value) ? report.answered : report.open).push_back(fact.name);
  return report;
}

}  // namespace lockstep::app
