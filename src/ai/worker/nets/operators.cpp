// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/nets/operators.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::ai {
namespace {

std::array<std::span<const OperatorRow>, 16> tables() {
  return {elementwise_operators(),   shape_operators(),     indexing_operators(),
          reduction_operators(),     layer_operators(),     pooling_operators(),
          normalization_operators(), image_operators(),     sequence_operators(),
          attention_operators(),     quantized_operators(), loss_operators(),
          tree_operators(),          feature_operators(),   random_operators(),
          torchscript_operators()};
}

/// An attribute that is of this kind, or not there. The type of an empty list may be left out.
const Attribute* checked(const Attribute* attribute, Attribute::Kind kind, const char* word) {
  using Kind = Attribute::Kind;
  const bool is_list = kind == Kind::integers || kind == Kind::reals || kind == Kind::texts;
  if (attribute != nullptr && attribute->kind != kind &&
      !(is_list && attribute->kind == Kind::none))
    throw OperatorError(
        fmt::format("expected {} as the attribute '{}'", word, quotable(attribute->name)));
  return attribute;
}

}  // namespace

const OperatorRow* find_operator(std::string_view domain, std::string_view name) {
  for (const auto table : tables()) {
    const auto row = std::ranges::find_if(
        table, [&](const OperatorRow& r) { return r.name == name && r.domain == domain; });
    if (row != table.end()) return &*row;
  }
  return nullptr;
}

std::vector<const OperatorRow*> all_operators() {
  std::vector<const OperatorRow*> rows;
  for (const auto table : tables())
    for (const OperatorRow& row : table)
      rows.push_back(&row);
  return rows;
}

std::int64_t from_front(std::int64_t axis, std::int64_t rank) {
  if (axis < -rank || axis >= std::max<std::int64_t>(rank, 1))
    throw OperatorError(fmt::format("expected an axis in [{}, {}), found {}", -rank, rank, axis));
  return axis < 0 ? axis + rank : axis;
}

void require(bool condition, const char* message) {
  if (!condition) throw OperatorError(message);
}

const Value& Call::value(std::size_t i) const {
  if (!has(i)) throw OperatorError(fmt::format("expected input {}, found none", i));
  return inputs_[i];
}

const at::Tensor& Call::in(std::size_t i) const {
  return value(i).tensor;
}

std::vector<std::int64_t> Call::integers_in(std::size_t i) const {
  const at::Tensor flat = in(i).to(at::kCPU, at::kLong).contiguous();
  const auto* data = flat.data_ptr<std::int64_t>();
  return {data, data + flat.numel()};
}

double Call::number_in(std::size_t i) const {
  require(in(i).numel() == 1, "expected an input of one element");
  return in(i).to(at::kDouble).item<double>();
}

const Attribute* Call::find(std::string_view name) const {
  const auto found = std::ranges::find(node_.attributes, name, &Attribute::name);
  return found == node_.attributes.end() ? nullptr : &*found;
}

std::int64_t Call::integer(std::string_view name, std::int64_t otherwise) const {
  const Attribute* attribute = checked(find(name), Attribute::Kind::integer, "an integer");
  return attribute == nullptr ? otherwise : attribute->integer;
}

bool Call::flag(std::string_view name, bool otherwise) const {
  return integer(name, otherwise ? 1 : 0) != 0;
}

double Call::real(std::string_view name, double otherwise) const {
  const Attribute* attribute = checked(find(name), Attribute::Kind::real, "a number");
  return attribute == nullptr ? otherwise : static_cast<double>(attribute->real);
}

std::string Call::text(std::string_view name, std::string_view otherwise) const {
  const Attribute* attribute = checked(find(name), Attribute::Kind::text, "a word");
  return attribute == nullptr ? std::string(otherwise) : attribute->text;
}

std::optional<std::vector<std::int64_t>> Call::integers(std::string_view name) const {
  const Attribute* attribute = checked(find(name), Attribute::Kind::integers, "a list of integers");
  if (attribute == nullptr) return std::nullopt;
  return attribute->integers;
}

std::optional<std::vector<float>> Call::reals(std::string_view name) const {
  const Attribute* attribute = checked(find(name), Attribute::Kind::reals, "a list of numbers");
  if (attribute == nullptr) return std::nullopt;
  return attribute->reals;
}

std::optional<std::vector<std::string>> Call::texts(std::string_view name) const {
  const Attribute* attribute = checked(find(name), Attribute::Kind::texts, "a list of words");
  if (attribute == nullptr) return std::nullopt;
  return attribute->texts;
}

std::int64_t Call::axis(std::string_view name, std::int64_t otherwise, std::int64_t rank) const {
  return from_front(integer(name, otherwise), rank);
}

Chance& Call::chance() const {
  if (chance_ == nullptr)
    throw Unsupported(node_.op_type == "Dropout"
                          ? "Dropout in training mode, whose outputs are random"
                          : fmt::format("{}, whose outputs are random", node_.op_type));
  return *chance_;
}

Values Call::run_graph(std::string_view attribute, Values inputs) const {
  require(run_graph_ != nullptr, "expected a graph in an attribute, found none");
  return (*run_graph_)(attribute, std::move(inputs));
}

}  // namespace lockstep::ai
