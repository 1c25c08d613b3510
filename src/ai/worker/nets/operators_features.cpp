// SPDX-License-Identifier: Apache-2.0
// What exporters of tabular models put around their model: tables from words to numbers, scaling,
// filling gaps, linear models.
//
// Source: ONNX-ML operator specification, operator sets 1 to 4.
#include <ATen/ATen.h>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "ai/worker/nets/class_scores.hpp"
#include "ai/worker/nets/operators.hpp"
#include "ai/worker/nets/texts.hpp"

namespace lockstep::ai {
namespace {

using at::Tensor;
using Integers = std::vector<std::int64_t>;

/// Elements as integers that are equal where the elements are: of floats their bits, with one NaN
/// and one zero.
Integers codes_of(const Value& value) {
  const Tensor& given = value.tensor;
  Integers codes;
  if (!given.is_floating_point()) {
    const Tensor flat = given.to(at::kLong).contiguous();
    codes.assign(flat.data_ptr<std::int64_t>(), flat.data_ptr<std::int64_t>() + flat.numel());
    return codes;
  }
  const Tensor flat = given.to(at::kDouble).contiguous();
  for (std::int64_t i = 0; i < flat.numel(); ++i) {
    const double x = flat.data_ptr<double>()[i];
    codes.push_back(std::bit_cast<std::int64_t>(
        std::isnan(x) ? std::numeric_limits<double>::quiet_NaN() : x + 0.0));
  }
  return codes;
}

Value texts_value(const std::vector<std::string>& texts) {
  return value_of({ElementType::string, {std::ssize(texts)}, {}, texts});
}

/// The list under the attribute `name` + "_strings", "_int64s", "_floats" or "_tensor".
Value list_of(const Call& call, const std::string& name) {
  if (const auto texts = call.texts(name + "_strings")) return texts_value(*texts);
  if (const auto numbers = call.integers(name + "_int64s"))
    return {at::tensor(*numbers, at::kLong)};
  if (const auto numbers = call.reals(name + "_floats")) return {at::tensor(*numbers, at::kFloat)};
  const Attribute* tensor = call.find(name + "_tensor");
  if (tensor == nullptr) throw OperatorError("expected the attribute " + name + "_*");
  const Value value = value_of(tensor->tensor);
  return {value.tensor.flatten(), value.type};
}

/// A table from keys to values; what is no key gets the last value.
struct Table {
  std::unordered_map<std::int64_t, std::int64_t> places;
  Value values;

