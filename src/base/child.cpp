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

void limit(__rlimit_resource_t resource, rlim_t soft, rlim_t hard) {
  const rlimit both{soft, hard};
  ::setrlimit(resource, &both);
}

/// At the soft limit of processor time a signal tells which limit it was; at the hard one it would
/// not.
void limit_all(const ChildLimits& limits) {
  constexpr rlim_t seconds_to_die = 5;
  const auto cpu = static_cast<rlim_t>(limits.cpu_seconds);
  if (limits.memory_bytes > 0) limit(RLIMIT_AS, limits.memory_bytes, limits.memory_bytes);
  if (cpu > 0) limit(RLIMIT_CPU, cpu, cpu + seconds_to_die);
  if (limits.open_files > 0) limit(RLIMIT_NOFILE, limits.open_files, limits.open_files);
  if (!limits.may_write_files) limit(RLIMIT_FSIZE, 0, 0);
  limit(RLIMIT_CORE, 0, 0);
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
  limit_all(limits);
  ::execve(arguments[0], arguments, environment);
  ::_exit(127);
}

tl::unexpected<Error> refused(std::string_view what) {
  return fail(ErrorKind::internal, "child.failed",
              fmt::format("{}: {}", what, std::strerror(errno)));
}

/// Reads what is there and closes the end where the other side has closed.
std::string receive(End& from) {
  std::string piece(65'536, '\0');
  const ssize_t got = ::read(from.get(), piece.data(), piece.size());
  if (got == 0 || (got < 0 && errno != EINTR)) from.close();
  piece.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return piece;
}

/// Feeds and listens until the child has closed its output.
struct Exchange {
  Pipe& in;
  Pipe& out;
  Pipe& err;
  std::string_view input;
  const ChildLimits& limits;
  const Progress& progress;
  const ChildListener& listen;
  std::size_t heard = 0;
  ChildEnd end = {};

  void send() {
    const ssize_t wrote = ::write(in.write.get(), input.data(), input.size());
    if (wrote > 0) input.remove_prefix(static_cast<std::size_t>(wrote));
    if (input.empty() || (wrote < 0 && errno != EINTR && errno != EAGAIN)) in.write.close();
  }

  void keep_complaint() {
    end.complaint += receive(err.read);
    if (end.complaint.size() > complaint_bytes)
      end.complaint.erase(0, end.complaint.size() - complaint_bytes);
  }

  /// What is over the limit of output is not passed on.
  Result<> pass_on() {
    std::string piece = receive(out.read);
    const std::size_t left = limits.output_bytes - heard;
    if (limits.output_bytes > 0 && piece.size() > left) {
      end.why = ChildEnd::Why::too_much_output;
      piece.resize(left);
    }
    heard += piece.size();
    if (piece.empty()) return {};
    return listen(piece);
  }

  /// Returns at the end of the output, or with `end.why` saying what stopped it.
  Result<> run() {
    const auto deadline = Clock::now() + std::chrono::seconds(limits.wall_seconds);
    while (out.read.get() >= 0 || err.read.get() >= 0) {
      std::array<pollfd, 3> waits{
          {{out.read.get(), POLLIN, 0}, {err.read.get(), POLLIN, 0}, {in.write.get(), POLLOUT, 0}}};
      if (::poll(waits.data(), waits.size(), poll_ms) < 0 && errno != EINTR)
        return refused("waiting for the child was not possible");
      if ((waits[2].revents & (POLLOUT | POLLERR)) != 0) send();
      if ((waits[1].revents & (POLLIN | POLLHUP)) != 0) keep_complaint();
      if ((waits[0].revents & (POLLIN | POLLHUP)) != 0) TRY_VOID(pass_on());
      if (progress.is_cancelled())
        return fail(ErrorKind::interrupted, "child.cancelled", "stopped at your request");
      if (limits.wall_seconds > 0 && Clock::now() > deadline) end.why = ChildEnd::Why::timeout;
      if (end.why != ChildEnd::Why::exited) return {};
    }
    return {};
  }
};

/// The texts as the system wants them: pointers, with a null behind the last.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts)
    pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

Result<pid_t> start(const ChildSetup& setup, const Pipe& in, const Pipe& out, const Pipe& err) {
  std::vector<std::string> words = setup.arguments;
  std::vector<std::string> settings = setup.environment;
  const std::vector<char*> arguments = pointers_to(words);
  const std::vector<char*> environment = pointers_to(settings);
  const std::array<int, 3> streams{in.read.get(), out.write.get(), err.write.get()};
  const pid_t pid = ::fork();
  if (pid < 0) return refused("the child could not be started");
  if (pid == 0) become(arguments.data(), environment.data(), streams, setup.limits);
  return pid;
}

}  // namespace

Result<ChildEnd> run_child(const ChildSetup& setup,
                           std::string_view input,
                           const Progress& progress,
                           const ChildListener& listen) {
  const std::string& program = setup.arguments.front();
  if (::access(program.c_str(), X_OK) != 0)
    return fail(ErrorKind::input, "child.missing",
                fmt::format("expected a program '{}', found none", quotable(program)));
  Pipe in;
  Pipe out;
  Pipe err;
  if (!in.open() || !out.open() || !err.open()) return refused("no pipe could be opened");
  const NoBrokenPipeSignal guard;
  TRY(const pid_t pid, start(setup, in, out, err));
  Running child(pid);
  in.read.close();
  out.write.close();
  err.write.close();
  ::fcntl(in.write.get(), F_SETFL, O_NONBLOCK);
  Exchange talk{in, out, err, input, setup.limits, progress, listen};
  TRY_VOID(talk.run());
  if (talk.end.why != ChildEnd::Why::exited) return std::move(talk.end);
  const int status = child.wait();
  talk.end.status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  if (WIFSIGNALED(status))
    talk.end.why =
        talk.end.status == SIGXCPU ? ChildEnd::Why::processor_time : ChildEnd::Why::signalled;
  return std::move(talk.end);
}

}  // namespace lockstep
