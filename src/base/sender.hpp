// SPDX-License-Identifier: Apache-2.0
// What leaves the machine: messages to web hooks and mail, as an interface with one real and one
// fake. One call is one exchange; who calls decides about repeats.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace lockstep {

struct HttpPost {
  std::string url;                   ///< an address that may_fetch (fetcher.hpp) allows
  std::vector<std::string> headers;  ///< "Name: value"
  std::string body;                  ///< JSON
};

/// A mail as plain text.
struct Mail {
  std::string server;  ///< "smtps://HOST[:PORT]", or "smtp://HOST[:PORT]" with STARTTLS
  std::string user;    ///< "" for none
  std::string password;
  std::string from;             ///< an address such as watch@example.org
  std::vector<std::string> to;  ///< likewise
  std::string id;               ///< left side of the Message-ID; the same for the same message
  Instant at;
  std::string subject;  ///< UTF-8
  std::string text;     ///< UTF-8
};

class Sender {
 public:
  Sender() = default;
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;
  virtual ~Sender() = default;

  /// One POST; no redirect is followed. Returns the status of the answer.
  /// Errors: send.address, send.failed (worth another try), send.refused, fetch.library.
  virtual Result<int> post(const HttpPost& post) = 0;

  /// One mail to all receivers. The connection is encrypted, but to this very machine.
  /// Errors: as post.
  virtual Result<> mail(const Mail& mail) = 0;

  /// Lets time pass before another try.
  virtual void wait(std::chrono::milliseconds time) = 0;
};

/// How long a receiver may take.
struct SendPatience {
  std::chrono::milliseconds connect{20'000};
  std::chrono::milliseconds whole{60'000};
};

/// The network, through libcurl, which is loaded when it is first needed.
std::unique_ptr<Sender> make_sender(const SendPatience& patience = {});

/// Whether the text is the address of a mail box, as far as it is safe to write one in a header.
bool is_mail_address(std::string_view text);

/// The mail as RFC 5322 has it, its text in base64.
std::string mail_message(const Mail& mail);

}  // namespace lockstep
