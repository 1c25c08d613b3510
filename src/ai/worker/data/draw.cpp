// SPDX-License-Identifier: Apache-2.0
// Adversarial examples as files for people. The exact numbers stay in the .npz; pictures here are
// rounded to 8 bits, and rows to what the table can hold.
#include "ai/worker/data/draw.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <span>

#include "ai/tabular.hpp"
#include "ai/worker/data/data_set.hpp"
#include "ai/worker/data/image.hpp"
#include "ai/worker/data/npz.hpp"
#include "ai/worker/data/text_examples.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

/// How samples are pictures; without channels when they are none.
struct Picture {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t channels = 0;
  bool is_channels_last = false;

  std::size_t pixels() const { return static_cast<std::size_t>(height * width); }

  std::size_t size() const { return pixels() * static_cast<std::size_t>(channels); }

  /// Where channel `c` of pixel `i` is in a sample.
  std::size_t place(std::size_t i, std::size_t c) const {
    return is_channels_last ? i * static_cast<std::size_t>(channels) + c : c * pixels() + i;
  }
};

Picture picture_of(const std::vector<std::int64_t>& shape, const std::string& layout) {
  if (shape.size() == 3) return {shape[1], shape[2], 1, false};
  if (shape.size() != 4) return {};
  const auto counts = [](std::int64_t size) { return size == 1 || size == 3; };
  if (layout != "nhwc" && counts(shape[1])) return {shape[2], shape[3], shape[1], false};
  if (layout != "nchw" && counts(shape[3])) return {shape[1], shape[2], shape[3], true};
  return {};
}

template <typename Value>
Array drawn(const Picture& picture, const Value& value_at) {
  Array image{ElementType::uint8,
              {picture.height, picture.width, picture.channels},
              std::string(picture.size(), '\0'),
              {}};
  const auto channels = static_cast<std::size_t>(picture.channels);
  for (std::size_t i = 0; i < picture.pixels(); ++i)
    for (std::size_t c = 0; c < channels; ++c)
      image.bytes[i * channels + c] = byte_of(value_at(picture.place(i, c)));
  return image;
}

struct Examples {
  std::vector<double> original;
  std::vector<double> perturbed;
  std::vector<double> labels;
  std::vector<double> index;
  std::vector<std::int64_t> shape;

  std::size_t count() const { return index.size(); }

  std::size_t size() const { return count() == 0 ? 0 : original.size() / count(); }

  std::span<const double> sample(const std::vector<double>& of, std::size_t i) const {
    return std::span(of).subspan(i * size(), size());
  }
};

Result<Examples> read_examples(std::span<const NamedArray> arrays, const std::string& file) {
  Examples examples;
  for (const auto& [name, to] :
       {std::pair{"original", &examples.original}, std::pair{"x", &examples.perturbed},
        std::pair{"y", &examples.labels}, std::pair{"index", &examples.index}}) {
    const Array* array = find_array(arrays, name);
    if (array == nullptr)
      return fail(ErrorKind::input, "ai.data", fmt::format("expected an array '{}'", name),
                  {file, 0, 0});
    *to = numbers_of(*array);
    if (std::string_view(name) == "x") examples.shape = array->shape;
  }
  const std::size_t count = examples.count();
  const auto is_number = [](double value) { return value >= 0 && value < 1e15; };
  if (!std::ranges::all_of(examples.index, is_number) ||
      !std::ranges::all_of(examples.labels, is_number))
    return fail(ErrorKind::input, "ai.data", "expected whole numbers as places and labels",
                {file, 0, 0});
  if (examples.labels.size() != count || examples.original.size() != examples.perturbed.size() ||
      examples.shape.empty() || (count > 0 && examples.original.size() % count != 0))
    return fail(ErrorKind::input, "ai.shape",
                "expected as many originals, labels and places as "
                "examples",
                {file, 0, 0});
  return examples;
}

Result<> draw_one(const Picture& picture,
                  std::span<const double> original,
                  std::span<const double> perturbed,
                  const std::string& start,
                  std::vector<std::string>& files) {
  double largest = 0;
  for (std::size_t i = 0; i < picture.size(); ++i)
    largest = std::max(largest, std::abs(perturbed[i] - original[i]));
  const double gain = largest > 0 ? 0.5 / largest : 0;
  const auto write = [&](const char* kind, const Array& image) -> Result<> {
    TRY(const std::string png, write_png(image));
    files.push_back(start + kind + ".png");
    return RealFiles().write(files.back(), png);
  };
  TRY_VOID(write("original", drawn(picture, [&](std::size_t i) { return original[i]; })));
  TRY_VOID(write("perturbed", drawn(picture, [&](std::size_t i) { return perturbed[i]; })));
  return write("difference", drawn(picture, [&](std::size_t i) {
                 return 0.5 + gain * (perturbed[i] - original[i]);
               }));
}

