// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The methods of a bench, how one is made, and their names in Python.
//
// Whatever touches the simulation does so in a Turn or a Glance; what belongs to Python, such as the
// text of an error about an argument, is done before or after.
#include "bench.hpp"

#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <algorithm>
#include <span>

#include "can_emulator/port.hpp"
#include "catalogues.hpp"
#include "sim/condition_expression.hpp"
#include "sim/fault.hpp"
#include "sim/load.hpp"

namespace doppelpack::bindings {
namespace {

/// Simulated time between two looks at Python's signals, the same at every speed so that a condition
/// is looked at at the same instants whatever the speed.
constexpr Time kSlice_ns = 500 * sim::kMillisecond;

py::object from_json(const std::string& text) {
  return py::module_::import("json").attr("loads")(text);
}

Rows rows_of(const sim::Column& column) {
  return {column.block(), column.size()};
}

/// A read-only array over the rows; it keeps their block alive by itself.
py::array_t<double> view(const Rows& rows) {
  using Block = std::shared_ptr<const double[]>;
  auto block = std::make_unique<Block>(rows.block);
  const double* first = block->get();
  const py::capsule owner(block.release(), [](void* p) { delete static_cast<Block*>(p); });
  py::array_t<double> array(static_cast<py::ssize_t>(rows.count), first, owner);
  array.attr("setflags")(py::arg("write") = false);
  return array;
}

sim::CoreChoice chosen(const CoreArguments& arguments) {
  sim::CoreChoice choice;
  choice.library = arguments.bms.value_or(Path{});
  choice.is_isolated = arguments.is_isolated;
  choice.answer_budget_s = checked(arguments.budget_s, 1e-6, 3600.0, "bms_budget");
  if (arguments.cpu_budget_s)
    choice.cpu_budget_s = checked(*arguments.cpu_budget_s, 1e-9, 3600.0, "bms_cpu_budget");
  return choice;
}

}  // namespace

PyBench::PyBench(const sim::Scenario& scenario, const Connections& connections) {
  sim::BenchOptions options;
  apply(connections.pace, options);
  for (const std::string& uri : connections.can) {
    options.can_ports.push_back(can_emulator::parse_port_uri(uri));
  }
  for (const std::string& uri : connections.rs485) {
    options.rs485_ports.push_back(can_emulator::parse_port_uri(uri));
  }
  options.out = connections.out;
  options.recording.keeps_rows = true;
  options.recording.format =
      located("record_format", [&] { return sim::parse_record_format(connections.record_format); });
  options.core = chosen(connections.core);
  options.notice = [notices = notices_](std::string_view line) { notices->post(line); };
  options_ = std::move(options);
  collects_report_ = connections.report;
  if (collects_report_) read_report_page();  // refuses now what could not be shown later
  const Turn turn;
  build(scenario, nullptr);
}

PyBench::PyBench(const PyBench& other, const sim::Snapshot& from)
    : options_(other.options_), collects_report_(other.collects_report_) {
  const Turn turn;
  options_.can_ports.clear();
  options_.rs485_ports.clear();
  options_.out.reset();
  options_.notice = nullptr;
  build(other.open().scenario(), &from);
}

PyBench::~PyBench() {
  const Glance glance;
  bench_.reset();
}

void PyBench::restore(const sim::Snapshot& from) {
  const Turn turn;
  if (!options_.can_ports.empty() || !options_.rs485_ports.empty() || options_.out)
    throw py::value_error("a bench with ports or a folder goes on only; fork() it");
  build(open().scenario(), &from);
  result_.reset();
}

void PyBench::build(const sim::Scenario& scenario, const sim::Snapshot* from) {
  sim::BenchOptions options = options_;
  std::unique_ptr<PyReport> report;
  if (collects_report_) {
    report = std::make_unique<PyReport>(scenario);
    report->attach(options);
  }
  auto bench = from == nullptr ? std::make_unique<sim::Bench>(scenario, options)
                               : std::make_unique<sim::Bench>(scenario, options, *from);
  if (report) report->follow(*bench);
  bench_ = std::move(bench);  // the one that was goes before what it reports to
  report_ = std::move(report);
}

void PyBench::run(std::optional<double> seconds) {
  if (!seconds && !has_end()) {
    reject("seconds", "found nothing, expected a number: this bench has no scenario that ends");
  }
  advance_to(seconds ? now_ns() + checked_time(*seconds, "seconds") : duration_ns());
  refuse_if_over();
}

void PyBench::run_to_end() {
  advance_to(duration_ns());
}

void PyBench::advance_to(Time end_ns) {
  while (!advance(nullptr, end_ns).is_last) {
  }
}

PyBench::Slice PyBench::advance(const sim::ConditionExpression* until, Time end_ns) {
  const Slice slice = [&] {
    const Turn turn;
    sim::Bench& bench = running();
    const Time slice_end_ns = std::min(end_ns, bench.now_ns() + kSlice_ns);
    bool has_held = false;
    if (until != nullptr) {
      has_held = bench.run_until(*until, slice_end_ns);
    } else {
      bench.run_until(slice_end_ns);
    }
    return Slice{has_held, has_held || bench.now_ns() >= end_ns || bench.is_over()};
  }();
  let_python_look();
  return slice;
}

bool PyBench::run_until(const std::string& text, double timeout) {
  const sim::ConditionExpression condition = parse(text);
  const Time end_ns = now_ns() + checked_time(timeout, "timeout");
  Slice slice = advance(&condition, end_ns);
  while (!slice.is_last) slice = advance(&condition, end_ns);
  refuse_if_over();
  return slice.has_held;
}

bool PyBench::holds(const std::string& text) const {
  const sim::ConditionExpression condition = parse(text);
  const Glance glance;
  return condition.holds(open().state());
}

sim::ConditionExpression PyBench::parse(const std::string& text) const {
  const Glance glance;
  return located("condition", [&] { return sim::ConditionExpression(text, open().signals()); });
}

std::string PyBench::inject(const std::string& key, int target,
                            const std::optional<Number>& severity,
                            const std::optional<std::string>& given_id, int pack) {
  std::optional<double> number;
  if (severity) {
    const auto* text = std::get_if<std::string>(&*severity);
    const sim::Fault* fault = sim::find_fault(key);
    // An unknown fault is reported by the bench itself, with near misses.
    if (text != nullptr && fault != nullptr) {
      number = located("severity",
                       [&] { return sim::parse_quantity(*text, fault->severity_dimension); });
    } else if (text == nullptr) {
      number = std::get<double>(*severity);
    }
  }
  const std::string id = given_id.value_or(target == 0 ? key : key + "-" + std::to_string(target));
  const Glance glance;
  running().inject(key, target, number, id, pack);
  return id;
}

void PyBench::set(const std::string& control, const Number& value) {
  const Glance glance;
  if (const auto* number = std::get_if<double>(&value)) {
    running().set(control, *number);
    return;
  }
  const double parsed = located(
      control, [&] { return sim::parse_value(signal(control), std::get<std::string>(value)); });
  running().set(control, parsed);
}

sim::Snapshot PyBench::snapshot() const {
  const Turn turn;
  return running().snapshot();
}

std::vector<std::string> PyBench::signal_names() const {
  const Glance glance;
  std::vector<std::string> names;
  for (const sim::Signal& each : open().signals().all()) names.push_back(each.name);
  return names;
}

std::vector<std::string> PyBench::recorded_names() const {
  const Glance glance;
  std::vector<std::string> names;
  for (const std::size_t i : open().recorder().recorded()) {
    names.push_back(open().signals().all()[i].name);
  }
  return names;
}

py::array_t<double> PyBench::recorded(const std::string& name) const {
  return view(recorded_rows(name));
}

Rows PyBench::recorded_rows(const std::string& name) const {
  const Glance glance;
  const std::size_t wanted = position(name);
  const std::span<const std::size_t> columns = open().recorder().recorded();
  const auto found = std::find(columns.begin(), columns.end(), wanted);
  if (found == columns.end()) {
    reject(name,
           "found a signal that is not recorded, expected one of .recorded_signals; "
           "choose what to record with record=[...]");
  }
  return rows_of(open().recorder().column(static_cast<std::size_t>(found - columns.begin())));
}

Rows PyBench::time_rows() const {
  const Glance glance;
  return rows_of(open().recorder().time_s());
}

py::array_t<double> PyBench::time() const {
  return view(time_rows());
}

std::vector<sim::Event> PyBench::event_list() const {
  const Glance glance;
  return open().recorder().events().events();
}

py::list PyBench::events() const {
  py::list list;
  for (const sim::Event& event : event_list()) {
    py::dict entry;
    entry["t_ns"] = event.t_ns;
    entry["event"] = event.kind;
    for (const auto& [key, value] : event.fields) entry[py::str(key)] = py::cast(value);
    list.append(std::move(entry));
  }
  return list;
}

py::object PyBench::finish(const py::sequence& verdicts) {
  const std::vector<sim::Verdict> judged_outside = to_verdicts(verdicts);
  const std::string json = [&] {
    const Turn turn;
    if (!result_) result_ = open().finish(judged_outside);
    return sim::to_json(*result_);
  }();
  log_notices();
  return from_json(json);
}

void PyBench::close() {
  {
    const Turn turn;
    if (bench_ && report_) report_->keep(*bench_);
    bench_.reset();
  }
  log_notices();
}

std::string PyBench::report(const std::string& command, const std::string& made_at,
                            const py::sequence& verdicts) const {
  const std::string page = read_report_page();
  if (!collects_report_)
    reject("report", "found a bench that collects none, expected one made with report=True");
  sim::ReportFacts facts;
  facts.command = command;
  facts.made_at = made_at;
  facts.verdicts = to_verdicts(verdicts);
  const Turn turn;
  return report_->html(page, std::move(facts), bench_.get(), result_ ? &*result_ : nullptr);
}

bool PyBench::is_closed() const {
  const Glance glance;
  return bench_ == nullptr;
}

void PyBench::leave(const py::object& exception_type) {
  if (!is_closed() && exception_type.is_none()) finish(py::tuple());
  close();
}

void PyBench::refuse_if_over() {
  const Glance glance;
  if (running().is_over()) throw std::runtime_error(running().why_over());
}

void PyBench::let_python_look() const {
  log_notices();
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

void PyBench::log_notices() const {
  for (const std::string& line : notices_->take()) {
    py::module_::import("logging").attr("getLogger")("doppelpack").attr("warning")("%s", line);
  }
}

std::unique_ptr<PyBench> make_free_bench(const Path& product, const Path& inverter,
                                         std::uint64_t seed, double initial_soc, double soc_spread,
                                         std::optional<double> bms_soc, double temperature_degC,
                                         const std::vector<std::string>& record,
                                         double record_period, const Connections& connections) {
  const Path folder = data_folder();
  sim::Scenario scenario = sim::make_free_run(sim::load_product(product.string(), folder),
                                              sim::load_inverter(inverter.string(), folder));
  scenario.seed = seed;
  scenario.initial.soc = checked(initial_soc, 0.0, 1.0, "initial_soc");
  scenario.initial.soc_spread = checked(soc_spread, 0.0, 0.5, "soc_spread");
  if (bms_soc) scenario.initial.bms_soc = checked(*bms_soc, 0.0, 1.0, "bms_soc");
  scenario.initial.T_degC = checked(temperature_degC, -60.0, 120.0, "temperature_degC");
  scenario.record.period_ns = checked_time(record_period, "record_period");
  if (scenario.record.period_ns < sim::kMillisecond) {
    reject("record_period", "found less than a millisecond, expected 0.001 or more");
  }
  if (!record.empty()) scenario.record.signals.clear();
  for (const std::string& name : record) {
    const std::string field = "record[" + std::to_string(scenario.record.signals.size()) + "]";
    scenario.record.signals.push_back({name, {"", 0, field}});
  }
  return std::make_unique<PyBench>(scenario, connections);
}

std::unique_ptr<PyBench> make_scenario_bench(const Path& scenario_file, const Overrides& overrides,
                                             std::optional<std::uint64_t> seed,
                                             const Connections& connections) {
  std::vector<sim::Override> settings;
  for (const auto& [key, value] : overrides) {
    if (const auto* is_true = std::get_if<bool>(&value)) {
      settings.push_back({key, *is_true ? "yes" : "no"});
    } else {
      settings.push_back({key, py::str(py::cast(value)).cast<std::string>()});
    }
  }
  if (seed) settings.push_back({"seed", std::to_string(*seed)});
  return std::make_unique<PyBench>(
      sim::load_scenario(scenario_file.string(), data_folder(), settings), connections);
}

void add_bench(py::module_& m) {
  using namespace py::literals;  // NOLINT(google-build-using-namespace): the literals of pybind11
  m.def(
      "run_scenario",
      [](const Path& scenario, const Overrides& overrides, std::optional<std::uint64_t> seed,
         std::optional<double> speed, std::optional<Path> out, std::optional<Path> bms,
         bool isolated, double bms_budget, std::optional<double> bms_cpu_budget) {
        const std::unique_ptr<PyBench> bench =
            make_scenario_bench(scenario, overrides, seed,
                                {{std::move(bms), isolated, bms_budget, bms_cpu_budget},
                                 {speed},
                                 {},
                                 {},
                                 std::move(out)});
        bench->run_to_end();
        return bench->finish(py::tuple());
      },
      "scenario"_a, py::kw_only(), "overrides"_a = Overrides{}, "seed"_a = py::none(),
      "speed"_a = py::none(), "out"_a = py::none(), "bms"_a = py::none(), "isolated"_a = false,
      "bms_budget"_a = 2.0, "bms_cpu_budget"_a = py::none());

  py::class_<sim::Snapshot>(m, "Snapshot")
      .def("save", &sim::write_snapshot, "file"_a)
      .def_static("load", &sim::read_snapshot, "file"_a)
      .def_readonly("scenario", &sim::Snapshot::scenario)
      .def("__repr__",
           [](const sim::Snapshot& it) {
             return py::str("<Snapshot of {} at {:.6g} s>")
                 .format(it.scenario, sim::to_seconds(it.t_ns));
           })
      .def_property_readonly("now",
                             [](const sim::Snapshot& it) { return sim::to_seconds(it.t_ns); });

  py::class_<PyBench>(m, "Bench")
      .def(py::init([](const Path& product, const Path& inverter, std::uint64_t seed,
                       double initial_soc, double soc_spread, std::optional<double> bms_soc,
                       double temperature_degC, const std::vector<std::string>& record,
                       double record_period, std::optional<double> speed,
                       std::vector<std::string> can, std::vector<std::string> rs485,
                       std::optional<Path> out, std::string record_format, std::optional<Path> bms,
                       bool isolated, double bms_budget, std::optional<double> bms_cpu_budget,
                       bool report, bool real_time, std::optional<double> timing_budget) {
             return make_free_bench(product, inverter, seed, initial_soc, soc_spread, bms_soc,
                                    temperature_degC, record, record_period,
                                    {{std::move(bms), isolated, bms_budget, bms_cpu_budget},
                                     {speed, real_time, timing_budget},
                                     std::move(can),
                                     std::move(rs485),
                                     std::move(out),
                                     std::move(record_format),
                                     report});
           }),
           "product"_a = "generic-16s", py::kw_only(), "inverter"_a = "hybrid-5k", "seed"_a = 1,
           "initial_soc"_a = 0.5, "soc_spread"_a = 0.0, "bms_soc"_a = py::none(),
           "temperature_degC"_a = 25.0, "record"_a = std::vector<std::string>{},
           "record_period"_a = 1.0, "speed"_a = py::none(), "can"_a = std::vector<std::string>{},
           "rs485"_a = std::vector<std::string>{}, "out"_a = py::none(), "record_format"_a = "csv",
           "bms"_a = py::none(), "isolated"_a = false, "bms_budget"_a = 2.0,
           "bms_cpu_budget"_a = py::none(), "report"_a = false, "real_time"_a = false,
           "timing_budget"_a = py::none())
      .def_static(
          "from_scenario",
          [](const Path& scenario, const Overrides& overrides, std::optional<std::uint64_t> seed,
             std::optional<double> speed, std::vector<std::string> can,
             std::vector<std::string> rs485, std::optional<Path> out, std::string record_format,
             std::optional<Path> bms, bool isolated, double bms_budget,
             std::optional<double> bms_cpu_budget, bool report, bool real_time,
             std::optional<double> timing_budget) {
            return make_scenario_bench(scenario, overrides, seed,
                                       {{std::move(bms), isolated, bms_budget, bms_cpu_budget},
                                        {speed, real_time, timing_budget},
                                        std::move(can),
                                        std::move(rs485),
                                        std::move(out),
                                        std::move(record_format),
                                        report});
          },
          "scenario"_a, "overrides"_a = Overrides{}, py::kw_only(), "seed"_a = py::none(),
          "speed"_a = py::none(), "can"_a = std::vector<std::string>{},
          "rs485"_a = std::vector<std::string>{}, "out"_a = py::none(), "record_format"_a = "csv",
          "bms"_a = py::none(), "isolated"_a = false, "bms_budget"_a = 2.0,
          "bms_cpu_budget"_a = py::none(), "report"_a = false, "real_time"_a = false,
          "timing_budget"_a = py::none())
      .def("run", &PyBench::run, "seconds"_a = py::none())
      .def("run_until", &PyBench::run_until, "condition"_a, "timeout"_a)
      .def("holds", &PyBench::holds, "condition"_a)
      .def("inject", &PyBench::inject, "fault"_a, "target"_a = 0, "severity"_a = py::none(),
           "id"_a = py::none(), "pack"_a = 1)
      .def("clear", &PyBench::clear, "id"_a)
      .def("set", &PyBench::set, "control"_a, "value"_a)
      .def("press", &PyBench::press, "button"_a, "seconds"_a = 0.2, "pack"_a = 1)
      .def("snapshot", &PyBench::snapshot)
      .def("restore", &PyBench::restore, "snapshot"_a)
      .def(
          "fork",
          [](const PyBench& bench, const std::optional<sim::Snapshot>& from) {
            return std::make_unique<PyBench>(bench, from ? *from : bench.snapshot());
          },
          "snapshot"_a = py::none())
      .def("word", &PyBench::word, "signal"_a)
      .def("recorded", &PyBench::recorded, "signal"_a)
      .def("finish", &PyBench::finish, "verdicts"_a = py::tuple())
      .def("report", &PyBench::report, "command"_a, "made_at"_a, "verdicts"_a = py::tuple())
      .def("close", &PyBench::close)
      .def("__getitem__", &PyBench::read, "signal"_a)
      .def("__enter__", [](py::object self) { return self; })
      .def("__exit__", [](PyBench& self, const py::object& type, const py::object&,
                          const py::object&) { self.leave(type); })
      .def_property_readonly("is_closed", &PyBench::is_closed)
      .def_property_readonly("now", &PyBench::now)
      .def_property_readonly("timing", &PyBench::timing)
      .def_property_readonly("duration", &PyBench::duration)
      .def_property_readonly("seed", &PyBench::seed)
      .def_property_readonly("product", &PyBench::product)
      .def_property_readonly("signals", &PyBench::signal_names)
      .def("catalogue", [](const PyBench& bench) { return describe(bench.catalogue()); })
      .def_property_readonly("recorded_signals", &PyBench::recorded_names)
      .def_property_readonly("time", &PyBench::time)
      .def_property_readonly("events", &PyBench::events)
      .def_property_readonly("event_log_sha256", &PyBench::event_log_sha256);
}

}  // namespace doppelpack::bindings
