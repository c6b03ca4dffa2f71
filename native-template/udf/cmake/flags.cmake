# Compiler and linker options of a module, and why.

function(_udf_set_compiler_options name optimization sanitizers headers addon_api)
  set_target_properties(${name} PROPERTIES
    CXX_STANDARD 20
    CXX_STANDARD_REQUIRED ON
    CXX_EXTENSIONS OFF
    POSITION_INDEPENDENT_CODE ON
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
  )
  set(debug "$<CONFIG:Debug>")
  set(sanitize "")
  if(sanitizers)
    # the last -O and -g win
    set(sanitize -O1 -g -fno-omit-frame-pointer -fno-optimize-sibling-calls "-fsanitize=${sanitizers}")
  endif()
  target_compile_options(${name} PRIVATE
    "$<IF:${debug},-O0;-g,${optimization};-g1>"
    ${sanitize}
    # g++ leaves short loops across two lines of code, where they lose up to a sixth of their speed
    "$<$<CXX_COMPILER_ID:GNU>:-falign-loops=32>"
    # what is not reached from a door can be dropped
    -ffunction-sections -fdata-sections
    # same results on every machine; errno and the floating-point exception flags are no results
    -ffp-contract=off -fno-math-errno -fno-trapping-math
    # no paths of this machine inside, and the same bytes from every folder; the last that fits wins
    "-ffile-prefix-map=${headers}=node-api-headers"
    "-ffile-prefix-map=${addon_api}=node-addon-api"
    "-ffile-prefix-map=${CMAKE_SOURCE_DIR}=."
    "-ffile-prefix-map=${CMAKE_BINARY_DIR}=build"
  )
endfunction()

function(_udf_set_linker_options name)
  # Exactly the doors are visible, and stay under --gc-sections.
  set(exports "${CMAKE_CURRENT_BINARY_DIR}/${name}.exports")
  file(CONFIGURE OUTPUT "${exports}" @ONLY CONTENT "{
  global:
    napi_register_module_v1;
    node_api_module_get_api_version_v1;
    PyInit_@name@;
    udf_describe;
    udf_configure;
    udf_prepare;
    udf_call_arrow;
    udf_error_frames;
    udf_watch;
  local:
    *;
};
")
  set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS "${exports}")
  if(UDF_SANITIZE)
    # their libraries are shared, and watch what libstdc++ does
    set(libraries "-fsanitize=${UDF_SANITIZE}")
  else()
    # a function that is defined nowhere is a link error here, not a load error there
    set(libraries -static-libstdc++ -static-libgcc -Wl,-z,defs)
  endif()
  target_link_options(${name} PRIVATE
    ${libraries}
    "-Wl,--version-script=${exports}"
    # every throw passes src/throw_site.cpp, which remembers where it was
    -Wl,--wrap=__cxa_throw
    -Wl,--gc-sections -Wl,--as-needed -Wl,--build-id=sha1
    -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
  )
endfunction()
