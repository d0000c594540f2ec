"""XML from services we know: no DTD, no entities, bounded depth and size, no namespaces.

The caller bounds the bytes. Namespaces are cut off the tags, since no reply we read uses one
name in two of them.
"""

from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

DEEPEST = 40
MOST_ELEMENTS = 2_000_000


class BadXml(ValueError):
    """This is not well-formed XML, or XML that no honest source sends."""


def parse(body: bytes) -> Element:
    """The root element. Raises BadXml, with the place where there is one."""
    try:
        return _parse(body)
    except ParseError as error:
        msg = f"is not well-formed XML: {error}"
        raise BadXml(msg) from None
    except DefusedXmlException:
        msg = "declares a document type or entities, which is refused"
        raise BadXml(msg) from None
    except (LookupError, ValueError) as error:  # an encoding nobody knows
        msg = f"cannot be read as XML: {error}"
        raise BadXml(msg) from None


def _parse(body: bytes) -> Element:
    depth = elements = 0
    root: Element | None = None
    for event, element in iterparse(BytesIO(body), events=("start", "end"), forbid_dtd=True):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        elements += 1
        if depth > DEEPEST or elements > MOST_ELEMENTS:
            msg = "is nested too deeply or has too many elements"
            raise BadXml(msg)
        root = element if root is None else root
        element.tag = element.tag.rpartition("}")[2]
    if root is None:
        msg = "has no element"
        raise BadXml(msg)
    return root


def text_of(parent: Element, name: str) -> str:
    """The text in the first child of that name, or ""."""
    child = parent.find(name)
    return "" if child is None else "".join(child.itertext())


def texts_of(parent: Element, name: str) -> list[str]:
    """The text in each child of that name."""
    return ["".join(child.itertext()) for child in parent.findall(name)]
