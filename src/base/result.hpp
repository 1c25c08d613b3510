// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace lockstep {

/// What kind of trouble an Error is. The kind alone decides the exit code of a command.
enum class ErrorKind {
  usage,         ///< the command line or the configuration is wrong: exit 2
  input,         ///< a file could not be read, or is no valid document of its kind: exit 3
  verification,  ///< a digest, signature or chain does not hold: exit 7
  interrupted,   ///< the person pressed Ctrl-C
  internal,      ///< our own fault: exit 70
};

/// A place in a text. Lines and columns count from 1; 0 means "not known".
struct Position {
  std::string file;
  int line = 0;
  int column = 0;

  bool operator==(const Position&) const = default;
};

/// One failure: what was expected, what was found, where, and what to do.
struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string code;     ///< stable, "area.problem", listed in docs/errors.md
  std::string message;  ///< one sentence
  Position where;
  std::vector<std::string> notes;
};

/// A value, or the Error that stands in its place. Never dropped silently.
template <typename T = void>
using Result = tl::expected<T, Error>;

/// Makes the failed side of a Result.
inline tl::unexpected<Error> fail(ErrorKind kind,
                                  std::string code,
                                  std::string message,
                                  Position where = {}) {
  return tl::unexpected<Error>(
      Error{kind, std::move(code), std::move(message), std::move(where), {}});
}

}  // namespace lockstep

#define LS_JOIN2_(a, b) a##b
#define LS_JOIN_(a, b) LS_JOIN2_(a, b)
#define LS_TRY_(slot, declaration, ...)                                         \
  auto slot = (__VA_ARGS__);                                                    \
  if (!slot) return tl::unexpected<::lockstep::Error>(std::move(slot).error()); \
  declaration = *std::move(slot)

/// TRY(auto x, f()); gives x the value of f(), or returns its Error from this function.
#define TRY(declaration, ...) LS_TRY_(LS_JOIN_(try_slot_, __COUNTER__), declaration, __VA_ARGS__)

/// TRY_VOID(f()); returns the Error of f() from this function, if there is one.
#define TRY_VOID(...)                                                                       \
  do {                                                                                      \
    auto try_slot_ = (__VA_ARGS__);                                                         \
    if (!try_slot_) return tl::unexpected<::lockstep::Error>(std::move(try_slot_).error()); \
  } while (false)
