// SPDX-License-Identifier: Apache-2.0
// Two forms:
//
//   scores   {"inputs": [sample, ...]}, each sample as nested lists
//            {"scores": [[score of class 0, ...], ...]}, one list for each sample, in order
//   kserve   {"inputs": [{"name", "shape", "datatype", "data"}]}
//            {"outputs": [{"name", "shape", "datatype", "data"}, ...]}, the first of floats counts
//
// Source for kserve: Open Inference Protocol (KServe V2), inference and model metadata over HTTP.
#include "ai/worker/nets/endpoint_forms.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <iterator>
#include <optional>

#include "ai/worker/limits.hpp"
#include "base/diagnostics.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/url.hpp"

namespace lockstep::ai {
namespace {

constexpr std::string_view infer = "/infer";

tl::unexpected<Error> bad(const std::string& service, std::string message) {
  return fail(ErrorKind::input, "ai.endpoint_answer", std::move(message), {service, 0, 0});
}

Result<Json> tree_of(std::string_view body, const std::string& service) {
  Diagnostics problems;
  constexpr TreeLimits answer_limits{limits::endpoint_answer_bytes, 16, 8'000'000};
  auto tree = parse_json(body, service, problems, answer_limits);
  if (!tree || !tree->is_object())
    return bad(service, fmt::format("expected a JSON object as the answer, found '{}'{}",
                                    quotable(body), tree ? "" : ": " + tree.error().message));
  if (problems.has_errors()) return bad(service, "expected each key once in the answer");
  return tree;
}

/// The numbers of nested lists, in order. Error texts say where.
Result<> flatten(const Json& value, std::vector<float>& into, const std::string& service) {
  if (value.is_array()) {
    for (const Json& item : value.items())
      TRY_VOID(flatten(item, into, service));
    return {};
  }
  const bool is_number = value.kind() == Json::Kind::integer || value.kind() == Json::Kind::number;
  const double number = is_number ? value.as_number().value_or(NAN) : NAN;
  const auto narrow = static_cast<float>(number);
  if (!std::isfinite(narrow))
    return bad(service, fmt::format("expected finite numbers as scores, found something else "
                                    "behind {} of them",
                                    into.size()));
  into.push_back(narrow);
  return {};
}

void append_nested(std::string& text, const float*& x, std::span<const std::int64_t> shape) {
  if (shape.empty()) {
    fmt::format_to(std::back_inserter(text), "{}", *x++);
    return;
  }
  text += '[';
  for (std::int64_t i = 0; i < shape.front(); ++i) {
    if (i > 0) text += ',';
    append_nested(text, x, shape.subspan(1));
  }
  text += ']';
}

bool is_any(std::string_view) {
  return true;
}

std::string write_scores(const EndpointQuestion& question) {
  std::string text = R"({"inputs":[)";
  text.reserve(16 + question.x.size() * 12);
  const float* x = question.x.data();
  for (std::int64_t row = 0; row < question.rows; ++row) {
    if (row > 0) text += ',';
    append_nested(text, x, question.shape);
  }
  return text + "]}";
}

Result<EndpointScores> read_scores(std::string_view body,
                                   std::int64_t rows,
                                   const std::string& service) {
  TRY(const Json tree, tree_of(body, service));
  const Json& lists = tree["scores"];
  if (!lists.is_array() || std::ssize(lists.items()) != rows)
    return bad(
        service,
        fmt::format(
            "expected \"scores\" with a list for each of the {} samples, found {}", rows,
            lists.is_array() ? fmt::format("{} of them", lists.items().size()) : "no such list"));
  EndpointScores answer;
  for (const Json& list : lists.items()) {
    const std::size_t before = answer.scores.size();
    for (const Json& score : list.items()) {
      if (score.is_array()) return bad(service, "expected numbers in each list, found lists");
      TRY_VOID(flatten(score, answer.scores, service));
    }
    const auto classes = static_cast<std::int64_t>(answer.scores.size() - before);
    if (before == 0) answer.classes = classes;
    if (classes != answer.classes || classes < 2)
      return bad(service, fmt::format("expected as many scores for each sample, and at least two, "
                                      "found {} and {}",
                                      answer.classes, classes));
  }
  return answer;
}

/// ".../v2/models/NAME[/versions/V]/infer"
bool is_kserve(std::string_view url) {
  const std::string plain = without_query(url);
  return plain.ends_with(infer) && plain.find("/v2/models/") != std::string::npos;
}

std::string write_kserve(const EndpointQuestion& question) {
  const Json name(question.input);
  std::string text =
      fmt::format(R"({{"inputs":[{{"name":{},"shape":[{})", to_canonical_json(name), question.rows);
  for (const std::int64_t size : question.shape)
    fmt::format_to(std::back_inserter(text), ",{}", size);
  fmt::format_to(std::back_inserter(text), R"(],"datatype":"{}","data":[)", question.datatype);
  text.reserve(text.size() + question.x.size() * 12);
  for (std::size_t i = 0; i < question.x.size(); ++i)
    fmt::format_to(std::back_inserter(text), "{}{}", i > 0 ? "," : "", question.x[i]);
  return text + "]}]}";
}

bool is_float(const Json& tensor) {
  const std::string type = tensor["datatype"].string_or("");
  return type == "FP32" || type == "FP64" || type == "FP16" || type == "BF16";
}

/// The sizes of a tensor; nothing when they are no list of whole numbers.
std::optional<std::vector<std::int64_t>> shape_of(const Json& tensor) {
  std::vector<std::int64_t> shape;
  for (const Json& item : tensor["shape"].items()) {
    const auto size = item.as_int();
    if (!size || *size > limits::elements) return std::nullopt;
    shape.push_back(*size);
  }
  return shape;
}

Result<EndpointScores> read_kserve(std::string_view body,
                                   std::int64_t rows,
                                   const std::string& service) {
  TRY(const Json tree, tree_of(body, service));
  const Json::Array& outputs = tree["outputs"].items();
  const auto output = std::ranges::find_if(outputs, is_float);
  if (output == outputs.end())
    return bad(service, "expected \"outputs\" with one of datatype FP32 or FP64, found none");
  EndpointScores answer;
  TRY_VOID(flatten((*output)["data"], answer.scores, service));
  const auto shape = shape_of(*output);
  const bool has_rows = shape && shape->size() >= 2 && shape->front() == rows;
  const auto count = std::ssize(answer.scores);
  std::int64_t elements = has_rows ? 1 : 0;
  for (std::size_t i = 0; has_rows && i < shape->size(); ++i)
    elements = (*shape)[i] < 0 || elements > count ? 0 : elements * (*shape)[i];
  if (!has_rows || elements != count || count < 2 * rows)
    return bad(service, fmt::format("expected an output of shape [{}, classes] with its data, "
                                    "found the shape {} and {} numbers",
                                    rows, to_canonical_json((*output)["shape"]), count));
  answer.classes = count / rows;
  return answer;
}

bool is_chat(std::string_view url) {
  return without_query(url).ends_with("/chat/completions");
}

constexpr std::array<EndpointForm, 3> rows{{
    {"kserve", "the Open Inference Protocol (KServe V2), for .../v2/models/NAME/infer", is_kserve,
     write_kserve, read_kserve},
    {"chat", "a text; answered by the name of a class, for .../chat/completions", is_chat, nullptr,
     nullptr},
    {"scores", R"({"inputs": [sample, ...]}, answered by {"scores": [[...], ...]})", is_any,
     write_scores, read_scores},
}};

}  // namespace

std::span<const EndpointForm> endpoint_forms() {
  return rows;
}

Result<const EndpointForm*> endpoint_form(std::string_view name, std::string_view url) {
  const auto found = std::ranges::find_if(rows, [&](const EndpointForm& form) {
    return name.empty() ? form.is_for(url) : form.name == name;
  });
  if (found != rows.end() && found->name == "kserve" && !is_kserve(url))
    return fail(ErrorKind::usage, "ai.endpoint_form",
                "expected an address .../v2/models/NAME/infer for the form kserve");
  if (found != rows.end()) return &*found;
  return fail(ErrorKind::usage, "ai.endpoint_form",
              fmt::format("expected scores, kserve or chat as the form of a service, found '{}'",
                          quotable(name)));
}

std::string kserve_description_url(std::string_view url) {
  const std::string plain = without_query(url);
  const std::string_view model = std::string_view(plain).substr(
      0, plain.ends_with(infer) ? plain.size() - infer.size() : plain.size());
  return std::string(model) + std::string(url.substr(plain.size()));
}

Result<KserveModel> read_kserve_description(std::string_view body, const std::string& service) {
  TRY(const Json tree, tree_of(body, service));
  const Json::Array& inputs = tree["inputs"].items();
  if (inputs.size() != 1 || !inputs.front()["name"].is_string())
    return bad(service, fmt::format("expected the description of a model with one input, found {}",
                                    inputs.size()));
  const Json& input = inputs.front();
  const std::string type = input["datatype"].string_or("");
  const auto shape = shape_of(input);
  const bool has_floats = (type == "FP32" || type == "FP64") && shape && shape->size() >= 2;
  // A size that is free is 1 here.
  const bool has_texts =
      type == "BYTES" && shape &&
      (shape->size() == 1 || (shape->size() == 2 && (shape->back() == 1 || shape->back() == -1)));
  if (!has_floats && !has_texts)
    return bad(service,
               fmt::format("expected an input [samples, ...] of datatype FP32 or FP64, or texts "
                           "[samples, 1] or [samples] of BYTES, found the shape {} of '{}'",
                           to_canonical_json(input["shape"]), quotable(type)));
  return KserveModel{
      input["name"].string_or(""), type, shape->front(), {shape->begin() + 1, shape->end()}};
}

}  // namespace lockstep::ai
