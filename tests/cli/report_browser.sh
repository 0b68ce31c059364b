#!/usr/bin/env bash
# A report in a browser: headless Chromium builds the page's elements and draws it. Chromium is
# large (400 MB): where it is not installed, the test is skipped.
# Arguments: the program.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"
command -v chromium >/dev/null || { echo "skipped: no chromium"; exit 77; }
command -v gnuplot >/dev/null || { echo "skipped: no gnuplot"; exit 77; }
browser=(timeout 60 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$PWD/profile")

cat >run.ini <<'INI'
[data]
task = inertia
samples = 90
[model]
channels = 8
layers = 2
[symmetry]
types = O(3) O(2)@xy
lambda = 0 1
tune_at = 3
[train]
epochs = 12
batch = 30
microbatch = 10
INI
expect 0 "best.nc" "$softeq" train run.ini --run r
expect 0 "r.html" "$softeq" report r -o r.html
"${browser[@]}" --dump-dom "file://$PWD/r.html" >dom.html 2>browser.txt || fail "$(cat browser.txt)"
for text in '<h1 id="verdict">' 'O(2)@xy' 'class="plot"' 'id="layers"' 'var(--s1)'; do
    grep -qF "$text" dom.html || fail "the browser's page has no $text"
done
[ "$(grep -o '<svg class="plot"' dom.html | wc -l)" -eq 8 ] || fail "not 4 charts in 2 sizes"

# At the width of a phone nothing sticks out but what can be scrolled.
cat >width.html <<'HTML'
<body style="margin:0"><iframe src="r.html" style="width:360px;height:900px;border:0"></iframe>
<script>onload = () => {
    const page = document.querySelector("iframe").contentDocument.documentElement;
    document.title = page.scrollWidth <= 360 ? "fits" : "sticks out: " + page.scrollWidth;
}</script></body>
HTML
"${browser[@]}" --allow-file-access-from-files --dump-dom "file://$PWD/width.html" >dom.html 2>browser.txt
grep -q '<title>fits' dom.html || fail "at 360 pixels: $(grep -o '<title>[^<]*' dom.html)"

"${browser[@]}" --hide-scrollbars --window-size=760,1200 --screenshot=r.png "file://$PWD/r.html" \
    >browser.txt 2>&1
[ "$(wc -c <r.png)" -gt 30000 ] || fail "the picture is empty"
echo "ok: drawn by $(chromium --version)"
