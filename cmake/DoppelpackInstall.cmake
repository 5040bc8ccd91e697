# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
#
# cmake --install: the program, its data, the libraries with their public headers and a CMake package.
# The Python package is a component of its own ("python"), used by pyproject.toml only.

include(CMakePackageConfigHelpers)

install(TARGETS doppelpack RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(TARGETS doppelpack_fmu LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/doppelpack")
install(DIRECTORY scenarios/ DESTINATION "${CMAKE_INSTALL_DATADIR}/doppelpack")
install(FILES LICENSE README.md CHANGELOG.md docs/http_api.md docs/fmu.md docs/plug_in_your_bms.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY examples/bms_core DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples")

install(TARGETS doppelpack_bms doppelpack_models doppelpack_can_emulator doppelpack_sim EXPORT doppelpackTargets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
foreach(folder IN ITEMS bms models can_emulator sim)
  install(DIRECTORY ${folder}/include/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")
endforeach()
install(FILES "${PROJECT_BINARY_DIR}/sim/include/sim/version.hpp" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/sim")

set(_doppelpack_package "${CMAKE_INSTALL_LIBDIR}/cmake/doppelpack")
install(EXPORT doppelpackTargets NAMESPACE doppelpack:: DESTINATION "${_doppelpack_package}")
configure_package_config_file(cmake/doppelpackConfig.cmake.in "${PROJECT_BINARY_DIR}/doppelpackConfig.cmake"
  INSTALL_DESTINATION "${_doppelpack_package}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/doppelpackConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/doppelpackConfig.cmake" "${PROJECT_BINARY_DIR}/doppelpackConfigVersion.cmake"
  cmake/FindSystemC.cmake DESTINATION "${_doppelpack_package}")
