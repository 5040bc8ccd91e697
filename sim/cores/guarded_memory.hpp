// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The memory of one instance between two guards. What a core writes past either end hits a guard
// first; that is seen after the call.
#pragma once

#include <cstddef>
#include <span>

namespace doppelpack::sim {

class GuardedMemory {
 public:
  explicit GuardedMemory(std::size_t instance_bytes) : instance_bytes_(instance_bytes) {}

  /// Guards included.
  std::size_t bytes() const { return kGuard_bytes + padded() + kGuard_bytes; }
  void raise_guards(std::span<std::byte> memory) const;
  bool is_intact(std::span<const std::byte> memory) const;
  std::span<std::byte> instance(std::span<std::byte> memory) const {
    return memory.subspan(kGuard_bytes, instance_bytes_);
  }

 private:
  static constexpr std::size_t kGuard_bytes = 64;
  std::size_t padded() const { return (instance_bytes_ + kGuard_bytes - 1) & ~(kGuard_bytes - 1); }
  /// From the end of the instance on.
  std::size_t behind() const { return kGuard_bytes + instance_bytes_; }

  std::size_t instance_bytes_;
};

}  // namespace doppelpack::sim
