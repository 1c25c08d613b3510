// SPDX-License-Identifier: Apache-2.0
// A token is a number, and numbers have no gradient. The row that the net looks up for it has one:
//
//     ids --Gather(table)--> rows --...--> scores       the net, which answers
//                ids, rows --...--> scores              the same net from behind the Gather
//
// The second net takes the rows as an input of its own. The gradient of the scores by the rows,
// times the table, is the gradient by a one-hot form of the tokens.
#include "ai/worker/nets/text_model.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <set>

#include "ai/worker/nets/value.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

tl::unexpected<Error> bad(const std::string& file, const char* code, std::string message) {
  return fail(ErrorKind::input, code, std::move(message), {file, 0, 0});
}

enum class Role { tokens, mask, types };

std::optional<Role> role_of(const ValueInfo& input, std::size_t inputs) {
  if (input.type != ElementType::int64 && input.type != ElementType::int32) return std::nullopt;
  if (!input.has_shape || input.shape.size() != 2) return std::nullopt;
  if (input.name == "attention_mask") return Role::mask;
  if (input.name == "token_type_ids") return Role::types;
  if (inputs == 1 || input.name == "input_ids") return Role::tokens;
  return std::nullopt;
}

/// The place of the input of tokens, when the inputs are those of a text net.
Result<std::size_t> tokens_among(const std::vector<ValueInfo>& inputs, const std::string& file) {
  std::optional<std::size_t> tokens;
  bool is_text = !inputs.empty();
  std::string found;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto role = role_of(inputs[i], inputs.size());
    is_text = is_text && role.has_value();
    if (role == Role::tokens) tokens = i;
    found += fmt::format("{}'{}' of {} {}", i > 0 ? ", " : "", quotable(inputs[i].name),
                         name_of(inputs[i].type), shape_text(inputs[i].shape));
  }
  if (is_text && tokens) return *tokens;
  return bad(file, "ai.shape",
             fmt::format("expected a net of numbers of tokens [texts, length] (int64 or int32), "
                         "beside which it may take 'attention_mask' and 'token_type_ids', found {}",
                         quotable(found, 300)));
}

/// The table in which a net looks up tokens.
struct Lookup {
  std::size_t node = 0;
  at::Tensor table;  ///< [tokens, features]
};

/// The one Gather of tokens in a table of weights, or why there is none.
Result<Lookup> lookup_in(const Graph& graph, const std::string& tokens, const std::string& file) {
  std::set<std::string> names{tokens};  // of the tokens, and of what has the same elements
  std::optional<Lookup> found;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (!node.domain.empty() || node.inputs.empty() || node.outputs.empty()) continue;
    if ((node.op_type == "Cast" || node.op_type == "Identity") && names.contains(node.inputs[0]))
      names.insert(node.outputs[0]);
    if (node.op_type != "Gather" || node.inputs.size() != 2 || !names.contains(node.inputs[1]))
      continue;
    const auto table = std::ranges::find(graph.initializers, node.inputs[0],
                                         [](const auto& each) { return each.first; });
    const bool is_by_row = std::ranges::all_of(node.attributes, [](const Attribute& attribute) {
      return attribute.name != "axis" || attribute.integer == 0;
    });
    if (table == graph.initializers.end() || table->second.type != ElementType::float32 ||
        table->second.shape.size() != 2 || !is_by_row || found)
      return bad(file, "ai.gradients",
                 "the net has no one table of float32 in which it looks up tokens by a Gather");
    found = Lookup{i, value_of(table->second).tensor};
  }
  if (found) return *std::move(found);
  return bad(file, "ai.gradients", "the net looks up tokens in no table by a Gather");
}

Result<Net> behind_lookup(Model model, const Lookup& lookup, const std::string& file) {
  Graph& graph = model.graph;
  const std::vector<std::int64_t>& shape = graph.inputs.front().shape;
  graph.inputs.push_back({graph.nodes[lookup.node].outputs.front(),
                          ElementType::float32,
                          true,
                          {-1, shape[1], lookup.table.size(1)}});
  graph.nodes.erase(graph.nodes.begin() + static_cast<std::ptrdiff_t>(lookup.node));
  return Net::build(std::move(model), file);
}

