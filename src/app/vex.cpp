// SPDX-License-Identifier: Apache-2.0
#include "app/vex.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <utility>

#include "base/check.hpp"
#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "domain/purl.hpp"
#include "formats/csaf/write.hpp"
#include "formats/cyclonedx/cyclonedx.hpp"
#include "formats/openvex/openvex.hpp"
#include "formats/registry.hpp"
#include "formats/schema_texts.hpp"
#include "formats/spdx/graph.hpp"

namespace lockstep::app {

namespace {

constexpr std::uint64_t document_bytes_max = std::uint64_t{256} << 20U;

/// From what the document says, so that the same gives the same.
std::string id_of(const std::string& author, Instant now, const VexStatement& first) {
  return "urn:uuid:" +
         uuid_of(fmt::format("{}\n{}\n{}\n{}", author, to_text(now), first.vulnerability,
                             first.products.empty() ? "" : first.products[0].product));
}

/// OpenVEX has no ranges of versions. A scope with one is left out, as without it the statement
/// would speak of all versions.
void leave_out_ranges(VexDocument& document, Diagnostics& problems) {
  for (VexStatement& statement : document.statements) {
    std::erase_if(statement.products, [&](const VexStatement::Scope& scope) {
      if (scope.versions.empty()) return false;
      problems.warning("vex.range",
                       fmt::format("expected a format with ranges of versions for '{}', found "
                                   "OpenVEX; what is said about '{}' is left out",
                                   quotable(scope.versions), quotable(statement.vulnerability)),
                       statement.where);
      return true;
    });
  }
  std::erase_if(document.statements,
                [](const VexStatement& statement) { return statement.products.empty(); });
}

/// The document at the path with more statements.
Result<Json> extended(const std::string& path,
                      Instant now,
                      const std::vector<VexStatement>& statements,
                      const Files& files) {
  TRY(const std::string bytes, files.read(path, document_bytes_max));
  Diagnostics problems;
  formats::Document given;
  TRY(given.tree, parse_json(bytes, path, problems));
  // To write a key that is there twice would lose one of its values.
  if (problems.has_errors()) {
    const Diagnostic& first = problems.entries().front();
    return fail(ErrorKind::input, first.code, first.message, first.where);
  }
  Json& document = given.tree;
  if (!formats::looks_like_openvex(given) || !document["statements"].is_array()) {
    return fail(ErrorKind::input, "vex.append",
                "expected an OpenVEX document to append statements to, found another; name a file "
                "of its own",
                {path});
  }
  const VexDocument around{
      document["@id"].string_or(""), document["author"].string_or(""), now, 1, {}};
  Json list = document["statements"];
  for (VexStatement statement : statements) {
    statement.document = around.id;
    list.push(formats::openvex_statement(statement, around));
  }
  document.set("statements", std::move(list));
  document.set("version", document["version"].as_int().value_or(0) + 1);
  document.set("last_updated", to_text(now));
  return std::move(document);
}

/// A format of statements that is written.
struct Format {
  std::string_view word;  ///< on the command line
  Result<Json> (*write)(const VexDocument& document, const VexRequest& request);
};

/// CSAF names its publisher by a URL that he controls, and says nothing without a product.
Result<Json> write_csaf(const VexDocument& document,
                        const VexRequest& request,
                        formats::csaf::Version version) {
  if (request.name_space.find("://") == std::string::npos ||
      !formats::has_format(request.name_space, "uri") || document.author.empty())
    return fail(ErrorKind::usage, "vex.publisher",
                "expected --author NAME and --namespace URL, of who publishes the document, or "
                "manufacturer.name and manufacturer.website in the product file, found none");
  const auto has_products = [](const VexStatement& one) { return !one.products.empty(); };
  if (std::ranges::none_of(document.statements, has_products))
    return fail(ErrorKind::input, "vex.nothing",
                "expected a statement about a product, found none; CSAF says nothing without one");
  formats::csaf::HeadToWrite head;
  head.version = version;
  head.title = "Statements about vulnerabilities";
  head.publisher = {document.author, request.name_space};
  head.id = "vex-" + document.id.substr(document.id.rfind(':') + 1);
  head.revisions = {{document.at, "1", "First revision"}};
  return formats::csaf::write_csaf_vex(document.statements, head);
}

constexpr std::array<Format, 5> vex_rows = {{
    {"openvex",
     [](const VexDocument& document, const VexRequest&) -> Result<Json> {
       return formats::openvex_document(document);
     }},
    {"cyclonedx",
     [](const VexDocument& document, const VexRequest&) -> Result<Json> {
       return formats::cyclonedx_vex_document(document);
     }},
    {"csaf",
     [](const VexDocument& document, const VexRequest& request) {
       return write_csaf(document, request, formats::csaf::Version::v2_0);
     }},
    {"csaf-2.1",
     [](const VexDocument& document, const VexRequest& request) {
       return write_csaf(document, request, formats::csaf::Version::v2_1);
     }},
    {"spdx",
     [](const VexDocument& document, const VexRequest&) -> Result<Json> {
       return formats::spdx_vex_document(document);
     }},
}};

}  // namespace

std::vector<std::string> vex_words() {
  std::vector<std::string> words;
  for (const Format& format : vex_rows)
    words.emplace_back(format.word);
  return words;
}

Result<std::string> write_vex(const VexRequest& request,
                              const Files& files,
                              Diagnostics& problems) {
  VexDocument document{"", request.author, request.now, 1, {}};
  for (const std::string& path : request.paths) {
    TRY(const std::string bytes, files.read(path, document_bytes_max));
    TRY(auto read, formats::read_vex(bytes, path, problems, formats::Rules::warnings));
    std::ranges::move(read, std::back_inserter(document.statements));
  }
  if (problems.has_errors())
    return fail(
        ErrorKind::input, "input.problems",
        fmt::format("{} problems in the inputs; nothing was written", problems.error_count()));
  if (request.format != "cyclonedx") leave_out_ranges(document, problems);
  if (document.statements.empty())
    return fail(ErrorKind::input, "vex.nothing",
                "expected statements in the files, found none; nothing was written");
  if (document.author.empty()) document.author = document.statements.front().author;
  document.id = id_of(document.author, request.now, document.statements.front());
  const auto* row = std::ranges::find(vex_rows, request.format, &Format::word);
  LS_CHECK(row != std::end(vex_rows), "the caller checks the format");
  TRY(const Json json, row->write(document, request));
  return to_pretty_json(json);
}

Result<> append_statements(const std::string& path,
                           const std::string& author,
                           Instant now,
                           std::vector<VexStatement> statements,
                           Files& files) {
  if (statements.empty()) return {};
  // What another process appends between reading and writing would be lost.
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const std::string locked = folder.empty() ? "." : folder;
  std::unique_ptr<FileLock> lock;
  if (files.exists(locked)) {
    TRY(lock, files.lock(locked));
  }
  if (files.exists(path)) {
    TRY(const Json document, extended(path, now, statements, files));
    return files.write(path, to_pretty_json(document));
  }
  VexDocument document{id_of(author, now, statements.front()), author, now, 1,
                       std::move(statements)};
  for (VexStatement& statement : document.statements)
    statement.document = document.id;
  return files.create(path, to_pretty_json(formats::openvex_document(document)));
}

Result<VexStatement> accept_risk(const AcceptRequest& request, Files& files) {
  for (const auto& [value, option] :
       {std::pair{&request.vulnerability, "ID"}, std::pair{&request.component, "--component PURL"},
        std::pair{&request.reason, "--reason"}, std::pair{&request.by, "--by"}}) {
    if (!trim(*value).empty()) continue;
    return fail(ErrorKind::usage, "usage.accept",
                fmt::format("expected {}, found nothing: an acceptance needs a vulnerability, a "
                            "component, a reason and who takes it",
                            option));
  }
  if (const auto purl = parse_purl(request.component); !purl) return tl::unexpected(purl.error());
  if (request.until < std::chrono::floor<std::chrono::days>(request.now)) {
    return fail(ErrorKind::usage, "usage.accept",
                fmt::format("expected a day in --until that is not past, found {}",
                            to_text(request.until)));
  }
  VexStatement statement;
  statement.vulnerability = request.vulnerability;
  statement.products = {request.product.empty()
                            ? VexStatement::Scope{request.component, {}}
                            : VexStatement::Scope{request.product, {request.component}}};
  statement.status = VexStatement::Affected{request.reason};
  statement.at = request.now;
  statement.author = request.by;
  statement.accepted_by = request.by;
  statement.accepted_until = request.until;
  TRY_VOID(append_statements(request.path, request.by, request.now, {statement}, files));
  return statement;
}

}  // namespace lockstep::app
