// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "can_emulator/can_protocol.hpp"
#include "can_emulator/port.hpp"
#include "can_emulator/serial_protocol.hpp"
#include "commands.hpp"
#include "sim/fault.hpp"
#include "sim/load.hpp"
#include "sim/signals.hpp"

namespace doppelpack::app {

namespace {

using Json = nlohmann::ordered_json;

Json entries(const std::vector<sim::CatalogueEntry>& catalogue) {
  Json list = Json::array();
  for (const auto& entry : catalogue) {
    list.push_back({{"key", entry.key}, {"title", entry.title}, {"file", entry.file.string()}});
  }
  return list;
}

Json fault_list() {
  Json list = Json::array();
  for (const sim::Fault* fault : sim::faults()) {
    Json item{{"key", fault->key},
              {"title", fault->help},
              {"target", sim::name_of(fault->target)},
              {"failure_mode", fault->failure_mode},
              {"nature", fault->nature},
              {"found_by", fault->found_by},
              {"timings", sim::timings_of(*fault)}};
    if (fault->has_severity) {
      item["severity"] = {{"name", fault->severity_name},
                          {"unit", sim::unit_of(fault->severity_dimension)},
                          {"min", fault->severity_min},
                          {"max", fault->severity_max},
                          {"default", fault->severity_default}};
    }
    list.push_back(std::move(item));
  }
  return list;
}

Json option_list(std::span<const can_emulator::ProtocolOption> options) {
  Json list = Json::array();
  for (const can_emulator::ProtocolOption& option : options)
    list.push_back({{"key", option.key}, {"title", option.title}, {"choices", option.choices}});
  return list;
}

Json protocol_list() {
  Json list = Json::array();
  for (const auto* protocol : can_emulator::can_protocols()) {
    list.push_back({{"key", protocol->key},
                    {"title", protocol->title},
                    {"bus", "can"},
                    {"bit_rate_Hz", protocol->bit_rate_Hz},
                    {"dbc", protocol->dbc},
                    {"options", option_list(protocol->options)}});
  }
  for (const auto* protocol : can_emulator::serial_protocols()) {
    list.push_back({{"key", protocol->key},
                    {"title", protocol->title},
                    {"bus", "rs485"},
                    {"baud", protocol->baud},
                    {"options", option_list(protocol->options)}});
  }
  return list;
}

Json port_list() {
  Json list = Json::array();
  for (const auto* scheme : can_emulator::port_schemes()) {
    list.push_back({{"key", scheme->syntax}, {"title", scheme->help}});
  }
  return list;
}

Json signal_list(const std::string& product, const std::filesystem::path& data_folder) {
  Json list = Json::array();
  const sim::SignalCatalogue catalogue(sim::load_product(product, data_folder));
  for (const sim::Signal& signal : catalogue.all()) {
    Json item{{"key", signal.name},
              {"title", signal.help},
              {"unit", sim::unit_of(signal.dimension)},
              {"is_control", signal.is_control()}};
    if (!signal.words.empty()) item["words"] = signal.words;
    list.push_back(std::move(item));
  }
  return list;
}

Json collect(const std::string& what, const std::string& product) {
  const auto data_folder = sim::find_data_folder();
  if (what == "products") return entries(sim::list_products(data_folder));
  if (what == "inverters") return entries(sim::list_inverters(data_folder));
  if (what == "scenarios") return entries(sim::list_scenarios(data_folder));
  if (what == "power-stages") return entries(sim::list_power_stages(data_folder));
  if (what == "faults") return fault_list();
  if (what == "protocols") return protocol_list();
  if (what == "ports") return port_list();
  return signal_list(product, data_folder);
}

// "    frame_length: short or all8", the default first.
void print_options(const Json& options) {
  for (const Json& option : options) {
    fmt::print("    {}: {}\n        {}\n", option["key"].get<std::string>(),
               fmt::join(option["choices"].get<std::vector<std::string>>(), " or "),
               option["title"].get<std::string>());
  }
}

// "    cell; resistance 0.001 to 10000 Ohm, 1 when not given; step, intermittent, ramp".
void print_fault(const Json& fault) {
  std::string severity;
  if (fault.contains("severity")) {
    const Json& range = fault["severity"];
    const std::string unit = range["unit"].get<std::string>();
    severity =
        fmt::format("; {} {:g} to {:g}{}{}, {:g} when not given", range["name"].get<std::string>(),
                    range["min"].get<double>(), range["max"].get<double>(), unit.empty() ? "" : " ",
                    unit, range["default"].get<double>());
  }
  fmt::print("    {}{}; {}\n", fault["target"].get<std::string>(), severity,
             fmt::join(fault["timings"].get<std::vector<std::string>>(), ", "));
  fmt::print("    {}, {}; found by {}\n", fault["failure_mode"].get<std::string>(),
             fault["nature"].get<std::string>(), fault["found_by"].get<std::string>());
}

void print_table(const Json& list) {
  std::size_t width = 0;
  for (const Json& item : list)
    width = std::max(width, item["key"].get_ref<const std::string&>().size());
  for (const Json& item : list) {
    fmt::print("{:<{}}  {}\n", item["key"].get<std::string>(), width,
               item["title"].get<std::string>());
    if (item.contains("options")) print_options(item["options"]);
    if (item.contains("failure_mode")) print_fault(item);
  }
}

}  // namespace

void add_list_command(CLI::App& app, Chosen& chosen) {
  struct Options {
    std::string what;
    std::string product = "generic-16s";
    bool is_json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("list", "What there is to use, by name");
  command->add_option("WHAT", options->what, "What to list")
      ->required()
      ->check(CLI::IsMember({"products", "inverters", "power-stages", "scenarios", "faults",
                             "protocols", "ports", "signals"}));
  command->add_option("--product", options->product, "Whose signals to list")
      ->capture_default_str();
  command->add_flag("--json", options->is_json, "As a JSON array with every detail");
  command->callback([options, &chosen] {
    chosen = [options] {
      const Json list = collect(options->what, options->product);
      if (options->is_json) {
        fmt::print("{}\n", list.dump(2));
      } else {
        print_table(list);
      }
      return kExitOk;
    };
  });
}

}  // namespace doppelpack::app
