// SPDX-License-Identifier: Apache-2.0
#include "app/legal_view.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "app/embedded_law.hpp"
#include "app/inputs.hpp"
#include "documents/charts/charts.hpp"
#include "documents/json/json.hpp"
#include "formats/product/facts.hpp"
#include "regulations/facts.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t facts_bytes_max = std::uint64_t{4} << 20U;

Json to_json(const std::vector<ViewChange>& changes) {
  Json rows = Json::array();
  for (const ViewChange& change : changes)
    rows.push(Json::object_of(
        {{"what", change.what}, {"before", change.before}, {"after", change.after}}));
  return rows;
}

Json alone_json(const std::vector<std::string>& what_if,
                const std::vector<std::vector<ViewChange>>& alone) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < alone.size(); ++i)
    rows.push(Json::object_of({{"what_if", what_if[i]}, {"changes", to_json(alone[i])}}));
  return rows;
}

/// A value that fits the fact, to show how an answer is written.
std::string example_of(const regulations::FactDefinition& fact) {
  switch (fact.type) {
    case regulations::FactType::boolean:
      return "no";
    case regulations::FactType::choice:
      return fact.words.front().word;
    case regulations::FactType::set:
      return "[" + fact.words.front().word + "]";
    case regulations::FactType::integer:
      return "10";
    case regulations::FactType::day:
      return "2028-09-04";
    case regulations::FactType::text:
      return "DE";
  }
  return {};
}

NextQuestion next_question(const regulations::Ruleset& law, const MissingFact& missing) {
  NextQuestion next{missing.fact, missing.question, "", ""};
  if (const auto* fact = law.find_fact(missing.fact)) {
    next.answer_with = regulations::what_fits(*fact);
    next.for_example = fmt::format("{}: {}", fact->name, example_of(*fact));
  }
  return next;
}

/// A change of the law that changed something for the product waits for a person.
int exit_of(const LegalView& view) {
  const bool is_waiting = std::ranges::any_of(
      view.changes_since, [](const LawChange& change) { return !change.changed.empty(); });
  return is_waiting ? 5 : 0;
}

}  // namespace

Result<LegalSubject> read_subject(const LegalRequest& request,
                                  const Files& files,
                                  Diagnostics& problems) {
  if (!request.facts_file.empty()) {
    TRY(const std::string bytes, files.read(request.facts_file, facts_bytes_max));
    TRY(auto facts, formats::read_facts(bytes, request.facts_file, problems));
    return LegalSubject{request.facts_file, std::move(facts), {}};
  }
  TRY(const Product product, read_product_file(request.product_file, files, problems));
  return LegalSubject{fmt::format("{} {}", product.name, product.version),
                      gather_facts(product, problems), product.facts_answered};
}

std::string timeline_svg(const LegalView& view) {
  const auto figure = documents::timeline(view, view.as_of);
  if (!figure) return {};
  const documents::Drawing& drawing = figure->drawing;
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {} {}\">"
      "<title>{}</title><desc>{}</desc><style>text{{font:12px sans-serif}}"
      ".axis,.limit{{stroke:#333;fill:none}}.limit{{stroke-dasharray:4 3}}"
      ".f-neutral{{fill:#777}}.f-high{{fill:#b35900}}</style>\n{}</svg>\n",
      drawing.width, drawing.height, drawing.title, drawing.description, drawing.shapes);
}

Result<LegalAnswer> legal_view(const LegalRequest& request,
                               const Files& files,
                               Diagnostics& problems) {
  const regulations::Ruleset law = embedded_law();
  TRY(LegalSubject subject, read_subject(request, files, problems));
  if (problems.has_errors())
    return fail(
        ErrorKind::input, "input.problems",
        fmt::format("{} problems in the facts; nothing was answered", problems.error_count()));
  LegalAnswer answer;
  answer.subject = std::move(subject.name);
  TRY(answer.report,
      scope(law, {std::move(subject.facts), request.as_of, request.what_if, subject.facts_answered},
            problems));
  if (const auto& missing = answer.report.view.missing_facts; !missing.empty())
    answer.next = next_question(law, missing.front());
  answer.exit = exit_of(answer.report.view);
  return answer;
}

std::string scope_document(const LegalAnswer& answer, const std::vector<std::string>& what_if) {
  Json document = documents::scope_json(answer.subject, answer.report.view, answer.exit);
  if (!what_if.empty()) document.set("what_if", to_json(answer.report.changes));
  if (!answer.report.alone.empty())
    document.set("what_if_alone", alone_json(what_if, answer.report.alone));
  if (answer.next)
    document.set("next_question", Json::object_of({{"fact", answer.next->fact},
                                                   {"question", answer.next->question},
                                                   {"answer_with", answer.next->answer_with},
                                                   {"for_example", answer.next->for_example}}));
  return to_pretty_json(document);
}

}  // namespace lockstep::app
