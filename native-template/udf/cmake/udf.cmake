# udf_add_module(<name> <source>...) builds <name>.udf.so: one shared object that Node and Python load as it is, linked
# statically but for glibc. Nothing is downloaded.
#
# Cache variables: UDF_NODE_API_HEADERS, UDF_NODE_ADDON_API, UDF_SANITIZE (below).

include_guard(GLOBAL)

if(NOT CMAKE_SYSTEM_NAME STREQUAL "Linux" OR NOT CMAKE_SIZEOF_VOID_P EQUAL 8)
  message(FATAL_ERROR "udf: modules are built for 64-bit Linux; this is ${CMAKE_SYSTEM_NAME}")
endif()

set(UDF_NODE_API_HEADERS "" CACHE PATH "Include folder of node-api-headers; empty: asks Node")
set(UDF_NODE_ADDON_API "" CACHE PATH "Folder of node-addon-api; empty: asks Node")

set(UDF_SANITIZE "" CACHE STRING "Sanitizers to build with, such as address,undefined; empty: none")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug or Release" FORCE)
endif()

get_filename_component(UDF_ROOT "${CMAKE_CURRENT_LIST_DIR}" DIRECTORY)

include("${CMAKE_CURRENT_LIST_DIR}/node_headers.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/flags.cmake")

# The doors and the runtime.
set(UDF_RUNTIME_SOURCES
  "${UDF_ROOT}/src/arrow_export.cpp"
  "${UDF_ROOT}/src/arrow_import.cpp"
  "${UDF_ROOT}/src/arrow_import_nested.cpp"
  "${UDF_ROOT}/src/arrow_import_values.cpp"
  "${UDF_ROOT}/src/batch_rows.cpp"
  "${UDF_ROOT}/src/compute.cpp"
  "${UDF_ROOT}/src/config.cpp"
  "${UDF_ROOT}/src/csv.cpp"
  "${UDF_ROOT}/src/decimal.cpp"
  "${UDF_ROOT}/src/defaults.cpp"
  "${UDF_ROOT}/src/describe.cpp"
  "${UDF_ROOT}/src/door_c.cpp"
  "${UDF_ROOT}/src/door_python.cpp"
  "${UDF_ROOT}/src/fault.cpp"
  "${UDF_ROOT}/src/frames.cpp"
  "${UDF_ROOT}/src/guard.cpp"
  "${UDF_ROOT}/src/log.cpp"
  "${UDF_ROOT}/src/messages.cpp"
  "${UDF_ROOT}/src/null_rules.cpp"
  "${UDF_ROOT}/src/one_row.cpp"
  "${UDF_ROOT}/src/owned_column.cpp"
  "${UDF_ROOT}/src/parts.cpp"
  "${UDF_ROOT}/src/registry.cpp"
  "${UDF_ROOT}/src/row_error.cpp"
  "${UDF_ROOT}/src/state.cpp"
  "${UDF_ROOT}/src/take_rows.cpp"
  "${UDF_ROOT}/src/throw_site.cpp"
  "${UDF_ROOT}/src/watch.cpp"
)

function(udf_add_module name)
  if(NOT name MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "udf_add_module: \"${name}\" must begin with a lower-case letter and hold only a-z, 0-9 and _")
  endif()
  _udf_find_node_headers(headers addon_api)

  # compiled as one file, apart from the Node door with its big headers: that halves a cold build
  add_library(${name}_udf OBJECT ${UDF_RUNTIME_SOURCES})
  set_target_properties(${name}_udf PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)

  # only this one sees Node's headers
  add_library(${name}_udf_node OBJECT "${UDF_ROOT}/src/door_node.cpp")
  target_include_directories(${name}_udf_node SYSTEM PRIVATE "${headers}" "${addon_api}")
  target_compile_definitions(${name}_udf_node PRIVATE
    NAPI_VERSION=8 NAPI_CPP_EXCEPTIONS NODE_ADDON_API_DISABLE_DEPRECATED)

  add_library(${name} MODULE ${ARGN}
    "${UDF_ROOT}/src/glibc_new.cpp"
    "${UDF_ROOT}/src/glibc_old.cpp"
    $<TARGET_OBJECTS:${name}_udf>
    $<TARGET_OBJECTS:${name}_udf_node>
  )
  set_target_properties(${name} PROPERTIES
    PREFIX ""
    SUFFIX ".udf.so"
    LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}"
    LIBRARY_OUTPUT_DIRECTORY_DEBUG "${CMAKE_BINARY_DIR}"
    LIBRARY_OUTPUT_DIRECTORY_RELEASE "${CMAKE_BINARY_DIR}"
  )
  foreach(part IN ITEMS ${name} ${name}_udf ${name}_udf_node)
    target_include_directories(${part} PRIVATE "${UDF_ROOT}/include")
    target_compile_definitions(${part} PRIVATE "UDF_MODULE_NAME=\"${name}\"")
    # what runs for each row is compiled with the author's functions; the rest gains nothing from a slower compiler
    set(optimization "-O2")
    # memory that the functions have broken may be met anywhere; their undefined behaviour is theirs, and slow to compile
    string(REGEX MATCH "address" sanitizers "${UDF_SANITIZE}")
    if(part STREQUAL name)
      set(optimization "-O3")
      set(sanitizers "${UDF_SANITIZE}")
    endif()
    _udf_set_compiler_options(${part} ${optimization} "${sanitizers}" "${headers}" "${addon_api}")
  endforeach()
  _udf_set_linker_options(${name})
endfunction()
