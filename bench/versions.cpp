// SPDX-License-Identifier: Apache-2.0
// Comparisons per second of each scheme, on a release history of the shape of real ones. First the
// answer, then the time: the history is shuffled, sorted by the scheme, and must come back.
//
// Expected: some tens of nanoseconds for a comparison, since each reads both texts about once and
// allocates nothing. An import of 250,000 advisories sorts a few million events.
#include <algorithm>
#include <benchmark/benchmark.h>
#include <fmt/core.h>
#include <string>
#include <vector>

#include "base/check.hpp"
#include "base/random.hpp"
#include "versions/scheme.hpp"

namespace {

using lockstep::Random;
using lockstep::versions::Scheme;

/// 600 versions in ascending order: three early ones and a release for each number.
std::vector<std::string> history(const std::vector<const char*>& forms) {
  std::vector<std::string> versions;
  for (int major = 0; major < 5; ++major) {
    for (int minor = 0; minor < 30; ++minor) {
      for (const char* form : forms) {
        versions.push_back(fmt::format(fmt::runtime(form), major, minor));
      }
    }
  }
  return versions;
}

std::vector<std::string> shuffled(std::vector<std::string> versions) {
  Random random({.seed = 1, .stream = lockstep::stream_of("bench.versions")});
  for (std::size_t i = versions.size(); i > 1; --i) {
    std::swap(versions[i - 1], versions[random.below(static_cast<std::uint32_t>(i))]);
  }
  return versions;
}

void compare_all(benchmark::State& state,
                 const Scheme& scheme,
                 const std::vector<const char*>& forms) {
  const std::vector<std::string> expected = history(forms);
  const std::vector<std::string> versions = shuffled(expected);
  std::vector<std::string> sorted = versions;
  std::ranges::sort(sorted, [&](const std::string& a, const std::string& b) {
    return std::is_lt(scheme.compare(a, b));
  });
  LS_CHECK(sorted == expected, "the scheme does not sort the history");
  for (const auto& run : state) {
    static_cast<void>(run);
    for (std::size_t i = 1; i < versions.size(); ++i) {
      benchmark::DoNotOptimize(scheme.compare(versions[i - 1], versions[i]));
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(versions.size() - 1));
}

const std::vector<const char*> semver_forms = {"{}.{}.0-beta.2", "{}.{}.0-beta.11",
                                               "{}.{}.0-rc.1+build.7", "{}.{}.0"};

BENCHMARK_CAPTURE(compare_all,
                  apk,
                  lockstep::versions::apk,
                  {"{}.{}.0_alpha2-r0", "{}.{}.0_rc1-r1", "{}.{}.0-r3", "{}.{}.0_p1-r0"});
BENCHMARK_CAPTURE(compare_all, crates, lockstep::versions::crates, semver_forms);
BENCHMARK_CAPTURE(compare_all,
                  debian,
                  lockstep::versions::debian,
                  {"1:{}.{}.0~rc1-1", "1:{}.{}.0-1~bpo12+1", "1:{}.{}.0-1", "1:{}.{}.0-1+deb12u2"});
BENCHMARK_CAPTURE(compare_all,
                  freebsd,
                  lockstep::versions::freebsd,
                  {"{}.{}.0.a2,1", "{}.{}.0.r1,1", "{}.{}.0,1", "{}.{}.0_1,1"});
BENCHMARK_CAPTURE(compare_all,
                  go,
                  lockstep::versions::go,
                  {"v{}.{}.0-0.20230102030405-abcdefabcdef", "v{}.{}.0-rc.1", "v{}.{}.0",
                   "v{}.{}.1-0.20240102030405-abcdefabcdef"});
BENCHMARK_CAPTURE(compare_all,
                  maven,
                  lockstep::versions::maven,
                  {"{}.{}.0-alpha-2", "{}.{}.0-RC1", "{}.{}.0-SNAPSHOT", "{}.{}.0-jre"});
BENCHMARK_CAPTURE(compare_all, npm, lockstep::versions::npm, semver_forms);
BENCHMARK_CAPTURE(compare_all,
                  pypi,
                  lockstep::versions::pypi,
                  {"{}.{}.0.dev3", "{}.{}.0a1", "{}.{}.0", "{}.{}.0.post1"});
BENCHMARK_CAPTURE(compare_all,
                  nuget,
                  lockstep::versions::nuget,
                  {"{}.{}.0-Beta.2", "{}.{}.0-rc.1+build.7", "{}.{}.0", "{}.{}.0.1"});
BENCHMARK_CAPTURE(compare_all,
                  packagist,
                  lockstep::versions::packagist,
                  {"v{}.{}.0-dev", "v{}.{}.0-beta2", "v{}.{}.0-RC1", "v{}.{}.0"});
BENCHMARK_CAPTURE(compare_all,
                  rpm,
                  lockstep::versions::rpm,
                  {"1:{}.{}.0~rc1-1.el9", "1:{}.{}.0-1.el9", "1:{}.{}.0-1.el9_2",
                   "1:{}.{}.0-11.el9"});
BENCHMARK_CAPTURE(compare_all,
                  rubygems,
                  lockstep::versions::rubygems,
                  {"{}.{}.0.beta2", "{}.{}.0.rc1", "{}.{}.0", "{}.{}.0.1"});
BENCHMARK_CAPTURE(compare_all, semver, lockstep::versions::semver, semver_forms);

}  // namespace

BENCHMARK_MAIN();
