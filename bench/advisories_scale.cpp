// SPDX-License-Identifier: Apache-2.0
// Synthetic advisories in growing numbers: time and peak memory of taking in OSV JSON, and of a
// delta of a thousand records on top. Each number runs in a process of its own, so that its peak is
// its own.
//
// bench_advisories_scale [RECORDS...]
#include <filesystem>
#include <fmt/format.h>
#include <string>

#include "synthetic_records.hpp"

namespace lockstep::bench {
namespace {

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
}  // namespace lockstep::bench

int main(int argc, char** argv) {
  return lockstep::bench::each_by_itself(
             lockstep::bench::numbers_of(argc, argv, {10'000, 100'000, 1'000'000}),
             lockstep::bench::measure)
             ? 0
             : 1;
}
