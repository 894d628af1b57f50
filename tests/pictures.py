"""The pictures that an output shows as HTML, as a browser reads them."""

import base64
from html.parser import HTMLParser


class _Images(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.found.append(dict(attributes))


def images(html):
    """Return the attributes of each <img>."""
    return _Images(html).found


def shown(html):
    """Return the alternative text and the PNG, as bytes, of the one picture in it."""
    (image,) = images(html)
    kind, _, data = image["src"].partition(",")
    assert kind == "data:image/png;base64"
    return image["alt"], base64.b64decode(data, validate=True)
