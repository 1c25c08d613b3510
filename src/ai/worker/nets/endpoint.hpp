// SPDX-License-Identifier: Apache-2.0
// A model that somebody else runs: asked over HTTP for class scores, and for nothing else.
#pragma once

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ai/endpoint_options.hpp"
#include "ai/worker/data/text_samples.hpp"
#include "ai/worker/nets/endpoint_forms.hpp"
#include "base/http_caller.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// May be asked by several threads: one question is on its way at a time, with as many requests as
/// its options allow. Which request is answered first changes nothing.
class Endpoint {
 public:
  /// @param url an address as the person gave it @param token "" for none; it is shown to the
  /// service and stands in no message
  /// Errors: ai.endpoint_form, ai.endpoint_plan, ai.endpoint, ai.endpoint_answer, fetch.*: a
  /// service of the form kserve is asked what its model takes.
  static Result<std::shared_ptr<Endpoint>> open(std::string url,
                                                const EndpointOptions& options,
                                                const std::string& token,
                                                std::unique_ptr<HttpCaller> caller);

  /// Class scores of float samples [samples, ...]: [samples, classes], all finite. Each call asks
  /// anew. @param rows of a request, at most
  /// Errors: ai.endpoint, ai.endpoint_answer, ai.endpoint_questions, fetch.*.
  Result<at::Tensor> scores(const at::Tensor& x, std::int64_t rows);

  /// The same, with as many rows in a request as the options allow.
  Result<at::Tensor> scores(const at::Tensor& x) { return scores(x, options_.rows); }

  /// The same of texts, for a model of the form kserve that takes them.
  Result<at::Tensor> scores(std::span<const TextSample> texts);

  /// The bodies that answer these, each a request of its own about one sample, in their order.
  /// Errors as above.
  Result<std::vector<std::string>> answers_to(const std::vector<std::string>& bodies);

  /// The address without its query.
  const std::string& shown() const { return shown_; }

  std::string_view form() const { return form_->name; }

  /// Whether it is a model of texts.
  bool takes_texts() const { return form_->name == "chat" || model_.datatype == "BYTES"; }

  /// The shape of a sample; empty when the service does not say it.
  const std::vector<std::int64_t>& sample_shape() const { return model_.sample; }

  /// Samples that were asked about so far.
  std::int64_t questions() const { return questions_; }

 private:
  Endpoint() = default;
  Result<> describe();
  Result<> count_in(std::int64_t samples);
  template <typename Body>
  Result<at::Tensor> answered(std::int64_t count, std::int64_t rows_most, const Body& body);
  Result<std::vector<HttpReply>> replies_to(std::vector<HttpCall> calls);
  Result<> judge(const Result<HttpReply>& reply, int tried, std::int64_t& wait_ms) const;

  std::string url_;
  std::string shown_;
  std::string token_;
  std::vector<std::string> headers_;
  EndpointOptions options_;
  const EndpointForm* form_ = nullptr;
  KserveModel model_;
  std::unique_ptr<HttpCaller> caller_;
  std::int64_t questions_ = 0;
  std::int64_t classes_ = 0;  ///< of the first answer; all others must have as many
  std::mutex mutex_;
};

}  // namespace lockstep::ai
