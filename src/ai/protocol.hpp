// SPDX-License-Identifier: Apache-2.0
// What lockstep and its worker, lockstep-attack, say to each other: one JSON value per line.
//
//     -> {"command": "evade", "model": "reader.onnx", "data": "test.npz", "evasion": {...}, ...}
//     <- {"progress": {"stage": "pgd", "done": 128, "total": 1000}}
//     <- {"result": {...}}      or      <- {"error": {"kind": "input", "code": ..., "message":
//     ...}}
//
// One request per process. The worker writes progress lines, then exactly one result or error, and
// ends. Both sides treat the other's lines as foreign bytes: what does not fit is an Error with the
// code ai.protocol, never trusted and never fatal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ai/certificate.hpp"
#include "ai/corruption.hpp"
#include "ai/data_options.hpp"
#include "ai/endpoint_options.hpp"
#include "ai/metrics_plan.hpp"
#include "ai/universal.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "domain/measurement.hpp"

namespace lockstep::ai {

/// The version that both sides name; a worker of another version is refused.
inline constexpr int protocol_version = 1;

/// What an evasion attack may do, and how it is to be measured.
struct EvasionPlan {
  std::string id;  ///< of the test
  std::string model_id;
  std::vector<std::string> attacks{"pgd"};  ///< rows or sequences of the family, in order
  std::string norm = "linf";                ///< linf, l2 or l1
  double epsilon = 0;                       ///< > 0, in input units after scaling to [0, 1]
  int steps = 0;                            ///< 0: as each attack's authors say
  int restarts = 1;
  int passes = 1;  ///< averaged over the randomness of a net, or of a service
  bool random_start = true;
  bool keep_best = true;        ///< false: the last iterate, as the libraries return
  std::int64_t samples = 1000;  ///< the first so many of the data set
  std::int64_t batch_size = 128;
  std::uint64_t seed = 1;
  std::string target;  ///< "second", "next" or the number of a class to reach; "" for any wrong one
  std::string knowledge = "white_box";
  std::vector<double> curve;  ///< further epsilons

  bool operator==(const EvasionPlan&) const = default;
};

/// What a worker may use. 0 means no limit.
struct WorkerLimits {
  std::uint64_t memory_bytes = std::uint64_t{16} << 30U;  ///< address space
  int cpu_seconds = 0;
  int wall_seconds = 3600;

  bool operator==(const WorkerLimits&) const = default;
};

enum class WorkerCommand {
  inspect,
  evade,
  universal,
  certify,
  corrupt,
  measure,
  conformance,
  draw
};

/// The one line that a worker reads.
struct WorkerRequest {
  WorkerCommand command = WorkerCommand::inspect;
  std::string model;         ///< a path, or the address of a service
  std::string model_sha256;  ///< "" when it is not known; otherwise the worker compares
  std::string data;
  std::string data_sha256;
  DataOptions data_options;
  std::string examples;  ///< file of adversarial examples: evade writes it when not "", draw reads
  std::vector<std::string> folders;  ///< for conformance; for draw the one to write to
  EvasionPlan evasion;
  CertificatePlan certificate;  ///< for certify
  CorruptionPlan corruption;    ///< for corrupt
  MetricsPlan metrics;          ///< for measure
  UniversalPlan universal;      ///< for universal
  EndpointOptions endpoint;     ///< for models behind an address
  std::string token;            ///< that such a service wants; "" for none; never kept
  int threads = 1;
  std::string device = "cpu";  ///< where nets are computed: cpu or cuda

  bool operator==(const WorkerRequest&) const = default;
};

/// How one folder of the ONNX backend tests came out.
struct ConformanceCase {
  enum class Verdict { pass, fail, unsupported };
  std::string name;
  Verdict verdict = Verdict::fail;
  std::string reason;  ///< why it failed, or the operator that is not supported

  bool operator==(const ConformanceCase&) const = default;
};

using Conformance = std::vector<ConformanceCase>;

struct ProgressReply {
  std::string stage;
  std::uint64_t done = 0;
  std::uint64_t total = 0;  ///< 0 when unknown
};

struct ErrorReply {
  Error error;
};

using WorkerReply = std::variant<ProgressReply, ErrorReply, Json>;  ///< Json: the result

/// Each is one line without its line feed. Errors of the readers: ai.protocol.
std::string write_request(const WorkerRequest& request);
Result<WorkerRequest> read_request(std::string_view line);
std::string write_progress(const ProgressReply& progress);
std::string write_error(const Error& error);
std::string write_result(const Json& result);
Result<WorkerReply> read_reply(std::string_view line);

/// Results, to JSON and back. Errors of the readers: ai.protocol.
Json to_json(const Measurement& measurement);
Result<Measurement> read_measurement(const Json& json);
Json to_json(const Conformance& cases);
Result<Conformance> read_conformance(const Json& json);

/// "PASS name", "FAIL name: reason", "UNSUPPORTED name: operator".
std::string to_text(const ConformanceCase& one);

}  // namespace lockstep::ai
