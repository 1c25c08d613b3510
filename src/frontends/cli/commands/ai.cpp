// SPDX-License-Identifier: Apache-2.0
#include "app/ai.hpp"

#include <array>
#include <fmt/format.h>

#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/data_options.hpp"
#include "frontends/cli/endpoint_options.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/summary.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array evade_positionals = {
    Positional{"MODEL", "an ONNX classifier, or the address of a service"}};
constexpr auto evade_options = with_options(
    with_options(
        std::array{
            data_option,
            Option{"--text", "FILE",
                   "the description of texts, where the data are texts (docs/ai-text.md)"},
            Option{"--norm", "linf|l2|l1|edits",
                   "how a change is measured (default linf; of texts edits)"},
            Option{"--epsilon", "E",
                   "the largest change, in input units: 8-bit images are scaled to 0..1"},
            Option{"--attack", "NAME",
                   "within epsilon: fgsm, pgd, mi-fgsm, apgd-ce, apgd-dlr, apgd-t, fab-t, square, "
                   "noise, or "
                   "the sequences autoattack, autoattack-plus and, for models that answer by "
                   "chance, autoattack-rand; the nearest wrong answer: "
                   "deepfool, ddn, "
                   "fmn, cw, ead, simba, hsj, boundary, rays; rows of a table: capgd, moeva, and "
                   "the sequence "
                   "caa; on texts: hotflip, deepwordbug (default pgd, for an address square, for "
                   "texts "
                   "hotflip; docs/attacks.md)"},
            Option{"--target", "CLASS",
                   "the class to reach: a number; second, that with the second highest score; "
                   "next, the one "
                   "after the right one (default: any wrong class)"},
            Option{"--samples", "N", "the first N samples (default 1000)"},
            Option{"--steps", "N", "steps or questions of an attack (default: as its authors say)"},
            Option{"--restarts", "N", "how often to start anew (default 1)"},
            Option{"--eot", "N",
                   "passes of a model that answers by chance whose scores and gradients are "
                   "averaged for each step (default 1)"},
            Option{"--start", "none|random", "where an attack starts (default random)"},
            Option{"--keep", "best|final", "which iterate counts (default best)"},
            Option{"--batch", "N",
                   "samples at a time (default 128); does not change what is found"},
            Option{"--curve", "E,E,...", "further epsilons to measure"},
            Option{"--threads", "N", "threads (default 1); does not change what is found"},
            device_option,
        },
        data_options),
    endpoint_options);

constexpr std::array conformance_positionals = {
    Positional{"DIR", "folders in the layout of the ONNX backend tests", true, true},
};
constexpr std::array conformance_options = {device_option};

Result<std::vector<double>> curve_of(const Arguments& arguments) {
  TRY(std::vector<double> curve, numbers(arguments, "--curve"));
  for (const double value : curve)
    if (value <= 0)
      return fail(ErrorKind::usage, "usage.number",
                  fmt::format("--curve expects numbers above 0, found {}", value));
  return curve;
}

