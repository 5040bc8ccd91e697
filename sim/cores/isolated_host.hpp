// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A core in a child process of its own. Every call carries the core's memory there and back, so it is
// the bench's as in-process: snapshots, copies and power-ups need nothing else. The child is forked,
// loads the library itself, and shares a mailbox with the bench.
#pragma once

#include "cores/child_process.hpp"
#include "cores/core_host.hpp"
#include "cores/guarded_memory.hpp"

namespace doppelpack::sim {

class IsolatedHost final : public CoreHost {
 public:
  explicit IsolatedHost(const CoreChoice& choice);

  std::size_t state_bytes() const override { return memory_.bytes(); }
  void format(const CoreStep& at, const bms_factory_t& factory, NvmSpan nvm) override;
  bms_status_t init(std::span<std::byte> state, const CoreStep& at, const bms_config_t& config,
                    NvmView nvm) override;
  void step(std::span<std::byte> state, const CoreStep& at, const bms_inputs_t& inputs,
            bms_outputs_t& outputs) override;
  bool can_move() const override { return can_move_; }
  void move(std::span<std::byte> state, const CoreStep& at, const bms_config_t* config) override;

 private:
  struct Mailbox;
  Mailbox& mailbox() const;
  std::span<std::byte> shared_state() const;
  static void serve(const CoreChoice& choice, std::byte* shared, ChildSide& side);
  void take_identity();
  /// Carries `state` there and back; it stays as it was when the call fails.
  void call(char question, std::span<std::byte> state, const CoreStep& at,
            const bms_inputs_t* inputs);

  CoreChoice choice_;
  SharedMemory shared_;
  ChildProcess child_;
  GuardedMemory memory_{0};
  bool can_move_ = false;
};

}  // namespace doppelpack::sim
