# Finds the include folders of node-api-headers and node-addon-api: what the cache says, then what cmake-js gives, then
# what Node resolves from the module's folder.

function(_udf_find_node_headers headers_result addon_api_result)
  set(headers "${UDF_NODE_API_HEADERS}")
  set(addon_api "${UDF_NODE_ADDON_API}")
  foreach(folder IN LISTS CMAKE_JS_INC)
    if(NOT headers AND EXISTS "${folder}/node_api.h")
      set(headers "${folder}")
    endif()
    if(NOT addon_api AND EXISTS "${folder}/napi.h")
      set(addon_api "${folder}")
    endif()
  endforeach()
  if(NOT headers)
    _udf_ask_node(headers "node-api-headers" "/include")
  endif()
  if(NOT addon_api)
    _udf_ask_node(addon_api "node-addon-api" "")
  endif()
  if(NOT EXISTS "${headers}/node_api.h" OR NOT EXISTS "${addon_api}/napi.h")
    message(FATAL_ERROR "udf: node-api-headers and node-addon-api are not there; run \"npm install\" in ${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  set(${headers_result} "${headers}" PARENT_SCOPE)
  set(${addon_api_result} "${addon_api}" PARENT_SCOPE)
endfunction()

function(_udf_ask_node result package folder)
  find_program(UDF_NODE NAMES node nodejs)
  if(NOT UDF_NODE)
    return()
  endif()
  execute_process(
    COMMAND "${UDF_NODE}" -p "require('node:path').dirname(require.resolve('${package}/package.json'))"
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
    OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE
    ERROR_QUIET
  )
  if(found)
    set(${result} "${found}${folder}" PARENT_SCOPE)
  endif()
endfunction()
