// SPDX-License-Identifier: Apache-2.0
#include "base/pieces.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <thread>
#include <unistd.h>

namespace lockstep {
namespace {

/// Both ends of a pipe.
struct Pipe {
  std::array<int, 2> ends{-1, -1};

  Pipe() { EXPECT_EQ(::pipe(ends.data()), 0); }

  ~Pipe() {
    close_reader();
    close_writer();
  }

  int reader() const { return ends[0]; }

  int writer() const { return ends[1]; }

  void close_reader() { shut(ends[0]); }

  void close_writer() { shut(ends[1]); }

  static void shut(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
};

TEST(Pieces, AllBytesArriveInOrderHoweverLittleIsTakenAtATime) {
  // More pieces than one call takes, sixty of them empty, one larger than the pipe.
  TextPieces pieces;
  for (int i = 0; i < 3000; ++i)
    pieces.emplace_back(static_cast<std::size_t>(i % 50), static_cast<char>('a' + i % 26));
  pieces[1500] = std::string(1'000'000, 'x');
  const std::vector<std::string_view> views(pieces.begin(), pieces.end());
  Pipe pipe;
  std::string arrived;
  std::jthread reader([&] {
    std::array<char, 777> some{};
    for (ssize_t got = 1; got > 0;) {
      got = ::read(pipe.reader(), some.data(), some.size());
      if (got > 0) arrived.append(some.data(), static_cast<std::size_t>(got));
    }
  });
  EXPECT_EQ(write_all(pipe.writer(), views), 0);
  pipe.close_writer();
  reader.join();
  EXPECT_EQ(arrived, joined(pieces));
}

TEST(Pieces, NothingIsWrittenOfNothing) {
  EXPECT_EQ(write_all(-1, {}), 0);
  const std::vector<std::string_view> empty{"", ""};
  EXPECT_EQ(write_all(-1, empty), 0);
}

TEST(Pieces, SaysWhatTheSystemSays) {
  const std::vector<std::string_view> text{"text"};
  EXPECT_EQ(write_all(-1, text), EBADF);
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  EXPECT_EQ(write_all(full, text), ENOSPC);
  ::close(full);
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  Pipe pipe;
  pipe.close_reader();
  EXPECT_EQ(write_all(pipe.writer(), text), EPIPE);
  std::signal(SIGPIPE, before);
}

}  // namespace
}  // namespace lockstep
