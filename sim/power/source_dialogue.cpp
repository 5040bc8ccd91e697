// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/source_dialogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "load/quoted.hpp"
#include "power/scpi_text.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::uint64_t kAskOutputEvery = 8;  // cycles, as the next
constexpr std::uint64_t kAskErrorEvery = 25;
constexpr Time kPaceWindow = 2 * kSecond;
constexpr double kPlausible = 1.2;  // times the limit, and a little more for an offset near 0
constexpr double kOffset = 1.0;
constexpr double kRounding = 1e-6;

}  // namespace

SourceDialogue::SourceDialogue(SourceSettings settings)
    : settings_(std::move(settings)), limits_(settings_.limits) {}

SourceOutput SourceDialogue::step(Time now_ns, const SourceInput& input) {
  now_ns_ = now_ns;
  wish_ = input.wish;
  if (input.is_connected != is_connected_) {
    is_connected_ = input.is_connected;
    if (is_connected_)
      begin_session();
    else
      lose_line("the connection is lost");
  }
  for (const std::string& line : input.lines) take(now_ns, line);
  watch(now_ns, input);
  if (input.is_ending) end();
  if (!is_ending_) follow(now_ns, input);
  if (is_session_ready_ && !is_leaving_ && now_ns >= cycle_due_ns_) begin_cycle(now_ns);
  pump(now_ns);
  return std::exchange(out_, {});
}

Time SourceDialogue::next_ns() const {
  Time next_ns = now_ns_ + settings_.timeout_ns / 4;
  if (pending_) next_ns = std::min(next_ns, asked_at_ns_ + settings_.timeout_ns);
  if (is_session_ready_ && !pending_) next_ns = std::min(next_ns, cycle_due_ns_);
  return next_ns;
}

PowerReading SourceDialogue::reading(Time now_ns) const {
  PowerReading reading;
  reading.phase = phase_;
  reading.is_output_on = is_output_on_;
  reading.measured_A = measured_A_;
  reading.measured_V = measured_V_;
  if (measured_at_ns_ >= 0) reading.age_s = to_seconds(now_ns - measured_at_ns_);
  reading.is_valid =
      is_live() && measured_at_ns_ >= 0 && now_ns - measured_at_ns_ <= settings_.timeout_ns;
  reading.setpoint_V = setpoint_V_;
  reading.charge_limit_A = charge_limit_A_;
  reading.discharge_limit_A = discharge_limit_A_;
  return reading;
}

// ---- sessions ----

// On a connection that stays, what was asked before is still answered first.
void SourceDialogue::begin_session() {
  queue_.clear();
  is_session_ready_ = false;
  sent_voltage_.clear();
  sent_limits_.clear();
  queue_.push_back({Ask::identity, "*IDN?", ""});
}

void SourceDialogue::queue_lines(const std::vector<ScpiLine>& lines) {
  for (const ScpiLine& line : lines) {
    std::string text = fill(line.text, "V", limits_.max_V);
    text = fill(fill(std::move(text), "A", limits_.max_A), "W", limits_.max_W);
    if (settings_.profile.watchdog) {
      const double timeout_s = to_seconds(settings_.profile.watchdog->timeout_ns);
      const std::size_t at = text.find("{s}");
      if (at != std::string::npos) text.replace(at, 3, fmt::format("{:.0f}", timeout_s));
    }
    queue_.push_back({line.expected.empty() ? Ask::nothing : Ask::words, text, line.expected});
  }
}

void SourceDialogue::queue_preparation() {
  const PowerStageProfile& profile = settings_.profile;
  is_remote_ = true;
  queue_lines(profile.prepare);
  queue_.push_back({Ask::nothing, profile.output_off, ""});
  if (profile.watchdog) queue_lines(profile.watchdog->start);
  queue_.push_back({Ask::output, profile.ask_output, ""});
  queue_.push_back({Ask::end_of_preparation, profile.ask_error, ""});
}

void SourceDialogue::finish_preparation() {
  is_session_ready_ = true;
  was_prepared_ = true;
  cycle_due_ns_ = now_ns_;
  cycles_ = 0;
  if (phase_ == PowerPhase::connecting) phase_ = PowerPhase::off;
}

