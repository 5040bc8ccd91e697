// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A bench that goes on from a snapshot does what the bench does that it was taken of: to the last bit of
// the state and the last byte of the log, from memory and from a file, whatever was going on.
#include "sim/snapshot.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "bench_fixture.hpp"
#include "bms/bms.h"
#include "temporary_folder.hpp"

namespace doppelpack::sim {
namespace {

namespace fs = std::filesystem;

using test::free_run;
using test::read;

/// A folder of its own, gone afterwards.
class SnapshotFile {
 public:
  fs::path path() const { return folder_ / "state"; }
  std::string bytes() const {
    std::ifstream stream(path(), std::ios::binary);
    std::ostringstream all;
    all << stream.rdbuf();
    return all.str();
  }
  void overwrite(const std::string& bytes) const {
    std::ofstream(path(), std::ios::binary) << bytes;
  }

 private:
  TemporaryFolder folder_;
};

/// Of the file's header: with the SHA-256 of all the rest.
std::string header_of(const Snapshot& snapshot) {
  const SnapshotFile file;
  write_snapshot(snapshot, file.path());
  const std::string bytes = file.bytes();
  return bytes.substr(0, bytes.find('\n'));
}

Scenario shipped(std::string_view key) {
  return load_scenario(key, find_data_folder());
}

std::string error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const DataError& error) {
    return error.what();
  }
  return "nothing was wrong";
}

// ---- the same, bit for bit ----

struct Moment {
  const char* scenario;
  double share;  // of its duration
};

std::string name_of_moment(const ::testing::TestParamInfo<Moment>& info) {
  std::string name = info.param.scenario;
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return name + "_" + std::to_string(static_cast<int>(info.param.share * 1000));
}

class SnapshotOf : public ::testing::TestWithParam<Moment> {};

TEST_P(SnapshotOf, GoesOnBitForBit) {
  const Scenario scenario = shipped(GetParam().scenario);
  const Time end_ns = std::min(scenario.duration_ns, 900 * kSecond);
  const auto taken_ns = static_cast<Time>(GetParam().share * static_cast<double>(end_ns));
  Bench whole(scenario);
  whole.run_until(taken_ns);
  const SnapshotFile file;
  write_snapshot(whole.snapshot(), file.path());

  Bench second(scenario, {}, read_snapshot(file.path()));
  EXPECT_EQ(second.now_ns(), whole.now_ns());
  whole.run_until(end_ns);
  second.run_until(end_ns);
  EXPECT_EQ(header_of(second.snapshot()), header_of(whole.snapshot()));
  EXPECT_EQ(second.finish().event_log_sha256, whole.finish().event_log_sha256);
}

INSTANTIATE_TEST_SUITE_P(Scenarios, SnapshotOf,
                         ::testing::Values(Moment{"over-charge", 0.0}, Moment{"over-charge", 0.37},
                                           Moment{"over-charge", 0.9}, Moment{"short-circuit", 0.5},
                                           Moment{"ntc-open-during-charge", 0.61},
                                           Moment{"can-wiring", 0.45}, Moment{"can-gateway", 0.5},
                                           Moment{"rs485-wiring", 0.55},
                                           Moment{"relay-faults", 0.3}, Moment{"board-faults", 0.7},
                                           Moment{"TEL-P1", 0.6}, Moment{"TEL-C2", 0.3},
                                           Moment{"RES-C2-late", 0.5}, Moment{"DYN-C3", 0.5}),
                         name_of_moment);

// In the middle of a millisecond, with the current through a short on its way up.
TEST(Snapshot, IsTakenInTheMiddleOfATransient) {
  Bench whole(free_run());
  test::start_up(whole);
  whole.inject("terminal-short", 0, 0.002, "short");
  whole.run_until(whole.now_ns() + 73 * kMicrosecond + 11);
  ASSERT_TRUE(whole.state().units.front().pack.is_transient);
  const Snapshot snapshot = whole.snapshot();
  Bench second(free_run(), {}, snapshot);
  const Time end_ns = whole.now_ns() + 3 * kSecond;
  whole.run_until(end_ns);
  second.run_until(end_ns);
  EXPECT_EQ(header_of(second.snapshot()), header_of(whole.snapshot()));
  EXPECT_NE(read(second, "bms1/charge_gate"), 1.0);
}

