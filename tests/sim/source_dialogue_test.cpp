// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What is said to a DC source that plays the pack, in virtual time: the device is a few lines of this file.

#include "sim/source_dialogue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <set>
#include <utility>

#include "sim/load.hpp"

namespace doppelpack::sim {
namespace {

constexpr Time kTick = kMillisecond;
constexpr double kPack_V = 52.0;

/// An EA PSB as far as the profile needs it: a stiff voltage with an inverter on it that draws a current.
class FakeSource {
 public:
  std::string identity = "EA Elektro-Automatik GmbH, PSB 10080-120, 1234, V3.02";
  double inverter_A = 0.0;  ///< + charges the pack, flows only while the output is on
  double found_V = 0.0;     ///< at the terminals while the output is off
  std::string error = "0,\"No error\"";
  std::string spoilt;  ///< in place of what was measured
  bool is_mute = false;
  bool was_tripped = false;

  std::vector<std::string> heard;
  bool is_on = false;
  double set_V = 0.0;
  double charge_A = 0.0;
  double discharge_A = 0.0;
  bool is_watched = false;

  void hear(const std::string& line, std::vector<std::string>& answers) {
    heard.push_back(line);
    const std::string word = line.substr(0, line.find(' '));
    const double number = line.find(' ') == std::string::npos
                              ? 0.0
                              : std::strtod(line.c_str() + line.find(' '), nullptr);
    if (line == "OUTP ON") is_on = true;
    if (line == "OUTP OFF") is_on = false;
    if (was_tripped) is_on = false;
    if (word == "VOLT") set_V = number;
    if (word == "CURR") discharge_A = number;
    if (word == "SINK:CURR") charge_A = number;
    if (line == "SYST:COMM:MON:ACT ON") is_watched = true;
    if (line == "SYST:COMM:MON:ACT OFF") is_watched = false;
    if (line.back() == '?' && !is_mute) answers.push_back(answer(line));
  }

 private:
  std::string answer(const std::string& line) const {
    if (line == "*IDN?") return identity;
    if (line == "SYST:LOCK:OWN?") return "REMOTE";
    if (line == "SYST:NOM:VOLT?") return "80.00 V";
    if (line == "SYST:NOM:CURR?") return "120.0 A";
    if (line == "SYST:NOM:POW?") return "5000 W";
    if (line == "OUTP?") return is_on ? "ON" : "OFF";
    if (line == "MEAS:VOLT?") return std::to_string(is_on ? set_V : found_V) + " V";
    if (line == "SYST:ERR?") return error;
    if (!spoilt.empty()) return spoilt;
    return std::to_string(is_on ? -inverter_A : 0.0) + " A";  // out of the device is positive
  }
};

class DialogueTest : public testing::Test {
 protected:
  DialogueTest() { restart({60.0, 40.0, 2000.0}); }

  void restart(SourceLimits limits) {
    settings_.profile = load_power_stage("ea-psb", find_data_folder());
    settings_.limits = limits;
    settings_.timeout_ns = 500 * kMillisecond;
    settings_.soft_start_ns = kSecond;
    dialogue_.emplace(settings_);
  }

  /// One millisecond of the host; the device's answers arrive in the next.
  void tick() {
    now_ns_ += kTick;
    if (!is_paused_) {
      wish_.t_ns += static_cast<Time>(static_cast<double>(kTick) * speed_);
      input_.wish = wish_;
      input_.wished_at_ns = now_ns_;
    }
    input_.lines = std::exchange(answers_, {});
    SourceOutput output = dialogue_->step(now_ns_, input_);
    for (const std::string& line : output.lines)
      if (input_.is_connected) source_.hear(line, answers_);
    if (output.hangs_up) input_.is_connected = false;
    notices_.insert(notices_.end(), output.notices.begin(), output.notices.end());
  }

  void run(Time duration_ns) {
    for (Time t_ns = 0; t_ns < duration_ns; t_ns += kTick) tick();
  }

  /// True once it is in that phase.
  bool reaches(PowerPhase phase, Time within_ns) {
    for (Time t_ns = 0; t_ns <= within_ns; t_ns += kTick) {
      if (reading().phase == phase) return true;
      tick();
    }
    return false;
  }

