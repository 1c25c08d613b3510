// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fmt/format.h>

#include "app/universal.hpp"
#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/data_options.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/summary.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array positionals = {Positional{"MODEL", "an ONNX classifier"}};
constexpr auto options = with_options(
    std::array{
        data_option,
        Option{"--epsilon", "E", "a perturbation of every sample by at most E"},
        Option{"--norm", "linf|l2", "of the perturbation (default linf)"},
        Option{"--patch", "SHARE",
               "instead a patch that covers this share of a picture, such as 0.1"},
        Option{"--change", "FILE",
               "keep the change there: x.npy its numbers, x.png a picture of it"},
        Option{"--steps", "N", "steps (default 500)"},
        Option{"--samples", "N", "the first N samples, half of them held out (default 1000)"},
        Option{"--threads", "N", "threads (default 1); does not change what is found"},
        device_option,
    },
    preprocessing_options);

Result<UniversalChange> change_of(const Arguments& arguments) {
  UniversalChange change;
  TRY(const auto epsilon, arguments.number("--epsilon"));
  TRY(const auto area, arguments.number("--patch"));
  if (epsilon.has_value() == area.has_value())
    return fail(ErrorKind::usage, "usage.missing",
                "`lockstep ai universal` expects one of --epsilon and --patch");
  change.kind = area ? UniversalChange::Kind::patch : UniversalChange::Kind::perturbation;
  change.epsilon = epsilon.value_or(0);
  change.area = area.value_or(0);
  if (area && arguments.has("--norm"))
    return fail(ErrorKind::usage, "usage.option", "--norm has no meaning with --patch");
  change.norm = arguments.text("--norm", "linf");
  return change;
}

Result<app::UniversalRequest> request_of(const Arguments& arguments,
                                         const Environment& environment) {
  app::UniversalRequest request;
  request.program = environment.variable("LOCKSTEP_ATTACK");
  request.model = arguments.text("MODEL");
  request.data = arguments.text("--data");
  if (request.data.empty())
    return fail(ErrorKind::usage, "usage.missing", "`lockstep ai universal` expects --data");
  TRY(request.preprocessing, preprocessing(arguments));
  TRY(request.change, change_of(arguments));
  request.file = arguments.text("--change");
  if (!request.file.empty() && !request.file.ends_with(".npy") && !request.file.ends_with(".png"))
    return fail(ErrorKind::usage, "usage.option",
                fmt::format("--change expects a name that ends with .npy or .png, found '{}'",
                            quotable(request.file)));
  TRY(const auto steps, count(arguments, "--steps", 500, 100'000));
  request.steps = static_cast<int>(steps);
  TRY(request.samples, count(arguments, "--samples", 1000));
  TRY(const auto threads, count(arguments, "--threads", 1));
  request.threads = static_cast<int>(threads);
  request.device = arguments.text("--device", "cpu");
  TRY(request.seed, seed(arguments, environment));
  return request;
}

std::string words_of(const UniversalReport& report) {
  const UniversalChange& change = report.change;
  if (change.kind == UniversalChange::Kind::patch)
    return fmt::format("a patch of {} pixels a side, {:g} of the picture", report.size,
                       change.area);
  return fmt::format("a perturbation of {} up to {:g}", change.norm, change.epsilon);
}

std::string text_of(const UniversalReport& report, int width) {
  return fmt::format(
      "{} (sha256 {})\n{} (sha256 {})\n{}, {} steps, seed {}\n{}\n"
      "Right answers\n"
      "  without it            {}\n"
      "  with it               {}\n"
      "  with a random one     {}\n"
      "  where it was made     {}\n\n"
      "The first three on the {} held-out samples, the last on the {} that the change was made\n"
      "from. {} of {} that fell are confirmed by LibTorch alone. {} forward, {} backward.\n{}",
      quotable(report.model.path), report.model.sha256.substr(0, 16), quotable(report.data.path),
      report.data.sha256.substr(0, 16), words_of(report), report.steps, report.seed,
      answered_words(report.answered_by, width), share(report.clean), share(report.changed),
      share(report.control), share(report.trained), report.clean.total, report.trained.total,
      report.confirmed, report.claimed, report.forward, report.backward,
      report.kept.path.empty() ? ""
                               : fmt::format("The change is in {}.\n", quotable(report.kept.path)));
}

Result<Outcome> run_universal(const Arguments& arguments, Environment& environment) {
  TRY(const app::UniversalRequest request, request_of(arguments, environment));
  TRY(const UniversalReport report, app::universal(request, environment.progress));
  Outcome outcome;
  outcome.text = arguments.is_json() ? app::universal_document(report, outcome.exit)
                                     : text_of(report, environment.width);
  return outcome;
}

}  // namespace

const Command ai_universal = {
    "ai universal",
    "looks for one change that deceives a classifier on samples it was not made from",
    positionals,
    options,
    "lockstep ai universal model.onnx --data test.npz --epsilon 0.1\n"
    "lockstep ai universal model.onnx --data pictures/ --patch 0.1 --threads 2\n"
    "lockstep ai universal model.onnx --data pictures/ --patch 0.1 --change patch.png\n"
    "lockstep ai universal model.onnx --data test.npz --norm l2 --epsilon 2 --format json",
    run_universal,
};

}  // namespace lockstep::frontends
