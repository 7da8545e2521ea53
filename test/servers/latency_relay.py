#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Carries connections to another port of 127.0.0.1, every byte half a round trip late; the rate is not limited.

usage: latency_relay.py LISTEN_PORT PORT ROUND_TRIP_MS

Prints "up" once it listens, and runs until it is ended.
"""
import asyncio
import sys

PART = 256 << 10
MOST_WAITING = 4096  # parts of a direction that are on their way


async def deliver(parts, writer):
    """Writes each part when its time has come; None ends the direction."""
    loop = asyncio.get_running_loop()
    while True:
        due, part = await parts.get()
        await asyncio.sleep(max(0, due - loop.time()))
        if part is None:
            writer.close()
            return
        writer.write(part)
        await writer.drain()


async def carry(reader, writer, delay):
    parts = asyncio.Queue(maxsize=MOST_WAITING)
    delivery = asyncio.create_task(deliver(parts, writer))
    try:
        while True:
            part = await reader.read(PART)
            await parts.put((asyncio.get_running_loop().time() + delay, part or None))
            if not part:
                break
    except ConnectionError:
        await parts.put((0, None))
    await delivery


async def main():
    listen_port, port, round_trip_ms = (int(word) for word in sys.argv[1:4])
    delay = round_trip_ms / 2000

    async def connected(reader, writer):
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(
            carry(reader, far_writer, delay), carry(far_reader, writer, delay), return_exceptions=True
        )

    server = await asyncio.start_server(connected, "127.0.0.1", listen_port, limit=1 << 20)
    print("up", flush=True)
    async with server:
        await server.serve_forever()


asyncio.run(main())
