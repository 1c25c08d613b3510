// SPDX-License-Identifier: Apache-2.0
// Tables of tests/data/metrics: "expect NAME VALUE" and "sample NUMBER..." lines.
#pragma once

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "support/paths.hpp"

namespace lockstep::test {

struct Sheet {
  std::vector<std::pair<std::string, double>> expected;
  std::vector<std::vector<double>> samples;
};

inline Sheet read_sheet(const std::string& name) {
  std::istringstream text(read_file(source_path("tests/data/metrics/" + name)));
  Sheet all;
  for (std::string line; std::getline(text, line);) {
    std::istringstream words(line);
    std::string kind;
    words >> kind;
    if (kind == "expect") {
      auto& [what, value] = all.expected.emplace_back();
      words >> what >> value;
    } else if (kind == "sample") {
      std::vector<double>& sample = all.samples.emplace_back();
      for (double number = 0; words >> number;)
        sample.push_back(number);
    }
  }
  return all;
}

}  // namespace lockstep::test
