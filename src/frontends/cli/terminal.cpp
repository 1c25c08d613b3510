// SPDX-License-Identifier: Apache-2.0
#include "frontends/cli/terminal.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.hpp"

extern char** environ;

namespace lockstep::frontends {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void on_interrupt(int signal_number) {
  if (interrupted != 0) {
    std::signal(signal_number, SIG_DFL);
    std::raise(signal_number);
  }
  interrupted = 1;
}

/// LS_CHECK has said what is wrong; a script learns from the exit code whose fault it is.
void on_abort(int) {
  ::_exit(exit_code::internal);
}

/// Without this, a file that we open could become the standard output that the caller closed. The
/// stand-ins cannot be written to, so that a missing output is noticed.
void hold_standard_streams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream)
    if (::fcntl(stream, F_GETFD) < 0 && ::open("/dev/null", O_RDONLY) < 0)
      ::_exit(exit_code::internal);
}

using Clock = std::chrono::steady_clock;

class TerminalProgress final : public Progress {
 public:
  explicit TerminalProgress(bool is_quiet) : is_quiet_(is_quiet), is_drawn_(is_terminal_error()) {}

  ~TerminalProgress() override { clear(); }

  void stage(std::string_view what, std::uint64_t total) override {
    clear();
    what_ = quotable(what);
    total_ = total;
    started_ = Clock::now();
    shown_ = started_;
    is_shown_once_ = false;
  }

  void advance(std::uint64_t done) override {
    if (is_quiet_ || what_.empty()) return;
    const auto now = Clock::now();
    const auto pause =
        is_drawn_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(10000);
    if (now - shown_ < pause) return;
    shown_ = now;
    if (is_drawn_) {
      draw(done, now);
    } else {
      write_problem(total_ > 0 ? fmt::format("{}: {} of {}\n", what_, done, total_)
                               : fmt::format("{}: {}\n", what_, done));
    }
  }

  bool is_cancelled() const override { return interrupted != 0; }

 private:
  void draw(std::uint64_t done, Clock::time_point now) {
    constexpr std::uint64_t cells = 24;
    std::string line = fmt::format("\r\x1b[K{} ", what_);
    if (total_ > 0) {
      const std::uint64_t filled = std::min(cells, done * cells / total_);
      const double seconds = std::chrono::duration<double>(now - started_).count();
      const double left = done > 0
                              ? seconds * static_cast<double>(total_ - std::min(done, total_)) /
                                    static_cast<double>(done)
                              : 0;
      line += fmt::format("[{}{}] {}/{}, about {:.0f} s left", std::string(filled, '#'),
                          std::string(cells - filled, '.'), done, total_, left);
    } else {
      line += fmt::format("{}", done);
    }
    write_problem(line);
    is_shown_once_ = true;
  }

  void clear() {
    if (is_drawn_ && is_shown_once_) write_problem("\r\x1b[K");
    is_shown_once_ = false;
  }

  bool is_quiet_;
  bool is_drawn_;
  bool is_shown_once_ = false;
  std::string what_;
  std::uint64_t total_ = 0;
  Clock::time_point started_;
  Clock::time_point shown_;
};

std::optional<std::string> ask_on_terminal(std::string_view question) {
  write_problem(question);
  std::string line;
  if (!std::getline(std::cin, line)) {
    write_problem("\n");
    return std::nullopt;
  }
  return line;
}

int terminal_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) return size.ws_col;
  return 80;
}

std::string folder_of_program(std::string_view argv0) {
  std::error_code problem;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", problem);
  if (!problem) return self.parent_path().string();
  return std::filesystem::path(argv0).parent_path().string();
}

}  // namespace

bool is_terminal_out() {
  return ::isatty(STDOUT_FILENO) == 1;
}

bool is_terminal_error() {
  return ::isatty(STDERR_FILENO) == 1;
}

bool write_output(std::string_view text, const TextPieces& more) {
  std::vector<std::string_view> pieces{text};
  pieces.insert(pieces.end(), more.begin(), more.end());
  const int reason = write_all(STDOUT_FILENO, pieces);
  // A reader that has seen enough (`| head`) closes its end: that is no failure of ours.
  return reason == 0 || reason == EPIPE;
}

void write_problem(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

std::unique_ptr<Progress> make_progress(bool is_quiet) {
  return std::make_unique<TerminalProgress>(is_quiet);
}

void prepare_process() {
  hold_standard_streams();
  struct sigaction action{};
  action.sa_handler = on_interrupt;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGABRT, on_abort);
}

Environment real_environment(Files& files,
                             Fetcher& fetcher,
                             Progress& progress,
                             std::string_view argv0) {
  Environment environment{
      files,
      fetcher,
      progress,
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()),
      folder_of_program(argv0),
      {},
      false,
      terminal_width(),
      false,
      nullptr};
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    environment.variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  environment.color = is_terminal_out() && environment.variable("NO_COLOR").empty();
  environment.is_interactive = ::isatty(STDIN_FILENO) == 1 && is_terminal_error();
  environment.ask = ask_on_terminal;
  return environment;
}

}  // namespace lockstep::frontends
