// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A core that is called directly: fast, and what it breaks is broken.
#pragma once

#include "cores/core_host.hpp"
#include "cores/guarded_memory.hpp"
#include "cores/loaded_core.hpp"

namespace doppelpack::sim {

class LocalHost final : public CoreHost {
 public:
  explicit LocalHost(const CoreChoice& choice);

  std::size_t state_bytes() const override { return memory_.bytes(); }
  void format(const CoreStep& at, const bms_factory_t& factory, NvmSpan nvm) override;
  bms_status_t init(std::span<std::byte> state, const CoreStep& at, const bms_config_t& config,
                    NvmView nvm) override;
  void step(std::span<std::byte> state, const CoreStep& at, const bms_inputs_t& inputs,
            bms_outputs_t& outputs) override;
  bool can_move() const override { return core_.table().move != nullptr; }
  void move(std::span<std::byte> state, const CoreStep& at, const bms_config_t* config) override;

 private:
  LoadedCore core_;
  GuardedMemory memory_;
  double cpu_budget_s_;
};

}  // namespace doppelpack::sim
