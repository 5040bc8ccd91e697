// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/bms_trace.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "bench_fixture.hpp"
#include "sim/bms_trace_format.h"
#include "sim/data_error.hpp"
#include "temporary_folder.hpp"

namespace doppelpack::sim {
namespace {

namespace fs = std::filesystem;

std::uint64_t digest_of(const bms_outputs_t& outputs) {
  std::array<std::uint32_t, BMS_TRACE_OUTPUT_WORDS> words{};
  std::memcpy(words.data(), &outputs, sizeof outputs);
  return bms_trace_digest(words.data());
}

/// Runs the core in bms/ over a trace, as another processor would.
class Replay {
 public:
  explicit Replay(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(stream), {});
    header = take<bms_trace_header_t>();
    instance_.resize(bms_core()->instance_bytes / sizeof(std::max_align_t) + 1);
  }

  void run() {
    while (at_ < bytes_.size()) {
      const auto record = take<bms_trace_record_t>();
      record.kind == BMS_TRACE_POWER_UP ? power_up() : step(record);
    }
  }

  bms_trace_header_t header{};
  int power_ups = 0, steps = 0, differing = 0;
  std::uint32_t protections = 0;

 private:
  void take(void* to, std::size_t bytes) {
    ASSERT_LE(at_ + bytes, bytes_.size());
    std::memcpy(to, bytes_.data() + at_, bytes);
    at_ += bytes;
  }
  template <typename T>
  T take() {
    T value{};
    take(&value, sizeof value);
    return value;
  }
  bms_inputs_t take_inputs() {
    bms_inputs_t inputs{};
    take(&inputs, BMS_TRACE_INPUTS_HEAD_BYTES);
    const std::size_t messages = bms_trace_inputs_bytes(&inputs) - BMS_TRACE_INPUTS_HEAD_BYTES;
    take(inputs.bus.link, messages);
    return inputs;
  }
  void power_up() {
    config_ = take<bms_config_t>();
    const auto nvm = take<std::array<std::uint8_t, BMS_NVM_BYTES>>();
    EXPECT_EQ(bms_core()->init(instance_.data(), &config_, nvm.data()).error, BMS_OK);
    ++power_ups;
  }
  void step(const bms_trace_record_t& record) {
    const bms_inputs_t inputs = take_inputs();
    bms_outputs_t outputs;
    std::memset(&outputs, 0xA5, sizeof outputs);
    bms_core()->step(instance_.data(), &inputs, record.dt_us, &outputs);
    if (digest_of(outputs) != record.digest) ++differing;
    protections |= outputs.report.protections;
    ++steps;
  }

  std::vector<char> bytes_;
  std::size_t at_ = 0;
  bms_config_t config_{};
  std::vector<std::max_align_t> instance_;
};

void record(BmsTrace& trace, Scenario scenario) {
  BenchOptions options;
  options.bms_trace = &trace;
  Bench bench(std::move(scenario), options);
  bench.run_until(2 * kSecond);
  bench.inject("terminal-short", 0, {}, "short");
  bench.run_until(4 * kSecond);
}

TEST(BmsTrace, another_core_answers_every_step_alike) {
  const TemporaryFolder folder;
  const fs::path path = folder / "one.bmst";
  BmsTrace trace(path);
  record(trace, test::free_run(0.6));
  trace.flush();
  Replay replay(path);
  EXPECT_EQ(replay.header.abi_version, static_cast<std::uint32_t>(BMS_ABI_VERSION));
  EXPECT_EQ(replay.header.outputs_bytes, sizeof(bms_outputs_t));
  replay.run();
  EXPECT_EQ(replay.power_ups, 1);
  EXPECT_EQ(replay.steps, 4000);
  EXPECT_EQ(replay.differing, 0);
  EXPECT_TRUE(replay.protections & BMS_RULE_BIT(BMS_RULE_SCD)) << "the story was too mild";
}

TEST(BmsTrace, several_benches_share_a_file) {
  const TemporaryFolder folder;
  const fs::path path = folder / "two.bmst";
  BmsTrace trace(path);
  record(trace, test::free_run(0.6));
  record(trace, test::free_run(0.2));
  trace.flush();
  Replay replay(path);
  replay.run();
  EXPECT_EQ(replay.power_ups, 2);
  EXPECT_EQ(replay.steps, 8000);
  EXPECT_EQ(replay.differing, 0);
}

TEST(BmsTrace, digest_sees_every_byte) {
  bms_outputs_t outputs{};
  const std::uint64_t before = digest_of(outputs);
  auto* bytes = reinterpret_cast<unsigned char*>(&outputs);
  for (std::size_t i = 0; i < sizeof outputs; ++i) {
    bytes[i] ^= 1;
    EXPECT_NE(digest_of(outputs), before) << i;
    bytes[i] ^= 1;
  }
}

TEST(BmsTrace, a_file_that_cannot_be_written_is_named) {
  try {
    BmsTrace trace("/nonexistent/trace.bmst");
    FAIL();
  } catch (const DataError& error) {
    EXPECT_EQ(std::string(error.what()),
              "/nonexistent/trace.bmst: cannot be written: No such file or directory");
  }
}

}  // namespace
}  // namespace doppelpack::sim
