// SPDX-License-Identifier: Apache-2.0
#include "app/explain.hpp"

#include <array>

#include "app/embedded_law.hpp"
#include "frontends/cli/commands/commands.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array positionals = {
    Positional{"ID", "a fact, rule, provision, code, state, kind of evidence, error code or term"},
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

Result<Outcome> run_explain(const Arguments& arguments, Environment&) {
  TRY(const auto law, app::embedded_law());
  TRY(const auto rows, app::explain_rows());
  TRY(const app::Explanation page, app::explain(law, rows, arguments.text("ID")));
  Outcome outcome;
  outcome.text = arguments.is_json() ? to_pretty_json(to_json(page)) : app::to_text(page);
  return outcome;
}

}  // namespace

const Command explain = {
    "explain",
    "explains a rule, an article, a fact, a state, an error code or a term",
    positionals,
    {},
    "lockstep explain cra.sbom\n"
    "lockstep explain product.data_connection\n"
    "lockstep explain cra/art_14\n"
    "lockstep explain underpowered",
    run_explain,
};

}  // namespace lockstep::frontends
