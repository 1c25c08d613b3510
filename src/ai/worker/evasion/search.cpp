// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/search.hpp"

#include <ATen/ops/from_blob.h>
#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "ai/worker/evasion/geometry.hpp"
#include "ai/worker/evasion/handover.hpp"
#include "ai/worker/evasion/shards.hpp"
#include "ai/worker/fused/lanes.hpp"

namespace lockstep::ai {
namespace {

constexpr std::int64_t window = 64;      ///< searches at a time, on the processor
constexpr std::int64_t part = 256;       ///< points of one thread, where batches matter
constexpr std::int64_t rows_most = 256;  ///< of a batch, where a single question does not have more
constexpr double half_tile = 18;         ///< lanes that a tile of half the width costs

}  // namespace

bool Seat::is_broken(const Answer& answer, std::span<const float> asked, std::int64_t row) {
  const float above = lead_of(answer, row);
  if (above > 0) offer(asked);
  return above > clear_lead;
}

bool Seat::offer_nearer(const Answer& answer, std::span<const float> asked, std::int64_t row) {
  if (!is_wrong(answer, row)) return false;
  const double there = distance(asked, x, threat.norm);
  if (there >= trace_.nearest) return true;
  offer(asked);
  trace_.nearest = there;
  for (std::size_t i = 0; i < question_marks.size(); ++i)
    if (trace_.asked <= question_marks[i]) trace_.after[i] = there;
  return true;
}

namespace {

/// A seat, and who sits there.
struct Place {
  Seat seat;
  std::int64_t point = 0;
  std::optional<Search<bool>> search;
};

/// Points that wait for a seat, and the seats of the threads that take them. When no point is left,
/// a thread without a search goes on with some of another's.
struct Queue {
  std::atomic<std::int64_t> next = 0;
  std::int64_t end = 0;
  Handover<Place*> handover;

  Queue(std::int64_t first, std::int64_t last) : next(first), end(last) {}

  /// Seats for one thread; they stay as long as the queue, whichever thread uses them.
  std::vector<Place>& seats(std::size_t count) {
    const std::lock_guard lock(mutex_);
    return rows_.emplace_back(count);
  }

 private:
  std::mutex mutex_;
  std::deque<std::vector<Place>> rows_;
};

/// How many searches each of some threads keeps going, of at most `most`: so few that all come to
/// the last of their points at the same time.
std::int64_t seats_of(std::int64_t points, std::int64_t threads, std::int64_t most) {
  const auto shares = [points](std::int64_t of) { return (points + of - 1) / of; };
  return shares(threads * shares(threads * most));
}

/// All searches of one attack, as the threads see them.
struct Hunt {
  const Classifier& classifier;
  const Points& points;
  at::Tensor x;               ///< [points, ...] float32
  at::Tensor y;               ///< [points]
  at::Tensor wanted;          ///< [points], or undefined
  at::Tensor start;           ///< [points, ...] float32, or undefined
  at::Tensor candidates;      ///< [points, ...], written row by row
  std::vector<Trace> traces;  ///< the same
  const Threat& threat;
  const AttackOptions& options;
  SearchFunction search;
  Progress& progress;
  std::int64_t seats;  ///< of each thread
  std::mutex mutex;
  std::uint64_t done = 0;
  std::int64_t forward = 0;
  std::int64_t backward = 0;

  std::int64_t features() const { return x.numel() / std::max<std::int64_t>(x.size(0), 1); }

  void finish_one() {
    const std::lock_guard lock(mutex);
    progress.advance(++done);
  }
};

}  // namespace

/// The seats of one thread, and who sits there.
class Table {
 public:
  Table(Hunt& hunt, Queue& queue)
      : hunt_(hunt), queue_(queue), net_(hunt.classifier, hunt.options) {}

  Result<> run() {
    Handover<Place*>::Visit visit(queue_.handover);
    std::vector<Place>& places = queue_.seats(static_cast<std::size_t>(hunt_.seats));
    for (Place& place : places)
      sit(place);
    for (Place& place : places)
      wait(place);
    while (!hunt_.progress.is_cancelled()) {
      if (with_gradient_.empty() && scores_only_.empty()) {
        const std::vector<Place*> taken = visit.take();
        if (taken.empty()) break;
        for (Place* place : taken)
          wait(*place);
      }
      // Scores only are cheaper than scores with gradients: a batch for each. The longer line
      // first.
      const std::vector<Place*> batch =
          take_batch(rows_waiting(with_gradient_) > rows_waiting(scores_only_) ? with_gradient_
                                                                               : scores_only_);
      TRY_VOID(ask(batch));
      for (Place* place : batch) {
        resume(*place);
        wait(*place);
      }
      if (visit.is_asked()) hand_over(visit);
    }
    const std::lock_guard lock(hunt_.mutex);
    hunt_.forward += net_.forward();
    hunt_.backward += net_.backward();
    return {};
  }

