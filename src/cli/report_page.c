#include "cli/report_page.h"

#include "cli/html.h"
#include "cli/svg_inline.h"

/* Colours after Okabe and Ito (Color Universal Design, 2008), which people with any kind of colour
 * vision tell apart; lighter ones of the same hues on dark ground. */
static const char *const style[] = {
    ":root{color-scheme:light dark;--paper:#fff;--ink:#1b1d20;--text:#4b5058;--muted:#6b7079;"
    "--axis:#b9bdc4;--grid:#eceef0;--rule:#dfe2e5;--strong:#1b1d20;--soft:#f5f6f7;--heat:0 114 178;"
    "--s0:#0072b2;--s1:#d55e00;--s2:#009e73;--s3:#b0558f;--s4:#b77f00;--s5:#3a92c4;--s6:#6b4fa0;"
    "--s7:#6b7079;--good:#00795a;--fair:#966400;--bad:#b84c00}",
    "@media(prefers-color-scheme:dark){:root{--paper:#15171a;--ink:#ebe9e6;--text:#b4b8be;"
    "--muted:#969ba3;--axis:#4c5159;--grid:#25292e;--rule:#30343a;--strong:#f2f0ed;--soft:#1d2024;"
    "--heat:86 180 233;--s0:#56b4e9;--s1:#ff8b3d;--s2:#2fc79a;--s3:#e6a0c8;--s4:#e9b949;"
    "--s5:#9ad2f5;--s6:#b9a3e3;--s7:#a6abb3;--good:#3fcf9f;--fair:#e9b949;--bad:#ff9a5c}}",
    "*{box-sizing:border-box}",
    "body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"
    "'Segoe UI',Roboto,'Noto Sans','DejaVu Sans',sans-serif;font-variant-numeric:tabular-nums}",
    "main{max-width:46rem;margin:0 auto;padding:2.5rem 1.25rem 3rem}",
    "h1{font-size:1.65rem;line-height:1.3;font-weight:650;letter-spacing:-.01em;margin:.3rem 0 "
    ".8rem;"
    "text-wrap:balance}h1 small{font-size:.72em;font-weight:400;color:var(--muted);"
    "white-space:nowrap}h1 .nb{white-space:nowrap}",
    "h2{font-size:1.12rem;font-weight:650;margin:0 0 .6rem}",
    "p{margin:0 0 .8rem;max-width:40rem}.over{color:var(--muted);font-size:.86rem;margin:0;"
    "overflow-wrap:anywhere}.note,figcaption span{color:var(--muted);font-size:.86rem}",
    "section{border-top:1px solid var(--rule);margin-top:2.2rem;padding-top:1.5rem}",
    "dl.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.6rem,1fr));gap:1rem;"
    "margin:1.4rem 0 0}dl.figures div{border-top:2px solid var(--rule);padding-top:.45rem}"
    "dl.figures dt{color:var(--muted);font-size:.8rem;line-height:1.3}dl.figures dd{margin:0;"
    "font-size:1.3rem;font-weight:600;line-height:1.35}dl.figures dd small{font-size:.76rem;"
    "font-weight:400;color:var(--muted);display:block;line-height:1.35}",
    ".scroll{overflow-x:auto;margin:0 0 1rem}table{border-collapse:collapse;width:100%;"
    "font-size:.92rem}th{font-weight:500;color:var(--muted);font-size:.8rem;text-align:left;"
    "vertical-align:bottom;line-height:1.3}th,td{padding:.42rem .7rem .42rem 0;"
    "border-bottom:1px solid var(--rule);white-space:nowrap}td.n,th.n{text-align:right}"
    "th:last-child,td:last-child{padding-right:0}td.wrap{white-space:normal;overflow-wrap:anywhere}"
    "tbody th{color:var(--ink);font-size:inherit}tbody th,tbody td{vertical-align:baseline}",
    ".swatch{width:34px;height:10px;margin-right:.5em;vertical-align:.04em}.swatch path{fill:none}",
    ".bar{display:block;height:.5rem;min-width:1px;background:var(--s0);border-radius:1px}"
    "td.bars{width:38%;min-width:5rem}",
    "svg.strip{display:block;width:100%;height:16px;min-width:7rem}"
    ".holds{color:var(--good)}.nearly{color:var(--fair)}.broken{color:var(--bad)}"
    ".warning{color:var(--bad)}.open{color:var(--muted)}.holds,.nearly,.broken,.open{font-weight:"
    "600}",
    "figure{margin:0 0 1.2rem}figcaption{margin-bottom:.25rem;line-height:1.4}"
    "figcaption strong{font-weight:600}.legend{list-style:none;display:flex;flex-wrap:wrap;"
    "gap:.1rem 1.2rem;margin:0 0 .15rem;padding:0;font-size:.86rem;color:var(--text)}",
    ".legend li{white-space:nowrap}svg.plot{display:block;width:100%;height:auto;overflow:visible}"
    "svg.shapes{position:absolute;width:0;height:0}.narrow{display:none}",
    ".row{display:grid;grid-template-columns:repeat(3,1fr);gap:.6rem 1rem}.row figure{margin:0}"
    ".small figcaption{font-size:.84rem}",
    "table.heat td{text-align:center;border:2px solid var(--paper);padding:.5rem .3rem;"
    "background:rgb(var(--heat)/calc(var(--v)*.62))}table.heat thead th{text-align:center;border:0}"
    "table.heat tbody th{border:0;width:6rem}",
    "details{margin-top:.6rem}summary{cursor:pointer;color:var(--text);font-size:.92rem}"
    "details table{margin-top:.6rem;font-size:.86rem}code{font:.92em ui-monospace,SFMono-Regular,"
    "Menlo,'DejaVu Sans Mono',monospace;overflow-wrap:anywhere}",
    "footer{margin-top:2.5rem;border-top:1px solid var(--rule);padding-top:1rem;color:var(--muted);"
    "font-size:.8rem;overflow-wrap:anywhere}",
    "@media(max-width:34rem){main{padding:1.4rem 1rem 2rem}h1{font-size:1.35rem}.wide{display:none}"
    ".narrow{display:block}.row{grid-template-columns:repeat(2,1fr)}th,td{padding-right:.55rem}"
    "td.bars{min-width:3.5rem;width:26%}table{font-size:.84rem}th{font-size:.76rem}"
    ".swatch{width:26px;margin-right:.35em}}",
    "@media print{:root{--paper:#fff}body{font-size:10.5pt}main{max-width:none;padding:0}"
    "figure,table,dl{break-inside:avoid}section{margin-top:1.2rem;padding-top:.9rem}"
    ".scroll{overflow:visible}}",
};

void sq_page_begin(FILE *html, const char *title) {
    fputs(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
        "<meta name=\"generator\" content=\"softeq " SOFTEQ_VERSION "\">\n<title>",
        html);
    sq_html_text(html, title);
    fputs("</title>\n<style>\n", html);
    for (size_t k = 0; k < sizeof style / sizeof *style; k++) fprintf(html, "%s\n", style[k]);
    fputs("</style>\n</head>\n<body>\n", html);
    sq_svg_write_shapes(html);
    fputs("<main>\n", html);
}

void sq_page_end(FILE *html, const char *history) {
    fputs("<footer>Made by softeq " SOFTEQ_VERSION ", ", html);
    sq_html_text(html, history);
    fputs("</footer>\n</main>\n</body>\n</html>\n", html);
}

void sq_page_begin_section(FILE *html, const char *id, const char *heading) {
    fprintf(html, "<section id=\"%s\">\n<h2>", id);
    sq_html_text(html, heading);
    fputs("</h2>\n", html);
}

void sq_page_end_section(FILE *html) { fputs("</section>\n", html); }
