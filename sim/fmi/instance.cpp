// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "fmi/instance.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <utility>

#include "sim/data_error.hpp"
#include "sim/load.hpp"

namespace doppelpack::fmi {

namespace {

constexpr double kLongest_s = 366.0 * 86400.0 * 100.0;

[[noreturn]] void refuse(std::string field, const std::string& found_and_expected) {
  throw sim::DataError({"", 0, std::move(field)}, found_and_expected);
}

// Sums of steps are off by a few units in the last place.
sim::Time to_us(const char* field, double seconds) {
  if (!(std::fabs(seconds) <= kLongest_s))
    refuse(field, fmt::format("found {}, expected at most 100 years", seconds));
  return std::llround(seconds * 1e6);
}

FmuPlan checked_plan(const std::filesystem::path& resources, std::string_view token) {
  FmuPlan plan = read_plan(resources);
  if (plan.token != token)
    refuse("token", fmt::format("found \"{}\", expected \"{}\": another FMU's description", token,
                                plan.token));
  return plan;
}

std::filesystem::path resource(const std::filesystem::path& resources, const char* folder,
                               const std::string& key) {
  return resources / folder / (key + ".yaml");
}

sim::InverterDesign inverter_of(const FmuPlan& plan, const std::filesystem::path& resources) {
  if (!plan.has_bms()) return {};
  return sim::load_inverter(resource(resources, "inverters", plan.inverter).string(), resources);
}

}  // namespace

Instance::Instance(const std::filesystem::path& resources, std::string_view token)
    : plan_(checked_plan(resources, token)),
      product_(
          sim::load_product(resource(resources, "products", plan_.product).string(), resources)),
      inverter_(inverter_of(plan_, resources)),
      variables_(plan_, product_),
      values_(variables_.start_values()) {}

void Instance::expect(Phase phase, const char* call) const {
  constexpr std::array kNames{"just instantiated", "in initialization", "stepping", "terminated"};
  if (phase_ != phase)
    refuse(call, fmt::format("found an instance that is {}, expected one that is {}",
                             kNames[static_cast<std::size_t>(phase_)],
                             kNames[static_cast<std::size_t>(phase)]));
}

void Instance::set_start(double start_s) {
  expect(Phase::instantiated, "start time");
  start_us_ = to_us("start time", start_s);
  now_us_ = start_us_;
}

void Instance::enter_initialization() {
  expect(Phase::instantiated, "enter initialization");
  phase_ = Phase::initializing;
}

void Instance::exit_initialization() {
  expect(Phase::initializing, "exit initialization");
  model();
  phase_ = Phase::stepping;
}

void Instance::terminate() {
  phase_ = Phase::terminated;
}

void Instance::reset() {
  model_.reset();
  values_ = variables_.start_values();
  has_ambient_ = false;
  start_us_ = now_us_ = 0;
  phase_ = Phase::instantiated;
}

Model& Instance::model() {
  if (model_ != nullptr) return *model_;
  if (!has_ambient_)
    values_[variables_.at("ambient_degC").first] = values_[variables_.at("temperature_degC").first];
  model_ = plan_.has_bms() ? make_bench_model(plan_, variables_, product_, inverter_, values_)
                           : make_plant_model(variables_, product_, values_);
  return *model_;
}

double Instance::get(std::uint32_t element) {
  const Variable& variable = variables_.owner(element);
  if (variable.causality == Causality::independent) return now_s();
  if (variable.is_settable()) return values_[element];
  return model().read(element);
}

void Instance::set(std::uint32_t element, double value) {
  const Variable& variable = variables_.owner(element);
  if (!variable.is_settable())
    refuse(variable.name, "found a calculated variable, expected a parameter or an input");
  if (variable.causality == Causality::parameter && phase_ > Phase::initializing)
    refuse(variable.name, "found a parameter while the simulation runs, expected an input");
  if (!std::isfinite(value))
    refuse(variable.name, fmt::format("found {}, expected a number", value));
  if ((variable.min && value < *variable.min) || (variable.max && value > *variable.max))
    refuse(variable.name,
           fmt::format("found {}, expected {} to {}", value, *variable.min, *variable.max));
  if (&variable == &variables_.at("ambient_degC")) has_ambient_ = true;
  values_[element] = value;
  if (phase_ <= Phase::initializing) model_.reset();
}

void Instance::step(double from_s, double step_s) {
  expect(Phase::stepping, "step");
  if (!(step_s > 0.0)) refuse("step", fmt::format("found {} s, expected more than 0 s", step_s));
  if (to_us("communication point", from_s) != now_us_)
    refuse("communication point", fmt::format("found {} s, expected {} s", from_s, now_s()));
  const sim::Time end_us = to_us("step", from_s + step_s);
  if (end_us == now_us_)
    refuse("step", fmt::format("found {} s, expected at least a microsecond", step_s));
  model().apply(values_);
  model().advance_to((end_us - start_us_) * sim::kMicrosecond);
  now_us_ = end_us;
}

Instance::Moment Instance::save() {
  return {static_cast<int>(phase_),
          start_us_,
          now_us_,
          has_ambient_,
          values_,
          model_ != nullptr ? model_->save() : std::any()};
}

void Instance::restore(const Moment& moment) {
  model_.reset();
  values_ = moment.values;
  if (moment.model.has_value()) {
    has_ambient_ = true;  // its value is among the values
    model().restore(moment.model);
  }
  phase_ = static_cast<Phase>(moment.phase);
  start_us_ = moment.start_us;
  now_us_ = moment.now_us;
  has_ambient_ = moment.has_ambient;
}

}  // namespace doppelpack::fmi
