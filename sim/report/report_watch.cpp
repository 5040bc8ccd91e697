// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "report/report_watch.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <string_view>

namespace doppelpack::sim {

namespace {

// What people look at. '#' is the number of a pack.
constexpr std::array<std::string_view, 22> kOfPack{
    "bms#/state",      "bms#/charge_gate", "bms#/discharge_gate", "panel#/display",
    "pack#/current_A", "bms#/current_A",   "bms#/ccl_A",          "bms#/dcl_A",
    "bms#/cvl_V",      "pack#/stack_V",    "bms#/pack_V",         "pack#/soc",
    "bms#/soc",        "pack#/cell_max_V", "pack#/cell_min_V",    "bms#/cell_max_V",
    "bms#/cell_min_V", "pack#/T_max_degC", "pack#/T_min_degC",    "bms#/T_max_degC",
    "bms#/T_min_degC", "pack#/case_degC"};
constexpr std::array<std::string_view, 4> kShared{"inverter1/demand_W", "inverter1/current_A",
                                                  "inverter1/is_battery_lost", "env/ambient_degC"};

constexpr Time kRowPeriod = 20 * kMillisecond;
/// So long after an event every pass of the firmware makes a row, where there are few packs.
constexpr Time kFast = 40 * kMillisecond;
constexpr std::size_t kFewPacks = 2;

constexpr std::size_t kMostIntervals = 1000;
constexpr std::size_t kMostIntervalsOfMany = 300;
constexpr std::size_t kMostLooks = 4000;
/// What flickers faster nobody calls flashing.
constexpr double kShortestPeriod_s = 0.1;
/// A rhythm that differs by this share is another one.
constexpr double kOtherPeriod = 0.2;
/// Of the event log: so many of the first and so many of the last lines.
constexpr std::size_t kEnd = 400;

// A firmware that has not measured yet, or is off, reports zeros.
bool has_readings(const PackUnit& unit) {
  const bms_state_t state = unit.bms_outputs.report.state;
  return state != BMS_STATE_OFF && state != BMS_STATE_ACTIVATION && state != BMS_STATE_SELF_TEST;
}

Time row_period(std::size_t packs) {
  return kRowPeriod * static_cast<Time>((packs + kFewPacks - 1) / kFewPacks);
}

// The state's digests are for machines.
std::vector<Event> ends_of(const std::vector<Event>& events, std::uint64_t& left_out) {
  std::vector<Event> kept;
  for (const Event& event : events)
    if (event.kind != "digest") kept.push_back(event);
  if (kept.size() <= 2 * kEnd) return kept;
  left_out = kept.size() - 2 * kEnd;
  const auto first = kept.begin() + static_cast<std::ptrdiff_t>(kEnd);
  kept.erase(first, first + static_cast<std::ptrdiff_t>(left_out));
  return kept;
}

LampLook look_at(const PanelWatch& panel, std::size_t pack, int lamp, Time t_ns) {
  LampLook look{t_ns, pack, lamp, pattern_of(panel, lamp), period_s(panel, lamp)};
  if (look.period_s < kShortestPeriod_s) look.pattern = LampPattern::unsure;
  return look;
}

bool is_same(const LampLook& a, const LampLook& b) {
  if (a.pattern != b.pattern) return false;
  return a.pattern != LampPattern::flashing ||
         std::abs(a.period_s - b.period_s) < kOtherPeriod * b.period_s;
}

}  // namespace

std::vector<ReportWatch::Watched> ReportWatch::watched_signals(const SignalCatalogue& catalogue,
                                                               std::size_t packs) {
  std::vector<Watched> watched;
  const auto add = [&](std::string_view name, std::size_t pack, bool is_bms) {
    for (const std::size_t position : catalogue.match(name))
      watched.push_back({position, pack, is_bms && catalogue.all()[position].words.empty()});
  };
  for (std::size_t pack = 0; pack < packs; ++pack) {
    for (const std::string_view pattern : kOfPack) {
      std::string name(pattern);
      name.replace(name.find('#'), 1, std::to_string(pack + 1));
      add(name, pack, pattern.starts_with("bms"));
    }
  }
  for (const std::string_view name : kShared) add(name, 0, false);
  return watched;
}

ReportWatch::ReportWatch(const Bench& bench)
    : bench_(bench),
      watched_(watched_signals(bench.signals(), bench.state().units.size())),
      start_ns_(bench.now_ns()),
      now_ns_(start_ns_),
      row_due_ns_(start_ns_),
      windows_(start_ns_, bench.state().units.size()),
      overview_(watched_.size(), start_ns_, row_period(bench.state().units.size()),
                bench.state().units.size() > kFewPacks ? kMostIntervalsOfMany : kMostIntervals),
      lit_(bench.state().units.size(), 0),
      last_looks_(bench.state().units.size()) {
  if (start_ns_ > 0) events_seen_ = events().size();
}

void ReportWatch::pass(Time t_ns, const BenchState& state) {
  now_ns_ = t_ns;
  look_at_lamps(t_ns, state);
  const bool has_news = take_events();
  const bool is_due = t_ns >= row_due_ns_;
  if (!is_due && !has_news && t_ns >= fast_until_ns_) return;
  take_row(t_ns, state);
  if (!is_due) return;
  look_at_patterns(t_ns, state);
  row_due_ns_ = t_ns + row_period(state.units.size());
}

std::shared_ptr<const ReportData> ReportWatch::take() const {
  auto data = std::make_shared<ReportData>();
  data->start_ns = start_ns_;
  data->end_ns = bench_.now_ns();
  for (const Watched& watched : watched_) {
    const Signal& signal = bench_.signals().all()[watched.position];
    data->signals.push_back(
        {signal.name, unit_of(signal.dimension), {signal.words.begin(), signal.words.end()}});
  }
  data->overview = overview_.overview();
  data->looks = looks_;
  data->looks_left_out = looks_left_out_;
  data->windows = windows_.windows();
  data->moments_left_out = windows_.left_out();
  data->events = ends_of(events(), data->events_left_out);
  data->event_log_sha256 = bench_.recorder().events().sha256();
  data->why_over = bench_.why_over();
  return data;
}

bool ReportWatch::take_events() {
  if (events().size() == events_seen_) return false;
  for (; events_seen_ < events().size(); ++events_seen_) windows_.add(events()[events_seen_]);
  if (lit_.size() <= kFewPacks) fast_until_ns_ = now_ns_ + kFast;
  return true;
}

void ReportWatch::take_row(Time t_ns, const BenchState& state) {
  ReportRow row{t_ns, {}};
  row.values.reserve(watched_.size());
  for (const Watched& watched : watched_) {
    const bool is_known = !watched.is_reading || has_readings(state.units[watched.pack]);
    const double value = is_known ? bench_.signals().all()[watched.position].read(state)
                                  : std::numeric_limits<double>::quiet_NaN();
    row.values.push_back(static_cast<float>(value));
  }
  overview_.add(t_ns, row.values);
  windows_.add(std::move(row));
}

void ReportWatch::look_at_lamps(Time t_ns, const BenchState& state) {
  for (std::size_t pack = 0; pack < lit_.size(); ++pack) {
    const std::uint32_t lit = state.units[pack].panel.lit;
    if (lit == lit_[pack]) [[likely]]
      continue;
    lit_[pack] = lit;
    windows_.add(LampEdge{t_ns, pack, lit});
  }
}

void ReportWatch::look_at_patterns(Time t_ns, const BenchState& state) {
  for (std::size_t pack = 0; pack < last_looks_.size(); ++pack) {
    for (int lamp = 0; lamp < kLampCount; ++lamp) {
      const PanelWatch& panel = state.units[pack].panel;
      const LampLook look = look_at(panel, pack, lamp, t_ns);
      LampLook& last = last_looks_[pack][static_cast<std::size_t>(lamp)];
      if (is_same(look, last)) continue;
      last = look;
      if (looks_.size() < kMostLooks)
        looks_.push_back(look);
      else
        ++looks_left_out_;
    }
  }
}

}  // namespace doppelpack::sim
