// SPDX-License-Identifier: Apache-2.0
// The part of xml.cpp that knows XML Schema. Used by xml.cpp only.
#pragma once

#include <string>
#include <string_view>

#include "formats/source.hpp"

struct _xmlDoc;  // NOLINT: libxml2's own name

namespace lockstep::formats {

/// From now on libxml2 loads nothing from disk or network, in the whole process: the schemas that
/// CycloneDX imports by their addresses are answered from those built in, all else is refused. Any
/// thread may call it, any number of times.
void shut_xml_loaders();

/// As XmlDocument::check_schema.
void check_xml_schema(_xmlDoc* tree,
                      std::string_view schema,
                      const std::string& code,
                      const Source& source);

}  // namespace lockstep::formats
