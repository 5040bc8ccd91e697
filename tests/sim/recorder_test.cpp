// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/recorder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <regex>

#include "small_bench.hpp"
#include "temporary_folder.hpp"

namespace doppelpack::sim {
namespace {

namespace fs = std::filesystem;

std::string bytes(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

RecordPlan plan(std::initializer_list<const char*> signals) {
  RecordPlan result;
  for (const char* signal : signals)
    result.signals.push_back({signal, {"case.yaml", 20, "record"}});
  return result;
}

RunResult failed_run() {
  RunResult result;
  result.scenario = "over-voltage";
  result.title = "Cell <7> & \"friends\"";
  result.product = "us5000";
  result.seed = 18'446'744'073'709'551'615U;
  result.has_passed = false;
  result.simulated_s = 60.0;
  result.wall_s = 0.25;
  result.real_time_factor = 240.0;
  result.event_log_sha256 = "abc123";
  Verdict good;
  good.name = "opens <in time>";
  good.kind = "within";
  good.that = "bms1/charge_gate == open";
  good.has_held = good.is_decided = true;
  good.measured_s = 1.5;
  good.limit_s = 2.0;
  good.margin_s = 0.5;
  Verdict bad = good;
  bad.name = "stays below";
  bad.kind = "never";
  bad.that = "pack1/cell_max_V > 3.8 V";
  bad.has_held = false;
  bad.measured_s = 12.25;
  bad.limit_s.reset();
  bad.margin_s.reset();
  bad.reason = "pack1/cell_max_V > 3.8 V held at 12.25 s & \x02later";
  result.expectations = {good, bad};
  return result;
}

class RecorderFolder : public ::testing::Test {
 protected:
  static RecordOptions into(const fs::path& folder) { return {folder}; }
  static RecordOptions in_memory() {
    RecordOptions options;
    options.choice.keeps_rows = true;
    return options;
  }
  bool exists(const char* name) const { return fs::exists(folder_ / name); }
  std::vector<std::string> names(const Recorder& recorder) const {
    std::vector<std::string> result;
    for (const std::size_t i : recorder.recorded()) result.push_back(catalogue_.all()[i].name);
    return result;
  }

  const TemporaryFolder temporary_;
  const fs::path folder_ = temporary_ / "out";  // which is not there yet
  SignalCatalogue catalogue_{small_product()};
  BenchState state_ = small_state();
};

TEST_F(RecorderFolder, writes_a_row_per_sample) {
  Recorder recorder(plan({"pack1/cell0?/voltage_V", "bms1/charge_gate", "inverter1/cvl_V"}),
                    catalogue_, into(folder_));
  state_.units[0].pack.cell_V[0] = 1.0 / 3.0;
  recorder.sample(0, state_);
  state_.units[0].pack.cell_V[0] = std::copysign(std::numeric_limits<double>::quiet_NaN(), -1.0);
  state_.inverter.battery.cvl_V = 57.6;
  recorder.sample(100'000'001'500'000'000, state_);
  recorder.flush();
  const std::string cells = "3.3,3.3,3.3,3.3,3.3,3.3,3.3,3.3";
  EXPECT_EQ(bytes(folder_ / "signals.csv"),
            "t_s,pack1/cell01/voltage_V,pack1/cell02/voltage_V,pack1/cell03/voltage_V,"
            "pack1/cell04/voltage_V,pack1/cell05/voltage_V,pack1/cell06/voltage_V,"
            "pack1/cell07/voltage_V,pack1/cell08/voltage_V,pack1/cell09/voltage_V,"
            "bms1/charge_gate,inverter1/cvl_V\n"
            "0,0.333333333," +
                cells +
                ",0,nan\n"
                "100000001.5,nan," +
                cells + ",0,57.6\n");
}

TEST_F(RecorderFolder, keeps_full_precision_in_memory) {
  Recorder recorder(plan({"pack1/cell01/voltage_V"}), catalogue_, in_memory());
  state_.units[0].pack.cell_V[0] = 1.0 / 3.0;
  recorder.sample(2 * kSecond, state_);
  ASSERT_EQ(recorder.column(0).size(), 1U);
  EXPECT_EQ(recorder.column(0).block()[0], 1.0 / 3.0);
  EXPECT_EQ(recorder.time_s().block()[0], 2.0);
}

TEST_F(RecorderFolder, takes_each_signal_once_in_the_order_of_the_plan) {
  const Recorder recorder(plan({"bms1/soc", "env/*", "bms1/so?"}), catalogue_, in_memory());
  EXPECT_EQ(names(recorder),
            (std::vector<std::string>{"bms1/soc", "env/ambient_degC", "bms1/soh"}));
}

TEST_F(RecorderFolder, without_a_plan_has_the_headlines_and_every_cell) {
  const Recorder recorder({}, catalogue_, in_memory());
  const std::vector<std::string> recorded = names(recorder);
  for (const char* name :
       {"pack1/current_A", "pack1/soc", "pack1/cell01/voltage_V", "pack1/cell16/voltage_V",
        "pack1/ntc4/T_degC", "bms1/state", "bms1/cell16/voltage_V", "bms1/ntc1/T_degC",
        "bms1/charge_gate", "inverter1/current_A", "site/grid_W", "env/ambient_degC"}) {
    EXPECT_NE(std::find(recorded.begin(), recorded.end(), name), recorded.end()) << name;
  }
  // Every line of the standard set names something: 9 + 16 + 4, 15 + 16 + 4, 6, 9, 1.
  EXPECT_EQ(recorded.size(), 80U);
}

TEST_F(RecorderFolder, of_an_unknown_signal_creates_nothing) {
  try {
    const Recorder recorder(plan({"bms1/soc", "bms1/charge_gat"}), catalogue_, into(folder_));
    FAIL();
  } catch (const DataError& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find("case.yaml:20"), std::string::npos) << what;
    EXPECT_NE(what.find("bms1/charge_gate"), std::string::npos) << what;
  }
  EXPECT_FALSE(fs::exists(folder_));
  EXPECT_THROW(Recorder(plan({"nothing/*"}), catalogue_, into(folder_)), DataError);
}

TEST_F(RecorderFolder, into_an_impossible_folder_says_why) {
  fs::create_directories(folder_);
  std::ofstream(folder_ / "file") << "in the way";
  try {
    const Recorder recorder({}, catalogue_, into(folder_ / "file" / "out"));
    FAIL();
  } catch (const DataError& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find("file/out"), std::string::npos) << what;
    EXPECT_NE(what.find("Not a directory"), std::string::npos) << what;
  }
}

TEST_F(RecorderFolder, creates_nested_folders_and_only_the_files_with_content) {
  Recorder recorder({}, catalogue_, into(folder_ / "a" / "b"));
  EXPECT_TRUE(exists("a/b/events.jsonl"));
  EXPECT_TRUE(exists("a/b/signals.csv"));
  EXPECT_FALSE(exists("a/b/can1.log"));
  EXPECT_FALSE(exists("a/b/rs485_1.log"));
  EXPECT_FALSE(exists("a/b/result.json"));
}

TEST_F(RecorderFolder, removes_what_an_earlier_run_left_but_nothing_else) {
  fs::create_directories(folder_);
  for (const char* name : {"can1.log", "rs485_1.log", "result.json", "signals.csv", "notes.txt"}) {
    std::ofstream(folder_ / name) << "old";
  }
  const Recorder recorder({}, catalogue_, into(folder_));
  EXPECT_FALSE(exists("can1.log"));
  EXPECT_FALSE(exists("rs485_1.log"));
  EXPECT_FALSE(exists("result.json"));
  EXPECT_EQ(bytes(folder_ / "signals.csv").rfind("t_s,", 0), 0U);
  EXPECT_EQ(bytes(folder_ / "notes.txt"), "old");
}

TEST_F(RecorderFolder, logs_events_to_their_file) {
  Recorder recorder({}, catalogue_, into(folder_));
  recorder.events().add(7, "note", {{"text", "hello"}});
  recorder.flush();
  EXPECT_EQ(bytes(folder_ / "events.jsonl"),
            "{\"t_ns\":7,\"event\":\"note\",\"text\":\"hello\"}\n");
}

TEST_F(RecorderFolder, logs_frames_as_candump_does) {
  Recorder recorder({}, catalogue_, into(folder_));
  can_emulator::CanFrame frame;
  frame.id = 0x351;
  frame.dlc = 4;
  frame.data = {0x14, 0x02, 0xFA, 0x00};
  recorder.can_frame(12'345'678'000, frame);
  recorder.flush();
  EXPECT_EQ(bytes(folder_ / "can1.log"), "(12.345678) can1 351#1402FA00\n");
}

TEST_F(RecorderFolder, logs_serial_bursts_with_their_direction) {
  Recorder recorder({}, catalogue_, into(folder_));
  const can_emulator::Bytes request{0x7E, 0x32, 0x0D};
  const can_emulator::Bytes reply{0x7E, 0xAB};
  recorder.serial_bytes(1'000'020'000, Direction::to_pack, request);
  recorder.serial_bytes(12'345'678'999, Direction::from_pack, reply);
  recorder.flush();
  EXPECT_EQ(bytes(folder_ / "rs485_1.log"), "(1.000020) < 7E320D\n(12.345678) > 7EAB\n");
}

TEST_F(RecorderFolder, without_a_folder_takes_everything_and_writes_nothing) {
  Recorder recorder({}, catalogue_, in_memory());
  recorder.sample(0, state_);
  recorder.can_frame(0, {});
  recorder.serial_bytes(0, Direction::to_pack, {});
  recorder.finish(failed_run());
  EXPECT_EQ(recorder.time_s().size(), 1U);
}

TEST_F(RecorderFolder, ends_with_a_result_and_no_temporary_file) {
  Recorder recorder({}, catalogue_, into(folder_));
  recorder.finish(failed_run());
  const auto result = nlohmann::json::parse(bytes(folder_ / "result.json"));
  EXPECT_EQ(result.at("scenario"), "over-voltage");
  EXPECT_EQ(result.at("has_passed"), false);
  EXPECT_EQ(result.at("seed"), 18'446'744'073'709'551'615U);
  EXPECT_EQ(result.at("event_log_sha256"), "abc123");
  ASSERT_EQ(result.at("expectations").size(), 2U);
  EXPECT_EQ(result.at("expectations")[0].at("measured_s"), 1.5);
  EXPECT_EQ(result.at("expectations")[0].at("limit_s"), 2.0);
  EXPECT_EQ(result.at("expectations")[0].at("margin_s"), 0.5);
  EXPECT_TRUE(result.at("expectations")[1].at("limit_s").is_null());
  EXPECT_EQ(result.at("expectations")[1].at("measured_s"), 12.25);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 3);
}

TEST(ResultJson, is_pretty_with_two_spaces) {
  const std::string json = to_json(failed_run());
  EXPECT_EQ(json.rfind("{\n  \"scenario\": \"over-voltage\",\n", 0), 0U) << json;
}

TEST(Column, keeps_old_blocks_valid_and_unchanged) {
  Column column;
  EXPECT_EQ(column.size(), 0U);
  column.append(1.5);
  const auto old = column.block();
  constexpr int kRows = 100'000;
  for (int i = 1; i < kRows; ++i) column.append(i);
  EXPECT_EQ(column.size(), std::size_t{kRows});
  EXPECT_EQ(old[0], 1.5);
  EXPECT_NE(column.block(), old);
  const auto now = column.block();
  EXPECT_EQ(now[0], 1.5);
  for (int i = 1; i < kRows; ++i) ASSERT_EQ(now[i], i);
  column.append(2.0);
  EXPECT_EQ(column.block(), now) << "one more row does not move the block";
}

// Well-formed as far as JUnit needs it: every tag closed in order, no raw & or < in values.
::testing::AssertionResult is_well_formed(const std::string& xml) {
  static const std::regex kTag(
      R"re(<(/?)([a-z]+)((?: [a-z]+="[^"<&]*(?:&[a-z0-9#]+;[^"<&]*)*")*)(/?)>)re");
  const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  if (xml.rfind(head, 0) != 0) return ::testing::AssertionFailure() << "no declaration";
  std::vector<std::string> open;
  std::size_t position = head.size();
  for (std::sregex_iterator it(xml.begin() + static_cast<std::ptrdiff_t>(position), xml.end(),
                               kTag);
       it != std::sregex_iterator(); ++it) {
    const std::size_t start = head.size() + static_cast<std::size_t>(it->position());
    const std::string between = xml.substr(position, start - position);
    if (between.find('<') != std::string::npos) return ::testing::AssertionFailure() << between;
    position = start + static_cast<std::size_t>(it->length());
    if ((*it)[1] == "/") {
      if (open.empty() || open.back() != (*it)[2]) return ::testing::AssertionFailure() << (*it)[0];
      open.pop_back();
    } else if ((*it)[4] != "/") {
      open.push_back((*it)[2]);
    }
  }
  if (!open.empty()) return ::testing::AssertionFailure() << open.back() << " stays open";
  if (xml.substr(position) != "\n") return ::testing::AssertionFailure() << xml.substr(position);
  for (std::size_t i = xml.find('&'); i != std::string::npos; i = xml.find('&', i + 1)) {
    static const std::regex kEntity("&(amp|lt|gt|quot|#[0-9]+);.*");
    if (!std::regex_match(xml.substr(i, xml.find('\n', i) - i), kEntity)) {
      return ::testing::AssertionFailure() << xml.substr(i, 10);
    }
  }
  return ::testing::AssertionSuccess();
}

TEST(Junit, has_a_suite_per_run_and_a_case_per_expectation) {
  RunResult passed = failed_run();
  passed.scenario = "quiet";
  passed.expectations.pop_back();
  const std::vector<RunResult> results{failed_run(), passed};
  const std::string xml = to_junit(results);
  EXPECT_TRUE(is_well_formed(xml)) << xml;
  for (const char* part :
       {"<testsuites tests=\"3\" failures=\"1\" errors=\"0\" time=\"0.500\">",
        "<testsuite name=\"over-voltage\" tests=\"2\" failures=\"1\"",
        "<testsuite name=\"quiet\" tests=\"1\" failures=\"0\"",
        "<testcase classname=\"over-voltage\" name=\"opens &lt;in time&gt;\">\n      "
        "<properties>\n",
        "<property name=\"margin_s\" value=\"0.5\"/>",
        "<property name=\"seed\" value=\"18446744073709551615\"/>",
        "<property name=\"event_log_sha256\" value=\"abc123\"/>",
        "<property name=\"title\" value=\"Cell &lt;7&gt; &amp; &quot;friends&quot;\"/>",
        "<failure message=\"pack1/cell_max_V &gt; 3.8 V held at 12.25 s &amp; ?later\"",
        "never: pack1/cell_max_V &gt; 3.8 V", "measured 12.25 s"}) {
    EXPECT_NE(xml.find(part), std::string::npos) << part << "\n" << xml;
  }
}

TEST(Junit, stays_readable_with_broken_text) {
  RunResult result = failed_run();
  result.expectations[1].reason = "line\nbreak \xFF";
  result.expectations[1].name = "\u00B0C";
  const std::string xml = to_junit(std::span<const RunResult>(&result, 1));
  EXPECT_TRUE(is_well_formed(xml)) << xml;
  EXPECT_NE(xml.find("line&#10;break \uFFFD"), std::string::npos) << xml;
  EXPECT_NE(xml.find("name=\"\u00B0C\""), std::string::npos) << xml;
}

TEST(Junit, says_why_a_suite_was_skipped_and_what_else_there_is_to_say) {
  JunitSuite said{failed_run(), {{"row", "PYL-<V1>"}}, ""};
  JunitSuite skipped;
  skipped.result.scenario = "PYL-V2";
  skipped.result.title = "cell nearing over-voltage";
  skipped.skipped = "no \"model\"";
  const std::vector<JunitSuite> suites{said, skipped};
  const std::string xml = to_junit(suites);
  EXPECT_TRUE(is_well_formed(xml)) << xml;
  for (const char* part :
       {"<testsuites tests=\"3\" failures=\"1\"",
        "<property name=\"row\" value=\"PYL-&lt;V1&gt;\"/>",
        "<testsuite name=\"PYL-V2\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\"",
        "<skipped message=\"no &quot;model&quot;\"/>"}) {
    EXPECT_NE(xml.find(part), std::string::npos) << part << "\n" << xml;
  }
}

TEST(Junit, of_nothing_is_an_empty_document) {
  EXPECT_TRUE(is_well_formed(to_junit(std::span<const RunResult>())));
}

}  // namespace
}  // namespace doppelpack::sim
