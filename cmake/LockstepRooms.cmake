# SPDX-License-Identifier: Apache-2.0
# One function makes a room of the house into a static library, with its warnings and its list of
# rooms that it may use.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(lockstep_flags INTERFACE)
target_compile_options(
  lockstep_flags
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Wcast-qual
            -Wnon-virtual-dtor -Werror -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
# g++ 12 takes the moves of a std::variant for reads of its other members when it optimises.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(lockstep_flags INTERFACE -Wno-maybe-uninitialized)
endif()
# The library's own stable_sort uses what it has deprecated; clang reports that at our call.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(lockstep_flags INTERFACE -Wno-deprecated-declarations)
endif()
target_compile_definitions(lockstep_flags INTERFACE LOCKSTEP_VERSION="${PROJECT_VERSION}")
if(LOCKSTEP_SANITIZE)
  add_compile_options(-fsanitize=${LOCKSTEP_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  string(REPLACE "fuzzer-no-link" "" link_sanitizers "${LOCKSTEP_SANITIZE}")
  string(REGEX REPLACE ",$" "" link_sanitizers "${link_sanitizers}")
  add_link_options(-fsanitize=${link_sanitizers})
  # Boost.Asio has fences, which ThreadSanitizer does not follow and g++ warns of.
  if(LOCKSTEP_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(lockstep_flags INTERFACE -Wno-tsan)
  endif()
endif()
if(LOCKSTEP_COVERAGE)
  add_compile_options(--coverage -O0)
  add_link_options(--coverage)
endif()

# lockstep_room(NAME [DEPENDS room...] [LINKS library...]): every .cpp under src/NAME, except the
# worker and the mains of the programs. LINKS are private: no header of a room shows a library.
function(lockstep_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS;LINKS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/${name}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "/ai/worker/|/main\\.cpp$")
  if(NOT sources)
    add_library(lockstep_${name} INTERFACE)
    set(scope INTERFACE)
  else()
    add_library(lockstep_${name} STATIC ${sources})
    target_link_libraries(lockstep_${name} PRIVATE lockstep_flags ${ROOM_LINKS})
    set(scope PUBLIC)
  endif()
  target_include_directories(lockstep_${name} ${scope} "${CMAKE_SOURCE_DIR}/src")
  foreach(other IN LISTS ROOM_DEPENDS)
    target_link_libraries(lockstep_${name} ${scope} lockstep_${other})
  endforeach()
endfunction()

# lockstep_soname(VARIABLE LIBRARY): the name under which the loader finds a shared library.
function(lockstep_soname variable library)
  execute_process(COMMAND ${CMAKE_READELF} -d ${library} OUTPUT_VARIABLE dynamic
                  COMMAND_ERROR_IS_FATAL ANY)
  if(NOT dynamic MATCHES "\\(SONAME\\)[^[]*\\[([^]]+)\\]")
    message(FATAL_ERROR "expected a shared library, found ${library}")
  endif()
  set(${variable} "${CMAKE_MATCH_1}" PARENT_SCOPE)
endfunction()
