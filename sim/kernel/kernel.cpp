// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "kernel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "phases.hpp"
#include "sim/imposed_current.hpp"

namespace doppelpack::sim {

namespace {

/// How long SystemC runs before the stop flag is looked at again.
constexpr Time kFreeChunk = 100 * kMillisecond;

// Serial numbers count the packs.
bms_factory_t factory_setting(const InitialState& initial, std::size_t pack) {
  const double soc = initial.bms_soc.value_or(initial.soc);
  return {static_cast<std::uint16_t>(std::lround(soc * 1000.0)), 1000, 0,
          static_cast<std::uint32_t>(pack + 1)};
}

std::size_t cell_ntc_count(const PackDesign& design) {
  return design.beads.size() - (design.has_mosfet_ntc ? 1 : 0);
}

Condition flawless(const PackDesign& design) {
  const int ntc_count = static_cast<int>(design.beads.size());
  return {models::flawless_hardware(design.cell_count(), ntc_count, design.series), {}};
}

models::PackParameters wired_specimen(const PackSpec& spec, const InverterDesign& inverter) {
  models::PackParameters pack = make_pack_parameters(spec);
  pack.path.cable_Ohm = inverter.cable_Ohm;
  pack.path.cable_H = inverter.cable_H;
  pack.path.link_F = inverter.link_F.value_or(pack.path.has_relays ? kPrechargedLink_F : kFilter_F);
  return pack;
}

PackUnit initial_unit(const PackSpec& spec, const models::PackParameters& specimen) {
  PackUnit unit;
  unit.condition = flawless(spec.product.pack);
  unit.pack = make_initial_pack(spec, specimen);
  unit.sensing =
      models::make_sensing_state(make_sensing_parameters(spec.product, spec.seed), unit.pack);
  unit.nvm.image.resize(BMS_NVM_BYTES);
  unit.supply.is_alive = spec.initial.is_bms_on;
  unit.bms_inputs.dip = spec.initial.dip.value_or(delivered_dip(spec.product));
  return unit;
}

// Of the first pack that broke an invariant, else of the first.
const models::AuditState& worst_audit(const BenchState& state) {
  for (const PackUnit& unit : state.units)
    if (unit.pack.audit.has_failed()) return unit.pack.audit;
  return state.units.front().pack.audit;
}

BenchState initial_state(const Scenario& scenario) {
  BenchState state;
  state.environment.ambient_degC = scenario.initial.T_degC;
  state.inverter.obeys_limits = scenario.inverter.obeys_limits;
  state.inverter.is_connected = scenario.initial.is_inverter_connected;
  state.inverter.imposed_max_V =
      beyond_full_V(scenario.stacked * scenario.product.bms.limits.cvl_mV / 1000.0);
  state.stage_inputs.min_V = scenario.inverter.cutoff_V;
  return state;
}

Verdict verdict_of(const CoreFailure& failure, Time t_ns) {
  Verdict verdict;
  verdict.name = "core";
  verdict.kind = "core";
  verdict.that = name_of(failure.kind);
  verdict.is_decided = true;
  verdict.measured_s = to_seconds(t_ns);
  verdict.reason = failure.what();
  return verdict;
}

Verdict verdict_of(const models::Violation& violation, Time t_ns) {
  const std::string where =
      violation.node < 0 ? "the whole pack" : fmt::format("cell {}", violation.node + 1);
  Verdict verdict;
  verdict.name = "audit";
  verdict.kind = "invariant";
  verdict.that = models::name_of(violation.invariant);
  verdict.is_decided = true;
  verdict.measured_s = to_seconds(t_ns);
  verdict.reason = fmt::format("{} of {} is off by {:.6g}, limit {:.6g}, at {:.6g} s", verdict.that,
                               where, violation.size, violation.limit, to_seconds(t_ns));
  return verdict;
}

RecordOptions record_options(const Scenario& scenario, const BenchOptions& options) {
  return {options.out, options.recording, options.speed > 0.0,
          fmt::format("{} of {}, seed {}", scenario.key, scenario.product.key, scenario.seed),
          options.notice};
}

void log_core(std::string_view kind, const CoreIdentity& core, EventLog& events) {
  events.add(0, kind, {{"name", core.name}, {"version", core.version}, {"sha256", core.sha256}});
}

std::unique_ptr<CanBusModule> make_can_bus(const Parts& parts) {
  const Scenario& scenario = parts.scenario;
  if (scenario.product.can == nullptr) return nullptr;
  HostPorts& ports = parts.ports;
  const BenchOptions& options = parts.options;
  CanOutlet outlet;
  for (const auto& port : ports.can) outlet.are_listen_only.push_back(port->is_file());
  if (options.has_can_node) outlet.are_listen_only.push_back(false);
  outlet.send = [&ports, &options, outside = parts.outside](
                    Time t_ns, const can_emulator::CanFrame& frame, const CanSender& sender) {
    ports.send(t_ns, frame, sender);
    if (outside != nullptr && sender.kind == CanSender::Kind::port) outside->hear(frame);
    if (options.can_watch) options.can_watch(t_ns, frame, sender.kind == CanSender::Kind::pack);
  };
  return std::make_unique<CanBusModule>("can1", parts.packs, scenario.inverter, parts.time,
                                        parts.state, parts.recorder, std::move(outlet));
}

std::unique_ptr<SerialLineModule> make_serial_line(const Parts& parts) {
  const Scenario& scenario = parts.scenario;
  if (scenario.product.rs485 == nullptr) return nullptr;
  HostPorts& ports = parts.ports;
  SerialOutlet outlet;
  outlet.port_count = ports.rs485.size();
  outlet.send = [&ports](std::size_t port, can_emulator::BytesView bytes) {
    ports.rs485[port]->send(bytes);
  };
  return std::make_unique<SerialLineModule>("rs485_1", parts.packs, scenario.inverter, parts.time,
                                            parts.state, parts.recorder, std::move(outlet));
}

std::unique_ptr<PowerModule> make_power(const Parts& parts, Sampler& sampler) {
  if (parts.outside == nullptr) return nullptr;
  return std::make_unique<PowerModule>("power", *parts.outside,
                                       parts.scenario.inverter.stage.conductance_S, parts.time,
                                       sampler, parts.state, parts.recorder.events());
}

}  // namespace

BmsParts::BmsParts(const Parts& parts, std::size_t pack, Sampler& sampler)
    : afe(fmt::format("afe{}", pack + 1).c_str(),
          make_sensing_parameters(parts.packs[pack].product, parts.packs[pack].seed),
          parts.packs[pack].product.sampling, cell_ntc_count(parts.packs[pack].product.pack),
          parts.time, sampler, parts.state.units[pack], parts.recorder.events()),
      peripherals(parts.packs[pack].product, parts.packs[pack].seed, parts.state.site,
                  parts.state.units[pack]),
      board(fmt::format("bms{}", pack + 1), *parts.cores[pack], parts.packs[pack].product,
            parts.time, sampler, afe, peripherals, parts.state.units[pack],
            parts.recorder.events()) {}

namespace {

std::vector<std::unique_ptr<BmsParts>> make_all_bms(const Parts& parts, Sampler& sampler) {
  std::vector<std::unique_ptr<BmsParts>> all;
  for (std::size_t pack = 0; pack < parts.packs.size(); ++pack)
    all.push_back(std::make_unique<BmsParts>(parts, pack, sampler));
  return all;
}

std::vector<BmsBoard*> boards_of(const std::vector<std::unique_ptr<BmsParts>>& all) {
  std::vector<BmsBoard*> boards;
  for (const auto& bms : all) boards.push_back(&bms->board);
  return boards;
}

}  // namespace

Modules::Modules(const Parts& parts, std::vector<Condition> as_built,
                 std::vector<models::PackParameters> specimens,
                 std::function<void(Time)> after_pass)
    : plant("plant", std::move(specimens), parts.scenario.stacked, parts.scenario.inverter.stage,
            parts.state),
      sampler(parts.time, plant),
      bms(make_all_bms(parts, sampler)),
      firmware("firmware", boards_of(bms), parts.scenario.product.sampling.task_delay_ns,
               parts.time, parts.state, std::move(after_pass)),
      inverter("inverter", parts.scenario.inverter, parts.time, sampler, parts.state,
               parts.recorder.events()),
      can(make_can_bus(parts)),
      rs485(make_serial_line(parts)),
      host(parts.ports.empty() ? nullptr
                               : std::make_unique<HostModule>("host", parts.ports, parts.time,
                                                              can.get(), rs485.get())),
      power(make_power(parts, sampler)),
      timeline("timeline", parts.scenario, parts.catalogue, std::move(as_built), parts.time,
               sampler, parts.state, parts.recorder.events(), parts.watch,
               [this] {
                 if (can) can->notice_cabling();
               }),
      sampling("recorder", parts.scenario.record.period_ns, parts.time, parts.state,
               parts.recorder) {}

Bench::Kernel::Kernel(Scenario given_scenario, BenchOptions given_options, const Snapshot* from)
    : scenario(std::move(given_scenario)),
      options(std::move(given_options)),
      packs(pack_specs(scenario)),
      catalogue(products_of(scenario)),
      state(initial_state(scenario)),
      pacing_(options.speed, options.real_time, options.notice),
      watch_(scenario, catalogue) {
  load_cores();  // before the ports start their threads: an isolated core is forked
  if (from != nullptr) check(*from);
  open_ports();
  recorder_.emplace(scenario.record, catalogue, record_options(scenario, options));
  recorder_->watch_serial(options.serial_watch);
  if (from == nullptr) {
    log_start();
  } else {
    for (const Event& event : from->events) recorder_->events().add(event);
  }
  std::vector<models::PackParameters> specimens;
  std::vector<Condition> as_built;
  for (const PackSpec& spec : packs) {
    specimens.push_back(wired_specimen(spec, scenario.inverter));
    state.units.push_back(initial_unit(spec, specimens.back()));
    as_built.push_back(state.units.back().condition);
    format_memory(as_built.size() - 1);
  }
  const Context::Use use(context_);
  const Parts parts{scenario, packs,      catalogue, options, time_,         cores_,
                    state,    *recorder_, ports_,    watch_,  outside_.get()};
  modules_ = std::make_unique<Modules>(parts, std::move(as_built), std::move(specimens),
                                       [this](Time t_ns) { after_pass(t_ns); });
  if (from == nullptr) {
    begin();
  } else {
    go_on(*from);
  }
  if (modules_->host) modules_->host->plug_in();
  if (modules_->power) modules_->power->plug_in();
  for (Alarm* alarm : time_.alarms()) alarm->arm();
}

void Bench::Kernel::begin() {
  look_for_the_end(0);
  for (std::size_t pack = 0; pack < packs.size(); ++pack)
    if (packs[pack].initial.is_bms_on) switch_on(pack);
}

void Bench::Kernel::log_start() {
  EventLog& events = recorder_->events();
  events.add(0, "start",
             {{"scenario", scenario.key},
              {"product", scenario.product.key},
              {"seed", static_cast<std::int64_t>(scenario.seed)}});
  if (outside_) events.add(0, "power", {{"source", outside_->name()}});
  log_core("core", cores_.front()->identity(), events);
  if (shadow_) log_core("shadow", *shadow_, events);
}

Bench::Kernel::~Kernel() {
  const Context::Use use(context_);
  modules_.reset();
}

void Bench::Kernel::load_cores() {
  for (std::size_t pack = 0; pack < packs.size(); ++pack) {
    std::unique_ptr<CoreHost> core = make_core_host(options.core);
    if (options.shadow) {
      std::unique_ptr<CoreHost> shadow = make_core_host(options.shadow->core);
      shadow_ = shadow->identity();
      core = make_shadowed_host(std::move(core), std::move(shadow), *options.shadow);
    }
    if (options.bms_trace != nullptr && pack == 0)
      core = make_traced_host(std::move(core), *options.bms_trace);
    cores_.push_back(std::move(core));
  }
}

void Bench::Kernel::format_memory(std::size_t pack) {
  try {
    cores_[pack]->format({}, factory_setting(packs[pack].initial, pack),
                         NvmSpan(state.units[pack].nvm.image));
  } catch (const CoreFailure&) {
    // Whoever fails here does so again when it is powered up, and that is reported.
  }
}

// The most ordinary way that the product offers.
void Bench::Kernel::switch_on(std::size_t pack) {
  constexpr Time kLonger = 200 * kMillisecond;
  const Product& product = packs[pack].product;
  const WakeCircuit& circuit = product.board.wake;
  const Time press_ns = product.bms.sequence.press_on_ms * kMillisecond + kLonger;
  if ((circuit.buttons & BMS_BUTTON_SWITCH) != 0) {
    state.units[pack].bms_inputs.buttons |= BMS_BUTTON_SWITCH;
  } else if ((circuit.buttons & BMS_BUTTON_POWER) != 0) {
    modules_->timeline.press(pack, BMS_BUTTON_POWER, press_ns);
  } else if ((circuit.buttons & BMS_BUTTON_WAKE) != 0) {
    modules_->timeline.press(pack, BMS_BUTTON_WAKE, press_ns);
  } else {
    state.site.are_wake_pins_driven = circuit.has_pins;
  }
}

void Bench::Kernel::open_ports() {
  ports_.pacer = &pacing_.pacer();
  const Product& product = scenario.product;
  if (!options.can_ports.empty() && product.can == nullptr) {
    throw DataError({product.file, 0, "bus.can"},
                    "found a port for it, but the product has no CAN");
  }
  if (!options.rs485_ports.empty() && product.rs485 == nullptr) {
    throw DataError({product.file, 0, "bus.rs485"},
                    "found a port for it, but the product has no RS485");
  }
  for (const auto& uri : options.can_ports) {
    ports_.can.push_back(std::make_unique<can_emulator::LiveCanPort>(uri, options.notice));
  }
  for (const auto& uri : options.rs485_ports) {
    ports_.rs485.push_back(std::make_unique<can_emulator::LiveBytePort>(uri, options.notice));
  }
  if (options.open_power) outside_ = options.open_power();
}

void Bench::Kernel::end_for_violation(Time t_ns, const PackUnit& unit) {
  violated_at_ns_ = t_ns;
  const models::Violation& violation = unit.pack.audit.first;
  recorder_->events().add(t_ns, "violation",
                          {{"invariant", models::name_of(violation.invariant)},
                           {"node", std::int64_t{violation.node + 1}},
                           {"size", violation.size},
                           {"limit", violation.limit}});
  recorder_->dump("violation.json", to_json(t_ns, unit.pack));
  ending_ = verdict_of(violation, t_ns);
}

void Bench::Kernel::end_for_core(Time t_ns, const BmsBoard& board) {
  const CoreFailure& failure = *board.failure();
  recorder_->events().add(t_ns, "core-failure",
                          {{"kind", name_of(failure.kind)}, {"step", board.steps()}});
  recorder_->dump(failure.file_name, failure.report);
  ending_ = verdict_of(failure, t_ns);
}

void Bench::Kernel::look_for_the_end(Time t_ns) {
  for (const auto& bms : modules_->bms) {
    if (bms->board.failure() == nullptr) [[likely]]
      continue;
    end_for_core(t_ns, bms->board);
    return;
  }
  for (const PackUnit& unit : state.units) {
    if (!unit.pack.audit.has_failed()) [[likely]]
      continue;
    end_for_violation(t_ns, unit);
    return;
  }
}

void Bench::Kernel::after_pass(Time t_ns) {
  if (is_over()) return;
  look_for_the_end(t_ns);
  if (is_over()) {
    pause();
    return;
  }
  modules_->timeline.look(t_ns);
  if (options.pass_watch) options.pass_watch(t_ns, state);
  if (until_ != nullptr && until_->holds(state)) {
    has_until_held_ = true;
    until_ = nullptr;
    pause();
  }
}

/// The kernel stays behind when the firmware is ahead of it; advance_kernel() lets it catch up.
void Bench::Kernel::pause() {
  paused_at_ns_ = time_.now_ns();
  time_.stop();
  sc_core::sc_pause();
}

void Bench::Kernel::advance_kernel(Time t_ns) {
  paused_at_ns_ = 0;
  time_.set_end(t_ns);
  sc_core::sc_start(to_sc_time(t_ns - sc_now_ns()));
  // Nobody else is due before the moment at which the firmware saw a reason to pause.
  if (paused_at_ns_ > sc_now_ns()) sc_core::sc_start(to_sc_time(paused_at_ns_ - sc_now_ns()));
  now_ns_ = sc_now_ns();
}

void Bench::Kernel::set_speed(double speed) {
  pacing_.set_speed(speed);
  recorder_->set_live(pacing_.is_paced());
}

bool Bench::Kernel::run(Time t_ns, const ConditionExpression* until) {
  if (until != nullptr && until->holds(state)) return true;
  const auto wall_start = std::chrono::steady_clock::now();
  const Context::Use use(context_);
  until_ = until;
  has_until_held_ = false;
  pacing_.resume(now_ns_);
  const Time chunk_ns = pacing_.is_paced() ? pacing_.slot_ns() : kFreeChunk;
  while (now_ns_ < t_ns && !has_until_held_ && !is_stop_requested_ && !is_over()) {
    advance_kernel(std::min(now_ns_ + chunk_ns, t_ns));
    pacing_.wait_for(now_ns_);
  }
  until_ = nullptr;
  is_stop_requested_ = false;
  if (!pacing_.is_paced()) recorder_->flush();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - wall_start;
  wall_s_ += took.count();
  return has_until_held_;
}

// The node comes after those of the ports.
void Bench::Kernel::transmit(const can_emulator::CanFrame& frame) {
  const Context::Use use(context_);
  modules_->can->transmit_from_port(ports_.can.size(), frame);
}

RunResult Bench::Kernel::finish(const std::vector<Verdict>& judged_outside) {
  const Context::Use use(context_);
  watch_.finish(now_ns_, state);
  EventLog& events = recorder_->events();
  RunResult result;
  result.scenario = scenario.key;
  result.title = scenario.title;
  result.rows = scenario.rows;
  result.product = scenario.product.key;
  result.seed = scenario.seed;
  result.has_passed = !watch_.has_failed() && !is_over();
  result.expectations.assign(watch_.verdicts().begin(), watch_.verdicts().end());
  result.core = cores_.front()->identity();
  result.shadow = shadow_;
  result.audit.state = worst_audit(state);
  if (violated_at_ns_ >= 0) result.audit.violated_at_s = to_seconds(violated_at_ns_);
  if (ending_) result.expectations.push_back(*ending_);
  for (const Verdict& verdict : result.expectations) {
    events.add(now_ns_, "expectation", {{"name", verdict.name}, {"has_held", verdict.has_held}});
  }
  events.add(now_ns_, "end", {{"has_passed", result.has_passed}});
  for (const Verdict& verdict : judged_outside)
    result.has_passed = result.has_passed && verdict.has_held;
  result.expectations.insert(result.expectations.begin(), judged_outside.begin(),
                             judged_outside.end());
  result.simulated_s = to_seconds(now_ns_);
  result.wall_s = wall_s_;
  result.real_time_factor = wall_s_ > 0.0 ? result.simulated_s / wall_s_ : 0.0;
  result.event_log_sha256 = events.sha256();
  result.recording = recorder_->close();
  result.timing = pacing_.report();
  recorder_->finish(result);
  return result;
}

}  // namespace doppelpack::sim
