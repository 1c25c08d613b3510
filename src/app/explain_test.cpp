// SPDX-License-Identifier: Apache-2.0
#include "app/explain_test.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "app/evidence.hpp"
#include "app/inputs.hpp"
#include "domain/metrics.hpp"
#include "risks/thresholds.hpp"

namespace lockstep::app {
namespace {

/// What the newest kept assessment says in `list` of the entry whose member `key` has that value.
/// @param model "" where the value alone tells
std::vector<std::string> last_result(const std::optional<NewestRun>& run,
                                     std::string_view list,
                                     std::string_view model,
                                     std::string_view key,
                                     std::string_view value) {
  if (!run) return {"there is no assessment yet; `lockstep assess` makes one"};
  for (const Json& entry : run->dossier[list].items()) {
    const bool is_of_model = model.empty() || entry["model_id"].string_or("") == model;
    if (!is_of_model || entry[key].string_or("") != value) continue;
    return {entry["because"].string_or(""),
            fmt::format("state {}, as of {}", entry["state"].string_or(""), run->as_of)};
  }
  return {
      fmt::format("the assessment as of {} has none; `lockstep ai run` measures it", run->as_of)};
}

std::vector<std::string> reasons(const std::string& reason) {
  return {reason.empty() ? "the product file gives no reason" : reason};
}

Explanation page_of(const ModelInput& model,
                    const risks::LockedThreshold& planned,
                    const std::optional<NewestRun>& run) {
  const Threshold& threshold = planned.threshold;
  return {
      threshold.id,
      "test",
      fmt::format("attacks the model {} ({})", model.id, model.path),
      {{"What is done", {planned.budget, "on the " + planned.slice}},
       {"What has to hold",
        {fmt::format("the true share of samples whose attack succeeds is at most {:g} %, shown "
                     "with {:g} % confidence",
                     100 * threshold.at_most, 100 * (1 - threshold.alpha))}},
       {"Why so", reasons(threshold.reason)},
       {"Last result", last_result(run, "verdicts", "", "test", threshold.id)},
       {"What to do",
        {"`lockstep ai run --artefacts DIR` measures it and writes every sample that was broken "
         "there, with a page of pictures; a model that is changed is measured anew, and a "
         "threshold that is changed after a result needs a decision"}}}};
}

Explanation page_of(const ModelInput& model,
                    const DeclaredInput& entry,
                    const std::optional<NewestRun>& run) {
  const std::string name = name_of(entry.declared);
  return {model.id + "." + name,
          "declared value",
          fmt::format("is declared of the model {} ({})", model.id, model.path),
          {{"What has to hold",
            {fmt::format("{}, shown with {:g} % confidence", to_text(entry.declared),
                         100 * entry.declared.confidence),
             "on " + (entry.data.empty() ? model.data : entry.data)}},
           {"Why so", reasons(entry.reason)},
           {"Last result", last_result(run, "declared", model.id, "name", name)},
           {"What to do",
            {"`lockstep ai run` measures it; declare a value that the samples show, or measure on "
             "more of them"}}}};
}

}  // namespace

Result<std::optional<Explanation>> explain_test(const std::string& id,
                                                const std::string& product_path,
                                                const std::string& store_url,
                                                const Files& files,
                                                Diagnostics& problems) {
  const auto product = read_product_file(product_path, files, problems);
  if (!product) problems.add(product.error());
  if (problems.has_errors()) return std::optional<Explanation>{};
  for (const ModelInput& model : product->models) {
    for (const EvasionTest& test : model.evasion) {
      if (test.id != id) continue;
      const auto planned = risks::planned_thresholds(*product);
      const auto found = std::ranges::find_if(
          planned, [&](const auto& one) { return !one.is_declared && one.threshold.id == id; });
      if (found == planned.end()) continue;
      TRY(const auto run, newest_run(store_url, files));
      return std::optional(page_of(model, *found, run));
    }
    for (const DeclaredInput& entry : model.declared) {
      if (model.id + "." + name_of(entry.declared) != id) continue;
      TRY(const auto run, newest_run(store_url, files));
      return std::optional(page_of(model, entry, run));
    }
  }
  return std::optional<Explanation>{};
}

}  // namespace lockstep::app
