// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "documents/tree.hpp"
#include "documents/writers.hpp"
#include "domain/dossier.hpp"

namespace lockstep::documents {

/// The report on one product: twelve parts in a fixed order, complete from the dossier. A part
/// with nothing to show says what was not there.
Document report_document(const Dossier& dossier);

/// report.html
std::vector<WrittenFile> write_report(const Dossier& dossier);

}  // namespace lockstep::documents
