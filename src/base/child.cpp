// SPDX-License-Identifier: Apache-2.0
// Between fork and exec only calls are made that are safe there; everything is prepared before.
#include "base/child.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.hpp"

namespace lockstep {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t complaint_bytes = 4'096;
constexpr int poll_ms = 100;
constexpr rlim_t open_files_max = 32;

/// One end of a pipe, closed when it goes out of scope.
class End {
 public:
  End() = default;
  End(const End&) = delete;
  End& operator=(const End&) = delete;

  ~End() { close(); }

  void take(int value) {
    close();
    value_ = value;
  }

  void close() {
    if (value_ >= 0) ::close(value_);
    value_ = -1;
  }

  int get() const { return value_; }

 private:
  int value_ = -1;
};

struct Pipe {
  End read;
  End write;

  bool open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    read.take(ends[0]);
    write.take(ends[1]);
    return true;
  }
};

/// A running child. Ends with this object, whatever happens.
class Running {
 public:
  explicit Running(pid_t pid) : pid_(pid) {}

  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  ~Running() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    wait();
  }

  /// The status of waitpid.
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_;
};

/// Writing to a child that has gone must fail, and not end us by a signal.
class NoBrokenPipeSignal {
 public:
  NoBrokenPipeSignal() {
    struct sigaction ignored{};
    ignored.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignored, &before_);
  }

  NoBrokenPipeSignal(const NoBrokenPipeSignal&) = delete;
  NoBrokenPipeSignal& operator=(const NoBrokenPipeSignal&) = delete;

  ~NoBrokenPipeSignal() { ::sigaction(SIGPIPE, &before_, nullptr); }

 private:
  struct sigaction before_{};
};

void limit(__rlimit_resource_t resource, rlim_t value) {
  const rlimit both{value, value};
  ::setrlimit(resource, &both);
}

[[noreturn]] void become(char* const* arguments,
                         char* const* environment,
                         const std::array<int, 3>& streams,
                         const ChildLimits& limits) {
  for (int i = 0; i < 3; ++i)
    if (::dup2(streams[static_cast<std::size_t>(i)], i) < 0) ::_exit(126);
  ::close_range(3, ~0U, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  limit(RLIMIT_AS, limits.memory_bytes);
  limit(RLIMIT_CPU, static_cast<rlim_t>(limits.cpu_seconds));
  limit(RLIMIT_NOFILE, open_files_max);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_CORE, 0);
  ::execve(arguments[0], arguments, environment);
  ::_exit(127);
}

tl::unexpected<Error> refused(std::string_view what) {
  return fail(ErrorKind::internal, "child.failed",
              fmt::format("{}: {}", what, std::strerror(errno)));
}

/// Feeds and listens until the child has closed its output.
struct Exchange {
  Pipe& in;
  Pipe& out;
  Pipe& err;
  std::string_view input;
  const ChildLimits& limits;
  const Progress& progress;
  ChildEnd end = {};

  void send() {
    const ssize_t wrote = ::write(in.write.get(), input.data(), input.size());
    if (wrote > 0) input.remove_prefix(static_cast<std::size_t>(wrote));
    if (input.empty() || (wrote < 0 && errno != EINTR && errno != EAGAIN)) in.write.close();
  }

  static void receive(End& from, std::string& into) {
    std::array<char, 65'536> piece{};
    const ssize_t got = ::read(from.get(), piece.data(), piece.size());
    if (got > 0) into.append(piece.data(), static_cast<std::size_t>(got));
    if (got == 0 || (got < 0 && errno != EINTR)) from.close();
  }

  /// Whether it went on to the end; otherwise `end.why` says what stopped it.
  Result<bool> run() {
    const auto deadline = Clock::now() + std::chrono::seconds(limits.wall_seconds);
    while (out.read.get() >= 0 || err.read.get() >= 0) {
      std::array<pollfd, 3> waits{
          {{out.read.get(), POLLIN, 0}, {err.read.get(), POLLIN, 0}, {in.write.get(), POLLOUT, 0}}};
      if (::poll(waits.data(), waits.size(), poll_ms) < 0 && errno != EINTR)
        return refused("waiting for the child was not possible");
      if ((waits[2].revents & (POLLOUT | POLLERR)) != 0) send();
      if ((waits[1].revents & (POLLIN | POLLHUP)) != 0) receive(err.read, end.complaint);
      if ((waits[0].revents & (POLLIN | POLLHUP)) != 0) receive(out.read, end.output);
      if (end.complaint.size() > complaint_bytes)
        end.complaint.erase(0, end.complaint.size() - complaint_bytes);
      if (progress.is_cancelled())
        return fail(ErrorKind::interrupted, "child.cancelled", "stopped at your request");
      end.why = end.output.size() > limits.output_bytes ? ChildEnd::Why::too_much_output
                : Clock::now() > deadline               ? ChildEnd::Why::timeout
                                                        : ChildEnd::Why::exited;
      if (end.why != ChildEnd::Why::exited) return false;
    }
    return true;
  }
};

Result<pid_t> start(const std::vector<std::string>& arguments,
                    const Pipe& in,
                    const Pipe& out,
                    const Pipe& err,
                    const ChildLimits& limits) {
  std::vector<std::string> words = arguments;
  std::vector<char*> pointers;
  for (std::string& word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  std::string locale = "LC_ALL=C.UTF-8";
  std::array<char*, 2> environment{locale.data(), nullptr};
  const std::array<int, 3> streams{in.read.get(), out.write.get(), err.write.get()};
  const pid_t pid = ::fork();
  if (pid < 0) return refused("the child could not be started");
  if (pid == 0) become(pointers.data(), environment.data(), streams, limits);
  return pid;
}

}  // namespace

Result<ChildEnd> run_child(const std::vector<std::string>& arguments,
                           std::string_view input,
                           const ChildLimits& limits,
                           const Progress& progress) {
  if (::access(arguments.front().c_str(), X_OK) != 0)
    return fail(ErrorKind::input, "child.missing",
                fmt::format("expected a program '{}', found none", quotable(arguments.front())));
  Pipe in;
  Pipe out;
  Pipe err;
  if (!in.open() || !out.open() || !err.open()) return refused("no pipe could be opened");
  const NoBrokenPipeSignal guard;
  TRY(const pid_t pid, start(arguments, in, out, err, limits));
  Running child(pid);
  in.read.close();
  out.write.close();
  err.write.close();
  ::fcntl(in.write.get(), F_SETFL, O_NONBLOCK);
  Exchange talk{in, out, err, input, limits, progress};
  TRY(const bool is_over, talk.run());
  if (!is_over) {
    talk.end.output.resize(std::min(talk.end.output.size(), limits.output_bytes));
    return std::move(talk.end);
  }
  const int status = child.wait();
  talk.end.why = WIFSIGNALED(status) ? ChildEnd::Why::signalled : ChildEnd::Why::exited;
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) talk.end.why = ChildEnd::Why::timeout;
  talk.end.status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  return std::move(talk.end);
}

}  // namespace lockstep
