// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/files.hpp"
#include "domain/dossier.hpp"

namespace lockstep::app {

/// One document, and what it still lacks.
struct PlannedDocument {
  std::string name;
  std::string title;
  std::vector<std::string> missing;  ///< one sentence each, with the provisions that want it
};

/// The names of all documents.
std::vector<std::string> document_names();

/// What each document lacks, in the order of lists.
std::vector<PlannedDocument> plan_documents(const Dossier& dossier);

/// Writes the named documents below `folder`; returns the paths. Errors: file.unwritable.
Result<std::vector<std::string>> build_documents(const Dossier& dossier,
                                                 const std::vector<std::string>& names,
                                                 const std::string& folder,
                                                 Files& files);

}  // namespace lockstep::app
