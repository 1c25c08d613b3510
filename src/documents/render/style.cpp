// SPDX-License-Identifier: Apache-2.0
#include "documents/render/style.hpp"

#include <fmt/format.h>

#include "documents/render/escape.hpp"

namespace lockstep::documents {
namespace {

constexpr std::string_view page_rules = R"css(
*{box-sizing:border-box}
html{background:var(--page);color:var(--ink);font:100%/1.55 system-ui,-apple-system,"Segoe UI",
Roboto,"Noto Sans","Liberation Sans","DejaVu Sans",sans-serif;scroll-padding-top:1rem}
body{margin:0;overflow-wrap:break-word}
.skip{position:absolute;left:.5rem;top:-4rem;background:var(--page);color:var(--accent);
padding:.6rem 1rem;border:2px solid var(--accent);z-index:1}
.skip:focus{top:.5rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
header,main,footer{width:min(76rem,100% - 2rem);margin-inline:auto}
header{padding:2.2rem 0 .4rem}
.kind{margin:0;color:var(--muted);font-size:.9rem;letter-spacing:.06em;text-transform:uppercase}
h1{font-size:2.1rem;line-height:1.2;margin:.2rem 0 .6rem}
h2{font-size:1.5rem;line-height:1.25;margin:3rem 0 .8rem;padding-top:1rem;
border-top:2px solid var(--accent)}
h3{font-size:1.15rem;margin:2rem 0 .5rem}
h4,h5,h6{font-size:1rem;margin:1.4rem 0 .4rem}
p,ul,ol,dl{max-width:48rem;margin:.5rem 0 .9rem}
li{margin:.2rem 0}
a{color:var(--accent);text-underline-offset:.15em}
a:hover{text-decoration-thickness:2px}
code{font:.88em/1.4 ui-monospace,"DejaVu Sans Mono","Liberation Mono",monospace;
unicode-bidi:isolate}
.long{overflow-wrap:anywhere}
time{white-space:nowrap}
nav{border:1px solid var(--rule);background:var(--panel);border-radius:.4rem;
padding:.4rem 1.2rem .6rem;margin-top:1rem;margin-bottom:1rem}
nav ol{columns:18rem;column-gap:2.5rem;max-width:none;margin:.3rem 0;padding-left:1.8rem}
nav li{margin:0;padding:.1rem 0;break-inside:avoid}
nav h2{font-size:1rem;border:0;margin:.4rem 0;padding:0}
footer{margin-top:3rem;padding:1rem 0 2rem;border-top:1px solid var(--rule);color:var(--muted);
font-size:.9rem}
dl{display:grid;grid-template-columns:minmax(9rem,14rem) 1fr;gap:.35rem 1.2rem;max-width:60rem}
dt{color:var(--muted)}
dd{margin:0;min-width:0}
)css";

constexpr std::string_view block_rules = R"css(
.scroll{overflow-x:auto;margin:.8rem 0 1.2rem}
table{border-collapse:collapse;min-width:min(100%,36rem);font-size:.92rem;line-height:1.45}
caption{text-align:left;font-weight:600;padding:.3rem 0 .5rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem .3rem;
border-bottom:1px solid var(--rule);overflow-wrap:break-word}
thead th{border-bottom:2px solid var(--axis);color:var(--muted);font-weight:600;
vertical-align:bottom}
tbody th{font-weight:600}
tr:target,section:target>h3,section:target>h4{background:var(--wash)}
.n{text-align:right;font-variant-numeric:tabular-nums}
td code,th code{font-size:.82rem}
.mark{white-space:nowrap;font-weight:600}
.mark i{font-style:normal;display:inline-block;width:1.15em;text-align:center}
.t-serious{color:var(--serious)}.t-high{color:var(--high)}.t-medium{color:var(--medium)}
.t-low{color:var(--low)}.t-info{color:var(--info)}.t-neutral{color:var(--neutral)}
details{border:1px solid var(--rule);border-radius:.4rem;padding:0 1rem;margin:.7rem 0}
details[open]{padding-bottom:.6rem}
summary{cursor:pointer;padding:.55rem 0;font-weight:600;min-height:1.5rem}
.box{border:1px solid var(--rule);border-left:.4rem solid currentColor;border-radius:.3rem;
background:var(--panel);padding:.7rem 1.1rem .3rem;margin:1rem 0}
.box>*{color:var(--ink)}
.box>.box-title{margin-top:0;font-weight:700;font-size:1.05rem;color:inherit}
.box code{background:none}
figure{margin:1.2rem 0}
figcaption{font-weight:600;margin-bottom:.4rem}
.gallery{display:flex;flex-wrap:wrap;gap:.8rem}
.gallery figure{margin:0;break-inside:avoid}
.gallery img{display:block;width:9rem;height:auto;image-rendering:pixelated;
border:1px solid var(--axis)}
.gallery figcaption{font-weight:400;font-size:.85rem;max-width:9rem}
svg{display:block;width:100%;min-width:34rem;max-width:52rem;height:auto}
svg text{font:13px system-ui,"Noto Sans","Liberation Sans","DejaVu Sans",sans-serif;
fill:var(--ink)}
svg .small{font-size:12px;fill:var(--muted)}
svg .axis{stroke:var(--axis);stroke-width:1;fill:none}
svg .grid{stroke:var(--rule);stroke-width:1;fill:none}
svg .curve{stroke:var(--accent);stroke-width:2.2;fill:none}
svg .band{fill:var(--wash);stroke:var(--axis);stroke-width:.8;stroke-dasharray:3 2}
svg .limit{stroke:var(--serious);stroke-width:2;stroke-dasharray:7 4;fill:none}
svg .dot{fill:var(--accent)}
svg .halo{stroke:var(--page);stroke-width:4;paint-order:stroke}
svg .f-serious{fill:var(--serious)}svg .f-high{fill:var(--high)}svg .f-medium{fill:var(--medium)}
svg .f-low{fill:var(--low)}svg .f-info{fill:var(--info)}svg .f-neutral{fill:var(--neutral)}
)css";

/// Below 40 rem each row of a table becomes a card whose cells name their column.
constexpr std::string_view media_rules = R"css(
@media (max-width:40rem){
html{font-size:95%}
h1{font-size:1.6rem}h2{font-size:1.3rem}
header,main,footer{width:calc(100% - 1.5rem)}
dl{grid-template-columns:1fr;gap:.1rem}dd{margin-bottom:.5rem}
table,tbody,caption{display:block}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tr{display:block;border:1px solid var(--rule);border-radius:.4rem;padding:.3rem .7rem;
margin:.6rem 0}
th,td{display:block;border:0;padding:.2rem 0}
.n{text-align:left}
[data-label]::before{content:attr(data-label) ": ";color:var(--muted);font-weight:400}
details{padding-inline:.6rem}
}
@media print{
html{font-size:9.5pt;line-height:1.4;background:none}
header,main,footer{width:100%}
header{padding-top:0}
.skip{display:none}
h2{break-before:page;margin-top:0}
.flowing h2,nav h2{break-before:auto}
.flowing h2{margin-top:1rem}
h2,h3,h4,summary,caption,thead{break-after:avoid}
tr,figure,.box,li{break-inside:avoid}
thead{display:table-header-group}
a{color:inherit}
.scroll{overflow:visible}
svg{min-width:0;max-width:15cm}
details{border:0;padding:0}
details::details-content{content-visibility:visible;display:block;block-size:auto}
summary{list-style:none}
p,ul,ol,dl{max-width:none}
th,td{padding:.2rem .5rem .2rem .2rem}
h3{margin-top:1rem}
#verdict h3{margin:.6rem 0 .1rem}
#verdict .scroll{margin:.1rem 0 .5rem}
}
)css";

std::string palette(bool dark) {
  std::string rules;
  for (const ColourToken& token : colour_tokens)
    rules += fmt::format("--{}:{};", token.name, dark ? token.dark : token.light);
  return rules;
}

}  // namespace

std::string style_sheet(std::string_view subject) {
  return fmt::format(
      ":root{{color-scheme:light dark;{}}}\n"
      "@media screen and (prefers-color-scheme:dark){{:root{{{}}}}}\n"
      "{}{}{}@page{{size:A4;margin:16mm 15mm 18mm;"
      "@bottom-left{{content:{};font:8pt sans-serif;color:#4f5a65}}"
      "@bottom-right{{content:\"Page \" counter(page) \" of \" counter(pages);"
      "font:8pt sans-serif;color:#4f5a65}}}}\n",
      palette(false), palette(true), page_rules.substr(1), block_rules.substr(1),
      media_rules.substr(1), css_string(subject));
}

}  // namespace lockstep::documents
