// SPDX-License-Identifier: Apache-2.0
// Matching and importing, over the shared data (LOCKSTEP_SHARED). First the answer is held against
// the table of the benchmark bill; a wrong answer is not timed.
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "advisories/index.hpp"
#include "advisories/match.hpp"
#include "app/import_data.hpp"
#include "base/check.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "formats/osv/read.hpp"
#include "formats/zip.hpp"

namespace {

std::string shared(const std::string& path) {
  const char* root = std::getenv("LOCKSTEP_SHARED");
  return std::string(root == nullptr ? "../shared" : root) + "/" + path;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

lockstep::Bom read_bill(const std::string& path) {
  lockstep::Bom bom;
  lockstep::Diagnostics problems;
  const auto document = lockstep::parse_json(read_file(path), path, problems);
  LS_CHECK(document.has_value(), "the bill is no JSON");
  for (const lockstep::Json& item : (*document)["components"].items()) {
    lockstep::Component component;
    component.name = item["name"].string_or("");
    component.version = item["version"].string_or("");
    component.reference = item["bom-ref"].string_or("");
    if (auto purl = lockstep::parse_purl(item["purl"].string_or(""))) component.purl = *purl;
    bom.components.push_back(std::move(component));
  }
  return bom;
}

/// The folder with the index of all shared OSV data, made once.
std::string data_folder() {
  static const std::string folder = [] {
    const std::string made =
        (std::filesystem::temp_directory_path() / "lockstep-bench-advisories").string();
    lockstep::RealFiles files;
    lockstep::Progress progress;
    lockstep::Diagnostics problems;
    std::filesystem::remove_all(made);
    const auto report = lockstep::app::import_data({{shared("vuln/data/osv")}, made, {}}, files,
                                                   progress, problems);
    LS_CHECK(report.has_value(), "the shared data cannot be imported");
    return made;
  }();
  return folder;
}

lockstep::advisories::AdvisoryIndex open_index() {
  auto index = lockstep::advisories::AdvisoryIndex::open(lockstep::app::index_path(data_folder()));
  LS_CHECK(index.has_value(), "the index cannot be opened");
  return *std::move(index);
}

void check_answer(const lockstep::Bom& bom) {
  const auto result = lockstep::advisories::match(bom, open_index());
  LS_CHECK(result.has_value(), "the index is damaged");
  std::set<std::string> found;
  for (const lockstep::Finding& finding : result->findings) {
    const std::string type = finding.purl.substr(4, finding.purl.find('/') - 4);
    const std::string version = finding.version.substr(finding.version.starts_with('v') ? 1 : 0);
    for (const std::string& id : finding.matched) {
      found.insert(fmt::format("{}\t{}\t{}\t{}", type, finding.component, version, id));
    }
  }
  std::set<std::string> expected;
  const std::string table = read_file(shared("vuln/data/sbom/bench-1000.expected.tsv"));
  for (const std::string_view line : lockstep::split(table, '\n')) {
    if (!line.empty()) expected.emplace(line);
  }
  LS_CHECK(found == expected, "the answer differs from the table; nothing is timed");
}

void open_the_index(benchmark::State& state) {
  data_folder();
  for (auto round : state)
    benchmark::DoNotOptimize(open_index());
}

void match_bill(benchmark::State& state, const std::string& name) {
  check_answer(read_bill(shared("vuln/data/sbom/bench-1000.cdx.json")));
  const lockstep::Bom bom = read_bill(shared("vuln/data/sbom/" + name));
  for (auto round : state) {
    const auto index = open_index();
    benchmark::DoNotOptimize(lockstep::advisories::match(bom, index));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(bom.components.size()));
}

/// Everything from the packed files to the new index on disk.
void import_everything(benchmark::State& state) {
  const std::string folder =
      (std::filesystem::temp_directory_path() / "lockstep-bench-import").string();
  lockstep::RealFiles files;
  lockstep::Progress progress;
  std::int64_t bytes = 0;
  for (auto round : state) {
    lockstep::Diagnostics problems;
    std::filesystem::remove_all(folder);
    const auto report = lockstep::app::import_data({{shared("vuln/data/osv")}, folder, {}}, files,
                                                   progress, problems);
    LS_CHECK(report.has_value(), "the shared data cannot be imported");
    bytes += static_cast<std::int64_t>(report->bytes_read);
  }
  state.SetBytesProcessed(bytes);
}

/// The reader alone, on unpacked records.
void read_records(benchmark::State& state) {
  std::vector<std::string> records;
  const auto zips = lockstep::RealFiles().list(shared("vuln/data/osv"), ".zip");
  std::int64_t bytes = 0;
  for (const std::string& path : *zips) {
    auto zip = lockstep::formats::ZipReader::open_file(path);
    for (auto entry = zip->next(); entry && *entry; entry = zip->next()) {
      records.emplace_back((*entry)->bytes);
      bytes += static_cast<std::int64_t>(records.back().size());
    }
  }
  lockstep::formats::osv::Reader reader;
  for (auto round : state) {
    lockstep::Diagnostics problems;
    for (const std::string& record : records) {
      benchmark::DoNotOptimize(reader.read(record, "record", problems));
    }
  }
  state.SetBytesProcessed(state.iterations() * bytes);
}

}  // namespace

BENCHMARK(open_the_index)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(match_bill, components_1000, std::string("bench-1000.cdx.json"))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(match_bill, components_10000, std::string("bench-10000.cdx.json"))
    ->Unit(benchmark::kMillisecond);
BENCHMARK(read_records)->Unit(benchmark::kMillisecond);
BENCHMARK(import_everything)->Unit(benchmark::kMillisecond);
BENCHMARK_MAIN();
