// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array options = {
    Option{"--origin", "", "also say where each value comes from"},
};

Json to_json(const std::vector<Setting>& settings) {
  Json rows = Json::array();
  for (const Setting& one : settings)
    rows.push(Json::object_of({{"name", one.name}, {"value", one.value}, {"origin", one.origin}}));
  return Json::object_of(
      {{"schema", "lockstep/config/1"}, {"settings", std::move(rows)}, {"exit", exit_code::ok}});
}

Result<Outcome> run_show(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  TRY(const auto settings, settings_of(arguments, environment));
  const bool has_origin = arguments.has("--origin");
  Table table(has_origin ? std::vector<std::string>{"Setting", "Value", "From"}
                         : std::vector<std::string>{"Setting", "Value"});
  bool is_json = false;
  for (const Setting& one : settings) {
    is_json |= one.name == "format" && one.value == "json";
    std::vector<std::string> row = {one.name, one.value.empty() ? "-" : one.value};
    if (has_origin) row.push_back(one.origin);
    table.add(row);
  }
  outcome.text = is_json ? to_pretty_json(to_json(settings)) : table.to_text(environment.width);
  return outcome;
}

}  // namespace

const Command config_show = {
    "config show",
    "shows every setting, and with --origin where it comes from",
    {},
    options,
    "lockstep config show --origin\n"
    "LOCKSTEP_SEED=7 lockstep config show --origin --format json",
    run_show,
};

}  // namespace lockstep::frontends
