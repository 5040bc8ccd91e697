// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A product as designed: everything a product file says. Immutable after loading.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bms/config.h"
#include "can_emulator/can_protocol.hpp"
#include "can_emulator/serial_protocol.hpp"
#include "models/chemistry.hpp"
#include "models/insulation_monitor.hpp"
#include "models/pack.hpp"
#include "models/sensing.hpp"
#include "models/supply_rail.hpp"
#include "sim/panel_watch.hpp"
#include "sim/time.hpp"
#include "sim/wake_circuit.hpp"

namespace doppelpack::sim {

/// Unit-to-unit spread of manufactured cells: standard deviations, relative to the mean.
struct Spread {
  double capacity = 0.0;
  double resistance = 0.0;
  double self_discharge = 0.0;
  double cooling = 0.0;  ///< of each cell's way to the case: thermal position
};

/// The pack as on the drawing; make_pack_parameters() builds one specimen of it.
struct PackDesign {
  std::string cell_sha256;  ///< of what the cell's file says
  models::Chemistry chemistry;
  std::string cell_model = "ecm-2rc";
  int series = 16;
  int parallel = 1;  ///< cells at each position
  double cell_capacity_Ah = 100.0;
  double self_discharge_A = 0.0007;  ///< per 100 Ah cell at 25 degC
  Spread spread;
  int cell_count() const { return series * parallel; }
  models::HeatPathParameters heat_paths;
  std::vector<models::Bead> beads;    ///< the thermistors, that of the MOSFETs last
  bool has_mosfet_ntc = false;        ///< the last of them has an input of its own
  bool has_breaker_contact = false;   ///< the breaker tells the BMS where its lever stands
  models::PackParameters electrical;  ///< all fields except what is drawn per cell and the network
};

/// When the firmware's world ticks.
struct SamplingPlan {
  Time current_period_ns = kMillisecond;
  Time cell_period_ns = 20 * kMillisecond;
  Time ntc_period_ns = 100 * kMillisecond;
  Time task_delay_ns = 200 * kMicrosecond;  ///< conversion and transfer, before the task sees it
};

/// Unit-to-unit spread of the measuring chain: standard deviations between its channels.
struct SensingSpread {
  double cell_offset_V = 0.0;
  double cell_gain = 0.0;
  double leakage = 0.0;         ///< relative to the mean
  double ntc_resistance = 0.0;  ///< relative
};

/// What else is on the board of the BMS.
struct Board {
  WakeCircuit wake;
  double rtc_spread = 0.0;  ///< standard deviation of its real-time clock's rate, relative
  std::optional<models::InsulationMonitorParameters> insulation_monitor;
};

/// Cell wires of a harness: longest to both ends of the string, as a parabola.
struct Harness {
  double shortest_Ohm = 0.058;
  double longest_Ohm = 0.138;
};

/// One thing on the front panel, as it is printed beside it.
struct PanelItem {
  std::string word;   ///< a lamp or a button: "soc1", "power"
  std::string print;  ///< "25 %", "ON/OFF"
};

struct Product {
  std::string key;
  std::string title;
  std::string file;
  std::string sha256;  ///< of what the file says, and that of its cell
  PackDesign pack;
  models::SensingParameters sensing;  ///< arrays stay empty: drawn per specimen from what follows
  SensingSpread sensing_spread;
  Harness harness;
  double input_leakage_A = 0.0;  ///< mean, into each cell input of the AFE
  models::SupplyRail supply;
  Board board;
  SamplingPlan sampling;
  bms_config_t bms{};
  LampColours lamp_colours{};
  std::vector<PanelItem> panel_items;  ///< from left to right; empty: the file does not say
  /// Set of DIP switches, neighbours, that make its address on RS485; 0: that is fixed.
  std::uint8_t address_switches = 0;
  bool has_display = false;  ///< of the error code, on the panel
  can_emulator::BatteryIdentity identity;
  const can_emulator::CanProtocol* can = nullptr;       ///< nullptr: no CAN bus
  const can_emulator::SerialProtocol* rs485 = nullptr;  ///< nullptr: no RS485
};

/// The address that the switches make. Only for a product with address_switches.
std::uint8_t serial_address(const Product& product, std::uint8_t dip);

/// As the product comes: the switches make the address of its identity, the others are off.
std::uint8_t delivered_dip(const Product& product);

/// Of one specimen: how wrong its real-time clock is, relative, + is fast.
double rtc_error(const Product& product, std::uint64_t seed);

/// One specimen: tolerances drawn from the seed, the same seed the same specimen.
models::PackParameters make_pack_parameters(const PackDesign& design, std::uint64_t seed);
models::SensingParameters make_sensing_parameters(const Product& product, std::uint64_t seed);

}  // namespace doppelpack::sim
