// SPDX-License-Identifier: Apache-2.0
// What is fetched from elsewhere over HTTP, as an interface with one real and one fake. One call is
// one exchange, question and answer; who calls decides about redirects, repeats and resuming.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.hpp"
#include "base/result.hpp"

namespace lockstep {

/// What an answer says before its body.
struct FetchHead {
  int status = 0;
  std::optional<std::uint64_t> length;  ///< of the body, as announced
  std::string location;  ///< where a redirect leads, whole; not yet in FetchSink::begin
  std::string etag;
  std::string last_modified;
  std::string date;  ///< of the answer, by the server's own clock
  std::string retry_after;
  std::string content_range;
};

/// Takes an answer. An Error from it ends the exchange, and is the exchange's own.
class FetchSink {
 public:
  FetchSink() = default;
  FetchSink(const FetchSink&) = delete;
  FetchSink& operator=(const FetchSink&) = delete;
  virtual ~FetchSink() = default;

  /// Called once, before the first byte of the body.
  virtual Result<> begin(const FetchHead& head) = 0;
  /// The next bytes of the body.
  virtual Result<> append(std::string_view bytes) = 0;
};

struct FetchRequest {
  std::string url;
  std::vector<std::string> headers;  ///< "Name: value"
};

class Fetcher {
 public:
  Fetcher() = default;
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;
  virtual ~Fetcher() = default;

  /// One GET. No redirect is followed. An address that is neither https nor http to this very
  /// machine is not asked. Errors: fetch.broken (the answer ended early, or did not come: worth
  /// another try), fetch.unreachable (no connection), fetch.tls, fetch.address, fetch.library,
  /// data.cancelled; those of the sink.
  virtual Result<FetchHead> get(const FetchRequest& request,
                                FetchSink& sink,
                                const Progress& progress) = 0;

  /// Lets time pass. Error: data.cancelled.
  virtual Result<> wait(std::chrono::milliseconds time, const Progress& progress) = 0;
};

/// How long the network may be silent.
struct FetchPatience {
  std::chrono::milliseconds connect{20'000};  ///< until a connection stands
  std::chrono::milliseconds silence{60'000};  ///< without a byte
};

/// The network, through libcurl, which is loaded when it is first needed. A proxy is taken from the
/// environment (https_proxy, no_proxy); certificates are checked against those of the system.
std::unique_ptr<Fetcher> make_fetcher(const FetchPatience& patience = {});

/// Whether an address may be asked at all: https, or http to this very machine (127.0.0.0/8, ::1,
/// localhost); without a user's name or password, white space or control characters.
bool may_fetch(std::string_view url);

/// Whether a redirect or a link may be followed: to https from anywhere, to http only from and to
/// this very machine.
bool may_follow(std::string_view from, std::string_view to);

}  // namespace lockstep
