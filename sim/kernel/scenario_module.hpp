// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// inject: carries out the timeline, follows the profiles, and keeps the set of active faults.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <systemc>
#include <variant>
#include <vector>

#include "alarm.hpp"
#include "sampler.hpp"
#include "sim/bench_state.hpp"
#include "sim/condition_expression.hpp"
#include "sim/event_log.hpp"
#include "sim/expectations.hpp"
#include "sim/fault.hpp"
#include "sim/scenario.hpp"
#include "sim/signals.hpp"

namespace doppelpack::sim {

class ScenarioModule : public sc_core::sc_module {
 public:
  /// Throws DataError when a text of the scenario does not fit the product.
  ScenarioModule(const sc_core::sc_module_name& name, const Scenario& scenario,
                 const SignalCatalogue& catalogue, std::vector<Condition> as_built, LocalTime& time,
                 Sampler& sampler, BenchState& state, EventLog& events, ExpectationWatch& watch,
                 std::function<void()> after_fold);

  // What the timeline does, and what a person at the bench may do at any pause.
  void set(std::size_t control, double value);
  /// Likewise, without a word in the event log.
  void drive(std::size_t control, double value);
  void inject(const FaultInstance& fault, std::string_view id, Time duration_ns, Time ramp_ns = 0);
  /// False when no fault of that id is active.
  bool clear(std::string_view id);
  void press(std::size_t pack, std::uint32_t button, Time duration_ns);

  /// Looks for conditions that have come true; after every pass of the firmware.
  void look(Time t_ns);

 private:
  // Actions with their texts resolved.
  struct Set {
    std::size_t control;
    double value;
  };
  struct Inject {
    FaultInstance fault;
    std::string id;
    Time duration_ns;
    Time ramp_ns;
  };
  struct Clear {
    std::string id;
  };
  struct Press {
    std::size_t pack;
    std::uint32_t button;
    Time duration_ns;
  };
  struct Note {
    std::string text;
  };
  using Step = std::variant<Set, Inject, Clear, Press, Note>;

  struct Entry {
    const TimelineEntry* source;
    std::vector<Step> steps;
    std::vector<ConditionExpression> when;  ///< none or one
  };
  struct Follow {
    const Profile* source;
    std::size_t control;
    std::vector<double> values;  ///< of the points
  };
  Step resolve(const Action& action) const;
  void add_entry(const TimelineEntry& source);
  void add_profile(const Profile& source);
  void act();
  void follow_profiles();
  void carry_out(const Due& due);
  void fire(const Entry& entry);
  void perform(const Step& step);
  void plan(Due due);
  void enter(Due due);
  void fold();
  void climb(const Due& due);
  void forget_plans(std::string_view id);

  const Scenario& scenario_;
  const SignalCatalogue& catalogue_;
  const std::vector<Condition> as_built_;  ///< of each pack
  LocalTime& time_;
  Sampler& sampler_;
  BenchState& state_;
  EventLog& events_;
  ExpectationWatch& watch_;
  std::function<void()>
      after_fold_;  ///< for those who would not look at the condition by themselves
  std::vector<Entry> entries_;
  std::vector<Follow> follows_;
  TimelineState& timeline_;
  Alarm agenda_due_;
  Alarm profiles_due_;
};

}  // namespace doppelpack::sim
