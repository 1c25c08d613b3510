# SPDX-License-Identifier: Apache-2.0
# lockstep_embed_texts(TARGET HEADER FUNCTION ROWS): a C++ file with the function of formats/HEADER that
# gives the text of a name.
function(lockstep_embed_texts target header function rows)
  set(output "${CMAKE_BINARY_DIR}/embedded/${function}s.cpp")
  set(source "#include \"formats/${header}\"\n\nnamespace lockstep::formats {\n\n")
  string(APPEND source "std::string_view ${function}(std::string_view name) {\n${rows}  return {};\n}\n\n")
  string(APPEND source "}  // namespace lockstep::formats\n")
  set(before "")
  if(EXISTS "${output}")
    file(READ "${output}" before)
  endif()
  if(NOT before STREQUAL source)
    file(WRITE "${output}" "${source}")
  endif()
  target_sources(${target} PRIVATE "${output}")
  set_source_files_properties("${output}" PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
endfunction()

# lockstep_embed_schemas(TARGET FOLDER INNER...): makes every *.schema.json and *.xsd in the INNER
# folders of FOLDER a text inside TARGET, which formats::shipped_schema finds by its path from FOLDER,
# without the ending .schema.json.
function(lockstep_embed_schemas target folder)
  set(schemas "")
  foreach(inner IN LISTS ARGN)
    file(GLOB found CONFIGURE_DEPENDS "${folder}/${inner}/*.schema.json" "${folder}/${inner}/*.xsd")
    list(APPEND schemas ${found})
  endforeach()
  set(rows "")
  foreach(schema IN LISTS schemas)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${schema}")
    file(RELATIVE_PATH name "${folder}" "${schema}")
    string(REPLACE ".schema.json" "" name "${name}")
    file(READ "${schema}" text)
    string(APPEND rows "  if (name == \"${name}\") return R\"schema(${text})schema\";\n")
  endforeach()
  lockstep_embed_texts(${target} schema.hpp shipped_schema "${rows}")
endfunction()

# lockstep_embed_lists(TARGET FOLDER): makes every *.tsv and *.txt of FOLDER a text inside TARGET, which
# formats::shipped_list finds by its name with the ending.
function(lockstep_embed_lists target folder)
  file(GLOB lists CONFIGURE_DEPENDS "${folder}/*.tsv" "${folder}/*.txt")
  set(rows "")
  foreach(list IN LISTS lists)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${list}")
    get_filename_component(name "${list}" NAME)
    file(READ "${list}" text)
    string(APPEND rows "  if (name == \"${name}\") return R\"list(${text})list\";\n")
  endforeach()
  lockstep_embed_texts(${target} lists.hpp shipped_list "${rows}")
endfunction()
