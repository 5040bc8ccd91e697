// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "power_options.hpp"

#include <fmt/format.h>

#include "shared_options.hpp"
#include "sim/data_error.hpp"
#include "sim/load.hpp"
#include "sim/power_source.hpp"

namespace doppelpack::app {

namespace {

sim::MeterPlace meter_place(const PowerOptions& options, const sim::BenchOptions& bench) {
  sim::MeterPlace place = sim::parse_meter_place(options.current_from);
  if (!place.uri && bench.can_ports.empty())
    throw sim::DataError({"--current-from", 0, ""},
                         fmt::format("found {} without a port, expected {}@PORT, or --can with a "
                                     "port that it is on",
                                     options.current_from, options.current_from));
  place.is_inverted = options.is_current_inverted;
  place.address = static_cast<std::uint8_t>(options.meter_address);
  return place;
}

}  // namespace

void add_power_options(CLI::App& command, PowerOptions& options) {
  CLI::Option* const power = command.add_option(
      "--power", options.power,
      "Power at the DC terminals, \"1 kW\" charges, \"-500 W\" discharges, within the limits the "
      "pack sends; or a DC source that plays the pack for a real inverter, "
      "scpi:HOST:PORT?profile=NAME&max_V=60&max_A=50; docs/power_stage.md");
  command
      .add_option("--current-from", options.current_from,
                  "Meter whose current flows in the pack: ivt-s on a CAN port of the pack, or "
                  "METER@PORT, acrel-djsf1352@serial:/dev/ttyUSB1; positive charges")
      ->excludes(power);
  command.add_flag("--current-inverted", options.is_current_inverted,
                   "Positive of that meter discharges the pack");
  command.add_option("--meter-address", options.meter_address, "Of a meter on Modbus")
      ->check(CLI::Range(1, 247))
      ->capture_default_str();
}

double demand_W(const PowerOptions& options) {
  if (options.power.empty() || sim::is_source_address(options.power)) return 0.0;
  return parse_option("--power", options.power, sim::Dimension::power);
}

void attach_power(const PowerOptions& options, sim::Scenario& scenario, sim::BenchOptions& bench) {
  const bool is_source = sim::is_source_address(options.power);
  if (!is_source && options.current_from.empty()) return;
  if (bench.speed != 1.0)
    throw sim::DataError(
        {"--speed", 0, ""},
        fmt::format("found {:g}, expected 1: a current is measured in real time", bench.speed));
  if (is_source) {
    sim::SourceAddress address = sim::parse_source_address(options.power, sim::find_data_folder());
    sim::check_limits(address, scenario);
    bench.open_power = [address, notice = bench.notice] {
      return sim::open_power_source(address, notice);
    };
  } else {
    bench.open_power = [name = options.current_from, place = meter_place(options, bench),
                        notice = bench.notice] {
      return sim::open_current_meter(name, place, notice);
    };
  }
  scenario.record.further.push_back({"power1/*", {"", 0, "record.signals"}});
}

}  // namespace doppelpack::app