Result<app::EvadeRequest> evade_request(const Arguments& arguments,
                                        const Environment& environment) {
  app::EvadeRequest request;
  request.program = environment.variable("LOCKSTEP_ATTACK");
  request.model = arguments.text("MODEL");
  request.data = arguments.text("--data");
  request.columns = arguments.text("--columns");
  request.text = arguments.text("--text");
  TRY(request.preprocessing, preprocessing(arguments));
  const bool is_text = !request.text.empty();
  request.norm = arguments.text("--norm", is_text ? "edits" : "linf");
  const bool is_asked = is_address(request.model);
  const char* const usual =
      is_text ? (is_asked ? "deepwordbug" : "hotflip") : (is_asked ? "square" : "pgd");
  request.attack = arguments.text("--attack", usual);
  request.target = arguments.text("--target");
  TRY(const auto epsilon, arguments.number("--epsilon"));
  if (request.data.empty() || !epsilon)
    return fail(ErrorKind::usage, "usage.missing",
                "`lockstep ai evade` expects --data and --epsilon");
  if (!(*epsilon > 0))
    return fail(ErrorKind::usage, "usage.number", "--epsilon expects a number above 0");
  request.epsilon = *epsilon;
  TRY(request.access, endpoint_access(arguments, environment, request.model));
  TRY(request.samples, count(arguments, "--samples", 1000));
  std::int64_t steps = 0;  // as the attack's authors say
  if (arguments.has("--steps")) {
    TRY(steps, count(arguments, "--steps", 1));
  }
  TRY(const auto restarts, count(arguments, "--restarts", 1));
  TRY(const auto passes, count(arguments, "--eot", 1));
  TRY(request.batch_size, count(arguments, "--batch", 128));
  TRY(const auto threads, count(arguments, "--threads", 1));
  request.steps = static_cast<int>(steps);
  request.restarts = static_cast<int>(restarts);
  request.passes = static_cast<int>(std::min<std::int64_t>(passes, 1'000'000));
  request.threads = static_cast<int>(threads);
  request.device = arguments.text("--device", "cpu");
  request.is_start_random = arguments.text("--start", "random") == "random";
  request.is_best_kept = arguments.text("--keep", "best") == "best";
  TRY(request.curve, curve_of(arguments));
  TRY(request.seed, seed(arguments, environment));
  return request;
}

std::string distances_text(const Distances& distances, const std::string& norm) {
  std::string text =
      fmt::format("nearest wrong answer: found for {} of {} samples, at any distance",
                  distances.fooled, distances.attacked);
  if (distances.fooled > 0)
    text += fmt::format("; {} mean {:.4g}, median {:.4g}", norm, distances.mean, distances.median);
  if (distances.fooled < distances.attacked)
    text += distances.median_attacked
                ? fmt::format(", median with the others {:.4g}", *distances.median_attacked)
                : ", for too few to have a median over all";
  for (const Distances::After& mark : distances.after)
    text += fmt::format("\n  after {} questions: {} found{}", mark.questions, mark.fooled,
                        mark.fooled > 0 ? fmt::format(", median {:.4g}", mark.median) : "");
  return text + "\n";
}

std::string table_text(const TableChanges& table, const Accuracy& robust) {
  std::string text;
  if (!table.rows.empty())
    text += fmt::format("rows of the table: {} broken; median {} changed column{}, cost {:.4g}\n",
                        table.rows.size(), table.median_changed,
                        table.median_changed == 1 ? "" : "s", table.median_cost);
  if (table.exhausted > 0)
    text += fmt::format(
        "every row within epsilon was asked about for {} of the {} samples that "
        "stand: nothing can break these\n",
        table.exhausted, robust.correct);
  return text;
}

std::string target_text(const Measurement& measured) {
  if (measured.target.empty()) return "";
  return fmt::format("class to reach: {}; {} of {} samples are in it without attack and left out\n",
                     quotable(measured.target), measured.left_out, measured.samples);
}