  Value look_up(const Value& keys) const {
    Integers found;
    for (const std::int64_t code : codes_of(keys)) {
      const auto place = places.find(code);
      found.push_back(place == places.end() ? values.tensor.size(0) - 1 : place->second);
    }
    return {
        values.tensor.index_select(0, at::tensor(found, at::kLong)).reshape(keys.tensor.sizes()),
        values.type};
  }
};

/// What a key that the table does not have is given.
Tensor default_of(const Call& call, const Value& values) {
  if (const Attribute* tensor = call.find("default_tensor"))
    return value_of(tensor->tensor).tensor.flatten().to(values.tensor.scalar_type());
  if (values.type == ElementType::string)
    return at::tensor(Integers{number_of_text(call.text("default_string", "_Unused"))}, at::kLong);
  const auto options = values.tensor.options();
  if (values.tensor.is_floating_point())
    return at::full({1}, call.real("default_float", 0), options);
  return at::full({1}, call.integer("default_int64", -1), options);
}

Table table_of(const Call& call, const Value& keys, const Value& values) {
  require(keys.tensor.dim() == 1 && keys.tensor.size(0) == values.tensor.size(0),
          "expected as many keys as values");
  Table table;
  std::int64_t place = 0;
  for (const std::int64_t code : codes_of(keys))
    table.places.emplace(code, place++);
  table.values = {at::cat({values.tensor, default_of(call, values)}), values.type};
  return table;
}

/// Between words and their places in a list, in the direction that the input asks for.
Values between(const Call& call, const std::string& words, const Value& places) {
  const Value texts = texts_value(call.texts(words).value_or(std::vector<std::string>{}));
  const bool is_text = call.value(0).type == ElementType::string;
  const auto& table = call.prepared<Table>(
      [&] { return is_text ? table_of(call, texts, places) : table_of(call, places, texts); });
  return {table.look_up(call.value(0))};
}

Values label_encoder(const Call& call) {
  if (const auto words = call.texts("classes_strings"))  // operator set 1
    return between(call, "classes_strings", {at::arange(std::ssize(*words), at::kLong)});
  const auto& table = call.prepared<Table>(
      [&] { return table_of(call, list_of(call, "keys"), list_of(call, "values")); });
  return {table.look_up(call.value(0))};
}

Values category_mapper(const Call& call) {
  const auto numbers = call.integers("cats_int64s");
  require(numbers.has_value(), "expected the attribute cats_int64s");
  return between(call, "cats_strings", {at::tensor(*numbers, at::kLong)});
}

Values one_hot_encoder(const Call& call) {
  const auto& table = call.prepared<Table>([&] {
    const Value keys = list_of(call, "cats");
    const std::int64_t count = keys.tensor.size(0);
    Table made;
    std::int64_t place = 0;
    for (const std::int64_t code : codes_of(keys))
      made.places.emplace(code, place++);
    made.values = {at::cat({at::eye(count), at::zeros({1, count})})};
    return made;
  });
  const Value x = call.value(0);
  const bool takes_words = call.find("cats_strings") != nullptr;
  require(takes_words == (x.type == ElementType::string), "expected an input of the categories");
  Integers shape = x.tensor.sizes().vec();
  shape.push_back(table.values.tensor.size(1));
  // Numbers of any type are compared with integer categories.
  const Value keys = takes_words ? x : Value(x.tensor.to(at::kLong));
  Integers rows;
  for (const std::int64_t code : codes_of(keys)) {
    const auto place = table.places.find(code);
    require(place != table.places.end() || call.flag("zeros", true),
            "expected a category of the encoder, found another one");
    rows.push_back(place == table.places.end() ? table.values.tensor.size(0) - 1 : place->second);
  }
  return {table.values.tensor.index_select(0, at::tensor(rows, at::kLong)).reshape(shape)};
}

Values array_feature_extractor(const Call& call) {
  const Tensor& x = call.in(0);
  require(x.dim() > 0, "expected an axis to pick along");
  const Tensor places = call.in(1).to(at::kLong).flatten();
  const Tensor rows = x.dim() == 1 ? x.unsqueeze(0) : x;
  return {Value(rows.index_select(-1, places), call.value(0).type)};
}

Values binarizer(const Call& call) {
  const Tensor& x = call.in(0);
  return {x.gt(call.real("threshold", 0)).to(x.scalar_type())};
}

Values feature_vectorizer(const Call& call) {
  const auto widths = call.integers("inputdimensions").value_or(Integers{});
  require(widths.size() == call.input_count(), "expected a dimension for each input");
  std::vector<Tensor> parts;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const Tensor x = call.in(i).to(at::kFloat);
    parts.push_back(x.reshape({x.dim() > 1 ? x.size(0) : 1, -1}));
    require(parts.back().size(1) == widths[i], "expected inputs of the given dimensions");
  }
  return {at::cat(parts, 1)};
}

/// A list of numbers under an attribute, one for all features or one for each.
Tensor per_feature(const Call& call, const char* name, const Tensor& x, float otherwise) {
  const auto values = call.reals(name);
  if (!values || values->empty()) return at::scalar_tensor(otherwise, at::kFloat);
  require(values->size() == 1 || std::ssize(*values) == x.size(-1),
          "expected one number, or one for each feature");
  return at::tensor(*values, at::kFloat);
}

Values scaler(const Call& call) {
  const Tensor x = call.in(0).to(at::kFloat);
  return {(x - per_feature(call, "offset", x, 0)) * per_feature(call, "scale", x, 1)};
}

Values imputer(const Call& call) {
  const Tensor& x = call.in(0);
  if (!x.is_floating_point()) {
    const auto fills = call.integers("imputed_value_int64s").value_or(Integers{});
    require(std::ssize(fills) == x.size(-1) || fills.size() == 1,
            "expected one number, or one for each feature");
    const Tensor is_missing = x.eq(call.integer("replaced_value_int64", 0));
    return {at::where(is_missing, at::tensor(fills, at::kLong).to(x.scalar_type()), x)};
  }
  const double missing = call.real("replaced_value_float", 0);
  const Tensor fills = per_feature(call, "imputed_value_floats", x, 0).to(x.scalar_type());
  return {at::where(std::isnan(missing) ? x.isnan() : x.eq(missing), fills, x)};
}

Values normalizer(const Call& call) {
  const Tensor x = call.in(0).to(at::kFloat);
  const std::string norm = call.text("norm", "MAX");
  const std::int64_t axis = x.dim() - 1;
  const Tensor size = norm == "MAX"  ? x.amax({axis}, true)
                      : norm == "L1" ? x.abs().sum({axis}, true)
                      : norm == "L2" ? x.square().sum({axis}, true).sqrt()
                                     : throw OperatorError("expected the norm MAX, L1 or L2");
  return {x / at::where(size.eq(0), at::ones_like(size), size)};
}

/// Sums of products with one row of coefficients for each target.
Tensor linear(const Call& call, std::int64_t targets) {
  const Tensor x = call.in(0).to(at::kFloat);
  const Tensor rows = x.dim() == 1 ? x.unsqueeze(0) : x;
  const auto weights = call.reals("coefficients").value_or(std::vector<float>{});
  require(rows.dim() == 2 && targets > 0 && std::ssize(weights) == targets * rows.size(1),
          "expected coefficients for each target and feature");
  const Tensor sums =
      at::matmul(rows, at::tensor(weights, at::kFloat).reshape({targets, rows.size(1)}).t());
  const auto shift = call.reals("intercepts");
  if (!shift || shift->empty()) return sums;
  require(std::ssize(*shift) == targets, "expected one intercept for each target");
  return sums + at::tensor(*shift, at::kFloat);
}

Values linear_classifier(const Call& call) {
  std::size_t classes =
      call.texts("classlabels_strings").value_or(std::vector<std::string>{}).size();
  if (classes == 0) classes = call.integers("classlabels_ints").value_or(Integers{}).size();
  const auto weights = call.reals("coefficients").value_or(std::vector<float>{});
  const std::int64_t features = call.in(0).size(-1);
  const bool is_single = classes == 2 && std::ssize(weights) == features;
  return labelled(call, linear(call, is_single ? 1 : static_cast<std::int64_t>(classes)), false);
}

Values linear_regressor(const Call& call) {
  return {transformed(linear(call, call.integer("targets", 1)), post_transform_of(call))};
}

/// A map from class to score for each sample; here the scores, in the order of the classes.
Values zip_map(const Call& call) {
  return {call.in(0)};
}

constexpr std::string_view ml = "ai.onnx.ml";
constexpr std::array rows{
    OperatorRow{"ArrayFeatureExtractor", 1, 1, array_feature_extractor, Types::texts, ml},
    OperatorRow{"Binarizer", 1, 1, binarizer, Types::computed, ml},
    OperatorRow{"CategoryMapper", 1, 1, category_mapper, Types::texts, ml},
    OperatorRow{"FeatureVectorizer", 1, 1, feature_vectorizer, Types::computed, ml},
    OperatorRow{"Imputer", 1, 1, imputer, Types::computed, ml},
    OperatorRow{"LabelEncoder", 1, 4, label_encoder, Types::texts, ml},
    OperatorRow{"LinearClassifier", 1, 1, linear_classifier, Types::computed, ml},
    OperatorRow{"LinearRegressor", 1, 1, linear_regressor, Types::computed, ml},
    OperatorRow{"Normalizer", 1, 1, normalizer, Types::computed, ml},
    OperatorRow{"OneHotEncoder", 1, 1, one_hot_encoder, Types::texts, ml},
    OperatorRow{"Scaler", 1, 1, scaler, Types::computed, ml},
    OperatorRow{"ZipMap", 1, 1, zip_map, Types::computed, ml},
};

}  // namespace

std::span<const OperatorRow> feature_operators() {
  return rows;
}

}  // namespace lockstep::ai
