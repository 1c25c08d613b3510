// SPDX-License-Identifier: Apache-2.0
// Synthetic advisories in growing numbers: time and peak memory of taking in OSV JSON, and of a
// delta of a thousand records on top. Each number runs in a process of its own, so that its peak is
// its own.
//
// bench_advisories_scale [RECORDS...]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "advisories/index.hpp"
#include "advisories/limits.hpp"
#include "base/check.hpp"
#include "base/files.hpp"
#include "base/random.hpp"
#include "formats/osv/read.hpp"

namespace {

using lockstep::advisories::AdvisoryIndex;
using lockstep::advisories::IndexBuilder;

/// A record of about 2 KB, as large as the mean of osv.dev, with two packages, versions and
/// aliases.
std::string record(std::uint64_t number, int edition) {
  lockstep::Random random(lockstep::RandomKey{number, 7});
  std::string versions;
  for (int i = 0; i < 25; ++i)
    versions +=
        fmt::format("{}\"{}.{}.{}\"", i == 0 ? "" : ", ", random.below(9), random.below(40), i);
  const auto affected = [&](const char* ecosystem) {
    return fmt::format(
        R"({{"package": {{"ecosystem": "{}", "name": "package-{}"}}, "ranges": [{{"type": )"
        R"("ECOSYSTEM", "events": [{{"introduced": "0"}}, {{"fixed": "{}.{}.0"}}]}}], )"
        R"("versions": [{}]}})",
        ecosystem, random.below(200'000), random.below(9), edition, versions);
  };
  const std::string words(600, 'w');
  return fmt::format(
      R"({{"id": "GHSA-{:08}", "modified": "2026-{:02}-{:02}T00:00:00Z", "aliases": ["CVE-2026-{}"], )"
      R"("summary": "Something of package {} goes wrong", "details": "{}", "severity": [{{"type": )"
      R"("CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}], "references": )"
      R"([{{"type": "WEB", "url": "https://example.com/{}"}}], "affected": [{}, {}]}})",
      number, 1 + (number + static_cast<std::uint64_t>(edition)) % 12, 1 + number % 28,
      10'000 + number * 3 / 4, number, words, number, affected("npm"), affected("PyPI"));
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// In MB, as the system counts it, mapped pages included.
double peak_memory() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// What it took, without the making of the texts.
struct Taken {
  std::uint64_t bytes = 0;  ///< of JSON
  double wall = 0;
  double processor = 0;
};

/// Runs the work on the clock.
template <typename Work>
void timed(Taken& taken, const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  const double processor = processor_seconds();
  work();
  taken.wall += seconds_since(start);
  taken.processor += processor_seconds() - processor;
}

/// Writes the index of the folder, on top of the one that is there.
void write_index(IndexBuilder& builder, const std::string& folder) {
  const std::string path = folder + "/advisories.index";
  if (auto older = AdvisoryIndex::open(path)) {
    LS_CHECK(older->verify().has_value() && builder.add_all(*std::move(older)).has_value(),
             "the older index is whole");
  }
  lockstep::RealFiles files;
  auto file = files.grow(path + ".part", 0);
  LS_CHECK(file.has_value(), "the folder can be written to");
  const auto size = builder.write([&](std::string_view piece) { return (*file)->append(piece); });
  LS_CHECK(size.has_value() && files.rename(path + ".part", path).has_value(), "the disk has room");
}

/// Takes the records in and writes the index of the folder, on top of the one that is there.
Taken take_in(const std::string& folder, std::uint64_t first, std::uint64_t number, int edition) {
  Taken taken;
  IndexBuilder builder(folder, lockstep::advisories::builder_memory_bytes);
  lockstep::formats::osv::Reader reader;
  lockstep::Diagnostics problems;
  constexpr std::uint64_t batch = 1'000;
  for (std::uint64_t i = first; i < first + number; i += batch) {
    std::vector<std::string> texts;
    for (std::uint64_t k = i; k < std::min(i + batch, first + number); ++k) {
      texts.push_back(record(k, edition));
      taken.bytes += texts.back().size();
    }
    timed(taken, [&] {
      std::size_t records = 0;
      for (const std::string& text : texts) {
        const auto read =
            reader.read_each(text, "record", problems, [&](const lockstep::AdvisoryView& advisory) {
              builder.add(advisory);
              ++records;
            });
        LS_CHECK(read.has_value(), "a synthetic record can be read");
      }
      LS_CHECK(records == texts.size(), "a synthetic document holds one record");
    });
  }
  timed(taken, [&] { write_index(builder, folder); });
  return taken;
}

void check(const std::string& folder, std::uint64_t records) {
  const auto index = AdvisoryIndex::open(folder + "/advisories.index");
  LS_CHECK(index.has_value() && index->records() == records, "every record is in the index");
  LS_CHECK(*index->id(0) == "GHSA-00000000", "the records are sorted");
}

void measure(std::uint64_t records) {
  const std::string folder =
      (std::filesystem::temp_directory_path() / "lockstep-bench-scale").string();
  std::filesystem::remove_all(folder);
  const Taken first = take_in(folder, 0, records, 1);
  const double peak = peak_memory();
  check(folder, records);
  const Taken delta = take_in(folder, records / 2, 1'000, 2);
  check(folder, records);
  fmt::print(
      "{:>9} | {:>7.1f} MB JSON | {:>6.2f} s wall | {:>6.2f} s processor | {:>4.0f} MB/s | "
      "{:>4.0f} MB peak | "
      "index {:>6.1f} MB | 1000 changed: {:.2f} s, {:.0f} MB\n",
      records, static_cast<double>(first.bytes) / 1e6, first.wall, first.processor,
      static_cast<double>(first.bytes) / 1e6 / first.processor, peak,
      static_cast<double>(std::filesystem::file_size(folder + "/advisories.index")) / 1e6,
      delta.processor, peak_memory());
  std::filesystem::remove_all(folder);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::uint64_t> numbers;
  for (int i = 1; i < argc; ++i)
    numbers.push_back(std::strtoull(argv[i], nullptr, 10));
  if (numbers.empty()) numbers = {10'000, 100'000, 1'000'000};
  for (const std::uint64_t number : numbers) {
    std::fflush(stdout);
    const pid_t child = ::fork();
    if (child == 0) {
      measure(number);
      std::fflush(stdout);
      ::_exit(0);
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) < 0 || status != 0) return 1;
  }
  return 0;
}
