// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "commands.hpp"
#include "console.hpp"
#include "http/frame_text.hpp"
#include "http/server.hpp"
#include "power_options.hpp"
#include "real_time_options.hpp"
#include "record_options.hpp"
#include "report_options.hpp"
#include "shared_options.hpp"
#include "sim/bench.hpp"
#include "sim/load.hpp"
#include "stop_on_signal.hpp"

namespace doppelpack::app {

namespace {

struct ServeOptions {
  std::string product;
  std::vector<std::string> can;
  std::vector<std::string> rs485;
  double speed = 1.0;
  double duration_s = 0.0;
  std::uint64_t seed = 1;
  std::string out;
  PowerOptions power;
  std::string bms;
  std::string inverter = "listener";
  int packs = 1;
  std::string http;
  std::string http_token_file;
  CoreOptions core;
  RecordArguments record;
  HtmlReportOptions report;
  PaceOptions pace;
};

std::vector<can_emulator::PortUri> parse_uris(const std::vector<std::string>& texts) {
  std::vector<can_emulator::PortUri> uris;
  uris.reserve(texts.size());
  for (const std::string& text : texts) uris.push_back(can_emulator::parse_port_uri(text));
  return uris;
}

std::string status_line(const sim::Bench& bench) {
  const bms_report_t& report = bench.state().units[0].bms_outputs.report;
  return fmt::format("t {:.0f} s  {}  {:.2f} V  {:+.1f} A  SOC {:.1f} %  CAN {}/{}  RS485 {}/{}",
                     sim::to_seconds(bench.now_ns()), bms_state_name(report.state),
                     report.pack_mV / 1000.0, report.current_mA / 1000.0,
                     report.soc_permille / 10.0, bench.state().can.from_pack,
                     bench.state().can.from_outside, bench.state().rs485.from_pack,
                     bench.state().rs485.from_outside);
}

void announce(const ServeOptions& options, const http::Server* server) {
  std::string ports;
  for (const std::string& uri : options.can) ports += "  can " + uri;
  for (const std::string& uri : options.rs485) ports += "  rs485 " + uri;
  if (server != nullptr) ports += "  page http://" + to_text(server->address()) + "/";
  fmt::print("serving {}{}{}  (Ctrl-C stops)\n", options.product, ports,
             options.out.empty() ? "" : "  recording to " + options.out);
  std::fflush(stdout);
}

sim::Scenario make_scenario(const ServeOptions& options) {
  const auto data_folder = sim::find_data_folder();
  const sim::Product product = sim::load_product(options.product, data_folder);
  sim::Scenario scenario =
      sim::make_free_run(product, sim::load_inverter(options.inverter, data_folder));
  scenario.seed = options.seed;
  const bool is_stack = product.bms.bank.kind == BMS_BANK_STACK;
  apply(options.record, scenario);
  sim::add_like_packs(scenario, options.packs, is_stack ? options.packs : 1);
  return scenario;
}

sim::BenchOptions make_options(const ServeOptions& options) {
  const auto log = spdlog::stderr_color_mt("doppelpack");
  log->set_pattern("%H:%M:%S %^%l%$ %v");
  sim::BenchOptions bench;
  bench.speed = options.speed;
  bench.core = choose_core(options.bms, options.core);
  bench.can_ports = parse_uris(options.can);
  bench.rs485_ports = parse_uris(options.rs485);
  if (!options.out.empty()) bench.out = options.out;
  bench.recording = choose_recording(options.record);
  bench.notice = [log](std::string_view line) {
    log->warn("{}", fmt::string_view(line.data(), line.size()));
  };
  apply(options.pace, bench);
  return bench;
}

int end(const ServeOptions& options, sim::Bench& bench,
        const std::function<void(const sim::RunResult&)>& report) {
  clear_status();
  const sim::RunResult result = bench.finish();
  fmt::print("stopped after {:.3f} s simulated\n", result.simulated_s);
  print_losses(result);
  report(result);
  if (!result.has_passed) fmt::print("{}\n", result.expectations.back().reason);
  print_timing(result.timing);
  return result.has_passed && is_timing_accepted(options.pace, result) ? kExitOk : kExitFailed;
}

sim::Time end_ns(const ServeOptions& options) {
  return options.duration_s > 0.0 ? static_cast<sim::Time>(options.duration_s * 1e9)
                                  : std::numeric_limits<sim::Time>::max();
}

int serve_ports(const ServeOptions& options, const HtmlReports& reports) {
  sim::Scenario scenario = make_scenario(options);
  sim::BenchOptions bench_options = make_options(options);
  attach_power(options.power, scenario, bench_options);
  HtmlReport report(reports, scenario, options.product);
  report.attach(bench_options);
  sim::Bench bench(std::move(scenario), std::move(bench_options));
  report.follow(bench);
  bench.set("inverter1/demand_W", demand_W(options.power));
  announce(options, nullptr);
  StopOnSignal stopper([&] { bench.request_stop(); });
  const sim::Time until_ns = end_ns(options);
  while (!stopper.was_stopped() && !bench.is_over() && bench.now_ns() < until_ns) {
    bench.run_until(std::min(until_ns, bench.now_ns() + sim::kSecond));
    show_status(status_line(bench));
  }
  return end(options, bench, [&](const sim::RunResult& result) { report.write(bench, result); });
}

// Without an end of its own, a bench that is over stays on the page until somebody stops it.
int serve_page(const ServeOptions& options, const HtmlReports& reports) {
  const http::Address address = http::parse_address(options.http);
  http::Guard guard;
  if (!options.http_token_file.empty()) guard.token = http::read_token(options.http_token_file);
  http::refuse_open_address(address, guard);
  sim::Scenario scenario = make_scenario(options);
  sim::BenchOptions bench_options = make_options(options);
  attach_power(options.power, scenario, bench_options);
  http::LiveBench live(std::move(scenario), bench_options);
  live.bench().set("inverter1/demand_W", demand_W(options.power));
  http::Site site(live, std::move(guard), command_line(*options.report.command, options.product));
  const http::Server server(address, site);
  announce(options, &server);
  StopOnSignal stopper([&] { live.wake(); });
  const sim::Time until_ns = end_ns(options);
  auto shown = std::chrono::steady_clock::now();
  const auto has_ended = [&] {
    return live.bench().now_ns() >= until_ns ||
           (options.duration_s > 0.0 && live.bench().is_over());
  };
  while (!stopper.was_stopped() && !has_ended()) {
    live.run_slice(until_ns);
    if (std::chrono::steady_clock::now() - shown < std::chrono::seconds(1)) continue;
    shown = std::chrono::steady_clock::now();
    show_status(status_line(live.bench()));
  }
  return end(options, live.bench(), [&](const sim::RunResult& result) {
    if (!reports.are_wanted()) return;
    reports.write(
        {reports.command_line_of(options.product), "", "", http::clock_text(*live.frame())},
        *live.report(), live.scenario(), result);
  });
}

int serve(const ServeOptions& options) {
  block_stop_signals();
  demand_W(options.power);  // refuses before anything is opened
  const HtmlReports reports(options.report, 1);
  return options.http.empty() ? serve_ports(options, reports) : serve_page(options, reports);
}

void add_http_options(CLI::App& command, ServeOptions& options) {
  CLI::Option* const address = command.add_option(
      "--http", options.http,
      "Serve the live page and its API, such as 127.0.0.1:8080; docs/http_api.md");
  command
      .add_option("--http-token-file", options.http_token_file,
                  "File with the token that requests must bear; needed beyond loopback")
      ->needs(address);
}

}  // namespace

void add_serve_command(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command =
      app.add_subcommand("serve", "Be a pack in real time, with its bus ports open to the world");
  command->add_option("PRODUCT", options->product, "Product file, or a name from 'list products'")
      ->required();
  command->add_option("--can", options->can, "Port for the CAN bus (repeatable; 'list ports')")
      ->allow_extra_args(false);
  command->add_option("--rs485", options->rs485, "Port for the RS485 line (repeatable)")
      ->allow_extra_args(false);
  command->add_option("--speed", options->speed, "Simulated seconds per second")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command
      ->add_option("--duration", options->duration_s,
                   "Simulated seconds to serve; without it until Ctrl-C")
      ->check(CLI::PositiveNumber);
  command->add_option("--seed", options->seed, "Which specimen of the product")
      ->capture_default_str();
  add_record_options(*command, options->record,
                     command->add_option("--out", options->out, "Folder for the recording"));
  command->add_option("--bms", options->bms,
                      "Shared library with another protection core; docs/plug_in_your_bms.md");
  add_core_options(*command, options->core);
  add_power_options(*command, options->power);
  add_pace_options(*command, options->pace);
  command->add_option("--inverter", options->inverter, "Inverter at the terminals")
      ->capture_default_str();
  command
      ->add_option("--packs", options->packs, "Packs of this product on one busbar, or in a stack")
      ->check(CLI::Range(1, BMS_MAX_PACKS))
      ->capture_default_str();
  add_http_options(*command, *options);
  add_html_report_option(*command, options->report,
                         "Write a report to this .html file, or to a folder, when it stops");
  command->footer(
      "Example: doppelpack serve pylontech-us5000 --can slcan-pty:/tmp/can --rs485 pty:/tmp/rs485");
  command->callback([options, &chosen] { chosen = [options] { return serve(*options); }; });
}

}  // namespace doppelpack::app
