// SPDX-License-Identifier: Apache-2.0
#include "app/ranks.hpp"

#include <charconv>
#include <chrono>
#include <fmt/format.h>
#include <thread>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t part_bytes_max = std::uint64_t{256} << 20U;
constexpr std::size_t ranks_max = 100'000;

std::optional<std::size_t> number_in(const std::string& text) {
  std::size_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Json> read_json(const Files& files, const std::string& path) {
  const auto bytes = files.read(path, part_bytes_max);
  if (!bytes) return std::nullopt;
  Diagnostics problems;
  auto json = parse_json(*bytes, path, problems);
  if (!json) return std::nullopt;
  return *std::move(json);
}

}  // namespace

Result<Rank> rank_of(const std::string& number, const std::string& count, const std::string& job) {
  if (number.empty() && count.empty()) return Rank{};
  const auto rank = number_in(number);
  const auto ranks = number_in(count);
  if (!rank || !ranks || *ranks > ranks_max || *rank >= *ranks)
    return fail(ErrorKind::usage, "ai.ranks",
                fmt::format("expected OMPI_COMM_WORLD_RANK to be a number below "
                            "OMPI_COMM_WORLD_SIZE, found '{}' and '{}'",
                            quotable(number), quotable(count)));
  return Rank{*rank, *ranks, job};
}

std::string Parts::failure_path_of(const std::string& test) const {
  return folder_ + "/" + sha256(test) + ".failed.json";
}

bool Parts::has(const std::string& key) const {
  return read(key).has_value();
}

Result<> Parts::give(const MeasuredTest& measured) {
  return files_.write(
      path_of(measured.key),
      to_canonical_json(Json::object_of(
          {{"at", measured.at}, {"job", rank_.job}, {"measured", to_json(measured)}})));
}

Result<> Parts::give_up(const std::string& test, const Error& why) {
  return files_.write(failure_path_of(test),
                      to_canonical_json(Json::object_of(
                          {{"code", why.code}, {"job", rank_.job}, {"message", why.message}})));
}

/// Nothing when it is not there; files are renamed into place, so that each is whole.
std::optional<MeasuredTest> Parts::read(const std::string& key) const {
  const auto part = read_json(files_, path_of(key));
  if (!part) return std::nullopt;
  auto measured = read_measured_test((*part)["measured"]);
  if (!measured) return std::nullopt;
  measured->key = key;
  measured->at = (*part)["at"].string_or("");
  measured->is_reused = (*part)["job"].string_or("") != rank_.job;
  return *std::move(measured);
}

std::optional<Error> Parts::read_failure(const std::string& test) const {
  const auto part = read_json(files_, failure_path_of(test));
  if (!part || (*part)["job"].string_or("") != rank_.job) return std::nullopt;
  return Error{
      ErrorKind::input, (*part)["code"].string_or(""), (*part)["message"].string_or(""), {}, {}};
}

Result<MeasuredTest> Parts::take(const std::string& key,
                                 const std::string& test,
                                 Reuse reuse,
                                 Progress& progress) const {
  constexpr std::chrono::milliseconds pause{50};
  while (true) {
    if (auto part = read(key); part && (reuse == Reuse::yes || !part->is_reused))
      return *std::move(part);
    if (auto failure = read_failure(test)) return tl::unexpected<Error>(*std::move(failure));
    if (progress.is_cancelled())
      return fail(
          ErrorKind::interrupted, "ai.cancelled",
          "stopped while another process of the job was measuring; what is finished is kept");
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace lockstep::app
