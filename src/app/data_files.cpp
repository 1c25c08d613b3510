// SPDX-License-Identifier: Apache-2.0
#include "app/data_files.hpp"

#include <fmt/format.h>

#include "ai/text_description.hpp"
#include "app/inputs.hpp"
#include "base/diagnostics.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t description_bytes_max = std::uint64_t{16} << 20U;

/// The description of texts, and the digests of it and of the vocabulary that it names.
Result<> name_texts(const std::string& path, const Files& files, ai::DataOptions& options) {
  options.text = path;
  TRY(options.text_sha256, files.digest(path));
  TRY(const std::string bytes, files.read(path, description_bytes_max));
  Diagnostics problems;
  const auto description = ai::read_text_description(bytes, path, problems);
  // The worker reads it again, and tells its problems.
  if (!description || description->vocabulary.empty()) return {};
  const std::string vocabulary = beside(path, description->vocabulary);
  if (!files.exists(vocabulary)) return {};
  TRY(options.vocabulary_sha256, files.digest(vocabulary));
  return {};
}

}  // namespace

Result<ai::DataOptions> data_options_of(const Product& product,
                                        const ModelInput& model,
                                        const Files& files) {
  ai::DataOptions options;
  options.preprocessing = model.preprocessing;
  if (!model.columns.empty()) {
    options.columns = beside(product.path, model.columns);
    TRY(options.columns_sha256, files.digest(options.columns));
  }
  if (!model.text.empty()) TRY_VOID(name_texts(beside(product.path, model.text), files, options));
  return options;
}

Result<std::string> description_of(const Product& product,
                                   const ModelInput& model,
                                   const Files& files) {
  TRY(const ai::DataOptions options, data_options_of(product, model, files));
  std::string text;
  const auto add = [&](std::string_view what, const std::string& sha256) {
    if (!sha256.empty())
      text += fmt::format("{}{} sha256:{}", text.empty() ? "" : ", ", what, sha256);
  };
  add("columns " + model.columns, options.columns_sha256);
  add("texts " + model.text, options.text_sha256);
  add("their vocabulary", options.vocabulary_sha256);
  return text;
}

}  // namespace lockstep::app
