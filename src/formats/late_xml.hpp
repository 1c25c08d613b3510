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

#define LATE(function) \
  inline constinit const LateFunction<decltype(::function)> function(libxml2, #function)

// NOLINTBEGIN(readability-identifier-naming): these are the library's names.
LATE(xmlCtxtReadMemory);
LATE(xmlDocGetRootElement);
LATE(xmlFreeDoc);
LATE(xmlFreeParserCtxt);
LATE(xmlGetLineNo);
LATE(xmlInitParser);
LATE(xmlNewIOInputStream);
LATE(xmlNewParserCtxt);
LATE(xmlParserInputBufferCreateMem);
LATE(xmlSchemaFree);
LATE(xmlSchemaFreeParserCtxt);
LATE(xmlSchemaFreeValidCtxt);
LATE(xmlSchemaNewMemParserCtxt);
LATE(xmlSchemaNewValidCtxt);
LATE(xmlSchemaParse);
LATE(xmlSchemaSetParserStructuredErrors);
LATE(xmlSchemaSetValidStructuredErrors);
LATE(xmlSchemaValidateDoc);
LATE(xmlSetExternalEntityLoader);
LATE(xmlStopParser);
LATE(xmlStrEqual);

// Its handler is marked as one that takes a format as printf does, which a template cannot keep.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"
LATE(xmlSetGenericErrorFunc);
#pragma GCC diagnostic pop
// NOLINTEND(readability-identifier-naming)

#undef LATE

}  // namespace lockstep::formats
