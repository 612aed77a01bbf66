"""The yardstick of a send: `python -m tests.bench.bare ADDRESS COUNT` prints CPU-seconds a POST."""

import asyncio
import sys
import time

import aiohttp

BODY = {
    "chat_id": 50_000,
    "text": '<b><a href="https://example.org/1">Article 1</a></b>\n\nIt happened. It was over soon.\n\nFlood',
    "parse_mode": "HTML",
    "link_preview_options": {"is_disabled": True},
}


async def post(address: str, count: int) -> float:
    async with aiohttp.ClientSession() as session:
        async with session.post(address, json=BODY) as answer:
            assert (await answer.json())["ok"]
        start = time.process_time()
        for _ in range(count):
            async with session.post(address, json=BODY) as answer:
                await answer.json()
        return (time.process_time() - start) / count


if __name__ == "__main__":
    print(asyncio.run(post(sys.argv[1], int(sys.argv[2]))))
