// SPDX-License-Identifier: Apache-2.0
#include "documents/report.hpp"

#include <fmt/format.h>

#include "documents/render/html.hpp"
#include "documents/report/sections.hpp"

namespace lockstep::documents {

Document report_document(const Dossier& dossier) {
  const Product& product = dossier.product;
  Document document;
  document.kind = "Product security report";
  document.title = product.name.empty() ? "Product without a name"
                                        : fmt::format("{} {}", product.name, product.version);
  document.subject =
      fmt::format("{} - as of {} - run {:.12}", document.title, to_text(dossier.as_of),
                  dossier.run_id.empty() ? "without id" : dossier.run_id);
  document.footer =
      fmt::format("Written by lockstep {} as of {}; run {}.", dossier.tool_version,
                  to_text(dossier.as_of), dossier.run_id.empty() ? "without id" : dossier.run_id);
  document.cover = report_cover(dossier);
  document.sections = {
      report_verdict(dossier),         report_law(dossier),      report_requirements(dossier),
      report_vulnerabilities(dossier), report_metrics(dossier),  report_tests(dossier),
      report_risks(dossier),           report_handling(dossier), report_documents(dossier),
      report_supply(dossier),          report_method(dossier),   report_annex(dossier)};
  return document;
}

std::vector<WrittenFile> write_report(const Dossier& dossier) {
  return {{"report.html", "text/html", to_html(report_document(dossier))}};
}

}  // namespace lockstep::documents
