# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
#
# Lists of plug-ins: one file and one word in a list add one to the program.

# doppelpack_add_plugins(TARGET <target> LIST <function> TYPE <type> HEADER <header> NAMESPACE <namespace> DIRECTORY <folder>
#                        KEYS <key>...)
#
# Each key `foo-bar` adds <folder>/foo_bar.cpp, which defines `extern const <type> foo_bar`, to the target. The function
#   std::span<const <type>* const> <function>();
# declared by the header in the namespace, is generated; it returns them in the order of the list. A file that is missing stops
# here, a symbol that is missing stops at link time.
function(doppelpack_add_plugins)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "TARGET;LIST;TYPE;HEADER;NAMESPACE;DIRECTORY" "KEYS")
  foreach(required IN ITEMS TARGET LIST TYPE HEADER NAMESPACE DIRECTORY KEYS)
    if(NOT arg_${required})
      message(FATAL_ERROR "doppelpack: doppelpack_add_plugins needs ${required}")
    endif()
  endforeach()
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "doppelpack: doppelpack_add_plugins does not know '${arg_UNPARSED_ARGUMENTS}'")
  endif()

  set(seen "")
  set(declarations "")
  set(addresses "")
  foreach(key IN LISTS arg_KEYS)
    if(NOT key MATCHES "^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
      message(FATAL_ERROR "doppelpack: '${key}' in the list '${arg_LIST}' is not lower case words joined by hyphens")
    endif()
    if(key IN_LIST seen)
      message(FATAL_ERROR "doppelpack: '${key}' occurs twice in the list '${arg_LIST}'")
    endif()
    list(APPEND seen "${key}")
    string(REPLACE "-" "_" symbol "${key}")
    set(source "${CMAKE_CURRENT_SOURCE_DIR}/${arg_DIRECTORY}/${symbol}.cpp")
    if(NOT EXISTS "${source}")
      cmake_path(RELATIVE_PATH source BASE_DIRECTORY "${PROJECT_SOURCE_DIR}")
      message(FATAL_ERROR "doppelpack: the list '${arg_LIST}' names '${key}', but there is no ${source}")
    endif()
    target_sources(${arg_TARGET} PRIVATE "${source}")
    string(APPEND declarations "extern const ${arg_TYPE} ${symbol};\n")
    string(APPEND addresses "    &${symbol},\n")
  endforeach()
  list(LENGTH arg_KEYS count)

  set(generated "${CMAKE_CURRENT_BINARY_DIR}/${arg_LIST}.cpp")
  file(CONFIGURE OUTPUT "${generated}" @ONLY CONTENT
"// Generated from the list '@arg_LIST@' in CMakeLists.txt.
#include <array>
#include <span>

#include \"@arg_HEADER@\"

namespace @arg_NAMESPACE@ {

@declarations@
namespace {
constexpr std::array<const @arg_TYPE@*, @count@> kPlugins{
@addresses@};
}  // namespace

std::span<const @arg_TYPE@* const> @arg_LIST@() { return kPlugins; }

}  // namespace @arg_NAMESPACE@
")
  target_sources(${arg_TARGET} PRIVATE "${generated}")
endfunction()
