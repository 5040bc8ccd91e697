// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "compat/bus_record.hpp"
#include "compat/checks.hpp"
#include "compat/conversation.hpp"

namespace doppelpack::sim {

namespace {

constexpr Time kTick = 20 * kMillisecond;
constexpr Time kSteady = 10 * kSecond;         // so long it must last to be believed
constexpr Time kPatience = 40 * kSecond;       // beyond the limit; then it counts as ignored
constexpr Time kBeginPatience = 90 * kSecond;  // for current to flow before an item
constexpr Time kMeterPatience = 10 * kSecond;
constexpr Time kUnseenBegin = 15 * kSecond;  // before an item, where nothing is measured
constexpr double kWishFactor = 1.2;  // more than the limit, so that it is the limit that holds

/// One expectation while its step runs.
struct Watched {
  ExpectedReaction kind;
  bool is_seen = false;
  bool has_failed = false;  ///< at least once
  Time first_false_ns = -1;
  Time last_false_ns = -1;
  Time last_unseen_ns = -1;
  Time first_true_ns = -1;
};

class Examination {
 public:
  Examination(const Product& product, CanRig& rig, const CompatWatch& watch)
      : product_(product),
        rig_(rig),
        goes_on_(watch.goes_on),
        has_done_(watch.has_done),
        battery_(product),
        record_(watch.log),
        talk_(make_can_conversation(product, rig, battery_, record_)) {}
  Examination(const Product& product, SerialRig& rig, const CompatWatch& watch)
      : product_(product),
        rig_(rig),
        goes_on_(watch.goes_on),
        has_done_(watch.has_done),
        battery_(product),
        record_(watch.log),
        talk_(make_serial_conversation(product, rig, battery_, record_)) {}

  CompatResult run(const CompatItem& item);
  /// The frames of the last evidence are still to come.
  void run_on() { run_to(now_ns_ + BusRecord::kAfterVerdict); }
  std::vector<Evidence> take_evidence() { return record_.take_evidence(); }
  bool is_measured() const { return rig_.is_measured(); }
  /// Throws PortError.
  void await_meter();

 private:
  void tick();
  void note_measurement();
  void run_to(Time t_ns) {
    while (now_ns_ < t_ns && goes_on_()) tick();
  }
  bool begin(const CompatItem& item);
  void tell();
  void perform(BenchAct act);
  void object(CompatResult& result) const;
  void make_wish(SiteWish wish);
  bool flows_as(SiteWish wish) const;
  bool run_step(const CompatStep& step, int number, bool has_begun, CompatResult& result);
  CompatMoment moment() const { return {now_ns_, rig_.measure(), talk_->heartbeat_ns()}; }
  double present_V() const {
    const auto dc = rig_.measure();
    return dc && dc->dc_V ? *dc->dc_V : battery_.report().cvl_mV / 1000.0;
  }
  bool is_in_danger() const {
    const auto dc = rig_.measure();
    const auto cells_V = rig_.extreme_cells_V();
    return dc && cells_V && endangers_cells(product_, dc->dc_A, *cells_V);
  }

