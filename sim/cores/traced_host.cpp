// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <utility>

#include "cores/core_host.hpp"

namespace doppelpack::sim {

namespace {

/// A core whose calls are written down.
class TracedHost final : public CoreHost {
 public:
  TracedHost(std::unique_ptr<CoreHost> core, BmsTrace& trace)
      : CoreHost(core->identity()), core_(std::move(core)), trace_(trace) {}

  std::size_t state_bytes() const override { return core_->state_bytes(); }

  void format(const CoreStep& at, const bms_factory_t& factory, NvmSpan nvm) override {
    core_->format(at, factory, nvm);
  }

  bms_status_t init(std::span<std::byte> state, const CoreStep& at, const bms_config_t& config,
                    NvmView nvm) override {
    const bms_status_t status = core_->init(state, at, config, nvm);
    if (status.error == BMS_OK) trace_.power_up(config, nvm);
    return status;
  }

  void step(std::span<std::byte> state, const CoreStep& at, const bms_inputs_t& inputs,
            bms_outputs_t& outputs) override {
    core_->step(state, at, inputs, outputs);
    trace_.step(inputs, at.dt_us, outputs);
  }

  // A trace begins with a power-up.
  bool can_move() const override { return false; }
  void move(std::span<std::byte> /*state*/, const CoreStep& /*at*/,
            const bms_config_t* /*config*/) override {}

 private:
  std::unique_ptr<CoreHost> core_;
  BmsTrace& trace_;
};

}  // namespace

std::unique_ptr<CoreHost> make_traced_host(std::unique_ptr<CoreHost> core, BmsTrace& trace) {
  return std::make_unique<TracedHost>(std::move(core), trace);
}

}  // namespace doppelpack::sim
