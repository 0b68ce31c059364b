# Debian packages by `cpack` in the build folder: the program, the library, and what is needed to
# build against it. Configure by the preset `package`: paths of the system, any CPU, no tests.

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME softeq)
set(CPACK_PACKAGE_VENDOR softeq)
set(CPACK_PACKAGE_CONTACT "softeq maintainers <softeq@users.noreply.github.com>")
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL program library development)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(version ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})
set(soname libsofteq${PROJECT_VERSION_MAJOR})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "networks that find out how symmetric data is")
set(about "softeq takes candidate symmetries of data, trains networks that are pulled
towards each of them, and lets the data say which of them it has. Training
runs on any number of MPI ranks and gives the same result on all of them.")

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME softeq)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "openmpi-bin, gnuplot-nox | gnuplot")
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "${about}\n\nThis package has the program.")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME ${soname})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "${about}\n\nThis package has the shared library.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libsofteq-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "${soname} (= ${version}), libopenmpi-dev, \
libnetcdf-dev, libopenblas-dev, liblapacke-dev, libxxhash-dev, libinih-dev, zlib1g-dev, \
libprotobuf-c-dev")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "${about}\n\nThis package has headers, the static \
library and examples.")

# What every Debian package brings along.
set(folder ${PROJECT_BINARY_DIR}/debian)
string(TIMESTAMP today "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(CONFIGURE OUTPUT ${folder}/changelog CONTENT "softeq (${version}) unstable; urgency=medium

  * Built from the sources of version ${PROJECT_VERSION}.

 -- ${CPACK_PACKAGE_CONTACT}  ${today}
")
file(CONFIGURE OUTPUT ${folder}/copyright CONTENT
"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: softeq

Files: *
Copyright: 2026 softeq contributors
License: Apache-2.0
 On Debian systems the full text of the Apache License, Version 2.0, is in
 /usr/share/common-licenses/Apache-2.0.
")
# The package is for the machines of whoever builds it, not for an upload to Debian.
foreach(package softeq ${soname} libsofteq-dev)
  file(CONFIGURE OUTPUT ${folder}/overrides/${package}
       CONTENT "${package}: initial-upload-closes-no-bugs *\n")
endforeach()
execute_process(COMMAND gzip -9nkf ${folder}/changelog)
foreach(component program library development)
  string(TOUPPER ${component} upper)
  install(FILES ${folder}/changelog.gz RENAME changelog.Debian.gz COMPONENT ${component}
          DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
  install(FILES ${folder}/copyright COMPONENT ${component}
          DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
  install(FILES ${folder}/overrides/${CPACK_DEBIAN_${upper}_PACKAGE_NAME} COMPONENT ${component}
          DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides)
endforeach()
include(CPack)
