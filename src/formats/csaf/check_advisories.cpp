// SPDX-License-Identifier: Apache-2.0
// Tests of CSAF 2.1 about the profiles of security advisories, and of documents that are withdrawn
// or superseded.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/csaf/check.hpp"
#include "formats/csaf/product_lines.hpp"
#include "formats/csaf/ranges.hpp"
#include "formats/csaf/translations.hpp"

namespace lockstep::formats::csaf {
namespace {

bool is_replaced(const View& view) {
  return view.category == "csaf_withdrawn" || view.category == "csaf_superseded";
}

/// One note with the term, or its translation, as title.
void check_reason(const View& view,
                  std::string_view category,
                  std::string_view term,
                  Findings& findings) {
  if (view.category == category && view.is_english())
    check_one_note(view, term, "description", findings);
}

void check_translated_reason(const View& view,
                             std::string_view category,
                             std::string_view term,
                             Findings& findings) {
  const std::string_view title = translation_of(term, view.language);
  if (view.category == category && !view.is_english() && !title.empty())
    check_one_note(view, title, "description", findings);
}

void check_superseding(const View& view, std::string_view beginning, Findings& findings) {
  const Json& references = view.document["references"];
  const bool has_one = std::ranges::any_of(references.items(), [&](const Json& reference) {
    // The category must be written, though it is also the default.
    return text(reference["category"]) == "external" &&
           text(reference["summary"]).starts_with(beginning);
  });
  if (!has_one)
    findings.add(references.is_null() ? view.document : references,
                 fmt::format("expected a reference of the category external whose summary begins "
                             "with '{}', found none",
                             beginning));
}

/// Whether a product is a range that ends before a version, so that there is one behind it.
bool ends_before_version(const View& view, std::string_view id) {
  const auto product = view.product_of.find(id);
  if (product == view.product_of.end()) return false;
  for (const Branch* branch = product->second->branch; branch != nullptr; branch = branch->parent) {
    if (branch->category != "product_version_range") continue;
    const VersionRange range = parse_range(branch->name);
    if (!range.constraints.empty() && range.constraints.back().comparator == Comparator::less)
      return true;
  }
  return false;
}

/// Calls `look` with each product of a status group.
template <typename Look>
void each_with_status(const Json& vulnerability, StatusGroup group, Look look) {
  for (const StatusKey& row : status_keys())
    if (row.group == group)
      for (const Json& node : vulnerability["product_status"][row.key].items())
        look(node);
}

/// Whether an affected product is said to get no fix, or none yet.
bool has_no_fix(const View& view, const Json& vulnerability, std::string_view id) {
  if (ends_before_version(view, id)) return false;
  bool is_said = false;
  for (const Json& item : vulnerability["remediations"].items()) {
    const std::string_view category = text(item["category"]);
    const auto products = view.products_of(item);
    if (std::ranges::find(products, id) == products.end()) continue;
    if (category == "vendor_fix") return false;
    is_said = is_said || category == "fix_planned" || category == "no_fix_planned" ||
              category == "none_available";
  }
  return is_said;
}

}  // namespace

void advisory_affected(const View& view, Findings& findings) {
  if (view.category != "csaf_security_advisory") return;
  for (const Json& vulnerability : view.vulnerabilities) {
    const Json& status = vulnerability["product_status"];
    if (status.find("known_affected") == nullptr)
      findings.add(status.is_null() ? vulnerability : status,
                   "expected 'known_affected' in 'product_status', found nothing");
  }
}

void advisory_corresponding(const View& view, Findings& findings) {
  if (view.category != "csaf_security_advisory") return;
  const ProductLines lines(view);
  for (const Json& vulnerability : view.vulnerabilities) {
    const auto affected = lines.of_group(view, vulnerability, StatusGroup::affected);
    each_with_status(vulnerability, StatusGroup::fixed, [&](const Json& node) {
      if (!lines.has_counterpart(text(node), affected, ProductLines::Look::for_affected))
        findings.add(node, fmt::format("expected an affected version of '{}' in the same "
                                       "vulnerability, found none",
                                       quotable(text(node))));
    });
  }
}

void replaced_notes(const View& view, Findings& findings) {
  if (!is_replaced(view)) return;
  const Json& notes = view.document["notes"];
  const bool has_one = std::ranges::any_of(
      notes.items(), [](const Json& note) { return text(note["category"]) == "description"; });
  if (!has_one)
    findings.add(notes.is_null() ? view.document : notes,
                 "expected a note of the category description, found none");
}

void replaced_tree(const View& view, Findings& findings) {
  if (const Json* node = view.root.find("product_tree"); node != nullptr && is_replaced(view))
    findings.add(*node, fmt::format("expected no 'product_tree' in a document of the category {}",
                                    view.category));
}

void replaced_revisions(const View& view, Findings& findings) {
  const Json& history = view.tracking["revision_history"];
  if (is_replaced(view) && history.items().size() < 2)
    findings.add(history.is_null() ? view.tracking : history,
                 fmt::format("expected at least two revisions, found {}", history.items().size()));
}

void reason_of_withdrawal(const View& view, Findings& findings) {
  check_reason(view, "csaf_withdrawn", "Reasoning for Withdrawal", findings);
}

void reason_of_supersession(const View& view, Findings& findings) {
  check_reason(view, "csaf_superseded", "Reasoning for Supersession", findings);
}

void superseding_reference(const View& view, Findings& findings) {
  if (view.category == "csaf_superseded" && view.is_english())
    check_superseding(view, "Superseding Document", findings);
}

void missing_fixed(const View& view, Findings& findings) {
  if (view.category != "csaf_security_advisory") return;
  const ProductLines lines(view);
  for (const Json& vulnerability : view.vulnerabilities) {
    const auto fixed = lines.of_group(view, vulnerability, StatusGroup::fixed);
    each_with_status(vulnerability, StatusGroup::affected, [&](const Json& node) {
      if (!lines.has_counterpart(text(node), fixed, ProductLines::Look::for_fixed) &&
          !has_no_fix(view, vulnerability, text(node)))
        findings.add(node,
                     fmt::format("expected a fixed version of '{}' in the same vulnerability, "
                                 "or a remediation that says why there is none, found neither",
                                 quotable(text(node))));
    });
  }
}

void translated_withdrawal(const View& view, Findings& findings) {
  check_translated_reason(view, "csaf_withdrawn", "Reasoning for Withdrawal", findings);
}

void translated_supersession(const View& view, Findings& findings) {
  check_translated_reason(view, "csaf_superseded", "Reasoning for Supersession", findings);
}

void translated_reference(const View& view, Findings& findings) {
  const std::string_view beginning = translation_of("Superseding Document", view.language);
  if (view.category == "csaf_superseded" && !view.is_english() && !beginning.empty())
    check_superseding(view, beginning, findings);
}

void product_description(const View& view, Findings& findings) {
  const std::string_view title = view.is_english()
                                     ? "Product Description"
                                     : translation_of("Product Description", view.language);
  if (title.empty()) return;
  for (const Json& note : view.document["notes"].items()) {
    const bool is_description =
        text(note["category"]) == "description" && text(note["title"]).starts_with(title);
    const bool names_product =
        note.find("product_ids") != nullptr || note.find("group_ids") != nullptr;
    if (is_description && !names_product)
      findings.add(note,
                   "expected 'product_ids' or 'group_ids' of the description of a product, "
                   "found neither");
  }
}

}  // namespace lockstep::formats::csaf
