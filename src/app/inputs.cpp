// SPDX-License-Identifier: Apache-2.0
#include "app/inputs.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "base/tree_digest.hpp"
#include "formats/policy/policy.hpp"
#include "formats/product/product.hpp"
#include "formats/reachability/reachability.hpp"
#include "formats/registry.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t product_bytes_max = std::uint64_t{4} << 20U;
constexpr std::uint64_t document_bytes_max = std::uint64_t{256} << 20U;

class Reader {
 public:
  Reader(const std::string& product_path, const Files& files, Diagnostics& problems)
      : product_path_(product_path), files_(files), problems_(problems) {}

  std::vector<FileRef> seen;

  /// Bills in the world break rules of their standard's schema; what can be read is used, and the
  /// broken rules are warnings. Statements inside a bill count like those of a file of their own.
  void read_bom(const SbomInput& input, Inputs& into) {
    const std::string path = beside(product_path_, input.path);
    auto bytes = take(input.path, input.where, document_bytes_max);
    if (!bytes) return;
    auto bill = formats::read_bill(*bytes, path, problems_, formats::Rules::warnings);
    if (!bill) return problems_.add(bill.error());
    bill->bom.path = input.path;
    into.boms.push_back(std::move(bill->bom));
    std::ranges::move(bill->statements, std::back_inserter(into.statements));
  }

  void read_vex(const std::string& name, std::vector<VexStatement>& into) {
    auto bytes = take(name, {product_path_, 0, 0}, document_bytes_max, "under 'vex'");
    if (!bytes) return;
    auto statements =
        formats::read_vex(*bytes, beside(product_path_, name), problems_, formats::Rules::warnings);
    if (!statements) return problems_.add(statements.error());
    std::ranges::move(*statements, std::back_inserter(into));
  }

  void read_policy(const std::string& name, std::optional<GatePolicy>& into) {
    auto bytes = take(name, {product_path_, 0, 0}, product_bytes_max, "under 'policy'");
    if (!bytes) return;
    auto policy = formats::read_policy(*bytes, beside(product_path_, name), problems_);
    if (!policy) return problems_.add(policy.error());
    into = std::move(*policy);
  }

  void read_reachability(const std::string& name, std::vector<Reachability>& into) {
    auto bytes = take(name, {product_path_, 0, 0}, document_bytes_max, "under 'reachability'");
    if (!bytes) return;
    auto entries = formats::read_reachability(*bytes, beside(product_path_, name), problems_);
    if (!entries) return problems_.add(entries.error());
    std::ranges::move(*entries, std::back_inserter(into));
  }

  /// @param place where in the product file the name stands, when there is no line
  void digest(const std::string& name, const Position& where, const std::string& place = "here") {
    auto digest = digest_of_data(files_, beside(product_path_, name));
    if (!digest) return report(digest.error(), name, where, place);
    seen.push_back({name, std::move(*digest)});
  }

 private:
  /// The bytes of a named file, whose digest is kept; a problem that points at the line that names
  /// the file when it cannot be read.
  Result<std::string> take(const std::string& name,
                           const Position& where,
                           std::uint64_t limit,
                           const std::string& place = "here") {
    auto bytes = files_.read(beside(product_path_, name), limit);
    if (bytes) {
      seen.push_back({name, sha256(*bytes)});
    } else {
      report(bytes.error(), name, where, place);
    }
    return bytes;
  }

  void report(const Error& error,
              const std::string& name,
              const Position& where,
              const std::string& place) {
    problems_.add(error);
    problems_.note(error.code, fmt::format("'{}' is named {}", quotable(name), place), where);
  }

  const std::string& product_path_;
  const Files& files_;
  Diagnostics& problems_;
};

}  // namespace

std::string beside(const std::string& product_path, const std::string& path) {
  const std::filesystem::path written(path);
  if (written.is_absolute()) return path;
  return (std::filesystem::path(product_path).parent_path() / written).lexically_normal().string();
}

Result<Product> read_product_file(const std::string& path,
                                  const Files& files,
                                  Diagnostics& problems) {
  TRY(const std::string bytes, files.read(path, product_bytes_max));
  TRY(Product product, formats::read_product(bytes, path, problems));
  product.sha256 = sha256(bytes);
  return product;
}

Result<Inputs> read_inputs(const std::string& path,
                           const Files& files,
                           Diagnostics& problems,
                           const std::string& own_vex) {
  Inputs inputs;
  TRY(inputs.product, read_product_file(path, files, problems));
  const Product& product = inputs.product;
  Reader reader(path, files, problems);
  reader.seen.push_back({std::filesystem::path(path).filename().string(), inputs.product.sha256});
  // A path that is empty was reported when the product file was read.
  for (const SbomInput& sbom : product.sboms)
    if (!sbom.path.empty()) reader.read_bom(sbom, inputs);
  for (const std::string& vex : product.vex) {
    const std::string place = beside(path, vex);
    const bool is_to_be_made = place == own_vex && !files.exists(place);
    if (!vex.empty() && !is_to_be_made) reader.read_vex(vex, inputs.statements);
  }
  if (!product.policy.empty()) reader.read_policy(product.policy, inputs.policy);
  for (const std::string& path_of_tool : product.reachability)
    if (!path_of_tool.empty()) reader.read_reachability(path_of_tool, inputs.reachability);
  for (const ModelInput& model : product.models) {
    if (!model.path.empty() && !is_address(model.path)) reader.digest(model.path, model.where);
    if (!model.data.empty()) reader.digest(model.data, model.where);
    for (const DeclaredInput& entry : model.declared)
      if (!entry.data.empty()) reader.digest(entry.data, entry.where);
    if (!model.columns.empty()) reader.digest(model.columns, model.where);
    if (!model.text.empty()) reader.digest(model.text, model.where);
  }
  for (const Evidence& entry : product.evidence)
    if (!entry.subject.empty())
      reader.digest(entry.subject, {path, 0, 0},
                    fmt::format("by the evidence '{}'", quotable(entry.id)));
  inputs.files = std::move(reader.seen);
  std::ranges::sort(inputs.files, {}, &FileRef::path);
  const auto repeated = std::ranges::unique(inputs.files, {}, &FileRef::path);
  inputs.files.erase(repeated.begin(), repeated.end());
  if (problems.has_errors())
    return fail(
        ErrorKind::input, "input.problems",
        fmt::format("{} problems in the inputs; nothing was judged", problems.error_count()),
        {path, 0, 0});
  return inputs;
}

}  // namespace lockstep::app
