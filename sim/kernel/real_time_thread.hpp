// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The calling thread, scheduled as RealTimeOptions ask for, as far as the host permits. What it starts
// meanwhile is scheduled ordinarily, but inherits the CPU.
#pragma once

#include <sched.h>

#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "sim/timing.hpp"

namespace doppelpack::sim {

class RealTimeThread {
 public:
  explicit RealTimeThread(const RealTimeOptions& options);
  /// Everything is again as it was, if the same thread asks.
  ~RealTimeThread();
  RealTimeThread(const RealTimeThread&) = delete;
  RealTimeThread& operator=(const RealTimeThread&) = delete;

  /// For each thing asked for, that it was granted or why not.
  std::span<const std::string> words() const { return words_; }
  /// Those of them that were not granted.
  std::span<const std::string> refusals() const { return refusals_; }

 private:
  struct Policy {
    int policy = 0;
    sched_param parameters{};
  };

  void refuse(std::string word);
  void wake_sharply();
  void pin_to(int cpu);
  void become_fifo(int priority);
  void lock_memory();

  std::thread::id owner_;
  int timer_slack_ns_ = -1;  ///< before; -1: unchanged, as the others where there is nothing
  std::optional<cpu_set_t> cpus_;
  std::optional<Policy> policy_;
  bool has_locked_memory_ = false;
  std::vector<std::string> words_;
  std::vector<std::string> refusals_;
};

}  // namespace doppelpack::sim
