// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fmt/format.h>
#include <utility>

#include "app/release_gate.hpp"
#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array options = {
    Option{"--by", "NAME", "who takes the decision"},
    Option{"--key", "PEM", "the public key, with --verify"},
    Option{"--replay", "", "with --verify: judge again on the data here, and compare"},
    Option{"--sign", "PEM", "sign the record with this private key (Ed25519 or P-256)"},
    Option{"--verify", "FILE", "verify a signed record in place of making one"},
};

int exit_of(const app::GateRecord& record) {
  int exit = exit_code::ok;
  if (record.failed > 0) exit = higher_ranking(exit, exit_code::gate_failed);
  if (record.undecided > 0) exit = higher_ranking(exit, exit_code::human);
  if (record.not_asked > 0 || !record.age_gap.empty())
    exit = higher_ranking(exit, exit_code::incomplete);
  return exit;
}

/// Judging and verifying are two things; an option of the other one would be passed over.
Result<> check_options(const Arguments& arguments) {
  const bool verifies = arguments.has("--verify");
  for (const auto& [option, of_verifying] :
       {std::pair{"--key", true}, std::pair{"--replay", true}, std::pair{"--by", false},
        std::pair{"--sign", false}}) {
    if (!arguments.has(option) || of_verifying == verifies) continue;
    return fail(ErrorKind::usage, "usage.gate",
                fmt::format("expected {} {} --verify, found it {}", option,
                            of_verifying ? "with" : "without", verifies ? "with it" : "alone"));
  }
  return {};
}

Result<Outcome> verify(const Arguments& arguments, Environment& environment) {
  if (!arguments.has("--key"))
    return fail(ErrorKind::usage, "usage.gate", "expected --key PEM with --verify, found nothing");
  Outcome outcome;
  TRY(const app::VerifiedRecord record,
      app::verify_record(arguments.text("--verify"), arguments.text("--key"), environment.files));
  if (arguments.has("--replay")) {
    TRY(const std::string path, product_path(arguments, environment));
    const auto replayed = app::replay_record(record, path, data_folder(arguments, environment),
                                             environment.files, outcome.problems);
    if (!replayed) return failed(replayed.error(), std::move(outcome.problems));
  }
  if (arguments.is_json()) {
    outcome.text = to_pretty_json(Json::object_of(
        {{"schema", "lockstep/gate-verification/1"},
         {"verified", true},
         {"replayed", arguments.has("--replay")},
         {"product", record.product},
         {"as_of", record.as_of},
         {"decision", record.state},
         {"decided_by", record.decided_by.empty() ? Json{} : Json(record.decided_by)},
         {"key", record.key_id},
         {"exit", outcome.exit}}));
    return outcome;
  }
  outcome.text =
      fmt::format("the signature holds{}\n{} on {}: {}{}\nkey {}\n",
                  arguments.has("--replay") ? ", and judging again gives the same record" : "",
                  quotable(record.product), record.as_of, record.state,
                  record.decided_by.empty() ? "" : ", decided by " + quotable(record.decided_by),
                  record.key_id);
  return outcome;
}

Result<Outcome> run_gate(const Arguments& arguments, Environment& environment) {
  TRY_VOID(check_options(arguments));
  if (arguments.has("--verify")) return verify(arguments, environment);
  Outcome outcome;
  TRY(const std::string path, product_path(arguments, environment));
  TRY(const Day day, as_of(arguments, environment));
  const auto record =
      app::decide_release({path, data_folder(arguments, environment), day, arguments.text("--by")},
                          environment.files, outcome.problems);
  if (!record) return failed(record.error(), std::move(outcome.problems));
  outcome.exit = exit_of(*record);
  if (arguments.has("--sign")) {
    auto text = app::sign_record(*record, arguments.text("--sign"), environment.files);
    if (!text) return failed(text.error(), std::move(outcome.problems));
    outcome.text = *std::move(text);
    return outcome;
  }
  if (arguments.is_json()) {
    outcome.text = record->statement + "\n";
    return outcome;
  }
  const std::string sentence = fmt::format(
      "{}: {} findings, {} fail, {} need a decision; {} components could not be asked about{}",
      words(record->state), record->findings, record->failed, record->undecided, record->not_asked,
      record->age_gap.empty() ? "" : "; " + record->age_gap);
  outcome.text = wrap(sentence, static_cast<std::size_t>(environment.width), 2) + "\n";
  return outcome;
}

}  // namespace

const Command vuln_gate = {
    "vuln gate",
    "decides on a release by what is known of its vulnerabilities, and signs it",
    {},
    options,
    "lockstep vuln gate --by 'A. Maker' --sign gate-key.pem -o gate.json\n"
    "lockstep vuln gate --verify gate.json --key gate-key.pub.pem --replay",
    run_gate,
};

}  // namespace lockstep::frontends
