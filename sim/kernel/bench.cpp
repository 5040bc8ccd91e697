// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/bench.hpp"

#include <fmt/format.h>

#include <utility>

#include "kernel.hpp"
#include "load/quoted.hpp"
#include "sim/resolve.hpp"

namespace doppelpack::sim {

namespace {

/// The location of something asked for through the API: no file, no line.
SourceLocation asked(std::string_view what) {
  return {"", 0, std::string(what)};
}

}  // namespace

Bench::Bench(Scenario scenario, BenchOptions options)
    : kernel_(std::make_unique<Kernel>(std::move(scenario), std::move(options), nullptr)) {}

Bench::Bench(Scenario scenario, BenchOptions options, const Snapshot& from)
    : kernel_(std::make_unique<Kernel>(std::move(scenario), std::move(options), &from)) {}

Bench::~Bench() = default;

Time Bench::now_ns() const {
  return kernel_->now_ns();
}
const Scenario& Bench::scenario() const {
  return kernel_->scenario;
}
const BenchState& Bench::state() const {
  return kernel_->state;
}
const SignalCatalogue& Bench::signals() const {
  return kernel_->catalogue;
}
const Recorder& Bench::recorder() const {
  return kernel_->recorder();
}

void Bench::run_until(Time t_ns) {
  kernel_->run(t_ns, nullptr);
}

bool Bench::run_until(const ConditionExpression& condition, Time t_ns) {
  return kernel_->run(t_ns, &condition);
}

void Bench::set_speed(double speed) {
  kernel_->set_speed(speed);
}

std::optional<TimingReport> Bench::timing() const {
  return kernel_->timing();
}

bool Bench::is_over() const {
  return kernel_->is_over();
}

std::string Bench::why_over() const {
  return kernel_->why_over();
}

void Bench::request_stop() {
  kernel_->request_stop();
}

void Bench::inject(std::string_view fault, int target, std::optional<double> severity,
                   std::string_view id, int pack, const FaultCourse& course) {
  InjectAction action;
  action.fault = {std::string(fault), asked("fault")};
  action.pack = Located{std::to_string(pack), asked("pack")};
  if (target != 0) action.target = Located{std::to_string(target), asked("target")};
  const Fault* known = find_fault(fault);
  const auto unit = known != nullptr ? unit_of(known->severity_dimension) : std::string_view{};
  if (severity) action.severity = Located{fmt::format("{} {}", *severity, unit), asked("severity")};
  if (course.ramp_to)
    action.ramp_to = Located{fmt::format("{} {}", *course.ramp_to, unit), asked("ramp_to")};
  const FaultInstance instance = resolve_fault(action, kernel_->scenario);
  const Context::Use use = kernel_->use();
  kernel_->timeline().inject(instance, id.empty() ? fault : id, course.duration_ns,
                             course.ramp_to ? course.ramp_ns : 0);
}

void Bench::clear(std::string_view id) {
  const Context::Use use = kernel_->use();
  if (!kernel_->timeline().clear(id)) {
    throw DataError(asked("id"),
                    fmt::format("found {}, expected the id of an active fault", quote(id)));
  }
}

void Bench::set(std::string_view control, double value) {
  const std::size_t found =
      resolve_control({std::string(control), asked("control")}, kernel_->catalogue);
  const Context::Use use = kernel_->use();
  kernel_->timeline().set(found, value);
}

void Bench::drive(std::size_t control, double value) {
  const Context::Use use = kernel_->use();
  kernel_->timeline().drive(control, value);
}

void Bench::press(std::string_view button, Time duration_ns, int pack) {
  const std::uint32_t bit = resolve_button({std::string(button), asked("button")});
  const std::size_t unit =
      resolve_pack(Located{std::to_string(pack), asked("pack")}, kernel_->scenario);
  const Context::Use use = kernel_->use();
  kernel_->timeline().press(unit, bit, duration_ns);
}

Snapshot Bench::snapshot() const {
  return kernel_->snapshot();
}

void Bench::transmit(const can_emulator::CanFrame& frame) {
  kernel_->transmit(frame);
}

RunResult Bench::finish(const std::vector<Verdict>& judged_outside) {
  return kernel_->finish(judged_outside);
}

}  // namespace doppelpack::sim
