// SPDX-License-Identifier: Apache-2.0
#include "app/validate.hpp"

#include <array>
#include <fmt/format.h>

#include "base/text.hpp"
#include "domain/purl.hpp"
#include "formats/csaf/validate.hpp"
#include "formats/osv/read.hpp"
#include "formats/registry.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t document_bytes_max = std::uint64_t{256} << 20U;

/// A bill of the wanted standard; another standard's bill is no valid one of this.
void check_bom_of(std::string_view standard,
                  std::string_view bytes,
                  const std::string& path,
                  Diagnostics& problems) {
  const auto bom = formats::read_bom(bytes, path, problems);
  if (!bom) return problems.add(bom.error());
  if (!bom->format.starts_with(standard))
    problems.error("bom.format", fmt::format("expected {}, found {}", standard, bom->format),
                   {path, 0, 0});
}

void check_cyclonedx(std::string_view bytes, const std::string& path, Diagnostics& problems) {
  check_bom_of("CycloneDX", bytes, path, problems);
}

void check_spdx(std::string_view bytes, const std::string& path, Diagnostics& problems) {
  check_bom_of("SPDX", bytes, path, problems);
}

/// The row of OpenVEX alone: bills may carry statements too, but are no OpenVEX documents.
void check_openvex(std::string_view bytes, const std::string& path, Diagnostics& problems) {
  const auto document = parse_json(bytes, path, problems);
  if (!document) return problems.add(document.error());
  for (const formats::VexFormat& format : formats::vex_formats()) {
    if (!format.name.starts_with("OpenVEX") || !format.looks_like(*document)) continue;
    (void)format.read(*document, {path, problems});
    return;
  }
  problems.error("vex.format", "expected an OpenVEX document, found another", {path, 0, 0});
}

void check_osv(std::string_view bytes, const std::string& path, Diagnostics& problems) {
  formats::osv::Reader reader;
  if (const auto read = reader.read(bytes, path, problems); !read) problems.add(read.error());
}

void check_purls(std::string_view bytes, const std::string& path, Diagnostics& problems) {
  int number = 0;
  for (const std::string_view line : split(bytes, '\n')) {
    ++number;
    const std::string_view text = trim(line);
    if (text.empty()) continue;
    const auto purl = parse_purl(text);
    if (!purl) problems.error(purl.error().code, purl.error().message, {path, number, 1});
  }
}

struct Check {
  std::string_view format;
  void (*check)(std::string_view bytes, const std::string& path, Diagnostics& problems);
  /// In place of `check` for a format whose rules speak of the present.
  void (*check_at)(std::string_view, const std::string&, Diagnostics&, Instant now) = nullptr;
};

constexpr std::array checks = {
    Check{"csaf", nullptr, formats::csaf::validate},
    Check{"cyclonedx", check_cyclonedx},
    Check{"openvex", check_openvex},
    Check{"osv", check_osv},
    Check{"purl", check_purls},
    Check{"spdx", check_spdx},
};

}  // namespace

std::span<const std::string_view> validated_formats() {
  static constexpr std::array names = {checks[0].format, checks[1].format, checks[2].format,
                                       checks[3].format, checks[4].format, checks[5].format};
  return names;
}

Result<Diagnostics> validate(const std::string& path,
                             std::string_view format,
                             const Files& files,
                             Instant now) {
  for (const Check& row : checks) {
    if (row.format != format) continue;
    TRY(const std::string bytes, files.read(path, document_bytes_max));
    Diagnostics problems;
    if (row.check_at != nullptr)
      row.check_at(bytes, path, problems, now);
    else
      row.check(bytes, path, problems);
    return problems;
  }
  return fail(
      ErrorKind::usage, "usage.choice",
      fmt::format("this version validates csaf, cyclonedx, openvex, osv, purl and spdx, not '{}'",
                  quotable(format)));
}

}  // namespace lockstep::app
