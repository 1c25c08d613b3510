// SPDX-License-Identifier: Apache-2.0
#include "documents/ai_run_page.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/statistics.hpp"
#include "documents/render/html.hpp"
#include "documents/report/sections.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string class_name(const AttackDetails& details, std::int64_t label) {
  const auto place = static_cast<std::size_t>(label);
  return label >= 0 && place < details.class_names.size() ? details.class_names[place]
                                                          : std::to_string(label);
}

const TestVerdict* verdict_of(const Dossier& dossier, const std::string& test) {
  const auto found = std::ranges::find(dossier.verdicts, test, &TestVerdict::test);
  return found == dossier.verdicts.end() ? nullptr : &*found;
}

Line share_line(std::int64_t part, std::int64_t whole) {
  return fmt::format("{} ({} of {})", percent(share(part, whole)), part, whole);
}

Section verdicts_section(const AiRun& run) {
  const Dossier& dossier = run.dossier;
  Section section{"verdicts", "Verdicts", {}};
  Table table{"Tests, as the product file lists them",
              {{"Test"},
               {"State"},
               {"Right without attack", Column::Align::numbers},
               {"Right under attack", Column::Align::numbers},
               {"Worst class"},
               {"Because"}},
              {}};
  for (const Measurement& test : dossier.measurements) {
    const TestVerdict* verdict = verdict_of(dossier, test.id);
    const AttackDetails& details = run.tests.at(test.id).details;
    const ClassOutcome* worst = worst_class(details);
    table.rows.push_back(
        {{Line{Link{test.id, test_anchor(test.id)}},
          Line{mark(verdict == nullptr ? State::not_checked : verdict->state)},
          percent(share(test.clean.correct, test.clean.total)),
          percent(share(test.robust.correct, test.robust.total)),
          worst == nullptr ? Line{"-"}
                           : Line{Foreign{class_name(details, worst->label)},
                                  ", " + percent(share(worst->standing, worst->total))},
          verdict == nullptr ? Line{"no threshold was there to judge it by"}
                             : Line{Foreign{verdict->because}}},
         ""});
  }
  if (table.rows.empty())
    section.blocks.emplace_back(not_checked("No test was run."));
  else
    section.blocks.emplace_back(std::move(table));
  if (dossier.not_checked.empty()) return section;
  Table others{"Not run", {{"What"}, {"Why"}}, {}};
  for (const NotChecked& one : dossier.not_checked)
    others.rows.push_back({{Line{Code{one.what}}, Line{Foreign{one.reason}}}, ""});
  section.blocks.emplace_back(std::move(others));
  return section;
}

Table class_table(const AttackDetails& details, const std::string& test) {
  Table table{"Classes of " + test,
              {{"Class"},
               {"Samples", Column::Align::numbers},
               {"Right without attack", Column::Align::numbers},
               {"Right under attack", Column::Align::numbers},
               {"95 % interval", Column::Align::numbers}},
              {}};
  std::vector<ClassOutcome> classes = details.classes;
  std::ranges::stable_sort(classes, {},
                           [](const ClassOutcome& one) { return share(one.standing, one.total); });
  for (const ClassOutcome& one : classes)
    table.rows.push_back({{Line{Foreign{class_name(details, one.label)}}, count(one.total),
                           share_line(one.right, one.total), share_line(one.standing, one.total),
                           percent(clopper_pearson(one.standing, one.total))},
                          ""});
  return table;
}

/// How many examples there are, and how many of them the data could hold.
Paragraph examples_says(const AttackDetails& details) {
  const auto total = static_cast<std::int64_t>(details.examples.size());
  const auto kept = std::ranges::count_if(details.examples, &AdversarialExample::is_kept);
  const auto possible = std::ranges::count_if(details.examples, [](const AdversarialExample& one) {
    return one.is_kept && one.problems.empty();
  });
  std::string text = count_of(total, "adversarial example", "adversarial examples") + " confirmed.";
  if (details.grid == "8-bit pixels")
    text += fmt::format(" {} of them still deceive the net as {}.", kept, details.grid);
  if (details.grid == "rows of the table")
    text += fmt::format(
        " {} of them still deceive the net as {}; {} of those rows can exist and can be made from "
        "the row that they began with.",
        kept, details.grid, possible);
  return says(text);
}

std::vector<Block> pictures_of(const AiTestRun& test) {
  std::vector<Block> blocks;
  for (const ExamplePictures& pictures : test.pictures) {
    const auto found =
        std::ranges::find(test.details.examples, pictures.index, &AdversarialExample::index);
    if (found == test.details.examples.end()) continue;
    const std::string right = class_name(test.details, found->label);
    const std::string wrong = class_name(test.details, found->predicted);
    const std::string name = found->name.empty()
                                 ? fmt::format("sample {}", found->index)
                                 : fmt::format("sample {}, {}", found->index, found->name);
    blocks.emplace_back(Gallery{
        fmt::format("{}: distance {}", name, number(found->distance)),
        {{"as it is: " + right, fmt::format("The sample, which the net takes for {}.", right),
          pictures.original},
         {"perturbed: " + wrong, fmt::format("The same, changed; the net takes it for {}.", wrong),
          pictures.perturbed},
         {"the difference, amplified", "Grey where nothing changed.", pictures.difference}}});
  }
  return blocks;
}

Section whole_test(const AiRun& run, const Measurement& measurement) {
  const AiTestRun& test = run.tests.at(measurement.id);
  Section section = test_section(run.dossier, measurement);
  if (!test.details.classes.empty())
    section.blocks.emplace_back(class_table(test.details, measurement.id));
  if (!test.details.examples.empty()) section.blocks.emplace_back(examples_says(test.details));
  append(section.blocks, pictures_of(test));
  if (!test.files.empty())
    section.blocks.emplace_back(
        says(Line{count_of(static_cast<std::int64_t>(test.files.size()), "file", "files"),
                  " of this test; the exact numbers of every example are in ",
                  Code{test.files.front()}, ", SHA-256 ", Code{test.details.examples_sha256}}));
  return section;
}

}  // namespace

const ClassOutcome* worst_class(const AttackDetails& details) {
  const ClassOutcome* worst = nullptr;
  for (const ClassOutcome& one : details.classes) {
    if (one.total < class_samples_min) continue;
    if (worst == nullptr || share(one.standing, one.total) < share(worst->standing, worst->total))
      worst = &one;
  }
  return worst;
}

std::string ai_run_page(const AiRun& run) {
  const Dossier& dossier = run.dossier;
  const Product& product = dossier.product;
  Document page;
  page.kind = "Tests of AI models";
  page.title = product.name;
  page.subject = product.name + " " + product.version;
  page.footer = "Made with lockstep " + dossier.tool_version;
  page.print = Document::Print::flowing;
  page.cover.emplace_back(Definitions{{
      {"Product", Line{Strong{product.name}, " " + product.version}},
      {"State of all tests", Line{mark(run.state)}},
      {"Product file", Line{Code{product.path}, Break{}, Code{product.sha256}}},
      {"Worker", digest(run.worker_sha256)},
      {"Made with", fmt::format("lockstep {}, seed {}", dossier.tool_version, dossier.seed)},
  }});
  page.cover.emplace_back(
      says("An attack shows how weak a model is at least; a stronger attack may do better."));
  page.sections.push_back(verdicts_section(run));
  if (!dossier.metrics.empty()) page.sections.push_back(report_metrics(dossier));
  for (const Measurement& measurement : dossier.measurements)
    page.sections.push_back(whole_test(run, measurement));
  return to_html(page);
}

}  // namespace lockstep::documents
