"""A document's fingerprint: equal for two bodies that differ only in when they were made."""

from __future__ import annotations

import re
from hashlib import sha256

_BUILD_DATE = re.compile(rb"<lastBuildDate\b[^<>]*>[^<]*</lastBuildDate\s*>", re.IGNORECASE)
_CHANNEL_DATE = re.compile(
    rb"<((?:[\w.-]+:)?(?:pubDate|updated|modified|date|updateBase))\b[^<>]*>[^<]*</\1\s*>", re.IGNORECASE
)
_REMARK = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_FIRST_ENTRY = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s/>]", re.IGNORECASE)


def body_hash(body: bytes) -> str:
    """Fingerprint a body, its volatile dates taken out; 64 hexadecimal digits.

    Taken out: <lastBuildDate>; <pubDate>, <updated>, <modified>, <dc:date> and <sy:updateBase> of the channel;
    remarks before the first entry and after the last ("generated in 0.2 s"). Dates of entries stay.
    """
    first = _FIRST_ENTRY.search(body)
    start = first.start() if first else 0
    end = max(body.rfind(b"</item"), body.rfind(b"</entry"), start)
    head, middle, tail = body[:start], body[start:end], body[end:]
    if first:
        head, tail = (_CHANNEL_DATE.sub(b"", _REMARK.sub(b"", part)) for part in (head, tail))
        head, tail = (_BUILD_DATE.sub(b"", part) for part in (head, tail))
    return sha256(b"\0".join((head, middle, tail))).hexdigest()
