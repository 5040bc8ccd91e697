// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "http/live_bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "sim/data_error.hpp"

namespace doppelpack::http {

namespace {

using sim::DataError;
using sim::Time;

/// How long nothing happens to a bench that stands still before it looks around.
constexpr std::chrono::milliseconds kIdle{100};
constexpr double kFastest = 1e6;

DataError refusal(std::string_view field, const std::string& text) {
  return DataError({"", 0, std::string(field)}, text);
}

double checked_speed(double speed) {
  if (speed >= 0.0 && speed <= kFastest) return speed;
  throw refusal("speed", fmt::format("found {:g}, expected 0..{:g}", speed, kFastest));
}

// A bare number is in the unit of what it is for.
std::string with_unit(const std::string& text, sim::Dimension dimension) {
  const bool is_bare = text.find_first_not_of("+-0123456789.eE") == std::string::npos;
  return is_bare ? fmt::format("{} {}", text, sim::unit_of(dimension)) : text;
}

double control_value(const sim::Signal& signal, const std::string& text) {
  try {
    const bool is_bare =
        !text.empty() && text.find_first_not_of("+-0123456789.eE") == std::string::npos;
    if (is_bare && !signal.words.empty()) return sim::parse_quantity(text, sim::Dimension::none);
    return sim::parse_value(signal,
                            signal.words.empty() ? with_unit(text, signal.dimension) : text);
  } catch (const std::invalid_argument& error) {
    throw refusal("value", error.what());
  }
}

const sim::Signal& find_signal(const sim::SignalCatalogue& catalogue, const std::string& name) {
  try {
    return catalogue.all()[catalogue.find(name)];
  } catch (const std::invalid_argument& error) {
    throw refusal("name", error.what());
  }
}

std::optional<double> severity_of(const Inject& inject, const std::string& text) {
  if (text.empty()) return {};
  const sim::Fault* const fault = sim::find_fault(inject.fault);
  const auto dimension = fault == nullptr ? sim::Dimension::none : fault->severity_dimension;
  try {
    return sim::parse_quantity(with_unit(text, dimension), dimension);
  } catch (const std::invalid_argument& error) {
    throw refusal("severity", error.what());
  }
}

}  // namespace

LiveBench::LiveBench(sim::Scenario scenario, const sim::BenchOptions& options)
    : scenario_(std::move(scenario)),
      catalogue_(sim::products_of(scenario_)),
      options_(options),
      bench_(std::make_unique<sim::Bench>(scenario_, watched(options))),
      clock_(options.speed) {
  report_->follow(*bench_);
  publish();
}

sim::BenchOptions LiveBench::watched(sim::BenchOptions options) {
  options.can_watch = [this](Time t_ns, const can_emulator::CanFrame& frame, bool is_from_pack) {
    buses_->hear(t_ns, frame, is_from_pack);
  };
  options.serial_watch = [this](Time t_ns, sim::Direction direction,
                                can_emulator::BytesView bytes) {
    buses_->hear(t_ns, direction, bytes);
  };
  report_->attach(options);
  return options;
}

void LiveBench::run_slice(Time end_ns) {
  obey_letters();
  if (bench_ == nullptr) std::rethrow_exception(lost_);
  if (!bench_->is_over() && (clock_.state().is_running || step_end_ns_ >= 0)) {
    let_time_pass(end_ns);
  } else {
    mailbox_.wait(kIdle);
    return;
  }
  publish();
}

// Who asks for something sees it done: what has become of it is published before it is said.
void LiveBench::obey_letters() {
  std::vector<std::pair<std::promise<Outcome>, Outcome>> answers;
  while (auto letter = mailbox_.take())
    answers.emplace_back(std::move(letter->outcome), obey(letter->command));
  if (answers.empty()) return;
  if (bench_ != nullptr) publish();
  for (auto& [promise, outcome] : answers) promise.set_value(std::move(outcome));
}

void LiveBench::let_time_pass(Time end_ns) {
  const Time start_ns = bench_->now_ns();
  if (step_end_ns_ >= 0) end_ns = std::min(end_ns, step_end_ns_);
  const Time slice_end_ns =
      end_ns - start_ns > clock_.slice_ns() ? start_ns + clock_.slice_ns() : end_ns;
  const auto start = RunClock::WallClock::now();
  bench_->run_until(slice_end_ns);
  clock_.note(bench_->now_ns() - start_ns, RunClock::WallClock::now() - start);
  if (step_end_ns_ < 0 || bench_->now_ns() < step_end_ns_) return;
  step_end_ns_ = -1;
  bench_->set_speed(clock_.state().speed);
}

Outcome LiveBench::obey(const Command& command) {
  try {
    if (bench_ == nullptr) return {"the bench is gone"};
    const bool works_on_the_dead =
        std::holds_alternative<Restore>(command) || std::holds_alternative<TakeReport>(command);
    if (bench_->is_over() && !works_on_the_dead)
      return {"the bench is over: " + bench_->why_over()};
    carry_out(command);
    return {};
  } catch (const std::exception& error) {
    return {error.what()};
  }
}

void LiveBench::carry_out(const Command& command) {
  struct Visitor {
    LiveBench& self;
    void operator()(const SetRunning& wish) const {
      self.step_end_ns_ = -1;
      self.bench_->set_speed(self.clock_.state().speed);
      self.clock_.set_running(wish.is_running);
    }
    void operator()(const SetSpeed& wish) const {
      self.clock_.set_speed(checked_speed(wish.speed));
      if (self.step_end_ns_ < 0) self.bench_->set_speed(wish.speed);
    }
    void operator()(const Step& step) const {
      self.clock_.set_running(false);
      self.step_end_ns_ = self.bench_->now_ns() + step.duration_ns;
      self.bench_->set_speed(0.0);
    }
    void operator()(const SetControl& wish) const {
      const sim::Signal& signal = find_signal(self.signals(), wish.name);
      self.bench_->set(wish.name, control_value(signal, wish.value));
    }
    void operator()(const Press& press) const {
      self.bench_->press(press.button, press.duration_ns, press.pack);
    }
    void operator()(const Inject& inject) const {
      self.bench_->inject(
          inject.fault, inject.target, severity_of(inject, inject.severity), inject.id, inject.pack,
          {inject.duration_ns, severity_of(inject, inject.ramp_to), inject.ramp_ns});
    }
    void operator()(const Clear& clear) const { self.bench_->clear(clear.id); }
    void operator()(const TakeSnapshot& wish) const { self.keep(wish.name); }
    void operator()(const Restore& wish) const { self.restore(wish.number); }
    void operator()(const TakeReport& wish) const { *wish.place = self.report(); }
  };
  std::visit(Visitor{*this}, command);
}

void LiveBench::keep(const std::string& name) {
  sim::Snapshot snapshot = bench_->snapshot();
  KeptMoment moment{++last_kept_, name, sim::to_seconds(snapshot.t_ns)};
  kept_.push_back({std::move(moment), std::move(snapshot)});
  if (kept_.size() > kMostSnapshots) kept_.pop_front();
}

// The ports and the folder are those of one bench: the old one goes before the new one comes.
void LiveBench::restore(int number) {
  const auto found = std::find_if(kept_.begin(), kept_.end(), [number](const Kept& kept) {
    return kept.moment.number == number;
  });
  if (found == kept_.end())
    throw refusal("snapshot", fmt::format("found {}, expected the number of a snapshot", number));
  if (options_.core.is_isolated)
    throw refusal("snapshot", "an isolated core cannot be started again while threads run");
  ++restores_;
  sim::BenchOptions options = options_;
  options.speed = clock_.state().speed;
  if (options.out) {
    *options.out /= fmt::format("restored-{}", restores_);
    bench_->finish();
  }
  bench_.reset();
  buses_.emplace();
  events_.emplace();
  report_.emplace();
  step_end_ns_ = -1;
  try {
    bench_ = std::make_unique<sim::Bench>(scenario_, watched(std::move(options)), found->snapshot);
  } catch (const std::exception&) {
    lost_ = std::current_exception();
    throw;
  }
  report_->follow(*bench_);
}

void LiveBench::publish() {
  auto frame = std::make_shared<LiveFrame>();
  frame->number = ++frames_;
  frame->restores = restores_;
  frame->t_ns = bench_->now_ns();
  const auto signals = bench_->signals().all();
  frame->values.reserve(signals.size());
  for (const sim::Signal& signal : signals) frame->values.push_back(signal.read(bench_->state()));
  frame->clock = clock_.state();
  frame->clock.is_running = !bench_->is_over() && (clock_.state().is_running || step_end_ns_ >= 0);
  frame->timing = clock_.timing();
  frame->report = bench_->timing();
  frame->why_over = bench_->why_over();
  frame->events = events_->look(bench_->recorder().events());
  frame->buses = buses_->traffic();
  for (const Kept& kept : kept_) frame->snapshots.push_back(kept.moment);
  published_.store(std::move(frame));
}

}  // namespace doppelpack::http
