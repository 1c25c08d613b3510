// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/examples.hpp"

#include <ATen/ATen.h>
#include <algorithm>

#include "ai/worker/evasion/ball.hpp"

namespace lockstep::ai {
namespace {

using at::Tensor;

std::string name_at(const std::vector<std::string>& names, std::int64_t i) {
  return static_cast<std::size_t>(i) < names.size() ? names[static_cast<std::size_t>(i)] : "";
}

std::vector<ClassOutcome> classes_of(const DataSet& set,
                                     const Samples& samples,
                                     const EvasionOutcome& outcome) {
  std::map<std::int64_t, ClassOutcome> by_label;
  for (std::int64_t i = 0; i < samples.count(); ++i) {
    const auto label = samples.y[i].item<std::int64_t>();
    ClassOutcome& one = by_label[label];
    one.label = label;
    ++one.total;
    one.right += outcome.is_right[static_cast<std::size_t>(i)];
    one.standing += 1 - outcome.is_broken[static_cast<std::size_t>(i)];
  }
  std::vector<ClassOutcome> classes;
  for (auto& [label, one] : by_label) {
    one.name = name_at(set.classes, label);
    classes.push_back(std::move(one));
  }
  return classes;
}

/// What the data can hold.
enum class Grid { any, pixels, rows };

Grid grid_of(const DataSet& set) {
  if (set.table) return Grid::rows;
  const Array* images = find_array(set.arrays, "images");
  const Array* x = images != nullptr ? images : find_array(set.arrays, "x");
  return x != nullptr && x->type == ElementType::uint8 ? Grid::pixels : Grid::any;
}

std::vector<double> numbers_in(const Tensor& x) {
  const Tensor flat = x.to(at::kDouble).contiguous();
  const auto* data = flat.data_ptr<double>();
  return {data, data + flat.numel()};
}

/// The nearest input that the data can hold. Of a table: with the reasons why nobody makes it.
Tensor on_grid(const DataSet& set,
               Grid grid,
               const Tensor& x,
               const Tensor& original,
               std::vector<std::string>& problems) {
  if (grid == Grid::pixels) return (x * 255).round() / 255;
  if (grid == Grid::any) return x;
  const TabularSchema& schema = *set.table;
  std::vector<double> before(schema.columns.size());
  std::vector<double> after(schema.columns.size());
  decode(schema, numbers_in(original), before);
  decode(schema, numbers_in(x), after);
  problems = problems_of(schema, after);
  for (std::string& problem : problems_of_change(schema, before, after))
    problems.push_back(std::move(problem));
  std::vector<double> features(schema.features);
  encode(schema, after, features);
  return at::tensor(features, at::kDouble).to(x.scalar_type()).reshape(x.sizes());
}

}  // namespace

Result<AttackDetails> details_of(const Classifier& classifier,
                                 const DataSet& set,
                                 const Samples& samples,
                                 const EvasionOutcome& outcome,
                                 const std::string& norm_name) {
  const Norm norm = norm_name == "l2" ? Norm::l2 : norm_name == "l1" ? Norm::l1 : Norm::linf;
  const Grid grid = grid_of(set);
  AttackDetails details;
  details.grid = grid == Grid::pixels ? "8-bit pixels"
                 : grid == Grid::rows ? "rows of the table"
                                      : "";
  details.class_names = set.classes;
  details.classes = classes_of(set, samples, outcome);
  const Judge judge = Judge::of(classifier, outcome.measurement.seed, 1);
  for (const auto& [index, x] : outcome.confirmed) {
    const Tensor original = samples.x.narrow(0, index, 1);
    AdversarialExample example;
    example.index = index;
    example.name = name_at(set.names, index);
    example.label = samples.y[index].item<std::int64_t>();
    TRY(const Tensor scores, judge.alone(x, {index}));
    example.predicted = scores.argmax(1).item<std::int64_t>();
    example.distance = distances(x, original, norm).item<double>();
    TRY(const Tensor kept, judge.alone(on_grid(set, grid, x, original, example.problems), {index}));
    example.is_kept = is_fooled(kept, samples.y.narrow(0, index, 1)).item<bool>();
    details.examples.push_back(std::move(example));
  }
  return details;
}

Result<std::string> write_examples(const Samples& samples, const EvasionOutcome& outcome) {
  std::vector<Tensor> x;
  std::vector<std::int64_t> index;
  for (const Confirmed& one : outcome.confirmed) {
    x.push_back(one.x);
    index.push_back(one.index);
  }
  const Tensor places = at::tensor(index, at::kLong);
  const Tensor original = samples.x.index_select(0, places).to(at::kFloat).contiguous();
  const Tensor perturbed = (x.empty() ? original : at::cat(x)).to(at::kFloat).contiguous();
  const Tensor labels = samples.y.index_select(0, places).contiguous();
  const auto floats = [](const Tensor& t) {
    return array_of<float>(t.sizes().vec(),
                           {t.data_ptr<float>(), static_cast<std::size_t>(t.numel())});
  };
  const auto count = static_cast<std::int64_t>(index.size());
  const std::vector<NamedArray> arrays{
      {"index", array_of<std::int64_t>({count}, index)},
      {"original", floats(original)},
      {"x", floats(perturbed)},
      {"y", array_of<std::int64_t>(
                {count}, {labels.data_ptr<std::int64_t>(), static_cast<std::size_t>(count)})}};
  return write_npz(arrays);
}

}  // namespace lockstep::ai
