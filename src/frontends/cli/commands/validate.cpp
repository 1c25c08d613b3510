// SPDX-License-Identifier: Apache-2.0
#include "app/validate.hpp"

#include <array>
#include <fmt/format.h>

#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/settings.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array positionals = {Positional{"FILE", "the document"}};
constexpr std::array options = {
    Option{"--as", "csaf|cyclonedx|openvex|osv|purl|sarif|security.txt|spdx", "what it should be"},
};

std::string_view word_of(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "error";
}

Json to_json(const Diagnostics& problems, int exit) {
  Json rows = Json::array();
  for (const Diagnostic& one : problems.entries()) {
    rows.push(Json::object_of({{"id", one.code},
                               {"severity", word_of(one.severity)},
                               {"path", one.where.file},
                               {"line", one.where.line},
                               {"message", one.message}}));
  }
  return Json::object_of({{"schema", "lockstep/validation/1"},
                          {"valid", !problems.has_errors()},
                          {"problems", std::move(rows)},
                          {"exit", exit}});
}

Result<Outcome> run_validate(const Arguments& arguments, Environment& environment) {
  if (!arguments.has("--as"))
    return fail(ErrorKind::usage, "usage.missing",
                fmt::format("`lockstep validate` expects --as, one of {}", options[0].value));
  TRY(const Day day, as_of(arguments, environment));
  TRY(Diagnostics problems, app::validate(arguments.text("FILE"), arguments.text("--as"),
                                          Instant(day), environment.files));
  Outcome outcome;
  outcome.exit = problems.has_errors() ? exit_code::input : exit_code::ok;
  if (arguments.is_json()) {
    outcome.text = to_pretty_json(to_json(problems, outcome.exit));
    return outcome;
  }
  outcome.text = problems.has_errors() ? fmt::format("{} problems as {}\n", problems.error_count(),
                                                     arguments.text("--as"))
                                       : fmt::format("no problem as {}\n", arguments.text("--as"));
  outcome.problems = std::move(problems);
  return outcome;
}

}  // namespace

const Command validate = {
    "validate",
    "checks a document against its format, all problems at once",
    positionals,
    options,
    "lockstep validate sbom.cdx.json --as cyclonedx\n"
    "lockstep validate advisory.json --as csaf\n"
    "lockstep validate vex.json --as openvex --format json\n"
    "lockstep validate .well-known/security.txt --as security.txt --as-of 2027-09-01",
    run_validate,
};

}  // namespace lockstep::frontends
