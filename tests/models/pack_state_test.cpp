// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// State is plain data: copies are independent, runs repeat to the bit, stepping never allocates.
#include <gtest/gtest.h>

#include <cstring>

#include "allocation_count.hpp"
#include "models/adaptive.hpp"
#include "support.hpp"

#if DOPPELPACK_COUNTS_ALLOCATIONS
// Eigen takes its memory from malloc, not from operator new: count there, below both.
namespace doppelpack::models::testing {
long allocations = 0;
std::size_t allocated_bytes = 0;
}  // namespace doppelpack::models::testing
extern "C" void* __libc_malloc(std::size_t size);
extern "C" void* malloc(std::size_t size) noexcept {
  ++doppelpack::models::testing::allocations;
  doppelpack::models::testing::allocated_bytes += size;
  return __libc_malloc(size);
}
#endif

namespace doppelpack::models {

namespace {

#if DOPPELPACK_COUNTS_ALLOCATIONS
using testing::allocated_bytes;
using testing::allocations;
#endif
using testing::Bench;
using testing::lfp_chemistry;

bool same_bits(const CellTable& a, const CellTable& b) {
  return a.size() == b.size() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(double)) == 0;
}

bool same_bits(const PackState& a, const PackState& b) {
  return same_bits(a.cells.x, b.cells.x) && same_bits(a.cells.T_degC, b.cells.T_degC) &&
         same_bits(a.thermal.bead_degC, b.thermal.bead_degC) && same_bits(a.cell_V, b.cell_V) &&
         a.thermal.case_degC == b.thermal.case_degC && a.heat_J == b.heat_J &&
         a.current_A == b.current_A && a.terminal_V == b.terminal_V && a.charge_Ah == b.charge_Ah;
}

void exercise(Bench& bench) {
  bench.hardware.cell_short_S[1] = 0.1;
  bench.inputs.source = {120.0, 0.001, 55.0, 40.0};
  bench.inputs.bleeders = 0x0010U;
  bench.run(2.0, 1e-3);
  bench.inputs.source.current_A = -150.0;
  bench.run(2.0, 1e-3);
  bench.inputs.charge_gate = false;
  bench.run(180.0, 60.0);
}

TEST(PackState, runs_repeat_to_the_bit) {
  Bench first(lfp_chemistry());
  Bench second(lfp_chemistry());
  exercise(first);
  exercise(second);
  EXPECT_TRUE(same_bits(first.state, second.state));
}

TEST(PackState, a_copy_goes_its_own_way_and_the_original_stays) {
  Bench bench(lfp_chemistry());
  exercise(bench);
  const PackState saved = bench.state;
  PackState copy = bench.state;
  exercise(bench);
  EXPECT_TRUE(same_bits(saved, copy));
  EXPECT_FALSE(same_bits(saved, bench.state));
  const PackState ahead = bench.state;
  bench.state = saved;
  exercise(bench);
  EXPECT_TRUE(same_bits(ahead, bench.state));
}

TEST(PackState, a_long_step_is_its_parts) {
  Bench one(lfp_chemistry());
  one.set_current(-70.0);
  one.run(1.0, 1e-3);  // the microseconds of the start are over
  Bench many = one;
  step(one.pack, one.hardware, one.inputs, 60.0, one.state);
  for (int i = 0; i < 60; ++i) step(many.pack, many.hardware, many.inputs, 1.0, many.state);
  EXPECT_TRUE(same_bits(one.state, many.state));
}

TEST(PackState, a_new_pack_rests) {
  const Bench bench(lfp_chemistry(), 16, 0.5, 10.0);
  EXPECT_EQ(bench.state.current_A, 0.0);
  EXPECT_NEAR(bench.state.stack_V, 16 * 3.301, 1e-6);
  EXPECT_EQ(bench.state.terminal_V, 0.0);
  EXPECT_EQ(bench.state.thermal.case_degC, 10.0);
  EXPECT_EQ(bench.state.thermal.bead_degC[1], 10.0);
  EXPECT_EQ(bench.state.heat_J, 0.0);
}

#if DOPPELPACK_COUNTS_ALLOCATIONS
// Everything a pack needs without recording; temporaries of making it count, too.
TEST(PackState, a_pack_fits_into_64_KiB) {
  const std::size_t before = allocated_bytes;
  const PackParameters parameters = testing::make_pack(lfp_chemistry());
  const PackState state = make_pack_state(parameters, CellArray::Constant(16, 0.5), 25.0);
  EXPECT_LT(allocated_bytes - before + sizeof parameters + sizeof state, 64U * 1024U);
  EXPECT_GT(allocated_bytes - before, 4096U);  // it does count
}

TEST(PackState, stepping_never_allocates) {
  for (const int cell_count : {1, 15, 16, 30}) {
    Bench bench(lfp_chemistry(), cell_count);
    bench.set_current(30.0);
    bench.inputs.bleeders = 1U;
    const long before = allocations;
    bench.run(0.1, 1e-3);
    step(bench.pack, bench.hardware, bench.inputs, 60.0, bench.state);
    bench.solve_now();
    EXPECT_EQ(allocations, before);
    AdaptiveWorkspace workspace = make_adaptive_workspace(bench.state);
    const long with_workspace = allocations;
    bench.inputs.source.max_V = 3.4 * cell_count;
    advance(bench.pack, bench.hardware, bench.inputs, 36000.0, {}, bench.state, workspace);
    EXPECT_EQ(allocations, with_workspace);
    const PackState copy = bench.state;  // the counter does count
    EXPECT_GT(allocations, with_workspace);
  }
}
#endif

}  // namespace

}  // namespace doppelpack::models
