// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What is said to a bidirectional DC source that plays a pack, and when: a state machine without a clock,
// thread or socket of its own.
//
//   connecting -> off <-> starting -> on        anything wrong -> safe -> connecting, once it is
//                  ^-----------------'          wanted anew: not wanted for a while, then wanted
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "sim/outside_current.hpp"
#include "sim/power_stage_profile.hpp"

namespace doppelpack::sim {

/// What the operator allows; no command ever exceeds it.
struct SourceLimits {
  double max_V = 0.0;
  double max_A = 0.0;  ///< in either direction
  double max_W = 0.0;
};

struct SourceSettings {
  PowerStageProfile profile;
  SourceLimits limits;
  Time timeout_ns =
      500 * kMillisecond;        ///< for an answer, a measurement and what the simulation says
  Time soft_start_ns = kSecond;  ///< from the voltage found at the terminals to the pack's
};

/// What has happened since the last step. Times are the host's.
struct SourceInput {
  bool is_connected = false;
  std::vector<std::string> lines;  ///< what the device answered
  TerminalWish wish;
  Time wished_at_ns = -1;  ///< -1: never
  bool is_ending = false;  ///< the program wants to end: leave the device as it should be
};

struct SourceOutput {
  std::vector<std::string> lines;  ///< to be sent, in this order ...
  bool hangs_up = false;           ///< ... before the connection is closed
  std::vector<std::string> notices;
};

class SourceDialogue {
 public:
  explicit SourceDialogue(SourceSettings settings);

  /// Never goes back in time.
  SourceOutput step(Time now_ns, const SourceInput& input);

  /// When step() has something to do if nothing happens before.
  Time next_ns() const;

  PowerReading reading(Time now_ns) const;

  /// The device was checked, its output is off; since the first time.
  bool was_prepared() const { return was_prepared_; }
  /// Why the check at the start failed, one line; empty: it has not.
  const std::string& refusal() const { return refusal_; }
  /// After is_ending: the output is off for all that can be told.
  bool has_ended() const { return has_ended_; }

 private:
  enum class Ask {
    nothing,
    identity,
    words,
    voltage_rating,
    current_rating,
    power_rating,
    voltage,
    current,
    output,
    error,
    end_of_preparation,
    end_of_leaving
  };
  struct Exchange {
    Ask ask = Ask::nothing;
    std::string line;
    std::string expected;
  };

  void begin_session();
  void queue_preparation();
  void queue_lines(const std::vector<ScpiLine>& lines);
  void lose_line(const std::string& why);
  void take(Time now_ns, const std::string& line);
  void take_answer(Time now_ns, const Exchange& asked, const std::string& line);
  void take_identity(const std::string& line);
  void take_rating(const std::string& line, double limit, const char* option);
  void take_power_rating(const std::string& line);
  void take_voltage(const std::string& line);
  void take_current(Time now_ns, const std::string& line);
  void take_output(Time now_ns, const std::string& line);
  void take_error(const std::string& line);
  void finish_preparation();
  void finish_leaving(const std::string& line);
  void watch(Time now_ns, const SourceInput& input);
  void watch_pace(Time now_ns, const SourceInput& input);
  void follow(Time now_ns, const SourceInput& input);
  void rearm(const TerminalWish& wish);
  void start(Time now_ns);
  void switch_off();
  void end();
  void send_voltage(double voltage_V);
  void send_limits(const TerminalWish& wish);
  void begin_cycle(Time now_ns);
  void pump(Time now_ns);
  void hang_up();
  void give_up(const std::string& why);
  bool is_live() const { return phase_ == PowerPhase::starting || phase_ == PowerPhase::on; }

  SourceSettings settings_;
  SourceLimits limits_;  ///< the operator's, power as far as the device goes
  SourceOutput out_;
  PowerPhase phase_ = PowerPhase::connecting;
  TerminalWish wish_;
  std::deque<Exchange> queue_;
  std::optional<Exchange> pending_;
  Time asked_at_ns_ = 0;
  Time cycle_due_ns_ = 0;
  std::uint64_t cycles_ = 0;
  Time now_ns_ = 0;
  bool is_connected_ = false;
  bool is_remote_ = false;  ///< in this session the device obeys us
  bool is_session_ready_ = false;
  bool was_prepared_ = false;
  bool was_unwanted_ = false;  ///< since it is safe
  bool is_output_on_ = false;
  bool is_ending_ = false;
  bool is_leaving_ = false;
  bool has_ended_ = false;
  std::string refusal_;
  Time started_at_ns_ = 0;
  double start_V_ = 0.0;
  double setpoint_V_ = 0.0;
  double charge_limit_A_ = 0.0;
  double discharge_limit_A_ = 0.0;
  std::string sent_voltage_;
  std::string sent_limits_;
  double measured_V_ = PowerReading::kUnknown;
  double measured_A_ = PowerReading::kUnknown;
  Time measured_at_ns_ = -1;
  Time pace_host_ns_ = -1;
  Time pace_simulated_ns_ = 0;
};

}  // namespace doppelpack::sim
