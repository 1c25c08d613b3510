// SPDX-License-Identifier: Apache-2.0
// Makes small zip and gzip files by hand, so that tests can also make odd ones.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::test {

/// One member of a zip, stored without compression.
struct ZipMember {
  std::string name;
  std::string bytes;
  std::uint32_t mode = 0100644;  ///< of the file, as Unix writes it
  std::uint16_t flags = 0;       ///< 1: encrypted
  bool is_zip64 = false;         ///< its sizes and its place are in the extra field
};

inline std::uint32_t crc32_of(std::string_view bytes) {
  std::uint32_t crc = 0xffffffffU;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
  }
  return ~crc;
}

inline void put_little(std::string& into, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i)
    into.push_back(static_cast<char>((value >> (8 * i)) & 0xffU));
}

/// Source: PKWARE APPNOTE 6.3.
inline std::string make_zip(const std::vector<ZipMember>& members) {
  std::string zip;
  std::string directory;
  for (const ZipMember& member : members) {
    std::string common;
    put_little(common, 20, 2);
    put_little(common, member.flags, 2);
    put_little(common, 0, 2);           // stored
    put_little(common, 0x00210000, 4);  // 1 January 1980
    put_little(common, crc32_of(member.bytes), 4);
    const std::uint64_t shown = member.is_zip64 ? 0xffffffffU : member.bytes.size();
    put_little(common, shown, 4);
    put_little(common, shown, 4);
    put_little(common, member.name.size(), 2);
    std::string extra;
    if (member.is_zip64) {
      put_little(extra, 0x5455, 2);  // another field before it
      put_little(extra, 1, 2);
      put_little(extra, 0, 1);
      put_little(extra, 1, 2);
      put_little(extra, 24, 2);
      put_little(extra, member.bytes.size(), 8);
      put_little(extra, member.bytes.size(), 8);
      put_little(extra, zip.size(), 8);
    }
    put_little(common, extra.size(), 2);
    directory += "PK\x01\x02";
    put_little(directory, 0x0314, 2);  // made on Unix
    directory += common;
    put_little(directory, 0, 2 + 2 + 2);
    put_little(directory, std::uint64_t{member.mode} << 16U, 4);
    put_little(directory, member.is_zip64 ? 0xffffffffU : zip.size(), 4);
    directory += member.name + extra;
    zip += "PK\x03\x04" + common + member.name + extra + member.bytes;
  }
  const std::size_t start = zip.size();
  zip += directory;
  const std::uint64_t shown = std::min<std::uint64_t>(members.size(), 0xffff);
  if (shown == 0xffff) {
    const std::size_t end = zip.size();
    zip += "PK\x06\x06";
    put_little(zip, 44, 8);
    put_little(zip, 0x031e031e, 4);
    put_little(zip, 0, 8);
    for (const std::uint64_t value : {members.size(), members.size(), directory.size(), start})
      put_little(zip, value, 8);
    zip += "PK\x06\x07";
    put_little(zip, 0, 4);
    put_little(zip, end, 8);
    put_little(zip, 1, 4);
  }
  zip += "PK\x05\x06";
  put_little(zip, 0, 4);
  put_little(zip, shown, 2);
  put_little(zip, shown, 2);
  put_little(zip, directory.size(), 4);
  put_little(zip, start, 4);
  put_little(zip, 0, 2);
  return zip;
}

/// A gzip stream of `bytes`, stored. Source: RFC 1952, RFC 1951.
inline std::string make_gzip(std::string_view bytes) {
  std::string gzip("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10);
  for (std::size_t at = 0; at < bytes.size() || at == 0;) {
    const std::string_view piece = bytes.substr(at, 65535);
    at += piece.size();
    put_little(gzip, at >= bytes.size() ? 1 : 0, 1);
    put_little(gzip, piece.size(), 2);
    put_little(gzip, ~piece.size() & 0xffffU, 2);
    gzip += piece;
    if (bytes.empty()) break;
  }
  put_little(gzip, crc32_of(bytes), 4);
  put_little(gzip, bytes.size(), 4);
  return gzip;
}

/// A gzip stream of one NUL and `runs` repetitions of 258 more, at 13 bits each: a bomb.
inline std::string make_gzip_bomb(std::size_t runs) {
  std::string gzip("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10);
  std::uint64_t bits = 0;
  int filled = 0;
  const auto put = [&](std::uint64_t value, int count) {
    bits |= value << filled;
    filled += count;
    for (; filled >= 8; filled -= 8, bits >>= 8U)
      gzip.push_back(static_cast<char>(bits & 0xffU));
  };
  put(0b011, 3);       // last block, fixed codes
  put(0b00001100, 8);  // literal 0: 00110000, high bit first
  for (std::size_t i = 0; i < runs; ++i)
    put(0xa3, 13);  // length 258: 11000101, distance 1: 00000
  put(0, 7);        // end of block
  put(0, 7);
  put_little(gzip, 0, 4);
  put_little(gzip, runs * 258 + 1, 4);
  return gzip;
}

}  // namespace lockstep::test
