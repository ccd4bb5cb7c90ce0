// Nothing: this file makes CMake compile the precompiled header.
