# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
#
# Every dependency and the Debian/Ubuntu package that provides it. All of them are looked for before the configuration stops,
# so that one run names everything that is missing, one line each.

# doppelpack_require(<name> [find_package arguments...] PACKAGE <apt package>)
macro(doppelpack_require name)
  cmake_parse_arguments(_require "" "PACKAGE" "" ${ARGN})
  find_package(${name} QUIET ${_require_UNPARSED_ARGUMENTS})
  if(NOT ${name}_FOUND)
    message(NOTICE "doppelpack: ${name} not found; install it with: apt install ${_require_PACKAGE}")
    set(_doppelpack_missing TRUE)
  endif()
endmacro()

doppelpack_require(SystemC PACKAGE libsystemc-dev)
doppelpack_require(Eigen3 3.3 NO_MODULE PACKAGE libeigen3-dev)
doppelpack_require(yaml-cpp PACKAGE libyaml-cpp-dev)
doppelpack_require(fmt PACKAGE libfmt-dev)
doppelpack_require(spdlog PACKAGE libspdlog-dev)
doppelpack_require(nlohmann_json PACKAGE nlohmann-json3-dev)
doppelpack_require(CLI11 PACKAGE libcli11-dev)
doppelpack_require(OpenSSL COMPONENTS Crypto PACKAGE libssl-dev)
doppelpack_require(ZLIB PACKAGE zlib1g-dev)
doppelpack_require(Threads PACKAGE libc6-dev)
doppelpack_require(Microhttpd PACKAGE libmicrohttpd-dev)
doppelpack_require(Libzip PACKAGE libzip-dev)
if(DOPPELPACK_BUILD_TESTS)
  doppelpack_require(GTest PACKAGE libgtest-dev)
endif()
if(DOPPELPACK_BUILD_BENCHMARKS)
  doppelpack_require(benchmark PACKAGE libbenchmark-dev)
endif()
if(DOPPELPACK_BUILD_PYTHON)
  # The interpreter of scripts/setup.sh, unless the caller (a wheel build, for example) names another one.
  if(NOT DEFINED Python_EXECUTABLE AND EXISTS "${PROJECT_SOURCE_DIR}/.venv/bin/python")
    set(Python_EXECUTABLE "${PROJECT_SOURCE_DIR}/.venv/bin/python")
  endif()
  doppelpack_require(Python 3.10 COMPONENTS Interpreter Development.Module PACKAGE python3-dev)
  # The pybind11 installed beside the interpreter comes first: Debian 12's own one is too old for NumPy 2.
  if(Python_FOUND AND NOT DEFINED pybind11_DIR AND NOT DEFINED SKBUILD)
    execute_process(COMMAND "${Python_EXECUTABLE}" -m pybind11 --cmakedir
      OUTPUT_VARIABLE _pybind11_dir ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE _pybind11_result)
    if(_pybind11_result EQUAL 0)
      set(pybind11_DIR "${_pybind11_dir}")
    endif()
  endif()
  set(PYBIND11_FINDPYTHON ON)
  doppelpack_require(pybind11 2.10 CONFIG PACKAGE pybind11-dev)
endif()

if(_doppelpack_missing)
  message(FATAL_ERROR "doppelpack: dependencies are missing, see above; scripts/setup.sh installs them all")
endif()
