// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "power_options.hpp"

#include <fmt/format.h>

#include "shared_options.hpp"
#include "sim/data_error.hpp"
#include "sim/load.hpp"
#include "sim/power_source.hpp"

namespace doppelpack::app {

CLI::Option* add_meter_options(CLI::App& command, MeterOptions& options, const std::string& help) {
  command.add_flag("--current-inverted", options.is_inverted,
                   "Positive of that meter discharges the battery");
  command.add_option("--meter-address", options.address, "Of a meter on Modbus")
      ->check(CLI::Range(1, 247))
      ->capture_default_str();
  return command.add_option("--current-from", options.name, help);
}

sim::MeterPlace meter_place(const MeterOptions& options) {
  sim::MeterPlace place = sim::parse_meter_place(options.name);
  place.is_inverted = options.is_inverted;
  place.address = static_cast<std::uint8_t>(options.address);
  return place;
}

namespace {

sim::MeterPlace meter_beside(const MeterOptions& options, const sim::BenchOptions& bench) {
  sim::MeterPlace place = meter_place(options);
  if (place.uri || !bench.can_ports.empty()) return place;
  throw sim::DataError({"--current-from", 0, ""},
                       fmt::format("found {0} without a port, expected {0}@PORT, or --can with a "
                                   "port that it is on",
                                   options.name));
}

}  // namespace

void add_power_options(CLI::App& command, PowerOptions& options) {
  CLI::Option* const power = command.add_option(
      "--power", options.power,
      "Power at the DC terminals, \"1 kW\" charges, \"-500 W\" discharges, within the limits the "
      "pack sends; or a DC source that plays the pack for a real inverter, "
      "scpi:HOST:PORT?profile=NAME&max_V=60&max_A=50; docs/power_stage.md");
  add_meter_options(command, options.meter,
                    "Meter whose current flows in the pack: ivt-s on a CAN port of the pack, or "
                    "METER@PORT, acrel-djsf1352@serial:/dev/ttyUSB1; positive charges")
      ->excludes(power);
}

double demand_W(const PowerOptions& options) {
  if (options.power.empty() || sim::is_source_address(options.power)) return 0.0;
  return parse_option("--power", options.power, sim::Dimension::power);
}

void attach_power(const PowerOptions& options, sim::Scenario& scenario, sim::BenchOptions& bench) {
  const bool is_source = sim::is_source_address(options.power);
  if (!is_source && options.meter.name.empty()) return;
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
    bench.open_power = [name = options.meter.name, place = meter_beside(options.meter, bench),
                        notice = bench.notice] {
      return sim::open_current_meter(name, place, notice);
    };
  }
  scenario.record.further.push_back({"power1/*", {"", 0, "record.signals"}});
}

}  // namespace doppelpack::app
