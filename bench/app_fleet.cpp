// SPDX-License-Identifier: Apache-2.0
// A fleet of bills of half a megabyte each, read from disk by one and by two threads: how long the
// files take, how long to read them as bills, and to keep them as watched releases.
//
// LOCKSTEP_FLEET: how many files (default 200; 4,000 are 2 GB in the system's temporary folder,
// which are kept for the next run).
#include <atomic>
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <string>
#include <thread>
#include <vector>

#include "app/watch/releases.hpp"
#include "base/check.hpp"
#include "base/digest.hpp"
#include "base/files.hpp"
#include "base/random.hpp"
#include "formats/registry.hpp"

namespace {

using lockstep::Random;

constexpr std::size_t components = 800;
constexpr std::uint64_t bytes_max = std::uint64_t{64} << 20U;

std::int64_t fleet_size() {
  const char* text = std::getenv("LOCKSTEP_FLEET");
  return text == nullptr ? 200 : std::atoll(text);
}

std::string component(Random& random) {
  const std::uint32_t number = random.below(200'000);
  const std::string version = fmt::format("1.{}.{}", random.below(4), random.below(10));
  const std::string digest = lockstep::sha256(std::to_string(random.next_u64()));
  return fmt::format(
      "    {{\n      \"bom-ref\": \"pkg:npm/package-{0}@{1}?package-id={2:.16}\",\n"
      "      \"type\": \"library\",\n      \"name\": \"package-{0}\",\n"
      "      \"version\": \"{1}\",\n      \"purl\": \"pkg:npm/package-{0}@{1}\",\n"
      "      \"hashes\": [{{\"alg\": \"SHA-256\", \"content\": \"{2}\"}}],\n"
      "      \"licenses\": [{{\"license\": {{\"id\": \"MIT\"}}}}],\n"
      "      \"properties\": [\n"
      "        {{\"name\": \"origin:layer\", \"value\": \"sha256:{2}\"}},\n"
      "        {{\"name\": \"origin:path\", \"value\": \"/usr/lib/node_modules/package-{0}\"}}\n"
      "      ]\n    }}",
      number, version, digest);
}

std::string bill(std::uint32_t number) {
  Random random({11, lockstep::stream_of("fleet"), 0, number});
  std::string text = fmt::format(
      "{{\n  \"bomFormat\": \"CycloneDX\",\n  \"specVersion\": \"1.6\",\n  \"version\": 1,\n"
      "  \"metadata\": {{\"component\": {{\"bom-ref\": \"app\", \"type\": \"application\", "
      "\"name\": \"app-{0}\", \"version\": \"1\"}}}},\n  \"components\": [\n",
      number);
  for (std::size_t i = 0; i < components; ++i)
    text += (i == 0 ? "" : ",\n") + component(random);
  return text + "\n  ]\n}\n";
}

/// The files of the fleet, made once.
const std::vector<std::string>& fleet() {
  static const std::vector<std::string> paths = [] {
    lockstep::RealFiles files;
    const std::string folder =
        (std::filesystem::temp_directory_path() / "lockstep-bench-fleet").string();
    std::filesystem::create_directories(folder);
    std::vector<std::string> made;
    for (std::int64_t i = 0; i < fleet_size(); ++i) {
      made.push_back(fmt::format("{}/{:05}.cdx.json", folder, i));
      if (files.exists(made.back())) continue;
      LS_CHECK(files.write(made.back(), bill(static_cast<std::uint32_t>(i))).has_value(),
               "the fleet cannot be written");
    }
    return made;
  }();
  return paths;
}

/// Gives each file to one of the threads.
template <typename Work>
void for_each_file(std::int64_t threads, const Work& work) {
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> running;
  for (std::int64_t i = 0; i < threads; ++i)
    running.emplace_back([&] {
      for (std::size_t file = next++; file < fleet().size(); file = next++)
        work(fleet()[file]);
    });
  for (std::thread& thread : running)
    thread.join();
}

void count(benchmark::State& state) {
  std::uintmax_t bytes = 0;
  for (const std::string& path : fleet())
    bytes += std::filesystem::file_size(path);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
  state.SetItemsProcessed(state.iterations() * std::ssize(fleet()));
}

void read_bytes(benchmark::State& state) {
  for (auto round : state)
    for_each_file(state.range(0), [](const std::string& path) {
      const auto bytes = lockstep::RealFiles().read(path, bytes_max);
      LS_CHECK(bytes.has_value(), "a file cannot be read");
    });
  count(state);
}

void read_bills(benchmark::State& state) {
  for (auto round : state)
    for_each_file(state.range(0), [](const std::string& path) {
      const auto bytes = lockstep::RealFiles().read(path, bytes_max);
      lockstep::Diagnostics problems;
      const auto read =
          lockstep::formats::read_bill(*bytes, path, problems, lockstep::formats::Rules::warnings);
      LS_CHECK(read.has_value() && read->bom.components.size() == components, "another bill");
    });
  count(state);
}

/// One after the other into one store on disk, as `vuln watch add` would, but in one process.
void keep_releases(benchmark::State& state) {
  const std::string path =
      (std::filesystem::temp_directory_path() / "lockstep-bench-fleet-store/store.db").string();
  for (auto round : state) {
    std::filesystem::remove_all(std::filesystem::path(path).parent_path());
    const auto store = lockstep::store::WatchStore::open("sqlite:" + path);
    for (const std::string& file : fleet()) {
      const auto bytes = lockstep::RealFiles().read(file, bytes_max);
      lockstep::Diagnostics problems;
      auto read =
          lockstep::formats::read_bill(*bytes, file, problems, lockstep::formats::Rules::warnings);
      lockstep::app::ReleaseInput input;
      input.product = "product";
      input.version = file;
      input.released = lockstep::parse_day("2028-01-01");
      input.boms = {std::move(read->bom)};
      LS_CHECK(lockstep::app::add_release(**store, std::move(input), {}).has_value(), "not kept");
    }
  }
  count(state);
  state.counters["store_MB"] = static_cast<double>(std::filesystem::file_size(path)) / 1e6;
}

}  // namespace

BENCHMARK(read_bytes)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(read_bills)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(keep_releases)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK_MAIN();
