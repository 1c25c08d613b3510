// SPDX-License-Identifier: Apache-2.0
#include "formats/registry.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "formats/csaf/csaf.hpp"
#include "formats/cyclonedx/cyclonedx.hpp"
#include "formats/envelope/envelope.hpp"
#include "formats/openvex/openvex.hpp"
#include "formats/spdx/spdx.hpp"

namespace lockstep::formats {
namespace {

constexpr std::array<BomFormat, 5> bom_rows = {{
    {"CycloneDX 1.2 to 1.7 JSON", "ECMA-424", looks_like_cyclonedx, read_cyclonedx,
     left_out_of_cyclonedx, read_cyclonedx_statements},
    {"CycloneDX 1.0 to 1.7 XML", "ECMA-424", looks_like_cyclonedx_xml, read_cyclonedx_xml,
     left_out_of_cyclonedx_xml, read_cyclonedx_xml_statements},
    {"SPDX 2.2 and 2.3 JSON, YAML, tag-value", "SPDX 2.3, ISO/IEC 5962", looks_like_spdx, read_spdx,
     left_out_of_spdx},
    {"SPDX 2.2 and 2.3 XML", "SPDX 2.3, ISO/IEC 5962", looks_like_spdx_xml, read_spdx_xml,
     left_out_of_spdx_xml},
    {"SPDX 3.0 JSON-LD", "SPDX 3.0.1", looks_like_spdx3, read_spdx3, left_out_of_spdx3,
     read_spdx3_statements},
}};

/// A document that is there for its statements is checked like a bill.
template <const BomFormat& row>
std::vector<VexStatement> check_and_read(const Document& document, const Source& source) {
  (void)row.read(document, source);
  return row.statements(document, source);
}

constexpr std::array<VexFormat, 5> vex_rows = {{
    {"OpenVEX 0.0.1 and 0.2.0", "OpenVEX 0.2.0", looks_like_openvex, read_openvex},
    {bom_rows[0].name, "ECMA-424", looks_like_cyclonedx, check_and_read<bom_rows[0]>},
    {bom_rows[1].name, "ECMA-424", looks_like_cyclonedx_xml, check_and_read<bom_rows[1]>},
    {"CSAF 2.0 and 2.1", "CSAF 2.1", csaf::looks_like_csaf, csaf::read_csaf_vex},
    {bom_rows[4].name, "SPDX 3.0.1", looks_like_spdx3, check_and_read<bom_rows[4]>},
}};

std::string known_xml(const XmlElement& root) {
  if (root.name() == "RDF") return "SPDX as RDF, which is not read; the same bill as JSON is";
  return fmt::format("XML with the root '{}'", quotable(root.name(), 40));
}

/// What a document is that is of no format of the list.
std::string known_document(const Document& given) {
  if (given.xml) return known_xml(given.xml->root());
  const Json& document = given.tree;
  const std::string csaf = document["document"]["csaf_version"].string_or("");
  if (!csaf.empty()) return "a CSAF " + quotable(csaf) + " document";
  if (looks_like_openvex(given)) return "an OpenVEX document";
  if (const BomFormat* row = bom_format_of(given))
    return row->name.starts_with("CycloneDX") ? "a CycloneDX document" : "an SPDX document";
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

/// Where a document begins, for what is wrong with the whole of it.
Position start_of(const Document& document, const std::string& path) {
  return {path, document.xml ? document.xml->root().line() : std::max(document.tree.line(), 1), 0};
}

template <typename Row>
std::string names_of(std::span<const Row> rows) {
  std::vector<std::string> names;
  for (const Row& row : rows)
    names.emplace_back(row.name);
  return join(names, "; ");
}

/// The attestations of a file that has one on each line; empty for every other file.
std::vector<std::string_view> attestations_of(std::string_view bytes) {
  const std::string_view first = bytes.substr(0, bytes.find('\n'));
  const std::string_view behind = trim(bytes.substr(first.size()));
  if (!behind.starts_with('{')) return {};
  const bool has_envelope = first.find("\"payloadType\"") != std::string_view::npos ||
                            first.find("\"predicateType\"") != std::string_view::npos;
  if (!has_envelope || !trim(first).ends_with('}')) return {};
  std::vector<std::string_view> lines;
  for (const std::string_view line : split(bytes, '\n'))
    if (!trim(line).empty()) lines.push_back(line);
  return lines;
}

/// The document, and the row that fits it.
template <typename Row>
struct Recognised {
  Document document;
  const Row* row = nullptr;
};

template <typename Row>
Result<Recognised<Row>> recognise_one(std::string_view bytes,
                                      std::span<const Row> rows,
                                      const std::string& code,
                                      const Source& source) {
  TRY(Document document, open_document(bytes, source, code));
  const auto row =
      std::ranges::find_if(rows, [&](const Row& one) { return one.looks_like(document); });
  if (row == rows.end())
    return fail(
        ErrorKind::input, code,
        fmt::format("expected one of {}; found {}", names_of(rows), known_document(document)),
        start_of(document, source.path));
  return Recognised<Row>{std::move(document), &*row};
}

/// Of several attestations about one thing the one that holds what is looked for.
template <typename Row>
Result<Recognised<Row>> recognise(std::string_view bytes,
                                  std::span<const Row> rows,
                                  const std::string& code,
                                  const Source& source) {
  const auto lines = attestations_of(bytes);
  if (lines.empty()) return recognise_one(bytes, rows, code, source);
  std::optional<Recognised<Row>> found;
  for (const std::string_view line : lines) {
    Diagnostics ignored;
    auto one = recognise_one(line, rows, code, Source{source.path, ignored, source.rules});
    if (!one && one.error().code != code) return one;
    if (one && found)
      return fail(ErrorKind::input, code,
                  "expected one attestation of a known format, found several; give each its file",
                  {source.path, 0, 0});
    if (!one) continue;
    source.problems.append(ignored);
    found = *std::move(one);
  }
  if (!found)
    return fail(ErrorKind::input, code,
                fmt::format("expected one of {}; found {} attestations of other things",
                            names_of(rows), lines.size()),
                {source.path, 0, 0});
  return *std::move(found);
}

constexpr std::size_t large = std::size_t{256} << 10U;  // smaller ones do not pay for a thread

/// A bill that is recognised and not yet read.
struct OpenBill : Recognised<BomFormat> {
  std::string sha256;  ///< of its bytes
};

Result<OpenBill> open_bill(std::string_view bytes, const Source& source) {
  std::string digest;
  std::optional<Result<Recognised<BomFormat>>> found;
  side_by_side(
      bytes.size() >= large, [&] { digest = sha256(bytes); },
      [&] { found = recognise(bytes, bom_formats(), "bom.format", source); });
  TRY(Recognised<BomFormat> recognised, *std::move(found));
  return OpenBill{std::move(recognised), std::move(digest)};
}

/// SPEED: a long bill without mistakes, read without a tree of all of it.
std::optional<Bom> read_long_bill(std::string_view bytes, const Source& source) {
  if (bytes.size() < large) return std::nullopt;
  std::string digest;
  std::optional<Bom> bom;
  side_by_side(
      true, [&] { bom = read_long_cyclonedx(bytes, source); }, [&] { digest = sha256(bytes); });
  if (!bom) return bom;
  bom->path = source.path;
  bom->sha256 = std::move(digest);
  return bom;
}

Bom read_open(const OpenBill& open, const Source& source) {
  Bom bom = open.row->read(open.document, source);
  bom.path = source.path;
  bom.sha256 = open.sha256;
  return bom;
}

}  // namespace

std::span<const BomFormat> bom_formats() {
  return bom_rows;
}

std::span<const VexFormat> vex_formats() {
  return vex_rows;
}

const BomFormat* bom_format_of(const Document& document) {
  const auto row = std::ranges::find_if(
      bom_rows, [&](const BomFormat& one) { return one.looks_like(document); });
  return row == bom_rows.end() ? nullptr : &*row;
}

Result<Bill> read_bill(std::string_view bytes,
                       const std::string& path,
                       Diagnostics& problems,
                       Rules rules) {
  const Source source{path, problems, rules};
  if (auto bom = read_long_bill(bytes, source)) return Bill{*std::move(bom), {}};
  TRY(const OpenBill open, open_bill(bytes, source));
  Bill bill{read_open(open, source), {}};
  if (open.row->statements != nullptr)
    bill.statements = open.row->statements(open.document, source);
  return bill;
}

Result<Bom> read_bom(std::string_view bytes,
                     const std::string& path,
                     Diagnostics& problems,
                     Rules rules) {
  const Source source{path, problems, rules};
  if (auto bom = read_long_bill(bytes, source)) return *std::move(bom);
  TRY(const OpenBill open, open_bill(bytes, source));
  return read_open(open, source);
}

Result<ImportedBom> import_bom(std::string_view bytes,
                               const std::string& path,
                               Diagnostics& problems) {
  const Source source{path, problems, Rules::warnings};
  TRY(const OpenBill open, open_bill(bytes, source));
  ImportedBom imported{read_open(open, source), {}, open.row->left_out(open.document)};
  if (open.row->statements != nullptr)
    imported.statements = open.row->statements(open.document, source);
  return imported;
}

Result<std::vector<VexStatement>> read_vex(std::string_view bytes,
                                           const std::string& path,
                                           Diagnostics& problems,
                                           Rules rules) {
  const Source source{path, problems, rules};
  TRY(const auto found, recognise(bytes, vex_formats(), "vex.format", source));
  return found.row->read(found.document, source);
}

}  // namespace lockstep::formats
