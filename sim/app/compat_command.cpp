// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The obedience test: a scripted battery says things, the inverter is watched and graded.
#include <fmt/format.h>

#include <atomic>
#include <memory>
#include <string>

#include "commands.hpp"
#include "console.hpp"
#include "sim/compat.hpp"
#include "sim/load.hpp"
#include "stop_on_signal.hpp"

namespace doppelpack::app {

namespace {

struct CompatOptions {
  std::string can;
  std::string product;
  std::string inverter;
  std::string script;
  std::string current_from;
  bool is_current_inverted = false;
  int meter_address = 1;
  std::string out;
};

void print_compat_result(const sim::CompatResult& result) {
  const Tint tint = result.grade == sim::Grade::obeyed           ? Tint::good
                    : result.grade == sim::Grade::not_observable ? Tint::faint
                                                                 : Tint::bad;
  clear_status();
  fmt::print("{}  {:3}  {}\n", tinted(fmt::format("{:<14}", sim::name_of(result.grade)), tint),
             result.item.number, result.item.title);
  for (const sim::CompatFinding& finding : result.findings) {
    if (finding.grade == sim::Grade::obeyed) continue;
    fmt::print("{:21}step {}, {}: {}\n", "", finding.step, sim::name_of(finding.kind),
               finding.detail);
  }
  std::fflush(stdout);
}

void print_notice(std::string_view line) {
  fmt::print(stderr, "{}\n", fmt::string_view(line.data(), line.size()));
}

std::optional<sim::MeterPlace> meter_of(const CompatOptions& options) {
  if (options.current_from.empty()) return std::nullopt;
  sim::MeterPlace place = sim::parse_meter_place(options.current_from);
  place.is_inverted = options.is_current_inverted;
  place.address = static_cast<std::uint8_t>(options.meter_address);
  return place;
}

std::unique_ptr<sim::CompatRig> make_rig(const CompatOptions& options,
                                         const sim::Product& product) {
  if (options.can.empty())
    return sim::make_virtual_rig(product,
                                 sim::load_inverter(options.inverter, sim::find_data_folder()));
  return sim::make_port_rig(can_emulator::parse_port_uri(options.can), meter_of(options),
                            print_notice);
}

int examine(const CompatOptions& options) {
  block_stop_signals();
  if (options.can.empty() && options.inverter.empty())
    throw sim::DataError({"--can", 0, ""},
                         "found nothing, expected a port, or --inverter for a virtual one");
  const auto data_folder = sim::find_data_folder();
  const sim::Product product = sim::load_product(options.product, data_folder);
  if (product.can == nullptr)
    throw sim::DataError({product.file, 0, "bus.can"}, "found none, expected a product with CAN");
  const sim::CompatScript script = sim::load_compat_script(options.script, data_folder);
  const auto rig = make_rig(options, product);
  std::atomic<bool> is_stopped = false;
  StopOnSignal stopper([&] { is_stopped = true; });
  const sim::CompatWatch watch{print_compat_result, sim::open_compat_log(options.out),
                               [&] { return !is_stopped; }};
  sim::CompatReport report = sim::run_compat(script, product, *rig, watch);
  report.inverter = options.inverter.empty() ? options.can : options.inverter;
  sim::write_compat(options.out, report);
  if (!report.is_complete) fmt::print("stopped before the end\n");
  fmt::print("{}  results in {}\n",
             report.has_passed() ? tinted("all that can be seen is obeyed", Tint::good)
                                 : tinted("not all is obeyed", Tint::bad),
             options.out);
  return report.has_passed() ? kExitOk : kExitFailed;
}

}  // namespace

void add_compat_command(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<CompatOptions>();
  CLI::App* command = app.add_subcommand(
      "compat", "Grade how an inverter obeys: a scripted battery speaks, it is watched");
  CLI::Option* const can = command->add_option(
      "--can", options->can,
      "Port with the inverter on it, in real time ('list ports'); without it the "
      "virtual one of --inverter, as fast as possible");
  command->add_option("--inverter", options->inverter,
                      "The virtual inverter; with --can the name for the report");
  command->add_option("--product", options->product, "Whose protocol and limits the battery has")
      ->default_val("pylontech-us5000");
  command->add_option("--script", options->script, "What is said and expected, in scenarios/compat")
      ->default_val("obedience");
  command
      ->add_option("--current-from", options->current_from,
                   "With --can: the meter at the terminals, ivt-s on the same bus or METER@PORT, "
                   "acrel-djsf1352@serial:/dev/ttyUSB1; positive charges the battery")
      ->needs(can);
  command->add_flag("--current-inverted", options->is_current_inverted,
                    "Positive of that meter discharges the battery");
  command->add_option("--meter-address", options->meter_address, "Of a meter on Modbus")
      ->check(CLI::Range(1, 247))
      ->capture_default_str();
  command->add_option("--out", options->out, "Folder for compat.html, compat.json and compat.log")
      ->required();
  command->footer(
      "Read docs/compat.md before plugging in a real inverter: the test makes it charge and "
      "discharge.\n"
      "Example: doppelpack compat --inverter hybrid-5k --out results\n"
      "Exit code: 0 all that can be seen was obeyed, 1 otherwise, 2 bad usage or bad file.");
  command->callback([options, &chosen] { chosen = [options] { return examine(*options); }; });
}

}  // namespace doppelpack::app
