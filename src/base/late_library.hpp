// SPDX-License-Identifier: Apache-2.0
// SPEED: a library that few commands need may bring many others with it, and to load them takes a
// quarter of the time in which this program starts. Its functions are looked for when they are
// first called. Unlike libcurl (curl_library.hpp), what is loaded this way is always installed.
#pragma once

#include <atomic>

namespace lockstep {

/// A shared library that is loaded when it is first asked for a function, and stays loaded.
class LateLibrary {
 public:
  /// @param file its name for the loader: "libxml2.so.2"
  explicit constexpr LateLibrary(const char* file) : file_(file) {}

  /// The address of a function. Ends the program with a message where it is not there: the program
  /// was built against another library than it runs with.
  void* find(const char* function) const;

 private:
  const char* file_;
};

template <typename Signature>
class LateFunction;

/// A function of such a library, called like any other, by several threads at once, too.
template <typename Value, typename... Arguments>
class LateFunction<Value(Arguments...)> {
 public:
  constexpr LateFunction(const LateLibrary& library, const char* name)
      : library_(library), name_(name) {}

  Value operator()(Arguments... arguments) const {
    Address address = address_.load(std::memory_order_acquire);
    if (address == nullptr) {
      address = reinterpret_cast<Address>(library_.find(name_));  // NOLINT: what dlsym is for
      address_.store(address, std::memory_order_release);
    }
    return address(arguments...);
  }

 private:
  using Address = Value (*)(Arguments...);

  const LateLibrary& library_;
  const char* name_;
  mutable std::atomic<Address> address_{nullptr};
};

}  // namespace lockstep

/// Declares `function` of a LateLibrary, in a namespace, in place of the one that the library's
/// header declares outside of all.
#define LOCKSTEP_LATE(library, function) \
  inline constinit const ::lockstep::LateFunction<decltype(::function)> function(library, #function)
