// SPDX-License-Identifier: Apache-2.0
// The files of a product that say what a model's data mean, by digest.
#pragma once

#include <string>

#include "ai/data_options.hpp"
#include "base/files.hpp"
#include "base/result.hpp"
#include "domain/product.hpp"

namespace lockstep::app {

/// How a worker is to read the data of a model, with the digests of the descriptions of columns and
/// texts, and of the vocabulary that the latter names. Errors: file.*.
Result<ai::DataOptions> data_options_of(const Product& product,
                                        const ModelInput& model,
                                        const Files& files);

/// "columns adult.yaml sha256:...": the same descriptions, for the lock of thresholds; "" where the
/// data need none. Errors: file.*.
Result<std::string> description_of(const Product& product,
                                   const ModelInput& model,
                                   const Files& files);

}  // namespace lockstep::app
