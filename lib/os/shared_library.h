// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace cairn::os {

/// A library that is loaded when something needs it, and stays. One that is linked is loaded, with all that
/// it links itself, at each start of the program.
class SharedLibrary {
 public:
  /// `name` is the library's file name with its version: "libcurl.so.4".
  explicit SharedLibrary(const char* name);

  /// Sets `function` to the library's function of that name, or to nullptr.
  template <class Function>
  void find(Function*& function, const char* name) {
    function = reinterpret_cast<Function*>(address_of(name));
  }
  /// Whether it was loaded, and had every function that was asked for.
  [[nodiscard]] bool whole() const { return whole_; }

 private:
  void* address_of(const char* name);

  void* handle_;
  bool whole_;
};

}  // namespace cairn::os
