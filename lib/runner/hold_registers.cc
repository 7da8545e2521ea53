// SPDX-License-Identifier: Apache-2.0
#include "runner/hold_registers.h"

#include <elf.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include <array>
#include <type_traits>

namespace cairn::runner {
namespace {

#if defined(__x86_64__)
using Raw = user_regs_struct;
using Word = decltype(Raw::rax);

constexpr std::array<Word Raw::*, 4> kArguments = {&Raw::rdi, &Raw::rsi, &Raw::rdx, &Raw::r10};

Word& argument_of(Raw& raw, unsigned index) {
  return raw.*kArguments.at(index);
}
Word& result_of(Raw& raw) {
  return raw.rax;
}
std::uint64_t stack_of(const Raw& raw) {
  return raw.rsp;
}
long number_of(const Raw& raw) {
  return static_cast<long>(raw.orig_rax);
}
void renumber(pid_t /*thread*/, Raw& raw, long number) {
  raw.orig_rax = static_cast<Word>(number);
}
#elif defined(__aarch64__)
#ifndef NT_ARM_SYSTEM_CALL
#define NT_ARM_SYSTEM_CALL 0x404
#endif
using Raw = user_regs_struct;
using Word = std::remove_reference_t<decltype(Raw::regs[0])>;

Word& argument_of(Raw& raw, unsigned index) {
  return raw.regs[index];
}
Word& result_of(Raw& raw) {
  return raw.regs[0];
}
std::uint64_t stack_of(const Raw& raw) {
  return raw.sp;
}
long number_of(const Raw& raw) {
  return static_cast<long>(raw.regs[8]);
}
void renumber(pid_t thread, Raw& /*raw*/, long number) {
  int value = static_cast<int>(number);
  iovec part{&value, sizeof value};
  ::ptrace(PTRACE_SETREGSET, thread, NT_ARM_SYSTEM_CALL, &part);
}
#else
#error "say which registers hold the arguments of a system call"
#endif

}  // namespace

std::optional<Registers> Registers::read(pid_t thread) {
  Registers out;
  iovec part{&out.raw_, sizeof out.raw_};
  if (::ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &part) != 0 || part.iov_len != sizeof out.raw_) {
    return std::nullopt;
  }
  out.number_ = number_of(out.raw_);
  return out;
}

void Registers::write(pid_t thread) const {
  Raw raw = raw_;
  if (renumbered_) {
    renumber(thread, raw, number_);
  }
  iovec part{&raw, sizeof raw};
  ::ptrace(PTRACE_SETREGSET, thread, NT_PRSTATUS, &part);
}

long Registers::number() const {
  return number_;
}
void Registers::set_number(long number) {
  number_ = number;
  renumbered_ = true;
}
std::uint64_t Registers::argument(unsigned index) const {
  Raw raw = raw_;
  return argument_of(raw, index);
}
void Registers::set_argument(unsigned index, std::uint64_t value) {
  argument_of(raw_, index) = value;
}
void Registers::restore_arguments(const Registers& before) {
  const std::int64_t value = result();
  for (unsigned i = 0; i < 4; ++i) {
    set_argument(i, before.argument(i));
  }
  set_result(value);  // on arm64 it is where the first argument was
}
std::int64_t Registers::result() const {
  Raw raw = raw_;
  return static_cast<std::int64_t>(result_of(raw));
}
void Registers::set_result(std::int64_t value) {
  result_of(raw_) = static_cast<Word>(value);
}
std::uint64_t Registers::stack() const {
  return stack_of(raw_);
}

}  // namespace cairn::runner
