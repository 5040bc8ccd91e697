// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The memory of one instance between two guards. What a core writes past either end hits a guard
// first; that is seen after the call.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace doppelpack::sim {

class GuardedMemory {
 public:
  explicit GuardedMemory(std::size_t instance_bytes) : instance_bytes_(instance_bytes) {}

  /// Guards included.
  std::size_t bytes() const { return kGuard_bytes + padded() + kGuard_bytes; }
  void raise_guards(std::span<std::byte> memory) const;
  /// Quick, because it is asked after every step: a guard's length on either side.
  bool is_intact(std::span<const std::byte> memory) const {
    return is_guard(memory.data()) && is_guard(memory.data() + behind());
  }
  std::span<std::byte> instance(std::span<std::byte> memory) const {
    return memory.subspan(kGuard_bytes, instance_bytes_);
  }

 private:
  static constexpr std::size_t kGuard_bytes = 64;
  static constexpr std::uint64_t kPattern = 0xC5C5'C5C5'C5C5'C5C5;  // not what stray writes leave

  static bool is_guard(const std::byte* bytes) {
    std::array<std::uint64_t, kGuard_bytes / sizeof(std::uint64_t)> words;
    std::memcpy(words.data(), bytes, kGuard_bytes);
    std::uint64_t changed = 0;
    for (const std::uint64_t word : words) changed |= word ^ kPattern;
    return changed == 0;
  }
  std::size_t padded() const { return (instance_bytes_ + kGuard_bytes - 1) & ~(kGuard_bytes - 1); }
  /// From the end of the instance on.
  std::size_t behind() const { return kGuard_bytes + instance_bytes_; }

  std::size_t instance_bytes_;
};

}  // namespace doppelpack::sim
