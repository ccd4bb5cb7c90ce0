# How everything here is compiled: one private target carries warnings, hardening and sanitizers, nothing is global
# but the language level and the tools.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(TRIBUTARY_PLUGIN_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)

# Line numbers in backtraces, but no types and variables: those cost a quarter of the time of a build.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")

option(TRIBUTARY_PRECOMPILE "Precompile the headers that almost every file includes" ON)
if(NOT TRIBUTARY_PRECOMPILE)
    set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
    # Without the first ccache does not trust what was compiled with a precompiled header; with the second it believes
    # the compiler about what a file includes, and does not preprocess it once more.
    set(launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_DEPEND=1
        ${CCACHE_PROGRAM})
    set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
    add_compile_options($<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-fpch-preprocess>)
endif()

add_library(tributary_build_flags INTERFACE)
target_compile_options(tributary_build_flags INTERFACE
    -Wall -Wextra -Wpedantic -fstack-protector-strong
    $<$<COMPILE_LANGUAGE:CXX>:-Wconversion -Wshadow -Wnon-virtual-dtor>
    $<$<BOOL:${TRIBUTARY_WERROR}>:-Werror>)
target_compile_definitions(tributary_build_flags INTERFACE
    $<$<CONFIG:Release,RelWithDebInfo>:_FORTIFY_SOURCE=2>)
target_link_options(tributary_build_flags INTERFACE -Wl,-z,relro,-z,now)
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
    target_link_options(tributary_build_flags INTERFACE -fuse-ld=mold)
endif()
if(TRIBUTARY_SANITIZE)
    target_compile_options(tributary_build_flags INTERFACE
        -fsanitize=${TRIBUTARY_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(tributary_build_flags INTERFACE -fsanitize=${TRIBUTARY_SANITIZE})
endif()

# The program that writes the plugins' manifests loads them: it needs the sanitizers that they have.
set(TRIBUTARY_MANIFEST_LINK tributary_build_flags)

# What every precompiled header begins with, and the owner of the runtime's.
set(TRIBUTARY_PRECOMPILED ${CMAKE_CURRENT_LIST_DIR}/precompiled.hpp)
add_library(tributary_core_headers OBJECT ${CMAKE_CURRENT_LIST_DIR}/precompiled.cpp)
target_precompile_headers(tributary_core_headers PRIVATE ${TRIBUTARY_PRECOMPILED})
target_link_libraries(tributary_core_headers PRIVATE tributary_build_flags Boost::headers)

# A static library of the runtime. Sources are listed by the caller.
#   tributary_core_library(http SOURCES server.cpp ... LINK Boost::url ...)
function(tributary_core_library area)
    cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
    add_library(tributary_${area} STATIC ${arg_SOURCES})
    add_library(tributary::${area} ALIAS tributary_${area})
    target_include_directories(tributary_${area}
        PUBLIC ${PROJECT_SOURCE_DIR}/core/include PRIVATE ${PROJECT_SOURCE_DIR}/core/src)
    target_link_libraries(tributary_${area} PUBLIC ${arg_LINK} PRIVATE tributary_build_flags)
    target_precompile_headers(tributary_${area} REUSE_FROM tributary_core_headers)
endfunction()

# What tests add: not optimised, because they are compiled more often than run; what they test is.
add_library(tributary_test_flags INTERFACE)
target_link_libraries(tributary_test_flags INTERFACE tributary_build_flags)
target_compile_options(tributary_test_flags INTERFACE $<$<CONFIG:RelWithDebInfo>:-O0 -U_FORTIFY_SOURCE>)

# The main of every test executable, and the owner of their precompiled header.
function(tributary_test_main)
    add_library(tributary_test_main OBJECT ${PROJECT_SOURCE_DIR}/tests/support/test_main.cpp)
    target_precompile_headers(tributary_test_main PRIVATE
        ${TRIBUTARY_PRECOMPILED} ${PROJECT_SOURCE_DIR}/tests/support/precompiled.hpp)
    target_link_libraries(tributary_test_main PRIVATE tributary_test_flags Boost::unit_test_framework)
    target_compile_definitions(tributary_test_main PRIVATE BOOST_TEST_DYN_LINK)
    set_target_properties(tributary_test_main PROPERTIES POSITION_INDEPENDENT_CODE OFF)
endfunction()

# A Boost.Test executable, known to ctest as unit.<name> (or the label given as PREFIX).
#   tributary_test(http SOURCES server_test.cpp LINK tributary::http [PREFIX contract] [TIMEOUT 120])
function(tributary_test name)
    cmake_parse_arguments(arg "" "PREFIX;TIMEOUT" "SOURCES;LINK;DEFINITIONS" ${ARGN})
    if(NOT arg_PREFIX)
        set(arg_PREFIX unit)
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    set(target test_${arg_PREFIX}_${name})
    add_executable(${target} ${arg_SOURCES} $<TARGET_OBJECTS:tributary_test_main>)
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF) # as its precompiled header
    target_precompile_headers(${target} REUSE_FROM tributary_test_main)
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/core/src)
    target_link_libraries(${target} PRIVATE ${arg_LINK} Boost::unit_test_framework tributary_test_flags)
    target_compile_definitions(${target} PRIVATE BOOST_TEST_DYN_LINK
        TRIBUTARY_SOURCE_DIR="${PROJECT_SOURCE_DIR}" TRIBUTARY_BINARY_DIR="${PROJECT_BINARY_DIR}"
        ${arg_DEFINITIONS})
    add_test(NAME ${arg_PREFIX}.${name} COMMAND ${target} --log_level=test_suite)
    set_tests_properties(${arg_PREFIX}.${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS ${arg_PREFIX}
                         SKIP_RETURN_CODE 77)
endfunction()
