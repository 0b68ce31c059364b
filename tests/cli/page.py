"""A report is one whole page: every element closed, nothing loaded from elsewhere, no script, and
the elements named on the command line are there. page.py FILE.html ID..."""
import re
import sys
import xml.etree.ElementTree as tree
from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids, self.tags, self.text = [], [], {}, ""

    def handle_starttag(self, tag, attributes):
        self.tags[tag] = self.tags.get(tag, 0) + 1
        for name, value in attributes:
            assert name not in ("src", "onload", "onclick"), f"{tag} has {name}"
            if name in ("href", "xlink:href"):
                assert value.startswith("#"), f"{tag} leads to {value}"
            if name == "id":
                self.ids.append(value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data):
        self.text += data


text = open(sys.argv[1], encoding="utf-8").read()
page = Page()
page.feed(text)
page.close()
assert not page.open, f"never closed: {page.open}"
assert len(page.ids) == len(set(page.ids)), "an id stands twice"
assert not {"script", "link", "img", "iframe"} & set(page.tags), page.tags
assert "url(" not in text and "@import" not in text, "the style loads something"
for name in sys.argv[2:]:
    assert name in page.ids, f"no element {name}; there are {page.ids}"
drawings = re.findall(r"<svg.*?</svg>", text, re.S)
for drawing in drawings:
    tree.fromstring(drawing.replace("<svg ", '<svg xmlns:xlink="http://www.w3.org/1999/xlink" ', 1))
print(len(drawings), "drawings,", page.tags.get("figure", 0), "figures")
