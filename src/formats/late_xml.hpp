// SPDX-License-Identifier: Apache-2.0
// The functions of libxml2 that this room calls, in place of those that its headers declare: a row
// for each. Used in this folder only.
#pragma once

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlschemas.h>

#include "base/late_library.hpp"

namespace lockstep::formats {

inline constexpr LateLibrary libxml2{LOCKSTEP_LIBXML2};

// NOLINTBEGIN(readability-identifier-naming): these are the library's names.
LOCKSTEP_LATE(libxml2, xmlCtxtReadMemory);
LOCKSTEP_LATE(libxml2, xmlDocGetRootElement);
LOCKSTEP_LATE(libxml2, xmlFreeDoc);
LOCKSTEP_LATE(libxml2, xmlFreeParserCtxt);
LOCKSTEP_LATE(libxml2, xmlGetLineNo);
LOCKSTEP_LATE(libxml2, xmlInitParser);
LOCKSTEP_LATE(libxml2, xmlNewIOInputStream);
LOCKSTEP_LATE(libxml2, xmlNewParserCtxt);
LOCKSTEP_LATE(libxml2, xmlParserInputBufferCreateMem);
LOCKSTEP_LATE(libxml2, xmlSchemaFree);
LOCKSTEP_LATE(libxml2, xmlSchemaFreeParserCtxt);
LOCKSTEP_LATE(libxml2, xmlSchemaFreeValidCtxt);
LOCKSTEP_LATE(libxml2, xmlSchemaNewMemParserCtxt);
LOCKSTEP_LATE(libxml2, xmlSchemaNewValidCtxt);
LOCKSTEP_LATE(libxml2, xmlSchemaParse);
LOCKSTEP_LATE(libxml2, xmlSchemaSetParserStructuredErrors);
LOCKSTEP_LATE(libxml2, xmlSchemaSetValidStructuredErrors);
LOCKSTEP_LATE(libxml2, xmlSchemaValidateDoc);
LOCKSTEP_LATE(libxml2, xmlSetExternalEntityLoader);
LOCKSTEP_LATE(libxml2, xmlStopParser);
LOCKSTEP_LATE(libxml2, xmlStrEqual);

// Its handler is marked as one that takes a format as printf does, which a template cannot keep.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"
LOCKSTEP_LATE(libxml2, xmlSetGenericErrorFunc);
#pragma GCC diagnostic pop
// NOLINTEND(readability-identifier-naming)

}  // namespace lockstep::formats
