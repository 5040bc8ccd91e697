// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A product as designed: everything a product file says. Immutable after loading.
#pragma once

#include <cstdint>
#include <string>

#include "bms/config.h"
#include "can_emulator/can_protocol.hpp"
#include "can_emulator/serial_protocol.hpp"
#include "models/chemistry.hpp"
#include "models/pack.hpp"
#include "models/sensing.hpp"
#include "sim/time.hpp"

namespace doppelpack::sim {

/// Unit-to-unit spread of manufactured cells: standard deviations, relative to the mean.
struct Spread {
  double capacity = 0.0;
  double resistance = 0.0;
  double self_discharge = 0.0;
};

/// The pack as on the drawing; make_pack_parameters() builds one specimen of it.
struct PackDesign {
  models::Chemistry chemistry;
  std::string cell_model = "ecm-2rc";
  int cell_count = 16;
  int parallel = 1;  ///< cells in parallel at each position, taken as one larger cell
  double cell_capacity_Ah = 100.0;
  double self_discharge_A = 0.0007;  ///< per 100 Ah cell at 25 degC
  Spread spread;
  models::PackParameters electrical;  ///< all fields except the per-cell ones, which stay empty
};

/// When the firmware's world ticks.
struct SamplingPlan {
  Time current_period_ns = kMillisecond;
  Time cell_period_ns = 20 * kMillisecond;
  Time ntc_period_ns = 100 * kMillisecond;
  Time task_delay_ns = 200 * kMicrosecond;  ///< conversion and transfer, before the task sees it
};

struct Product {
  std::string key;
  std::string title;
  std::string file;
  PackDesign pack;
  models::SensingParameters sensing;  ///< cell_offset_V drawn per specimen from this spread:
  double cell_offset_spread_V = 0.0;
  SamplingPlan sampling;
  bms_config_t bms{};
  can_emulator::BatteryIdentity identity;
  const can_emulator::CanProtocol* can = nullptr;       ///< nullptr: no CAN bus
  const can_emulator::SerialProtocol* rs485 = nullptr;  ///< nullptr: no RS485
};

/// One specimen: tolerances drawn from the seed, the same seed the same specimen.
models::PackParameters make_pack_parameters(const PackDesign& design, std::uint64_t seed);
models::SensingParameters make_sensing_parameters(const Product& product, std::uint64_t seed);

}  // namespace doppelpack::sim
