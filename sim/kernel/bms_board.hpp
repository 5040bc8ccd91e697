// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// decide and actuate, for one pack: runs the protection core on what the AFE latched, and puts its
// outputs on the pins. Knows the core only through its host. Without supply, or when nobody
// ties it on, the core stands still and all outputs are off; when it returns the core starts anew
// from what is in its memory.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "afe_module.hpp"
#include "bms/bms.h"
#include "cores/core_host.hpp"
#include "peripherals.hpp"
#include "sampler.hpp"
#include "sim/event_log.hpp"
#include "sim/pack_unit.hpp"
#include "sim/product.hpp"

namespace doppelpack::sim {

class BmsBoard {
 public:
  /// Powers the core up from unit.nvm; without unit.supply only asks it about the configuration.
  /// Throws DataError when it refuses that. name: who it is in the event log.
  BmsBoard(std::string name, CoreHost& core, const Product& product, LocalTime& time,
           Sampler& sampler, AfeModule& afe, Peripherals& peripherals, PackUnit& unit,
           EventLog& events);

  /// One pass of the firmware.
  void pass(Time now_ns);

  /// Set once the core has failed; it is not called again. nullptr: all well.
  const CoreFailure* failure() const { return failure_ ? &*failure_ : nullptr; }
  std::int64_t steps() const { return steps_; }

 private:
  bms_status_t start_core();
  void run_core();
  void watch_supply();
  void watch_panel(Time now_ns);
  void power_down();
  void power_up();
  void log_changes(Time t_ns);
  void log_rules(Time t_ns, std::string_view kind, std::uint32_t now, std::uint32_t before);
  void log_failures(Time t_ns, std::uint64_t now, std::uint64_t before);
  void log_pins(Time t_ns, const bms_outputs_t& outputs);

  /// What the log has seen last.
  struct Logged {
    bool charge_gate = false;
    bool discharge_gate = false;
    std::uint32_t coils = 0;
    std::uint32_t warnings = 0;
    std::uint32_t limitings = 0;
    std::uint32_t protections = 0;
    std::uint64_t failures = 0;
    bms_state_t state = BMS_STATE_SELF_TEST;

    bool operator==(const Logged&) const = default;
  };

  std::span<std::byte> core_memory();

  const std::string name_;
  CoreHost& core_;
  const bms_config_t& config_;
  models::SupplyRail rail_;
  LocalTime& time_;
  Sampler& sampler_;
  AfeModule& afe_;
  Peripherals& peripherals_;
  PackUnit& unit_;
  EventLog& events_;
  Logged logged_;
  std::int64_t steps_ = 0;  ///< of the core, since the start
  std::optional<CoreFailure> failure_;
};

}  // namespace doppelpack::sim
