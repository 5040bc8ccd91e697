// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "cores/guarded_memory.hpp"

#include <algorithm>

namespace doppelpack::sim {

namespace {

constexpr std::byte kPattern{0xC5};  // neither zero nor a small number: what stray writes leave

}  // namespace

void GuardedMemory::raise_guards(std::span<std::byte> memory) const {
  std::ranges::fill(memory.first(kGuard_bytes), kPattern);
  std::ranges::fill(memory.subspan(behind()), kPattern);
}

bool GuardedMemory::is_intact(std::span<const std::byte> memory) const {
  const auto is_pattern = [](std::byte byte) { return byte == kPattern; };
  return std::ranges::all_of(memory.first(kGuard_bytes), is_pattern) &&
         std::ranges::all_of(memory.subspan(behind()), is_pattern);
}

}  // namespace doppelpack::sim
