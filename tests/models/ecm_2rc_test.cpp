// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support.hpp"

namespace doppelpack::models {

namespace {

using testing::flat;
using testing::lfp_chemistry;
using testing::plain_chemistry;

// Cells alone, without a pack around them.
struct Cells {
  CellParameters parameters;
  const CellModel& model;
  CellState state;
  CellArray current_A;
  CellArray heat_W;  // in the last step
  CellArray emf_V;

  explicit Cells(const Chemistry& chemistry, double soc = 0.5, int count = 3,
                 const char* key = "ecm-2rc", VectorLevel level = VectorLevel::automatic)
      : model(*find_cell_model(key)),
        current_A(CellArray::Zero(count)),
        heat_W(CellArray::Zero(count)),
        emf_V(CellArray::Zero(count)) {
    const CellArray ones = CellArray::Ones(count);
    parameters = make_cell_parameters(chemistry, 100.0 * ones, ones, level);
    model.initialise(parameters, soc * ones, 25.0, state);
  }
  void run(double amperes, double seconds, double dt_s) {
    current_A.setConstant(amperes);
    const auto steps = static_cast<long>(seconds / dt_s + 0.5);
    for (long i = 0; i < steps; ++i) advance(dt_s);
  }
  void advance(double dt_s) {
    model.refresh(parameters, state);
    model.thevenin(parameters, state, emf_V);
    state.heat_J.setZero();
    model.advance(parameters, current_A, dt_s, state);
    heat_W = state.heat_J / dt_s;
  }
  // Inner voltage of the last cell, which is the odd one of three.
  double emf() {
    model.refresh(parameters, state);
    model.thevenin(parameters, state, emf_V);
    return emf_V[emf_V.size() - 1];
  }
  double at(const char* column) {
    for (std::size_t k = 0; k < model.state_names.size(); ++k)
      if (model.state_names[k] == column)
        return state.x(state.x.rows() - 1, static_cast<Eigen::Index>(k));
    ADD_FAILURE() << "no column " << column;
    return 0.0;
  }
};

TEST(Ecm2rc, rc_pairs_rise_and_relax_exponentially) {
  Cells cells(plain_chemistry());
  cells.run(100.0, 30.0, 1e-2);
  const double v1 = 0.045 * (1.0 - std::exp(-2.0));
  const double v2 = 0.050 * (1.0 - std::exp(-0.2));
  EXPECT_NEAR(cells.emf(), 3.3 + v1 + v2, 1e-9);
  EXPECT_NEAR(cells.state.r_Ohm[0], 0.5e-3, 1e-15);
  cells.run(0.0, 60.0, 1e-2);
  EXPECT_NEAR(cells.emf(), 3.3 + v1 * std::exp(-4.0) + v2 * std::exp(-0.4), 1e-9);
}

TEST(Ecm2rc, counts_coulombs) {
  Chemistry chemistry = plain_chemistry();
  chemistry.coulombic_efficiency = 0.99;
  Cells cells(chemistry);
  cells.run(-50.0, 1800.0, 0.1);
  EXPECT_NEAR(cells.at("soc"), 0.25, 1e-11);
  cells.run(50.0, 1800.0, 0.1);
  EXPECT_NEAR(cells.at("soc"), 0.25 + 0.25 * 0.99, 1e-11);
}

TEST(Ecm2rc, hysteresis_follows_the_closed_form_and_keeps_at_rest) {
  Chemistry chemistry = plain_chemistry();
  chemistry.hysteresis_V = flat(0.012);
  chemistry.hysteresis_gamma = 40.0;
  Cells cells(chemistry);
  cells.run(-100.0, 180.0, 1e-2);  // 5 % SOC
  const double h = -(1.0 - std::exp(-2.0));
  EXPECT_NEAR(cells.at("hysteresis"), h, 1e-9);
  cells.run(0.0, 36000.0, 10.0);
  EXPECT_NEAR(cells.at("hysteresis"), h, 1e-9);
  EXPECT_NEAR(cells.emf(), 3.3 + 0.012 * h, 1e-9);
  cells.run(100.0, 36.0, 1e-3);  // 1 % back
  EXPECT_NEAR(cells.at("hysteresis"), 1.0 + (h - 1.0) * std::exp(-0.4), 1e-9);
}

// A reversal by 1 A must not jump through the gap (cell_models reference, 1.3).
TEST(Ecm2rc, micro_cycles_do_not_jump) {
  Cells cells(lfp_chemistry(), 0.2);
  cells.run(-50.0, 600.0, 0.1);
  const double before = cells.emf();
  cells.run(5.0, 0.001, 0.001);
  EXPECT_NEAR(cells.emf(), before, 2.1e-3);  // M0 turns: twice 1 mV
  EXPECT_GT(cells.emf(), before + 1.9e-3);
}

// 4 A are what two cells of 0.5 mOhm in parallel would exchange if M0 turned in one of them alone.
TEST(Ecm2rc, sign_memory_ignores_leakage_and_what_itself_could_cause) {
  Cells cells(lfp_chemistry());
  EXPECT_EQ(cells.at("sign"), 0.0);
  cells.run(-0.005, 1.0, 1.0);
  EXPECT_EQ(cells.at("sign"), 0.0);
  cells.run(-4.1, 1.0, 1.0);
  EXPECT_EQ(cells.at("sign"), -1.0);
  cells.run(3.9, 1.0, 1.0);
  EXPECT_EQ(cells.at("sign"), -1.0);
  cells.run(4.1, 1.0, 1.0);
  EXPECT_EQ(cells.at("sign"), 1.0);
}

TEST(Ecm2rc, sign_memory_of_a_cell_without_instant_hysteresis_ignores_leakage) {
  Chemistry chemistry = lfp_chemistry();
  chemistry.hysteresis_instant_V = 0.0;
  Cells cells(chemistry);
  cells.run(0.005, 1.0, 1.0);
  EXPECT_EQ(cells.at("sign"), 0.0);
  cells.run(0.02, 1.0, 1.0);
  EXPECT_EQ(cells.at("sign"), 1.0);
}

TEST(Ecm2rc, millisecond_and_minute_steps_agree_at_constant_current) {
  Chemistry chemistry = plain_chemistry();
  chemistry.hysteresis_V = flat(0.012);
  Cells fine(chemistry);
  Cells coarse(chemistry);
  for (const double amperes : {80.0, -200.0, 0.0, 35.0}) {
    fine.run(amperes, 60.0, 1e-3);
    coarse.run(amperes, 60.0, 60.0);
    EXPECT_NEAR(fine.emf(), coarse.emf(), 1e-9);
    EXPECT_NEAR(fine.at("hysteresis"), coarse.at("hysteresis"), 1e-9);
    EXPECT_NEAR(fine.at("soc"), coarse.at("soc"), 1e-11);
  }
}

TEST(Ecm2rc, resistance_depends_on_direction_and_soc) {
  Chemistry chemistry = plain_chemistry();
  chemistry.rc_factor_discharge = {{0.0, 0.5, 1.0}, {2.5, 1.0, 0.9}};
  chemistry.rc_factor_charge = flat(0.8);
  Cells low(chemistry, 0.0);
  low.run(-1.0, 3000.0, 1000.0);
  EXPECT_NEAR(low.at("v1_V"), -0.45e-3 * 2.5, 1e-9);
  low.run(1.0, 3000.0, 1000.0);
  EXPECT_NEAR(low.at("v2_V"), 0.50e-3 * 0.8, 1e-9);
}

TEST(Ecm2rc, resistance_depends_on_temperature) {
  Cells cells(lfp_chemistry());
  cells.parameters.capacity_Ah.setConstant(1e9);  // SOC stands still: only temperature moves
  cells.state.T_degC.setConstant(-20.0);
  cells.emf();
  EXPECT_NEAR(cells.state.r_Ohm[0], 0.5e-3 * 2.0484, 1e-7);
  cells.run(-1.0, 3000.0, 1000.0);
  EXPECT_NEAR(cells.at("v1_V") / -0.45e-3, 4.84, 0.02);
  cells.state.T_degC.setConstant(45.0);
  cells.emf();
  EXPECT_NEAR(cells.state.r_Ohm[0], 0.5e-3 * 0.7759, 1e-7);
  cells.run(-1.0, 3000.0, 1000.0);
  EXPECT_NEAR(cells.at("v1_V") / -0.45e-3, 0.572, 0.005);
}

TEST(Ecm2rc, steady_heat_is_resistive) {
  Cells cells(plain_chemistry());
  for (const double amperes : {100.0, -100.0}) {
    cells.run(amperes, 3000.0, 1.0);
    EXPECT_NEAR(cells.heat_W[1], 1.45e-3 * 1e4, 1e-6);
  }
}

TEST(Ecm2rc, entropic_heat_changes_sign_with_the_current) {
  Chemistry chemistry = plain_chemistry();
  chemistry.entropic_V_per_K = flat(0.11e-3);
  chemistry.r0_Ohm = chemistry.rc1.r_Ohm = chemistry.rc2.r_Ohm = 0.0;
  Cells cells(chemistry);
  cells.run(100.0, 1.0, 1.0);
  EXPECT_NEAR(cells.heat_W[0], 100.0 * 298.15 * 0.11e-3, 1e-9);  // 3.3 W warm in charge
  cells.run(-100.0, 1.0, 1.0);
  EXPECT_NEAR(cells.heat_W[0], -100.0 * 298.15 * 0.11e-3, 1e-9);
}

// Electrical energy into the terminals = rise of the stored energy + heat, whatever the path.
TEST(Ecm2rc, energy_is_conserved) {
  Chemistry chemistry = lfp_chemistry();
  chemistry.entropic_V_per_K = flat(0.0);  // its heat comes out of the entropy, not the charge
  Cells cells(chemistry, 0.4, 1);
  const double dt_s = 0.02;
  double electrical_J = 0.0;
  double heat_J = 0.0;
  double stored_J = 0.0;
  double ocv_V = cells.parameters.ocv_V(cells.at("soc"));
  for (int i = 0; i < 100000; ++i) {
    const double amperes = 90.0 * std::sin(i * 1e-3) + 20.0;
    cells.current_A.setConstant(amperes);
    const double soc = cells.at("soc");
    const double v_before = cells.emf() + cells.state.r_Ohm[0] * amperes;
    cells.advance(dt_s);
    const double v_after = cells.emf() + cells.state.r_Ohm[0] * amperes;
    const double ocv_after_V = cells.parameters.ocv_V(cells.at("soc"));
    electrical_J += 0.5 * (v_before + v_after) * amperes * dt_s;
    heat_J += cells.heat_W[0] * dt_s;
    stored_J += 0.5 * (ocv_V + ocv_after_V) * (cells.at("soc") - soc) * 360000.0;
    ocv_V = ocv_after_V;
  }
  EXPECT_GT(heat_J, 1000.0);
  EXPECT_NEAR(electrical_J, stored_J + heat_J, 2e-4 * heat_J);
}

TEST(Ecm2rc, equal_cells_stay_equal_at_every_position) {
  Cells cells(lfp_chemistry(), 0.37, 17);
  for (const double amperes : {60.0, -130.0, 3900.0}) {
    cells.run(amperes, 3.0, 1e-2);
    for (Eigen::Index row = 1; row < 17; ++row)
      for (Eigen::Index column = 0; column < cells.state.x.cols(); ++column)
        EXPECT_EQ(cells.state.x(row, column), cells.state.x(0, column));
    for (Eigen::Index row = 1; row < 17; ++row) EXPECT_EQ(cells.heat_W[row], cells.heat_W[0]);
  }
}

Chemistry cold_sensitive_chemistry() {
  Chemistry chemistry = lfp_chemistry();
  chemistry.hysteresis_per_K = 0.015;
  chemistry.cold_capacity_per_K = 0.004;
  return chemistry;
}

// Temperatures and currents that differ from cell to cell and wander through every curve.
void drive(Cells& cells, int step) {
  for (Eigen::Index i = 0; i < cells.current_A.size(); ++i) {
    const double phase = 0.7 * static_cast<double>(i);
    cells.current_A[i] = 90.0 * std::sin(step * 1e-3 + phase) - 15.0;
    cells.state.T_degC[i] = 10.0 + 30.0 * std::sin(step * 1e-4 + phase);
  }
}

TEST(Ecm2rc, agrees_with_the_reference) {
  Cells fast(cold_sensitive_chemistry(), 0.6, 7);
  Cells reference(cold_sensitive_chemistry(), 0.6, 7, "ecm-2rc-reference");
  double worst_V = 0.0;
  double heat_J = 0.0;
  double off_J = 0.0;
  for (int step = 0; step < 60000; ++step) {
    for (Cells* cells : {&fast, &reference}) {
      drive(*cells, step);
      cells->advance(0.1);
    }
    worst_V = std::max(worst_V, (fast.emf_V - reference.emf_V).abs().maxCoeff());
    for (Eigen::Index i = 0; i < 7; ++i) {
      heat_J += std::abs(reference.heat_W[i]) * 0.1;
      off_J += std::abs(fast.heat_W[i] - reference.heat_W[i]) * 0.1;
    }
  }
  EXPECT_LT(worst_V, 20e-6);
  EXPECT_LT(off_J, 2e-4 * heat_J);
  for (Eigen::Index i = 0; i < 7; ++i)
    EXPECT_NEAR(fast.state.x(i, 0), reference.state.x(i, 0), 1e-12);
}

TEST(Ecm2rc, every_vector_width_gives_the_same_bits) {
  if (!is_available(VectorLevel::avx2)) GTEST_SKIP() << "this processor has no AVX2";
  Cells narrow(cold_sensitive_chemistry(), 0.4, 15, "ecm-2rc", VectorLevel::baseline);
  Cells wide(cold_sensitive_chemistry(), 0.4, 15, "ecm-2rc", VectorLevel::avx2);
  for (int step = 0; step < 20000; ++step) {
    for (Cells* cells : {&narrow, &wide}) {
      drive(*cells, step);
      cells->advance(step % 7 == 0 ? 20.0 : 1e-3);
    }
    ASSERT_TRUE((narrow.state.x == wide.state.x).all()) << step;
    ASSERT_TRUE((narrow.heat_W == wide.heat_W).all()) << step;
    ASSERT_TRUE((narrow.emf_V == wide.emf_V).all()) << step;
  }
}

// The lower end of the curve comes nearer in the cold and goes back with warmth.
TEST(Ecm2rc, cold_hides_charge_and_warmth_brings_it_back) {
  Chemistry chemistry = lfp_chemistry();
  chemistry.cold_capacity_per_K = 0.004;
  Cells cells(chemistry, 0.1);
  const double warm_V = cells.emf();
  cells.state.T_degC.setConstant(0.0);  // a tenth of the capacity is gone: it is at 0 %
  EXPECT_NEAR(cells.emf(), 2.832, 1e-3);
  EXPECT_EQ(cells.at("soc"), 0.1);
  cells.state.T_degC.setConstant(25.0);
  EXPECT_NEAR(cells.emf(), warm_V, 1e-12);
}

TEST(Ecm2rc, gap_grows_in_the_cold) {
  Chemistry chemistry = plain_chemistry();
  chemistry.hysteresis_V = flat(0.010);
  chemistry.hysteresis_per_K = 0.015;
  Cells cells(chemistry);
  cells.run(100.0, 1000.0, 1.0);
  cells.run(0.0, 30000.0, 1000.0);
  EXPECT_NEAR(cells.emf(), 3.310, 1e-6);
  cells.state.T_degC.setConstant(5.0);
  EXPECT_NEAR(cells.emf(), 3.313, 1e-6);
  cells.state.T_degC.setConstant(-40.0);
  EXPECT_NEAR(cells.emf(), 3.318, 1e-6);
}

}  // namespace

}  // namespace doppelpack::models
