# SPDX-License-Identifier: Apache-2.0
# The rules of data/ become part of the program: tools/embed_data.cpp, built first, checks the law
# and writes it, and all files as compact JSON, into a C++ file of the room `app`
# (src/app/embedded_data.hpp).
file(GLOB_RECURSE data_files CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/data/*.yaml")
add_executable(embed_data tools/embed_data.cpp)
target_link_libraries(embed_data PRIVATE lockstep_regulations lockstep_flags fmt::fmt)
set(embedded_data "${CMAKE_BINARY_DIR}/embedded/embedded_data.cpp")
file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/embedded")
add_custom_command(
  OUTPUT "${embedded_data}"
  COMMAND embed_data "${embedded_data}" "${CMAKE_SOURCE_DIR}/data" ${data_files}
  DEPENDS embed_data ${data_files}
  COMMENT "Embedding data/"
  VERBATIM)
# The ruleset is one literal, longer than the least that a compiler has to take.
set_source_files_properties("${embedded_data}" PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
target_sources(lockstep_app PRIVATE "${embedded_data}")
