// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/statistics.hpp"
#include "domain/state.hpp"

namespace lockstep {

/// A file by path and digest.
struct FileRef {
  std::string path;
  std::string sha256;
};

/// A count of right answers with its exact two-sided 95 % interval.
struct Accuracy {
  std::int64_t correct = 0;
  std::int64_t total = 0;
  Interval interval95;
};

/// Where the answers of a model came from.
struct AnsweredBy {
  std::string device = "cpu";  ///< "cpu" or "cuda"
  std::string engine;          ///< "fused loops", "LibTorch: " and why, "the service (kserve)"
};

/// What one attack did. "Broken" points stay broken for the attacks after it.
struct AttackRun {
  std::string name;
  std::string source;      ///< the publication
  std::int64_t tried = 0;  ///< points still standing when it began
  std::int64_t broken = 0;
  std::int64_t forward = 0;   ///< forward passes, counted in samples
  std::int64_t backward = 0;  ///< backward passes, counted in samples
  double seconds = 0;         ///< wall time; left out of every digest
};

/// A check on the measurement itself.
struct SoundnessCheck {
  std::string check;  ///< "zero_gradients", "clean_repeat", "outputs_are_logits", "monotone_steps"
  State state = State::not_checked;
  double value = 0;
  std::string says;  ///< one sentence
};

/// How far the nearest points of a wrong class are that attacks found which look for them. A
/// sample counts when LibTorch, asked about the point alone, confirms that the net is wrong there.
struct Distances {
  std::int64_t attacked = 0;  ///< samples that such an attack looked at
  std::int64_t fooled = 0;    ///< of them, those with a confirmed point, at any distance
  double mean = 0;            ///< over the fooled, in the norm; nothing when none was
  double median = 0;          ///< the same
  /// Over all attacked samples, a sample without a point being infinitely far; empty when less than
  /// half were fooled.
  std::optional<double> median_attacked;

  /// What attacks that are told classes only had reached after some questions. These points are not
  /// confirmed one by one.
  struct After {
    std::int64_t questions = 0;
    std::int64_t fooled = 0;
    double median = 0;  ///< over the fooled
  };

  std::vector<After> after;  ///< rising; empty for other attacks
};

/// What was changed in the rows of a table that broke a net. Only rows that the table's description
/// says can exist, and can be made from the sample, are counted as broken.
struct TableChanges {
  struct Row {
    std::int64_t sample = 0;           ///< index in the data
    std::vector<std::string> changed;  ///< columns
    double cost = 0;                   ///< sum of cost times change, in units of the features
  };

  std::vector<Row> rows;        ///< one for each broken sample, rising
  double median_changed = 0;    ///< columns; 0 without rows
  double median_cost = 0;       ///< 0 without rows
  std::int64_t exhausted = 0;   ///< standing samples of which every row in reach was asked about
  std::int64_t impossible = 0;  ///< samples that are no possible rows themselves
};

/// One point of a curve of robust accuracy.
struct CurvePoint {
  double epsilon = 0;
  Accuracy robust;
};

/// What an evasion test asked and measured. Epsilon is in input units after scaling to [0, 1].
struct Measurement {
  std::string id;  ///< "reader.linf": id of the test in the product file
  std::string model_id;
  FileRef model;
  FileRef data;
  std::string preprocessing;  ///< between the data and the net, as a formula; "" when none
  std::int64_t samples = 0;
  std::string norm;  ///< linf, l2
  double epsilon = 0;
  std::string target;  ///< class to reach: "second", "next" or a number; "" for any wrong one
  std::int64_t left_out =
      0;  ///< samples in that class without attack: they are counted nowhere else
  std::string knowledge = "white_box";
  std::string budget;  ///< "40 steps, 1 restart"
  std::uint64_t seed = 0;
  std::int64_t batch_size = 0;
  Accuracy clean;
  Accuracy robust;
  std::vector<AttackRun> attacks;
  std::int64_t claimed = 0;    ///< adversarial examples that the attacks returned
  std::int64_t confirmed = 0;  ///< of them, those that held when looked at again, one by one
  std::vector<SoundnessCheck> soundness;
  std::vector<CurvePoint> curve;       ///< rising epsilon; may be empty
  std::optional<Distances> distances;  ///< of attacks that look for the nearest point
  std::optional<TableChanges> table;   ///< of data with a description of their columns
  AnsweredBy answered_by;
  int threads = 1;
  std::string worker_version;
};

/// The threshold that was set for a test before it was run.
struct Threshold {
  std::string id;      ///< the test's id
  std::string metric;  ///< "attack_success": 1 - robust / clean-correct samples
  double at_most = 0;  ///< tau in [0, 1]
  double alpha = 0.05;
  std::int64_t planned_samples = 0;
  std::string reason;
  std::string approver;
  std::string locked_at;  ///< RFC 3339, "" when it was never locked
  std::string sha256;     ///< of the locked text
};

/// The judgement of one test: measured success against its threshold.
struct TestVerdict {
  std::string test;  ///< id
  State state = State::not_checked;
  std::int64_t successes = 0;  ///< k
  std::int64_t attempts = 0;   ///< n
  double rate = 0;
  double upper95 = 1;               ///< one-sided
  double lower95 = 0;               ///< one-sided
  std::int64_t needed_samples = 0;  ///< about n', when underpowered
  Threshold threshold;
  std::string because;  ///< one sentence with the numbers
};

}  // namespace lockstep
