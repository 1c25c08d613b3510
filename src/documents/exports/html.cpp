// SPDX-License-Identifier: Apache-2.0
#include "documents/render/html.hpp"

#include <fmt/format.h>

#include "documents/exports/parts.hpp"
#include "documents/report/sections.hpp"
#include "domain/dossier.hpp"

namespace lockstep::documents {

/// The part of the report about vulnerabilities, as a page of its own.
Result<std::string> export_html(const ScannedBills& scanned) {
  Dossier dossier;
  dossier.as_of = scanned.as_of;
  dossier.boms.assign(scanned.boms.begin(), scanned.boms.end());
  dossier.data.assign(scanned.data.begin(), scanned.data.end());
  dossier.findings.assign(scanned.findings.begin(), scanned.findings.end());
  dossier.unmatched.assign(scanned.unmatched.begin(), scanned.unmatched.end());
  Document document;
  document.kind = "Known vulnerabilities";
  document.title = title_of(scanned);
  document.subject = fmt::format("{} - as of {}", document.title, to_text(scanned.as_of));
  document.footer =
      fmt::format("Written by lockstep {} as of {}.", LOCKSTEP_VERSION, to_text(scanned.as_of));
  document.print = Document::Print::flowing;
  document.sections = {report_vulnerabilities(dossier)};
  return to_html(document);
}

}  // namespace lockstep::documents
