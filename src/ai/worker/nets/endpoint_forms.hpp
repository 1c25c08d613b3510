// SPDX-License-Identifier: Apache-2.0
// The family of forms in which services take samples and answer class scores, as bytes: without a
// network and without tensors of a library. Answers are foreign bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace lockstep::ai {

/// Samples that are asked about in one request.
struct EndpointQuestion {
  std::span<const float> x;  ///< [rows][features]
  std::int64_t rows = 0;
  std::span<const std::int64_t> shape;  ///< of one sample
  std::string_view input;               ///< what the service calls its input; kserve only
  std::string_view datatype;            ///< of that input; kserve only
};

/// Class scores of one request.
struct EndpointScores {
  std::int64_t classes = 0;
  std::vector<float> scores;  ///< [rows][classes], all finite
};

/// One form.
struct EndpointForm {
  std::string_view name;
  std::string_view takes;  ///< request and answer, for people
  bool (*is_for)(std::string_view url);
  /// Null for a form that takes texts (endpoint_chat.hpp).
  std::string (*write)(const EndpointQuestion& question);
  /// @param rows that were asked @param service its address, for messages
  /// Errors: ai.endpoint_answer. Null likewise.
  Result<EndpointScores> (*read)(std::string_view body,
                                 std::int64_t rows,
                                 const std::string& service);
};

/// All forms. The first one that an address is for is meant where nobody says which.
std::span<const EndpointForm> endpoint_forms();

/// The form of that name, or for "" the one that the address is for.
/// Errors: ai.endpoint_form.
Result<const EndpointForm*> endpoint_form(std::string_view name, std::string_view url);

/// What a service of the form kserve says of its model.
struct KserveModel {
  std::string input;
  std::string datatype;              ///< FP32, FP64, or BYTES: it takes texts
  std::int64_t batch = -1;           ///< the only batch size that it takes; -1 where any will do
  std::vector<std::int64_t> sample;  ///< sizes behind the batch axis; -1 where free
};

/// Where a service of the form kserve describes the model whose answers come from `url`.
std::string kserve_description_url(std::string_view url);

/// Reads the description of a model of float samples, or of texts: one element for each.
/// Errors: ai.endpoint_answer.
Result<KserveModel> read_kserve_description(std::string_view body, const std::string& service);

}  // namespace lockstep::ai