// As long as its output may be on, its watchdog stays armed.
void SourceDialogue::finish_leaving(const std::string& line) {
  is_output_on_ = parse_scpi_switch(line).value_or(true);
  if (is_output_on_) {
    out_.lines.push_back(settings_.profile.output_off);
    queue_.push_back({Ask::end_of_leaving, settings_.profile.ask_output, ""});
    return;
  }
  if (settings_.profile.watchdog) queue_lines(settings_.profile.watchdog->stop);
  queue_lines(settings_.profile.leave);
  has_ended_ = true;
}

void SourceDialogue::lose_line(const std::string& why) {
  queue_.clear();
  pending_.reset();
  is_remote_ = false;
  is_session_ready_ = false;
  is_leaving_ = false;
  if (!was_prepared_) {
    if (refusal_.empty()) refusal_ = why;
  } else if (!is_ending_) {
    give_up(why);
  }
}

void SourceDialogue::hang_up() {
  queue_.clear();
  pending_.reset();
  is_remote_ = false;
  is_session_ready_ = false;
  out_.hangs_up = true;
}

// ---- what goes wrong ----

// The order to switch off waits for nobody.
void SourceDialogue::give_up(const std::string& why) {
  if (is_remote_) {
    out_.lines.push_back(settings_.profile.output_off);
    queue_.clear();
  }
  cycles_ = 0;
  if (!was_prepared_) {
    if (refusal_.empty()) refusal_ = why;
    hang_up();
    return;
  }
  if (phase_ == PowerPhase::safe || is_ending_) return;
  phase_ = PowerPhase::safe;
  was_unwanted_ = false;
  out_.notices.push_back(fmt::format(
      "{}: output off, no current in the pack; set power1/is_wanted to no and yes to go on", why));
}

void SourceDialogue::watch(Time now_ns, const SourceInput& input) {
  Time since_ns = asked_at_ns_;
  if (is_live()) since_ns = std::min(since_ns, std::max(measured_at_ns_, started_at_ns_));
  if (pending_ && now_ns - since_ns >= settings_.timeout_ns) {
    give_up(fmt::format("no answer to {} within {:g} s", quote(pending_->line),
                        to_seconds(settings_.timeout_ns)));
    hang_up();  // what is answered later would be taken for the answer to something else
  }
  if (!is_live()) {
    pace_host_ns_ = -1;
    return;
  }
  if (now_ns - input.wished_at_ns > settings_.timeout_ns)
    give_up("the simulation stands still");
  else
    watch_pace(now_ns, input);
}

// A current that is measured in real time must not flow for any other one.
void SourceDialogue::watch_pace(Time now_ns, const SourceInput& input) {
  if (pace_host_ns_ < 0 || now_ns - pace_host_ns_ > kPaceWindow) {
    pace_host_ns_ = input.wished_at_ns;
    pace_simulated_ns_ = input.wish.t_ns;
    return;
  }
  const Time drift_ns =
      (input.wish.t_ns - pace_simulated_ns_) - (input.wished_at_ns - pace_host_ns_);
  if (std::abs(drift_ns) > settings_.timeout_ns)
    give_up(fmt::format("simulated time is {:+.2f} s off real time", to_seconds(drift_ns)));
}

// ---- answers ----

void SourceDialogue::take(Time now_ns, const std::string& line) {
  if (!pending_) {
    if (!is_remote_) return;  // of a session that has ended
    give_up(fmt::format("found {}, expected no answer", quote(line)));
    hang_up();
    return;
  }
  const Exchange asked = *std::exchange(pending_, std::nullopt);
  take_answer(now_ns, asked, line);
  pump(now_ns);
}

void SourceDialogue::take_answer(Time now_ns, const Exchange& asked, const std::string& line) {
  switch (asked.ask) {
    case Ask::identity:
      return take_identity(line);
    case Ask::words:
      if (!contains_word(line, asked.expected))
        give_up(fmt::format("found {} as the answer to {}, expected {}", quote(line),
                            quote(asked.line), quote(asked.expected)));
      return;
    case Ask::voltage_rating:
      return take_rating(line, limits_.max_V, "max_V");
    case Ask::current_rating:
      return take_rating(line, limits_.max_A, "max_A");
    case Ask::power_rating:
      return take_power_rating(line);
    case Ask::voltage:
      return take_voltage(line);
    case Ask::current:
      return take_current(now_ns, line);
    case Ask::output:
      return take_output(now_ns, line);
    case Ask::error:
      return take_error(line);
    case Ask::end_of_preparation:
      take_error(line);
      if (is_remote_ && is_no_error(line)) finish_preparation();
      return;
    case Ask::end_of_leaving:
      return finish_leaving(line);
    case Ask::nothing:
      return;
  }
}

