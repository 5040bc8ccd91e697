// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "commands.hpp"
#include "fmi/export_fmu.hpp"
#include "shared_options.hpp"
#include "sim/data_error.hpp"
#include "sim/fault.hpp"
#include "sim/load.hpp"

namespace doppelpack::app {

namespace {

struct ExportOptions {
  std::string product;
  std::string out;
  int version = 2;
  bool is_plant_only = false;
  std::string inverter;
  std::vector<std::string> faults;
  std::string step = "1 ms";
};

[[noreturn]] void refuse_option(const char* option, const std::string& text, const char* expected) {
  throw sim::DataError({option, 0, ""}, fmt::format("found \"{}\", expected {}", text, expected));
}

int parse_target(const std::string& option, const std::string& digits) {
  const bool is_number = !digits.empty() && digits.size() < 5 &&
                         digits.find_first_not_of("0123456789") == std::string::npos;
  if (!is_number) refuse_option("--fault", option, "a whole number after the @");
  return std::stoi(digits);
}

// "ntc-open@2", "cell-internal-short@5=0.1 Ohm". An unknown fault is refused later, with near misses.
fmi::FaultInput parse_fault(const std::string& text) {
  fmi::FaultInput input;
  const std::size_t equals = text.find('=');
  const std::string place = text.substr(0, equals);
  const std::size_t at = place.find('@');
  input.fault = place.substr(0, at);
  if (at != std::string::npos) input.target = parse_target(text, place.substr(at + 1));
  const sim::Fault* known = sim::find_fault(input.fault);
  if (equals != std::string::npos && known != nullptr)
    input.severity = parse_option("--fault", text.substr(equals + 1), known->severity_dimension);
  return input;
}

double parse_step(const std::string& text) {
  const double step_s = parse_option("--step", text, sim::Dimension::time);
  const double us = step_s * 1e6;
  if (!(step_s > 0.0 && step_s <= 3600.0) || std::fabs(us - std::round(us)) > 1e-6)
    refuse_option("--step", text, "a whole number of microseconds, at most 1 h");
  return step_s;
}

// An ordinary one that speaks what the product speaks.
std::string ordinary_inverter(const sim::Product& product) {
  return product.can != nullptr ? "hybrid-5k" : "hybrid-5k-rs485";
}

int export_fmu(const ExportOptions& options) {
  const auto data_folder = sim::find_data_folder();
  const sim::Product product = sim::load_product(options.product, data_folder);
  const bool has_bms = !options.is_plant_only;
  if (!has_bms && !options.faults.empty())
    refuse_option("--fault", options.faults.front(), "nothing with --plant-only");
  fmi::ExportOrder order;
  order.product = options.product;
  if (has_bms)
    order.inverter = options.inverter.empty() ? ordinary_inverter(product) : options.inverter;
  for (const std::string& fault : options.faults) order.faults.push_back(parse_fault(fault));
  order.version = options.version == 2 ? fmi::FmiVersion::two : fmi::FmiVersion::three;
  order.step_s = parse_step(options.step);
  const std::string out =
      options.out.empty() ? fmi::identifier_of(product.key, has_bms) + ".fmu" : options.out;
  const fmi::ExportedFmu fmu = fmi::export_fmu(order, data_folder, out);
  fmt::print("{}: FMI {}.0 co-simulation of {}, {} inputs, {} outputs, {}\n", out, options.version,
             product.key, fmu.inputs, fmu.outputs, fmu.token);
  return kExitOk;
}

}  // namespace

void add_export_fmu_command(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* command = app.add_subcommand(
      "export-fmu", "Write the pack as an FMU, for Simulink, Modelica tools, FMPy, ...");
  command->add_option("PRODUCT", options->product, "Product, or a product file")->required();
  command->add_option("--out", options->out, "The FMU; without it PRODUCT.fmu, here");
  command->add_option("--fmi", options->version, "Version of the standard, 2 or 3")
      ->check(CLI::IsMember({2, 3}))
      ->capture_default_str();
  CLI::Option* plant_only =
      command->add_flag("--plant-only", options->is_plant_only,
                        "Cells, power path and heat alone: inputs drive the gates");
  command
      ->add_option("--inverter", options->inverter,
                   "Whose messages the BMS hears; without it an ordinary one")
      ->excludes(plant_only);
  command
      ->add_option("--fault", options->faults,
                   "KEY[@TARGET][=SEVERITY]: a Boolean input puts it on (repeatable)")
      ->allow_extra_args(false);
  command->add_option("--step", options->step, "Communication step proposed to the master")
      ->capture_default_str();
  command->footer(
      "Examples: doppelpack export-fmu pylontech-us5000 --fmi 3 --fault ntc-open@2\n"
      "          doppelpack export-fmu generic-16s --plant-only --step \"100 ms\"");
  command->callback([options, &chosen] { chosen = [options] { return export_fmu(*options); }; });
}

}  // namespace doppelpack::app
