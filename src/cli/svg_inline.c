#include "cli/svg_inline.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli/html.h"

static bool begins(const char *line, const char *word) {
    return strncmp(line, word, strlen(word)) == 0;
}

static const char *past_line(const char *at) {
    const char *end = strchr(at, '\n');
    return end ? end + 1 : at + strlen(at);
}

/* ---- colours --------------------------------------------------------------------------------- */

static void write_colour(FILE *html, long blue) {
    static const char *const names[] = {"ink", "text", "axis", "grid", "strong", "muted"};
    if (blue >= SQ_INK_SERIES)
        fprintf(html, "var(--s%ld)", (blue - SQ_INK_SERIES) % SQ_SERIES_STYLES);
    else
        fprintf(html, "var(--%s)", names[blue >= 0 && blue <= SQ_INK_MUTED ? blue : 0]);
}

/* "rgb(  0,   0,  17)" at `at`: the end of it and the last number; NULL: something else. */
static const char *match_colour(const char *at, long *blue) {
    if (!begins(at, "rgb(")) return NULL;
    char *end;
    at += 4;
    for (int part = 0; part < 3; part++) {
        *blue = strtol(at, &end, 10);
        if (end == at || *end != (part < 2 ? ',' : ')')) return NULL;
        at = end + 1;
    }
    return at;
}

/* One line, without the font's name: the letters are the page's. */
static void write_line(FILE *html, const char *line, const char *end) {
    static const char font[] = " font-family=\"sans\"";
    long blue;
    while (line < end) {
        const char *after = match_colour(line, &blue);
        if (after) {
            write_colour(html, blue);
            line = after;
        } else if (begins(line, font)) {
            line += strlen(font);
        } else {
            fputc(*line++, html);
        }
    }
}

/* ---- elements -------------------------------------------------------------------------------- */

/* What is between <svg ...> and </svg>; the size goes to *width and *height. */
static const char *find_body(const char *svg, double *width, double *height) {
    const char *box = strstr(svg, "viewBox=\"0 0 ");
    if (!box || sscanf(box, "viewBox=\"0 0 %lf %lf", width, height) != 2) return NULL;
    const char *body = strchr(box, '>');
    return body ? past_line(body) : NULL;
}

/* Past what the page does not need: names of files and tools, shapes that it has already, groups
 * with nothing inside. The same place if it is needed. */
static const char *past_needless(const char *at) {
    if (begins(at, "<title>") || begins(at, "<desc>") || begins(at, "<rect ")) return past_line(at);
    if (begins(at, "<defs>")) {
        const char *end = strstr(at, "</defs>");
        return end ? past_line(end) : at + strlen(at);
    }
    const char *next = past_line(at);
    bool is_empty = begins(at, "<g ") && strstr(at, ">\n") == next - 2 && begins(next, "</g>");
    return is_empty ? past_line(next) : at;
}

/* A group that gnuplot names after the command that drew it. */
static bool is_named_group(const char *at) {
    at += strspn(at, "\t ");
    return begins(at, "<g id=");
}

void sq_svg_write_inline(FILE *html, const char *svg, const char *description) {
    double width = 1, height = 1;
    const char *at = find_body(svg, &width, &height);
    if (!at) return;
    fprintf(html, "<svg class=\"plot\" viewBox=\"0 0 %g %g\" role=\"img\" aria-label=\"", width,
            height);
    sq_html_text(html, description);
    fputs("\">\n", html);
    while (*at && !begins(at, "</svg>")) {
        const char *next = past_needless(at);
        if (next != at) {
            at = next;
            continue;
        }
        next = past_line(at);
        if (*at == '\n')
            ; /* an empty line */
        else if (is_named_group(at))
            fputs("<g>\n", html);
        else
            write_line(html, at, next);
        at = next;
    }
    fputs("</svg>\n", html);
}

/* The marks that charts use, under the names that gnuplot gives them. */
void sq_svg_write_shapes(FILE *html) {
    fputs(
        "<svg class=\"shapes\" aria-hidden=\"true\"><defs>\n"
        "<circle id=\"gpPt6\" r=\"1\" fill=\"currentColor\"/>\n"
        "<rect id=\"gpPt4\" x=\"-1\" y=\"-1\" width=\"2\" height=\"2\" fill=\"currentColor\"/>\n"
        "<path id=\"gpPt8\" d=\"M0,-1.33 L-1.33,.67 1.33,.67z\" fill=\"currentColor\"/>\n"
        "<path id=\"gpPt12\" d=\"M0,-1.4 L1.4,0 0,1.4 -1.4,0z\" fill=\"currentColor\"/>\n"
        "<path id=\"gpPt10\" d=\"M0,1.33 L-1.33,-.67 1.33,-.67z\" fill=\"currentColor\"/>\n"
        "<circle id=\"gpPt5\" r=\"1\" fill=\"none\" stroke=\"currentColor\" "
        "stroke-width=\".4\"/>\n"
        "<rect id=\"gpPt3\" x=\"-1\" y=\"-1\" width=\"2\" height=\"2\" fill=\"none\" "
        "stroke=\"currentColor\" stroke-width=\".4\"/>\n"
        "<path id=\"gpPt7\" d=\"M0,-1.33 L-1.33,.67 1.33,.67z\" fill=\"none\" "
        "stroke=\"currentColor\" stroke-width=\".4\"/>\n"
        "</defs></svg>\n",
        html);
}
