"""50 simulated clients, one server process: ``python tests/bench/bench_web.py --minutes 5``.

Each client has a person of its own and works at a human pace: types a food (each key asks the diary search), adds the
line, reads the diary and the status, now and then asks for a plan or a word of the medicines. Server and clients
share this computer and only the loopback address is used, so that the times are those of a busy computer.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import platform
import random
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import numpy as np
from web_seed import seed
from web_server import Server, serving

CLIENTS = 50
SEED = 11
FOODS = (
    "volkorenbrood", "halfvolle melk", "banaan", "spinazie", "amandelen", "kipfilet", "witte rijst", "appel",
    "hagelslag", "pindakaas", "griekse yoghurt", "zilvervliesrijst", "bruine bonen", "linzen", "tofu", "zalm",
    "boerenkool", "gehaktbal", "pannenkoek", "ontbijtkoek", "cashewnoten", "walnoten", "pure chocolade", "wortel",
    "andijvie", "makreel",
)  # fmt: skip
SLIPS = 0.1  # how often two letters change places, which has to be looked for harder
KEY_S, THINK_S = (0.15, 0.35), (2.0, 6.0)  # between two keys; between two things done
FIRST_KEYS = 2  # signs before the page asks
LINES_PER_STATUS, LINES_PER_PLAN = 4, 50
TARGETS_MS = {"diary search": 100, "status page": 500}
SAMPLE_S = 2.0
PAGE = {"accept": "text/html", "accept-language": "nl", "sec-fetch-site": "same-origin"}


@dataclass
class Seen:
    """What the clients and the memory of the server said."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    later: Counter[str] = field(default_factory=Counter)  # answers that only tell how far the computation is
    memory: list[tuple[float, float, float]] = field(default_factory=list)  # s, MB of the server, MB of its workers


@dataclass
class Client:
    """One person at work."""

    http: httpx2.AsyncClient
    person: int
    seen: Seen
    chance: random.Random

    async def ask(self, name: str, method: str, path: str, **more: object) -> None:
        """Ask once and note the time, or the error."""
        begin = time.perf_counter()
        try:
            answer = await self.http.request(method, path, headers=PAGE, **more)  # type: ignore[arg-type]
        except httpx2.HTTPError as error:
            self.seen.errors[f"{name}: {type(error).__name__}"] += 1
            return
        self.seen.seconds[name].append(time.perf_counter() - begin)
        if answer.status_code >= 400:
            self.seen.errors[f"{name}: {answer.status_code}"] += 1
        if b"data-events=" in answer.content and b'class="written"' not in answer.content:
            self.seen.later[name] += 1

    async def think(self, between: tuple[float, float]) -> None:
        """Wait as a person does."""
        await asyncio.sleep(self.chance.uniform(*between))

    async def line(self, day: dt.date) -> None:
        """Type a food, choose it, add the line."""
        food = typed = self.chance.choice(FOODS)
        if self.chance.random() < SLIPS:
            place = self.chance.randrange(1, len(food) - 1)
            typed = food[:place] + food[place + 1] + food[place] + food[place + 2 :]
        for end in range(FIRST_KEYS, len(typed) + 1):
            await self.ask("diary search", "GET", "/search/foods", params={"q": typed[:end]})
            await self.think(KEY_S)
        facts = {"food": food, "amount": str(self.chance.randint(20, 250)), "unit": "g", "meal": "ontbijt"}
        here = f"/people/{self.person}/diary"
        await self.ask("add a line", "POST", here, data={**facts, "day": str(day), "time": "08:00"})
        await self.ask("diary page", "GET", f"{here}?day={day}")

    async def work(self, until: float) -> None:
        """Go on until the time is over."""
        await asyncio.sleep(self.chance.uniform(0, THINK_S[1]))
        here, lines = f"/people/{self.person}", self.chance.randrange(LINES_PER_PLAN)
        while time.monotonic() < until:
            await self.line(dt.date(2026, 10, 5) + dt.timedelta(days=self.chance.randrange(2)))
            lines += 1
            await self.think(THINK_S)
            if lines % LINES_PER_STATUS == 0:
                await self.ask("status page", "GET", f"{here}/status")
                await self.think(THINK_S)
            if lines % LINES_PER_PLAN == 0:
                await self.ask("plan page", "GET", f"{here}/plan")
                await self.think(THINK_S)


