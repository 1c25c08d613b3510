# SPDX-License-Identifier: Apache-2.0
# lockstep-attack: the only program that links LibTorch. Its sources are src/ai/worker/, except the
# readers of model and data files, which LockstepModelFiles.cmake builds without LibTorch.
file(GLOB_RECURSE worker_sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/ai/worker/*.cpp")
list(FILTER worker_sources EXCLUDE REGEX "/main\\.cpp$")
list(REMOVE_ITEM worker_sources ${model_files_sources})
# The loops of the fused back end are built for several instruction sets and chosen at run time. They
# are optimised in every preset: the tests would wait for them otherwise.
set(lanes "${CMAKE_SOURCE_DIR}/src/ai/worker/fused/lanes")
set(lanes_flags "-O3 -ffp-contract=fast -fno-math-errno -fno-trapping-math -Wno-psabi")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set_source_files_properties(${lanes}.cpp PROPERTIES COMPILE_DEFINITIONS LOCKSTEP_LANES_X86)
  set_source_files_properties(${lanes}_avx512.cpp PROPERTIES COMPILE_FLAGS "${lanes_flags} -mavx512f -mfma -mprefer-vector-width=512")
  set_source_files_properties(${lanes}_avx2.cpp PROPERTIES COMPILE_FLAGS "${lanes_flags} -mavx2 -mfma")
else()
  list(REMOVE_ITEM worker_sources ${lanes}_avx512.cpp ${lanes}_avx2.cpp)
endif()
set(evasion "${CMAKE_SOURCE_DIR}/src/ai/worker/evasion")
file(GLOB attacks CONFIGURE_DEPENDS "${evasion}/attacks/*.cpp")
set(evasion_loops ${evasion}/geometry.cpp ${evasion}/hyperplane.cpp ${evasion}/noise_words.cpp ${evasion}/row_loops.cpp ${attacks})
set_source_files_properties(${evasion_loops} PROPERTIES
  COMPILE_FLAGS "-O3 -ffp-contract=off -fno-math-errno -fno-trapping-math -Wno-psabi")
set_source_files_properties(${lanes}_portable.cpp PROPERTIES COMPILE_FLAGS "${lanes_flags}")
# A compiled header fits no source with flags of its own.
set_source_files_properties(${evasion_loops} ${lanes}.cpp ${lanes}_avx512.cpp ${lanes}_avx2.cpp ${lanes}_portable.cpp PROPERTIES
  SKIP_PRECOMPILE_HEADERS ON)
if(worker_sources)
  find_package(Torch REQUIRED)
  find_package(Threads REQUIRED)
  add_library(lockstep_worker STATIC ${worker_sources})
  target_include_directories(lockstep_worker PUBLIC "${CMAKE_SOURCE_DIR}/src")
  # LibTorch as PyTorch publishes it has the headers of its own fmt and protobuf among its headers. They
  # are not those that the other rooms are built with, whose folders come first.
  get_target_property(fmt_include fmt::fmt INTERFACE_INCLUDE_DIRECTORIES)
  set(before_torch "${CMAKE_BINARY_DIR}/before_torch")
  file(MAKE_DIRECTORY "${before_torch}")
  file(CREATE_LINK "${fmt_include}/fmt" "${before_torch}/fmt" SYMBOLIC)
  file(CREATE_LINK "${Protobuf_INCLUDE_DIRS}/google" "${before_torch}/google" SYMBOLIC)
  target_include_directories(lockstep_worker SYSTEM BEFORE PUBLIC "${before_torch}")
  target_include_directories(lockstep_worker SYSTEM PUBLIC ${TORCH_INCLUDE_DIRS})
  target_link_libraries(lockstep_worker PUBLIC lockstep_ai lockstep_domain lockstep_model_files lockstep_onnx
                                               ${TORCH_LIBRARIES} Threads::Threads
                                        PRIVATE lockstep_flags fmt::fmt JPEG::JPEG)
  # Two thirds of the time of a source went into these headers. The release preset compiles without, so
  # that each source includes what it uses.
  target_precompile_headers(lockstep_worker PRIVATE <ATen/ATen.h>)
  target_compile_options(lockstep_worker PRIVATE -fpch-preprocess)  # for ccache
  add_executable(lockstep-attack src/ai/worker/main.cpp)
  target_link_libraries(lockstep-attack PRIVATE lockstep_worker lockstep_flags fmt::fmt)
endif()
