// SPDX-License-Identifier: Apache-2.0
#include "app/legal_view.hpp"

#include <fmt/format.h>

#include "app/embedded_law.hpp"
#include "app/inputs.hpp"
#include "documents/json/json.hpp"
#include "formats/product/facts.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t facts_bytes_max = std::uint64_t{4} << 20U;

struct Subject {
  std::string name;
  std::vector<Fact> facts;
};

Result<Subject> read_subject(const LegalRequest& request,
                             const Files& files,
                             Diagnostics& problems) {
  if (!request.facts_file.empty()) {
    TRY(const std::string bytes, files.read(request.facts_file, facts_bytes_max));
    TRY(auto facts, formats::read_facts(bytes, request.facts_file, problems));
    return Subject{request.facts_file, std::move(facts)};
  }
  TRY(const Product product, read_product_file(request.product_file, files, problems));
  return Subject{fmt::format("{} {}", product.name, product.version), gather_facts(product)};
}

Json to_json(const std::vector<ViewChange>& changes) {
  Json rows = Json::array();
  for (const ViewChange& change : changes)
    rows.push(Json::object_of(
        {{"what", change.what}, {"before", change.before}, {"after", change.after}}));
  return rows;
}

}  // namespace

Result<LegalAnswer> legal_view(const LegalRequest& request,
                               const Files& files,
                               Diagnostics& problems) {
  TRY(const auto law, embedded_law());
  TRY(Subject subject, read_subject(request, files, problems));
  if (problems.has_errors())
    return fail(
        ErrorKind::input, "input.problems",
        fmt::format("{} problems in the facts; nothing was answered", problems.error_count()));
  LegalAnswer answer;
  answer.subject = std::move(subject.name);
  TRY(answer.report,
      scope(law, {std::move(subject.facts), request.as_of, request.what_if}, problems));
  Json document = documents::scope_json(answer.subject, answer.report.view, 0);
  if (!request.what_if.empty()) document.set("what_if", to_json(answer.report.changes));
  answer.document = to_pretty_json(document);
  return answer;
}

}  // namespace lockstep::app
