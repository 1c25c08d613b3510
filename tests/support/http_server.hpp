// SPDX-License-Identifier: Apache-2.0
// A server on this machine that answers as it is told, also wrongly: for tests of what fetches.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <vector>

namespace lockstep::test {

/// What was asked.
struct Asked {
  std::string target;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body = {};

  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

/// What is answered. The faults are those of real servers and networks.
struct Answer {
  int status = 200;
  std::string body;
  std::map<std::string, std::string> headers = {};
  std::optional<std::size_t> announced = {};   ///< a length that is not the body's
  std::optional<std::size_t> dies_after = {};  ///< bytes of the body
  bool falls_silent = false;                   ///< instead of dying
};

class HttpServer {
 public:
  using Handler = std::function<Answer(const Asked&)>;

  HttpServer() : acceptor_(context_, {boost::asio::ip::make_address("127.0.0.1"), 0}) {
    thread_ = std::thread([this] { serve(); });
  }

  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  ~HttpServer() {
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    thread_.join();
  }

  std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + path;
  }

  void on(const std::string& path, Handler handler) {
    const std::lock_guard guard(mutex_);
    handlers_[path] = std::move(handler);
  }

  /// Serves a document with an ETag of its bytes, as an honest server does: 304 for the same ETag,
  /// the rest of it for a range under the same ETag.
  void put(const std::string& path, const std::string& body) {
    on(path, [body](const Asked& asked) { return honest(body, asked); });
  }

  static Answer honest(const std::string& body, const Asked& asked) {
    const std::string etag = "\"" + std::to_string(std::hash<std::string>{}(body)) + "\"";
    if (asked.header("if-none-match") == etag) return {304, "", {{"ETag", etag}}};
    const std::string range = asked.header("range");
    if (range.starts_with("bytes=") && asked.header("if-range") == etag) {
      const std::size_t first = std::stoul(range.substr(6));
      const std::string size = std::to_string(body.size());
      if (first >= body.size()) return {416, "", {{"Content-Range", "bytes */" + size}}};
      return {206,
              body.substr(first),
              {{"ETag", etag},
               {"Content-Range", "bytes " + std::to_string(first) + "-" +
                                     std::to_string(body.size() - 1) + "/" + size}}};
    }
    return {200, body, {{"ETag", etag}}};
  }

  std::vector<Asked> asked() const {
    const std::lock_guard guard(mutex_);
    return asked_;
  }

  /// The targets that were asked for since the last call, in order.
  std::vector<std::string> take_targets() {
    const std::lock_guard guard(mutex_);
    std::vector<std::string> targets;
    for (const Asked& one : asked_)
      targets.push_back(one.target);
    asked_.clear();
    return targets;
  }

 private:
  using Socket = boost::asio::ip::tcp::socket;

  void serve() {
    while (true) {
      boost::system::error_code error;
      Socket socket(context_);
      acceptor_.accept(socket, error);
      if (error) return;
      answer(socket);
    }
  }

  void answer(Socket& socket) {
    namespace http = boost::beast::http;
    boost::beast::flat_buffer buffer;
    http::request<http::string_body> request;
    boost::system::error_code error;
    http::read(socket, buffer, request, error);
    if (error) return;
    Asked asked{std::string(request.target()), {}, request.body()};
    for (const auto& field : request) {
      std::string name(field.name_string());
      for (char& c : name)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      asked.headers[name] = std::string(field.value());
    }
    Handler handler;
    {
      const std::lock_guard guard(mutex_);
      asked_.push_back(asked);
      const auto found = handlers_.find(asked.target);
      if (found != handlers_.end()) handler = found->second;
    }
    send(socket, handler ? handler(asked) : Answer{404, "no such thing"});
  }

  static void send(Socket& socket, const Answer& answer) {
    std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " X\r\nConnection: close\r\n";
    for (const auto& [name, value] : answer.headers)
      text += name + ": " + value + "\r\n";
    if (answer.status != 304 && !answer.headers.contains("Transfer-Encoding"))
      text += "Content-Length: " + std::to_string(answer.announced.value_or(answer.body.size())) +
              "\r\n";
    text += "\r\n" + answer.body.substr(0, answer.dies_after.value_or(answer.body.size()));
    boost::system::error_code error;
    boost::asio::write(socket, boost::asio::buffer(text), error);
    char byte = 0;
    if (answer.falls_silent) socket.read_some(boost::asio::buffer(&byte, 1), error);
    socket.shutdown(Socket::shutdown_both, error);
  }

  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  mutable std::mutex mutex_;
  std::map<std::string, Handler> handlers_;
  std::vector<Asked> asked_;
  std::thread thread_;
};

}  // namespace lockstep::test
