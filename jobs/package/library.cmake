# The library as other programs see it: shared and static, headers, and the files by which CMake and
# pkg-config find them.

file(GLOB SOFTEQ_HEADERS CONFIGURE_DEPENDS include/softeq/*.h)

# Exported is what the public headers declare, and nothing else.
set(version_script ${PROJECT_BINARY_DIR}/softeq.map)
set(exports "")
foreach(header ${SOFTEQ_HEADERS})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${header})
  file(STRINGS ${header} prototypes REGEX "^[a-z].*[ *]sq_[a-z0-9_]+\\(")
  list(FILTER prototypes EXCLUDE REGEX "^typedef")
  foreach(prototype ${prototypes})
    string(REGEX REPLACE "^.*[ *](sq_[a-z0-9_]+)\\(.*$" "\\1" name "${prototype}")
    string(APPEND exports "    ${name};\n")
  endforeach()
endforeach()
set(node SOFTEQ_${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
file(CONFIGURE OUTPUT ${version_script} CONTENT "${node} {\n  global:\n${exports}  local: *;\n};\n")

# What a program needs to be told beside the include folder.
set(SOFTEQ_PUBLIC_DEFINITIONS $<$<BOOL:${SOFTEQ_DOUBLE}>:SOFTEQ_DOUBLE>)
set(SOFTEQ_PC_CFLAGS "")
if(SOFTEQ_DOUBLE)
  set(SOFTEQ_PC_CFLAGS " -DSOFTEQ_DOUBLE")
endif()

add_library(softeq_shared SHARED $<TARGET_OBJECTS:softeq_objects>)
target_link_libraries(softeq_shared PRIVATE ${SOFTEQ_DEPENDENCIES})
target_link_options(softeq_shared PRIVATE -Wl,--version-script=${version_script} -Wl,--no-undefined
                    $<$<BOOL:${SOFTEQ_SANITIZE}>:-fsanitize=address,undefined>)
set_target_properties(softeq_shared PROPERTIES OUTPUT_NAME softeq EXPORT_NAME softeq
                      VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}
                      LINK_DEPENDS ${version_script})
set_target_properties(softeq_library PROPERTIES EXPORT_NAME softeq_static)
foreach(library softeq_shared softeq_library)
  target_include_directories(${library} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_compile_definitions(${library} INTERFACE $<INSTALL_INTERFACE:${SOFTEQ_PUBLIC_DEFINITIONS}>)
endforeach()

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/softeq)
install(TARGETS softeq_shared EXPORT softeqTargets
        LIBRARY COMPONENT library NAMELINK_COMPONENT development)
install(TARGETS softeq_library EXPORT softeqStaticTargets ARCHIVE COMPONENT development)
install(FILES ${SOFTEQ_HEADERS} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/softeq COMPONENT development)
foreach(targets softeqTargets softeqStaticTargets)
  install(EXPORT ${targets} NAMESPACE softeq:: DESTINATION ${package_folder} COMPONENT development)
endforeach()

include(CMakePackageConfigHelpers)
configure_package_config_file(jobs/package/softeqConfig.cmake.in softeqConfig.cmake
                              INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(softeqConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/softeqConfig.cmake ${PROJECT_BINARY_DIR}/softeqConfigVersion.cmake
        DESTINATION ${package_folder} COMPONENT development)

# From where softeq.pc lies, the package is found wherever it is moved to.
file(RELATIVE_PATH SOFTEQ_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(jobs/package/softeq.pc.in softeq.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/softeq.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
        COMPONENT development)
install(DIRECTORY docs/examples/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/softeq/examples
        COMPONENT development)