void SourceDialogue::take_identity(const std::string& line) {
  const PowerStageProfile& profile = settings_.profile;
  for (const std::string& word : profile.identity) {
    if (contains_word(line, word)) continue;
    give_up(fmt::format("found {} as the answer to '*IDN?', expected {} of the profile {}",
                        quote(line), quote(word), profile.key));
    hang_up();
    return;
  }
  // On the way back from a lost connection nothing comes before the order to switch off.
  if (profile.ask_rated_voltage.empty() || was_prepared_) return queue_preparation();
  queue_.push_back({Ask::voltage_rating, profile.ask_rated_voltage, ""});
  queue_.push_back({Ask::current_rating, profile.ask_rated_current, ""});
  queue_.push_back({Ask::power_rating, profile.ask_rated_power, ""});
}

void SourceDialogue::take_rating(const std::string& line, double limit, const char* option) {
  const std::optional<double> rating = parse_scpi_number(line);
  if (rating && limit <= *rating + kRounding) return;
  give_up(fmt::format("found {}={:g}, expected at most what the device is rated for, {}", option,
                      limit, quote(line)));
  hang_up();
}

// Of its power a device has what it has: the limit says how much of it may be used.
void SourceDialogue::take_power_rating(const std::string& line) {
  const std::optional<double> rating = parse_scpi_number(line);
  if (!rating) return give_up(fmt::format("found the rated power {}, expected W", quote(line)));
  limits_.max_W = std::min(settings_.limits.max_W, *rating);
  queue_preparation();
}

void SourceDialogue::take_voltage(const std::string& line) {
  const std::optional<double> found_V = parse_scpi_number(line);
  if (found_V && *found_V >= -kOffset && *found_V <= kPlausible * limits_.max_V + kOffset) {
    measured_V_ = *found_V;
    return;
  }
  give_up(fmt::format("found the voltage {}, expected 0 to {:g} V", quote(line), limits_.max_V));
}

void SourceDialogue::take_current(Time now_ns, const std::string& line) {
  const std::optional<double> found_A = parse_scpi_number(line);
  if (found_A && std::abs(*found_A) <= kPlausible * limits_.max_A + kOffset) {
    measured_A_ = settings_.profile.is_positive_out ? 0.0 - *found_A : *found_A;
    measured_at_ns_ = now_ns;
    return;
  }
  give_up(fmt::format("found the current {}, expected at most {:g} A", quote(line), limits_.max_A));
}

void SourceDialogue::take_output(Time now_ns, const std::string& line) {
  const std::optional<bool> is_on = parse_scpi_switch(line);
  if (!is_on) return give_up(fmt::format("found the output {}, expected ON or OFF", quote(line)));
  const bool is_settled = now_ns - started_at_ns_ > settings_.profile.settle_ns;
  if (is_live() && !*is_on && is_settled) {
    is_output_on_ = false;
    return give_up("the device has switched its output off");
  }
  if (is_live()) return;
  is_output_on_ = *is_on;
  if (*is_on) out_.lines.push_back(settings_.profile.output_off);
}

void SourceDialogue::take_error(const std::string& line) {
  if (!is_no_error(line)) give_up(fmt::format("the device has an error, {}", quote(line)));
}

// ---- the pack's wishes ----

void SourceDialogue::follow(Time now_ns, const SourceInput& input) {
  const TerminalWish& wish = input.wish;
  if (phase_ == PowerPhase::safe) return rearm(wish);
  const bool is_fresh =
      input.wished_at_ns >= 0 && now_ns - input.wished_at_ns <= settings_.timeout_ns;
  const bool is_ready = is_fresh && wish.is_wanted && std::isfinite(wish.terminal_V) &&
                        (wish.can_charge || wish.can_discharge);
  if (is_live() && !is_ready) return switch_off();
  if (phase_ == PowerPhase::off && is_ready && measured_at_ns_ >= 0) start(now_ns);
  if (is_live()) send_limits(wish);
}

