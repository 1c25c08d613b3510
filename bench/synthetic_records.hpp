// SPDX-License-Identifier: Apache-2.0
// Synthetic OSV records, the index of them, and the clock, for the programs of this folder.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "advisories/index.hpp"
#include "advisories/limits.hpp"
#include "base/check.hpp"
#include "base/files.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "formats/osv/read.hpp"

namespace lockstep::bench {

using advisories::AdvisoryIndex;
using advisories::IndexBuilder;

/// What a synthetic record says of one of its two packages.
struct Affected {
  const char* ecosystem;
  std::uint32_t package = 0;  ///< below `packages`
  std::uint32_t fixed_major = 0;
  std::uint32_t fixed_minor = 0;
  std::vector<std::string> versions;
};

constexpr std::uint32_t packages = 200'000;

inline std::array<Affected, 2> affected_by(std::uint64_t number, std::uint32_t edition) {
  Random random(RandomKey{number, 7});
  std::vector<std::string> versions;
  for (std::uint32_t i = 0; i < 25; ++i) {
    const std::uint32_t major = random.below(9);
    versions.push_back(fmt::format("{}.{}.{}", major, random.below(40), i));
  }
  const auto affected = [&](const char* ecosystem) {
    const std::uint32_t package = random.below(packages);
    return Affected{ecosystem, package, random.below(9), edition, versions};
  };
  const Affected first = affected("npm");
  return {first, affected("PyPI")};
}

/// Some records share a CVE.
inline std::uint64_t cve_of(std::uint64_t number) {
  return 10'000 + number * 3 / 4;
}

/// A record of about 2 KB, as large as the mean of osv.dev, with two packages, versions and
/// aliases.
inline std::string record(std::uint64_t number, std::uint32_t edition) {
  const auto text_of = [](const Affected& affected) {
    return fmt::format(
        R"({{"package": {{"ecosystem": "{}", "name": "package-{}"}}, "ranges": [{{"type": )"
        R"("ECOSYSTEM", "events": [{{"introduced": "0"}}, {{"fixed": "{}.{}.0"}}]}}], )"
        R"("versions": ["{}"]}})",
        affected.ecosystem, affected.package, affected.fixed_major, affected.fixed_minor,
        join(affected.versions, "\", \""));
  };
  const std::string words(600, 'w');
  const auto [first, second] = affected_by(number, edition);
  return fmt::format(
      R"({{"id": "GHSA-{:08}", "modified": "2026-{:02}-{:02}T00:00:00Z", "aliases": ["CVE-2026-{}"], )"
      R"("summary": "Something of package {} goes wrong", "details": "{}", "severity": [{{"type": )"
      R"("CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}], "references": )"
      R"([{{"type": "WEB", "url": "https://example.com/{}"}}], "affected": [{}, {}]}})",
      number, 1 + (number + edition) % 12, 1 + number % 28, cve_of(number), number, words, number,
      text_of(first), text_of(second));
}

inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// In MB, as the system counts it, mapped pages included.
inline double peak_memory() {
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
inline void write_index(IndexBuilder& builder, const std::string& folder) {
  const std::string path = folder + "/advisories.index";
  if (auto older = AdvisoryIndex::open(path)) {
    LS_CHECK(older->verify().has_value() && builder.add_all(*std::move(older)).has_value(),
             "the older index is whole");
  }
  RealFiles files;
  auto file = files.grow(path + ".part", 0);
  LS_CHECK(file.has_value(), "the folder can be written to");
  const auto size = builder.write([&](std::string_view piece) { return (*file)->append(piece); });
  LS_CHECK(size.has_value() && files.rename(path + ".part", path).has_value(), "the disk has room");
}

/// Takes the records in and writes the index of the folder, on top of the one that is there.
inline Taken take_in(const std::string& folder,
                     std::uint64_t first,
                     std::uint64_t number,
                     std::uint32_t edition) {
  Taken taken;
  IndexBuilder builder(folder, advisories::builder_memory_bytes);
  formats::osv::Reader reader;
  Diagnostics problems;
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
            reader.read_each(text, "record", problems, [&](const AdvisoryView& advisory) {
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

/// The numbers on the command line, or those.
inline std::vector<std::uint64_t> numbers_of(int argc,
                                             char** argv,
                                             std::vector<std::uint64_t> otherwise) {
  std::vector<std::uint64_t> numbers;
  for (int i = 1; i < argc; ++i)
    numbers.push_back(std::strtoull(argv[i], nullptr, 10));
  return numbers.empty() ? otherwise : numbers;
}

/// Measures each number in a process of its own, so that its peak of memory is its own.
/// @returns false when one of them failed
template <typename Measure>
bool each_by_itself(const std::vector<std::uint64_t>& numbers, const Measure& measure) {
  for (const std::uint64_t number : numbers) {
    std::fflush(stdout);
    const pid_t child = ::fork();
    if (child == 0) {
      measure(number);
      std::fflush(stdout);
      ::_exit(0);
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) < 0 || status != 0) return false;
  }
  return true;
}

}  // namespace lockstep::bench
