// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/rows.hpp"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <vector>

#include "ai/row_space.hpp"
#include "ai/worker/evasion/attacks/table_rows.hpp"
#include "ai/worker/evasion/distances.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

constexpr double no_limit = std::numeric_limits<double>::infinity();
constexpr double same_share = 1e-4;  ///< of a feature, or of 1
constexpr std::size_t problems_max = 20;

at::Tensor floats(const at::Tensor& x) {
  return x.to(at::kFloat).contiguous();
}

std::span<const float> view(const at::Tensor& x) {
  return {x.data_ptr<float>(), static_cast<std::size_t>(x.numel())};
}

/// 0 for none.
double median_or_none(std::vector<double> values) {
  std::ranges::sort(values);
  return values.empty() ? 0 : median_of(values);
}

}  // namespace

RowCandidate row_of(const at::Tensor& candidate, const at::Tensor& x, const Threat& threat) {
  const at::Tensor sample = floats(x);
  const at::Tensor proposed = floats(candidate);
  const RowSpace space(*threat.table, view(sample), row_norm(threat.norm), no_limit);
  const at::Tensor features = at::empty_like(sample);
  space.encode(space.row_near(view(proposed)),
               {features.data_ptr<float>(), static_cast<std::size_t>(features.numel())});
  const std::vector<double> row = decoded(*threat.table, view(features));
  RowCandidate found;
  found.x = features.to(x.scalar_type());
  found.is_possible = space.problems(row).empty();
  found.distance = space.distance(row);
  return found;
}

Result<> check_rows(const at::Tensor& x, const TabularSchema& table, const std::string& file) {
  const at::Tensor all = floats(x);
  const std::int64_t width = x.size(0) == 0 ? 0 : x.numel() / x.size(0);
  if (static_cast<std::size_t>(width) != table.features)
    return fail(
        ErrorKind::input, "ai.shape",
        fmt::format("expected {} features in each sample, as the description says, found {}",
                    table.features, width),
        {file, 0, 0});
  std::vector<std::string> problems;
  std::vector<double> features(table.features);
  for (std::int64_t i = 0; i < all.size(0) && problems.size() < problems_max; ++i) {
    const std::span<const float> sample =
        view(all).subspan(static_cast<std::size_t>(i) * table.features, table.features);
    encode(table, decoded(table, sample), features);
    for (const TableColumn& column : table.columns) {
      for (std::size_t k = column.feature; k < column.feature + column.features; ++k) {
        const double given = sample[k];
        if (std::abs(features[k] - given) <= same_share * std::max(1.0, std::abs(given))) continue;
        problems.push_back(
            fmt::format("sample {}, column '{}', feature {}: the nearest value of "
                        "the column is {:.6g}, found {:.6g}",
                        i, quotable(column.name), k, features[k], given));
        break;
      }
      if (problems.size() == problems_max) break;
    }
  }
  if (problems.empty()) return {};
  Error error{ErrorKind::input,
              "ai.columns",
              "expected the features of rows that the description describes: " + problems.front(),
              {file, 0, 0},
              {problems.begin() + 1, problems.end()}};
  return tl::unexpected(std::move(error));
}

TableChanges table_changes(std::span<const Confirmed> confirmed, const Samples& samples) {
  const TabularSchema& table = *samples.table;
  TableChanges changes;
  std::vector<double> counts;
  std::vector<double> costs;
  for (const Confirmed& one : confirmed) {
    const at::Tensor sample = floats(samples.x.narrow(0, one.index, 1));
    const at::Tensor changed = floats(one.x);
    const RowSpace space(table, view(sample), RowNorm::linf, no_limit);
    const RowChange change = space.change(decoded(table, view(changed)));
    TableChanges::Row& row =
        changes.rows.emplace_back(one.index, std::vector<std::string>{}, change.cost);
    for (const std::size_t column : change.columns)
      row.changed.push_back(table.columns[column].name);
    counts.push_back(static_cast<double>(change.columns.size()));
    costs.push_back(change.cost);
  }
  changes.median_changed = median_or_none(std::move(counts));
  changes.median_cost = median_or_none(std::move(costs));
  const at::Tensor all = floats(samples.x);
  for (std::int64_t i = 0; i < all.size(0); ++i) {
    const auto sample =
        view(all).subspan(static_cast<std::size_t>(i) * table.features, table.features);
    changes.impossible += problems_of(table, decoded(table, sample)).empty() ? 0 : 1;
  }
  return changes;
}

}  // namespace lockstep::ai
