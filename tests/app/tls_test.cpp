// SPDX-License-Identifier: Apache-2.0
// A server whose certificate nobody vouches for.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <memory>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "base/fetcher.hpp"

namespace lockstep::test {
namespace {

template <auto Free>
struct Freed {
  void operator()(auto* object) const { Free(object); }
};

using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;

/// A context with a fresh key and a certificate for localhost that the key itself signed.
Context self_signed() {
  const std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>> key(EVP_EC_gen("P-256"));
  const std::unique_ptr<X509, Freed<X509_free>> certificate(X509_new());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  const std::string host = "localhost";
  const auto* const bytes = reinterpret_cast<const unsigned char*>(host.data());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, bytes, static_cast<int>(host.size()), -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  Context context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate(context.get(), certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), key.get());
  return context;
}

class Nothing final : public FetchSink {
 public:
  Result<> begin(const FetchHead&) override { return {}; }

  Result<> append(std::string_view bytes) override {
    arrived += bytes;
    return {};
  }

  std::string arrived;
};

TEST(Tls, TakesNothingFromAServerThatNobodyVouchesFor) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(place);
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&place), size), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&place), &size), 0);
  bool has_sent = false;
  std::thread server([&] {
    const Context context = self_signed();
    const std::unique_ptr<SSL, Freed<SSL_free>> session(SSL_new(context.get()));
    const int socket = ::accept(listener, nullptr, nullptr);
    SSL_set_fd(session.get(), socket);
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntext";
    has_sent = SSL_accept(session.get()) == 1 &&
               SSL_write(session.get(), answer.data(), static_cast<int>(answer.size())) > 0;
    ::close(socket);
  });
  const auto fetcher = make_fetcher();
  Nothing sink;
  const auto head = fetcher->get(
      {"https://localhost:" + std::to_string(ntohs(place.sin_port)) + "/kev.json", {}}, sink, {});
  server.join();
  ::close(listener);
  ASSERT_FALSE(head.has_value());
  EXPECT_EQ(head.error().code, "fetch.tls") << head.error().message;
  EXPECT_EQ(sink.arrived, "");
  EXPECT_FALSE(has_sent);
}

}  // namespace
}  // namespace lockstep::test
