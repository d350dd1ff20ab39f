"""Rows of the bench that Trio has, too. Prints JSON; exits with 3 where there is no Trio."""

import json
import platform
import sys
import time

try:
    import trio
except ImportError:
    sys.exit(3)
try:
    import trio_asyncio
except ImportError:
    trio_asyncio = None

ROUNDS = 7


async def checkpoint():
    count = 20_000
    for _ in range(count):
        await trio.lowlevel.checkpoint()
    return count


async def checkpoint_1000():
    each = 20
    async with trio.open_nursery() as nursery:
        for _ in range(1000):
            nursery.start_soon(turns, each)
    return 1000 * each


async def turns(count):
    for _ in range(count):
        await trio.lowlevel.checkpoint()


async def spawn_join_1000():
    async with trio.open_nursery() as nursery:
        for _ in range(1000):
            nursery.start_soon(turns, 0)
    return 1000


async def ping_pong():
    count = 2000
    there, hence = trio.open_memory_channel(0), trio.open_memory_channel(0)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(answer, there[1], hence[0], count)
        for index in range(count):
            await there[0].send(index)
            await hence[1].receive()
    return count


async def answer(receive, send, count):
    for _ in range(count):
        await send.send(await receive.receive())


async def cancel():
    count = 10_000
    with trio.CancelScope() as scope:
        async with trio.open_nursery() as nursery:
            for _ in range(count):
                nursery.start_soon(trio.sleep_forever)
            await trio.testing.wait_all_tasks_blocked()
            global began
            began = time.perf_counter_ns()
            scope.cancel()
    return count


async def crossing():
    async with trio_asyncio.open_loop():
        count = 200
        for _ in range(count):
            await trio_asyncio.aio_as_trio(nothing)()
    return count


async def nothing():
    pass


def measure(fn):
    global began
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter_ns()
        count = trio.run(fn)
        best = min(best, (time.perf_counter_ns() - began) / count)
    return best


import trio.testing  # noqa: E402

rows = {
    "checkpoint": measure(checkpoint),
    "checkpoint-1000": measure(checkpoint_1000),
    "spawn-join-1000": measure(spawn_join_1000),
    "ping-pong": measure(ping_pong),
    "cancel": measure(cancel),
}
versions = {"python": platform.python_version(), "trio": trio.__version__}
if trio_asyncio is not None:
    rows["crossing"] = measure(crossing)
    versions["trioAsyncio"] = trio_asyncio.__version__
json.dump({**versions, "rows": rows}, sys.stdout)
