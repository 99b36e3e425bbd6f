"""The look of the sheet: light and dark by the system, narrow and wide, and on paper."""

STYLE = """
:root{color-scheme:light dark;--page:#fbfaf8;--raised:#fff;--ink:#22201c;--soft:#625d54;--line:#e2ded6;--gold:#9a6f08;
--shade:#d9a520;--alarm:#b3261e}
@media(prefers-color-scheme:dark){:root{--page:#191816;--raised:#211f1c;--ink:#ece8e0;--soft:#aaa498;--line:#3a3731;
--gold:#e0b040;--shade:#b98a1c;--alarm:#f2857d}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:14px/1.5 system-ui,sans-serif}
main{margin:0 auto;max-width:1040px;padding:32px 20px 64px}
h1{font-size:24px;line-height:1.2;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:16px;margin:36px 0 4px}
p{margin:4px 0 12px;color:var(--soft);max-width:72ch}
nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;list-style:none;padding:0;margin:12px 0}
a{color:var(--gold)}a:focus-visible,summary:focus-visible,.wide:focus-visible{outline:2px solid var(--gold);outline-offset:2px}
.first{background:var(--raised);border:1px solid var(--line);border-radius:6px;padding:12px 16px;margin:16px 0}
.first h2{margin:0 0 4px}.first ul{margin:0;padding-left:20px}.first li{margin:4px 0;overflow-wrap:anywhere}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th{text-align:left;font-weight:600;color:var(--soft);white-space:nowrap}
th,td{padding:4px 14px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}
th.name{color:var(--ink);font-weight:400;white-space:normal;overflow-wrap:break-word;min-width:120px}
th.n,td.n{text-align:right;white-space:nowrap}td.say{min-width:150px}.beware{color:var(--alarm)}small{color:var(--soft)}
table.matrix{width:auto}table.matrix th,table.matrix td{padding:4px 6px;border:1px solid var(--page);text-align:center}
table.matrix th[scope=row]{text-align:right}table.matrix td{min-width:42px}
table.matrix thead th{max-width:88px;overflow:hidden;text-overflow:ellipsis}
table.matrix td{background:color-mix(in srgb,var(--shade) calc(var(--s,0)*55%),var(--raised))}
svg{fill:var(--ink);font:11px system-ui,sans-serif;max-width:100%;height:auto;display:block}
svg.bar{width:100px;height:12px;max-width:none;display:inline-block;vertical-align:middle}
.keep{white-space:nowrap}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(320px,100%),1fr));gap:16px 24px}
figure{margin:0}figcaption{color:var(--soft);margin-bottom:4px;overflow-wrap:anywhere}
.axis{stroke:var(--line);fill:none}.guide{stroke:var(--soft);stroke-dasharray:4 4;fill:none}
.line{stroke:var(--gold);stroke-width:1.5;fill:none}.reach{stroke:var(--gold);stroke-width:2;fill:none}
.dot{fill:var(--gold)}.alarm{fill:var(--alarm)}
details{margin:8px 0}summary{color:var(--soft);cursor:pointer}
@media(max-width:560px){svg.bar{display:none}th,td{padding-right:10px}}
@media print{@page{margin:14mm}:root{--page:#fff;--raised:#fff;--ink:#000;--soft:#444;--line:#bbb;--gold:#7a5600;--alarm:#a00}
body{font-size:11px;print-color-adjust:exact}main{max-width:none;padding:0}nav,summary{display:none}.wide{overflow:visible}
h2{break-after:avoid}tr,figure,.first{break-inside:avoid}thead{display:table-header-group}}
"""
