// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Module doppelpack._core: sim::Bench and the catalogues for Python. It converts arguments and adds
// no behaviour; what a function does stands in _core.pyi.
#include <pybind11/pybind11.h>

#include <exception>
#include <string>

#include "bench.hpp"
#include "can_emulator/port.hpp"
#include "catalogues.hpp"
#include "cell.hpp"
#include "sim/data_error.hpp"
#include "sim/version.hpp"

namespace doppelpack::bindings {
namespace {

/// An exception class of the package, kept for the life of the process.
py::handle add_exception(py::module_& m, const char* name, PyObject* base) {
  const std::string full = std::string("doppelpack.") + name;
  const py::handle type = PyErr_NewException(full.c_str(), base, nullptr);
  if (!type) throw py::error_already_set();
  m.attr(name) = type;
  return type;
}

void add_exceptions(py::module_& m) {
  static py::handle data_error;
  static py::handle port_error;
  data_error = add_exception(m, "DataError", PyExc_ValueError);
  port_error = add_exception(m, "PortError", PyExc_OSError);
  py::register_local_exception_translator([](std::exception_ptr thrown) {
    if (!thrown) return;
    try {
      std::rethrow_exception(thrown);
    } catch (const sim::DataError& error) {
      const py::object raised = data_error(error.what());
      raised.attr("file") = error.where().file;
      raised.attr("line") = error.where().line;
      raised.attr("field") = error.where().field;
      PyErr_SetObject(data_error.ptr(), raised.ptr());
    } catch (const can_emulator::PortError& error) {
      PyErr_SetString(port_error.ptr(), error.what());
    }
  });
}

PYBIND11_MODULE(_core, m) {
  m.doc() = "The simulator, compiled.";
  m.attr("__version__") = sim::kVersion;
  add_exceptions(m);
  add_catalogues(m);
  add_bench(m);
  add_cell(m);
  add_report(m);
}

}  // namespace
}  // namespace doppelpack::bindings
