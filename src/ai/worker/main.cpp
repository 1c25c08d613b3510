// SPDX-License-Identifier: Apache-2.0
// lockstep-attack: reads one request line on standard input, writes progress lines and one result
// or error line on standard output. src/ai/protocol.hpp says what stands in them.
#include <ATen/Parallel.h>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fmt/format.h>
#include <string>
#include <string_view>

#include "ai/protocol.hpp"
#include "ai/worker/answer.hpp"
#include "ai/worker/memory.hpp"

namespace {

constexpr std::string_view help =
    "lockstep-attack: attacks AI models on behalf of lockstep\n"
    "\n"
    "Reads one request (a line of JSON) on standard input and answers on standard output.\n"
    "It is started by 'lockstep ai' and 'lockstep assess'; there is no need to start it by hand.\n"
    "\n"
    "  --version   print the version\n"
    "  --help      print this\n";

constexpr std::size_t request_bytes_max = std::size_t{16} << 20U;

void write_line(const std::string& line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

/// Progress as lines of the protocol.
class LineProgress final : public lockstep::Progress {
 public:
  void stage(std::string_view what, std::uint64_t total) override {
    stage_ = what;
    total_ = total;
    advance(0);
  }

  void advance(std::uint64_t done) override {
    write_line(lockstep::ai::write_progress({stage_, std::min(done, total_), total_}));
  }

 private:
  std::string stage_;
  std::uint64_t total_ = 0;
};

std::string read_line() {
  std::string line;
  for (int c = std::fgetc(stdin); c != EOF && c != '\n'; c = std::fgetc(stdin)) {
    line += static_cast<char>(c);
    if (line.size() > request_bytes_max) break;
  }
  return line;
}

/// The reference BLAS is four times slower than OpenBLAS; Debian installs it by default.
void warn_about_slow_blas() {
  std::error_code trouble;
  const auto library =
      std::filesystem::canonical("/usr/lib/x86_64-linux-gnu/libblas.so.3", trouble).string();
  if (!trouble && library.find("/blas/libblas") != std::string::npos)
    fmt::print(stderr,
               "lockstep-attack: linear algebra runs on the slow reference BLAS; install "
               "libopenblas0-openmp to be about four times faster\n");
}

int run() {
  const auto request = lockstep::ai::read_request(read_line());
  if (!request) {
    write_line(lockstep::ai::write_error(request.error()));
    return 1;
  }
  lockstep::ai::keep_freed_memory();
  at::set_num_threads(1);  // the shards are the threads
  if (request->command == lockstep::ai::WorkerCommand::evade) warn_about_slow_blas();
  LineProgress progress;
  const auto result = lockstep::ai::answer(*request, progress);
  write_line(result ? lockstep::ai::write_result(*result)
                    : lockstep::ai::write_error(result.error()));
  return result ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view argument = argc > 1 ? argv[1] : "";
  if (argument == "--version") {
    fmt::print("lockstep-attack {}, protocol {}\n", LOCKSTEP_VERSION,
               lockstep::ai::protocol_version);
    return 0;
  }
  if (!argument.empty()) {
    fmt::print(argument == "--help" ? stdout : stderr, "{}", help);
    return argument == "--help" ? 0 : 2;
  }
  try {
    return run();
  } catch (const std::bad_alloc&) {
    write_line(lockstep::ai::write_error({lockstep::ErrorKind::input,
                                          "ai.memory",
                                          "the worker needs more memory than the limit allows",
                                          {},
                                          {}}));
  } catch (const std::exception& trouble) {
    write_line(lockstep::ai::write_error(
        {lockstep::ErrorKind::internal, "ai.worker", trouble.what(), {}, {}}));
  }
  return 70;
}