  void play_pack() {
    input_.is_connected = true;
    wish_ = {wish_.t_ns, kPack_V, true, true, true};
    source_.inverter_A = 12.0;
    ASSERT_TRUE(reaches(PowerPhase::on, 3 * kSecond)) << dialogue_->refusal();
    run(200 * kMillisecond);
  }

  PowerReading reading() const { return dialogue_->reading(now_ns_); }

  bool heard_after(const std::string& first, const std::string& then) const {
    const auto begin = std::find(source_.heard.begin(), source_.heard.end(), first);
    return std::find(begin, source_.heard.end(), then) != source_.heard.end();
  }

  SourceSettings settings_;
  std::optional<SourceDialogue> dialogue_;
  FakeSource source_;
  SourceInput input_;
  TerminalWish wish_;
  std::vector<std::string> answers_;
  std::vector<std::string> notices_;
  Time now_ns_ = 1000 * kSecond;
  bool is_paused_ = false;
  double speed_ = 1.0;
};

TEST_F(DialogueTest, checks_and_prepares_the_device_with_its_output_off) {
  input_.is_connected = true;
  run(300 * kMillisecond);
  EXPECT_TRUE(dialogue_->was_prepared());
  EXPECT_EQ(reading().phase, PowerPhase::off);
  EXPECT_EQ(source_.heard.front(), "*IDN?");
  EXPECT_TRUE(heard_after("SYST:LOCK ON", "OUTP OFF"));
  EXPECT_TRUE(source_.is_watched);
  EXPECT_EQ(std::count(source_.heard.begin(), source_.heard.end(), "OUTP ON"), 0);
}

TEST_F(DialogueTest, another_device_is_refused_and_told_nothing) {
  source_.identity = "KEITHLEY INSTRUMENTS,MODEL 2450";
  input_.is_connected = true;
  run(300 * kMillisecond);
  EXPECT_FALSE(dialogue_->was_prepared());
  EXPECT_NE(dialogue_->refusal().find("KEITHLEY"), std::string::npos);
  EXPECT_NE(dialogue_->refusal().find("'PSB' of the profile ea-psb"), std::string::npos);
  EXPECT_EQ(source_.heard, std::vector<std::string>{"*IDN?"});
}

TEST_F(DialogueTest, limits_beyond_the_device_are_refused) {
  restart({90.0, 40.0, 2000.0});
  input_.is_connected = true;
  run(300 * kMillisecond);
  EXPECT_NE(dialogue_->refusal().find("max_V=90"), std::string::npos) << dialogue_->refusal();
  EXPECT_EQ(std::count(source_.heard.begin(), source_.heard.end(), "OUTP ON"), 0);
}

TEST_F(DialogueTest, device_with_an_error_is_refused) {
  source_.error = "-221,\"Settings conflict\"";
  input_.is_connected = true;
  run(300 * kMillisecond);
  EXPECT_NE(dialogue_->refusal().find("Settings conflict"), std::string::npos);
}

TEST_F(DialogueTest, voltage_goes_up_from_what_is_at_the_terminals) {
  source_.found_V = 20.0;
  input_.is_connected = true;
  wish_ = {0, kPack_V, true, true, true};
  ASSERT_TRUE(reaches(PowerPhase::starting, kSecond));
  EXPECT_NEAR(source_.set_V, 20.0, 0.01);
  run(500 * kMillisecond);
  EXPECT_NEAR(source_.set_V, 36.0, 2.5);
  EXPECT_TRUE(source_.is_on);
  ASSERT_TRUE(reaches(PowerPhase::on, kSecond));
  EXPECT_NEAR(source_.set_V, kPack_V, 0.01);
}

TEST_F(DialogueTest, what_the_inverter_does_is_measured_and_the_set_point_follows_the_pack) {
  play_pack();
  EXPECT_TRUE(reading().is_valid);
  EXPECT_NEAR(reading().measured_A, 12.0, 1e-6);  // the device says -12 A
  source_.inverter_A = -30.0;
  wish_.terminal_V = 51.5;
  run(100 * kMillisecond);
  EXPECT_NEAR(reading().measured_A, -30.0, 1e-6);
  EXPECT_NEAR(source_.set_V, 51.5, 0.002);
  EXPECT_LT(reading().age_s, 0.1);
}

TEST_F(DialogueTest, output_stays_off_until_the_pack_is_ready_and_wanted) {
  input_.is_connected = true;
  wish_ = {0, kPack_V, false, false, true};
  run(2 * kSecond);
  EXPECT_EQ(reading().phase, PowerPhase::off);
  wish_.can_charge = wish_.can_discharge = true;
  wish_.is_wanted = false;
  run(2 * kSecond);
  EXPECT_EQ(reading().phase, PowerPhase::off);
  EXPECT_FALSE(source_.is_on);
}

TEST_F(DialogueTest, open_switches_put_the_output_off_at_once) {
  play_pack();
  wish_.can_charge = wish_.can_discharge = false;
  tick();
  EXPECT_FALSE(source_.is_on);
  EXPECT_FALSE(reading().is_valid);
  EXPECT_EQ(reading().phase, PowerPhase::off);
  EXPECT_TRUE(notices_.empty());
  wish_.can_charge = wish_.can_discharge = true;
  EXPECT_TRUE(reaches(PowerPhase::on, 3 * kSecond));
}

TEST_F(DialogueTest, one_open_switch_closes_one_direction) {
  play_pack();
  wish_.can_charge = false;
  tick();
  EXPECT_EQ(source_.charge_A, 0.0);
  EXPECT_EQ(source_.discharge_A, 40.0);
  EXPECT_TRUE(source_.is_on);
}

TEST_F(DialogueTest, no_command_ever_exceeds_a_limit) {
  restart({55.0004, 12.3456, 700.0});
  play_pack();
  for (const double wished_V : {1e6, 55.0005, -3.0, 54.99999, 1e300}) {
    wish_.terminal_V = wished_V;
    run(200 * kMillisecond);
  }
  for (const std::string& line : source_.heard) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string::npos) continue;
    const double number = std::strtod(line.c_str() + blank, nullptr);
    EXPECT_GE(number, 0.0) << line;
    if (line.starts_with("VOLT ")) EXPECT_LE(number, 55.0004) << line;
    if (line.find("CURR ") != std::string::npos) EXPECT_LE(number, 12.3456) << line;
    if (line.find("POW ") != std::string::npos) EXPECT_LE(number, 700.0) << line;
  }
}

