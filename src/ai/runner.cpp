// SPDX-License-Identifier: Apache-2.0
// The parent's side of the worker process.
//
//     lockstep --- request line ---> stdin  of lockstep-attack
//              <-- reply lines ----- stdout
//              (stderr is kept: its end is the reason when the worker dies)
//
// The model file is untrusted input, and LibTorch is a large library: whatever happens in the
// worker ends there. The child gets its limits before it becomes the worker: address space and CPU
// time by setrlimit, wall time by the parent's own clock; no core file; no descriptor but the
// three. It also dies with its parent. Nothing that it writes is trusted: lines are bounded and
// read by the protocol's readers.
//
// Only calls that are safe between fork and exec are made there: everything is prepared before.
#include "ai/runner.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.hpp"

namespace lockstep::ai {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t line_bytes_max = std::size_t{64} << 20U;
constexpr std::size_t stderr_bytes_kept = 4'096;
constexpr int poll_ms = 100;

/// Closes a descriptor when it goes out of scope.
class PipeEnd {
 public:
  PipeEnd() = default;
  PipeEnd(const PipeEnd&) = delete;
  PipeEnd& operator=(const PipeEnd&) = delete;

  ~PipeEnd() { close(); }

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
  PipeEnd read;
  PipeEnd write;

  bool open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    read.take(ends[0]);
    write.take(ends[1]);
    return true;
  }
};

