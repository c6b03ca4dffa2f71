# udf_add_module(<name> <source>...) builds <name>.udf.so: one shared object that Node and Python load as it is, linked
# statically but for glibc. Nothing is downloaded.
#
# Cache variables: UDF_DIAGNOSTICS, UDF_NODE_API_HEADERS, UDF_NODE_ADDON_API (below).

include_guard(GLOBAL)

if(NOT CMAKE_SYSTEM_NAME STREQUAL "Linux" OR NOT CMAKE_SIZEOF_VOID_P EQUAL 8)
  message(FATAL_ERROR "udf: modules are built for 64-bit Linux; this is ${CMAKE_SYSTEM_NAME}")
endif()

set(UDF_DIAGNOSTICS "text" CACHE STRING "Form of the compiler's diagnostics: text, or json for a program that reads them")
set(UDF_NODE_API_HEADERS "" CACHE PATH "Include folder of node-api-headers; empty: asks Node")
set(UDF_NODE_ADDON_API "" CACHE PATH "Folder of node-addon-api; empty: asks Node")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug or Release" FORCE)
endif()

get_filename_component(UDF_ROOT "${CMAKE_CURRENT_LIST_DIR}" DIRECTORY)

include("${CMAKE_CURRENT_LIST_DIR}/node_headers.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/flags.cmake")

function(udf_add_module name)
  if(NOT name MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "udf_add_module: \"${name}\" must begin with a lower-case letter and hold only a-z, 0-9 and _")
  endif()
  _udf_find_node_headers(headers addon_api)
  add_library(${name} MODULE ${ARGN}
    "${UDF_ROOT}/src/arrow_export.cpp"
    "${UDF_ROOT}/src/arrow_import.cpp"
    "${UDF_ROOT}/src/config.cpp"
    "${UDF_ROOT}/src/csv.cpp"
    "${UDF_ROOT}/src/describe.cpp"
    "${UDF_ROOT}/src/door_c.cpp"
    "${UDF_ROOT}/src/door_node.cpp"
    "${UDF_ROOT}/src/door_python.cpp"
    "${UDF_ROOT}/src/glibc_new.cpp"
    "${UDF_ROOT}/src/glibc_old.cpp"
    "${UDF_ROOT}/src/registry.cpp"
    "${UDF_ROOT}/src/row_error.cpp"
    "${UDF_ROOT}/src/state.cpp"
  )
  set_target_properties(${name} PROPERTIES
    PREFIX ""
    SUFFIX ".udf.so"
    LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}"
    LIBRARY_OUTPUT_DIRECTORY_DEBUG "${CMAKE_BINARY_DIR}"
    LIBRARY_OUTPUT_DIRECTORY_RELEASE "${CMAKE_BINARY_DIR}"
    CXX_STANDARD 20
    CXX_STANDARD_REQUIRED ON
    CXX_EXTENSIONS OFF
    POSITION_INDEPENDENT_CODE ON
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
  )
  target_include_directories(${name} PRIVATE "${UDF_ROOT}/include")
  # only the Node door sees Node's headers
  set_source_files_properties("${UDF_ROOT}/src/door_node.cpp" PROPERTIES
    INCLUDE_DIRECTORIES "${headers};${addon_api}"
    COMPILE_DEFINITIONS "NAPI_VERSION=8;NAPI_CPP_EXCEPTIONS;NODE_ADDON_API_DISABLE_DEPRECATED"
  )
  target_compile_definitions(${name} PRIVATE "UDF_MODULE_NAME=\"${name}\"")
  _udf_set_flags(${name} "${headers}" "${addon_api}")
endfunction()
