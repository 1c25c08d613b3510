// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fmt/format.h>

#include "app/ai.hpp"
#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/data_options.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/summary.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::int64_t draws_max = 100'000'000;

using Verdict = PropertyAnswer::Verdict;

constexpr std::array positionals = {Positional{"MODEL", "an ONNX file, or a gzip of one"}};
constexpr auto options = with_options(
    std::array{
        Option{"--property", "FILE", "a VNN-LIB property: is there a counterexample?"},
        Option{"--timeout", "S", "seconds for a property (default 60)"},
        Option{"--witness", "FILE", "write the counterexample there, as the VNN-COMP writes them"},
        data_option,
        Option{"--epsilon", "E",
               "the largest change, in input units: 8-bit images are scaled to 0..1"},
        Option{"--norm", "linf|l2", "how a change is measured (default linf)"},
        Option{"--method", "ibp|crown-ibp|crown|alpha-crown",
               "how bounds are made (default crown)"},
        Option{"--samples", "N", "the first N samples (default 100)"},
        Option{"--smoothing", "", "randomised smoothing in place of bounds"},
        Option{"--sigma", "S", "standard deviation of the noise"},
        Option{"--n", "N", "noisy copies of each sample (default 1000)"},
        Option{"--n0", "N", "noisy copies to choose the class (default 100)"},
        Option{"--alpha", "A", "chance that the radius of a sample is wrong (default 0.001)"},
        Option{"--predict", "", "the smoothed class alone, without a radius"},
        Option{"--threads", "N", "threads (default 1); does not change what is found"},
        device_option,
    },
    data_options);

Result<double> positive(const Arguments& arguments, std::string_view name, double otherwise) {
  TRY(const auto given, arguments.number(name));
  const double value = given.value_or(otherwise);
  if (!(value > 0 && value <= 1e9))
    return fail(ErrorKind::usage, "usage.number", fmt::format("{} expects a number above 0", name));
  return value;
}

Result<app::CertifyRequest> request_of(const Arguments& arguments, const Environment& environment) {
  app::CertifyRequest request;
  request.program = environment.variable("LOCKSTEP_ATTACK");
  request.model = arguments.text("MODEL");
  request.property = arguments.text("--property");
  request.data = arguments.text("--data");
  request.columns = arguments.text("--columns");
  TRY(request.preprocessing, preprocessing(arguments));
  const bool is_smoothing = arguments.has("--smoothing");
  if (request.property.empty() == request.data.empty())
    return fail(ErrorKind::usage, "usage.missing",
                "`lockstep ai certify` expects --property, or --data with --epsilon or "
                "--smoothing");
  const char* needed = is_smoothing ? "--sigma" : "--epsilon";
  if (!request.data.empty() && !arguments.has(needed))
    return fail(ErrorKind::usage, "usage.missing",
                fmt::format("`lockstep ai certify --data` expects {}", needed));
  if (is_smoothing) {
    TRY(request.sigma, positive(arguments, "--sigma", 0));
  } else if (!request.data.empty()) {
    TRY(request.epsilon, positive(arguments, "--epsilon", 0));
  }
  TRY(request.timeout_seconds, positive(arguments, "--timeout", 60));
  if (request.timeout_seconds > 1e6)
    return fail(ErrorKind::usage, "usage.number", "--timeout expects at most 1000000 seconds");
  request.method = arguments.text("--method", "crown");
  request.norm = arguments.text("--norm", "linf");
  TRY(request.samples, count(arguments, "--samples", 100));
  TRY(request.draws, count(arguments, "--n", 1000, draws_max));
  TRY(request.selection_draws, count(arguments, "--n0", 100, draws_max));
  TRY(request.alpha, positive(arguments, "--alpha", 0.001));
  if (request.alpha >= 1)
    return fail(ErrorKind::usage, "usage.number", "--alpha expects a number between 0 and 1");
  request.is_prediction = arguments.has("--predict");
  TRY(const auto threads, count(arguments, "--threads", 1));
  request.threads = static_cast<int>(threads);
  request.device = arguments.text("--device", "cpu");
  TRY(request.seed, seed(arguments, environment));
  return request;
}

