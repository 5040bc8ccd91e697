# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
#
# Finds SystemC and defines SystemC::systemc. A build with CMake files of its own is taken first; Debian and Ubuntu ship a bare
# library, compiled as C++17.

find_package(SystemCLanguage CONFIG QUIET)
if(TARGET SystemC::systemc)
  set(SystemC_FOUND TRUE)
  return()
endif()

find_path(SystemC_INCLUDE_DIR NAMES systemc HINTS ENV SYSTEMC_HOME PATH_SUFFIXES include)
find_library(SystemC_LIBRARY NAMES systemc HINTS ENV SYSTEMC_HOME PATH_SUFFIXES lib lib-linux64)

# The library exports one version symbol that contains the C++ standard it was compiled with, and the headers ask for the one
# of the including code. SC_CPLUSPLUS tells the headers to ask for the one that is there.
if(SystemC_INCLUDE_DIR AND SystemC_LIBRARY AND NOT DEFINED SystemC_CPLUSPLUS)
  set(_systemc_probe "${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/systemc_probe.cpp")
  file(WRITE "${_systemc_probe}"
    "#include <systemc>\nextern \"C\" int sc_main(int, char**) { return 0; }\nint main() { return 0; }\n")
  foreach(_systemc_standard IN ITEMS 201703L 202002L 201402L 201103L)
    try_compile(_systemc_links_${_systemc_standard} "${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/systemc_probe"
      SOURCES "${_systemc_probe}"
      CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${SystemC_INCLUDE_DIR}"
      COMPILE_DEFINITIONS "-DSC_CPLUSPLUS=${_systemc_standard}"
      LINK_LIBRARIES "${SystemC_LIBRARY}"
      CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON)
    if(_systemc_links_${_systemc_standard})
      set(SystemC_CPLUSPLUS ${_systemc_standard} CACHE STRING "C++ standard that SystemC was compiled with")
      mark_as_advanced(SystemC_CPLUSPLUS)
      break()
    endif()
  endforeach()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(SystemC REQUIRED_VARS SystemC_LIBRARY SystemC_INCLUDE_DIR SystemC_CPLUSPLUS)
mark_as_advanced(SystemC_INCLUDE_DIR SystemC_LIBRARY)

if(SystemC_FOUND AND NOT TARGET SystemC::systemc)
  find_package(Threads QUIET)
  add_library(SystemC::systemc UNKNOWN IMPORTED)
  set_target_properties(SystemC::systemc PROPERTIES
    IMPORTED_LOCATION "${SystemC_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${SystemC_INCLUDE_DIR}"
    INTERFACE_COMPILE_DEFINITIONS "SC_CPLUSPLUS=${SystemC_CPLUSPLUS}"
    INTERFACE_LINK_LIBRARIES "Threads::Threads"
    # The shared library refers to sc_main even if main() never calls it. This takes the definition out of a static library that
    # nothing else of a program needs; it has to be visible outside (visibility "default").
    INTERFACE_LINK_OPTIONS "LINKER:--undefined=sc_main")
endif()
