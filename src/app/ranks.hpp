// SPDX-License-Identifier: Apache-2.0
// One plan on many machines (docs/adr/0020): the processes of an MPI job share out the tests among
// themselves and hand in what they measured as files of a folder that all of them see.
//
//     rank 1, 2, ...   its tests --> a part for each
//     rank 0           its tests --> a part for each;  all parts --> store, verdicts, documents
//
// A part is named by the key of its measurement, which stands for everything that determines it. So
// a part of an earlier job that was cut off is as good as a new one, and nothing is run again.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "app/measured.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"

namespace lockstep::app {

/// The place of this process among those of its job.
struct Rank {
  std::size_t number = 0;  ///< from 0
  std::size_t count = 1;
  std::string job;  ///< names the job; the same in all of its processes

  bool is_alone() const { return count == 1; }

  bool is_first() const { return number == 0; }

  /// Whether the test of this number is for this process to run.
  bool runs(std::size_t test) const { return test % count == number; }
};

/// From what Open MPI tells its processes: OMPI_COMM_WORLD_RANK, OMPI_COMM_WORLD_SIZE and
/// PMIX_NAMESPACE. Alone where nothing is said. Errors: ai.ranks for words that are no numbers.
Result<Rank> rank_of(const std::string& number, const std::string& count, const std::string& job);

/// The parts of one plan, in a folder that all processes of the job see.
class Parts {
 public:
  Parts(Rank rank, std::string folder, Files& files)
      : rank_(std::move(rank)), folder_(std::move(folder)), files_(files) {}

  const Rank& rank() const { return rank_; }

  /// Whether a measurement of this key is there, of whatever job.
  bool has(const std::string& key) const;

  /// Hands in a measurement. Errors: file.unwritable.
  Result<> give(const MeasuredTest& measured);

  /// Hands in why a test could not be run. Errors: file.unwritable.
  Result<> give_up(const std::string& test, const Error& why);

  /// Waits for the measurement of this key, or for what its process handed in of the test instead.
  /// What an earlier job left counts as reused, or not at all; its failures are waited past.
  /// Errors: those that were handed in; ai.cancelled.
  Result<MeasuredTest> take(const std::string& key,
                            const std::string& test,
                            Reuse reuse,
                            Progress& progress) const;

  /// Takes a part away that was put where it stays. Errors: file.unwritable.
  Result<> done(const std::string& key) { return files_.remove(path_of(key)); }

  /// Takes away why a test could not be run. Errors: file.unwritable.
  Result<> heard(const std::string& test) { return files_.remove(failure_path_of(test)); }

 private:
  std::string path_of(const std::string& key) const { return folder_ + "/" + key + ".part.json"; }

  std::string failure_path_of(const std::string& test) const;

  std::optional<MeasuredTest> read(const std::string& key) const;
  std::optional<Error> read_failure(const std::string& test) const;

  Rank rank_;
  std::string folder_;
  Files& files_;
};

}  // namespace lockstep::app
