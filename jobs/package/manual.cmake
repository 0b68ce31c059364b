# Pages for man and words for bash, written by the program from its own tables.
set(pages "")
foreach(page softeq.1 softeq-config.5 bash-completion)
  set(file ${PROJECT_BINARY_DIR}/manual/${page})
  add_custom_command(OUTPUT ${file} DEPENDS softeq VERBATIM
                     COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/manual
                     COMMAND ${CMAKE_COMMAND} -E env ASAN_OPTIONS=detect_leaks=0
                             $<TARGET_FILE:softeq> manual ${page} > ${file}
                     COMMAND gzip -9nkf ${file})
  list(APPEND pages ${file})
endforeach()
add_custom_target(manual ALL DEPENDS ${pages})

install(FILES ${PROJECT_BINARY_DIR}/manual/softeq.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1
        COMPONENT program)
install(FILES ${PROJECT_BINARY_DIR}/manual/softeq-config.5.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man5
        COMPONENT program)
install(FILES ${PROJECT_BINARY_DIR}/manual/bash-completion RENAME softeq COMPONENT program
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
