"""A tiny HTTP proxy and a tiny SOCKS5 server on loopback. Every name leads to loopback."""

from __future__ import annotations

import asyncio
import base64
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeAlias

Reader: TypeAlias = asyncio.StreamReader
Writer: TypeAlias = asyncio.StreamWriter


@dataclass
class TinyProxy:
    """What it was asked, and how it answers."""

    scheme: str
    port: int = 0
    login: str = ""
    """`name:password`; anybody may use it if empty."""
    refuses: int = 0
    """A status, or a reply of SOCKS, that it answers everything with."""
    asked: list[str] = field(default_factory=list)
    """`host:port` of each."""

    def url(self, login: str = "") -> str:
        return f"{self.scheme}://{login}{'@' if login else ''}127.0.0.1:{self.port}"


async def _http(proxy: TinyProxy, reader: Reader, writer: Writer) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    method, target, _ = head.split("\r\n")[0].split(" ")
    place = target if method == "CONNECT" else target.split("/")[2]
    proxy.asked.append(place)
    right = base64.b64encode(proxy.login.encode()).decode()
    status = 407 if proxy.login and f"Proxy-Authorization: Basic {right}" not in head else proxy.refuses
    if status:
        writer.write(f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()
        return
    there, back = await asyncio.open_connection("127.0.0.1", int(place.rpartition(":")[2]))
    if method == "CONNECT":
        writer.write(b"HTTP/1.1 200 Well\r\n\r\n")
    else:
        path = "/" + target.split("/", 3)[3]
        lines = head.replace(target, path, 1).split("\r\n")
        back.write("\r\n".join(line for line in lines if not line.startswith("Proxy-")).encode())
    await _pipe(reader, writer, there, back)


async def _socks5(proxy: TinyProxy, reader: Reader, writer: Writer) -> None:
    """RFC 1928 and, for the login, RFC 1929."""
    _, count = await reader.readexactly(2)
    await reader.readexactly(count)
    writer.write(b"\x05\x02" if proxy.login else b"\x05\x00")
    if proxy.login:
        _, size = await reader.readexactly(2)
        name = await reader.readexactly(size)
        password = await reader.readexactly((await reader.readexactly(1))[0])
        right = f"{name.decode()}:{password.decode()}" == proxy.login
        writer.write(b"\x01\x00" if right else b"\x01\x01")
        if not right:
            return
    *_, kind = await reader.readexactly(4)
    assert kind == 3, "an address where a name was expected"
    host = await reader.readexactly((await reader.readexactly(1))[0])
    (port,) = struct.unpack("!H", await reader.readexactly(2))
    proxy.asked.append(f"{host.decode()}:{port}")
    writer.write(bytes([5, proxy.refuses, 0, 1, 0, 0, 0, 0, 0, 0]))
    if not proxy.refuses:
        await _pipe(reader, writer, *await asyncio.open_connection("127.0.0.1", port))


async def _pipe(reader: Reader, writer: Writer, there: Reader, back: Writer) -> None:
    async def copy(source: Reader, target: Writer) -> None:
        with suppress(OSError):
            while data := await source.read(1 << 16):
                target.write(data)
                await target.drain()
        target.close()

    await asyncio.gather(copy(reader, back), copy(there, writer))


_SPEAKS: dict[str, Callable[[TinyProxy, Reader, Writer], Awaitable[None]]] = {
    "http": _http,
    "socks5": _socks5,
    "socks5h": _socks5,
}


@asynccontextmanager
async def proxying(scheme: str, *, login: str = "", refuses: int = 0) -> AsyncIterator[TinyProxy]:
    proxy = TinyProxy(scheme, login=login, refuses=refuses)

    async def serve(reader: Reader, writer: Writer) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await _SPEAKS[scheme](proxy, reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