/// A field that a reader of tables takes as it is.
std::string field_of(const std::string& text) {
  if (text.find_first_of(",;\"\r\n\t|") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text)
    quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string row_text(const TabularSchema& schema, std::span<const double> features) {
  std::vector<double> row(schema.columns.size());
  decode(schema, features, row);
  std::string text;
  for (std::size_t i = 0; i < row.size(); ++i)
    text += "," + field_of(text_in(schema.columns[i], row[i]));
  return text + "\n";
}

/// All rows, as one table.
std::string table_of(const TabularSchema& schema, const Examples& examples) {
  std::string text = "sample,row," + field_of(schema.label);
  for (const TableColumn& column : schema.columns)
    text += "," + field_of(column.name);
  text += "\n";
  const std::vector<std::string> classes = schema.class_names();
  for (std::size_t i = 0; i < examples.count(); ++i) {
    const auto label = static_cast<std::size_t>(examples.labels[i]);
    const std::string name = label < classes.size() ? classes[label] : std::to_string(label);
    for (const auto& [kind, values] :
         {std::pair{"original", &examples.original}, std::pair{"perturbed", &examples.perturbed}})
      text += fmt::format("{},{},{}", static_cast<std::int64_t>(examples.index[i]), kind,
                          field_of(name)) +
              row_text(schema, examples.sample(*values, i));
  }
  return text;
}

/// Rows as a file that the same description reads; columns that are ignored are empty.
std::string file_of(const TabularSchema& schema,
                    const Examples& examples,
                    const std::vector<double>& values) {
  std::vector<std::string> names = schema.file_columns;
  std::string text;
  const auto end = [&](std::size_t i) { text += i + 1 < names.size() ? schema.separator : '\n'; };
  if (names.empty()) {
    for (const TableColumn& column : schema.columns)
      names.push_back(column.name);
    names.push_back(schema.label);
    for (std::size_t i = 0; i < names.size(); ++i) {
      text += field_of(names[i]);
      end(i);
    }
  }
  const std::vector<std::string> classes = schema.class_names();
  std::vector<double> row(schema.columns.size());
  for (std::size_t k = 0; k < examples.count(); ++k) {
    decode(schema, examples.sample(values, k), row);
    const auto label = static_cast<std::size_t>(examples.labels[k]);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto column = std::ranges::find(schema.columns, names[i], &TableColumn::name);
      if (column != schema.columns.end())
        text += field_of(
            text_in(*column, row[static_cast<std::size_t>(column - schema.columns.begin())]));
      else if (names[i] == schema.label)
        text += field_of(label < classes.size() ? classes[label] : std::to_string(label));
      end(i);
    }
  }
  return text;
}

}  // namespace

Result<std::vector<std::string>> draw_examples(const std::string& bytes,
                                               const std::string& file,
                                               const DataOptions& options,
                                               const std::string& folder) {
  std::vector<std::string> files;
  TRY(const std::vector<NamedArray> arrays, read_npz(bytes, file));
  if (are_text_examples(arrays)) {
    TRY(const std::vector<WrittenPair> pairs, read_text_examples(arrays, file));
    files.push_back(folder + "/texts.csv");
    TRY_VOID(RealFiles().write(files.back(), table_of(pairs)));
    return files;
  }
  TRY(const Examples examples, read_examples(arrays, file));
  if (!options.columns.empty()) {
    TRY(const TabularSchema schema, load_columns(options));
    if (examples.count() > 0 && examples.size() != schema.features)
      return fail(ErrorKind::input, "ai.shape",
                  fmt::format("expected {} features in each example, found {}", schema.features,
                              examples.size()),
                  {file, 0, 0});
    files.push_back(folder + "/rows.csv");
    TRY_VOID(RealFiles().write(files.back(), table_of(schema, examples)));
    for (const auto& [name, values] : {std::pair{"/original.csv", &examples.original},
                                       std::pair{"/adversarial.csv", &examples.perturbed}}) {
      files.push_back(folder + name);
      TRY_VOID(RealFiles().write(files.back(), file_of(schema, examples, *values)));
    }
    return files;
  }
  const Picture picture = picture_of(examples.shape, options.preprocessing.layout);
  if (picture.channels == 0) return files;
  for (std::size_t i = 0; i < examples.count(); ++i)
    TRY_VOID(draw_one(
        picture, examples.sample(examples.original, i), examples.sample(examples.perturbed, i),
        fmt::format("{}/{:06}-", folder, static_cast<std::int64_t>(examples.index[i])), files));
  return files;
}

}  // namespace lockstep::ai
