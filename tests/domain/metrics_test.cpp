// SPDX-License-Identifier: Apache-2.0
#include "domain/metrics.hpp"

#include <gtest/gtest.h>
#include <set>

namespace lockstep {
namespace {

TEST(MetricRows, EachHasItsNameTitleMeaningAndSourceOnce) {
  std::set<std::string_view> names;
  for (const MetricRow& row : metric_rows()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_FALSE(row.title.empty() || row.says.empty() || row.source.empty()) << row.name;
    EXPECT_GT(row.most, least(row));
  }
  EXPECT_EQ(names.size(), 15U);
}

TEST(DeclaredMetrics, AreReadAndWritten) {
  const auto read = parse_declared("recall[3]@night shift=0.9", 0.99);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(*read, (DeclaredMetric{"recall", 3, "night shift", 0.9, 0.99}));
  EXPECT_EQ(to_text(*read), "recall[3]@night shift at least 0.9");
  EXPECT_EQ(to_text(*parse_declared("log_loss=0.25", 0.95)), "log_loss at most 0.25");
  EXPECT_EQ(parse_declared("mcc=-0.5", 0.95)->value, -0.5);
}

TEST(DeclaredMetrics, WhatCannotBeDeclaredIsSaid) {
  const auto message = [](std::string_view text) {
    const auto read = parse_declared(text, 0.95);
    return read ? "read" : read.error().message;
  };
  EXPECT_EQ(message("brierr=0.9"),
            "expected one of the metrics accuracy, balanced_accuracy, precision, recall, f1, "
            "macro_f1, auroc, auprc, mcc, log_loss, brier, ece, mae, rmse, r2, found 'brierr'; did "
            "you mean 'brier'?");
  EXPECT_EQ(message("f1=0.9"),
            "expected the class that F1 speaks of, such as f1[1]; all classes together have "
            "balanced_accuracy and macro_f1");
  EXPECT_EQ(message("accuracy[1]=0.9"),
            "accuracy speaks of all classes together: expected no class, found 1");
  EXPECT_EQ(message("accuracy=95"), "expected a value of accuracy from 0 to 1, found 95");
  EXPECT_EQ(message("accuracy=nan"), "expected a value of accuracy from 0 to 1, found nan");
  EXPECT_EQ(message("recall[x]=0.9"),
            "expected the number of a class in brackets, such as recall[1], found 'recall[x]'");
  EXPECT_EQ(message("accuracy"),
            "expected a declared value such as accuracy=0.95, recall[1]=0.9 or accuracy@night=0.9, "
            "found 'accuracy'");
  EXPECT_EQ(message("accuracy=0.9x").substr(0, 18), "expected a declare");
}

}  // namespace
}  // namespace lockstep
