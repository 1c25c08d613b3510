// SPDX-License-Identifier: Apache-2.0
// A hostile index answers or fails; it never leads outside of its bytes. So that changes behind the
// foot are reached, the foot's own check is mended first.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "advisories/bytes.hpp"
#include "advisories/index.hpp"
#include "advisories/index_layout.hpp"
#include "advisories/match.hpp"

namespace {

namespace layout = lockstep::advisories::layout;

std::string with_mended_foot(std::string bytes) {
  if (bytes.size() < layout::head_bytes + layout::foot_bytes) return bytes;
  const std::size_t foot = bytes.size() - layout::foot_bytes;
  std::string size;
  lockstep::advisories::put_u64(size, bytes.size());
  bytes.replace(foot + layout::size_at, size.size(), size);
  std::string check;
  lockstep::advisories::put_u64(
      check, layout::hash_of(bytes.substr(foot, layout::check_at),
                             layout::hash_of(bytes.substr(0, layout::head_bytes))));
  bytes.replace(foot + layout::check_at, check.size(), check);
  return bytes;
}

lockstep::Bom bill() {
  lockstep::Bom bom;
  for (const char* text :
       {"pkg:npm/left@1.0.0", "pkg:pypi/a@1", "pkg:deb/debian/a@1?distro=debian-12",
        "pkg:github/acme/crane@1f0e1a7f3b5c2d4e"}) {
    lockstep::Component component;
    component.purl = *lockstep::parse_purl(text);
    bom.components.push_back(component);
  }
  lockstep::Component named;
  named.version = "1.4.1";
  named.cpe = "cpe:2.3:a:acme:pump_control:*:*:*:*:*:*:*:*";
  named.more_cpes = {"cpe:2.3:o:acme:pump_firmware:*:*:*:*:*:*:*:*"};
  bom.components.push_back(named);
  return bom;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const lockstep::Bom bom = bill();
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  auto index =
      lockstep::advisories::AdvisoryIndex::from_bytes(with_mended_foot(bytes), "fuzz.index");
  if (!index) return 0;
  (void)lockstep::advisories::match(bom, *index);
  for (std::uint32_t number = 0; number < std::min(index->records(), 20U); ++number) {
    (void)index->record(number);
    (void)index->flaw_of(number);
  }
  (void)index->verify();
  (void)index->known_exploited("CVE-2026-1000");
  (void)index->epss("CVE-2026-1000");
  lockstep::advisories::IndexBuilder builder;
  if (builder.add_all(*std::move(index)))
    (void)builder.write([](std::string_view) -> lockstep::Result<> { return {}; });
  return 0;
}
