// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <exception>

#include "can_emulator/port.hpp"
#include "commands.hpp"
#include "sim/data_error.hpp"
#include "sim/version.hpp"

namespace {

constexpr const char* kFooter = R"(
Examples:
  doppelpack run over-charge                      one scenario, as fast as possible
  doppelpack run scenarios/cases/*.yaml --junit report.xml
  doppelpack matrix --out results                 every row of the fault matrix
  doppelpack campaign --out results               every single fault in every state
  doppelpack run over-charge --set initial.soc="80 %" --out results
  doppelpack serve pylontech-us5000 --can slcan-pty:/tmp/can --rs485 pty:/tmp/rs485
  doppelpack run over-charge --bms ./libmycore.so --isolated    another protection core
  doppelpack diff-cores over-charge --bms builtin --bms ./libmycore.so
  doppelpack list faults                          what can be injected
  doppelpack check my-scenario.yaml               errors with line numbers
  doppelpack age generic-16s                      what ten years leave of it
  doppelpack replay capture.log --product pylontech-us5000      a recorded bus again
  doppelpack export-fmu pylontech-us5000          the pack for Simulink, Modelica tools, FMPy

Exit code: 0 all expectations held, 1 one failed, 2 bad usage or bad file.)";

int run_program(int argc, char** argv) {
  namespace app = doppelpack::app;
  CLI::App parser{
      "doppelpack - the battery pack that isn't there: a LiFePO4 home-storage pack simulator"};
  parser.set_version_flag("--version", fmt::format("doppelpack {}", doppelpack::sim::kVersion));
  parser.footer(kFooter);
  parser.require_subcommand(1);
  app::Chosen chosen;
  app::add_run_command(parser, chosen);
  app::add_serve_command(parser, chosen);
  app::add_diff_command(parser, chosen);
  app::add_list_command(parser, chosen);
  app::add_check_command(parser, chosen);
  app::add_age_command(parser, chosen);
  app::add_matrix_command(parser, chosen);
  app::add_campaign_command(parser, chosen);
  app::add_replay_command(parser, chosen);
  app::add_compat_command(parser, chosen);
  app::add_export_fmu_command(parser, chosen);
  try {
    parser.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parser.exit(error) == 0 ? app::kExitOk : app::kExitBadInput;
  }
  return chosen();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run_program(argc, argv);
  } catch (const doppelpack::sim::DataError& error) {
    fmt::print(stderr, "doppelpack: {}\n", error.what());
  } catch (const doppelpack::can_emulator::PortError& error) {
    fmt::print(stderr, "doppelpack: {}\n", error.what());
  } catch (const std::exception& error) {
    fmt::print(stderr, "doppelpack: internal error: {}\n", error.what());
    return 70;  // EX_SOFTWARE: not the user's fault
  }
  return doppelpack::app::kExitBadInput;
}
