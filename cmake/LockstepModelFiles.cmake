# SPDX-License-Identifier: Apache-2.0
# Files of models and data sets, without LibTorch, so that every compiler and every sanitizer can
# build them: lockstep_onnx (the messages of an ONNX file), lockstep_model_files (their readers).
find_package(Protobuf REQUIRED)
find_package(PNG REQUIRED)
find_package(JPEG REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc)

set(onnx_proto "${CMAKE_SOURCE_DIR}/src/ai/worker/nets/onnx.proto")
set(onnx_generated "${CMAKE_BINARY_DIR}/generated/ai/worker/nets")
file(MAKE_DIRECTORY "${onnx_generated}")
add_custom_command(
  OUTPUT "${onnx_generated}/onnx.pb.cc" "${onnx_generated}/onnx.pb.h"
  COMMAND protobuf::protoc --cpp_out=${onnx_generated} --proto_path=${CMAKE_SOURCE_DIR}/src/ai/worker/nets
          ${onnx_proto}
  DEPENDS "${onnx_proto}"
  VERBATIM)
# Include it as "ai/worker/nets/onnx.pb.h". Generated code is not ours to warn about.
add_library(lockstep_onnx STATIC "${onnx_generated}/onnx.pb.cc" "${onnx_generated}/onnx.pb.h")
target_include_directories(lockstep_onnx SYSTEM PUBLIC "${CMAKE_BINARY_DIR}/generated")
target_link_libraries(lockstep_onnx PUBLIC protobuf::libprotobuf-lite)

set(model_files_sources
    "${CMAKE_SOURCE_DIR}/src/ai/worker/certify/property.cpp"
    "${CMAKE_SOURCE_DIR}/src/ai/worker/data/array.cpp"
    "${CMAKE_SOURCE_DIR}/src/ai/worker/data/csv.cpp"
    "${CMAKE_SOURCE_DIR}/src/ai/worker/data/data_set.cpp"
    "${CMAKE_SOURCE_DIR}/src/ai/worker/data/draw.cpp"
    "${CMAKE_SOURCE_DIR}/src/ai/worker/data/gzip.cpp"
    "${CMAKE_SOURCE_DIR}/src/ai/worker/data/npy_text.cpp"
    "${CMAKE_SOURCE_DIR}/src/ai/worker/data/image.cpp"
    "${CMAKE_SOURCE_DIR}/src/ai/worker/data/image_folder.cpp"
    "${CMAKE_SOURCE_DIR}/src/ai/worker/data/loaded.cpp"
    "${CMAKE_SOURCE_DIR}/src/ai/worker/data/npz.cpp"
    "${CMAKE_SOURCE_DIR}/src/ai/worker/data/text_examples.cpp"
    "${CMAKE_SOURCE_DIR}/src/ai/worker/data/text_samples.cpp"
    "${CMAKE_SOURCE_DIR}/src/ai/worker/data/tokenizer.cpp"
    "${CMAKE_SOURCE_DIR}/src/ai/worker/nets/endpoint_forms.cpp"
    "${CMAKE_SOURCE_DIR}/src/ai/worker/nets/endpoint_texts.cpp"
    "${CMAKE_SOURCE_DIR}/src/ai/worker/nets/onnx_reader.cpp"
    "${CMAKE_SOURCE_DIR}/src/ai/worker/nets/preprocess.cpp")
add_library(lockstep_model_files STATIC ${model_files_sources})
target_include_directories(lockstep_model_files PUBLIC "${CMAKE_SOURCE_DIR}/src")
target_link_libraries(lockstep_model_files PUBLIC lockstep_ai
                      PRIVATE lockstep_flags lockstep_onnx fmt::fmt LibArchive::LibArchive PNG::PNG
                              JPEG::JPEG ICU::uc)
