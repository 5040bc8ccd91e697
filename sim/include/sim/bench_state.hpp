// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// All state of a bench in one copyable struct: what it is, and what is due. Signals read it, snapshots
// copy it.
#pragma once

#include <cstdint>
#include <vector>

#include "can_emulator/can_bus.hpp"
#include "can_emulator/can_gateway.hpp"
#include "can_emulator/serial_wire.hpp"
#include "models/bank.hpp"
#include "models/power_stage.hpp"
#include "sim/agenda.hpp"
#include "sim/inverter.hpp"
#include "sim/outside_current.hpp"
#include "sim/pack_unit.hpp"
#include "sim/time.hpp"

namespace doppelpack::sim {

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
  double load = 0.0;                ///< share of the last second with bits on the wire
};

/// A current from outside, and whether it is wanted.
struct PowerState {
  bool is_wanted = true;  ///< a control
  PowerReading reading;
};

/// All packs share busbar, inverter and buses. The first is the one that a scenario means when it
/// names none; the condition of the buses' wires is part of its own.
struct BenchState {
  std::vector<PackUnit> units;  ///< at least one; as many as the scenario has packs, for good
  models::BankState bank;       ///< the busbar between several packs; unused with one
  Environment environment;
  SiteState site;
  InverterState inverter;
  models::PowerStageInputs stage_inputs;
  models::PowerStageState stage;
  PowerState power;
  Time plant_t_ns = 0;  ///< how far the plant has been advanced; it runs lazily
  can_emulator::CanBusState can_bus;
  can_emulator::CanGatewayState can_gateway;
  can_emulator::SerialWireState serial_wire;
  BusCounters can;
  BusCounters rs485;
  Agenda agenda;
};

/// What the inverter measures: the link, and all cables to it.
inline DcReading read_dc(const BenchState& state) {
  const models::PowerPathState& first = state.units.front().pack.path;
  DcReading dc{first.link_V, first.cable_A};
  if (state.units.size() > 1) {
    dc.dc_A = 0.0;
    for (const models::BranchState& branch : state.bank.branches) dc.dc_A += branch.bus_A;
  }
  return dc;
}

}  // namespace doppelpack::sim
