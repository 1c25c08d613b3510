// SPDX-License-Identifier: Apache-2.0
// Matching growing numbers of components, in bills of 10,000, against 1,000,000 synthetic
// advisories: time and peak memory. One component in five is a package that advisories name, as in
// a bill with many flaws. The findings of the first bill are held against a search through all
// records first. Each number runs in a process of its own, so that its peak is its own.
//
// bench_advisories_components [COMPONENTS...]
#include <atomic>
#include <filesystem>
#include <fmt/format.h>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "advisories/match.hpp"
#include "domain/bom.hpp"
#include "synthetic_records.hpp"

namespace lockstep::bench {
namespace {

constexpr std::uint64_t records = 1'000'000;
constexpr std::uint64_t per_bill = 10'000;

struct Version {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  std::uint32_t patch = 0;

  auto operator<=>(const Version&) const = default;
};

/// A component of a bill, before it has texts.
struct Drawn {
  bool is_npm = false;
  bool is_named = false;  ///< by some advisories, most likely
  std::uint32_t package = 0;
  Version version;

  std::string name() const { return fmt::format("{}-{}", is_named ? "package" : "other", package); }

  std::string version_text() const {
    return fmt::format("{}.{}.{}", version.major, version.minor, version.patch);
  }
};

Drawn draw(std::uint64_t bill, std::uint64_t number) {
  Random random({11, stream_of("bench-components"), static_cast<std::uint32_t>(bill),
                 static_cast<std::uint32_t>(number)});
  Drawn drawn;
  drawn.is_npm = random.below(2) == 0;
  drawn.is_named = random.below(5) == 0;
  drawn.package = random.below(packages);
  drawn.version.major = random.below(9);
  drawn.version.minor = random.below(40);
  drawn.version.patch = random.below(25);
  return drawn;
}

Bom bill_of(std::uint64_t number) {
  Bom bom;
  bom.path = "bill.cdx.json";
  for (std::uint64_t i = 0; i < per_bill; ++i) {
    const Drawn drawn = draw(number, i);
    Component component;
    component.name = drawn.name();
    component.version = drawn.version_text();
    component.purl = *parse_purl(fmt::format("pkg:{}/{}@{}", drawn.is_npm ? "npm" : "pypi",
                                             component.name, component.version));
    component.reference = std::to_string(i);
    bom.components.push_back(std::move(component));
  }
  return bom;
}

/// Components and CVEs of the first bill, found without an index and without version schemes.
std::set<std::tuple<std::uint64_t, std::uint64_t>> searched() {
  std::unordered_map<std::uint64_t, std::vector<std::uint64_t>> of_package;
  const auto key = [](bool is_npm, std::uint64_t package) {
    return package * 2 + (is_npm ? 1 : 0);
  };
  for (std::uint64_t i = 0; i < per_bill; ++i) {
    const Drawn drawn = draw(0, i);
    if (drawn.is_named) of_package[key(drawn.is_npm, drawn.package)].push_back(i);
  }
  std::set<std::tuple<std::uint64_t, std::uint64_t>> found;
  for (std::uint64_t number = 0; number < records; ++number) {
    for (const bench::Affected& affected : affected_by(number, 1)) {
      const bool is_npm = std::string_view(affected.ecosystem) == "npm";
      const auto components = of_package.find(key(is_npm, affected.package));
      if (components == of_package.end()) continue;
      for (const std::uint64_t i : components->second) {
        const Drawn drawn = draw(0, i);
        const bool is_listed =
            std::ranges::find(affected.versions, drawn.version_text()) != affected.versions.end();
        const Version fixed{affected.fixed_major, affected.fixed_minor, 0};
        if (is_listed || drawn.version < fixed) found.emplace(i, cve_of(number));
      }
    }
  }
  return found;
}

void check(const std::string& path) {
  const auto index = AdvisoryIndex::open(path);
  LS_CHECK(index.has_value(), "the index can be opened");
  const auto matched = advisories::match(bill_of(0), *index);
  LS_CHECK(matched.has_value() && matched->unmatched.empty(), "every component is asked about");
  std::set<std::tuple<std::uint64_t, std::uint64_t>> found;
  for (const Finding& finding : matched->findings)
    found.emplace(std::stoull(finding.reference), std::stoull(finding.flaw.substr(9)));
  LS_CHECK(found == searched() && found.size() == matched->findings.size(),
           "the findings are those of a search through all records");
}

void measure(const std::string& path, std::uint64_t components) {
  const auto index = AdvisoryIndex::open(path);
  LS_CHECK(index.has_value(), "the index can be opened");
  Taken taken;
  std::atomic<std::uint64_t> findings{0};
  for (std::uint64_t i = 0; i < components / per_bill; ++i) {
    const Bom bom = bill_of(i);
    timed(taken, [&] {
      const auto done =
          advisories::match_in_parts(bom, *index, [&](std::size_t, advisories::Matches found) {
            findings += found.findings.size();
            return Result<>{};
          });
      LS_CHECK(done.has_value(), "the index can be read");
    });
  }
  fmt::print(
      "{:>11} | {:>10} findings | {:>7.2f} s wall | {:>7.2f} s processor | {:.2f} us each | "
      "{:>4.0f} MB peak\n",
      components, findings.load(), taken.wall, taken.processor,
      taken.processor * 1e6 / static_cast<double>(components), peak_memory());
}

bool run(const std::vector<std::uint64_t>& components) {
  const std::string folder =
      (std::filesystem::temp_directory_path() / "lockstep-bench-components").string();
  std::filesystem::remove_all(folder);
  const std::string path = folder + "/advisories.index";
  const bool is_done =
      each_by_itself({records}, [&](std::uint64_t number) { take_in(folder, 0, number, 1); }) &&
      each_by_itself({0}, [&](std::uint64_t) { check(path); }) &&
      each_by_itself(components, [&](std::uint64_t number) { measure(path, number); });
  std::filesystem::remove_all(folder);
  return is_done;
}

}  // namespace
}  // namespace lockstep::bench

int main(int argc, char** argv) {
  return lockstep::bench::run(
             lockstep::bench::numbers_of(argc, argv, {100'000, 1'000'000, 10'000'000}))
             ? 0
             : 1;
}