 private:
  std::int64_t features() const { return hunt_.features(); }

  /// Seats the next point that needs more than its first question, if there is one.
  void sit(Place& place) {
    while (!place.search) {
      const std::int64_t point = queue_.next++;
      if (point >= queue_.end) return;
      Seat& seat = place.seat;
      const float* row = hunt_.x.data_ptr<float>() + point * features();
      place.point = point;
      seat.x.assign(row, row + features());
      seat.shape.assign(hunt_.x.sizes().begin() + 1, hunt_.x.sizes().end());
      seat.wanted = hunt_.wanted.defined() ? hunt_.wanted.data_ptr<std::int64_t>()[point] : -1;
      seat.start.clear();
      if (hunt_.start.defined()) {
        const float* start = hunt_.start.data_ptr<float>() + point * features();
        seat.start.assign(start, start + features());
      }
      seat.right = hunt_.y.data_ptr<std::int64_t>()[point];
      seat.index = static_cast<std::uint32_t>(hunt_.points.index[static_cast<std::size_t>(point)]);
      seat.threat = hunt_.threat;
      seat.options = hunt_.options;
      seat.has_offer_ = false;
      seat.trace_ = {};
      place.search.emplace(hunt_.search(seat));
      seat.asker_ = place.search->handle();
      go_on(place);
    }
  }

  void resume(Place& place) {
    go_on(place);
    if (!place.search) sit(place);
  }

  /// Lets a search go on to its next question, or takes what it offered.
  void go_on(Place& place) {
    place.seat.asker_.resume();
    if (!place.search->is_done()) return;
    place.search->await_resume();  // throws what the search threw
    place.search.reset();
    if (place.seat.has_offer_)
      std::ranges::copy(place.seat.candidate_,
                        hunt_.candidates.data_ptr<float>() + place.point * features());
    hunt_.traces[static_cast<std::size_t>(place.point)] = place.seat.trace_;
    hunt_.finish_one();
  }

  std::int64_t rows_of(const Place& place) const {
    return static_cast<std::int64_t>(place.seat.question_.size()) / features();
  }

  /// Puts a place with a question at the end of its line.
  void wait(Place& place) {
    if (!place.search) return;
    (place.seat.loss_ != nullptr ? with_gradient_ : scores_only_).push_back(&place);
  }

  std::int64_t rows_waiting(const std::deque<Place*>& line) const {
    std::int64_t rows = 0;
    for (const Place* place : line)
      rows += rows_of(*place);
    return rows;
  }

  /// Gives half of the searches away. What fits half a tile takes no less time in two parts.
  void hand_over(Handover<Place*>::Visit& visit) {
    if (rows_waiting(with_gradient_) + rows_waiting(scores_only_) <= fused::lane_group) return;
    std::vector<Place*> half;
    for (std::deque<Place*>* line : {&with_gradient_, &scores_only_}) {
      const auto middle = line->end() - static_cast<std::ptrdiff_t>(line->size() / 2);
      half.insert(half.end(), middle, line->end());
      line->erase(middle, line->end());
    }
    if (!half.empty()) visit.give(std::move(half));
  }

  /// What a batch costs the fused loops, in lanes: tiles are whole or half.
  static double cost_of(std::int64_t rows) {
    const std::int64_t rest = rows % fused::tile_lanes;
    const double half = rest == 0 ? 0 : half_tile;
    return static_cast<double>(rows - rest) + (rest > fused::lane_group ? fused::tile_lanes : half);
  }

  /// Takes questions from the front of a line: as many as fill tiles best, where there are tiles;
  /// those that are left go first next time.
  std::vector<Place*> take_batch(std::deque<Place*>& line) const {
    const std::int64_t most = std::max(rows_most, hunt_.classifier.block());
    std::int64_t rows = 0;
    std::size_t best = 0;
    double best_share = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      rows += rows_of(*line[i]);
      if (i > 0 && rows > most) break;
      const double share =
          hunt_.classifier.is_fused() ? static_cast<double>(rows) / cost_of(rows) : 1;
      if (share < best_share) continue;
      best = i + 1;
      best_share = share;
    }
    const auto end = line.begin() + static_cast<std::ptrdiff_t>(best);
    std::vector<Place*> batch(line.begin(), end);
    line.erase(line.begin(), end);
    return batch;
  }