void SourceDialogue::rearm(const TerminalWish& wish) {
  if (!wish.is_wanted) was_unwanted_ = true;
  if (!wish.is_wanted || !was_unwanted_) return;
  phase_ = PowerPhase::connecting;
  measured_at_ns_ = -1;
  if (is_session_ready_) begin_session();
}

// From what is at the terminals already: an inverter's capacitors may still be charged.
void SourceDialogue::start(Time now_ns) {
  phase_ = PowerPhase::starting;
  started_at_ns_ = now_ns;
  start_V_ = std::clamp(measured_V_, 0.0, std::max(wish_.terminal_V, 0.0));
  pace_host_ns_ = -1;
  send_voltage(start_V_);
  send_limits(wish_);
  out_.lines.push_back(settings_.profile.output_on);
  is_output_on_ = true;
}

void SourceDialogue::switch_off() {
  phase_ = PowerPhase::off;
  cycles_ = 0;
  queue_.clear();
  out_.lines.push_back(settings_.profile.output_off);
}

void SourceDialogue::send_voltage(double voltage_V) {
  setpoint_V_ = std::clamp(voltage_V, 0.0, limits_.max_V);
  std::string line = fill(settings_.profile.set_voltage, "V", setpoint_V_);
  if (line == sent_voltage_) return;
  out_.lines.push_back(line);
  sent_voltage_ = std::move(line);
}

void SourceDialogue::send_limits(const TerminalWish& wish) {
  charge_limit_A_ = wish.can_charge ? limits_.max_A : 0.0;
  discharge_limit_A_ = wish.can_discharge ? limits_.max_A : 0.0;
  const std::string charge = fill(settings_.profile.set_charge_limit, "A", charge_limit_A_);
  const std::string discharge =
      fill(settings_.profile.set_discharge_limit, "A", discharge_limit_A_);
  if (charge + discharge == sent_limits_) return;
  out_.lines.push_back(charge);
  out_.lines.push_back(discharge);
  sent_limits_ = charge + discharge;
}

// ---- the rhythm ----

void SourceDialogue::begin_cycle(Time now_ns) {
  if (pending_ || !queue_.empty()) return;  // the device is slower than its period
  const PowerStageProfile& profile = settings_.profile;
  cycle_due_ns_ = now_ns + profile.period_ns;
  if (is_live()) {
    const double share = std::min(1.0, static_cast<double>(now_ns - started_at_ns_) /
                                           static_cast<double>(settings_.soft_start_ns));
    if (share >= 1.0) phase_ = PowerPhase::on;
    send_voltage(start_V_ + share * (wish_.terminal_V - start_V_));
  }
  queue_.push_back({Ask::voltage, profile.ask_voltage, ""});
  queue_.push_back({Ask::current, profile.ask_current, ""});
  if (cycles_ % kAskOutputEvery == 0) queue_.push_back({Ask::output, profile.ask_output, ""});
  if (cycles_ % kAskErrorEvery == 0) queue_.push_back({Ask::error, profile.ask_error, ""});
  ++cycles_;
}

void SourceDialogue::pump(Time now_ns) {
  while (!pending_ && !queue_.empty()) {
    Exchange next = std::move(queue_.front());
    queue_.pop_front();
    out_.lines.push_back(next.line);
    if (next.ask == Ask::nothing) continue;
    pending_ = std::move(next);
    asked_at_ns_ = now_ns;
  }
}

void SourceDialogue::end() {
  const bool is_first = !std::exchange(is_ending_, true);
  if (is_leaving_) return;
  if (!is_connected_ || !was_prepared_) {
    has_ended_ = has_ended_ || !is_output_on_;
    return;
  }
  if (is_first && is_remote_) out_.lines.push_back(settings_.profile.output_off);
  if (!is_session_ready_) return;
  is_leaving_ = true;
  phase_ = PowerPhase::off;
  queue_.clear();
  queue_.push_back({Ask::end_of_leaving, settings_.profile.ask_output, ""});
}

}  // namespace doppelpack::sim
