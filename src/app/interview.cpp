// SPDX-License-Identifier: Apache-2.0
#include "app/interview.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "app/embedded_law.hpp"
#include "base/check.hpp"
#include "base/text.hpp"
#include "formats/product/facts.hpp"
#include "formats/source.hpp"
#include "regulations/contradictions.hpp"
#include "regulations/facts.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t answers_bytes_max = std::uint64_t{1} << 20U;

tl::unexpected<Error> is_there(const std::string& path) {
  return fail(ErrorKind::usage, "init.exists",
              "this file is there already, and `lockstep init` never overwrites; name another "
              "with -o",
              {path, 0, 0});
}

/// "CRA Art. 3(1), Recital 12; AI Act Art. 2(1)"
std::string provisions(const regulations::Ruleset& law, const regulations::FactDefinition& fact) {
  std::vector<std::string> texts;
  for (const Citation& citation : fact.cites)
    texts.push_back(law.cited(citation));
  return join(texts, "; ");
}

std::string how_to_answer(const regulations::FactDefinition& fact) {
  if (fact.type == regulations::FactType::choice) return "one word or its number";
  if (fact.type == regulations::FactType::set)
    return "words or numbers with commas between them, or none";
  return regulations::what_fits(fact);
}

}  // namespace

Result<> check_new(const std::string& path, const Files& files) {
  if (files.exists(path)) return is_there(path);
  return {};
}

std::string kept_path(const std::string& path) {
  const std::string_view ending = path.ends_with(".yml") ? ".yml" : ".yaml";
  const std::size_t stem = path.ends_with(ending) ? path.size() - ending.size() : path.size();
  return path.substr(0, stem) + ".answers.yaml";
}

Interview Interview::open(Day as_of) {
  return {embedded_law(), as_of};
}

Result<> Interview::read(const std::string& path, const Files& files, Diagnostics& problems) {
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
  answers = {tree["name"].string_or(""),
             tree["version"].string_or(""),
             tree["intended_purpose"].string_or(""),
             {}};
  answers.facts = regulations::fit_facts(
      law_, formats::flatten_facts(tree["facts"], path, "", problems), problems);
  if (problems.has_errors())
    return fail(
        ErrorKind::input, "input.problems",
        fmt::format("expected answers that fit, found {} {}; nothing was written",
                    problems.error_count(), problems.error_count() == 1 ? "problem" : "problems"));
  return {};
}

Result<> Interview::keep(const std::string& path, Files& files) const {
  std::string text =
      "# Answers of a `lockstep init` that is not finished. Run it again to go on, or delete this\n"
      "# file to begin anew.\n";
  const auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) text += fmt::format("{}: {}\n", key, to_canonical_json(Json(value)));
  };
  add("name", answers.name);
  add("version", answers.version);
  add("intended_purpose", answers.intended_purpose);
  text += answers.facts.empty() ? "facts: {}\n" : "facts:\n";
  for (const Fact& fact : answers.facts)
    text +=
        fmt::format("  {}: {}\n", fact.name, yaml_value(*law_.find_fact(fact.name), fact.value));
  return files.write(path, text);
}

Result<InterviewReport> Interview::finish(const std::string& path, Files& files) const {
  InterviewReport report{path, {}, {}, ask_next(law_, answers.facts, as_of_).view};
  const std::string text = write_product_file(law_, answers, report.view);
  if (const auto created = files.create(path, text); !created) {
    if (created.error().code == "file.exists") return is_there(path);
    return tl::unexpected(created.error());
  }
  TRY_VOID(files.remove(kept_path(path)));
  for (const Fact& fact : answers.facts)
    (is_known(fact.value) ? report.answered : report.unsure).push_back(fact.name);
  return report;
}

std::optional<Prompt> Interview::next() {
  outlook_ = ask_next(law_, answers.facts, as_of_);
  if (!outlook_.next) return std::nullopt;
  const Ask& ask = *outlook_.next;
  Prompt prompt{ask.number,
                ask.question->id,
                ask.question->title,
                ask.fact->name,
                ask.fact->ask,
                {},
                ask.fact->why,
                provisions(law_, *ask.fact),
                how_to_answer(*ask.fact),
                ask.is_presumed};
  if (ask.fact->type != regulations::FactType::boolean)
    for (const regulations::Word& word : ask.fact->words)
      prompt.words.emplace_back(word.word, word.means);
  return prompt;
}

Result<> Interview::answer(std::string_view typed) {
  LS_CHECK(outlook_.next.has_value(), "an answer comes after a question");
  const regulations::FactDefinition& fact = *outlook_.next->fact;
  TRY(FactValue value, read_typed(law_, fact, typed));
  std::vector<Fact> all = answers.facts;
  all.push_back({fact.name, std::move(value), {Provenance::Kind::answered, {}, "", "init", {}}});
  Diagnostics problems;
  regulations::check_contradictions(law_, all, problems);
  if (problems.has_errors())
    return fail(ErrorKind::input, "init.answer", problems.entries().front().message);
  answers.facts = std::move(all);
  return {};
}

std::optional<Fact> Interview::take_back() {
  if (answers.facts.empty()) return std::nullopt;
  Fact last = std::move(answers.facts.back());
  answers.facts.pop_back();
  return last;
}

}  // namespace lockstep::app
