// SPDX-License-Identifier: Apache-2.0
// Every command's row, declared once; the list is in commands.cpp.
#pragma once

#include "frontends/cli/command.hpp"

namespace lockstep::frontends {

extern const Command ai_certify;
extern const Command ai_conformance;
extern const Command ai_corrupt;
extern const Command ai_evade;
extern const Command ai_inspect;
extern const Command ai_measure;
extern const Command ai_run;
extern const Command ai_universal;
extern const Command assess;
extern const Command case_clock;
extern const Command completion_command;
extern const Command config_show;
extern const Command cvss_command;
extern const Command data_import;
extern const Command data_diff;
extern const Command data_status;
extern const Command data_update;
extern const Command distributor_check;
extern const Command docs_build;
extern const Command docs_plan;
extern const Command evidence_list;
extern const Command evidence_verify;
extern const Command explain;
extern const Command export_command;
extern const Command importer_check;
extern const Command init;
extern const Command law_cases;
extern const Command law_coverage;
extern const Command law_diff;
extern const Command law_list;
extern const Command law_show;
extern const Command purl_parse;
extern const Command risk_list;
extern const Command risk_show;
extern const Command sbom_diff;
extern const Command sbom_import;
extern const Command sbom_merge;
extern const Command sbom_validate;
extern const Command scope;
extern const Command ssvc_command;
extern const Command thresholds_lock;
extern const Command thresholds_show;
extern const Command thresholds_verify;
extern const Command validate;
extern const Command vers_contains;
extern const Command vers_next;
extern const Command vers_overlap;
extern const Command version_check;
extern const Command vuln_accept;
extern const Command vuln_gate;
extern const Command vuln_scan;
extern const Command vuln_triage;
extern const Command vuln_vex;
extern const Command vuln_watch_add;
extern const Command vuln_watch_list;
extern const Command vuln_watch_remove;
extern const Command vuln_watch_run;
extern const Command vuln_watch_settle;
extern const Command vuln_watch_tasks;

}  // namespace lockstep::frontends
