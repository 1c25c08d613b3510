# SPDX-License-Identifier: Apache-2.0
# lockstep-attack: the only program that links LibTorch. Its sources are src/ai/worker/, except the
# readers of model and data files, which LockstepModelFiles.cmake builds without LibTorch.
file(GLOB_RECURSE worker_sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/ai/worker/*.cpp")
list(FILTER worker_sources EXCLUDE REGEX "/main\\.cpp$")
list(REMOVE_ITEM worker_sources ${model_files_sources})
if(worker_sources)
  find_package(Torch REQUIRED)
  find_package(Threads REQUIRED)
  add_library(lockstep_worker STATIC ${worker_sources})
  target_include_directories(lockstep_worker PUBLIC "${CMAKE_SOURCE_DIR}/src")
  target_include_directories(lockstep_worker SYSTEM PUBLIC ${TORCH_INCLUDE_DIRS})
  target_link_libraries(lockstep_worker PUBLIC lockstep_ai lockstep_domain lockstep_model_files lockstep_onnx
                                               ${TORCH_LIBRARIES} Threads::Threads
                                        PRIVATE lockstep_flags fmt::fmt)
  add_executable(lockstep-attack src/ai/worker/main.cpp)
  target_link_libraries(lockstep-attack PRIVATE lockstep_worker lockstep_flags fmt::fmt)
endif()
