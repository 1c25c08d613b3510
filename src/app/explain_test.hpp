// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/explain.hpp"
#include "base/diagnostics.hpp"
#include "base/files.hpp"

namespace lockstep::app {

/// The page of a test of the product file ("reader.linf") or of a value that it declares of a model
/// ("reader.accuracy"): what is measured, what has to hold and why, and what the newest kept
/// assessment says of it. Nothing when the product file has neither, or cannot be read: then
/// `problems` say why. Errors: store.*.
Result<std::optional<Explanation>> explain_test(const std::string& id,
                                                const std::string& product_path,
                                                const std::string& store_url,
                                                const Files& files,
                                                Diagnostics& problems);

}  // namespace lockstep::app
