// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "base/result.hpp"
#include "domain/product.hpp"

namespace lockstep::formats {

/// Reads the product file, `lockstep.yaml`, format 1 (docs/product-file.md). Returns what could be
/// read even when there are problems; all of them, in file order, go to `problems`, and the caller
/// decides. `path` is kept in the Product and in every place.
/// Errors: yaml.* when it is no YAML, product.type when it is no map.
/// Codes in `problems`: product.format, product.unknown_key, product.type, product.required,
/// product.date, product.number, product.word, product.country, product.order, product.duplicate,
/// product.reference, product.fact.
Result<Product> read_product(std::string_view bytes,
                             const std::string& path,
                             Diagnostics& problems);

}  // namespace lockstep::formats
