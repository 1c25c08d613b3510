// SPDX-License-Identifier: Apache-2.0
#include "app/supply_check.hpp"

#include <fmt/format.h>

#include "app/embedded_law.hpp"
#include "app/inputs.hpp"
#include "app/received.hpp"
#include "documents/json/supply_check.hpp"
#include "formats/answers/answers.hpp"
#include "regulations/checks/run_check.hpp"
#include "regulations/facts.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t answers_bytes_max = std::uint64_t{4} << 20U;

/// Facts, product and answers, checked; all problems go to `problems`.
Result<regulations::CheckInput> read_input(const SupplyCheckRequest& request,
                                           const regulations::Ruleset& law,
                                           const regulations::Check& check,
                                           const Files& files,
                                           Diagnostics& problems) {
  regulations::CheckInput input;
  input.as_of = request.as_of;
  input.has_facts = !request.facts_file.empty() || !request.product_file.empty();
  if (!request.product_file.empty()) {
    TRY(const Product product, read_product_file(request.product_file, files, problems));
    input.product_name = product.name;
    input.product_version = product.version;
  }
  if (input.has_facts) {
    TRY(const LegalSubject subject,
        read_subject({request.product_file, request.facts_file, request.as_of, {}}, files,
                     problems));
    input.facts = regulations::fit_facts(law, subject.facts, problems);
  }
  if (!request.answers_file.empty()) {
    TRY(const std::string bytes, files.read(request.answers_file, answers_bytes_max));
    TRY(input.answers, formats::read_check_answers(bytes, request.answers_file, problems));
    regulations::check_answers(check, input, problems);
  }
  if (problems.has_errors())
    return fail(ErrorKind::input, "input.problems",
                fmt::format("expected facts and answers without problems, found {}; nothing was "
                            "checked",
                            problems.error_count()));
  return input;
}

}  // namespace

Result<regulations::Checks> embedded_checks(const regulations::Ruleset& law) {
  TRY(const auto trees, embedded_trees("checks/"));
  Diagnostics problems;
  regulations::Checks checks = regulations::load_checks(trees, law, problems);
  for (const Diagnostic& entry : problems.entries())
    if (entry.severity == Severity::error)
      return fail(ErrorKind::internal, entry.code, entry.message, entry.where);
  return checks;
}

Result<SupplyCheckView> supply_check(const SupplyCheckRequest& request,
                                     const Files& files,
                                     Progress& progress,
                                     Diagnostics& problems) {
  const regulations::Ruleset law = embedded_law();
  TRY(const auto checks, embedded_checks(law));
  const regulations::Check* check = checks.find_check(request.check);
  if (check == nullptr) return fail(ErrorKind::internal, "check.word", "no such check is built in");
  TRY(const auto input, read_input(request, law, *check, files, problems));
  TRY(const ReceivedBundle bundle,
      read_bundle(request.bundle, files, pdf_reader(request.pdf_program, progress), progress));
  return regulations::run_check(checks, *check, law, input, bundle);
}

std::string supply_check_document(const SupplyCheckView& view, int exit) {
  return to_pretty_json(documents::supply_check_json(view, exit));
}

std::string supply_check_markdown(const SupplyCheckView& view) {
  return documents::supply_check_markdown(view);
}

}  // namespace lockstep::app
