// SPDX-License-Identifier: Apache-2.0
// Questions to a service over HTTP whose answers are short, several at a time, as an interface with
// one real and one fake. Documents are fetched by fetcher.hpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace lockstep {

struct HttpCall {
  std::string url;                   ///< an address that may_fetch (fetcher.hpp) allows
  std::vector<std::string> headers;  ///< "Name: value"
  std::optional<std::string> body;   ///< JSON, for a POST; nothing: a GET
};

struct HttpReply {
  int status = 0;
  std::string date;  ///< of the answer, by the service's own clock
  std::string retry_after;
  std::string location;  ///< where a redirect leads, whole; it is not followed
  std::string body;
};

class HttpCaller {
 public:
  HttpCaller() = default;
  HttpCaller(const HttpCaller&) = delete;
  HttpCaller& operator=(const HttpCaller&) = delete;
  virtual ~HttpCaller() = default;

  /// Makes all calls, each once, and returns what came of each, in their order.
  /// Errors: fetch.address, fetch.broken (worth another try), fetch.unreachable, fetch.tls,
  /// fetch.too_large, fetch.library.
  virtual std::vector<Result<HttpReply>> call(std::span<const HttpCall> calls) = 0;

  /// Lets time pass before another try.
  virtual void wait(std::chrono::milliseconds time) = 0;
};

struct CallLimits {
  std::chrono::milliseconds connect{20'000};  ///< until a connection stands
  std::chrono::milliseconds whole{60'000};    ///< of one call
  std::size_t reply_bytes = std::size_t{64} << 20U;
  std::size_t parallel = 1;  ///< calls at a time
};

/// The network, through libcurl, which is loaded when it is first needed. A proxy is taken from the
/// environment (https_proxy, no_proxy); certificates are checked against those of the system.
std::unique_ptr<HttpCaller> make_http_caller(const CallLimits& limits);

}  // namespace lockstep
