# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
#
# Finds libzip, whose own CMake files on Debian want tools of another package, and defines Libzip::libzip.

find_path(Libzip_INCLUDE_DIR NAMES zip.h)
find_library(Libzip_LIBRARY NAMES zip)
mark_as_advanced(Libzip_INCLUDE_DIR Libzip_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libzip REQUIRED_VARS Libzip_LIBRARY Libzip_INCLUDE_DIR)

if(Libzip_FOUND AND NOT TARGET Libzip::libzip)
  add_library(Libzip::libzip UNKNOWN IMPORTED)
  set_target_properties(Libzip::libzip PROPERTIES
    IMPORTED_LOCATION "${Libzip_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${Libzip_INCLUDE_DIR}")
endif()