TEST_F(DialogueTest, voltage_that_is_no_number_is_never_sent) {
  play_pack();
  wish_.terminal_V = std::numeric_limits<double>::quiet_NaN();
  run(200 * kMillisecond);
  EXPECT_FALSE(source_.is_on);
  for (const std::string& line : source_.heard) EXPECT_EQ(line.find("nan"), std::string::npos);
}

TEST_F(DialogueTest, power_is_what_the_device_has_if_more_is_allowed) {
  restart({60.0, 100.0, 6000.0});
  play_pack();
  EXPECT_NE(std::find(source_.heard.begin(), source_.heard.end(), "SINK:POW 5000.000"),
            source_.heard.end());
}

class SpoiltAnswer : public DialogueTest, public testing::WithParamInterface<const char*> {};

TEST_P(SpoiltAnswer, makes_it_safe_with_one_notice) {
  play_pack();
  source_.spoilt = GetParam();
  run(2 * kSecond);
  EXPECT_EQ(reading().phase, PowerPhase::safe);
  EXPECT_FALSE(reading().is_valid);
  EXPECT_FALSE(source_.is_on);
  EXPECT_EQ(notices_.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Any, SpoiltAnswer,
                         testing::Values("NAN", "9.91E37", "garbage", " ", "12.0 V A", "-400 A",
                                         "inf", "12,0"));

TEST_F(DialogueTest, answer_that_does_not_come_makes_it_safe_within_the_timeout) {
  play_pack();
  source_.is_mute = true;
  ASSERT_TRUE(reaches(PowerPhase::safe, 600 * kMillisecond));
  EXPECT_FALSE(source_.is_on);
  EXPECT_FALSE(input_.is_connected) << "what is answered later is not for what is asked then";
  EXPECT_NE(notices_.at(0).find("within 0.5 s"), std::string::npos) << notices_.at(0);
}

TEST_F(DialogueTest, reading_is_not_valid_once_it_is_older_than_the_timeout) {
  play_pack();
  const Time then_ns = now_ns_;
  EXPECT_TRUE(dialogue_->reading(then_ns + 400 * kMillisecond).is_valid);
  EXPECT_FALSE(dialogue_->reading(then_ns + 600 * kMillisecond).is_valid);
}

TEST_F(DialogueTest, answer_to_nothing_makes_it_safe) {
  play_pack();
  while (!answers_.empty()) tick();
  answers_.push_back("12.0 A");
  tick();
  EXPECT_EQ(reading().phase, PowerPhase::safe);
}

TEST_F(DialogueTest, lost_connection_makes_it_safe_and_the_output_goes_off_when_it_is_back) {
  play_pack();
  input_.is_connected = false;
  answers_.clear();
  tick();
  EXPECT_EQ(reading().phase, PowerPhase::safe);
  EXPECT_FALSE(reading().is_valid);
  EXPECT_TRUE(source_.is_on) << "nobody could tell it";
  source_.heard.clear();
  input_.is_connected = true;
  run(300 * kMillisecond);
  EXPECT_FALSE(source_.is_on);
  const std::vector<std::string> first{"*IDN?", "SYST:LOCK ON", "SYST:LOCK:OWN?", "OUTP OFF"};
  ASSERT_GE(source_.heard.size(), first.size());
  EXPECT_TRUE(std::equal(first.begin(), first.end(), source_.heard.begin()));
  EXPECT_EQ(reading().phase, PowerPhase::safe) << "only somebody who wants it anew starts it";
  EXPECT_EQ(notices_.size(), 1U);
}

TEST_F(DialogueTest, safe_ends_when_it_is_unwanted_and_wanted_again) {
  play_pack();
  source_.spoilt = "garbage";
  run(100 * kMillisecond);
  source_.spoilt.clear();
  run(5 * kSecond);
  ASSERT_EQ(reading().phase, PowerPhase::safe);
  wish_.is_wanted = false;
  run(100 * kMillisecond);
  EXPECT_EQ(reading().phase, PowerPhase::safe);
  wish_.is_wanted = true;
  wish_.can_charge = wish_.can_discharge = false;
  run(kSecond);
  EXPECT_EQ(reading().phase, PowerPhase::off) << "the pack is not ready";
  wish_.can_charge = wish_.can_discharge = true;
  EXPECT_TRUE(reaches(PowerPhase::on, 3 * kSecond));
  EXPECT_TRUE(source_.is_on);
}

TEST_F(DialogueTest, simulation_that_stands_still_makes_it_safe) {
  play_pack();
  is_paused_ = true;
  ASSERT_TRUE(reaches(PowerPhase::safe, 600 * kMillisecond));
  EXPECT_FALSE(source_.is_on);
}

TEST_F(DialogueTest, simulation_that_is_not_in_real_time_makes_it_safe) {
  play_pack();
  speed_ = 2.0;
  ASSERT_TRUE(reaches(PowerPhase::safe, 3 * kSecond));
  EXPECT_NE(notices_.at(0).find("off real time"), std::string::npos) << notices_.at(0);
}

TEST_F(DialogueTest, device_that_switches_off_by_itself_makes_it_safe) {
  play_pack();
  source_.was_tripped = true;
  ASSERT_TRUE(reaches(PowerPhase::safe, kSecond));
  EXPECT_NE(notices_.at(0).find("switched its output off"), std::string::npos);
}

TEST_F(DialogueTest, device_that_reports_an_error_makes_it_safe) {
  play_pack();
  source_.error = "-222,\"Data out of range\"";
  ASSERT_TRUE(reaches(PowerPhase::safe, 2 * kSecond));
  EXPECT_FALSE(source_.is_on);
}

TEST_F(DialogueTest, end_leaves_the_device_off_unwatched_and_to_its_front_panel) {
  play_pack();
  input_.is_ending = true;
  for (int i = 0; i < 1000 && !dialogue_->has_ended(); ++i) tick();
  EXPECT_TRUE(dialogue_->has_ended());
  EXPECT_FALSE(source_.is_on);
  EXPECT_FALSE(source_.is_watched);
  EXPECT_EQ(source_.heard.back(), "SYST:LOCK OFF");
}

TEST_F(DialogueTest, end_with_a_lost_connection_waits_for_the_device) {
  play_pack();
  input_.is_connected = false;
  answers_.clear();
  tick();
  input_.is_ending = true;
  run(kSecond);
  EXPECT_FALSE(dialogue_->has_ended());
  input_.is_connected = true;
  for (int i = 0; i < 1000 && !dialogue_->has_ended(); ++i) tick();
  EXPECT_TRUE(dialogue_->has_ended());
  EXPECT_FALSE(source_.is_on);
}

/// Any number in a command is one that the operator allows.
void expect_allowed(const std::string& line, const SourceLimits& limits) {
  const std::size_t blank = line.find(' ');
  char* end = nullptr;
  const double number = blank == std::string::npos ? 0.0 : std::strtod(line.c_str() + blank, &end);
  const bool is_number = blank != std::string::npos && end != line.c_str() + blank;
  if (!is_number || line.starts_with("SYST")) return;
  const double highest = line.starts_with("VOLT")                 ? limits.max_V
                         : line.find("CURR") != std::string::npos ? limits.max_A
                                                                  : limits.max_W;
  EXPECT_TRUE(number >= 0.0 && number <= highest) << line;
}

TEST_F(DialogueTest, whatever_is_answered_no_limit_is_exceeded_and_safe_means_off) {
  const std::vector<std::string> words{"",       "0",     "1",      "ON",      "OFF",   "nan",
                                       "1e400",  "-1e9",  "52.0 V", "-12.0 A", "99999", "REMOTE",
                                       "0,none", "-1,no", "PSB",    "\r\t ",   "12..3", "80 W"};
  const std::vector<double> voltages{0.0, 48.0, 52.0, 61.0, -5.0, 1e300, std::nan("")};
  std::mt19937 chance(7);
  const auto pick = [&chance](const auto& list) { return list[chance() % list.size()]; };
  Time safe_since_ns = -1;
  int times_on = 0;
  for (int i = 0; i < 400'000; ++i) {
    if (chance() % 8000 == 0 || (!input_.is_connected && chance() % 50 == 0))
      input_.is_connected = !input_.is_connected;
    if (!input_.is_connected) answers_.clear();
    if (chance() % 3000 == 0 && !answers_.empty()) answers_.front() = pick(words);
    if (chance() % 20000 == 0) answers_.push_back(pick(words));
    if (chance() % 1000 == 0) wish_.terminal_V = pick(voltages);
    if (chance() % 2000 == 0) wish_.can_charge = chance() % 4 != 0;
    if (chance() % 2000 == 0) wish_.can_discharge = chance() % 4 != 0;
    if (chance() % 300 == 0) wish_.is_wanted = chance() % 8 != 0;
    source_.heard.clear();
    tick();
    for (const std::string& line : source_.heard) expect_allowed(line, settings_.limits);
    const bool is_at_rest = reading().phase == PowerPhase::safe && input_.is_connected;
    if (!is_at_rest) safe_since_ns = -1;
    if (is_at_rest && safe_since_ns < 0) safe_since_ns = now_ns_;
    if (is_at_rest && now_ns_ - safe_since_ns > settings_.timeout_ns) EXPECT_FALSE(source_.is_on);
    if (reading().is_valid) EXPECT_LE(std::abs(reading().measured_A), 1.2 * 40.0 + 1.0);
    times_on += reading().phase == PowerPhase::on ? 1 : 0;
    if (HasFailure()) return;
    if (!dialogue_->was_prepared() && !dialogue_->refusal().empty())
      restart(settings_.limits);  // as a program that is started again
  }
  EXPECT_GT(times_on, 1000);
}

TEST_F(DialogueTest, slow_device_is_asked_more_rarely) {
  play_pack();
  const std::size_t before = source_.heard.size();
  std::vector<std::string> late;
  for (int i = 0; i < 50; ++i) {  // every answer 20 ms late: 40 ms for both readings
    late.insert(late.end(), answers_.begin(), answers_.end());
    answers_.clear();
    if (i % 20 == 19) std::swap(answers_, late);
    tick();
  }
  EXPECT_LE(source_.heard.size() - before, 8U);
  EXPECT_EQ(reading().phase, PowerPhase::on);
}

}  // namespace
}  // namespace doppelpack::sim
