// SPDX-License-Identifier: Apache-2.0
#include "formats/product/product.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <tuple>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "formats/limits.hpp"
#include "formats/product/facts.hpp"
#include "formats/product/parts.hpp"
#include "formats/product/section.hpp"

namespace lockstep::formats {
namespace {

void check_format(Section& file) {
  constexpr std::int64_t format = 1;
  const Json& found = file.any("lockstep");
  if (found.as_int() == format) return;
  file.problem("product.format",
               fmt::format("expected 'lockstep: {}', the format that this program reads, found {}",
                           format, describe(found)),
               "lockstep");
}

/// The command line reads its settings itself; here their names are known, so that a misspelt one
/// is told.
void check_settings(Section settings) {
  for (const char* name : {"as_of", "color", "data", "feeds", "format", "no_progress", "offline",
                           "quiet", "seed", "store"})
    settings.any(name);
  settings.finish();
}

}  // namespace

Result<Product> read_product(std::string_view bytes,
                             const std::string& path,
                             Diagnostics& problems) {
  Diagnostics found;
  TRY(const Json tree, parse_yaml(bytes, path, found, product_limits));
  if (!tree.is_object())
    return fail(
        ErrorKind::input, "product.type",
        fmt::format("expected a product file, a map that begins with 'lockstep: 1', found {}",
                    describe(tree)),
        tree.at(path));
  const Source source{path, found};
  Section file(tree, source, "");
  check_format(file);
  Product product;
  product.path = path;
  product.sha256 = sha256(bytes);
  if (file.any("product").is_null())
    file.problem("product.required", "expected 'product', found nothing", "product");
  else
    read_description(file.section("product"), product);
  read_operators(file.section("operators"), product);
  read_security(file.section("security"), product);
  product.handling = read_handling(file.section("handling"));
  const Json& facts = file.any("facts");
  if (!facts.is_null()) Section(facts, source, "facts");
  product.facts = flatten_facts(facts, path, product.sha256, found);
  product.sboms = read_sboms(file);
  product.vex = file.texts("vex");
  product.policy = file.text("policy");
  product.reachability = file.texts("reachability");
  product.models = read_models(file);
  product.evidence = read_evidence(file);
  product.controls = read_controls(file);
  product.risks = read_risks(file);
  product.declaration = read_declaration(file.section("declaration"));
  check_settings(file.section("settings"));
  file.finish();
  check_references(tree, source);
  append_in_file_order(problems, found);
  return product;
}

}  // namespace lockstep::formats
