// SPDX-License-Identifier: Apache-2.0
// The JSON documents that scripts rely on, made from values of the domain. Each begins with its
// schema's name and has a JSON Schema under data/schemas/lockstep/. Keys are sorted when the value
// is written; the order of lists is that of the values.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/pieces.hpp"
#include "domain/ai_run.hpp"
#include "domain/certificate.hpp"
#include "domain/corruption.hpp"
#include "domain/dossier.hpp"
#include "domain/metrics.hpp"
#include "domain/model_description.hpp"
#include "domain/universal.hpp"

namespace lockstep::documents {

/// Whether wall times and times of day are written. What is digested is written without them.
enum class Times { with, without };

/// lockstep/scope/1. @param product name as the product file gives it
Json scope_json(const std::string& product, const LegalView& law, int exit);

/// lockstep/findings/1. "sbom" is the first bill; "sboms" lists all of them. Each finding names its
/// bill.
Json findings_json(std::span<const Bom> boms,
                   std::span<const DataSource> data,
                   std::span<const Finding> findings,
                   std::span<const Unmatched> unmatched,
                   int exit);

/// The same with the part "baseline", as pretty text, without a tree between: for scans of large
/// bills.
TextPieces findings_text(std::span<const Bom> boms,
                         std::span<const DataSource> data,
                         std::span<const Finding> findings,
                         std::span<const Unmatched> unmatched,
                         const std::optional<SinceBaseline>& since,
                         int exit);

/// Appends findings to `pieces`, texts of some hundred KB that together are the elements of the
/// list "findings".
void write_findings(std::span<const Finding> findings, TextPieces& pieces);

/// findings_text, from the pieces that `write_findings` made, without a baseline.
TextPieces findings_text(std::span<const Bom> boms,
                         std::span<const DataSource> data,
                         TextPieces findings,
                         std::span<const Unmatched> unmatched,
                         int exit);

/// The part "baseline" of a dossier and of findings that were compared; null without.
Json baseline_json(const std::optional<SinceBaseline>& since);

/// lockstep/evasion/1
Json evasion_json(const Measurement& measurement, int exit, Times times = Times::with);

/// lockstep/ai-run/1. Without times, also without what was measured before.
Json ai_run_json(const AiRun& run, Times times = Times::with);

/// lockstep/certificate/1, of samples or of a property
Json certificate_json(const Certificate& certificate, int exit);
Json certificate_json(const PropertyAnswer& answer, int exit);

/// lockstep/metrics/1: what was measured of a classifier, and what is declared of it
Json metrics_json(const Metrics& metrics, std::span<const DeclaredVerdict> declared, int exit);

/// lockstep/universal/1
Json universal_json(const UniversalReport& report, int exit);
/// lockstep/corruption/1
Json corruption_json(const CorruptionReport& report, int exit);

/// lockstep/model/1
Json model_json(const ModelDescription& model, int exit);

/// lockstep/risks/1
Json risks_json(std::span<const Risk> risks, int exit);

/// lockstep/evidence/1, of entries that are not stored yet
Json evidence_json(std::span<const Evidence> evidence, int exit, Times times = Times::with);

/// lockstep/evidence/1, of stored rows with their chain
Json evidence_json(std::span<const EvidenceRow> rows, int exit, Times times = Times::with);

/// lockstep/dossier/1: everything. Without times, `run_id` is left out too: the SHA-256 of the
/// canonical text of that variant is the run's id.
Json dossier_json(const Dossier& dossier, Times times = Times::with);

}  // namespace lockstep::documents
