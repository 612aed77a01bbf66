"""A web server of feeds where nearly nothing happens, as a process of its own: `python -m tests.bench.quiet HOSTS`.

It listens at 127.0.0.1, 127.0.0.2 and so on, at one port, which it prints. Every feed is as it was ("not
modified"), but each fiftieth request for `/news…` is answered with a document, which has a new entry.
"""

import asyncio
import itertools
import sys

from aiohttp import web

NEWS_EVERY = 50


async def serve(hosts: int) -> None:
    requests = itertools.count(1)

    async def answer(request: web.Request) -> web.Response:
        number = next(requests)
        if number % NEWS_EVERY or not request.path.startswith("/news"):
            return web.Response(status=304, headers={"ETag": request.headers.get("If-None-Match", "")})
        body = (
            '<feed xmlns="http://www.w3.org/2005/Atom"><title>Quiet</title><id>q</id>'
            f"<entry><id>{number}</id><title>Entry {number}</title><link href='https://example.org/{number}'/>"
            f"<content type='html'>{'It happened. It was over soon. ' * 40}</content></entry></feed>"
        )
        return web.Response(text=body, content_type="application/atom+xml", headers={"ETag": f'"{number}"'})

    app = web.Application()
    app.router.add_get("/{name}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = 0
    for host in range(1, hosts + 1):
        await web.TCPSite(runner, f"127.0.0.{host}", port).start()
        port = runner.addresses[0][1]
    print(port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
