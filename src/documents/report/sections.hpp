// SPDX-License-Identifier: Apache-2.0
// The parts of the report, one function and one file each, and what they share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "documents/tree.hpp"
#include "domain/dossier.hpp"

namespace lockstep::documents {

std::vector<Block> report_cover(const Dossier& dossier);
Section report_verdict(const Dossier& dossier);
Section report_law(const Dossier& dossier);
Section report_requirements(const Dossier& dossier);
Section report_vulnerabilities(const Dossier& dossier);
Section report_metrics(const Dossier& dossier);
Section report_tests(const Dossier& dossier);
Section report_risks(const Dossier& dossier);
Section report_handling(const Dossier& dossier);
Section report_documents(const Dossier& dossier);
Section report_supply(const Dossier& dossier);
Section report_method(const Dossier& dossier);
Section report_annex(const Dossier& dossier);

/// One test with its verdict, numbers, curve and checks.
Section test_section(const Dossier& dossier, const Measurement& test);

/// A table that grows no further than this; the rest is in the machine-readable dossier.
inline constexpr std::size_t most_rows = 400;

/// The table with at most `most_rows` rows, and a sentence about the others where there are any.
std::vector<Block> capped(Table table);

/// Appends the blocks of `more`.
void append(std::vector<Block>& blocks, std::vector<Block> more);

Paragraph says(Line line);

/// A paragraph that says that nothing was looked at, and why.
Paragraph not_checked(std::string_view why);

/// Leads to the row of that id where the report has one; else just the id.
Line requirement_link(const Dossier& dossier, const std::string& id);
Line risk_link(const Dossier& dossier, const std::string& id);
Line evidence_link(const Dossier& dossier, const std::string& id);
Line test_link(const Dossier& dossier, const std::string& id);

/// Anchors of rows and sections.
std::string requirement_anchor(std::string_view id);
std::string risk_anchor(std::string_view id);
std::string evidence_anchor(std::string_view id);
std::string test_anchor(std::string_view id);

}  // namespace lockstep::documents
