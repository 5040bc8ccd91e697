// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// From a design to one specimen of it. Every part draws from a stream of its own, so a new tolerance
// never changes the others.

#include <limits>
#include <optional>
#include <vector>

#include "models/exponential.hpp"
#include "models/random.hpp"
#include "sim/load.hpp"
#include "sim/product.hpp"

namespace doppelpack::sim {

namespace {

// Streams of random numbers.
constexpr std::uint64_t kCapacity = 0x5EC1;
constexpr std::uint64_t kResistance = 0x5EC2;
constexpr std::uint64_t kSelfDischarge = 0x5EC3;
constexpr std::uint64_t kCooling = 0x5ECA;
constexpr std::uint64_t kCellOffset = 0x5EC4;
constexpr std::uint64_t kCellGain = 0x5EC5;
constexpr std::uint64_t kInputLeakage = 0x5EC6;
constexpr std::uint64_t kNtcResistance = 0x5EC7;
constexpr std::uint64_t kRtc = 0x5ECB;
constexpr std::uint64_t kInitialSoc = 0x50C;

constexpr double kSelfDischargeReference_Ah = 100.0;

models::CellArray draw(std::uint64_t seed, std::uint64_t stream, int count) {
  models::CellArray values(count);
  for (int i = 0; i < count; ++i)
    values[i] = models::random_normal(seed, stream, static_cast<std::uint64_t>(i));
  return values;
}

models::CellArray wire_resistances(const Harness& harness, int lines) {
  models::CellArray wire_Ohm(lines);
  const double middle = (lines - 1) / 2.0;
  for (int k = 0; k < lines; ++k) {
    const double from_middle = (k - middle) / middle;
    wire_Ohm[k] = harness.shortest_Ohm +
                  (harness.longest_Ohm - harness.shortest_Ohm) * from_middle * from_middle;
  }
  return wire_Ohm;
}

// What differs from cell to cell; shape (cell_count).
struct Individuals {
  models::CellArray capacity_Ah;
  models::CellArray resistance_factor;
  models::CellArray self_discharge_A;
  models::CellArray cooling_factor;
};

Individuals draw_individuals(const PackDesign& design, std::uint64_t seed) {
  const auto factor = [&](std::uint64_t stream, double spread) -> models::CellArray {
    return 1.0 + draw(seed, stream, design.cell_count()) * spread;
  };
  return {design.cell_capacity_Ah * factor(kCapacity, design.spread.capacity),
          factor(kResistance, design.spread.resistance),
          design.self_discharge_A * design.cell_capacity_Ah / kSelfDischargeReference_Ah *
              factor(kSelfDischarge, design.spread.self_discharge),
          factor(kCooling, design.spread.cooling)};
}

models::PackParameters assemble(const PackDesign& design, const Individuals& cells) {
  models::PackParameters parameters = design.electrical;
  parameters.series = design.series;
  parameters.parallel = design.parallel;
  parameters.cells =
      models::make_cell_parameters(design.chemistry, cells.capacity_Ah, cells.resistance_factor);
  parameters.self_discharge_A = cells.self_discharge_A;
  parameters.thermal = models::make_thermal_network(
      design.heat_paths, design.parallel, design.series, cells.cooling_factor, design.beads);
  parameters.ageing = design.chemistry.ageing;
  return parameters;
}

void overwrite(const std::vector<CellSetting>& settings, std::optional<double> CellSetting::* field,
               models::CellArray& values) {
  for (const CellSetting& setting : settings)
    if (const std::optional<double>& value = setting.*field) values[setting.cell] = *value;
}

models::CellArray make_initial_soc(const PackSpec& spec) {
  const InitialState& initial = spec.initial;
  const models::CellArray offset = draw(spec.seed, kInitialSoc, spec.product.pack.cell_count());
  models::CellArray soc = (initial.soc + initial.soc_spread * offset).max(0.0).min(1.0);
  overwrite(initial.cells, &CellSetting::soc, soc);
  return soc;
}

// As if time alone had taken the capacity: from here its law goes on, slower than in a new cell.
models::CellAgeing aged(const models::CalendarLaw& law, double soh, models::CellAgeing cell) {
  const double loss = 1.0 - soh;
  cell.calendar_capacity =
      loss > 0.0 ? models::exponential(models::natural_log(loss) / law.exponent) : 0.0;
  cell.capacity_factor = soh;
  return cell;
}

}  // namespace

models::PackParameters make_pack_parameters(const PackDesign& design, std::uint64_t seed) {
  return assemble(design, draw_individuals(design, seed));
}

std::vector<PackSpec> pack_specs(const Scenario& scenario) {
  constexpr std::uint64_t kStride = 0x9E37'79B9'7F4A'7C15;  // odd: no two packs share a seed
  std::vector<PackSpec> specs{{scenario.product, scenario.initial, scenario.seed}};
  for (const Companion& companion : scenario.companions)
    specs.push_back({companion.product, companion.initial, scenario.seed + kStride * specs.size()});
  return specs;
}

std::vector<const Product*> products_of(const Scenario& scenario) {
  std::vector<const Product*> products{&scenario.product};
  for (const Companion& companion : scenario.companions) products.push_back(&companion.product);
  return products;
}

models::PackParameters make_pack_parameters(const PackSpec& spec) {
  const PackDesign& design = spec.product.pack;
  const std::vector<CellSetting>& settings = spec.initial.cells;
  Individuals cells = draw_individuals(design, spec.seed);
  overwrite(settings, &CellSetting::capacity_Ah, cells.capacity_Ah);
  overwrite(settings, &CellSetting::resistance, cells.resistance_factor);
  overwrite(settings, &CellSetting::self_discharge_A, cells.self_discharge_A);
  return assemble(design, cells);
}

models::SensingParameters make_sensing_parameters(const Product& product, std::uint64_t seed) {
  const int cells = product.pack.series;
  const int ntcs = static_cast<int>(product.pack.beads.size());
  const SensingSpread& spread = product.sensing_spread;
  models::SensingParameters sensing = product.sensing;
  sensing.seed = seed;
  sensing.cell_offset_V = spread.cell_offset_V * draw(seed, kCellOffset, cells);
  sensing.cell_gain_error = spread.cell_gain * draw(seed, kCellGain, cells);
  sensing.ntcs.resistance_factor = 1.0 + spread.ntc_resistance * draw(seed, kNtcResistance, ntcs);
  sensing.lines.wire_Ohm = wire_resistances(product.harness, cells + 1);
  sensing.lines.leakage_A =
      product.input_leakage_A * (1.0 + spread.leakage * draw(seed, kInputLeakage, cells + 1));
  sensing.lines.bleeder_Ohm = product.pack.electrical.bleeder_Ohm;
  return sensing;
}

double rtc_error(const Product& product, std::uint64_t seed) {
  return product.board.rtc_spread * models::random_normal(seed, kRtc, 0);
}

models::PackState make_initial_pack(const PackSpec& spec,
                                    const models::PackParameters& parameters) {
  models::PackState state =
      models::make_pack_state(parameters, make_initial_soc(spec), spec.initial.T_degC);
  for (const CellSetting& setting : spec.initial.cells) {
    if (!setting.soh) continue;
    models::CellAgeing& cell = state.ageing.cells[static_cast<std::size_t>(setting.cell)];
    cell = aged(parameters.ageing.calendar_capacity, *setting.soh, cell);
    state.cells.capacity_factor[setting.cell] = *setting.soh;
  }
  // The first step comes before the pack looks at ageing, and must know the capacity by then.
  parameters.cell_model->refresh(parameters.cells, state.cells);
  return state;
}

std::uint8_t serial_address(const Product& product, std::uint8_t dip) {
  const unsigned switches = product.address_switches;
  return static_cast<std::uint8_t>((dip & switches) >> std::countr_zero(switches));
}

std::uint8_t delivered_dip(const Product& product) {
  const unsigned switches = product.address_switches;
  if (switches == 0) return 0;
  return static_cast<std::uint8_t>(
      (unsigned{product.identity.serial_address} << std::countr_zero(switches)) & switches);
}

void add_like_packs(Scenario& scenario, int packs, int stacked) {
  const unsigned switches = scenario.product.address_switches;
  const int lowest = switches == 0 ? 0 : std::countr_zero(switches);
  const int first = scenario.initial.dip.value_or(delivered_dip(scenario.product));
  for (int place = 1; place < packs; ++place) {
    Companion companion{scenario.product, scenario.initial};
    companion.initial.dip = static_cast<std::uint8_t>(first + (place << lowest));
    scenario.companions.push_back(std::move(companion));
  }
  scenario.stacked = stacked;
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
