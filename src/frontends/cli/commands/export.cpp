// SPDX-License-Identifier: Apache-2.0
#include "app/export.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/settings.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array positionals = {
    Positional{"FORMAT",
               "csaf, csaf-2.1, csaf-vex, cyclonedx, cyclonedx-vex, gitlab, html, junit, openvex, "
               "sarif or spdx"},
};

Result<Outcome> run_export(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  const std::string name = arguments.text("FORMAT");
  const auto names = app::export_names();
  if (std::ranges::find(names, name) == names.end()) {
    std::string message =
        fmt::format("expected one of {}, found '{}'", join(names, ", "), quotable(name));
    if (const auto near = nearest(name, names))
      message += fmt::format("; did you mean '{}'?", *near);
    return fail(ErrorKind::usage, "usage.choice", std::move(message));
  }
  TRY(const std::string path, product_path(arguments, environment));
  TRY(const Day day, as_of(arguments, environment));
  TRY(const Instant at, made_at(arguments, environment));
  auto text = app::export_product({name, path, data_folder(arguments, environment), day, at},
                                  environment.files, outcome.problems);
  if (!text) return failed(text.error(), std::move(outcome.problems));
  outcome.text = *std::move(text);
  return outcome;
}

}  // namespace

const Command export_command = {
    "export",
    "writes what a scan of the product finds in a format of others",
    positionals,
    {},
    "lockstep export sarif -o findings.sarif\n"
    "lockstep export cyclonedx --as-of 2028-09-04 -o vdr.cdx.json\n"
    "lockstep export csaf-vex -o vex.json",
    run_export,
};

}  // namespace lockstep::frontends
