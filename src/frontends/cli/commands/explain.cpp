// SPDX-License-Identifier: Apache-2.0
#include "app/explain.hpp"

#include <array>
#include <fmt/format.h>

#include "app/embedded_law.hpp"
#include "app/explain_check.hpp"
#include "app/explain_finding.hpp"
#include "app/explain_test.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array show_positionals = {
    Positional{"ID", "an act, article, rule, fact or code, such as cra, cra/art_14 or cra.sbom"},
};

constexpr std::array positionals = {
    Positional{"ID",
               "an advisory, risk, test, fact, rule, provision, code, state, error code or term"},
};

Json to_json(const app::Explanation& page) {
  Json sections = Json::array();
  for (const auto& section : page.sections)
    sections.push(
        Json::object_of({{"heading", section.heading}, {"lines", Json::array_of(section.lines)}}));
  return Json::object_of({{"schema", "lockstep/explanation/1"},
                          {"id", page.id},
                          {"kind", page.kind},
                          {"title", page.title},
                          {"sections", std::move(sections)},
                          {"exit", exit_code::ok}});
}

std::string to_text(const app::Explanation& page, int width) {
  const auto columns_of = static_cast<std::size_t>(width);
  std::string text =
      fmt::format("{} ({})\n  {}\n", page.id, page.kind, wrap(page.title, columns_of, 2));
  for (const app::Explanation::Section& section : page.sections) {
    text += fmt::format("\n{}\n", section.heading);
    for (const std::string& line : section.lines)
      text += fmt::format("  {}\n", wrap(line, columns_of, 4));
  }
  return text;
}

Result<app::Explanation> page_of_law(const std::string& id) {
  const regulations::Ruleset law = app::embedded_law();
  TRY(const auto rows, app::explain_rows());
  return app::explain(law, rows, id);
}

/// A finding's or a risk's page first, since their names are no words of the law.
Result<app::Explanation> page_of(const std::string& id,
                                 const Arguments& arguments,
                                 const Environment& environment) {
  TRY(auto advisory,
      app::explain_advisory(id, data_folder(arguments, environment), environment.files));
  if (advisory) return std::move(*advisory);
  TRY(auto risk, app::explain_risk(id));
  if (risk) return std::move(*risk);
  TRY(auto item, app::explain_check(id));
  if (item) return std::move(*item);
  auto page = page_of_law(id);
  if (page) return page;
  // A person names tests, and what is named as a word of the law is explained as that.
  const auto product = product_path(arguments, environment);
  if (!product) return page;
  Diagnostics problems;
  TRY(auto test, app::explain_test(id, *product, store_url(arguments, environment, *product),
                                   environment.files, problems));
  if (test) return std::move(*test);
  if (problems.has_errors())
    page.error().notes.push_back(fmt::format(
        "the tests of {} are not known: it has problems, which `lockstep assess` lists", *product));
  return page;
}

Outcome shown(const app::Explanation& page, const Arguments& arguments, int width) {
  Outcome outcome;
  outcome.text = arguments.is_json() ? to_pretty_json(to_json(page)) : to_text(page, width);
  return outcome;
}

Result<Outcome> run_explain(const Arguments& arguments, Environment& environment) {
  TRY(const app::Explanation page, page_of(arguments.text("ID"), arguments, environment));
  return shown(page, arguments, environment.width);
}

Result<Outcome> run_show(const Arguments& arguments, Environment& environment) {
  TRY(const app::Explanation page, page_of_law(arguments.text("ID")));
  return shown(page, arguments, environment.width);
}

}  // namespace

const Command explain = {
    "explain",
    "explains a rule, an article, a finding, a risk, a test, a fact, a state, an error code",
    positionals,
    {},
    "lockstep explain cra.sbom\n"
    "lockstep explain product.data_connection\n"
    "lockstep explain cra/art_14\n"
    "lockstep explain CVE-2021-44228\n"
    "lockstep explain importer.support_end\n"
    "lockstep explain reader.linf\n"
    "lockstep explain underpowered",
    run_explain,
};

const Command law_show = {
    "law show",
    "shows an act, an article, a rule or a fact of the law",
    show_positionals,
    {},
    "lockstep law show cra\n"
    "lockstep law show \"CRA Art. 14(2)(a)\"\n"
    "lockstep law show cra.scope",
    run_show,
};

}  // namespace lockstep::frontends