def memory_mb(process: int) -> tuple[float, float]:
    """Return the resident memory of a process, and of the processes under it."""
    try:
        own = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
        tasks = Path(f"/proc/{process}/task").glob("*/children")
        listed = " ".join(task.read_text(encoding="ascii") for task in tasks)  # each thread has its own
    except OSError:
        return 0.0, 0.0
    return own / 1e6, sum(sum(memory_mb(int(child))) for child in listed.split())


async def watch(server: Server, seen: Seen, begin: float) -> None:
    """Note the memory until cancelled."""
    while True:
        seen.memory.append((time.monotonic() - begin, *memory_mb(server.process.pid)))
        await asyncio.sleep(SAMPLE_S)


async def load(server: Server, people: list[int], minutes: float) -> Seen:
    """Let all clients work."""
    seen, begin = Seen(), time.monotonic()
    chance = random.Random(SEED)
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx2.AsyncClient(base_url=server.address, timeout=120, limits=limits, trust_env=False) as http:
        watching = asyncio.create_task(watch(server, seen, begin))
        clients = [Client(http, person, seen, random.Random(chance.random())) for person in people]
        await asyncio.gather(*(client.work(begin + 60 * minutes) for client in clients))
        watching.cancel()
    return seen


def told(seen: Seen, minutes: float) -> str:
    """Return what was measured as a page of docs/validation."""
    count = sum(map(len, seen.seconds.values()))
    lines = []
    for name, seconds in sorted(seen.seconds.items()):
        low, high, most = 1000 * np.percentile(seconds, (50, 95, 99))
        target = f"{TARGETS_MS[name]}" if name in TARGETS_MS else "-"
        lines.append(
            f"| {name} | {len(seconds)} | {seen.later[name]} | {low:.0f} | {high:.0f} | {most:.0f} | {target} |"
        )
    rows = "\n".join(lines)
    at, own, under = np.array(seen.memory).T
    later = at > at[-1] / 2
    kept = "\n".join(
        f"| {name} | {amount[0]:.0f} | {amount[later][0]:.0f} | {amount[-1]:.0f} | "
        f"{np.polyfit(at[later] / 60, amount[later], 1)[0]:+.1f} |"
        for name, amount in (("server", own), ("its compute processes", under))
    )
    errors = ", ".join(f"{name} ({times})" for name, times in sorted(seen.errors.items())) or "none"
    machine = f"{os.cpu_count()} shared cores, {platform.machine()}, Python {platform.python_version()}"
    today = dt.datetime.now(dt.UTC).date()
    return f"""# The web app under load

`make load MINUTES={minutes:g}` on {today}: {CLIENTS} simulated clients, one server process, SQLite; clients and server
on one computer ({machine}). {count} requests, {count / at[-1]:.0f} a second. Errors: {errors}.

| what | requests | of these "still working" | p50 ms | p95 ms | p99 ms | target p95 ms |
|---|---|---|---|---|---|---|
{rows}

| memory, MB | at the start | at half time | at the end | a minute, second half |
|---|---|---|---|---|
{kept}

Each client types a food (each key a request; one name in {1 / SLIPS:.0f} with two letters changed), adds the line and
reads the diary; every {LINES_PER_STATUS} lines the status, every {LINES_PER_PLAN} lines the plan. Both are worked
out anew, because the diary changed.
"""


def main() -> None:
    """Measure, print, write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=1.0)
    options.add_argument("--out", type=Path)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "magnes.sqlite"
        people = seed(data, CLIENTS)
        with serving(data) as server:
            seen = asyncio.run(load(server, people, min(asked.minutes, 30)))
    page = told(seen, asked.minutes)
    print(page)
    if asked.out:
        asked.out.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
