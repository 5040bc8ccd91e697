// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A bench as Python sees it: sim::Bench, its arguments converted and its results as Python objects.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "arguments.hpp"
#include "pace.hpp"
#include "report.hpp"
#include "sim/bench.hpp"
#include "sim/condition_expression.hpp"
#include "sim/event_log.hpp"
#include "sim/recorder.hpp"
#include "sim/scenario.hpp"
#include "sim/signals.hpp"
#include "turns.hpp"

namespace doppelpack::bindings {

namespace py = pybind11;

using Number = std::variant<double, std::string>;  ///< a plain number or a text with unit or word
using Overrides = std::map<std::string, std::variant<bool, std::int64_t, double, std::string>>;

/// Which protection core, and how it is run.
struct CoreArguments {
  std::optional<Path> bms;
  bool is_isolated = false;
  double budget_s = 2.0;
  std::optional<double> cpu_budget_s;
};

struct Connections {
  CoreArguments core;
  PaceArguments pace;
  std::vector<std::string> can;
  std::vector<std::string> rs485;
  std::optional<Path> out;
  std::string record_format = "csv";
  bool report = false;
};

/// Lines about ports come from other threads and wait here for the next moment Python can log them.
class Notices {
 public:
  void post(std::string_view line) {
    const std::lock_guard lock(mutex_);
    lines_.emplace_back(line);
  }
  std::vector<std::string> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(lines_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

/// What a column had at one moment.
struct Rows {
  std::shared_ptr<const double[]> block;
  std::size_t count = 0;
};

class PyBench {
 public:
  PyBench(const sim::Scenario& scenario, const Connections& connections);
  /// A fork: goes on from there with neither ports nor folder.
  PyBench(const PyBench& other, const sim::Snapshot& from);
  ~PyBench();
  PyBench(const PyBench&) = delete;
  PyBench& operator=(const PyBench&) = delete;

  void run(std::optional<double> seconds);
  /// Up to the end of the scenario, or to what ends it before: that is in the result.
  void run_to_end();
  bool run_until(const std::string& text, double timeout);
  bool holds(const std::string& text) const;

  std::string inject(const std::string& key, int target, const std::optional<Number>& severity,
                     const std::optional<std::string>& given_id, int pack);
  void clear(const std::string& id) {
    const Glance glance;
    running().clear(id);
  }
  void set(const std::string& control, const Number& value);
  void press(const std::string& button, double seconds, int pack) {
    const Time duration_ns = checked_time(seconds, "seconds");
    const Glance glance;
    running().press(button, duration_ns, pack);
  }

  sim::Snapshot snapshot() const;
  void restore(const sim::Snapshot& from);

  double read(const std::string& name) const {
    const Glance glance;
    const sim::Signal& found = signal(name);
    return found.read(open().state());
  }
  std::string word(const std::string& name) const {
    const Glance glance;
    const sim::Signal& found = signal(name);
    return sim::format_value(found, found.read(open().state()));
  }
  std::vector<std::string> signal_names() const;
  sim::SignalCatalogue catalogue() const {
    const Glance glance;
    return open().signals();
  }

  std::vector<std::string> recorded_names() const;
  py::array_t<double> recorded(const std::string& name) const;
  py::array_t<double> time() const;
  py::list events() const;
  std::string event_log_sha256() const {
    const Glance glance;
    return open().recorder().events().sha256();
  }

  double now() const { return sim::to_seconds(now_ns()); }
  std::optional<double> duration() const {
    return has_end() ? std::optional(sim::to_seconds(duration_ns())) : std::nullopt;
  }
  std::uint64_t seed() const {
    const Glance glance;
    return open().scenario().seed;
  }
  std::string product() const {
    const Glance glance;
    return open().scenario().product.key;
  }

  py::object timing() const {
    const std::optional<sim::TimingReport> timing = [&] {
      const Glance glance;
      return open().timing();
    }();
    return describe(timing);
  }

  py::object finish(const py::sequence& verdicts);
  /// verdicts: those that finish() was not given.
  std::string report(const std::string& command, const std::string& made_at,
                     const py::sequence& verdicts) const;
  void close();
  bool is_closed() const;
  void leave(const py::object& exception_type);

 private:
  struct Slice {
    bool has_held = false;
    bool is_last = false;  ///< the condition holds, the end is reached, or the bench is over
  };

  // These three belong into a turn.
  sim::Bench& open() const {
    if (bench_ == nullptr) throw py::value_error("the bench is closed");
    return *bench_;
  }
  /// For everything that moves time or changes what is simulated.
  sim::Bench& running() const {
    if (result_) throw py::value_error("the bench is finished");
    return open();
  }
  std::size_t position(const std::string& name) const {
    return located(name, [&] { return open().signals().find(name); });
  }
  const sim::Signal& signal(const std::string& name) const {
    return open().signals().all()[position(name)];
  }

  Time now_ns() const {
    const Glance glance;
    return open().now_ns();
  }
  Time duration_ns() const {
    const Glance glance;
    return open().scenario().duration_ns;
  }
  bool has_end() const { return duration_ns() != std::numeric_limits<Time>::max(); }

  sim::ConditionExpression parse(const std::string& text) const;
  Rows recorded_rows(const std::string& name) const;
  Rows time_rows() const;
  std::vector<sim::Event> event_list() const;

  /// Another bench in place of the one that was; from: nullptr for one that is powered up.
  void build(const sim::Scenario& scenario, const sim::Snapshot* from);
  void advance_to(Time end_ns);
  /// Lets one slice of time pass, then lets Python look at its signals.
  Slice advance(const sim::ConditionExpression* until, Time end_ns);
  void let_python_look() const;
  void refuse_if_over();
  void log_notices() const;

  sim::BenchOptions options_;
  std::shared_ptr<Notices> notices_ = std::make_shared<Notices>();
  bool collects_report_ = false;
  std::unique_ptr<PyReport> report_;   // outlives the bench
  std::unique_ptr<sim::Bench> bench_;  ///< nothing once closed
  std::optional<sim::RunResult> result_;
};

std::unique_ptr<PyBench> make_free_bench(const Path& product, const Path& inverter,
                                         std::uint64_t seed, double initial_soc, double soc_spread,
                                         std::optional<double> bms_soc, double temperature_degC,
                                         const std::vector<std::string>& record,
                                         double record_period, const Connections& connections);

std::unique_ptr<PyBench> make_scenario_bench(const Path& scenario_file, const Overrides& overrides,
                                             std::optional<std::uint64_t> seed,
                                             const Connections& connections);

/// Registers run_scenario and the class Bench.
void add_bench(py::module_& m);

}  // namespace doppelpack::bindings
