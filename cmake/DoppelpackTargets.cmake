# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
#
# How every target of the project is compiled.

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
  endif()
  find_program(CCACHE_PROGRAM ccache)
  mark_as_advanced(CCACHE_PROGRAM)
  if(CCACHE_PROGRAM AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_C_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
  endif()
endif()

# A fused multiply-add rounds once where two operations round twice, and each compiler fuses elsewhere: off, for the same bits
# from every compiler. For the same reason there is no fast-math and no -march anywhere.
add_compile_options(-ffp-contract=off)

# A simulated millisecond is some hundred short functions in as many files: inlining across them saves a seventh of its time.
# The libraries carry both machine code and what such a link needs, so the tests link as quickly as ever. gcc alone can have
# both at once.
set(DOPPELPACK_LINKS_ACROSS_FILES OFF)
if(DOPPELPACK_LINK_TIME_OPTIMIZATION AND CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT DOPPELPACK_SANITIZERS
    AND CMAKE_C_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  include(CheckIPOSupported)
  check_ipo_supported(RESULT DOPPELPACK_LINKS_ACROSS_FILES LANGUAGES C CXX)
endif()

# doppelpack_link_across_files(<target>): for whatever runs the bench for long.
function(doppelpack_link_across_files target)
  if(DOPPELPACK_LINKS_ACROSS_FILES)
    set_target_properties(${target} PROPERTIES INTERPROCEDURAL_OPTIMIZATION ON)
    target_link_options(${target} PRIVATE ${_doppelpack_gcc_cxx_silenced})  # gcc warns once more as it links
  endif()
endfunction()

if(DOPPELPACK_SANITIZERS)
  add_compile_options(-fsanitize=${DOPPELPACK_SANITIZERS} -fno-sanitize-recover=all -fno-omit-frame-pointer -g)
  add_link_options(-fsanitize=${DOPPELPACK_SANITIZERS})
endif()

# Warnings for both compilers and both languages. Third-party headers come in as system headers and stay silent.
set(_doppelpack_warnings
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wdouble-promotion -Wcast-align -Wcast-qual -Wformat=2 -Wno-format-nonliteral -Wundef -Wunused
  -Wimplicit-fallthrough -Wmissing-declarations)
set(_doppelpack_c_warnings -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wvla)
# A field that is left out of an initialiser has its in-class value.
set(_doppelpack_cxx_warnings -Wno-missing-field-initializers -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast -Wextra-semi)
set(_doppelpack_gcc_warnings -Wduplicated-cond -Wduplicated-branches)
# gcc 12 sees overlaps and overruns inside std::string and std::vector that are not there.
set(_doppelpack_gcc_cxx_silenced -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
# gcc keeps signed/unsigned conversions out of -Wconversion in C++; clang follows suit here. -Wmissing-declarations means
# something else to clang, which has -Wmissing-prototypes for it.
set(_doppelpack_clang_cxx_warnings -Wno-sign-conversion -Wmissing-prototypes)

# doppelpack_target(<target>): language level, position independence, visibility and warnings.
function(doppelpack_target target)
  set_target_properties(${target} PROPERTIES
    C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
    POSITION_INDEPENDENT_CODE ON
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_compile_options(${target} PRIVATE
    ${_doppelpack_warnings}
    "$<$<COMPILE_LANGUAGE:C>:${_doppelpack_c_warnings}>"
    "$<$<COMPILE_LANGUAGE:CXX>:${_doppelpack_cxx_warnings}>"
    "$<$<COMPILE_LANG_AND_ID:C,GNU>:${_doppelpack_gcc_warnings}>"
    "$<$<COMPILE_LANG_AND_ID:CXX,GNU>:${_doppelpack_gcc_warnings};${_doppelpack_gcc_cxx_silenced}>"
    "$<$<COMPILE_LANG_AND_ID:CXX,Clang>:${_doppelpack_clang_cxx_warnings}>")
  if(DOPPELPACK_SANITIZERS AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # The checks that a sanitizer adds look like uninitialised paths to gcc.
    target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized)
  endif()
  if(DOPPELPACK_WARNINGS_AS_ERRORS)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

# doppelpack_precompile(<target> <header>...): large headers of others, parsed once for all C++ sources of the target.
function(doppelpack_precompile target)
  if(DOPPELPACK_PRECOMPILED_HEADERS)
    list(TRANSFORM ARGN REPLACE "(.+)" "$<$<COMPILE_LANGUAGE:CXX>:<\\1$<ANGLE-R>>")
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
endfunction()

# doppelpack_compile_together(<target>): the C++ sources of a folder in handfuls, each of which parses the headers once. Their
# anonymous namespaces then are one, so a name in there is told apart from those of the neighbours. Called after the last source
# has been added. A source with compile options of its own stays alone.
function(doppelpack_compile_together target)
  if(NOT DOPPELPACK_COMPILE_TOGETHER)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  set(handful 8)
  foreach(source IN LISTS sources)
    get_source_file_property(options "${source}" COMPILE_OPTIONS)
    if(options OR NOT source MATCHES "\\.cpp$")
      continue()
    endif()
    cmake_path(GET source PARENT_PATH folder)
    string(REPLACE "${CMAKE_CURRENT_SOURCE_DIR}/" "" folder "${folder}")
    string(MAKE_C_IDENTIFIER "${folder}" folder)
    if(NOT DEFINED count_${folder})
      set(count_${folder} 0)
    endif()
    math(EXPR group "${count_${folder}} / ${handful}")
    set_source_files_properties("${source}" PROPERTIES UNITY_GROUP "${folder}_${group}")
    math(EXPR count_${folder} "${count_${folder}} + 1")
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()

# doppelpack_library(<name> <source>...): the static library doppelpack_<name> of the folder <name>, known to others as
# doppelpack::<name>. Others see its include/ and nothing else of the folder.
function(doppelpack_library name)
  set(target doppelpack_${name})
  add_library(${target} STATIC ${ARGN})
  add_library(doppelpack::${name} ALIAS ${target})
  doppelpack_target(${target})
  doppelpack_link_across_files(${target})
  if(DOPPELPACK_LINKS_ACROSS_FILES)
    target_compile_options(${target} PRIVATE -ffat-lto-objects)
  endif()
  target_include_directories(${target}
    PUBLIC "$<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>"
    PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
endfunction()
