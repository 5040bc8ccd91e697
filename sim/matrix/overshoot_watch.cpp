// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "matrix/overshoot_watch.hpp"

#include <algorithm>
#include <string>

namespace doppelpack::sim {

namespace {

double value_of(const Signal& signal, const BenchState& state) {
  return signal.read(state);
}

std::optional<double> trip_of(const bms_config_t& config, bms_rule_t rule, double per_unit) {
  const bms_threshold_t& protection = config.rules[rule].protection;
  if (!protection.is_enabled) return std::nullopt;
  return protection.trip / per_unit;
}

std::optional<double> lower(std::optional<double> a, std::optional<double> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

// Keeps the largest excess; there is none to keep without a trip value.
void raise(std::optional<double>& worst, double excess) {
  if (worst) *worst = std::max(*worst, excess);
}

std::optional<double> zero_if(const std::optional<double>& trip) {
  return trip ? std::optional(0.0) : std::nullopt;
}

// The integral of one excess begins anew when it ends.
void integrate(double current_A, const std::optional<double>& trip_A, double dt_s,
               double& running_A2s, std::optional<double>& worst_A2s) {
  if (!trip_A) return;
  if (current_A > *trip_A) {
    running_A2s += (current_A * current_A - *trip_A * *trip_A) * dt_s;
    raise(worst_A2s, running_A2s);
  } else {
    running_A2s = 0.0;
  }
}

const EventValue* field_of(const Event& event, std::string_view name) {
  for (const auto& [key, value] : event.fields)
    if (key == name) return &value;
  return nullptr;
}

}  // namespace

OvershootWatch::Trips OvershootWatch::trips_of(const bms_config_t& config) {
  Trips trips;
  trips.cell_over_mV = trip_of(config, BMS_RULE_CELL_OV, 1.0);
  trips.cell_under_mV = trip_of(config, BMS_RULE_CELL_UV, 1.0);
  trips.charge_A = trip_of(config, BMS_RULE_OCC, 1000.0);
  trips.discharge_A =
      lower(trip_of(config, BMS_RULE_OCD, 1000.0), trip_of(config, BMS_RULE_OCD2, 1000.0));
  trips.hot_charging_degC = trip_of(config, BMS_RULE_OTC, 10.0);
  trips.hot_discharging_degC = trip_of(config, BMS_RULE_OTD, 10.0);
  trips.cold_charging_degC = trip_of(config, BMS_RULE_UTC, 10.0);
  trips.cold_discharging_degC = trip_of(config, BMS_RULE_UTD, 10.0);
  trips.idle_A = config.idle_current_mA / 1000.0;
  return trips;
}

OvershootWatch::OvershootWatch(const Product& product, const SignalCatalogue& catalogue)
    : trips_(trips_of(product.bms)) {
  constexpr std::string_view kCellMax = "/cell_max_V";
  for (const std::size_t found : catalogue.match("pack*/cell_max_V")) {
    const std::string& name = catalogue.all()[found].name;
    const std::string pack = name.substr(0, name.size() - kCellMax.size());
    const auto signal = [&](const char* what) {
      return &catalogue.all()[catalogue.find(pack + what)];
    };
    packs_.push_back({signal("/current_A"), signal("/cell_max_V"), signal("/cell_min_V"),
                      signal("/T_max_degC"), signal("/T_min_degC")});
  }
  worst_.cell_over_mV = zero_if(trips_.cell_over_mV);
  worst_.cell_under_mV = zero_if(trips_.cell_under_mV);
  worst_.charge_A = worst_.charge_A2s = zero_if(trips_.charge_A);
  worst_.discharge_A = worst_.discharge_A2s = zero_if(trips_.discharge_A);
  if (trips_.hot_charging_degC || trips_.hot_discharging_degC) worst_.hot_K = 0.0;
  if (trips_.cold_charging_degC || trips_.cold_discharging_degC) worst_.cold_K = 0.0;
}

void OvershootWatch::look(Time t_ns, const BenchState& state) {
  const double dt_s = to_seconds(t_ns - last_ns_);
  last_ns_ = t_ns;
  for (Pack& pack : packs_) {
    const double current_A = value_of(*pack.current_A, state);
    look_at_cells(pack, state);
    look_at_currents(pack, current_A, dt_s);
    look_at_temperatures(pack, current_A, state);
  }
}

void OvershootWatch::look_at_cells(const Pack& pack, const BenchState& state) {
  if (trips_.cell_over_mV)
    raise(worst_.cell_over_mV, value_of(*pack.cell_max_V, state) * 1000.0 - *trips_.cell_over_mV);
  if (trips_.cell_under_mV)
    raise(worst_.cell_under_mV, *trips_.cell_under_mV - value_of(*pack.cell_min_V, state) * 1000.0);
}

void OvershootWatch::look_at_currents(Pack& pack, double current_A, double dt_s) {
  if (trips_.charge_A) raise(worst_.charge_A, current_A - *trips_.charge_A);
  if (trips_.discharge_A) raise(worst_.discharge_A, -current_A - *trips_.discharge_A);
  integrate(current_A, trips_.charge_A, dt_s, pack.charge_A2s, worst_.charge_A2s);
  integrate(-current_A, trips_.discharge_A, dt_s, pack.discharge_A2s, worst_.discharge_A2s);
}

void OvershootWatch::look_at_temperatures(const Pack& pack, double current_A,
                                          const BenchState& state) {
  const bool charges = current_A > trips_.idle_A;
  if (!charges && current_A >= -trips_.idle_A) return;
  const auto& hot_degC = charges ? trips_.hot_charging_degC : trips_.hot_discharging_degC;
  const auto& cold_degC = charges ? trips_.cold_charging_degC : trips_.cold_discharging_degC;
  if (hot_degC) raise(worst_.hot_K, value_of(*pack.T_max_degC, state) - *hot_degC);
  if (cold_degC) raise(worst_.cold_K, *cold_degC - value_of(*pack.T_min_degC, state));
}

Overshoot OvershootWatch::finish(const EventLog& events) const {
  Overshoot worst = worst_;
  for (const Event& event : events.events()) {
    if (event.kind != "comparator") continue;
    const EventValue* const name = field_of(event, "comparator");
    const EventValue* const peak_A = field_of(event, "peak_A");
    if (name == nullptr || peak_A == nullptr) continue;
    const bool charges = std::get<std::string>(*name) == "occ";
    const auto& trip_A = charges ? trips_.charge_A : trips_.discharge_A;
    if (trip_A)
      raise(charges ? worst.charge_A : worst.discharge_A, std::get<double>(*peak_A) - *trip_A);
  }
  return worst;
}

}  // namespace doppelpack::sim