TEST(Snapshot, GivesAsManyBenchesAsOneLikes) {
  Bench charged(free_run());
  charged.set("inverter1/demand_W", 2000.0);
  test::start_up(charged);
  const Snapshot snapshot = charged.snapshot();
  Bench healthy(free_run(), {}, snapshot);
  Bench faulty(free_run(), {}, snapshot);
  faulty.inject("ntc-open", 1, std::nullopt, "ntc");
  healthy.run_until(healthy.now_ns() + 10 * kSecond);
  faulty.run_until(faulty.now_ns() + 10 * kSecond);
  EXPECT_EQ(read(healthy, "bms1/charge_gate"), 1.0);
  EXPECT_EQ(read(faulty, "bms1/charge_gate"), 0.0);
  EXPECT_EQ(header_of(snapshot), header_of(charged.snapshot()));
}

TEST(Snapshot, KeepsWhatAnIsolatedCoreRemembers) {
  BenchOptions isolated;
  isolated.core.is_isolated = true;
  Bench whole(free_run(), isolated);
  test::start_up(whole);
  Bench second(free_run(), isolated, whole.snapshot());
  whole.run_until(whole.now_ns() + 5 * kSecond);
  second.run_until(second.now_ns() + 5 * kSecond);
  EXPECT_EQ(second.finish().event_log_sha256, whole.finish().event_log_sha256);
}

TEST(Snapshot, KnowsNothingOfItsAddressInMemory) {
  Bench first(free_run());
  Bench second(free_run());
  test::start_up(first);
  test::start_up(second);
  EXPECT_EQ(header_of(first.snapshot()), header_of(second.snapshot()));
}

// ---- what is refused ----

TEST(Snapshot, FitsNoOtherScenario) {
  Bench bench(free_run(0.5));
  test::start_up(bench);
  const Snapshot snapshot = bench.snapshot();
  Scenario other_seed = free_run(0.5);
  other_seed.seed = 2;
  const auto go_on = [&](Scenario scenario) {
    return error_of([&] { Bench(std::move(scenario), {}, snapshot); });
  };
  for (Scenario other : {free_run(0.6), free_run(0.5, "hybrid-5k", "telecom-48v"), other_seed})
    EXPECT_NE(go_on(std::move(other)).find("snapshot.fingerprint: found one of another"),
              std::string::npos);
  EXPECT_EQ(go_on(free_run(0.5)), "nothing was wrong");
}

bms_status_t careless_init(void*, const bms_config_t*, const std::uint8_t*) {
  return {BMS_OK, 0};
}
void careless_step(void*, const bms_inputs_t*, std::uint32_t, bms_outputs_t* out) {
  *out = {};
}
void careless_format(const bms_factory_t*, std::uint8_t*) {}

TEST(Snapshot, IsOfOneCore) {
  Bench bench(free_run());
  bms_core_t renamed = *bms_core();
  renamed.name = "renamed";
  BenchOptions options;
  options.core.table = &renamed;
  const std::string error = error_of([&] { Bench(free_run(), options, bench.snapshot()); });
  EXPECT_NE(error.find("snapshot.core: found the memory of doppelpack"), std::string::npos)
      << error;
}

TEST(Snapshot, NeedsACoreThatCanBeCopied) {
  const bms_core_t careless{BMS_ABI_VERSION, "careless",    1,      1, 1, nullptr, careless_format,
                            careless_init,   careless_step, nullptr};
  BenchOptions options;
  options.core.table = &careless;
  Bench bench(free_run(), options);
  const std::string error = error_of([&] { bench.snapshot(); });
  EXPECT_NE(error.find("found the core \"careless\" without bms_core_t.move"), std::string::npos)
      << error;
}

TEST(SnapshotFileOf, WhatIsDamagedIsRefused) {
  Bench bench(free_run());
  test::start_up(bench);
  const SnapshotFile file;
  write_snapshot(bench.snapshot(), file.path());
  const std::string good = file.bytes();
  const auto error_with = [&](std::string bytes) {
    file.overwrite(bytes);
    return error_of([&] { read_snapshot(file.path()); });
  };
  std::string flipped = good;
  flipped[good.size() - 100] = static_cast<char>(flipped[good.size() - 100] ^ 1);
  EXPECT_NE(error_with(flipped).find("sha256: found"), std::string::npos);
  EXPECT_NE(error_with(good.substr(0, good.size() - 1)).find("sha256: found"), std::string::npos);
  EXPECT_NE(error_with("").find("found no header"), std::string::npos);
  EXPECT_NE(error_with("a text\nand another").find("found no header"), std::string::npos);
  std::string newer = good;
  newer.replace(newer.find("\"format\":1"), 10, "\"format\":9");
  EXPECT_NE(error_with(newer).find("format: found format 9"), std::string::npos);
  EXPECT_EQ(error_with(good), "nothing was wrong");
}

}  // namespace
}  // namespace doppelpack::sim
