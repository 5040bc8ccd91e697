// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The obedience test: a scripted battery says things, the inverter is watched and graded.
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "commands.hpp"
#include "console.hpp"
#include "power_options.hpp"
#include "sim/compat.hpp"
#include "sim/load.hpp"
#include "stop_on_signal.hpp"

namespace doppelpack::app {

namespace {

struct CompatOptions {
  std::string can;
  std::string rs485;
  std::string product;
  std::string inverter;
  std::string script;
  MeterOptions meter;
  bool is_attended = false;
  std::string out;
};

void print_compat_result(const sim::CompatResult& result) {
  const Tint tint = result.grade == sim::Grade::obeyed ? Tint::good
                    : result.grade < sim::Grade::late  ? Tint::faint
                                                       : Tint::bad;
  clear_status();
  fmt::print("{}  {:3}  {}\n", tinted(fmt::format("{:<14}", sim::name_of(result.grade)), tint),
             result.item.number, result.item.title);
  if (!result.remark.empty()) fmt::print("{:21}{}\n", "", result.remark);
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
  if (options.meter.name.empty()) return std::nullopt;
  return meter_place(options.meter);
}

void require_bus(const sim::Product& product, sim::InverterLink link) {
  const bool is_there =
      link == sim::InverterLink::can ? product.can != nullptr : product.rs485 != nullptr;
  const std::string_view bus = link == sim::InverterLink::can ? "can" : "rs485";
  if (!is_there)
    throw sim::DataError({product.file, 0, fmt::format("bus.{}", bus)},
                         fmt::format("found none, expected a product with {}", bus));
}

using Rig = std::variant<std::unique_ptr<sim::CanRig>, std::unique_ptr<sim::SerialRig>>;

Rig make_port_rig(const CompatOptions& options, const sim::Product& product) {
  const auto meter = meter_of(options);
  if (options.rs485.empty()) {
    require_bus(product, sim::InverterLink::can);
    return sim::make_can_port_rig(can_emulator::parse_port_uri(options.can), meter, print_notice);
  }
  require_bus(product, sim::InverterLink::rs485);
  return sim::make_serial_port_rig(can_emulator::parse_port_uri(options.rs485), meter,
                                   print_notice);
}

Rig make_virtual_rig(const CompatOptions& options, const sim::Product& product) {
  if (options.inverter.empty())
    throw sim::DataError(
        {"--can", 0, ""},
        "found nothing, expected a port here or at --rs485, or --inverter for a virtual one");
  if (!options.meter.name.empty())
    throw sim::DataError({"--current-from", 0, ""},
                         "found a virtual inverter, expected one at --can or --rs485");
  const sim::InverterDesign inverter =
      sim::load_inverter(options.inverter, sim::find_data_folder());
  require_bus(product, inverter.link);
  if (inverter.link == sim::InverterLink::can) return sim::make_virtual_can_rig(product, inverter);
  return sim::make_virtual_serial_rig(product, inverter);
}

/// Asks whoever sits at the terminal to do something, and waits without blocking.
class Attendant {
 public:
  bool has_done(std::string_view task) {
    if (!is_asked_) {
      clear_status();
      fmt::print("NOW: {}, then press Enter\n", task);
      std::fflush(stdout);
    }
    is_asked_ = !was_enter_pressed();
    return !is_asked_;
  }

 private:
  static bool was_enter_pressed() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (poll(&input, 1, 0) <= 0) return false;
    char line[256];
    const ssize_t count = read(STDIN_FILENO, line, sizeof line);
    if (count == 0) throw sim::DataError({"--attended", 0, ""}, "found the end of the input");
    return count > 0 && line[count - 1] == '\n';
  }

  bool is_asked_ = false;
};

int examine(const CompatOptions& options) {
  block_stop_signals();
  const auto data_folder = sim::find_data_folder();
  const sim::Product product = sim::load_product(options.product, data_folder);
  const sim::CompatScript script = sim::load_compat_script(options.script, data_folder);
  const bool has_port = !options.can.empty() || !options.rs485.empty();
  const Rig rig = has_port ? make_port_rig(options, product) : make_virtual_rig(options, product);
  std::atomic<bool> is_stopped = false;
  StopOnSignal stopper([&] { is_stopped = true; });
  sim::CompatWatch watch{
      print_compat_result, sim::open_compat_log(options.out), [&] { return !is_stopped; }, {}};
  Attendant attendant;
  if (options.is_attended)
    watch.has_done = [&](std::string_view task) { return attendant.has_done(task); };
  sim::CompatReport report = std::visit(
      [&](const auto& any) { return sim::run_compat(script, product, *any, watch); }, rig);
  report.inverter = options.inverter.empty() ? options.can + options.rs485 : options.inverter;
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
  CLI::Option* const rs485 = command->add_option(
      "--rs485", options->rs485, "Instead: port with an inverter that asks over RS485");
  rs485->excludes(can);
  command->add_option("--inverter", options->inverter,
                      "The virtual inverter; with a port the name for the report");
  command->add_option("--product", options->product, "Whose protocol and limits the battery has")
      ->default_val("pylontech-us5000");
  command->add_option("--script", options->script, "What is said and expected, in scenarios/compat")
      ->default_val("obedience");
  add_meter_options(*command, options->meter,
                    "With a port: the meter at the terminals, ivt-s on the same bus or METER@PORT, "
                    "acrel-djsf1352@serial:/dev/ttyUSB1; positive charges the battery");
  command->add_flag(
      "--attended", options->is_attended,
      "On a port: somebody is there who opens contacts and shorts the bus when asked to");
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
