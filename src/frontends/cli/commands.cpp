// SPDX-License-Identifier: Apache-2.0
// The list of commands, sorted by name. One more command is one more row (docs/how-to-add).
#include "frontends/cli/commands/commands.hpp"

#include <array>

#include "frontends/cli/command.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array common = {
    Option{"--config", "FILE",
           "the product file; default: lockstep.yaml here or in a folder above"},
    Option{"--format", "text|json", "how to answer (default text)"},
    Option{"--output", "FILE", "write the answer there instead of standard output"},
    Option{"--as-of", "DATE", "the day to judge for, such as 2028-09-04 (default today)"},
    Option{"--data", "DIR",
           "where advisory data lives (default $LOCKSTEP_DATA, else "
           "$XDG_DATA_HOME/lockstep)"},
    Option{"--store", "URL",
           "where evidence is kept (default sqlite:.lockstep/store.db beside the "
           "product file)"},
    Option{"--seed", "N", "seed of every random choice (default 1)"},
    Option{"--color", "auto|always|never", "colours (default auto; NO_COLOR is honoured)"},
    Option{
        "--offline", "",
        "use no network; only `data update`, `vuln watch run` and models behind addresses would"},
    Option{"--no-progress", "", "no progress bar"},
    Option{"--quiet", "", "no progress, and no notes when all is well"},
};

constexpr std::array groups = {
    CommandGroup{"ai", "the AI model under attack"},
    CommandGroup{"case", "an event and its reporting deadlines"},
    CommandGroup{"config", "settings and where they come from"},
    CommandGroup{"data", "advisory data on this machine"},
    CommandGroup{"distributor", "what a distributor verifies"},
    CommandGroup{"docs", "the documents to hand over"},
    CommandGroup{"evidence", "what supports each statement"},
    CommandGroup{"importer", "what an importer verifies"},
    CommandGroup{"law", "the law as it is built in"},
    CommandGroup{"purl", "package URLs"},
    CommandGroup{"risk", "the one risk register"},
    CommandGroup{"sbom", "bills of materials"},
    CommandGroup{"thresholds", "limits set before results"},
    CommandGroup{"vuln", "known vulnerabilities"},
    CommandGroup{"vuln watch", "released versions, and what becomes known about them"},
};

std::span<const Command> rows() {
  static const std::array list = {
      ai_certify,
      ai_conformance,
      ai_corrupt,
      ai_evade,
      ai_inspect,
      ai_measure,
      ai_run,
      ai_universal,
      assess,
      case_clock,
      completion_command,
      config_show,
      cvss_command,
      data_diff,
      data_import,
      data_status,
      data_update,
      distributor_check,
      docs_build,
      docs_plan,
      evidence_list,
      evidence_verify,
      explain,
      export_command,
      importer_check,
      init,
      law_cases,
      law_coverage,
      law_diff,
      law_list,
      law_show,
      purl_parse,
      risk_list,
      risk_show,
      sbom_diff,
      sbom_import,
      sbom_merge,
      sbom_validate,
      scope,
      ssvc_command,
      thresholds_lock,
      thresholds_show,
      thresholds_verify,
      validate,
      vers_contains,
      vers_next,
      vers_overlap,
      version_check,
      vuln_accept,
      vuln_gate,
      vuln_scan,
      vuln_triage,
      vuln_vex,
      vuln_watch_add,
      vuln_watch_list,
      vuln_watch_remove,
      vuln_watch_run,
      vuln_watch_settle,
      vuln_watch_tasks,
  };
  return list;
}

}  // namespace

std::span<const Command> commands() {
  return rows();
}

std::span<const Option> common_options() {
  return common;
}

std::span<const CommandGroup> command_groups() {
  return groups;
}

}  // namespace lockstep::frontends