  Result<> ask(const std::vector<Place*>& batch) {
    rows_.clear();
    batch_.clear();
    Draws draws{hunt_.options.seed, stream_of("attack"), {}, {}, hunt_.options.passes};
    for (Place* place : batch) {
      batch_.insert(batch_.end(), place->seat.question_.begin(), place->seat.question_.end());
      const Seat& seat = place->seat;
      for (std::int64_t row = 0; row < rows_of(*place); ++row) {
        rows_.emplace_back(&seat, seat.targets_.empty()
                                      ? seat.target_
                                      : seat.targets_[static_cast<std::size_t>(row)]);
        draws.samples.push_back(seat.index);
        draws.steps.push_back(static_cast<std::uint32_t>(seat.asked() - rows_of(*place) + row));
      }
    }
    const auto count = static_cast<std::int64_t>(rows_.size());
    std::vector<std::int64_t> shape = hunt_.x.sizes().vec();
    shape[0] = count;
    const at::Tensor x = at::from_blob(batch_.data(), shape, at::kFloat);
    if (batch.front()->seat.loss_ == nullptr) {
      TRY(const at::Tensor logits, net_.logits(x, draws));
      logits_ = logits.to(at::kFloat).contiguous();
      gradient_ = at::Tensor();
    } else {
      losses_.assign(rows_.size(), 0);
      const ScoreLoss loss = [this](std::int64_t first, std::int64_t some, std::int64_t classes,
                                    const float* z, float* dz) {
        for (std::int64_t i = 0; i < some; ++i, z += classes, dz += classes) {
          const auto row = static_cast<std::size_t>(first + i);
          const auto& [seat, target] = rows_[row];
          losses_[row] += seat->loss_(z, classes, seat->right, target, dz);
        }
      };
      TRY(const Classifier::Gradient answer, net_.gradient(x, loss, draws));
      const auto passes = static_cast<float>(hunt_.classifier.passes(draws));
      for (float& each : losses_)
        each /= passes;
      logits_ = answer.logits.to(at::kFloat).contiguous();
      gradient_ = answer.input.to(at::kFloat).contiguous();
    }
    std::int64_t row = 0;
    for (Place* place : batch) {
      const bool has_gradient = gradient_.defined();
      place->seat.answer_ = {
          logits_.data_ptr<float>() + row * logits_.size(1),
          has_gradient ? gradient_.data_ptr<float>() + row * features() : nullptr,
          has_gradient ? losses_.data() + row : nullptr, logits_.size(1)};
      row += rows_of(*place);
    }
    return {};
  }

  Hunt& hunt_;
  Queue& queue_;
  Oracle net_;
  std::deque<Place*> with_gradient_;  ///< that wait for an answer, in the order in which they asked
  std::deque<Place*> scores_only_;
  std::vector<float> batch_;
  std::vector<std::pair<const Seat*, std::int64_t>> rows_;  ///< whose, and towards which class
  std::vector<float> losses_;
  at::Tensor logits_;
  at::Tensor gradient_;
};

Result<Found> run_searches(const Classifier& classifier,
                           const Points& points,
                           const Threat& threat,
                           const AttackOptions& options,
                           SearchFunction search,
                           int threads,
                           Progress& progress) {
  const at::Tensor x = points.x.to(at::kFloat).contiguous();
  const std::int64_t count = points.count();
  if (count == 0) return Found{x.clone(), {}, 0, 0};
  // With one queue, every thread sits at it; otherwise each queue has one thread.
  const bool is_one_queue = classifier.answers_alone();
  const std::int64_t size = is_one_queue ? count : part;
  const std::int64_t most = std::max(window, classifier.block());
  const std::int64_t sitting = std::max(threads, 1);
  Hunt hunt{classifier,
            points,
            x,
            points.y.contiguous(),
            points.wanted.defined() ? points.wanted.contiguous() : at::Tensor(),
            points.start.defined() ? points.start.to(at::kFloat).contiguous() : at::Tensor(),
            x.clone(),
            std::vector<Trace>(static_cast<std::size_t>(count)),
            threat,
            options,
            search,
            progress,
            is_one_queue ? seats_of(count, sitting, most) : std::min(most, count),
            {},
            0,
            0,
            0};
  std::vector<std::unique_ptr<Queue>> queues;
  for (std::int64_t first = 0; first < count; first += size)
    queues.push_back(std::make_unique<Queue>(first, std::min(first + size, count)));
  const std::size_t tables = is_one_queue ? static_cast<std::size_t>(sitting) : queues.size();
  Progress quiet;
  TRY_VOID(run_shards(tables, 1, threads, quiet, [&](std::size_t i) {
    return Table(hunt, *queues[std::min(i, queues.size() - 1)]).run();
  }));
  if (progress.is_cancelled())
    return fail(ErrorKind::interrupted, "ai.cancelled", "the measurement was stopped");
  return Found{hunt.candidates, std::move(hunt.traces), hunt.forward, hunt.backward};
}

}  // namespace lockstep::ai