  const Product& product_;
  CompatRig& rig_;
  const std::function<bool()>& goes_on_;
  const std::function<bool(std::string_view task)>& has_done_;
  ScriptedBattery battery_;
  Time now_ns_ = 0;
  BusRecord record_;
  std::unique_ptr<Conversation> talk_;
};

void Examination::tick() {
  now_ns_ += kTick;
  talk_->advance(now_ns_);
  note_measurement();
  record_.settle(now_ns_);
}

// Once a second beside the frames, as what the inverter did.
void Examination::note_measurement() {
  const auto dc = rig_.measure();
  if (!dc) return;
  battery_.set_readings(*dc);
  if (now_ns_ % kSecond != 0) return;
  record_.add(now_ns_,
              fmt::format("# {} measured {:.2f} A{}\n", can_emulator::candump_stamp(now_ns_),
                          dc->dc_A, dc->dc_V ? fmt::format(" {:.2f} V", *dc->dc_V) : ""));
}

void Examination::await_meter() {
  while (is_measured() && !rig_.measure() && goes_on_()) {
    if (now_ns_ >= kMeterPatience)
      throw can_emulator::PortError(
          fmt::format("the meter told no current for {:g} s", to_seconds(kMeterPatience)));
    tick();
  }
}

void Examination::make_wish(SiteWish wish) {
  const double pack_V = battery_.report().pack_mV / 1000.0;
  const double charge_W = battery_.normal_ccl_A() * pack_V * kWishFactor;
  const double discharge_W = battery_.normal_dcl_A() * pack_V * kWishFactor;
  rig_.set_wish_W(wish == SiteWish::charge      ? charge_W
                  : wish == SiteWish::discharge ? -discharge_W
                                                : 0.0);
}

bool Examination::flows_as(SiteWish wish) const {
  if (wish == SiteWish::nothing) return true;
  const auto kind =
      wish == SiteWish::charge ? ExpectedReaction::charges : ExpectedReaction::discharges;
  return holds(kind, moment(), battery_).value_or(false);
}

void Examination::perform(BenchAct act) {
  if (rig_.has_hands()) {
    rig_.perform(act);
    return;
  }
  while (goes_on_() && !has_done_(task_of(act))) tick();
}

// An inverter cannot know before it asks, unless it asks no more.
void Examination::tell() {
  const Time patience_ns = now_ns_ + kPatience;
  while (!talk_->is_told() && now_ns_ < patience_ns && goes_on_() && !is_in_danger()) tick();
}

// True: what the item needs is there, as far as can be seen.
bool Examination::begin(const CompatItem& item) {
  BatteryChange as_at_first;
  as_at_first.is_reset = true;
  talk_->apply(as_at_first, 0.0);
  rig_.set_soc(item.soc);
  make_wish(item.wish);
  tell();
  if (!is_measured() || item.is_at_rest) {
    run_to(now_ns_ + kUnseenBegin);
    return true;
  }
  const Time patience_ns = now_ns_ + kBeginPatience;
  Time last_false_ns = now_ns_;
  while (now_ns_ < patience_ns && goes_on_()) {
    tick();
    if (!flows_as(item.wish)) last_false_ns = now_ns_;
    if (now_ns_ - last_false_ns >= kSteady) return true;
  }
  return false;
}

void observe(Watched& watched, const CompatMoment& moment, const ScriptedBattery& battery) {
  const std::optional<bool> is_so = holds(watched.kind, moment, battery);
  if (!is_so) {
    watched.last_unseen_ns = moment.t_ns;
    return;
  }
  watched.is_seen = true;
  if (*is_so && watched.first_true_ns < 0) watched.first_true_ns = moment.t_ns;
  if (*is_so) return;
  if (!watched.has_failed) watched.first_false_ns = moment.t_ns;
  watched.has_failed = true;
  watched.last_false_ns = moment.t_ns;
}

bool is_settled(const Watched& watched, Time start_ns, Time now_ns) {
  if (!watched.is_seen || is_lasting(watched.kind)) return true;
  if (watched.kind == ExpectedReaction::reaches_full) return watched.first_true_ns >= 0;
  return now_ns - std::max({watched.last_false_ns, watched.last_unseen_ns, start_ns}) >= kSteady;
}

// True: the meter was silent at a moment that counts, and nothing bad was seen then.
bool has_gap(const Watched& watched, const CompatStep& step, Time start_ns) {
  if (is_lasting(watched.kind)) return watched.last_unseen_ns >= 0 && !watched.has_failed;
  const Time limit_ns = start_ns + step.limit_ns;
  return watched.last_unseen_ns > limit_ns && watched.last_false_ns <= limit_ns;
}

CompatFinding judge(const Watched& watched, const CompatStep& step, Time start_ns, Time end_ns) {
  CompatFinding finding;
  finding.kind = watched.kind;
  finding.allowed_s = to_seconds(step.limit_ns);
  if (!watched.is_seen) {
    finding.detail = watched.kind == ExpectedReaction::shows_values
                         ? "what it shows is not on the bus"
                         : "it is not measured";
    return finding;
  }
  if (has_gap(watched, step, start_ns)) {
    finding.detail = "it was not measured all the time";
    return finding;
  }
  if (is_lasting(watched.kind)) {
    finding.allowed_s = 0.0;
    finding.grade = watched.has_failed ? Grade::ignored : Grade::obeyed;
    if (watched.has_failed) {
      finding.after_s = to_seconds(watched.first_false_ns - start_ns);
      finding.detail = fmt::format("not so after {:.2f} s", finding.after_s);
    }
    return finding;
  }
  const bool is_once = watched.kind == ExpectedReaction::reaches_full;
  const Time at_last_ns = is_once ? watched.first_true_ns : watched.last_false_ns;
  const Time after_ns = std::max<Time>(at_last_ns - start_ns, 0);
  finding.after_s = to_seconds(after_ns);
  const bool is_so_now = is_once ? watched.first_true_ns >= 0
                                 : !watched.has_failed || end_ns - watched.last_false_ns >= kSteady;
  if (is_so_now && after_ns <= step.limit_ns) {
    finding.grade = Grade::obeyed;
  } else if (is_so_now) {
    finding.grade = Grade::late;
    finding.detail = fmt::format("{:.2f} s late", to_seconds(after_ns - step.limit_ns));
  } else if (watched.kind == ExpectedReaction::charges_if_able) {
    finding.detail = "does nothing, which it may say on its display";
  } else {
    finding.grade = Grade::ignored;
    finding.detail = fmt::format("not so within {:g} s", to_seconds(end_ns - start_ns));
  }
  return finding;
}

// False: cells are in danger, nothing more of this item.
bool Examination::run_step(const CompatStep& step, int number, bool has_begun,
                           CompatResult& result) {
  if (step.act) perform(*step.act);
  talk_->apply(step.change, present_V());
  tell();
  const Time start_ns = now_ns_;
  std::vector<Watched> watched;
  for (const ExpectedReaction kind : step.expected) watched.push_back({kind});
  const Time latest_ns = start_ns + std::max(step.limit_ns + kPatience, step.hold_ns);
  bool is_safe = true;
  bool is_done = false;
  while (is_safe && !is_done && now_ns_ < latest_ns && goes_on_()) {
    tick();
    for (Watched& one : watched) observe(one, moment(), battery_);
    is_safe = !is_in_danger();
    const Time now_ns = now_ns_;
    is_done = now_ns_ - start_ns >= (step.hold_ns > 0 ? step.hold_ns : kSteady) &&
              std::all_of(watched.begin(), watched.end(),
                          [=](const Watched& one) { return is_settled(one, start_ns, now_ns); });
  }
  for (const Watched& one : watched) {
    CompatFinding finding = judge(one, step, start_ns, now_ns_);
    finding.step = number;
    if (one.kind == ExpectedReaction::reaches_full && finding.grade == Grade::ignored &&
        flows_as(SiteWish::charge)) {
      finding.grade = Grade::not_observable;
      finding.detail = "not full yet, still charging";
    }
    if (!has_begun && one.kind != ExpectedReaction::heartbeat) {
      finding.grade = Grade::not_observable;
      finding.detail = "no current flowed before it";
    }
    const bool is_failed = finding.grade == Grade::late || finding.grade == Grade::ignored;
    if (!is_safe && is_failed) {
      finding.grade = Grade::unsafe;
      finding.detail += ", and a cell is beyond its absolute limits";
    }
    result.findings.push_back(std::move(finding));
  }
  return is_safe;
}

// Says why an item is not played, if so.
void Examination::object(CompatResult& result) const {
  for (const CompatStep& step : result.item.steps) {
    const std::string_view objection = talk_->objection(step.change);
    if (!objection.empty()) {
      result.remark = objection;
      result.grade = Grade::not_applicable;
      return;
    }
    if (step.act && !rig_.has_hands() && !has_done_) {
      result.remark = fmt::format("nobody is there to {}", task_of(*step.act));
      result.grade = Grade::not_observable;
      return;
    }
  }
}

CompatResult Examination::run(const CompatItem& item) {
  CompatResult result;
  result.item = item;
  object(result);
  if (!result.remark.empty()) {
    record_.skip();
    return result;
  }
  const bool has_begun = begin(item);
  result.stimulus_ns = now_ns_;
  record_.open(now_ns_);
  int number = 0;
  for (const CompatStep& step : item.steps) {
    if (run_step(step, ++number, has_begun, result)) continue;
    make_wish(SiteWish::nothing);
    break;
  }
  result.verdict_ns = now_ns_;
  record_.close(now_ns_);
  result.grade = Grade::obeyed;
  for (const CompatFinding& finding : result.findings)
    result.grade = std::max(result.grade, finding.grade);
  return result;
}

}  // namespace

bool CompatReport::has_passed() const {
  const auto is_bad = [](const CompatResult& result) { return result.grade >= Grade::late; };
  const auto is_seen = [](const CompatResult& result) { return result.grade == Grade::obeyed; };
  return is_complete && std::none_of(results.begin(), results.end(), is_bad) &&
         std::any_of(results.begin(), results.end(), is_seen);
}

namespace {

CompatReport examine(const CompatScript& script, const Product& product, Examination& examination,
                     const CompatWatch& watch) {
  CompatReport report;
  report.script = script.key;
  report.product = product.key;
  report.has_measurement = examination.is_measured();
  examination.await_meter();
  for (const CompatItem& item : script.items) {
    CompatResult result = examination.run(item);
    report.is_complete = watch.goes_on();
    if (!report.is_complete) break;
    watch.note(result);
    report.results.push_back(std::move(result));
  }
  examination.run_on();
  std::vector<Evidence> evidence = examination.take_evidence();
  for (std::size_t i = 0; i < report.results.size(); ++i)
    report.results[i].evidence = std::move(evidence[i]);
  return report;
}

}  // namespace

CompatReport run_compat(const CompatScript& script, const Product& product, CanRig& rig,
                        const CompatWatch& watch) {
  Examination examination(product, rig, watch);
  CompatReport report = examine(script, product, examination, watch);
  report.bus = "CAN";
  return report;
}

CompatReport run_compat(const CompatScript& script, const Product& product, SerialRig& rig,
                        const CompatWatch& watch) {
  Examination examination(product, rig, watch);
  CompatReport report = examine(script, product, examination, watch);
  report.bus = "RS485";
  return report;
}

}  // namespace doppelpack::sim