class OnnxTextModel final : public TextModel {
 public:
  static Result<std::unique_ptr<TextModel>> build(Model model,
                                                  const Tokenizer& tokenizer,
                                                  const std::string& file);

  Result<at::Tensor> logits(std::span<const TextSample> texts) const override {
    const at::NoGradGuard no_gradients;
    return in_batches(
        texts, [this](std::span<const TextSample> part) { return scores(net_, inputs_of(part)); });
  }

  Result<Gradient> gradient(std::span<const TextSample> texts,
                            const ScoreLoss& loss) const override;

  at::Tensor embedding() const override { return table_; }

  const std::string& why_no_gradient() const override { return why_no_gradient_; }

  const std::string& file() const override { return file_; }

 private:
  explicit OnnxTextModel(Net net) : net_(std::move(net)) {}

  at::Tensor tokens_of(std::span<const TextSample> texts) const;
  Values inputs_of(std::span<const TextSample> texts) const;
  Result<at::Tensor> scores(const Net& net, Values inputs) const;

  template <typename Answer>
  Result<at::Tensor> in_batches(std::span<const TextSample> texts, const Answer& answer) const {
    if (!is_one_by_one_ || texts.size() == 1) return answer(texts);
    std::vector<at::Tensor> parts;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      TRY(parts.emplace_back(), answer(texts.subspan(i, 1)));
    }
    return at::cat(parts);
  }

  Net net_;
  std::optional<Net> rest_;  ///< from behind the lookup; its last input is the rows
  at::Tensor table_;
  std::string why_no_gradient_;
  std::int64_t padding_ = 0;
  bool is_one_by_one_ = false;  ///< the net insists on batches of 1
  std::string file_;
};

void keep_scores(Net& net) {
  const auto& outputs = net.outputs();
  const auto found = std::ranges::find_if(outputs, [](const ValueInfo& output) {
    return output.type == ElementType::float32 || output.type == ElementType::float64 ||
           output.type == ElementType::undefined;
  });
  net.keep_output(found == outputs.end() ? 0 : static_cast<std::size_t>(found - outputs.begin()));
  net.drop_final_softmax();
}

Result<std::unique_ptr<TextModel>> OnnxTextModel::build(Model model,
                                                        const Tokenizer& tokenizer,
                                                        const std::string& file) {
  if (tokenizer.vocabulary().size() == 0)
    return bad(file, "ai.text",
               "expected a tokenizer with a vocabulary for a net of tokens, found none");
  TRY(const std::size_t place, tokens_among(model.graph.inputs, file));
  const ValueInfo input = model.graph.inputs[place];
  if (input.shape[0] > 1)
    return bad(file, "ai.shape",
               fmt::format("expected a net that takes any number of texts, or one at a time, found "
                           "one that insists on {}",
                           input.shape[0]));
  const auto lookup = lookup_in(model.graph, input.name, file);
  const std::int64_t tokens = tokenizer.vocabulary().size();
  if (lookup && lookup->table.size(0) < tokens)
    return bad(file, "ai.text",
               fmt::format("expected a vocabulary of at most {} tokens, as the net has rows for, "
                           "found {}",
                           lookup->table.size(0), tokens));
  std::optional<Net> rest;
  std::string why = lookup ? "" : lookup.error().message;
  if (lookup) {
    if (auto behind = behind_lookup(model, *lookup, file))
      rest = *std::move(behind);
    else
      why = behind.error().message;
  }
  TRY(Net net, Net::build(std::move(model), file));
  std::unique_ptr<OnnxTextModel> made(new OnnxTextModel(std::move(net)));
  keep_scores(made->net_);
  if (rest) {
    keep_scores(*rest);
    made->table_ = lookup->table;
  }
  made->rest_ = std::move(rest);
  made->why_no_gradient_ = std::move(why);
  made->padding_ = tokenizer.padding();
  made->is_one_by_one_ = input.shape[0] == 1;
  made->file_ = file;
  return std::unique_ptr<TextModel>(std::move(made));
}

