"""Files people and the bot have sent: bytes in memory up to a bound, or only an address."""

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import blake2s
from io import BytesIO

import imagesize

from bot.sandbox.refusals import bad_request
from bot.sandbox.shapes import Json

LARGEST_KEPT = 96 << 20  # bytes in all; the oldest go first
LARGEST_DOWNLOAD = 20 << 20  # bytes, as Telegram's for getFile
LARGEST_PHOTO = 10 << 20  # bytes
UNKNOWN_SIZE = (1280, 720)  # of a picture by address, which is never fetched
_KINDS = (
    (b"\xff\xd8", "image/jpeg"),
    (b"\x89PNG", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"RIFF", "image/webp"),
)


class ServerError(Exception):
    """What Telegram's servers, behind the Bot API, say of a file they do not take; `code` in their capitals."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file. `url` is set and `content` empty for a picture sent by address."""

    file_id: str
    kind: str  # "photo" or "document"
    name: str
    mime: str
    content: bytes
    url: str | None = None
    width: int = 0
    height: int = 0

    @property
    def path(self) -> str:
        """Where getFile says it is."""
        ending = re.sub(r"[^A-Za-z0-9.]", "", "." + self.name.rpartition(".")[2] if "." in self.name else "")
        return f"{self.kind}s/{self.file_id}{ending}"

    def base_shape(self) -> Json:
        """What all kinds of files show."""
        return {
            "file_id": self.file_id,
            "file_unique_id": blake2s(self.file_id.encode(), digest_size=8).hexdigest(),
            "file_size": len(self.content),
        }

    def document_shape(self) -> Json:
        """The Bot API's Document."""
        return self.base_shape() | {"file_name": self.name, "mime_type": self.mime}

    def photo_shape(self) -> list[Json]:
        """The Bot API's list of PhotoSize, here with one size."""
        return [self.base_shape() | {"width": self.width, "height": self.height}]


@dataclass(slots=True)
class Files:
    """All files by id, within LARGEST_KEPT."""

    kept: OrderedDict[str, StoredFile] = field(default_factory=OrderedDict)
    size: int = 0
    count: int = 0

    def add_document(self, name: str, content: bytes, mime: str | None) -> StoredFile:
        """Keep an uploaded file."""
        return self._keep("document", name, content, mime or "application/octet-stream")

    def add_photo(self, name: str, content: bytes) -> StoredFile:
        """Keep a picture. Raises ServerError if Telegram could not read it as one, Refused if it is too big."""
        if len(content) > LARGEST_PHOTO:
            raise bad_request("file is too big for a photo")
        width, height, mime = picture_size(content)
        if width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise ServerError("PHOTO_INVALID_DIMENSIONS")
        return self._keep("photo", name, content, mime, size=(width, height))

    def add_linked(self, kind: str, url: str) -> StoredFile:
        """Note a file that was sent by address."""
        name = url.rpartition("/")[2] or "file"
        mime = "image/jpeg" if kind == "photo" else "application/octet-stream"
        return self._keep(kind, name, b"", mime, url=url, size=UNKNOWN_SIZE)

    def by_id(self, file_id: str) -> StoredFile | None:
        """The file, or None."""
        return self.kept.get(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        """The file at a path of getFile, or None."""
        found = self.kept.get(path.rpartition("/")[2].partition(".")[0])
        return found if found is not None and found.path == path else None

    def _keep(
        self,
        kind: str,
        name: str,
        content: bytes,
        mime: str,
        *,
        url: str | None = None,
        size: tuple[int, int] = (0, 0),
    ) -> StoredFile:
        self.count += 1
        letter = "A" if kind == "photo" else "B"
        file_id = f"{letter}gACAgIAAxkBAAIB{self.count:08x}"
        stored = StoredFile(file_id, kind, name, mime, content, url, *size)
        self.kept[file_id] = stored
        self.size += len(content)
        while self.size > LARGEST_KEPT and len(self.kept) > 1:
            _, oldest = self.kept.popitem(last=False)
            self.size -= len(oldest.content)
        return stored


def picture_size(content: bytes) -> tuple[int, int, str]:
    """Width, height and type from a picture's first bytes. Raises ServerError for anything else."""
    for start, mime in _KINDS:
        if content.startswith(start):
            width, height = imagesize.get(BytesIO(content), exif_rotation=False)
            if width > 0 and height > 0:
                return width, height, mime
    raise ServerError("IMAGE_PROCESS_FAILED")