/// A running worker. Ends with this object, whatever happens.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}

  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  ~Child() {
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

// The shadow memory of a sanitizer alone takes terabytes of address space.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool has_shadow_memory = true;
#else
constexpr bool has_shadow_memory = false;
#endif

void limit(int resource, std::uint64_t value) {
  if (value == 0) return;
  const rlimit both{value, value + (resource == RLIMIT_CPU ? 5 : 0)};
  ::setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

/// In the child: becomes the worker. Only async-signal-safe calls.
[[noreturn]] void become_worker(const WorkerSetup& setup,
                                const std::array<int, 3>& streams,
                                char* const* arguments,
                                char* const* environment) {
  for (int i = 0; i < 3; ++i)
    if (::dup2(streams[static_cast<std::size_t>(i)], i) < 0) ::_exit(126);
  ::close_range(3, ~0U, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (!has_shadow_memory) limit(RLIMIT_AS, setup.limits.memory_bytes);
  limit(RLIMIT_CPU, static_cast<std::uint64_t>(setup.limits.cpu_seconds));
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::execve(arguments[0], arguments, environment);
  ::_exit(127);
}

tl::unexpected<Error> missing(const std::string& program) {
  return fail(ErrorKind::usage, "ai.worker_missing",
              fmt::format("expected the attack worker as '{}', found no such program; install "
                          "lockstep-attack beside lockstep, or name it by LOCKSTEP_ATTACK",
                          quotable(program)));
}

Result<pid_t> start(const WorkerSetup& setup, const Pipe& in, const Pipe& out, const Pipe& err) {
  std::string program = setup.program;
  std::array<char*, 2> arguments{program.data(), nullptr};
  // A worker does not need to know the machine. Threads of OpenMP would spin while they wait.
  std::array<std::string, 4> settings{"OMP_WAIT_POLICY=passive", "OMP_NUM_THREADS=1",
                                      "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"};
  std::array<char*, 5> environment{};
  for (std::size_t i = 0; i < settings.size(); ++i)
    environment[i] = settings[i].data();
  const std::array<int, 3> streams{in.read.get(), out.write.get(), err.write.get()};
  const pid_t pid = ::fork();
  if (pid < 0)
    return fail(ErrorKind::internal, "ai.worker_died",
                fmt::format("the worker could not be started: {}", std::strerror(errno)));
  if (pid == 0) become_worker(setup, streams, arguments.data(), environment.data());
  return pid;
}

/// What the worker says, piece by piece.
struct Conversation {
  Pipe& in;
  Pipe& out;
  Pipe& err;
  Progress& progress;
  std::string to_send;
  std::string received = {};
  std::string complaints = {};
  std::optional<Result<Json>> answer = {};

  Result<> read_lines();
  Result<> exchange(const WorkerLimits& limits);
  void send();
  bool receive(PipeEnd& end, std::string& into) const;
};

/// Reads what is there; false when the other side has closed.
bool Conversation::receive(PipeEnd& end, std::string& into) const {
  std::array<char, 65'536> piece{};
  const ssize_t got = ::read(end.get(), piece.data(), piece.size());
  if (got > 0) into.append(piece.data(), static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && errno == EINTR);
}

void Conversation::send() {
  const ssize_t wrote = ::write(in.write.get(), to_send.data(), to_send.size());
  if (wrote > 0) to_send.erase(0, static_cast<std::size_t>(wrote));
  if (to_send.empty() || (wrote < 0 && errno != EINTR && errno != EAGAIN)) in.write.close();
}

Result<> Conversation::read_lines() {
  for (std::size_t end = received.find('\n'); end != std::string::npos; end = received.find('\n')) {
    const std::string line = received.substr(0, end);
    received.erase(0, end + 1);
    TRY(WorkerReply reply, read_reply(line));
    if (answer)
      return fail(ErrorKind::internal, "ai.protocol", "the worker spoke after its result");
    if (const auto* step = std::get_if<ProgressReply>(&reply)) {
      if (step->done == 0) progress.stage(step->stage, step->total);
      progress.advance(step->done);
    } else if (auto* error = std::get_if<ErrorReply>(&reply)) {
      answer = tl::unexpected<Error>(std::move(error->error));
    } else {
      answer = std::move(std::get<Json>(reply));
    }
  }
  if (received.size() > line_bytes_max)
    return fail(ErrorKind::internal, "ai.protocol",
                fmt::format("expected lines of at most {} bytes from the worker", line_bytes_max));
  return {};
}

/// Talks until the worker closes its output.
Result<> Conversation::exchange(const WorkerLimits& limits) {
  const auto deadline = Clock::now() + std::chrono::seconds(limits.wall_seconds);
  while (out.read.get() >= 0) {
    std::array<pollfd, 3> waits{
        {{out.read.get(), POLLIN, 0}, {err.read.get(), POLLIN, 0}, {in.write.get(), POLLOUT, 0}}};
    if (::poll(waits.data(), waits.size(), poll_ms) < 0 && errno != EINTR)
      return fail(ErrorKind::internal, "ai.worker_died", "waiting for the worker was not possible");
    if ((waits[2].revents & (POLLOUT | POLLERR)) != 0) send();
    if ((waits[1].revents & (POLLIN | POLLHUP)) != 0 && !receive(err.read, complaints))
      err.read.close();
    if (complaints.size() > stderr_bytes_kept)
      complaints.erase(0, complaints.size() - stderr_bytes_kept);
    if ((waits[0].revents & (POLLIN | POLLHUP)) != 0) {
      const bool is_open = receive(out.read, received);
      TRY_VOID(read_lines());
      if (!is_open) out.read.close();
    }
    if (progress.is_cancelled())
      return fail(ErrorKind::interrupted, "ai.cancelled", "the worker was stopped at your request");
    if (limits.wall_seconds > 0 && Clock::now() > deadline)
      return fail(
          ErrorKind::input, "ai.timeout",
          fmt::format("the worker did not finish in {} seconds and was stopped; give it more "
                      "time, or fewer samples or steps",
                      limits.wall_seconds));
  }
  return {};
}

/// Why a worker ended without an answer.
Error reason_of_death(int status, const std::string& complaints, const WorkerLimits& limits) {
  const std::string said(trim(complaints));
  Error error{ErrorKind::internal, "ai.worker_died", "", {}, {}};
  if (!said.empty()) error.notes.push_back("the worker said: " + quotable(said, 400));
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) {
    error.kind = ErrorKind::input;
    error.code = "ai.timeout";
    error.message = fmt::format(
        "the worker used its {} seconds of processor time; give it more, or "
        "fewer samples or steps",
        limits.cpu_seconds);
  } else if (said.find("bad_alloc") != std::string::npos ||
             said.find("cannot allocate memory") != std::string::npos ||
             said.find("failed to map segment") != std::string::npos) {
    error.kind = ErrorKind::input;
    error.code = "ai.memory";
    error.message = fmt::format("the worker needs more than its {} MiB of address space",
                                limits.memory_bytes >> 20U);
  } else if (WIFSIGNALED(status)) {
    error.message = fmt::format("the worker was ended by signal {} ({}) without an answer",
                                WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  } else {
    error.message =
        fmt::format("the worker ended with status {} without an answer", WEXITSTATUS(status));
  }
  return error;
}

}  // namespace

Result<std::string> find_worker(const std::string& given) {
  std::error_code trouble;
  const fs::path beside =
      fs::read_symlink("/proc/self/exe", trouble).parent_path() / "lockstep-attack";
  const std::string program = given.empty() ? beside.string() : given;
  if (::access(program.c_str(), X_OK) != 0 || fs::is_directory(program, trouble))
    return missing(program);
  return fs::absolute(program, trouble).string();
}

Result<Json> run_worker(const WorkerSetup& setup,
                        const WorkerRequest& request,
                        Progress& progress) {
  TRY(const std::string program, find_worker(setup.program));
  Pipe in;
  Pipe out;
  Pipe err;
  if (!in.open() || !out.open() || !err.open())
    return fail(ErrorKind::internal, "ai.worker_died", "no pipe to the worker could be opened");
  // A worker that dies early must not end us too: writing to it may fail, but not by a signal.
  struct sigaction ignored{};
  struct sigaction before{};
  ignored.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignored, &before);
  TRY(const pid_t pid, start({program, setup.limits}, in, out, err));
  Child child(pid);
  in.read.close();
  out.write.close();
  err.write.close();
  ::fcntl(in.write.get(), F_SETFL, O_NONBLOCK);
  Conversation talk{in, out, err, progress, write_request(request) + "\n"};
  const Result<> talked = talk.exchange(setup.limits);
  ::sigaction(SIGPIPE, &before, nullptr);
  if (!talked) return tl::unexpected<Error>(talked.error());
  const int status = child.wait();
  const bool is_unstarted =
      WIFEXITED(status) && WEXITSTATUS(status) == 127 && talk.complaints.empty();
  if (is_unstarted && !talk.answer) return missing(program);
  if (talk.answer) return *std::move(talk.answer);
  return tl::unexpected<Error>(reason_of_death(status, talk.complaints, setup.limits));
}

Result<ModelDescription> inspect_model(const WorkerSetup& setup,
                                       const std::string& model,
                                       Progress& progress) {
  WorkerRequest request;
  request.command = WorkerCommand::inspect;
  request.model = model;
  TRY(const Json result, run_worker(setup, request, progress));
  return read_description(result);
}

Result<Measurement> run_evasion(const WorkerSetup& setup,
                                const WorkerRequest& request,
                                Progress& progress) {
  TRY(const Json result, run_worker(setup, request, progress));
  TRY(Measurement measurement, read_measurement(result));
  const bool is_ours =
      measurement.id == request.evasion.id && measurement.epsilon == request.evasion.epsilon &&
      measurement.seed == request.evasion.seed && measurement.norm == request.evasion.norm;
  if (!is_ours)
    return fail(ErrorKind::internal, "ai.protocol",
                "the worker's measurement is not of the test that was asked for");
  return measurement;
}

Result<Conformance> run_conformance_tests(const WorkerSetup& setup,
                                          const std::vector<std::string>& folders,
                                          Progress& progress) {
  WorkerRequest request;
  request.command = WorkerCommand::conformance;
  request.folders = folders;
  TRY(const Json result, run_worker(setup, request, progress));
  TRY(Conformance cases, read_conformance(result));
  if (cases.size() != folders.size())
    return fail(
        ErrorKind::internal, "ai.protocol",
        fmt::format("expected {} cases from the worker, found {}", folders.size(), cases.size()));
  return cases;
}

WorkerRequest request_of(const EvasionTest& test,
                         const ModelInput& model,
                         const std::string& model_path,
                         const std::string& data_path,
                         std::uint64_t seed) {
  WorkerRequest request;
  request.command = WorkerCommand::evade;
  request.model = model_path;
  request.data = data_path;
  request.evasion.id = test.id;
  request.evasion.model_id = model.id;
  request.evasion.attacks.clear();
  for (const std::string_view name : split(test.attack, ','))
    request.evasion.attacks.emplace_back(trim(name));
  request.evasion.norm = test.norm;
  request.evasion.epsilon = test.epsilon;
  request.evasion.steps = test.steps;
  request.evasion.restarts = test.restarts;
  request.evasion.random_start = test.random_start;
  request.evasion.samples = test.samples;
  request.evasion.knowledge = test.knowledge;
  request.evasion.curve = test.curve;
  request.evasion.seed = seed;
  return request;
}

}  // namespace lockstep::ai
