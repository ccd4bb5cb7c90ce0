# Writes the manifest beside a module. Run by tributary_add_plugin() after linking, and once more after installing,
# because stripping and setting the run path change the module's digest.
#   cmake -D MODULE=<so> -D TOOL=<tributary-manifest> [-D ID=] [-D SCHEMA=] [-D EMULATOR=] -P tributary-manifest.cmake
#   cmake -D MODULE=<so> -D SEAL=ON -P tributary-manifest.cmake    the manifest is there: only its digest is set
cmake_minimum_required(VERSION 3.25)

string(REGEX REPLACE "\\.so$" "" manifest "${MODULE}")
string(APPEND manifest .trbplugin.json)
file(SHA256 "${MODULE}" digest)

# Beside the final name, so that renaming is atomic: nobody reads half a manifest.
set(written "${manifest}.new")
if(SEAL)
    file(READ "${manifest}" text)
    string(REGEX REPLACE "\"sha256\": \"[0-9a-f]*\"\n}\n$" "\"sha256\": \"${digest}\"\n}\n" text "${text}")
    file(WRITE "${written}" "${text}")
else()
    # A sanitizer's report about leaks says nothing here: the process ends without unloading anything.
    set(ENV{ASAN_OPTIONS} "$ENV{ASAN_OPTIONS}:detect_leaks=0")
    set(options "")
    if(ID)
        list(APPEND options --id "${ID}")
    endif()
    if(SCHEMA)
        list(APPEND options --schema "${SCHEMA}")
    endif()
    execute_process(COMMAND ${EMULATOR} "${TOOL}" "${MODULE}" ${digest} ${options}
        OUTPUT_FILE "${written}" ERROR_VARIABLE reason RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
        # What was there belongs to an older module.
        file(REMOVE "${written}" "${manifest}")
        string(STRIP "${reason}" reason)
        message(NOTICE "${reason}") # as one line: that of an error is broken into several
        message(FATAL_ERROR "there is no manifest for this plugin (${result})")
    endif()
endif()
file(RENAME "${written}" "${manifest}")
