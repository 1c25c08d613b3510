// SPDX-License-Identifier: Apache-2.0
#include "base/late_library.hpp"

#include <dlfcn.h>
#include <string>

#include "base/check.hpp"

namespace lockstep {

void* LateLibrary::find(const char* function) const {
  void* const library = ::dlopen(file_, RTLD_NOW | RTLD_LOCAL);
  LS_CHECK(library != nullptr, std::string("the library ") + file_ +
                                   " cannot be loaded: install the package that it belongs to");
  void* const address = ::dlsym(library, function);
  LS_CHECK(address != nullptr, std::string("the library ") + file_ + " has no " + function);
  return address;
}

}  // namespace lockstep
