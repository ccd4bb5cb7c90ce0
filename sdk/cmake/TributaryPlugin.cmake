# tributary_add_plugin(<name> ID <reverse.domain.id> SOURCES <files...> [LINK <targets...>] [OUTPUT_DIRECTORY <folder>]
#                      [CONFIG_SCHEMA <file.json>] [TESTDATA <folder>])
#
# Builds <name>.so as a plugin: a module with exactly one exported symbol, no undefined ones, nothing that pins it in
# memory; and beside it <name>.trbplugin.json, its manifest, from the module's own descriptor. The build fails with a
# sentence when the descriptor is malformed. TRIBUTARY_PLUGIN_ID is defined as the ID. A project without C++ gets the C
# headers alone. The folder of this file is kept in a global property: inside a function CMAKE_CURRENT_LIST_DIR is the
# caller's.
#   CONFIG_SCHEMA  JSON Schema of the plugin's section of the configuration; becomes part of the manifest
#   TESTDATA       the plugin's fixtures, for the test plugin.<name>.check
#
# tributary_install_plugin(<name> [DESTINATION <folder>] [COMPONENT <name>])
#
# Installs module and manifest to where a daemon of the same prefix looks for plugins.
#
# Variables
#   TRIBUTARY_PLUGIN_CHECK   ON: ctest runs `tributary plugin check` on each plugin, when that program is found
#   TRIBUTARY_MANIFEST_LINK  targets that the program which loads the modules is linked with. Needed only when sanitizers
#                            come from a target: a sanitized module is loaded by a sanitized program only. Those of
#                            CMAKE_CXX_FLAGS or add_compile_options() reach it by themselves.
set_property(GLOBAL PROPERTY TRIBUTARY_SDK_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR})
option(TRIBUTARY_PLUGIN_CHECK "Register plugin.<name>.check with ctest" ON)

# How the sources of a plugin are compiled, also those that come to it as an object library: nothing of them is to be
# seen from outside, and nothing may pin the module in memory. (Clang makes no unique symbols, nor does it know the option.)
set(TRIBUTARY_PLUGIN_OPTIONS -fvisibility=hidden "$<$<COMPILE_LANGUAGE:CXX>:-fvisibility-inlines-hidden>"
    "$<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>")

# The program that writes manifests: once per project, for this build only. Sets ${result} to its path.
function(tributary_manifest_tool result)
    get_property(sdk_cmake GLOBAL PROPERTY TRIBUTARY_SDK_CMAKE_DIR)
    set(folder ${CMAKE_BINARY_DIR}/tributary-sdk)
    set(${result} ${folder}/tributary-manifest PARENT_SCOPE)
    if(TARGET tributary_manifest)
        return()
    endif()
    get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
    if(NOT C IN_LIST languages)
        set_source_files_properties(${sdk_cmake}/tributary-manifest.c PROPERTIES LANGUAGE CXX)
    endif()
    add_executable(tributary_manifest ${sdk_cmake}/tributary-manifest.c)
    target_link_libraries(tributary_manifest PRIVATE tributary::abi ${CMAKE_DL_LIBS} ${TRIBUTARY_MANIFEST_LINK})
    set_target_properties(tributary_manifest PROPERTIES OUTPUT_NAME tributary-manifest SUFFIX ""
        RUNTIME_OUTPUT_DIRECTORY ${folder} C_STANDARD 11 CXX_STANDARD 20)
endfunction()

function(tributary_add_plugin_check name testdata)
    if(TARGET tributary)
        set(program $<TARGET_FILE:tributary>)
    else()
        find_program(TRIBUTARY_PROGRAM tributary HINTS ${tributary_PROGRAM_DIRECTORY})
        set(program ${TRIBUTARY_PROGRAM})
    endif()
    if(program)
        set(fixtures "")
        if(testdata)
            set(fixtures --testdata ${testdata})
        endif()
        add_test(NAME plugin.${name}.check COMMAND ${program} plugin check $<TARGET_FILE:${name}> ${fixtures})
        set_tests_properties(plugin.${name}.check PROPERTIES LABELS plugin)
    else()
        message(STATUS "plugin.${name}.check is left out: the program tributary was not found")
    endif()
endfunction()

function(tributary_add_plugin name)
    cmake_parse_arguments(arg "" "ID;OUTPUT_DIRECTORY;CONFIG_SCHEMA;TESTDATA" "SOURCES;LINK" ${ARGN})
    if(NOT arg_ID OR NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "tributary_add_plugin(${name}): ID and SOURCES are required ${arg_UNPARSED_ARGUMENTS}")
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
    foreach(path arg_CONFIG_SCHEMA arg_TESTDATA)
        if(${path})
            get_filename_component(${path} ${${path}} ABSOLUTE)
        endif()
    endforeach()
    tributary_manifest_tool(tool)
    add_dependencies(${name} tributary_manifest)
    # What the manifest is made from is linked against, so to say: a change of it makes module and manifest anew.
    set_target_properties(${name} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${arg_OUTPUT_DIRECTORY}
        LINK_DEPENDS "${sdk_cmake}/plugin.map;${sdk_cmake}/tributary-manifest.cmake;${tool};${arg_CONFIG_SCHEMA}")
    add_custom_command(TARGET ${name} POST_BUILD VERBATIM COMMENT "Describing ${name}"
        COMMAND ${CMAKE_COMMAND} -D MODULE=$<TARGET_FILE:${name}> -D TOOL=${tool} -D ID=${arg_ID}
            -D SCHEMA=${arg_CONFIG_SCHEMA} -D "EMULATOR=${CMAKE_CROSSCOMPILING_EMULATOR}"
            -P ${sdk_cmake}/tributary-manifest.cmake)
    if(TRIBUTARY_PLUGIN_CHECK)
        tributary_add_plugin_check(${name} "${arg_TESTDATA}")
    endif()
endfunction()

function(tributary_install_plugin name)
    cmake_parse_arguments(arg "" "DESTINATION;COMPONENT" "" ${ARGN})
    if(NOT arg_DESTINATION)
        set(arg_DESTINATION ${tributary_PLUGIN_DESTINATION})
    endif()
    if(NOT arg_COMPONENT)
        set(arg_COMPONENT ${CMAKE_INSTALL_DEFAULT_COMPONENT_NAME})
        if(NOT arg_COMPONENT)
            set(arg_COMPONENT Unspecified)
        endif()
    endif()
    get_property(sdk_cmake GLOBAL PROPERTY TRIBUTARY_SDK_CMAKE_DIR)
    set(manifest $<TARGET_FILE_BASE_NAME:${name}>.trbplugin.json)
    install(TARGETS ${name} LIBRARY DESTINATION ${arg_DESTINATION} COMPONENT ${arg_COMPONENT})
    install(FILES $<TARGET_FILE_DIR:${name}>/${manifest} DESTINATION ${arg_DESTINATION} COMPONENT ${arg_COMPONENT})
    # In the order of these rules: the module is where it goes, and stripped when that was asked for.
    install(CODE "
        set(folder \"${arg_DESTINATION}\")
        cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY \"\${CMAKE_INSTALL_PREFIX}\")
        execute_process(COMMAND_ERROR_IS_FATAL ANY COMMAND \"\${CMAKE_COMMAND}\"
            -D \"MODULE=\$ENV{DESTDIR}\${folder}/$<TARGET_FILE_NAME:${name}>\" -D SEAL=ON
            -P \"${sdk_cmake}/tributary-manifest.cmake\")"
        COMPONENT ${arg_COMPONENT})
endfunction()
