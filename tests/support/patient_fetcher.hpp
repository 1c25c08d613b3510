// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "base/fetcher.hpp"

namespace lockstep::test {

/// The real network, with a clock that only writes down how long a wait would have been.
class PatientFetcher final : public Fetcher {
 public:
  Result<FetchHead> get(const FetchRequest& request,
                        FetchSink& sink,
                        const Progress& progress) override {
    return network_->get(request, sink, progress);
  }

  Result<> wait(std::chrono::milliseconds time, const Progress&) override {
    waits.push_back(time);
    return {};
  }

  std::vector<std::chrono::milliseconds> waits;

 private:
  std::unique_ptr<Fetcher> network_ =
      make_fetcher({std::chrono::milliseconds(5'000), std::chrono::milliseconds(150)});
};

}  // namespace lockstep::test
