# tributary_add_plugin(<name> ID <reverse.domain.id> SOURCES <files...> [LINK <targets...>])
#
# Builds <name>.so as a plugin: a module with exactly one exported symbol, no undefined ones, nothing that pins it in
# memory. TRIBUTARY_PLUGIN_ID is defined as the ID. A project without C++ gets the C headers alone. The folder of this
# file is kept in a global property: inside a function CMAKE_CURRENT_LIST_DIR is the caller's.
set_property(GLOBAL PROPERTY TRIBUTARY_SDK_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR})

# How the sources of a plugin are compiled, also those that come to it as an object library: nothing of them is to be
# seen from outside, and nothing may pin the module in memory.
set(TRIBUTARY_PLUGIN_OPTIONS -fvisibility=hidden "$<$<COMPILE_LANGUAGE:CXX>:-fvisibility-inlines-hidden;-fno-gnu-unique>")

function(tributary_add_plugin name)
    cmake_parse_arguments(arg "" "ID;OUTPUT_DIRECTORY" "SOURCES;LINK" ${ARGN})
    if(NOT arg_ID OR NOT arg_SOURCES)
        message(FATAL_ERROR "tributary_add_plugin(${name}): ID and SOURCES are required")
    endif()
    get_property(sdk_cmake GLOBAL PROPERTY TRIBUTARY_SDK_CMAKE_DIR)
    add_library(${name} MODULE ${arg_SOURCES})
    # tributary::sdk asks for C++20, which a project of C alone does not know.
    get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
    set(headers tributary::abi)
    if(CXX IN_LIST languages)
        set(headers tributary::sdk)
    endif()
    target_link_libraries(${name} PRIVATE ${headers} ${arg_LINK})
    target_compile_definitions(${name} PRIVATE TRIBUTARY_PLUGIN_ID="${arg_ID}")
    target_compile_options(${name} PRIVATE ${TRIBUTARY_PLUGIN_OPTIONS})
    target_link_options(${name} PRIVATE -Wl,-z,defs -Wl,--version-script=${sdk_cmake}/plugin.map)
    if(NOT arg_OUTPUT_DIRECTORY)
        set(arg_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
        if(TRIBUTARY_PLUGIN_DIRECTORY)
            set(arg_OUTPUT_DIRECTORY ${TRIBUTARY_PLUGIN_DIRECTORY})
        endif()
    endif()
    set_target_properties(${name} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${arg_OUTPUT_DIRECTORY}
                          LINK_DEPENDS ${sdk_cmake}/plugin.map)
endfunction()
