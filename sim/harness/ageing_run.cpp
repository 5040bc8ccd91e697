// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/ageing_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace doppelpack::sim {

namespace {

constexpr double kDay_s = 86400.0;
constexpr double kYear_s = 365.0 * kDay_s;
constexpr double kTaper = 0.1;            // of the charge current
constexpr double kHoldShare = 0.01;       // of the time of a cycle: a quarter of an hour a day
constexpr double kBalance_V = 5e-3;       // above the lowest cell
constexpr double kShortestRest_s = 60.0;  // also lets time pass where no charge does
constexpr double kFirstSoc = 1.0;         // as built: balanced where it is full

double period_s(const AgeingPlan& plan) {
  return kDay_s / plan.cycles_per_day;
}

double rated_Ah(const Product& product) {
  return product.pack.cell_capacity_Ah * product.pack.parallel;
}

double cell_limit_V(const Product& product, bms_rule_t rule, double usual_V) {
  const bms_threshold_t& limit = product.bms.rules[rule].protection;
  return limit.is_enabled ? limit.trip / 1000.0 : usual_V;
}

double resistance_growth(const models::PackParameters& p, const models::PackState& state) {
  double now_Ohm = 0.0;
  double new_Ohm = 0.0;
  for (Eigen::Index i = 0; i < p.cell_count(); ++i) {
    const double rc_Ohm = p.cells.r1_Ohm[i] + p.cells.r2_Ohm[i];
    now_Ohm += p.cells.r0_Ohm[i] * state.cells.r0_factor[i] + rc_Ohm * state.cells.rc_factor[i];
    new_Ohm += p.cells.r0_Ohm[i] + rc_Ohm;
  }
  return now_Ohm / new_Ohm - 1.0;
}

double spread(const models::PackParameters& p, const models::PackState& state, double cell_Ah) {
  const models::CellArray capacity_Ah = p.cells.capacity_Ah * state.cells.capacity_factor;
  return (capacity_Ah.maxCoeff() - capacity_Ah.minCoeff()) / cell_Ah;
}

double mean(const models::CellArray& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

void expect_clean_books(const models::AuditState& audit) {
  if (!audit.has_failed()) return;
  throw std::logic_error(fmt::format("audit of {} failed: {:g}, limit {:g}",
                                     models::name_of(audit.first.invariant), audit.first.size,
                                     audit.first.limit));
}

// What one cycle consists of, but for the last rest.
struct CyclePhases {
  models::CyclerPhase charge;
  models::CyclerPhase hold;     // when charged fully; balances
  models::CyclerPhase balance;  // also when a full cell does not let the others hold
  models::CyclerPhase rest;
  models::CyclerPhase discharge;

  CyclePhases(const Product& product, const AgeingPlan& plan) {
    const double active_s =
        3600.0 * plan.depth * (1.0 / plan.charge_rate + 1.0 / plan.discharge_rate);
    const double hold_s = kHoldShare * std::max(period_s(plan), active_s);
    charge.current_A = plan.charge_rate * rated_Ah(product);
    charge.terminals_V = product.bms.limits.cvl_mV / 1000.0;
    charge.cell_V = cell_limit_V(product, BMS_RULE_CELL_OV, 3.65);
    charge.taper_A = kTaper * charge.current_A;
    hold = charge;
    hold.taper_A = 0.0;
    hold.longest_s = hold_s;
    hold.balance_above_V = kBalance_V;
    balance.longest_s = hold_s;
    balance.balance_above_V = kBalance_V;
    rest.longest_s = 0.5 * std::max(0.0, period_s(plan) - active_s - 2.0 * hold_s);
    discharge.current_A = -plan.discharge_rate * rated_Ah(product);
    discharge.cell_V = cell_limit_V(product, BMS_RULE_CELL_UV, 2.5);
    discharge.passed_Ah = plan.depth * rated_Ah(product);
  }
};

// One specimen on the cycler.
class Life {
 public:
  Life(const Product& product, const AgeingPlan& plan)
      : cell_Ah_(product.pack.cell_capacity_Ah),
        plan_(plan),
        phases_(product, plan),
        pack_(make_pack_parameters(product.pack, plan.seed)),
        hardware_(models::flawless_hardware(
            pack_.cell_count(), static_cast<int>(pack_.thermal.beads.size()), pack_.series)),
        state_(models::make_pack_state(
            pack_, models::CellArray::Constant(pack_.cell_count(), kFirstSoc), plan.ambient_degC)),
        workspace_(models::make_adaptive_workspace(state_)) {
    models::add_modes(pack_.thermal);
    state_.path.link_V = state_.stack_V;  // a cycler meets the pack's voltage before it connects
  }

  AgeingRow live_through_a_cycle() {
    const double start_s = sums_.advance.elapsed_s;
    charge();
    run(phases_.discharge);
    const double mean_degC = mean(state_.cells.T_degC);
    models::CyclerPhase rest;
    rest.longest_s = std::max(start_s + period_s(plan_) - sums_.advance.elapsed_s, kShortestRest_s);
    run(rest);
    ++cycles_;
    expect_clean_books(state_.audit);
    return row(mean_degC);
  }

 private:
  void run(const models::CyclerPhase& phase) {
    sums_ += models::run_phase(pack_, hardware_, phase, plan_.ambient_degC, plan_.tolerance, state_,
                               workspace_);
  }
  void charge() {
    if (plan_.top < 1.0) {
      models::CyclerPhase part = phases_.charge;
      part.taper_A = 0.0;
      part.passed_Ah = missing_Ah();
      run(part);
    } else {
      run(phases_.charge);
      run(phases_.hold);
      run(phases_.balance);
    }
    if (phases_.rest.longest_s > 0.0) run(phases_.rest);
  }
  // To the mean SOC of `top`; the cycler knows it, as a laboratory would by its own counting.
  double missing_Ah() const {
    const models::CellArray missing = (plan_.top - state_.cells.x.col(0)) *
                                      pack_.cells.capacity_Ah * state_.cells.capacity_factor;
    return std::max(0.0, mean(missing) * pack_.parallel / pack_.cells.coulombic_efficiency);
  }
  AgeingRow row(double mean_degC) const {
    return {sums_.advance.elapsed_s / kYear_s,
            cycles_,
            sums_.discharge_Ah,
            models::state_of_health(pack_, state_),
            resistance_growth(pack_, state_),
            spread(pack_, state_, cell_Ah_),
            mean_degC,
            sums_.advance.steps,
            sums_.advance.rejected};
  }

  double cell_Ah_;
  AgeingPlan plan_;
  CyclePhases phases_;
  models::PackParameters pack_;
  models::Hardware hardware_;
  models::PackState state_;
  models::AdaptiveWorkspace workspace_;
  models::CyclerSums sums_;
  long cycles_ = 0;
};

}  // namespace

models::StepTolerance AgeingPlan::coarse() {
  models::StepTolerance tolerance;
  tolerance.cell_V = 3e-3;
  tolerance.soc = 2e-4;
  tolerance.T_K = 0.1;
  return tolerance;
}

std::vector<AgeingRow> run_ageing(const Product& product, const AgeingPlan& plan,
                                  const OnAgeingRow& on_row) {
  Life life(product, plan);
  std::vector<AgeingRow> rows;
  constexpr double kRounding = 1e-9;
  do {
    rows.push_back(life.live_through_a_cycle());
  } while (on_row(rows.back()) && rows.back().cycles < plan.cycles &&
           rows.back().years < plan.years - kRounding);
  return rows;
}

}  // namespace doppelpack::sim
