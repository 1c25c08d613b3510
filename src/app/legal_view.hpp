// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/scope.hpp"
#include "base/files.hpp"

namespace lockstep::app {

/// What `lockstep scope` was asked: about a product file, or about a file of facts.
struct LegalRequest {
  std::string product_file;
  std::string facts_file;  ///< when not empty, in place of the product file
  Day as_of;
  std::vector<std::string> what_if;
};

struct LegalAnswer {
  std::string subject;  ///< the product's name and version, or the path of the facts
  ScopeReport report;
  std::string document;  ///< lockstep/scope/1, as pretty text
};

/// Reads the facts and answers. Errors: file.*, input.problems, facts.what_if.
Result<LegalAnswer> legal_view(const LegalRequest& request,
                               const Files& files,
                               Diagnostics& problems);

}  // namespace lockstep::app