at::Tensor OnnxTextModel::tokens_of(std::span<const TextSample> texts) const {
  const auto length = std::ssize(texts.front().input);
  at::Tensor tokens = at::empty({std::ssize(texts), length}, at::kLong);
  auto* to = tokens.data_ptr<std::int64_t>();
  for (const TextSample& text : texts)
    to = std::ranges::copy(text.input, to).out;
  return tokens;
}

Values OnnxTextModel::inputs_of(std::span<const TextSample> texts) const {
  const at::Tensor tokens = tokens_of(texts);
  Values inputs;
  for (const ValueInfo& input : net_.inputs()) {
    const Role role = *role_of(input, net_.inputs().size());
    const at::Tensor value = role == Role::tokens ? tokens
                             : role == Role::mask ? tokens.ne(padding_).to(at::kLong)
                                                  : at::zeros_like(tokens);
    inputs.emplace_back(input.type == ElementType::int32 ? value.to(at::kInt) : value);
  }
  return inputs;
}

Result<at::Tensor> OnnxTextModel::scores(const Net& net, Values inputs) const {
  const std::int64_t count = inputs.front().tensor.size(0);
  TRY(const Values outputs, net.run(std::move(inputs)));
  const at::Tensor& z = outputs.front().tensor;
  if (!z.defined() || !z.is_floating_point() || z.dim() < 2 || z.size(0) != count ||
      z.numel() / std::max<std::int64_t>(count, 1) < 2)
    return bad(
        file_, "ai.shape",
        fmt::format("expected scores [texts, classes] of at least two classes, found an "
                    "output of shape {}",
                    shape_text(z.defined() ? z.sizes().vec() : std::vector<std::int64_t>{})));
  return z.reshape({count, -1}).to(at::kFloat);
}

Result<TextModel::Gradient> OnnxTextModel::gradient(std::span<const TextSample> texts,
                                                    const ScoreLoss& loss) const {
  if (!rest_) return fail(ErrorKind::usage, "ai.gradients", why_no_gradient_, {file_, 0, 0});
  try {
    Gradient sum;
    std::vector<at::Tensor> logits;
    std::vector<at::Tensor> slopes;
    const std::size_t step = is_one_by_one_ ? 1 : texts.size();
    for (std::size_t first = 0; first < texts.size(); first += step) {
      const auto part = texts.subspan(first, step);
      const at::Tensor rows = table_.index_select(0, tokens_of(part).reshape(-1))
                                  .reshape({std::ssize(part), -1, table_.size(1)})
                                  .set_requires_grad(true);
      Values inputs = inputs_of(part);
      inputs.emplace_back(rows);
      TRY(const at::Tensor z, scores(*rest_, std::move(inputs)));
      const at::Tensor plain = z.detach().contiguous();
      const at::Tensor dz = at::zeros_like(plain);
      const auto offset = static_cast<std::int64_t>(first);
      loss(offset, plain.size(0), plain.size(1), plain.data_ptr<float>(), dz.data_ptr<float>());
      if (z.requires_grad()) z.backward(dz);
      logits.push_back(plain);
      slopes.push_back(rows.grad().defined() ? rows.grad() : at::zeros_like(rows.detach()));
    }
    return Gradient{at::cat(logits), at::cat(slopes)};
  } catch (const std::exception& trouble) {
    const std::string text = trouble.what();
    return bad(
        file_, "onnx.run",
        "the gradient cannot be computed: " + quotable(text.substr(0, text.find('\n')), 200));
  }
}

}  // namespace

Result<std::int64_t> text_length_of(const Model& model, const std::string& file) {
  TRY(const std::size_t place, tokens_among(model.graph.inputs, file));
  return std::max<std::int64_t>(model.graph.inputs[place].shape[1], -1);
}

Result<std::unique_ptr<TextModel>> build_text_model(Model model,
                                                    const Tokenizer& tokenizer,
                                                    const std::string& file) {
  return OnnxTextModel::build(std::move(model), tokenizer, file);
}

}  // namespace lockstep::ai
