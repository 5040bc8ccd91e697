// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Wires, filters and bleeders in front of the AFE, against closed forms.
#include <gtest/gtest.h>

#include <cmath>

#include "models/sense_lines.hpp"

namespace doppelpack::models {

namespace {

constexpr int kFourCells = 4;
constexpr double kWire_Ohm = 0.1;
constexpr double kFilter_Ohm = 1000.0;
constexpr double kFilter_F = 100e-9;
constexpr double kBleeder_Ohm = 68.0;
constexpr double kLag_s = (kFilter_Ohm + kWire_Ohm) * kFilter_F;

struct Lines {
  SenseLineParameters p;
  Hardware hardware = flawless_hardware(kFourCells, 0);
  SenseLineInputs inputs;
  CellArray cell_V = CellArray::Constant(kFourCells, 3.3);
  SenseLineState state;

  explicit Lines(double leakage_A = 0.0) {
    p.wire_Ohm = CellArray::Constant(kFourCells + 1, kWire_Ohm);
    p.leakage_A = CellArray::Constant(kFourCells + 1, leakage_A);
    p.filter_Ohm = kFilter_Ohm;
    p.filter_F = kFilter_F;
    p.bleeder_Ohm = kBleeder_Ohm;
    state = make_sense_line_state(p, cell_V);
  }
  SenseWireCondition& wire(std::size_t line) {
    ++hardware.revision;
    return hardware.sense_wires[line];
  }
  void run(double seconds, double dt_s = 1e-3) {
    const auto steps = static_cast<long>(seconds / dt_s + 0.5);
    for (long i = 0; i < steps; ++i) advance(p, hardware, inputs, cell_V, dt_s, state);
  }
  double reading(int cell) const { return cell_input_V(state, cell_V, cell); }
  double sum(int first, int last) const {
    double sum_V = 0.0;
    for (int cell = first; cell <= last; ++cell) sum_V += reading(cell);
    return sum_V;
  }
};

TEST(SenseLines, start_settled) {
  Lines lines(1e-6);
  std::vector<double> start_V;
  for (int i = 0; i < kFourCells; ++i) start_V.push_back(lines.reading(i));
  for (const double dt_s : {1e-3, 1e-4}) {  // at ease, and followed step by step
    lines.run(1.0, dt_s);
    for (int i = 0; i < kFourCells; ++i)
      EXPECT_NEAR(lines.reading(i), start_V[static_cast<std::size_t>(i)], 1e-12);
  }
}

TEST(SenseLines, lag_exactly_whatever_the_length_of_the_steps) {
  Lines coarse;
  Lines fine;
  for (Lines* lines : {&coarse, &fine}) lines->cell_V[1] = 2.3;
  coarse.run(150e-6, 150e-6);
  fine.run(150e-6, 1e-6);
  const double expected_V = 2.3 + 1.0 * std::exp(-150e-6 / kLag_s);
  EXPECT_NEAR(coarse.reading(1), expected_V, 1e-12);
  EXPECT_NEAR(fine.reading(1), expected_V, 1e-12);
  EXPECT_NEAR(fine.reading(2), 3.3, 1e-12);
}

TEST(SenseLines, show_the_difference_of_the_leakages_of_their_inputs) {
  Lines lines;
  lines.p.leakage_A[2] = 1e-6;
  lines.state = make_sense_line_state(lines.p, lines.cell_V);
  const double error_V = 1e-6 * (kFilter_Ohm + kWire_Ohm);
  for (const double dt_s : {1e-3, 1e-4}) {
    lines.run(0.01, dt_s);
    EXPECT_NEAR(lines.reading(1), 3.3 - error_V, 1e-9);
    EXPECT_NEAR(lines.reading(2), 3.3 + error_V, 1e-9);
    EXPECT_NEAR(lines.reading(0), 3.3, 1e-9);
  }
}

TEST(SenseLines, at_ease_are_off_by_a_ten_thousandth_of_a_change_at_most) {
  Lines at_ease(1e-6);
  Lines followed(1e-6);
  for (Lines* lines : {&at_ease, &followed}) lines->cell_V[1] = 2.3;
  at_ease.run(1e-3);
  followed.run(1e-3, 1e-4);
  EXPECT_TRUE(at_ease.state.is_at_ease);
  EXPECT_FALSE(followed.state.is_at_ease);
  for (int i = 0; i < kFourCells; ++i) EXPECT_NEAR(at_ease.reading(i), followed.reading(i), 1e-4);
  at_ease.wire(2).is_open = true;  // what is followed from now on begins where it was
  at_ease.run(1e-3);
  EXPECT_FALSE(at_ease.state.is_at_ease);
  EXPECT_NEAR(at_ease.sum(0, kFourCells - 1), followed.sum(0, kFourCells - 1), 1e-3);
}

// The current of the bleeder takes its cell's two wires; each neighbour shares one of them.
TEST(SenseLines, bleeding_falsifies_the_cell_and_its_neighbours) {
  Lines lines;
  lines.inputs.bleeders = 1U << 1U;
  lines.run(0.02);
  const double bleeder_A = 3.3 / (kBleeder_Ohm + 2.0 * kWire_Ohm);
  EXPECT_NEAR(lines.reading(1), bleeder_A * kBleeder_Ohm, 1e-9);
  EXPECT_NEAR(lines.reading(0), 3.3 + bleeder_A * kWire_Ohm, 1e-9);
  EXPECT_NEAR(lines.reading(2), 3.3 + bleeder_A * kWire_Ohm, 1e-9);
  EXPECT_NEAR(lines.reading(3), 3.3, 1e-9);
  lines.inputs.bleeders = 0;
  lines.run(0.02);
  EXPECT_NEAR(lines.reading(1), 3.3, 1e-9);
}

// Two neighbours bleeding: the wire between them carries nothing.
TEST(SenseLines, bleeders_beside_each_other_share_a_wire) {
  Lines lines;
  lines.inputs.bleeders = 3U;
  lines.run(0.02);
  const double bleeder_A = 3.3 / (kBleeder_Ohm + kWire_Ohm);
  EXPECT_NEAR(lines.reading(0), bleeder_A * kBleeder_Ohm, 1e-9);
  EXPECT_NEAR(lines.reading(1), bleeder_A * kBleeder_Ohm, 1e-9);
}

TEST(SenseLines, a_corroded_contact_shows_when_bleeding) {
  Lines lines;
  lines.wire(2).extra_Ohm = 10.0;
  lines.run(0.02);
  EXPECT_NEAR(lines.reading(1), 3.3, 1e-9);
  lines.inputs.bleeders = 1U << 1U;
  lines.run(0.02);
  EXPECT_NEAR(lines.reading(1), 3.3 * kBleeder_Ohm / (kBleeder_Ohm + 10.0 + 2.0 * kWire_Ohm), 1e-9);
}

TEST(SenseLines, moisture_pulls_its_line_towards_ground) {
  Lines lines;
  lines.wire(3).leak_S = 1e-6;
  lines.run(0.02);
  const double line_V = 9.9 / (1.0 + 1e-6 * (kFilter_Ohm + kWire_Ohm));
  EXPECT_NEAR(lines.state.input_V[3], line_V, 1e-9);
  EXPECT_NEAR(lines.sum(2, 3), 6.6, 1e-9);
}

// 1 uA out of 100 nF: 10 V/s (cell_models reference, 6.4).
TEST(SenseLines, an_open_line_drifts_to_its_neighbour_and_their_sum_stays_true) {
  Lines lines(1e-6);
  lines.run(0.01);
  const double start_V = lines.reading(1);
  lines.wire(2).is_open = true;
  lines.run(0.1);
  EXPECT_NEAR(lines.reading(1), start_V - 1.0, 1e-9);
  EXPECT_NEAR(lines.sum(1, 2), 6.6, 1e-9);
  lines.run(1.0);
  EXPECT_NEAR(lines.reading(1), 0.0, 1e-9);
  EXPECT_NEAR(lines.reading(2), 6.6, 1e-9);
  EXPECT_NEAR(lines.reading(0), 3.3, 1e-9);
}

TEST(SenseLines, an_open_line_holds_its_charge_without_leakage) {
  Lines lines;
  lines.wire(2).is_open = true;
  lines.cell_V.setConstant(3.2);
  lines.run(1.0);
  EXPECT_NEAR(lines.state.input_V[2], 6.6, 1e-12);
}

TEST(SenseLines, a_wire_that_touches_again_recharges_through_its_filter) {
  Lines lines(1e-6);
  lines.wire(2).is_open = true;
  lines.run(0.1);
  const double drifted_V = lines.state.input_V[2];
  lines.wire(2).is_open = false;
  lines.run(kLag_s, kLag_s);
  const double target_V = 6.6 - 1e-6 * (kFilter_Ohm + kWire_Ohm);
  EXPECT_NEAR(lines.state.input_V[2], target_V + (drifted_V - target_V) * std::exp(-1.0), 1e-9);
}

TEST(SenseLines, the_ends_of_the_string_can_break_too) {
  Lines lines(1e-6);
  lines.wire(0).is_open = true;
  lines.wire(kFourCells).is_open = true;
  lines.run(1.0);
  EXPECT_NEAR(lines.state.input_V[0], 0.0, 1e-9);
  EXPECT_NEAR(lines.reading(0), 3.3, 2e-3);
  EXPECT_NEAR(lines.reading(3), 0.0, 1e-9);
}

TEST(SenseLines, two_open_lines_fall_on_the_healthy_one_below) {
  Lines lines(1e-6);
  lines.wire(2).is_open = true;
  lines.wire(3).is_open = true;
  lines.run(2.0);
  EXPECT_NEAR(lines.reading(1), 0.0, 1e-9);
  EXPECT_NEAR(lines.reading(2), 0.0, 1e-9);
  EXPECT_NEAR(lines.reading(3), 9.9, 1e-9);
}

// The board side of an open wire hangs on the bleeder: the cell that is bled seems to be empty.
TEST(SenseLines, a_bleeder_pulls_an_open_line_over) {
  Lines lines;
  lines.wire(2).is_open = true;
  lines.inputs.bleeders = 1U << 1U;
  lines.run(0.02);
  EXPECT_NEAR(lines.reading(1), 0.0, 1e-6);
  EXPECT_NEAR(lines.reading(2), 6.6, 1e-6);
  lines.inputs.bleeders = 3U << 1U;
  lines.run(0.02);
  const double bleeder_A = 6.6 / (2.0 * kBleeder_Ohm + 2.0 * kWire_Ohm);
  EXPECT_NEAR(lines.reading(1), bleeder_A * kBleeder_Ohm, 1e-6) << "looks healthy";
}

TEST(SenseLines, a_bleeder_joins_two_open_lines) {
  Lines lines;
  lines.wire(2).is_open = true;
  lines.wire(3).is_open = true;
  lines.inputs.bleeders = 1U << 2U;
  lines.run(0.02);
  EXPECT_NEAR(lines.reading(2), 0.0, 1e-6);
  EXPECT_NEAR(lines.state.input_V[2], (6.6 + 9.9) / 2.0, 0.1) << "their charge stays";
}

TEST(SenseLines, the_open_wire_test_tells_an_open_line_from_a_healthy_one) {
  Lines lines;
  lines.wire(2).is_open = true;
  lines.inputs.pull_downs = 1U << 2U | 1U << 3U;
  lines.run(0.05);
  EXPECT_NEAR(lines.reading(1), 0.0, 1e-9);
  EXPECT_NEAR(lines.state.input_V[3], 9.9 - 100e-6 * (kFilter_Ohm + kWire_Ohm), 1e-9);
}

}  // namespace

}  // namespace doppelpack::models
