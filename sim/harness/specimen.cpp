// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// From a design to one specimen of it. Every part draws from a stream of its own, so a new tolerance
// never changes the others.

#include <cmath>
#include <limits>

#include "models/random.hpp"
#include "sim/load.hpp"
#include "sim/product.hpp"

namespace doppelpack::sim {

namespace {

// Streams of random numbers.
constexpr std::uint64_t kCapacity = 0x5EC1;
constexpr std::uint64_t kResistance = 0x5EC2;
constexpr std::uint64_t kSelfDischarge = 0x5EC3;
constexpr std::uint64_t kCellOffset = 0x5EC4;
constexpr std::uint64_t kInitialSoc = 0x50C;

constexpr double kSelfDischargeReference_Ah = 100.0;

models::CellArray draw(std::uint64_t seed, std::uint64_t stream, int count) {
  models::CellArray values(count);
  for (int i = 0; i < count; ++i)
    values[i] = models::random_normal(seed, stream, static_cast<std::uint64_t>(i));
  return values;
}

}  // namespace

models::PackParameters make_pack_parameters(const PackDesign& design, std::uint64_t seed) {
  const int count = design.cell_count;
  // Cells in parallel average their tolerances out.
  const double averaging = 1.0 / std::sqrt(static_cast<double>(design.parallel));
  const auto factor = [&](std::uint64_t stream, double spread) -> models::CellArray {
    return 1.0 + draw(seed, stream, count) * (spread * averaging);
  };
  const double position_Ah = design.cell_capacity_Ah * design.parallel;

  models::PackParameters parameters = design.electrical;
  const models::CellArray capacity_Ah = position_Ah * factor(kCapacity, design.spread.capacity);
  parameters.cells = models::make_cell_parameters(design.chemistry, capacity_Ah,
                                                  factor(kResistance, design.spread.resistance));
  parameters.self_discharge_A = design.self_discharge_A * position_Ah / kSelfDischargeReference_Ah *
                                factor(kSelfDischarge, design.spread.self_discharge);
  return parameters;
}

models::SensingParameters make_sensing_parameters(const Product& product, std::uint64_t seed) {
  models::SensingParameters sensing = product.sensing;
  sensing.seed = seed;
  sensing.cell_offset_V =
      product.cell_offset_spread_V * draw(seed, kCellOffset, product.pack.cell_count);
  return sensing;
}

models::CellArray make_initial_soc(const Scenario& scenario) {
  const InitialState& initial = scenario.initial;
  const models::CellArray offset =
      draw(scenario.seed, kInitialSoc, scenario.product.pack.cell_count);
  return (initial.soc + initial.soc_spread * offset).max(0.0).min(1.0);
}

Scenario make_free_run(const Product& product, const InverterDesign& inverter) {
  Scenario scenario;
  scenario.key = product.key;
  scenario.title = product.title;
  scenario.file = product.file;
  scenario.product = product;
  scenario.inverter = inverter;
  scenario.duration_ns = std::numeric_limits<Time>::max();
  return scenario;
}

}  // namespace doppelpack::sim
