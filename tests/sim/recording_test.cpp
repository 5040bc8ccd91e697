// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What becomes of a recording when its disk stops, comes back, fills up or is gone.

#include "sim/recording.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "../temporary_folder.hpp"
#include "bench_fixture.hpp"
#include "sim/data_error.hpp"
#include "sim/recorder.hpp"
#include "small_bench.hpp"
#include "test_disk.hpp"

namespace doppelpack::sim {
namespace {

using test::free_run;
using test::TestDisk;

constexpr std::size_t kQueue_bytes = 4096;
/// Of a row of two signals within the queue: time, size and kind, two numbers.
constexpr std::size_t kRow_bytes = 16 + 2 * 8;

std::size_t line_count(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string last_line(const std::string& text) {
  return text.substr(text.rfind('\n', text.size() - 2) + 1);
}

std::size_t row_count(const TestDisk& disk) {
  return line_count(disk.content("signals.csv")) - 1;
}

class DiskOfARecording : public ::testing::Test {
 protected:
  RecordOptions options(bool is_live) {
    RecordOptions options;
    options.folder = folder_ / "out";
    options.choice.disk = disk_;
    options.choice.queue_bytes = kQueue_bytes;
    options.is_live = is_live;
    options.notice = [this](std::string_view line) { notices_.emplace_back(line); };
    return options;
  }
  void sample(Recorder& recorder, int count) {
    for (int i = 0; i < count; ++i) recorder.sample(next_ns_ += kMillisecond, state_);
  }

  std::vector<std::string> notices_;  ///< the writer's; to look at once it has ended
  TemporaryFolder folder_;
  std::shared_ptr<TestDisk> disk_ = std::make_shared<TestDisk>();
  SignalCatalogue catalogue_{small_product()};
  BenchState state_ = small_state();
  RecordPlan plan_{kMillisecond, {{"bms1/soc", {}}, {"pack1/cell01/voltage_V", {}}}};
  Time next_ns_ = 0;
};

TEST_F(DiskOfARecording, ThatStopsCostsALiveOneRowsAndNoTime) {
  Recorder recorder(plan_, catalogue_, options(true));
  disk_->stop();
  sample(recorder, 1);
  disk_->wait_for_a_writer();
  sample(recorder, 10'000);
  disk_->release();
  recorder.flush();
  const std::size_t kept = row_count(*disk_);
  EXPECT_GE(kept, 2U);
  EXPECT_LE(kept * kRow_bytes, 2 * kQueue_bytes) << "what waited must be bounded";

  sample(recorder, 5);
  recorder.flush();
  EXPECT_EQ(row_count(*disk_), kept + 5) << "the disk is back";
  EXPECT_EQ(last_line(disk_->content("signals.csv")).substr(0, 7), "10.006,");
  const RecordingReport report = recorder.close().value();
  EXPECT_EQ(report.lost_rows, 10'001 - kept);
  EXPECT_EQ(report.lost_frames + report.lost_events, 0U);
  EXPECT_EQ(report.stopped, "");
  const auto gap = nlohmann::json::parse(disk_->content("losses.jsonl"));
  EXPECT_EQ(gap.at("lost_rows"), report.lost_rows);
  EXPECT_EQ(gap.at("to_ns"), 10'001 * kMillisecond);
  EXPECT_EQ(gap.at("from_ns").get<Time>(), static_cast<Time>(kept + 1) * kMillisecond);
  ASSERT_EQ(notices_.size(), 1U);
  EXPECT_NE(notices_[0].find("rows"), std::string::npos) << notices_[0];
}

TEST_F(DiskOfARecording, ThatStopsCostsRowsBeforeFramesAndFramesBeforeEvents) {
  Recorder recorder(plan_, catalogue_, options(true));
  disk_->stop();
  sample(recorder, 1);
  disk_->wait_for_a_writer();
  sample(recorder, 1000);
  for (int i = 0; i < 20; ++i) recorder.can_frame(next_ns_, {});
  for (int i = 0; i < 5; ++i) recorder.events().add(next_ns_, "note", {{"text", "kept"}});
  disk_->release();
  const RecordingReport report = recorder.close().value();
  EXPECT_GT(report.lost_rows, 800U);
  EXPECT_EQ(report.lost_frames, 0U);
  EXPECT_EQ(report.lost_events, 0U);
  EXPECT_EQ(line_count(disk_->content("can1.log")), 20U);
  EXPECT_EQ(line_count(disk_->content("events.jsonl")), 5U);
  EXPECT_EQ(line_count(disk_->content("losses.jsonl")), 1U);
}

TEST_F(DiskOfARecording, ThatStopsIsWaitedForUnlessLive) {
  Recorder recorder(plan_, catalogue_, options(false));
  disk_->stop();
  std::thread simulation([&] { sample(recorder, 10'000); });
  disk_->wait_for_a_writer();
  disk_->release();
  simulation.join();
  const RecordingReport report = recorder.close().value();
  EXPECT_TRUE(report.is_complete());
  EXPECT_EQ(row_count(*disk_), 10'000U);
  EXPECT_FALSE(disk_->has("losses.jsonl"));
}

TEST_F(DiskOfARecording, ThatIsFullEndsAPatientRunWithTheReason) {
  Recorder recorder(plan_, catalogue_, options(false));
  disk_->fill_up();
  try {
    sample(recorder, 1);
    recorder.flush();
    FAIL();
  } catch (const DataError& error) {
    EXPECT_NE(std::string(error.what()).find("signals.csv"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("the disk is full"), std::string::npos);
  }
  EXPECT_THROW(sample(recorder, 1), DataError);
  EXPECT_THROW(recorder.close(), DataError);
}

TEST_F(DiskOfARecording, ThatIsFullEndsTheRecordingOfALiveRunOnly) {
  Recorder recorder(plan_, catalogue_, options(true));
  sample(recorder, 3);
  recorder.flush();
  disk_->fill_up();
  sample(recorder, 10);
  recorder.flush();
  sample(recorder, 100);
  const RecordingReport report = recorder.close().value();
  EXPECT_EQ(row_count(*disk_), 3U);
  EXPECT_EQ(report.lost_rows, 110U);
  EXPECT_NE(report.stopped.find("signals.csv: cannot be written"), std::string::npos);
  ASSERT_EQ(notices_.size(), 1U);
  EXPECT_EQ(notices_[0], "recording stopped: " + report.stopped);
  EXPECT_NE(describe(report).find("110 rows"), std::string::npos) << describe(report);
}

TEST_F(DiskOfARecording, ThatNeverAnswersIsGivenUp) {
  RecordOptions impatient = options(true);
  impatient.choice.patience = std::chrono::milliseconds(0);
  impatient.notice = nullptr;
  {
    Recorder recorder(plan_, catalogue_, impatient);
    disk_->stop();
    sample(recorder, 7);
    disk_->wait_for_a_writer();
    const RecordingReport report = recorder.close().value();
    EXPECT_EQ(report.stopped, "the disk does not answer");
    EXPECT_EQ(report.lost_rows, 7U);
  }
  disk_->release();
  disk_->wait_until_left();
}

TEST(PacedBench, GoesOnWhileItsDiskStandsStill) {
  const TemporaryFolder folder;
  const auto disk = std::make_shared<TestDisk>();
  Scenario scenario = free_run();
  scenario.record.period_ns = 10 * kMillisecond;
  const auto run = [&](BenchOptions options, const std::function<void()>& between) {
    Bench bench(scenario, std::move(options));
    bench.run_until(kSecond);
    between();
    bench.run_until(40 * kSecond + kMillisecond);  // returns: nothing waits for the disk
    disk->release();
    return bench.finish();
  };
  BenchOptions recording;
  recording.speed = 1e6;
  recording.out = folder / "out";
  recording.recording.disk = disk;
  recording.recording.queue_bytes = 65536;
  const RunResult result = run(recording, [&] { disk->stop(); });
  EXPECT_GT(result.recording.value().lost_rows, 1000U);
  EXPECT_EQ(row_count(*disk) + result.recording->lost_rows, 4001U);
  std::uint64_t told = 0;
  std::istringstream losses(disk->content("losses.jsonl"));
  for (std::string line; std::getline(losses, line);)
    told += nlohmann::json::parse(line).at("lost_rows").get<std::uint64_t>();
  EXPECT_EQ(told, result.recording->lost_rows);
  EXPECT_EQ(result.event_log_sha256, run({}, [] {}).event_log_sha256);
}

TEST(Bench, KeepsNoRowsUnlessAsked) {
  Bench bench(free_run());
  bench.run_until(10 * kSecond);
  EXPECT_EQ(bench.recorder().time_s().size(), 0U);
  EXPECT_FALSE(bench.finish().recording.has_value());
}

TEST(FastBench, HasCompleteFilesWheneverItRests) {
  const TemporaryFolder folder;
  const auto disk = std::make_shared<TestDisk>();
  BenchOptions options;
  options.out = folder / "out";
  options.recording.disk = disk;
  Bench bench(free_run(), options);
  for (int seconds = 1; seconds <= 3; ++seconds) {
    bench.run_until(seconds * kSecond + kMillisecond);
    EXPECT_EQ(row_count(*disk), static_cast<std::size_t>(seconds) + 1);
  }
}

}  // namespace
}  // namespace doppelpack::sim
