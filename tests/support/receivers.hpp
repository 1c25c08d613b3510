// SPDX-License-Identifier: Apache-2.0
// Receivers of messages on this machine, honest or not: a web hook and a server of mail, one
// exchange after the other.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <istream>
#include <mutex>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <vector>

namespace lockstep::test {

/// Accepts connections until it is destroyed.
class Receiver {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }

 protected:
  Receiver() : acceptor_(context_, {boost::asio::ip::make_address("0.0.0.0"), 0}) {}

  ~Receiver() = default;

  void start() {
    thread_ = std::thread([this] {
      while (true) {
        boost::system::error_code error;
        Socket socket(context_);
        acceptor_.accept(socket, error);
        if (error) return;
        serve(socket);
      }
    });
  }

  void stop() {
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    thread_.join();
  }

  virtual void serve(Socket& socket) = 0;

  mutable std::mutex mutex_;

 private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::thread thread_;
};

/// A web hook that answers with the statuses it is given, the last one for ever; 0 hangs up.
class HookReceiver final : public Receiver {
 public:
  struct Posted {
    std::string target;
    std::string key;
    std::string authorization;
    std::string body;
  };

  explicit HookReceiver(std::vector<int> statuses) : statuses_(std::move(statuses)) { start(); }

  ~HookReceiver() { stop(); }

  std::string url() const { return "http://127.0.0.1:" + port() + "/hook"; }

  std::vector<Posted> posted() const {
    const std::lock_guard guard(mutex_);
    return posted_;
  }

 private:
  void serve(Socket& socket) override {
    namespace http = boost::beast::http;
    boost::beast::flat_buffer buffer;
    http::request<http::string_body> request;
    boost::system::error_code error;
    http::read(socket, buffer, request, error);
    if (error) return;
    const std::lock_guard guard(mutex_);
    const int status = statuses_.size() > 1
                           ? statuses_[next_ < statuses_.size() ? next_ : statuses_.size() - 1]
                           : statuses_.front();
    ++next_;
    if (status == 0) return;
    posted_.push_back({std::string(request.target()), std::string(request["Idempotency-Key"]),
                       std::string(request["Authorization"]), request.body()});
    const std::string answer = "HTTP/1.1 " + std::to_string(status) +
                               " X\r\nLocation: /elsewhere\r\nContent-Length: 2\r\nConnection: "
                               "close\r\n\r\nok";
    boost::asio::write(socket, boost::asio::buffer(answer), error);
  }

  std::vector<int> statuses_;
  std::size_t next_ = 0;
  std::vector<Posted> posted_;
};

/// A server of mail without encryption.
class MailReceiver final : public Receiver {
 public:
  struct Received {
    std::string from;
    std::vector<std::string> to;
    std::string message;
  };

  /// @param rcpt, data  what it answers to RCPT and after the message; "" hangs up
  explicit MailReceiver(std::string rcpt = "250 ok", std::string data = "250 ok")
      : rcpt_(std::move(rcpt)), data_(std::move(data)) {
    start();
  }

  ~MailReceiver() { stop(); }

  std::string url(const std::string& host = "127.0.0.1") const {
    return "smtp://" + host + ":" + port();
  }

  std::vector<Received> received() const {
    const std::lock_guard guard(mutex_);
    return received_;
  }

  /// Every line that clients sent before a message.
  std::string heard() const {
    const std::lock_guard guard(mutex_);
    return heard_;
  }

 private:
  void serve(Socket& socket) override {
    boost::system::error_code error;
    boost::asio::streambuf buffer;
    const auto say = [&](const std::string& line) {
      boost::asio::write(socket, boost::asio::buffer(line + "\r\n"), error);
      return !line.empty() && !error;
    };
    const auto line = [&] {
      std::string text;
      boost::asio::read_until(socket, buffer, "\r\n", error);
      std::istream stream(&buffer);
      if (!error) std::getline(stream, text);
      if (!text.empty() && text.back() == '\r') text.pop_back();
      return text;
    };
    Received mail;
    say("220 here");
    while (!error) {
      const std::string command = line();
      if (error) return;
      {
        const std::lock_guard guard(mutex_);
        heard_ += command + "\n";
      }
      if (command.starts_with("EHLO")) {
        say("250-here\r\n250 AUTH PLAIN");
      } else if (command.starts_with("MAIL FROM:")) {
        mail.from = command.substr(10);
        say("250 ok");
      } else if (command.starts_with("RCPT TO:")) {
        mail.to.push_back(command.substr(8));
        if (!say(rcpt_)) return;
      } else if (command == "DATA") {
        say("354 go on");
        for (std::string text = line(); text != "." && !error; text = line())
          mail.message += text + "\n";
        if (data_.empty()) return;
        if (data_.starts_with("250")) {
          const std::lock_guard guard(mutex_);
          received_.push_back(mail);
        }
        say(data_);
      } else if (command == "QUIT") {
        say("221 bye");
        return;
      } else {
        say(command.starts_with("AUTH") ? "235 ok" : "500 what");
      }
    }
  }

  std::string rcpt_;
  std::string data_;
  std::string heard_;
  std::vector<Received> received_;
};

}  // namespace lockstep::test