std::string report(const Measurement& measured, int width) {
  std::string text = fmt::format(
      "{} ({})\n{} ({})\n{} within {}, {}, seed {}, batch {}, {} thread(s)\n{}\n"
      "right without attack   {}\nright under attack     {}\n",
      quotable(measured.model.path), digest_words(measured.model), quotable(measured.data.path),
      digest_words(measured.data), measured.norm, measured.epsilon, measured.budget, measured.seed,
      measured.batch_size, measured.threads, answered_words(measured.answered_by, width),
      share(measured.clean), share(measured.robust));
  Table attacks({"Attack", "Tried", "Broken", "Forward", "Backward", "Seconds", "Source"});
  for (const AttackRun& run : measured.attacks)
    attacks.add({run.name, std::to_string(run.tried), std::to_string(run.broken),
                 std::to_string(run.forward), std::to_string(run.backward),
                 fmt::format("{:.1f}", run.seconds), run.source});
  text += "\n" + attacks.to_text(width);
  text += fmt::format("\nadversarial examples: {} claimed, {} confirmed one by one\n",
                      measured.claimed, measured.confirmed);
  text += target_text(measured);
  if (measured.distances) text += distances_text(*measured.distances, measured.norm);
  if (measured.table) text += table_text(*measured.table, measured.robust);
  Table checks({"Check", "State", "Says"});
  for (const SoundnessCheck& check : measured.soundness)
    checks.add({check.check, std::string(words(check.state)), check.says});
  text += "\n" + checks.to_text(width);
  if (!measured.curve.empty()) {
    Table curve({"Epsilon", "Right under attack"});
    for (const CurvePoint& point : measured.curve)
      curve.add({fmt::format("{}", point.epsilon), share(point.robust)});
    text += "\n" + curve.to_text(width);
  }
  return text + "\nAn attack gives an upper bound on robustness: a stronger one may do better.\n";
}

Result<Outcome> run_evade(const Arguments& arguments, Environment& environment) {
  TRY(const app::EvadeRequest request, evade_request(arguments, environment));
  TRY(const Measurement measured, app::evade(request, environment.progress));
  Outcome outcome;
  outcome.text = arguments.is_json() ? app::evasion_document(measured, outcome.exit)
                                     : report(measured, environment.width);
  return outcome;
}

Result<Outcome> run_conformance(const Arguments& arguments, Environment& environment) {
  TRY(const app::ConformanceReport report,
      app::conformance(environment.variable("LOCKSTEP_ATTACK"), arguments.all("DIR"),
                       arguments.text("--device", "cpu"), environment.progress));
  Outcome outcome;
  outcome.exit = report.failed > 0 ? exit_code::gate_failed : exit_code::ok;
  if (arguments.is_json()) {
    outcome.text = to_pretty_json(Json::object_of({{"schema", "lockstep/conformance/1"},
                                                   {"lines", Json::array_of(report.lines)},
                                                   {"passed", report.passed},
                                                   {"failed", report.failed},
                                                   {"unsupported", report.unsupported},
                                                   {"exit", outcome.exit}}));
    return outcome;
  }
  for (const std::string& line : report.lines)
    outcome.text += line + "\n";
  outcome.text += fmt::format("{} passed, {} failed, {} unsupported\n", report.passed,
                              report.failed, report.unsupported);
  return outcome;
}

}  // namespace

const Command ai_evade = {
    "ai evade",
    "attacks a classifier with changed inputs and measures what holds",
    evade_positionals,
    evade_options,
    "lockstep ai evade model.onnx --data test.npz --norm linf --epsilon 0.03 --attack pgd\n"
    "lockstep ai evade model.onnx --data test.npz --epsilon 0.1 --steps 40 --start none --keep "
    "final\n"
    "lockstep ai evade model.onnx --data test.npz --epsilon 0.1 --curve 0.02,0.05 --format json\n"
    "lockstep ai evade model.onnx --data test.npz --norm l2 --epsilon 1 --attack autoattack\n"
    "lockstep ai evade model.onnx --data test.csv --columns columns.yaml --epsilon 0.5 --attack "
    "caa\n"
    "lockstep ai evade model.onnx --data test.npz --epsilon 0.1 --attack apgd-ce --target second\n"
    "lockstep ai evade https://models.example/v2/models/reader/infer --data test.npz --epsilon 0.1 "
    "--attack square --queries 100000\n"
    "lockstep ai evade sentiment.onnx --data reviews.csv --text reviews.yaml --epsilon 3 --attack "
    "deepwordbug",
    run_evade,
};

const Command ai_conformance = {
    "ai conformance",
    "runs ONNX backend tests through the model reader",
    conformance_positionals,
    conformance_options,
    "lockstep ai conformance onnx/node/test_*",
    run_conformance,
};

}  // namespace lockstep::frontends
