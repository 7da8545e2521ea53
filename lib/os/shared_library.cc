// SPDX-License-Identifier: Apache-2.0
#include "os/shared_library.h"

#include <dlfcn.h>

namespace cairn::os {

SharedLibrary::SharedLibrary(const char* name)
    : handle_(::dlopen(name, RTLD_LAZY | RTLD_LOCAL)), whole_(handle_ != nullptr) {}

void* SharedLibrary::address_of(const char* name) {
  void* address = handle_ == nullptr ? nullptr : ::dlsym(handle_, name);
  whole_ = whole_ && address != nullptr;
  return address;
}

}  // namespace cairn::os
