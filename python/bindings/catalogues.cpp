// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The catalogues in the shape of `doppelpack list WHAT --json`.
#include "catalogues.hpp"

#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "sim/fault.hpp"
#include "sim/load.hpp"
#include "sim/quantity.hpp"
#include "sim/signals.hpp"

namespace doppelpack::bindings {
namespace {

py::list to_list(const std::vector<sim::CatalogueEntry>& entries) {
  py::list list;
  for (const sim::CatalogueEntry& entry : entries) {
    py::dict row;
    row["key"] = entry.key;
    row["title"] = entry.title;
    row["file"] = entry.file.string();
    list.append(std::move(row));
  }
  return list;
}

py::list list_faults() {
  py::list list;
  for (const sim::Fault* fault : sim::faults()) {
    py::dict row;
    row["key"] = fault->key;
    row["title"] = fault->help;
    row["target"] = sim::name_of(fault->target);
    row["failure_mode"] = fault->failure_mode;
    row["nature"] = fault->nature;
    row["found_by"] = fault->found_by;
    row["timings"] = sim::timings_of(*fault);
    if (fault->has_severity) {
      py::dict severity;
      severity["name"] = fault->severity_name;
      severity["unit"] = sim::unit_of(fault->severity_dimension);
      severity["min"] = fault->severity_min;
      severity["max"] = fault->severity_max;
      severity["default"] = fault->severity_default;
      row["severity"] = severity;
    }
    list.append(std::move(row));
  }
  return list;
}

py::list list_signals(const Path& product) {
  return describe(sim::SignalCatalogue(sim::load_product(product.string(), data_folder())));
}

std::string_view check(const Path& file) {
  return sim::file_kind_name(sim::check_file(file, data_folder()));
}

}  // namespace

py::list describe(const sim::SignalCatalogue& catalogue) {
  py::list list;
  for (const sim::Signal& signal : catalogue.all()) {
    py::dict row;
    row["key"] = signal.name;
    row["title"] = signal.help;
    row["unit"] = sim::unit_of(signal.dimension);
    row["is_control"] = signal.is_control();
    if (!signal.words.empty()) {
      row["words"] = std::vector<std::string>(signal.words.begin(), signal.words.end());
    }
    list.append(std::move(row));
  }
  return list;
}

Path data_folder() {
  const Path module = py::module_::import("doppelpack._core").attr("__file__").cast<Path>();
  const Path beside = module.parent_path() / "data";
  return std::filesystem::is_directory(beside) ? std::filesystem::canonical(beside)
                                               : sim::find_data_folder();
}

void add_catalogues(py::module_& m) {
  using namespace py::literals;  // NOLINT(google-build-using-namespace): the literals of pybind11
  m.def("data_folder", &data_folder);
  m.def("products", [] { return to_list(sim::list_products(data_folder())); });
  m.def("inverters", [] { return to_list(sim::list_inverters(data_folder())); });
  m.def("scenarios", [] { return to_list(sim::list_scenarios(data_folder())); });
  m.def("faults", &list_faults);
  m.def("signals", &list_signals, "product"_a = "generic-16s");
  m.def("check", &check, "file"_a);
}

}  // namespace doppelpack::bindings