std::string report(const Certificate& c, int width) {
  std::string text =
      fmt::format("{} (sha256 {})\n{} (sha256 {})\n", quotable(c.model.path),
                  c.model.sha256.substr(0, 16), quotable(c.data.path), c.data.sha256.substr(0, 16));
  if (const auto& smoothing = c.smoothing) {
    text += fmt::format(
        "{} with sigma {}, {} + {} draws, alpha {}, seed {}\n{}\n"
        "right without noise    {}\nsmoothed and right     {}\nabstained              {}\n"
        "average radius         {:.4f}\n",
        c.method, smoothing->sigma, smoothing->selection_draws, smoothing->draws, smoothing->alpha,
        c.seed, answered_words(c.answered_by, width), share(c.clean), share(c.verified),
        smoothing->abstained, smoothing->average_radius);
    Table curve({"L2 radius", "Certified accuracy"});
    for (const RadiusPoint& point : smoothing->curve)
      curve.add({fmt::format("{:.4g}", point.radius), share(point.certified)});
    text += "\n" + curve.to_text(width);
    return text + "\nRadii hold for the smoothed classifier, each with probability 1 - alpha.\n";
  }
  text += fmt::format(
      "{} within {}, {}, seed {}\n{}\n"
      "right without attack   {}\nproved right           {}\n",
      c.norm, c.epsilon, c.method, c.seed, answered_words(c.answered_by, width), share(c.clean),
      share(c.verified));
  if (c.attacked) text += fmt::format("right under attack     {}\n", share(*c.attacked));
  Table checks({"Check", "State", "Says"});
  for (const SoundnessCheck& check : c.soundness)
    checks.add({check.check, std::string(words(check.state)), check.says});
  text += "\n" + checks.to_text(width);
  return text + "\nThe truth lies between what is proved and what holds under attack.\n";
}

std::string report(const PropertyAnswer& answer) {
  std::string text = answer.verdict == Verdict::sat ? counterexample_text(answer)
                                                    : fmt::format("{}\n", to_text(answer.verdict));
  return text +
         fmt::format("; {} ({} parts, {:.1f} s)\n", answer.how, answer.domains, answer.seconds);
}

int exit_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::unsat:
      return exit_code::ok;
    case Verdict::sat:
      return exit_code::gate_failed;
    case Verdict::timeout:
    case Verdict::unknown:
      return exit_code::incomplete;
  }
  return exit_code::incomplete;
}

Result<Outcome> run_property(const app::CertifyRequest& request,
                             const Arguments& arguments,
                             Environment& environment) {
  TRY(const PropertyAnswer answer, app::certify_property(request, environment.progress));
  Outcome outcome;
  outcome.exit = exit_of(answer.verdict);
  const std::string witness = arguments.text("--witness");
  if (answer.verdict == Verdict::sat && !witness.empty())
    TRY_VOID(environment.files.write(witness, counterexample_text(answer)));
  outcome.text =
      arguments.is_json() ? app::certificate_document(answer, outcome.exit) : report(answer);
  return outcome;
}

Result<Outcome> run_certify(const Arguments& arguments, Environment& environment) {
  TRY(const app::CertifyRequest request, request_of(arguments, environment));
  if (!request.property.empty()) return run_property(request, arguments, environment);
  TRY(const Certificate certificate, app::certify(request, environment.progress));
  Outcome outcome;
  outcome.text = arguments.is_json() ? app::certificate_document(certificate, outcome.exit)
                                     : report(certificate, environment.width);
  return outcome;
}

}  // namespace

const Command ai_certify = {
    "ai certify",
    "proves that no change of an input within limits changes the answer, or finds one that does",
    positionals,
    options,
    "lockstep ai certify model.onnx --property prop.vnnlib --timeout 60\n"
    "lockstep ai certify model.onnx --data test.npz --epsilon 0.01 --method alpha-crown\n"
    "lockstep ai certify model.onnx --data test.npz --smoothing --sigma 0.25 --n 10000",
    run_certify,
};

}  // namespace lockstep::frontends
