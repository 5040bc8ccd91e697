// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A single cell, driven by a current, in air of its own.
#include "cell.hpp"

#include <pybind11/numpy.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string>

#include "arguments.hpp"
#include "catalogues.hpp"
#include "models/cell_model.hpp"
#include "models/exponential.hpp"
#include "sim/load.hpp"

namespace doppelpack::bindings {
namespace {

using Array = py::array_t<double, py::array::c_style | py::array::forcecast>;

struct Profile {
  std::span<const double> time_s;
  std::span<const double> current_A;
  bool holds_next = true;  // current k flows after time k; else it has flowed before it
};

struct Surroundings {
  double T_degC = 25.0;
  double ambient_degC = 25.0;
  std::optional<double> cooling_W_per_K;  // none: isothermal
};

std::span<const double> checked_series(const Array& array, const std::string& field) {
  if (array.ndim() != 1 || array.size() < 1) {
    reject(field, "found an array with " + std::to_string(array.ndim()) + " dimensions and " +
                      std::to_string(array.size()) + " values, expected one dimension and a value");
  }
  const std::span<const double> values(array.data(), static_cast<std::size_t>(array.size()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    checked(values[i], -1e9, 1e9, field + "[" + std::to_string(i) + "]");
  }
  return values;
}

Profile checked_profile(const Array& time_s, const Array& current_A, const std::string& hold) {
  const Profile profile{checked_series(time_s, "time_s"), checked_series(current_A, "current_A"),
                        hold == "next"};
  if (profile.time_s.size() != profile.current_A.size()) {
    reject("current_A",
           "found " + std::to_string(profile.current_A.size()) +
               " values, expected as many as time_s has: " + std::to_string(profile.time_s.size()));
  }
  for (std::size_t i = 1; i < profile.time_s.size(); ++i) {
    if (!(profile.time_s[i] > profile.time_s[i - 1])) {
      reject("time_s[" + std::to_string(i) + "]", "found a time that is not after the one before");
    }
  }
  if (hold != "next" && hold != "previous") {
    reject("hold", "found '" + hold + "', expected next or previous");
  }
  return profile;
}

models::Chemistry load_chemistry(const Path& cell) {
  const std::string text = cell.string();
  return text.find('\n') == std::string::npos ? sim::load_cell(text, data_folder())
                                              : sim::parse_cell(text);
}

// What is written down at each time of the profile.
struct Record {
  Array voltage_V, soc, T_degC, heat_J;

  explicit Record(std::size_t count) : voltage_V(count), soc(count), T_degC(count), heat_J(count) {}

  void write(std::size_t i, double cell_V, const models::CellState& cell) {
    const auto row = static_cast<py::ssize_t>(i);
    voltage_V.mutable_at(row) = cell_V;
    soc.mutable_at(row) = cell.x(0, 0);
    T_degC.mutable_at(row) = cell.T_degC[0];
    heat_J.mutable_at(row) = cell.heat_J[0];
  }

  py::dict to_dict() const {
    py::dict result;
    result["voltage_V"] = voltage_V;
    result["soc"] = soc;
    result["T_degC"] = T_degC;
    result["heat_J"] = heat_J;
    return result;
  }
};

/// One cell of a model and the air around it.
class Cell {
 public:
  Cell(const models::CellParameters& parameters, double heat_capacity_J_per_K,
       const Surroundings& around, double soc)
      : parameters_(parameters), around_(around), capacity_J_per_K_(heat_capacity_J_per_K) {
    model_.initialise(parameters_, models::CellArray::Constant(1, soc), around.T_degC, state_);
    emf_V_ = current_A_ = models::CellArray::Zero(1);
  }

  void advance(double amperes, double dt_s) {
    const double heat_before_J = state_.heat_J[0];
    look();
    current_A_[0] = amperes;
    model_.advance(parameters_, current_A_, dt_s, state_);
    warm((state_.heat_J[0] - heat_before_J) / dt_s, dt_s);
  }

  double voltage_V(double amperes) {
    look();
    return emf_V_[0] + state_.r_Ohm[0] * amperes;
  }

  const models::CellState& state() const { return state_; }

 private:
  void look() {
    model_.refresh(parameters_, state_);
    model_.thevenin(parameters_, state_, emf_V_);
  }

  // Exact for constant heat.
  void warm(double heat_W, double dt_s) {
    if (!around_.cooling_W_per_K) return;
    double& T_degC = state_.T_degC[0];
    const double cooling_W_per_K = *around_.cooling_W_per_K;
    if (cooling_W_per_K == 0.0) {
      T_degC += heat_W * dt_s / capacity_J_per_K_;
      return;
    }
    const double final_degC = around_.ambient_degC + heat_W / cooling_W_per_K;
    const double left = models::exponential(-dt_s * cooling_W_per_K / capacity_J_per_K_);
    T_degC = final_degC + (T_degC - final_degC) * left;
  }

  const models::CellModel& model_ = *models::find_cell_model("ecm-2rc");
  const models::CellParameters& parameters_;
  Surroundings around_;
  double capacity_J_per_K_;
  models::CellState state_;
  models::CellArray emf_V_;
  models::CellArray current_A_;
};

Record run(Cell& cell, const Profile& profile, double max_step_s) {
  Record record(profile.time_s.size());
  for (std::size_t i = 0; i < profile.time_s.size(); ++i) {
    if (i > 0) {
      const double span_s = profile.time_s[i] - profile.time_s[i - 1];
      const double parts = std::max(1.0, std::ceil(span_s / max_step_s * (1.0 - 1e-9)));
      const double amperes = profile.current_A[profile.holds_next ? i - 1 : i];
      for (double part = 0.0; part < parts; part += 1.0) cell.advance(amperes, span_s / parts);
    }
    record.write(i, cell.voltage_V(profile.current_A[i]), cell.state());
  }
  return record;
}

py::dict simulate_cell(const Path& cell, const Array& time_s, const Array& current_A, double soc,
                       double T_degC, std::optional<double> ambient_degC,
                       std::optional<double> cooling_W_per_K, std::optional<double> capacity_Ah,
                       double resistance_factor, double max_step_s, const std::string& hold) {
  const models::Chemistry chemistry = load_chemistry(cell);
  const Profile profile = checked_profile(time_s, current_A, hold);
  checked(soc, 0.0, 1.0, "soc");
  checked(max_step_s, 1e-4, 1.0, "max_step_s");
  checked(resistance_factor, 1e-3, 1e3, "resistance_factor");
  const double size_Ah =
      checked(capacity_Ah.value_or(chemistry.capacity_Ah), 1e-3, 1e5, "capacity_Ah");
  Surroundings around{checked(T_degC, -40.0, 120.0, "T_degC"), T_degC, cooling_W_per_K};
  around.ambient_degC = checked(ambient_degC.value_or(T_degC), -60.0, 120.0, "ambient_degC");
  if (cooling_W_per_K) checked(*cooling_W_per_K, 0.0, 1e6, "cooling_W_per_K");
  const models::CellArray one = models::CellArray::Ones(1);
  const models::CellParameters parameters =
      models::make_cell_parameters(chemistry, size_Ah * one, resistance_factor * one);
  Cell one_cell(parameters, chemistry.heat_capacity_J_per_K * size_Ah / chemistry.capacity_Ah,
                around, soc);
  return run(one_cell, profile, max_step_s).to_dict();
}

}  // namespace

void add_cell(py::module_& m) {
  using namespace py::literals;  // NOLINT(google-build-using-namespace): the literals of pybind11
  m.def("simulate_cell", &simulate_cell, "cell"_a, "time_s"_a, "current_A"_a, py::kw_only(),
        "soc"_a, "T_degC"_a = 25.0, "ambient_degC"_a = py::none(), "cooling_W_per_K"_a = py::none(),
        "capacity_Ah"_a = py::none(), "resistance_factor"_a = 1.0, "max_step_s"_a = 1.0,
        "hold"_a = "next");
}

}  // namespace doppelpack::bindings
