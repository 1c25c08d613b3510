// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/data/npz.hpp"

#include <cmath>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <limits>
#include <rapidcheck/gtest.h>
#include <string>
#include <vector>

#include "support/paths.hpp"

namespace lockstep::ai {
namespace {

std::string npy(const std::string& header, const std::string& data) {
  std::string bytes = "\x93NUMPY";
  bytes += '\x01';
  bytes += '\0';
  bytes += static_cast<char>(header.size());
  bytes += '\0';
  return bytes + header + data;
}

std::string message_of(const std::string& bytes) {
  const auto read = read_npy(bytes, "a.npy");
  return read ? "read" : read.error().code + ": " + read.error().message;
}

TEST(Npz, ReferenceImagesAndLabelsAreRead) {
  LS_NEEDS_SHARED("ai/models/mnist_test1000.npz");
  const auto arrays =
      read_npz(test::read_file(test::shared_path("ai/models/mnist_test1000.npz")), "mnist");
  ASSERT_TRUE(arrays.has_value()) << arrays.error().message;
  std::string names;
  for (const NamedArray& named : *arrays)
    names += named.name + " " + name_of(named.array.type) + shape_text(named.array.shape) + "; ";
  EXPECT_EQ(names, "x float32[1000, 1, 28, 28]; y uint8[1000]; ");
}

RC_GTEST_PROP(Npz,
              WhatIsWrittenReadsBackTheSame,
              (const std::vector<float>& a, const std::vector<std::int64_t>& b)) {
  const std::vector<NamedArray> arrays{
      {"images", array_of<float>({static_cast<std::int64_t>(a.size()), 1}, a)},
      {"labels", array_of<std::int64_t>({static_cast<std::int64_t>(b.size())}, b)}};
  const auto bytes = write_npz(arrays);
  RC_ASSERT(bytes.has_value());
  RC_ASSERT(*bytes == *write_npz(arrays));
  const auto back = read_npz(*bytes, "made");
  RC_ASSERT(back.has_value());
  RC_ASSERT(back->size() == 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    RC_ASSERT((*back)[i].name == arrays[i].name);
    RC_ASSERT((*back)[i].array.shape == arrays[i].array.shape);
    RC_ASSERT((*back)[i].array.bytes == arrays[i].array.bytes);
  }
}

TEST(Npz, ColumnMajorAndBigEndianArraysGetOurOrder) {
  // [[1, 2, 3], [4, 5, 6]] as NumPy writes it with order='F' and dtype '>u2'.
  const std::string data("\0\1\0\4\0\2\0\5\0\3\0\6", 12);
  const auto read =
      read_npy(npy("{'descr': '>u2', 'fortran_order': True, 'shape': (2, 3), }", data), "a.npy");
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(numbers_of(*read), (std::vector<double>{1, 2, 3, 4, 5, 6}));
}

TEST(Npz, HalfPrecisionIsRead) {
  const std::string data("\x00\x3c\x00\xc0\x01\x00\x00\x7c", 8);
  const auto read =
      read_npy(npy("{'descr': '<f2', 'fortran_order': False, 'shape': (4,), }", data), "a.npy");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(numbers_of(*read), (std::vector<double>{1, -2, std::ldexp(1.0, -24),
                                                    std::numeric_limits<double>::infinity()}));
  EXPECT_EQ(count_not_finite(*read), 1);
}

TEST(Npz, HostileHeadersGetAMessage) {
  EXPECT_EQ(message_of("PK\3\4"),
            "npz.magic: expected an .npy array that begins with '\\x93NUMPY', found other bytes");
  EXPECT_EQ(
      message_of(npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "x")),
      "npz.type: expected elements such as '<f4', '|u1' or '<i8', found '|O'; write the array "
      "again as float32, uint8 or int64");
  EXPECT_EQ(
      message_of(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "12345678")),
      "npz.size: expected 12 bytes for shape [3] of float32, found 8");
  EXPECT_EQ(
      message_of(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 9), }", "")),
      "npz.header: expected a shape such as (1000, 28, 28) of at most 16 dimensions and 2147483648 "
      "elements, found '(99999999999, 9), }'");
  EXPECT_EQ(message_of(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "")),
            "npz.header: expected a shape such as (1000, 28, 28) of at most 16 dimensions and "
            "2147483648 elements, found '(-1,), }'");
  EXPECT_EQ(
      message_of(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "1234")),
      "npz.type: expected an array of plain numbers, found elements of the kind '[('a', "
      "'<f4')], 'fortran_order': False, ...'; write the array again as float32 or uint8");
}

TEST(Npz, TextsAreReadAsNumpyWritesThem) {
  // numpy.save of ["day", "nuit \u20ac\U0001f600"] as <U7, and of [b"a", b"bc"].
  const auto wide = [](const std::u32string& text, std::size_t width, bool big_endian) {
    std::string bytes;
    for (std::size_t i = 0; i < width; ++i)
      for (unsigned k = 0; k < 4; ++k) {
        const char32_t code = i < text.size() ? text[i] : U'\0';
        bytes += static_cast<char>((code >> (8 * (big_endian ? 3 - k : k))) & 0xFFU);
      }
    return bytes;
  };
  for (const bool big_endian : {false, true}) {
    const auto read =
        read_npy(npy(fmt::format("{{'descr': '{}U7', 'fortran_order': False, 'shape': (2,), }}",
                                 big_endian ? '>' : '<'),
                     wide(U"day", 7, big_endian) + wide(U"nuit \u20ac\U0001f600", 7, big_endian)),
                 "a.npy");
    ASSERT_TRUE(read.has_value()) << read.error().message;
    EXPECT_EQ(read->type, ElementType::string);
    EXPECT_EQ(read->strings,
              (std::vector<std::string>{"day", "nuit \xe2\x82\xac\xf0\x9f\x98\x80"}));
  }
  const auto bytes = read_npy(
      npy("{'descr': '|S2', 'fortran_order': False, 'shape': (2,), }", std::string("a\0bc", 4)),
      "a.npy");
  ASSERT_TRUE(bytes.has_value());
  EXPECT_EQ(bytes->strings, (std::vector<std::string>{"a", "bc"}));
  EXPECT_EQ(read_npy(npy("{'descr': '<U1', 'fortran_order': False, 'shape': (1,), }",
                         std::string("\x00\xd8\x00\x00", 4)),
                     "a.npy")
                ->strings.front(),
            "\xef\xbf\xbd");
  EXPECT_EQ(
      message_of(npy("{'descr': '<U0', 'fortran_order': False, 'shape': (9,), }", "")).substr(0, 8),
      "npz.type");
  EXPECT_EQ(message_of(npy("{'descr': '<U2', 'fortran_order': False, 'shape': (2,), }", "1234")),
            "npz.size: expected 16 bytes for shape [2] of string, found 4");
}

TEST(Npz, ArchivesThatAreNoneOrCutShortGetAMessage) {
  const std::vector<float> zeros(500'000, 0.0F);
  const auto bytes = write_npz(std::vector<NamedArray>{{"x", array_of<float>({500'000}, zeros)}});
  ASSERT_TRUE(bytes.has_value());
  EXPECT_LT(bytes->size(), 5'000U);
  EXPECT_TRUE(read_npz(*bytes, "zeros").has_value());
  EXPECT_EQ(read_npz("PK\3\4 not a zip", "bad.npz").error().code, "npz.archive");
  const auto cut = read_npz(bytes->substr(0, bytes->size() / 2), "cut.npz");
  ASSERT_FALSE(cut.has_value());
  EXPECT_EQ(cut.error().code, "npz.archive");
}

}  // namespace
}  // namespace lockstep::ai
