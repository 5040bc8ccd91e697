// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// All state of a bench in one copyable struct. Signals read it, snapshots copy it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bms/config.h"
#include "bms/types.h"
#include "can_emulator/cabling.hpp"
#include "models/hardware.hpp"
#include "models/pack.hpp"
#include "models/power_stage.hpp"
#include "models/sensing.hpp"
#include "models/supply_rail.hpp"
#include "sim/inverter.hpp"
#include "sim/time.hpp"

namespace doppelpack::sim {

/// What a scenario imposes: as-built plus the active faults, folded anew whenever the set changes.
struct Condition {
  models::Hardware hardware;
  can_emulator::Cabling cabling;
};

struct Environment {
  double ambient_degC = 25.0;
};

/// Counters of one bus since the start.
struct BusCounters {
  std::uint64_t from_pack = 0;      ///< frames or replies the pack sent
  std::uint64_t from_inverter = 0;  ///< heartbeats or requests of the virtual inverter
  std::uint64_t from_outside = 0;   ///< frames or requests that came in through ports
  std::uint64_t dropped = 0;        ///< could not be parsed, or the cable is unplugged,
                                    ///< or the pack has no supply
};

struct BenchState {
  Condition condition;
  Environment environment;
  SiteState site;
  InverterState inverter;
  models::PowerStageInputs stage_inputs;
  models::PowerStageState stage;
  models::PackInputs pack_inputs;  ///< what the gates and bleeders really are, and the source
  models::PackState pack;
  Time plant_t_ns = 0;  ///< how far the plant has been advanced; it runs lazily
  models::SensingState sensing;
  models::SupplyRailState supply;  ///< of AFE and firmware: without it there are no outputs
  bms_inputs_t bms_inputs{};
  bms_outputs_t bms_outputs{};
  std::vector<std::max_align_t> bms_instance;  ///< the firmware's RAM
  bms_factory_t bms_memory{};                  ///< what it starts from when it is powered up
  BusCounters can;
  BusCounters rs485;
};

}  // namespace doppelpack::sim
