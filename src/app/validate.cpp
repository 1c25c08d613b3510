// SPDX-License-Identifier: Apache-2.0
#include "app/validate.hpp"

#include <array>
#include <fmt/format.h>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "domain/purl.hpp"
#include "formats/csaf/validate.hpp"
#include "formats/envelope/envelope.hpp"
#include "formats/limits.hpp"
#include "formats/osv/read.hpp"
#include "formats/registry.hpp"
#include "formats/sarif/sarif.hpp"
#include "formats/security_txt/security_txt.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t document_bytes_max = std::uint64_t{256} << 20U;

/// One file that is checked.
struct Subject {
  std::string_view bytes;
  const std::string& path;
  Instant now;
};

/// A bill of the wanted standard; another standard's bill is no valid one of this.
void check_bom_of(std::string_view standard, const Subject& file, Diagnostics& problems) {
  const auto bom = formats::read_bom(file.bytes, file.path, problems);
  if (!bom) return problems.add(bom.error());
  if (!bom->format.starts_with(standard))
    problems.error("bom.format", fmt::format("expected {}, found {}", standard, bom->format),
                   {file.path, 1, 0});
}

void check_cyclonedx(const Subject& file, Diagnostics& problems) {
  check_bom_of("CycloneDX", file, problems);
}

void check_spdx(const Subject& file, Diagnostics& problems) {
  check_bom_of("SPDX", file, problems);
}

/// The row of OpenVEX alone: bills may carry statements too, but are no OpenVEX documents.
void check_openvex(const Subject& file, Diagnostics& problems) {
  const formats::Source source{file.path, problems};
  const auto document = formats::open_document(file.bytes, source, "vex.format");
  if (!document) return problems.add(document.error());
  for (const formats::VexFormat& format : formats::vex_formats()) {
    if (!format.name.starts_with("OpenVEX") || !format.looks_like(*document)) continue;
    (void)format.read(*document, source);
    return;
  }
  problems.error("vex.format", "expected an OpenVEX document, found another", {file.path, 1, 0});
}

/// Doubts about the meaning of a record, and words that the schema does not list, which importing
/// it lets pass, are errors here.
void check_osv(const Subject& file, Diagnostics& problems) {
  formats::osv::Reader reader;
  Diagnostics found;
  if (const auto read = reader.read(file.bytes, file.path, found); !read) found.add(read.error());
  for (Diagnostic entry : found.entries()) {
    if (entry.code == "osv.distinct" || entry.code == "osv.unknown")
      entry.severity = Severity::error;
    problems.add(std::move(entry));
  }
}

void check_purls(const Subject& file, Diagnostics& problems) {
  int number = 0;
  for (const std::string_view line : split(file.bytes, '\n')) {
    ++number;
    const std::string_view text = trim(line);
    if (text.empty()) continue;
    const auto purl = parse_purl(text);
    if (!purl) problems.error(purl.error().code, purl.error().message, {file.path, number, 1});
  }
}

void check_csaf(const Subject& file, Diagnostics& problems) {
  formats::csaf::validate(file.bytes, file.path, problems, file.now);
}

void check_sarif(const Subject& file, Diagnostics& problems) {
  const auto document = parse_json(file.bytes, file.path, problems, formats::bom_limits);
  if (!document) return problems.add(document.error());
  formats::check_sarif(*document, {file.path, problems});
}

void check_security_txt(const Subject& file, Diagnostics& problems) {
  (void)formats::read_security_txt(file.bytes, file.now, {file.path, problems});
}

struct Check {
  std::string_view format;
  void (*check)(const Subject& file, Diagnostics& problems);
};

constexpr std::array checks = {
    Check{"csaf", check_csaf},
    Check{"cyclonedx", check_cyclonedx},
    Check{"openvex", check_openvex},
    Check{"osv", check_osv},
    Check{"purl", check_purls},
    Check{"sarif", check_sarif},
    Check{"security.txt", check_security_txt},
    Check{"spdx", check_spdx},
};

}  // namespace

Result<Diagnostics> validate(const std::string& path,
                             std::string_view format,
                             Instant now,
                             const Files& files) {
  std::vector<std::string> known;
  for (const Check& row : checks) {
    known.emplace_back(row.format);
    if (row.format != format) continue;
    TRY(const std::string bytes, files.read(path, document_bytes_max));
    Diagnostics problems;
    row.check({bytes, path, now}, problems);
    return problems;
  }
  return fail(
      ErrorKind::usage, "usage.choice",
      fmt::format("this version validates {}, not '{}'", join(known, ", "), quotable(format)));
}

}  // namespace lockstep::app
