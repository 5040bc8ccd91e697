// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "scenario_module.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "context.hpp"
#include "phases.hpp"
#include "sim/resolve.hpp"

namespace doppelpack::sim {

namespace {

/// A ramp is a staircase: every step of the condition makes the plant look at everything anew.
constexpr Time kRampSteps = 100;

/// Time goes on however short the ramp is.
Time ramp_step_ns(Time ramp_ns) {
  return std::max<Time>(ramp_ns / kRampSteps, 1);
}

/// Value of a profile at t_ns; before the first point the first value holds.
double profile_value(const Profile& profile, const std::vector<double>& values, Time t_ns) {
  if (profile.repeat_ns > 0) t_ns %= profile.repeat_ns;
  const auto& points = profile.points;
  std::size_t next = 0;
  while (next < points.size() && points[next].first <= t_ns) ++next;
  if (next == 0) return values.front();
  if (next == points.size() || profile.is_stepped) return values[next - 1];
  const auto span_ns = static_cast<double>(points[next].first - points[next - 1].first);
  const auto into_ns = static_cast<double>(t_ns - points[next - 1].first);
  return values[next - 1] + (values[next] - values[next - 1]) * (into_ns / span_ns);
}

double severity_at(const ActiveFault& active, Time t_ns) {
  const FaultInstance& fault = active.fault;
  if (active.ramp_ns == 0) return fault.severity;
  const double share =
      std::min(to_seconds(t_ns - active.since_ns) / to_seconds(active.ramp_ns), 1.0);
  return fault.severity + (fault.ramp_to - fault.severity) * share;
}

}  // namespace

ScenarioModule::ScenarioModule(const sc_core::sc_module_name& name, const Scenario& scenario,
                               const SignalCatalogue& catalogue, std::vector<Condition> as_built,
                               LocalTime& time, Sampler& sampler, BenchState& state,
                               EventLog& events, ExpectationWatch& watch,
                               std::function<void()> after_fold)
    : sc_module(name),
      scenario_(scenario),
      catalogue_(catalogue),
      as_built_(std::move(as_built)),
      time_(time),
      sampler_(sampler),
      state_(state),
      events_(events),
      watch_(watch),
      after_fold_(std::move(after_fold)),
      timeline_(state.agenda.timeline),
      agenda_due_(time, timeline_.agenda_due_ns),
      profiles_due_(time, timeline_.profiles_due_ns) {
  for (const TimelineEntry& entry : scenario_.timeline) add_entry(entry);
  for (const Profile& profile : scenario_.profiles) add_profile(profile);
  SC_HAS_PROCESS(ScenarioModule);
  SC_METHOD(act);
  sensitive << agenda_due_.event();
  dont_initialize();
  SC_METHOD(follow_profiles);
  sensitive << profiles_due_.event();
  dont_initialize();
  if (!timeline_.agenda.empty()) timeline_.agenda_due_ns = timeline_.agenda.front().t_ns;
  if (!follows_.empty()) timeline_.profiles_due_ns = kProfilePhase;
}

void ScenarioModule::add_entry(const TimelineEntry& source) {
  Entry entry{&source, {}, {}};
  EntryState state;
  for (const Action& action : source.actions) entry.steps.push_back(resolve(action));
  if (source.when) {
    entry.when.push_back(resolve_condition(*source.when, catalogue_));
    state.is_waiting = true;
  } else {
    Due due{Due::Kind::entry, source.at_ns.value_or(source.from_ns)};
    due.entry = entries_.size();
    enter(due);
  }
  entries_.push_back(std::move(entry));
  timeline_.entries.push_back(state);
}

void ScenarioModule::add_profile(const Profile& source) {
  Follow follow{&source, resolve_control(source.control, catalogue_), {}};
  for (const auto& [t_ns, value] : source.points) {
    follow.values.push_back(resolve_value(value, catalogue_.all()[follow.control]));
  }
  follows_.push_back(std::move(follow));
}

ScenarioModule::Step ScenarioModule::resolve(const Action& action) const {
  struct Visitor {
    const ScenarioModule& self;
    Step operator()(const SetAction& a) const {
      const std::size_t control = resolve_control(a.control, self.catalogue_);
      return Set{control, resolve_value(a.value, self.catalogue_.all()[control])};
    }
    Step operator()(const InjectAction& a) const {
      return Inject{resolve_fault(a, self.scenario_), a.id, a.duration_ns, a.ramp_ns};
    }
    Step operator()(const ClearAction& a) const { return Clear{a.id.text}; }
    Step operator()(const PressAction& a) const {
      return Press{resolve_pack(a.pack, self.scenario_), resolve_button(a.button), a.duration_ns};
    }
    Step operator()(const NoteAction& a) const { return Note{a.text}; }
  };
  return std::visit(Visitor{*this}, action);
}

// ---- carrying out ----

void ScenarioModule::plan(Due due) {
  agenda_due_.set(std::max(due.t_ns, time_.now_ns()));
  enter(std::move(due));
}

void ScenarioModule::enter(Due due) {
  std::vector<Due>& agenda = timeline_.agenda;
  const auto later = std::upper_bound(agenda.begin(), agenda.end(), due.t_ns,
                                      [](Time t_ns, const Due& d) { return t_ns < d.t_ns; });
  agenda.insert(later, std::move(due));
}

void ScenarioModule::act() {
  agenda_due_.acknowledge();
  const Time now_ns = time_.now_ns();
  std::vector<Due>& agenda = timeline_.agenda;
  while (!agenda.empty() && agenda.front().t_ns <= now_ns) {
    const Due due = std::move(agenda.front());
    agenda.erase(agenda.begin());
    carry_out(due);
  }
  if (!agenda.empty()) agenda_due_.set(agenda.front().t_ns);
}

void ScenarioModule::carry_out(const Due& due) {
  switch (due.kind) {
    case Due::Kind::entry: {
      const Entry& entry = entries_[due.entry];
      fire(entry);
      if (entry.source->every_ns > 0) {
        Due again = due;
        again.t_ns += entry.source->every_ns;
        plan(std::move(again));
      }
      break;
    }
    case Due::Kind::end_of_fault:
      clear(due.fault_id);
      break;
    case Due::Kind::ramp:
      climb(due);
      break;
    case Due::Kind::release_button:
      state_.units[due.pack].bms_inputs.buttons &= ~due.button;
      break;
  }
}

void ScenarioModule::fire(const Entry& entry) {
  if (!entry.source->id.empty()) {
    events_.add(time_.now_ns(), "entry", {{"id", entry.source->id}});
    watch_.on_entry(entry.source->id, time_.now_ns());
  }
  for (const Step& step : entry.steps) perform(step);
}

void ScenarioModule::perform(const Step& step) {
  struct Visitor {
    ScenarioModule& self;
    void operator()(const Set& s) const { self.set(s.control, s.value); }
    void operator()(const Inject& s) const { self.inject(s.fault, s.id, s.duration_ns, s.ramp_ns); }
    void operator()(const Clear& s) const { self.clear(s.id); }
    void operator()(const Press& s) const { self.press(s.pack, s.button, s.duration_ns); }
    void operator()(const Note& s) const {
      self.events_.add(self.time_.now_ns(), "note", {{"text", s.text}});
    }
  };
  std::visit(Visitor{*this}, step);
}

void ScenarioModule::set(std::size_t control, double value) {
  drive(control, value);
  events_.add(time_.now_ns(), "set",
              {{"control", catalogue_.all()[control].name}, {"value", value}});
}

void ScenarioModule::drive(std::size_t control, double value) {
  sampler_.catch_up();
  catalogue_.all()[control].write(state_, value);
}

void ScenarioModule::inject(const FaultInstance& fault, std::string_view id, Time duration_ns,
                            Time ramp_ns) {
  std::erase_if(timeline_.active, [&](const ActiveFault& active) { return active.id == id; });
  forget_plans(id);
  timeline_.active.push_back({std::string(id), fault, time_.now_ns(), ramp_ns});
  fold();
  const bool is_pack = fault.fault->target == FaultTarget::pack;
  events_.add(time_.now_ns(), "fault",
              {{"id", std::string(id)},
               {"fault", std::string(fault.fault->key)},
               {"pack", std::int64_t{fault.pack + 1}},
               {"target", std::int64_t{is_pack ? 0 : fault.target + 1}},
               {"severity", fault.severity},
               {"is_active", true}});
  if (duration_ns > 0) {
    Due end{Due::Kind::end_of_fault, time_.now_ns() + duration_ns};
    end.fault_id = id;
    plan(std::move(end));
  }
  if (ramp_ns > 0) {
    Due step{Due::Kind::ramp, time_.now_ns() + ramp_step_ns(ramp_ns)};
    step.fault_id = id;
    plan(std::move(step));
  }
}

void ScenarioModule::climb(const Due& due) {
  const auto found =
      std::find_if(timeline_.active.begin(), timeline_.active.end(),
                   [&](const ActiveFault& active) { return active.id == due.fault_id; });
  if (found == timeline_.active.end()) return;
  const Time ramp_ns = found->ramp_ns;
  const bool is_there = time_.now_ns() - found->since_ns >= ramp_ns;
  fold();
  if (is_there) return;
  Due again = due;
  again.t_ns += ramp_step_ns(ramp_ns);
  plan(std::move(again));
}

bool ScenarioModule::clear(std::string_view id) {
  const auto found = std::find_if(timeline_.active.begin(), timeline_.active.end(),
                                  [&](const ActiveFault& active) { return active.id == id; });
  if (found == timeline_.active.end()) return false;
  events_.add(
      time_.now_ns(), "fault",
      {{"id", found->id}, {"fault", std::string(found->fault.fault->key)}, {"is_active", false}});
  forget_plans(id);
  timeline_.active.erase(found);
  fold();
  return true;
}

// What a fault was yet to do must not befall the next one of its name.
void ScenarioModule::forget_plans(std::string_view id) {
  std::erase_if(timeline_.agenda, [&](const Due& due) {
    return (due.kind == Due::Kind::end_of_fault || due.kind == Due::Kind::ramp) &&
           due.fault_id == id;
  });
}

void ScenarioModule::press(std::size_t pack, std::uint32_t button, Time duration_ns) {
  state_.units[pack].bms_inputs.buttons |= button;
  events_.add(time_.now_ns(), "button",
              {{"pack", static_cast<std::int64_t>(pack + 1)}, {"bit", std::int64_t{button}}});
  Due release{Due::Kind::release_button, time_.now_ns() + duration_ns};
  release.pack = pack;
  release.button = button;
  plan(std::move(release));
}

/// The condition is always made anew from as-built, so faults leave no residue and may overlap.
void ScenarioModule::fold() {
  sampler_.catch_up();
  for (std::size_t pack = 0; pack < as_built_.size(); ++pack) {
    Condition& condition = state_.units[pack].condition;
    const std::uint64_t revision = condition.hardware.revision;
    condition = as_built_[pack];
    condition.hardware.revision = revision + 1;
  }
  for (const ActiveFault& active : timeline_.active) {
    const FaultInstance& fault = active.fault;
    Condition& condition = state_.units[static_cast<std::size_t>(fault.pack)].condition;
    fault.fault->apply(condition, fault.target, severity_at(active, time_.now_ns()));
  }
  sampler_.wake_comparators();
  after_fold_();
}

void ScenarioModule::follow_profiles() {
  profiles_due_.acknowledge();
  profiles_due_.set(sc_now_ns() + kProfilePeriod);
  for (const Follow& follow : follows_) {
    const Signal& signal = catalogue_.all()[follow.control];
    const double value =
        profile_value(*follow.source, follow.values, time_.now_ns() - kProfilePhase);
    if (value == signal.read(state_)) continue;
    sampler_.catch_up();
    signal.write(state_, value);
  }
}

void ScenarioModule::look(Time t_ns) {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    EntryState& waiting = timeline_.entries[i];
    if (!waiting.is_waiting) continue;
    if (!entries_[i].when.front().holds(state_)) {
      waiting.held_since_ns = -1;
      continue;
    }
    if (waiting.held_since_ns < 0) waiting.held_since_ns = t_ns;
    if (t_ns - waiting.held_since_ns < entries_[i].source->hold_ns) continue;
    waiting.is_waiting = false;
    fire(entries_[i]);
  }
  if (watch_.is_watching()) watch_.observe(t_ns, state_);
}

}  // namespace doppelpack::sim
