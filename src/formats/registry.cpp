// SPDX-License-Identifier: Apache-2.0
#include "formats/registry.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "formats/csaf/csaf.hpp"
#include "formats/cyclonedx/cyclonedx.hpp"
#include "formats/limits.hpp"
#include "formats/openvex/openvex.hpp"
#include "formats/spdx/spdx.hpp"

namespace lockstep::formats {
namespace {

constinit const std::array<BomFormat, 2> bom_rows = {{
    {"CycloneDX 1.2 to 1.7 JSON", "ECMA-424", looks_like_cyclonedx, read_cyclonedx},
    {"SPDX 2.2 and 2.3 JSON", "SPDX 2.3, ISO/IEC 5962", looks_like_spdx, read_spdx},
}};

constinit const std::array<VexFormat, 3> vex_rows = {{
    {"OpenVEX 0.0.1 and 0.2.0", "OpenVEX 0.2.0", looks_like_openvex, read_openvex},
    {"CycloneDX 1.2 to 1.7 JSON", "ECMA-424", looks_like_cyclonedx, read_cyclonedx_vex},
    {"CSAF 2.0 and 2.1", "CSAF 2.1", csaf::looks_like_csaf, csaf::read_csaf_vex},
}};

/// What a text is that is no JSON, by its first characters; "" when it may be broken JSON.
std::string_view known_text(std::string_view bytes) {
  std::string_view text = trim(bytes.substr(0, 4096));
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return "a text in UTF-16";
  if (text.starts_with('<')) {
    if (text.find("cyclonedx.org/schema") != std::string_view::npos)
      return "CycloneDX as XML, which is not read yet; the same bill as JSON is";
    if (text.find("spdx.org/rdf") != std::string_view::npos)
      return "SPDX as RDF or XML, which is not read yet; the same bill as JSON is";
    return "an XML document, which is not read yet";
  }
  if (text.find("SPDXVersion:") != std::string_view::npos)
    return "SPDX in its tag-value form, which is not read yet; the same bill as JSON is";
  if (!text.starts_with('{') && text.find("spdxVersion:") != std::string_view::npos)
    return "SPDX as YAML, which is not read yet; the same bill as JSON is";
  if (text.starts_with("PK\x03\x04")) return "a zip archive";
  return "";
}

/// What a JSON document is that is of no format of the list.
std::string known_document(const Json& document) {
  const Json& contexts = document["@context"];
  const std::string context =
      (contexts.items().empty() ? contexts : contexts.items().front()).string_or("");
  const std::string csaf = document["document"]["csaf_version"].string_or("");
  if (context.find("spdx.org/rdf/3") != std::string::npos) return "SPDX 3, which is not read yet";
  if (!csaf.empty()) return "a CSAF " + quotable(csaf) + " document";
  if (looks_like_openvex(document)) return "an OpenVEX document";
  if (looks_like_cyclonedx(document)) return "a CycloneDX document";
  if (looks_like_spdx(document)) return "an SPDX document";
  if (document["payloadType"].is_string() || document["predicateType"].is_string())
    return "an in-toto attestation, which is not read yet; take the bill out of it";
  if (document["runs"].is_array()) return "a SARIF document";
  if (document["affected"].is_array()) return "an OSV record";
  if (!document.is_object()) return describe(document);
  std::vector<std::string> keys;
  for (const auto& member : document.members()) {
    constexpr std::size_t shown = 5;
    if (keys.size() == shown) break;
    keys.push_back(quotable(member.first, 30));
  }
  return keys.empty() ? "an empty map" : "a map with the keys " + join(keys, ", ");
}

template <typename Row>
std::string names_of(std::span<const Row> rows) {
  std::vector<std::string> names;
  for (const Row& row : rows)
    names.emplace_back(row.name);
  return join(names, " or ");
}

/// The document, and the row that fits it.
template <typename Row>
Result<std::pair<Json, const Row*>> recognise(std::string_view bytes,
                                              std::span<const Row> rows,
                                              const std::string& code,
                                              const Source& source) {
  if (const std::string_view known = known_text(bytes); !known.empty())
    return fail(ErrorKind::input, code, fmt::format("expected {}, found {}", names_of(rows), known),
                {source.path, 0, 0});
  TRY(Json document, parse_json(bytes, source.path, source.problems, bom_limits));
  const auto row =
      std::ranges::find_if(rows, [&](const Row& one) { return one.looks_like(document); });
  if (row == rows.end())
    return fail(ErrorKind::input, code,
                fmt::format("expected {}, found {}", names_of(rows), known_document(document)),
                {source.path, 0, 0});
  return std::pair{std::move(document), &*row};
}

}  // namespace

std::span<const BomFormat> bom_formats() {
  return bom_rows;
}

std::span<const VexFormat> vex_formats() {
  return vex_rows;
}

Result<Bom> read_bom(std::string_view bytes,
                     const std::string& path,
                     Diagnostics& problems,
                     Rules rules) {
  const Source source{path, problems, rules};
  TRY(const auto found, recognise(bytes, bom_formats(), "bom.format", source));
  Bom bom = found.second->read(found.first, source);
  bom.path = path;
  bom.sha256 = sha256(bytes);
  return bom;
}

bool has_statements(std::string_view bytes) {
  return bytes.find("\"vulnerabilities\"") != std::string_view::npos &&
         bytes.find("\"CycloneDX\"") != std::string_view::npos;
}

Result<std::vector<VexStatement>> read_vex(std::string_view bytes,
                                           const std::string& path,
                                           Diagnostics& problems,
                                           Rules rules) {
  const Source source{path, problems, rules};
  TRY(const auto found, recognise(bytes, vex_formats(), "vex.format", source));
  return found.second->read(found.first, source);
}

}  // namespace lockstep::formats
