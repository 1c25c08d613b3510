// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "base/memory.hpp"
#include "frontends/cli/run.hpp"
#include "frontends/cli/terminal.hpp"

int main(int argc, char** argv) {
  using namespace std::string_literals;
  namespace cli = lockstep::frontends;
  lockstep::prepare_heap();
  try {
    const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    const auto is_given = [&](const std::string& word) {
      return std::ranges::find(words, word) != words.end();
    };
    // SPEED: all times here are UTC. Without TZ, the C library looks at /etc/localtime for each
    // entry of an archive: 30,000 system calls in an import.
    ::setenv("TZ", "UTC0", 1);
    cli::prepare_process();
    lockstep::RealFiles files;
    const auto fetcher = lockstep::make_fetcher();
    const auto progress = cli::make_progress(is_given("--quiet"s) || is_given("--no-progress"s));
    auto environment = cli::real_environment(files, *fetcher, *progress, argv[0]);
    const cli::Printed printed = cli::run(words, environment);
    if (!printed.problems.empty()) cli::write_problem(printed.problems);
    if (!cli::write_output(printed.output, printed.more)) {
      cli::write_problem("error[file.unwritable]: standard output could not be written\n");
      return cli::higher_ranking(cli::exit_code::input, printed.exit);
    }
    return printed.exit;
  } catch (const std::exception& exception) {
    cli::write_problem("lockstep: internal error: "s + exception.what() + "\n");
    return cli::exit_code::internal;
  }
}
