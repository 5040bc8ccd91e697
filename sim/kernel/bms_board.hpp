// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// decide and actuate, for one pack: runs the protection core on what the AFE latched, and puts its
// outputs on the pins. Knows the core only through its host. Without supply, or when nobody
// ties it on, the core stands still and all outputs are off; when it returns the core starts anew
// from what is in its memory.
#pragma once

#include <cstddef>
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

/// Of unit.bms_instance, for a core that wants so many bytes.
constexpr std::size_t slots_of(std::size_t bytes) {
  return (bytes + sizeof(std::max_align_t) - 1) / sizeof(std::max_align_t);
}

class BmsBoard {
 public:
  /// Powers the core up from unit.nvm; without unit.supply only asks it about the configuration.
  /// Throws DataError when it refuses that. name: who it is in the event log.
  BmsBoard(std::string name, CoreHost& core, const Product& product, LocalTime& time,
           Sampler& sampler, AfeModule& afe, Peripherals& peripherals, PackUnit& unit,
           EventLog& events);

  /// One pass of the firmware.
  void pass(Time now_ns);

  /// The firmware's RAM in the unit is a copy of that of another bench: lets it go on. Throws CoreFailure.
  void adopt_core();

  /// Set once the core has failed; it is not called again. nullptr: all well.
  const CoreFailure* failure() const { return failure_ ? &*failure_ : nullptr; }
  std::int64_t steps() const { return unit_.board.steps; }

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
  std::optional<CoreFailure> failure_;
};

}  // namespace doppelpack::sim
